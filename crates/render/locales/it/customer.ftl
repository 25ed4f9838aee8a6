# The customer area.
home-hello = Ciao, { $name }
home-buy = Acquista una casella
home-todo = Da fare
home-unpaid = { $count ->
    [one] Un ordine aspetta il pagamento: la casella si attiva dopo.
   *[other] { $count } ordini aspettano il pagamento: le caselle si attivano dopo.
}
home-unpaid-see = { $count ->
    [one] Vedi l’ordine
   *[other] Vedi gli ordini
}
home-expired-word = Scaduta
home-expired = { $count ->
    [one] Una casella è scaduta: riceve ma non spedisce.
   *[other] { $count } caselle sono scadute: ricevono ma non spediscono.
}
home-expiring = { $count ->
    [one] Una casella scade entro 90 giorni.
   *[other] { $count } caselle scadono entro 90 giorni.
}
home-see-mailboxes = Vedi le caselle
home-all-mailboxes = Tutte le caselle ({ $count })
home-no-mailboxes = Non hai ancora caselle.
home-no-mailboxes-text = Una casella PEC costa da pochi euro all’anno e si attiva in pochi minuti.
home-last-orders = Ultimi ordini
home-all-orders = Tutti gli ordini
home-no-orders = Non hai ancora ordini.
home-book = Gestisci profili titolare
home-holders = { $count ->
    [0] La rubrica è vuota. I profili servono per assegnare caselle ad altri titolari.
    [one] 1 profilo nella rubrica.
   *[other] { $count } profili nella rubrica.
}
mailbox-end = Scadenza
mailbox-days-left = { $count ->
    [one] Manca 1 giorno
   *[other] Mancano { $count } giorni
}
mailbox-ends-today = Scade oggi
mailbox-days-past = { $count ->
    [one] Scaduta da 1 giorno
   *[other] Scaduta da { $count } giorni
}
mailbox-plan-holder = { $plan }, titolare { $holder }
mailbox-renewal-on = Rinnovo automatico attivo
mailbox-renewal-off = Rinnovo automatico non attivo
mailbox-manage = Gestisci
mailboxes-search = Cerca indirizzo o titolare
mailboxes-state = Stato
mailboxes-plan = Piano
mailboxes-holder = Titolare
mailboxes-expiring = In scadenza
mailboxes-any = Tutti
mailboxes-own = Le mie caselle PEC
mailboxes-others = PEC di altri titolari
mailboxes-days = entro { $count } giorni
mailboxes-expired = Scaduta
mailboxes-address = Casella
mailboxes-turn = inverti l’ordine
mailboxes-export = Scarica l’elenco (CSV)
mailboxes-chip-search = Contiene «{ $text }»
mailboxes-chip-expiring = Scade entro { $days } giorni
mailboxes-chip-plan = Piano { $name }
list-filter = Filtra
list-active-filters = Filtri attivi
list-remove = togli il filtro
list-remove-all = Togli tutti i filtri
list-nothing = Nessun risultato con questi filtri.
list-nothing-text = Togli un filtro o cerca una parte più breve.
card-activating = La casella si sta attivando: di solito bastano pochi minuti. Non devi fare nulla.
card-expired = Scaduta: ricevi e leggi, ma non spedisci. Dopo 90 giorni la casella è cancellata.
card-renewal = Rinnovo
card-auto-on = Rinnovo automatico attivo
card-auto-on-text = { $count ->
    [one] Alla scadenza si rinnova per 1 anno. Ti avvisiamo prima di ogni addebito.
   *[other] Alla scadenza si rinnova per { $count } anni. Ti avvisiamo prima di ogni addebito.
}
card-auto-off = Rinnovo automatico non attivo
card-auto-off-text = Ti avvisiamo prima della scadenza.
card-space = Spazio
card-inbox = Spazio casella
card-used-label = Spazio usato
card-used = Usati { $used }, il { $percent } %.
card-used-at = Aggiornato il
card-used-nearly = Quasi piena
card-used-full = Piena
card-used-unknown = Spazio usato: non disponibile, il server di posta non ha risposto.
card-used-never = Spazio usato: non ancora misurato.
card-archive = Spazio archivio
card-no-archive = non compreso nel piano { $plan }
card-access = Accesso e contatti
card-password = Password
card-password-changed = Cambiata il
card-password-set = Creata
card-password-missing = Da creare con il collegamento che abbiamo mandato
card-password-hidden = la password
card-password-link = Invia di nuovo il collegamento
card-contact-email = E-mail di sicurezza
card-contact-mobile = Cellulare di sicurezza
card-none = Non indicato
card-holder = Titolare
card-holder-data = Correggi i dati
card-orders = Ordini associati
card-history = Storia
card-help = Ti serve aiuto per questo servizio?
card-moment-ordered = Ordinata
card-moment-paid = Pagamento registrato
card-moment-activated = Attivata
card-moment-active = Attiva
card-moment-activating = In attivazione
card-moment-expired = Scaduta: riceve ma non spedisce
card-moment-closed = Chiusa
card-moment-expiry = Scadenza: da quel giorno ricevi ma non spedisci
card-moment-deleted = Se non rinnovi, la casella è cancellata
orders-number = Numero
orders-kind = Tipo
orders-date = Data
orders-state = Stato
orders-amount = Importo
orders-search = Cerca il numero
orders-from = Dal giorno
orders-until = Al giorno
orders-none-text = Quando acquisti una casella l’ordine compare qui.
order-kind-purchase = Acquisto
order-kind-renewal = Rinnovo
order-kind-addon = Servizio aggiuntivo
order-kind-topup = Ricarica
order-title = Ordine { $number }
order-placed = del
order-pay = Paga { $amount }
order-cancel = Annulla l’ordine
order-until = Paga entro il { $day }. Dopo l’ordine scade e i nomi tornano liberi.
order-until-other = Paga entro il { $day }. Dopo l’ordine scade.
order-checking = Una casella ha bisogno di un controllo. Ce ne occupiamo noi e ti scriviamo.
order-holder = Titolare { $holder }
order-method = Pagamento
order-accepted = Condizioni accettate
order-accepted-conditions = Condizioni generali
order-accepted-unfair_terms = Clausole specifiche
order-accepted-version = Versione { $version },
order-accepted-read = Leggi
served-beside = { $count ->
    [one] e un’altra casella
   *[other] e altre { $count } caselle
}
order-price-since = Listino del { $day }.
order-moment-placed = Ordine confermato
order-moment-reminded = Promemoria di pagamento
order-moment-paid = Pagamento registrato
order-moment-partly_paid = Pagamento parziale registrato
order-moment-shortened = Prezzo ridotto: per alcune caselle il termine è passato
order-moment-activation_begun = Attivazione iniziata
order-moment-mailbox_activated = Casella attivata
order-moment-activation_failed = Una casella ha bisogno di un controllo
order-moment-completed = Tutte le caselle sono attive
order-moment-cancelled = Annullato
order-moment-expired = Scadenza: i nomi tornano liberi
order-moment-expired-other = Scadenza dell’ordine
order-moment-late_payment = Pagamento arrivato dopo: è diventato credito
cancel-title = Annullare l’ordine { $number }?
cancel-lead = Non ti addebitiamo nulla e questi nomi tornano liberi per tutti.
cancel-lead-other = Non ti addebitiamo nulla. La scadenza di queste caselle resta quella di adesso.
cancel-keep = Tieni l’ordine
cancel-done-other = Ordine { $number } annullato.
cancel-done = Ordine { $number } annullato. I nomi sono tornati liberi.
shop-audience-other = Un piano del nostro catalogo
problem-nothing-on-sale = In questo momento non vendiamo caselle. Riprova più tardi.
home-begun-word = Ordine in corso
home-begun = { $count ->
    [one] Hai iniziato un ordine di 1 casella { $plan }. È salvato fino al { $day }.
   *[other] Hai iniziato un ordine di { $count } caselle { $plan }. È salvato fino al { $day }.
}
home-resume = Riprendi l’ordine
