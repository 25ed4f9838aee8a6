# Mails about orders.
mail-why-account = Ricevi questo messaggio perché l’indirizzo è quello del tuo account.
mail-button-order = Vedi l’ordine
mail-button-pay = Paga l’ordine
mail-button-shop = Fai un nuovo ordine
mail-button-card = Apri la scheda della casella
mail-order-number = Ordine
mail-order-what = Servizio
mail-order-plan = { $count ->
    [one] 1 casella { $plan }
   *[other] { $count } caselle { $plan }
}
mail-order-duration = Durata
mail-order-years = { $count ->
    [one] 1 anno
   *[other] { $count } anni
}
mail-order-addresses = Caselle
mail-order-net = Imponibile
mail-order-vat = IVA
mail-order-total = Totale, IVA inclusa
mail-order-pay-by = Da pagare entro
mail-order-placed = Ordine del
mail-order-renewal = Rinnovo automatico
mail-order-renewal-on = Attivo. Puoi disattivarlo in ogni momento dall’area clienti.
mail-order-renewal-off = Non attivo
mail-order-credit = Credito
mail-mailbox-end = Scadenza
mail-order_placed-subject = Conferma dell’ordine { $number }
mail-order_placed-title = Conferma dell’ordine
mail-order_placed-lead = Abbiamo registrato l’ordine { $number }. Il servizio si attiva quando il pagamento è registrato.
mail-order_placed-password = Per ogni casella mandiamo all’indirizzo che hai indicato un collegamento per creare la password. Vale 7 giorni.
mail-order_placed-withdrawal = Se sei un consumatore puoi recedere entro 14 giorni dalla conferma, senza spiegare il motivo: nella pagina dell’ordine premi «Recedi dal contratto qui». Fino al pagamento puoi annullare l’ordine dall’area clienti. Le condizioni accettate sono nella pagina dell’ordine.
mail-order_reminder-subject = Paga l’ordine { $number } entro il { $day }
mail-order_reminder-title = L’ordine aspetta il pagamento
mail-order_reminder-lead = Se non lo paghi entro il { $day } l’ordine scade e i nomi delle caselle tornano liberi.
mail-order_reminder-renewal = Se non lo paghi entro il { $day } l’ordine scade e le caselle non sono rinnovate. La loro scadenza resta quella di adesso.
mail-order_paid-subject = Conferma del pagamento dell’ordine { $number }
mail-order_paid-title = Conferma del pagamento
mail-order_paid-lead = { $count ->
    [one] Abbiamo registrato il pagamento. La casella si attiva tra pochi minuti: ti scriviamo quando è pronta.
   *[other] Abbiamo registrato il pagamento. Le caselle si attivano tra pochi minuti: ti scriviamo quando sono pronte.
}
mail-order_cancelled-subject = Ordine { $number } annullato
mail-order_cancelled-title = Ordine annullato
mail-order_cancelled-lead = Hai annullato l’ordine. Non ti abbiamo addebitato nulla e i nomi delle caselle sono tornati liberi.
mail-order_cancelled-renewal = L’ordine di rinnovo è annullato. Non ti abbiamo addebitato nulla e la scadenza delle caselle resta quella di prima.
mail-order_expired-subject = Ordine { $number } scaduto
mail-order_expired-title = L’ordine è scaduto
mail-order_expired-lead = L’ordine non è stato pagato in tempo. Non ti abbiamo addebitato nulla e i nomi delle caselle sono tornati liberi. Se ti servono ancora, fai un nuovo ordine.
mail-order_expired-renewal = L’ordine di rinnovo non è stato pagato in tempo. Non ti abbiamo addebitato nulla e la scadenza delle caselle resta quella di prima. Per rinnovarle fai un nuovo ordine.
mail-order_credit-subject = Il pagamento dell’ordine { $number } è diventato credito
mail-order_credit-title = Il pagamento è diventato credito
mail-order_credit-lead = È arrivato un pagamento per l’ordine { $number }, che non ne aspettava. L’importo è un tuo credito, da usare entro 12 mesi.
mail-mailbox_active-subject = { $address } è attiva
mail-mailbox_active-title = Casella attivata
mail-mailbox_active-lead = La tua casella PEC è attiva: da ora può ricevere e spedire.
mail-mailbox_active-ready = Accedi con l’indirizzo della casella e la password che hai creato.
mail-mailbox_active-password = Manca la password: usa il collegamento che abbiamo mandato a { $email }. Se è scaduto, chiedine un altro dalla scheda della casella.
