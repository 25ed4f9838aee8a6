# The desk of a body's secretariat.
nav-group-body = Segreteria
nav-agreements = Convenzioni
body-lead = Le convenzioni del tuo ente e le caselle dei suoi iscritti.
body-open = Aperta a nuove caselle
body-closed = Chiusa a nuove caselle
body-closed-text = Questa convenzione non dà nuove caselle. Quelle che ci sono restano.
body-valid-from = in vigore dal { $from }
body-valid-until = in vigore dal { $from } al { $until }
body-mailboxes = { $count ->
    [one] 1 casella.
   *[other] { $count } caselle.
}
body-mailboxes-of = { $count ->
    [one] 1 casella delle { $quota } previste.
   *[other] { $count } caselle delle { $quota } previste.
}
body-ending = { $count ->
    [one] 1 è scaduta o scade entro 90 giorni.
   *[other] { $count } sono scadute o scadono entro 90 giorni.
}
body-see = Vedi le caselle
body-members-title = Caselle degli iscritti, { $code }
body-import = Carica iscritti
body-search = Cerca indirizzo, iscritto o codice fiscale
body-member = Iscritto
body-renewal = Rinnovo
body-by-body = A carico dell’ente
body-by-holder = A carico dell’iscritto
body-by-body-text = L’ente rinnova la casella con un suo ordine.
body-by-holder-text = L’iscritto rinnova la casella con il suo credito o con una sua carta.
body-who-renews = Chi rinnova
body-start = Inizio
body-years = Durata
body-years-count = { $count ->
    [one] 1 anno
   *[other] { $count } anni
}
body-save = Salva
body-back = Torna alle caselle
body-renewal-saved = Abbiamo salvato chi rinnova { $address }.
body-no-members = Non ci sono ancora caselle.
body-no-members-text = Carica un elenco degli iscritti: ognuno riceve la sua casella.
body-import-lead = Un file CSV con una riga per iscritto. Le caselle nascono su @{ $domain }.
body-import-rules = Separatore «;» oppure «,», UTF-8 oppure Windows, al massimo { $rows } righe e { $mib } MB. Prima controlliamo tutto il file: se una riga è sbagliata non si crea nulla.
body-import-check = Controlla il file
body-import-columns = nome è la parte dell’indirizzo prima della chiocciola. Servono tutte le colonne, tranne piano.
body-import-plans = Nella colonna piano puoi scrivere: { $plans }. Se è vuota vale il primo.
body-import-before = File caricati
body-import-at = Caricato
body-import-members = Iscritti
body-import-made = Create
body-import-failed = Errori
body-import-state-refused = Da correggere
body-import-state-checked = Da confermare
body-import-state-running = In corso
body-import-state-done = Concluso
body-import-state-dropped = Lasciato
body-refused-title = File da correggere
body-refused = { $wrong ->
    [one] 1 riga su { $members } è da correggere. Non abbiamo creato nulla.
   *[other] { $wrong } righe su { $members } sono da correggere. Non abbiamo creato nulla.
}
body-windows = Il file non è in UTF-8: abbiamo letto le lettere accentate come le scrive Windows. Controlla qualche nome con l’accento.
body-whole-line = tutta la riga
body-more-faults = Vedi le righe seguenti
body-all-faults = Scarica tutti gli errori (CSV)
body-again = Carica un altro file
body-preview-title = Controlla e conferma
body-preview = { $count ->
    [one] Il file è a posto: 1 casella è pronta per essere creata.
   *[other] Il file è a posto: { $count } caselle sono pronte per essere create.
}
body-preview-plan = Caselle { $plan }
body-preview-after = Dopo
body-preview-mails = Ogni iscritto riceve un’e-mail con il link per scegliere la prima password.
body-preview-first = Le prime righe
body-confirm = { $count ->
    [one] Crea 1 casella
   *[other] Crea { $count } caselle
}
body-drop = Lascia perdere
body-progress-running = Stiamo creando le caselle
body-progress-done = Caselle create
body-progress-dropped = File lasciato
body-progress-label = Caselle create
body-made-of = { $made } caselle su { $members }.
body-running-text = Puoi chiudere questa pagina: il lavoro va avanti da solo.
body-look-again = Aggiorna
body-dropped-text = Di questo file non è stato creato nulla.
body-some-failed = { $count ->
    [one] 1 casella non si è potuta creare.
   *[other] { $count } caselle non si sono potute creare.
}
problem-members-repeated = È uguale alla riga { $line }. Ogni iscritto ha una sola casella.
problem-members-known = Questo iscritto ha già la casella { $address }. Togli la riga.
problem-members-plan = Questo piano non è nella convenzione. Scrivi uno di questi: { $plans }.
problem-members-quota = Il file chiede { $members } caselle, la convenzione ne ha ancora { $room }.
problem-members-old = Sono passati più di 7 giorni dal controllo. Carica di nuovo il file.
problem-renewal-kind = Scegli chi rinnova la casella.
problem-body-unknown = Con questo codice fiscale non è registrato nessuno.
body-renew = Rinnova caselle
body-renew-lead = Un solo ordine a nome dell’ente per le caselle il cui rinnovo è a suo carico. Quando è pagato ogni scadenza avanza.
body-renew-which = Quali caselle
body-renew-within = Entro { $days } giorni
body-renew-all = Tutte
body-renew-left-out = { $count ->
    [one] 1 casella non si rinnova ora: la convenzione non rinnova oltre il suo termine, o la scadenza sarebbe oltre 6 anni.
   *[other] { $count } caselle non si rinnovano ora: la convenzione non rinnova oltre il suo termine, o la scadenza sarebbe oltre 6 anni.
}
body-renew-sum = { $count ->
    [one] 1 casella da rinnovare
   *[other] { $count } caselle da rinnovare
}
body-renew-years = { $count ->
    [one] Ogni scadenza avanza di 1 anno.
   *[other] Ogni scadenza avanza di { $count } anni.
}
body-renew-first = Le prime caselle
body-renew-list = Vedi l’elenco delle caselle
body-renew-method = Come pagate
body-renew-go = Conferma l’ordine
body-renew-none = Nessuna casella da rinnovare.
body-renew-none-text = Quelle a carico dell’ente hanno altre scadenze, o il loro ordine di rinnovo aspetta già il pagamento.
body-renewed-free = Le caselle sono rinnovate: la convenzione non prevede un prezzo.
problem-renewals-none = Non c’è nessuna casella da rinnovare: forse l’ordine c’è già.
problem-renewals-changed = Le caselle o i prezzi sono cambiati mentre leggevi la pagina. Controlla la somma e conferma di nuovo.
