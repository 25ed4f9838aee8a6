# The steps of an order.
wizard-area = Ordine
wizard-steps = Passi dell’ordine
wizard-names = Nomi delle caselle
wizard-holders = Titolari
wizard-review = Controlla e conferma
wizard-payment = Pagamento
wizard-left = Abbiamo salvato l’ordine. Lo riprendi da qui.
wizard-leave = Salva ed esci
wizard-your-order = Il tuo ordine
wizard-change = Modifica
wizard-change-plan = il piano o la quantità
wizard-side-note = Paghi solo all’ultimo passo. La durata, da 1 a 5 anni, si sceglie al passo 3.
bill-mailboxes = { $count ->
    [one] Casella { $plan }
   *[other] Caselle { $plan }
}
bill-product = { $quantity ->
    [one] 1 casella
   *[other] { $quantity } caselle
} × { $years ->
    [one] 1 anno
   *[other] { $years } anni
} × { $unit }

names-title = Scegli i nomi delle caselle
names-lead = Il nome è la parte prima della chiocciola. Dopo l’attivazione non si può cambiare.
names-row = Casella { $n }
names-row-hidden = casella { $n }
names-name = Nome della casella { $n }
names-domain = Dominio della casella { $n }
names-hint = Da 2 a 64 caratteri: lettere senza accento, cifre, punto, trattino.
names-suggestion = Va bene { $name }?
names-take = Usa questo
names-variant = Variante del nome
names-other-domain = Stesso nome, altro dominio
names-held = Un nome resta tuo dal momento in cui confermi l’ordine.
names-go-on = Continua con i titolari
names-back = Torna ai piani
name-free-former = { $address } era tua: puoi riprenderla

holders-title = Di chi sono le caselle?
holders-lead = Il titolare è la persona o l’organizzazione a cui la casella è assegnata. Può essere diverso da chi la acquista.
holders-who = Titolare
holders-account = Titolare dell’account
holders-profile = Un profilo della rubrica
holders-profile-which = Profilo per la casella { $n }
holders-new = Un nuovo titolare
holders-new-text = Scrivi i suoi dati al passo successivo: restano nella rubrica
holders-email = E-mail per creare la password
holders-email-hint = Dopo la conferma mandiamo qui il collegamento. Serve un indirizzo che leggi già.
holders-go-on = Continua e controlla l’ordine
holders-back = Torna ai nomi

review-title = Controlla e conferma l’ordine
review-lead = Con la conferma l’ordine diventa definitivo. Fino al pagamento puoi ancora annullarlo.
review-mailboxes = Caselle
review-holder = { $plan }, titolare { $holder }
review-email = Password a { $email }
review-change-name = Modifica nome
review-change-holder = Modifica titolare
review-billing = Dati di fatturazione
review-billing-hidden = i dati di fatturazione
billing-name = Intestatario
billing-fiscal-code = Codice fiscale
billing-vat-number = Partita IVA
billing-address = Indirizzo
billing-invoice = Fattura elettronica
billing-recipient = Codice destinatario
billing-pec = PEC
review-years = Ogni quanto vuoi rinnovare?
review-years-hint = { $count ->
    [one] Il prezzo è per la casella, IVA inclusa. La scadenza cambia con la durata.
   *[other] Il prezzo è per le { $count } caselle, IVA inclusa. La scadenza cambia con la durata.
}
review-year = { $count ->
    [one] 1 anno
   *[other] { $count } anni
}
review-year-end = Scadenza { $day }
review-year-net = { $net } + IVA
review-update = Aggiorna il totale
review-method = Come vuoi pagare?
review-auto-renew = Con la carta o PayPal il rinnovo automatico è attivo: ti avvisiamo prima di ogni addebito e puoi disattivarlo quando vuoi dall’area clienti.
method-paypal = PayPal
method-text-paypal = Approvi il pagamento sulla pagina di PayPal. Attivazione in circa 10 minuti
method-card = Carta di credito, debito o prepagata
method-text-card = Paghi sulla pagina protetta della banca. Attivazione in circa 10 minuti
review-conditions = Condizioni
review-accept-terms = Accetto le { $terms }
review-terms-link = condizioni generali di contratto
review-accept-unfair = Approvo in modo specifico le clausole 6 (durata e rinnovo automatico), 9 (responsabilità) e 14 (foro), secondo gli articoli 1341 e 1342 del codice civile
review-unfair-link = Leggi le clausole
review-withdrawal-link = Leggi il diritto di recesso
review-withdrawal = Se sei un consumatore puoi recedere entro 14 giorni dalla conferma, senza spiegare il motivo: nella pagina dell’ordine premi «Recedi dal contratto qui».
review-obligation = Ordine con obbligo di pagare
review-obligation-text = { $count ->
    [one] Con il pulsante ordini 1 casella { $plan } e ti obblighi a pagare il totale.
   *[other] Con il pulsante ordini { $count } caselle { $plan } e ti obblighi a pagare il totale.
}
review-duration = { $count ->
    [one] Durata: 1 anno.
   *[other] Durata: { $count } anni.
}
review-due = Totale da pagare ora, IVA inclusa
review-how = Come si forma il prezzo
review-confirm = Conferma e completa l’ordine
review-back = Torna ai titolari
review-cancel-note = Puoi pagare fino al { $day }. Dopo l’ordine scade e i nomi tornano liberi.
review-price-since = Listino del { $day }. Il prezzo è ricalcolato alla conferma.

payment-title = Paga l’ordine { $number }
payment-lead = L’ordine è confermato e i nomi sono tuoi. Manca il pagamento.
payment-lead-other = L’ordine è confermato. Manca il pagamento.
payment-due = Totale da pagare, IVA inclusa
payment-pay-card = Paga con carta
payment-pay-paypal = Paga con PayPal
payment-later = Paga più tardi
payment-until = Puoi pagare fino al { $day }.
payment-leave = Vai all’area clienti
payment-waiting = La banca non ha ancora risposto.
payment-waiting-text = Controlliamo noi: non pagare di nuovo. Di solito basta qualche minuto.
payment-look-again = Controlla ora
payment-see-order = Vedi l’ordine
payment-failed = Il pagamento non è arrivato.
payment-failed-text = Non ti abbiamo addebitato nulla. Riprova, anche con un’altra carta.
payment-paid = Pagamento registrato
payment-done = { $count ->
    [one] La casella è attiva
   *[other] Le caselle sono attive
}
payment-renewed = { $count ->
    [one] La casella è rinnovata
   *[other] Le caselle sono rinnovate
}
payment-complete = Ordine completato
payment-working = Stiamo attivando le caselle: di solito bastano pochi minuti. Questa pagina si aggiorna da sola.
payment-renewing = Stiamo rinnovando le caselle: di solito basta qualche secondo. Questa pagina si aggiorna da sola.
payment-new-ends = La nuova scadenza è nella scheda di ogni casella. Il titolare riceve un’e-mail.
payment-next = Per ogni casella hai ricevuto un’e-mail con il collegamento per creare la password. Vale 7 giorni.
payment-order = Ordine { $number }
payment-to-account = Vai alle tue caselle
payment-closed = L’ordine { $number } non si può più pagare
payment-closed-text-other = Non ti abbiamo addebitato nulla. Se ti serve ancora, fai un nuovo ordine.
payment-closed-text = Non ti abbiamo addebitato nulla. Se le caselle ti servono ancora, fai un nuovo ordine.
payment-new = Fai un nuovo ordine

problem-quantity-range = Scrivi quante caselle vuoi: un numero da 1 a 99.
problem-plan-not-on-sale = Questo piano non è più in vendita. Scegline un altro.
problem-cart-missing = Il carrello non c’è più: comincia un nuovo ordine.
problem-cart-changed = L’ordine è stato modificato in un’altra finestra. Questo è il contenuto di ora: controllalo.
problem-cart-confirmed = Questo ordine è già confermato.
problem-cart-incomplete = Manca qualcosa a una casella. Completa i passi precedenti.
problem-domain-not-on-sale = Scegli uno dei domini dell’elenco.
problem-name-taken = Casella { $row }: { $address } è già occupata. Scrivi un altro nome oppure scegline uno qui sotto.
problem-name-repeated = Casella { $row }: è uguale alla casella { $first }. Scrivi un altro nome.
problem-name-lost = Casella { $row }: nel frattempo { $address } è stata presa da altri. Scegli un altro nome: il resto dell’ordine è salvo.
problem-holder-missing = Casella { $row }: scegli il titolare.
problem-holder-unknown = Casella { $row }: il profilo non è più nella rubrica. Scegli un altro titolare.
problem-years-range = Scegli una durata da 1 a 5 anni.
problem-method-missing = Scegli come pagare.
problem-conditions-not-accepted = Per ordinare accetta le condizioni generali di contratto.
problem-unfair-terms-not-accepted = Per ordinare approva in modo specifico le clausole 6, 9 e 14.
problem-price-changed = Il totale è cambiato da { $shown } a { $now }. Controllalo e conferma di nuovo.
problem-order-already-placed = Questo ordine è già confermato.
problem-order-not-placed = Questo ordine non è ancora confermato.
problem-order-already-paid = L’ordine è pagato: non si può più annullare.
problem-order-closed = L’ordine è chiuso.
problem-order-not-paid = L’ordine non è pagato.
problem-order-outcome-unknown = La banca non ha ancora risposto per questo ordine. Riprova tra qualche minuto.
problem-order-too-early = È troppo presto.
problem-holder-exists = Nella rubrica c’è già un profilo con questo codice fiscale o partita IVA.
problem-holder-identity = Codice fiscale e partita IVA non si modificano: per un’altra persona serve il cambio di titolare.
problem-holder-changed = Il profilo è stato modificato in un’altra finestra. Questi sono i dati di ora: ripeti la modifica.
problem-holder-in-use = Il profilo ha caselle collegate: non si può eliminare.
