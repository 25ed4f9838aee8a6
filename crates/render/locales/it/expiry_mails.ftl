# Avvisi di scadenza.
mail-expiry_notice-subject-before = { $address } scade il { $day }
mail-expiry_notice-subject-charge = { $address }: addebito il { $charge }
mail-expiry_notice-subject-body = { $address } scade il { $day }
mail-expiry_notice-subject-after = { $address } è scaduta: rinnovala entro il { $last }
mail-expiry_notice-subject-last = { $address } viene cancellata dopo il { $last }
mail-expiry_notice-subject-addon = Servizio aggiuntivo di { $address }: scade il { $day }
mail-expiry_notice-title-before = La tua casella sta per scadere
mail-expiry_notice-title-charge = La tua casella si rinnova da sola
mail-expiry_notice-title-body = La tua casella sta per scadere
mail-expiry_notice-title-after = La tua casella è scaduta
mail-expiry_notice-title-last = La tua casella sta per essere cancellata
mail-expiry_notice-title-addon = Un servizio aggiuntivo sta per scadere
mail-expiry_notice-lead-before = La casella scade il { $day }. Dopo quel giorno legge e riceve, ma non può spedire finché non viene rinnovata.
mail-expiry_notice-lead-charge = La casella scade il { $day }. L’addebito del rinnovo avviene il { $charge }, con il metodo di pagamento che hai salvato: non devi fare niente.
mail-expiry_notice-lead-body = La casella scade il { $day }. La rinnova e la paga il tuo ente: { $body }. Non devi fare niente.
mail-expiry_notice-lead-after = La casella è scaduta il { $day }: legge e riceve, ma non può spedire. Puoi rinnovarla fino al { $last } senza perdere i messaggi.
mail-expiry_notice-lead-last = La casella è scaduta il { $day }. L’ultimo giorno per rinnovarla è il { $last }: poi casella e messaggi vengono cancellati per sempre. Conta il pagamento registrato entro quel giorno: un bonifico può arrivare tardi, usa un metodo immediato.
mail-expiry_notice-lead-addon = Il servizio scade il { $day }. Si rinnova insieme alla casella, con il tuo credito; se il credito non basta viene disattivato.
mail-expiry_notice-end = Scadenza
mail-expiry_notice-price = { $count ->
    [one] Rinnovo per un anno
   *[other] Rinnovo per { $count } anni
}
mail-expiry_notice-needed = Serve in tutto
mail-expiry_notice-held = Hai di credito
mail-expiry_notice-short = Manca
mail-expiry_notice-credit-enough = Il tuo credito basta per il rinnovo.
mail-expiry_notice-credit-short = Per il rinnovo mancano { $amount }: ricarica il credito prima della scadenza.
mail-expiry_notice-top-up = Ricarica il credito
mail-mailbox_removed-subject = { $address } è stata cancellata
mail-mailbox_removed-title = Casella cancellata
mail-mailbox_removed-lead-late = La casella è scaduta il { $day } e non è stata rinnovata in tempo. La casella e i suoi messaggi sono stati cancellati.
mail-mailbox_removed-again = L’indirizzo resta riservato a te: puoi acquistarlo di nuovo con lo stesso codice fiscale. La nuova casella sarà vuota.
mail-mailbox_removed-button = Acquista di nuovo
mail-space_notice-subject-nearly = { $address }: spazio usato al { $percent } %
mail-space_notice-subject-full = { $address } è piena e non può spedire
mail-space_notice-title-nearly = La tua casella si sta riempiendo
mail-space_notice-title-full = La tua casella è piena
mail-space_notice-lead-nearly = Hai usato il { $percent } % dello spazio. Quando la casella è piena legge e riceve ancora, ma non può spedire.
mail-space_notice-lead-full = La casella legge e riceve ancora, ma non può spedire. Elimina messaggi o aumenta lo spazio: dopo pochi minuti può spedire di nuovo.
mail-space_notice-used = Spazio usato
mail-space_notice-space = Spazio della casella
