# L’area del titolare di una casella in convenzione.
area-signed-in = autenticato come:
area-logout = Logout
area-credit = Il tuo credito residuo
area-credit-held = { $amount } sono impegnati
area-top-up = Ricarica
area-statement = Movimenti
area-data = I tuoi dati
area-mailboxes = Lista caselle PEC
area-operations = Esito Operazioni
area-mail-management = Link a GestioneMail
area-webmail = Link a Webmail
area-term-end = Data Fine competenze
area-detail = Dettaglio
area-open = Apri
area-sign-in-there = Accedi con questa casella per gestirla
area-certified = Certificato
area-mail-data = Dati Email
area-email = Email
area-type = Tipologia
area-type-value = Casella PEC { $plan }
area-inbox = Spazio Inbox
area-inbox-value = { $base } base + { $extra } GB extra
area-archive = Spazio Archivio
area-final-customer = Cliente Finale
area-no = NO
area-requested = Data Richiesta
area-certified-on = Data Certificazione
area-terminated = Data Disdetta
area-body = Convenzione
area-renewal = Rinnovo
area-renewal-by_body = { $count ->
    [one] Automatico, a cura dell’Ordine, per 1 anno
   *[other] Automatico, a cura dell’Ordine, per { $count } anni
}
area-renewal-by_holder = { $count ->
    [one] A tua cura, con il credito, per 1 anno
   *[other] A tua cura, con il credito, per { $count } anni
}
area-back = Indietro
area-to-card = Vai alla casella
area-password = Cambio Password
area-addons = Servizi Aggiuntivi associati alla casella
area-compare = Tabella comparativa Servizi Aggiuntivi
area-nothing-found = Non è stato trovato nessun elemento.
area-addon-new = Nuovo Servizio Aggiuntivo
area-service = Servizio
area-from = Dal
area-until = Al
area-order = Ordine
area-order-see = Vedi l’ordine
area-sms-to = Avvisi al numero { $number }
area-sms-to-nobody = Nessun avviso: manca il cellulare. Aggiungilo in
area-compare-lead = Quello che puoi aggiungere a una casella { $plan }, con i prezzi della tua convenzione.
area-compare-what = A che cosa serve
area-compare-have = Hai già
area-compare-most = Al massimo
area-compare-price = Per un anno
area-compare-net = { $net } + IVA
area-gb = { $gb } GB
area-per-gb = a GB
area-once-have = Attivo
area-once-have-not = Non attivo
area-once-most = uno
area-rule-three_months = Se mancano più di tre mesi alla scadenza della casella paghi gli anni che restano. Se ne mancano tre o meno, il servizio è gratuito fino alla scadenza; poi va rinnovato, e serve credito sufficiente. Chi non ha rinnovato un servizio gratuito lo può riprendere solo pagando un anno.
area-rule-monthly = Paghi i mesi iniziati da oggi alla scadenza della casella: il servizio scade con lei.
area-buy-title = Acquista nuovo Servizio Aggiuntivo
area-service-kind = Tipo Servizio
area-offer = { $price } a GB all’anno, IVA esclusa, fino a { $gb } GB
area-offer-once = { $price } all’anno, IVA esclusa
area-gb-label = Quantità in GB
area-gb-hint = Un numero intero.
area-mobile-needed = Gli avvisi arrivano sul cellulare del titolare. Aggiungilo in
area-update = Calcola il prezzo
area-price = Come si forma il prezzo
area-free-until = Il servizio è gratuito fino al { $day }.
area-paid-until = Il servizio vale fino al { $day }, come la casella.
area-renewal-takes = Al rinnovo della casella, dopo il { $day }, serviranno { $amount } di credito, IVA inclusa, al prezzo di oggi: altrimenti il servizio si disattiva.
area-renewal-none = Dopo il { $day } la convenzione non prevede il rinnovo: il servizio si disattiva.
area-short = Il tuo credito è { $credit } e il servizio costa { $due }: mancano { $missing }.
area-top-up-missing = Ricarica il credito
area-cancel = Annulla
area-confirm = Conferma
area-due = Da pagare con il credito, IVA inclusa
area-credit-after = Dopo l’acquisto restano { $amount }.
area-top-up-title = Ricarica il credito
area-top-up-lead = Puoi ricaricare solo con carta di credito, da 5 a 500 euro alla volta. Il credito non scade: serve per i rinnovi e per i nuovi servizi.
area-missing = Mancano { $missing }.
area-missing-least = La ricarica minima è { $least }.
area-kept = Dopo la ricarica riprendi da dove eri, entro 60 minuti e al prezzo di quel momento.
area-amounts = Scegli l’importo
area-missing-amount = Importo mancante: { $amount }
area-other-amount = Un altro importo, in euro
area-other-amount-hint = Per esempio 12,50.
area-pay-by-card = Paga con carta
area-top-up-note = La ricarica è al lordo dell’IVA: la fattura si emette a ogni acquisto, non alla ricarica.
area-wait-text = Puoi restare su questa pagina o chiuderla: appena la banca conferma, il credito si aggiorna da solo.
area-wait-top-up = Ricarica { $number }
area-statement-title = Movimenti del credito
area-statement-csv = Scarica i movimenti (CSV)
area-statement-none = Nessun movimento
area-statement-none-text = Qui vedrai ricariche e acquisti, con il saldo dopo ognuno.
area-when = Data e ora
area-kind = Operazione
area-amount = Importo
area-balance = Saldo
area-entry-payment = Ricarica
area-entry-purchase = Acquisto
area-entry-refund = Storno
area-entry-correction = Rettifica
area-message = Dettaglio
area-outcome = Esito
area-operations-kept = Le operazioni restano visibili per 24 mesi.
area-order-title = Ordine { $number }
area-paid-with-credit = L’importo è stato scalato dal credito. La fattura è intestata a te, titolare della casella.
area-data-lead = Sono i dati di titolarità della casella, usati anche per le fatture dei servizi aggiuntivi.
area-data-fixed = Dati che non si possono modificare qui
area-data-elsewhere = Hai anche un account: accedi con quello per modificare questi dati.
area-contacts = Recapiti
area-save-address = Salva l’indirizzo
area-save-contacts = Salva i recapiti
area-email-change = E-mail di riferimento
area-email-code = Codice
area-data-saved = Dati salvati.
area-email-sent = Ti abbiamo mandato un codice: scrivilo qui sotto.
area-bought = Acquisto completato: il servizio è già attivo.
area-activated = Servizio attivato gratuitamente fino alla scadenza della casella.
area-topped-up = Ricarica riuscita: il credito è aggiornato.
area-topped-up-resume = Ricarica riuscita. Controlla il prezzo e conferma.
area-topup-failed = La ricarica non è riuscita: non ti abbiamo addebitato nulla. Puoi riprovare.
area-auto = Rinnovo automatico
area-auto-on = Attivo, con il credito
area-auto-off = Non attivo
area-auto-hidden = il rinnovo automatico
area-auto-lead-on = Sette giorni prima della scadenza del { $day } la casella si rinnoverà con il tuo credito, se basta; i servizi aggiuntivi la seguono. Puoi disattivarlo quando vuoi.
area-auto-lead-off = Alla scadenza del { $day } il credito non sarà usato per la casella, se non la rinnovi tu: si può fare fino a 90 giorni dopo. Senza la casella finiscono anche i suoi servizi aggiuntivi.
area-renew-until = La nuova scadenza è il { $day }.
area-renew-addons = Servizi che seguono la casella
area-renew-addons-text = Si rinnovano subito dopo la casella, dal più vecchio, finché il credito basta. Valgono fino al { $day }.
area-renew-not-covered = Il credito non basta: il servizio finirà alla sua scadenza.
area-renew-short = Il tuo credito è { $credit } e il rinnovo costa { $due }: mancano { $missing }.
area-renew-short-all = Con i servizi aggiuntivi mancano { $missing }.
area-renew-some = Il credito basta per la casella, non per tutti i servizi: mancano { $missing }.
area-renew-after = Dopo, del credito restano { $amount }.
area-renew-confirm = Rinnova con il credito
area-renewed = Casella rinnovata fino al { $until }.
area-renewed-some = { $count ->
    [one] Casella rinnovata fino al { $until }. Per un servizio aggiuntivo il credito non bastava: ricarica prima della sua scadenza.
   *[other] Casella rinnovata fino al { $until }. Per { $count } servizi aggiuntivi il credito non bastava: ricarica prima della loro scadenza.
}
area-again = Riattiva
area-again-title = Riattiva un servizio aggiuntivo
area-again-lead = { $service }: è finito il { $day } perché il credito non bastava. I contenuti sono rimasti al loro posto. Puoi riattivarlo fino al { $last }.
area-again-lead-once = { $service }: è finito il { $day } perché il credito non bastava. Puoi riattivarlo fino al { $last }.
area-again-year = Si paga l’anno in corso, contato dalla fine del { $day }: il servizio vale fino al { $until }. Lo spazio torna subito.
area-again-year-once = Si paga l’anno in corso, contato dalla fine del { $day }: il servizio vale fino al { $until }.
area-again-confirm = Riattiva con il credito
area-again-done = Servizio riattivato: è già attivo.
addon-extra_space = Spazio extra inbox
addon-extra_archive = Spazio extra archivio
addon-legal_storage = Conservazione a norma
addon-sms_notice = Avviso SMS
addon-extra_space-gb = Spazio extra inbox, { $gb } GB
addon-extra_archive-gb = Spazio extra archivio, { $gb } GB
addon-legal_storage-gb = Conservazione a norma, { $gb } GB
addon-sms_notice-gb = Avviso SMS
addon-extra_space-text = Più posto per i messaggi della casella.
addon-extra_archive-text = Copie dei messaggi, anche di quelli che poi cancelli.
addon-legal_storage-text = Messaggi e ricevute conservati con valore legale.
addon-sms_notice-text = Un SMS al giorno, al massimo, quando nella casella ci sono nuovi messaggi da leggere.
addon-state-active = Attivo
addon-state-free = Attivo, gratuito
addon-state-ended = Terminato
bill-addon-years = { $years ->
    [one] { $gb } GB × 1 anno × { $unit }
   *[other] { $gb } GB × { $years } anni × { $unit }
}
bill-addon-months = { $months ->
    [one] { $gb } GB × { $unit } × 1/12 di anno
   *[other] { $gb } GB × { $unit } × { $months }/12 di anno
}
bill-addon-free = Gratuito: alla scadenza mancano tre mesi o meno. Un anno costa { $unit } a GB.
bill-addon-once-more = { $gb } GB × 1 anno × { $unit }: il servizio gratuito precedente non è stato rinnovato
bill-service-years = { $years ->
    [one] 1 anno × { $unit }
   *[other] { $years } anni × { $unit }
}
bill-service-months = { $months ->
    [one] { $unit } × 1/12 di anno
   *[other] { $unit } × { $months }/12 di anno
}
bill-service-free = Gratuito: alla scadenza mancano tre mesi o meno. Un anno costa { $unit }.
bill-service-once-more = 1 anno × { $unit }: il servizio gratuito precedente non è stato rinnovato
operation-kind-data_change = Modifica dati
operation-kind-password = Cambio password
operation-kind-top_up = Ricarica
operation-kind-addon_purchase = Acquisto servizio aggiuntivo
operation-kind-activation = Attivazione gratuita
operation-kind-renewal = Rinnovo
operation-kind-deactivation = Disattivazione
operation-outcome-running = IN CORSO
operation-outcome-ok = OK
operation-outcome-ko = KO
operation-data-changed = I dati di titolarità sono cambiati.
operation-password-changed = La password della casella è cambiata.
operation-topup-running = La banca non ha ancora risposto.
operation-topup-ok = Il credito è stato ricaricato.
operation-topup-declined = La banca non ha accettato il pagamento. Nessun addebito.
operation-topup-given-up = Il pagamento non è stato completato. Nessun addebito.
operation-bought-extra_space = Spazio extra inbox, { $gb } GB fino al { $until }.
operation-bought-extra_archive = Spazio extra archivio, { $gb } GB fino al { $until }.
operation-bought-legal_storage = Conservazione a norma, { $gb } GB fino al { $until }.
operation-bought-sms_notice = Avviso SMS fino al { $until }.
operation-activated-extra_space = Spazio extra inbox, { $gb } GB gratuiti fino al { $until }.
operation-activated-extra_archive = Spazio extra archivio, { $gb } GB gratuiti fino al { $until }.
operation-activated-legal_storage = Conservazione a norma, { $gb } GB gratuiti fino al { $until }.
operation-activated-sms_notice = Avviso SMS gratuito fino al { $until }.
problem-agreement-unknown = Questa convenzione non esiste.
problem-agreement-closed = La convenzione non è aperta a nuovi acquisti.
problem-agreement-full = Le caselle previste dalla convenzione sono finite.
problem-addon-unknown = Scegli un servizio della lista.
problem-addon-amount = Scrivi un numero intero di GB, da 1 a { $room }.
problem-addon-no-room = Hai già tutto lo spazio previsto per questo servizio.
problem-addon-mobile-needed = Per l’avviso SMS serve un numero di cellulare: aggiungilo in «I tuoi dati», poi torna qui.
problem-addon-mailbox-ended = La casella è scaduta: si rinnova prima lei.
problem-addon-mailbox-inactive = La casella non è attiva: i servizi si comprano quando lo è.
problem-addon-changed = Intanto la casella è cambiata, forse in un’altra scheda. Controlla il prezzo e conferma di nuovo.
problem-addon-runs = Il servizio è già attivo.
problem-addon-ended = Questo servizio non si può riattivare: acquistalo di nuovo con «Nuovo Servizio Aggiuntivo».
problem-addon-too-late = Sono passati più di 90 giorni dalla fine del servizio: acquistalo di nuovo con «Nuovo Servizio Aggiuntivo».
problem-credit-short = Il credito non basta.
problem-topup-not-an-amount = Scrivi un importo in euro, per esempio 12,50.
problem-topup-out-of-range = Scrivi un importo tra 5 e 500 euro.
problem-topup-again = Questa pagina era vecchia: scegli di nuovo l’importo.
mail-why-holder = Ricevi questo messaggio perché l’indirizzo è l’e-mail di riferimento del titolare della casella.
mail-addon-what = Servizio
mail-addon-how = Come si forma il prezzo
mail-addon-until = Valido fino al
mail-addon-credit = Credito residuo
mail-addon-renewal = Dopo il { $day }, al rinnovo della casella, serviranno { $amount } di credito, IVA inclusa, al prezzo di oggi. Se il credito non basta il servizio si disattiva.
mail-addon-no-renewal = La convenzione non prevede il rinnovo: dopo il { $day } il servizio si disattiva.
mail-addon_bought-subject-paid = Servizio aggiuntivo acquistato per { $address }
mail-addon_bought-subject-free = Servizio aggiuntivo gratuito per { $address }
mail-addon_bought-title-paid = Servizio aggiuntivo acquistato
mail-addon_bought-title-free = Servizio aggiuntivo attivato
mail-addon_bought-lead-paid = Il servizio è attivo da subito, fino al { $day }. L’importo è stato scalato dal tuo credito.
mail-addon_bought-lead-free = Il servizio è attivo da subito e gratuito fino al { $day }, quando scade la casella.
sms-unread_messages = { $brand }: { $count ->
    [one] 1 messaggio da leggere
   *[other] { $count } messaggi da leggere
 } nella PEC { $address }
