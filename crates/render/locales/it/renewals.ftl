# Rinnovi: scadenze, addebiti, credito.
area-entry-renewal = Rinnovo
renewal-plan = Casella PEC { $plan }
renewal-how = { $quantity } × { $years ->
    [one] { $years } anno
   *[other] { $years } anni
 } × { $unit }
renewal-years = { $years ->
    [one] { $years } anno
   *[other] { $years } anni
 }
mail-why-renewal = Ricevi questo messaggio perché il servizio è legato ai tuoi dati.
mail-renewal-what = Servizio
mail-renewal-how = Come si forma il prezzo
mail-renewal-until = Nuova scadenza
mail-button-renewed = Vedi il rinnovo
mail-button-top-up = Ricarica il credito
mail-button-pay-renewal = Paga il rinnovo
mail-service_renewed-subject = Rinnovo fino al { $day } per { $address }
mail-service_renewed-title = Servizio rinnovato
mail-service_renewed-lead = Il servizio è stato rinnovato ed è valido fino al { $day }.
mail-renewal_short-subject-runs = Mancano { $missing } di credito per il rinnovo di { $address }
mail-renewal_short-subject-ended = Servizio disattivato per { $address }: credito insufficiente
mail-renewal_short-title-runs = Credito insufficiente per il rinnovo
mail-renewal_short-title-ended = Servizio disattivato
mail-renewal_short-lead-runs = Il credito non basta per rinnovare il servizio, che resta attivo fino al { $day }.
mail-renewal_short-lead-ended = Il credito non bastava per rinnovare il servizio, che è finito il { $day }.
mail-renewal_short-needed = Importo del rinnovo
mail-renewal_short-held = Credito disponibile
mail-renewal_short-missing = Importo mancante
mail-renewal_short-advice-runs = Ricarica il credito prima della scadenza: il rinnovo sarà tentato di nuovo, senza altre richieste.
mail-renewal_short-advice-ended = I contenuti restano al loro posto. Se lo spazio usato supera quello della casella, la casella riceve ma non può inviare: ricarica il credito e acquista di nuovo il servizio, oppure libera spazio.
mail-renewal_failed-subject = Rinnovo automatico non riuscito per { $address }
mail-renewal_failed-title = Rinnovo automatico non riuscito
mail-renewal_failed-lead-declined = La banca o PayPal non ha accettato l’addebito. Il servizio non è stato rinnovato e non hai pagato nulla.
mail-renewal_failed-lead-no-method = Per il rinnovo automatico non c’è un metodo di pagamento utilizzabile. Il servizio non è stato rinnovato e non hai pagato nulla.
mail-renewal_failed-end = Scadenza della casella
mail-renewal_failed-next = Riproveremo il { $day }. Puoi anche pagare subito l’ordine: in quel caso non ci saranno altri addebiti.
mail-renewal_failed-last = Non ci saranno altri tentativi. L’ordine resta in attesa di pagamento: pagalo per rinnovare la casella.
operation-renewed-mailbox = Casella rinnovata fino al { $until }.
operation-renewed-extra_space = Spazio extra inbox, { $gb } GB rinnovati fino al { $until }.
operation-renewed-extra_archive = Spazio extra archivio, { $gb } GB rinnovati fino al { $until }.
operation-renewed-legal_storage = Conservazione a norma, { $gb } GB rinnovati fino al { $until }.
operation-short-mailbox = Casella non rinnovata: mancano { $missing } di credito.
operation-short-extra_space = Spazio extra inbox, { $gb } GB non rinnovati: mancano { $missing } di credito.
operation-short-extra_archive = Spazio extra archivio, { $gb } GB non rinnovati: mancano { $missing } di credito.
operation-short-legal_storage = Conservazione a norma, { $gb } GB non rinnovati: mancano { $missing } di credito.
operation-not-renewed-mailbox = La convenzione non prevede più rinnovi: la casella scade il { $until }.
operation-not-renewed-extra_space = La convenzione non prevede più rinnovi: lo spazio extra inbox di { $gb } GB finisce il { $until }.
operation-not-renewed-extra_archive = La convenzione non prevede più rinnovi: lo spazio extra archivio di { $gb } GB finisce il { $until }.
operation-not-renewed-legal_storage = La convenzione non prevede più rinnovi: la conservazione a norma di { $gb } GB finisce il { $until }.
operation-ended-extra_space = Spazio extra inbox, { $gb } GB disattivati alla scadenza.
operation-ended-extra_archive = Spazio extra archivio, { $gb } GB disattivati alla scadenza.
operation-ended-legal_storage = Conservazione a norma, { $gb } GB disattivati alla scadenza.
night-step-renew = Rinnovi
night-outcome-renewed = Rinnovati con il credito
night-outcome-charging = Addebiti richiesti
night-outcome-failed = Addebiti senza metodo di pagamento
night-outcome-waiting = Rinviati: un pagamento è in corso
night-outcome-short = Credito insufficiente
night-outcome-not-renewed = Convenzione chiusa ai rinnovi
night-outcome-lapsed = Finiti senza rinnovo
night-outcome-parked = Fermati per un controllo
problem-renewal-already-paid = Il periodo è già pagato.
problem-renewal-ended = Il servizio è finito e non si può rinnovare.
problem-renewal-charging = Un addebito è in corso: attendi il suo esito.
problem-renewal-parked = Il rinnovo attende il controllo di un operatore.
problem-renewal-not-parked = Il rinnovo non attende alcun controllo.
