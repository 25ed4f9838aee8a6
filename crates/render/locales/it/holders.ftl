# The address book.
book-title = Profili titolare
book-new = Nuovo profilo titolare
book-lead = Le persone e le organizzazioni a cui assegni caselle PEC. Un profilo si scrive una volta e si usa per più caselle.
book-name = Nome
book-kind = Tipo
book-key = Codice fiscale o partita IVA
book-email = E-mail
book-mailboxes = Caselle
book-empty = La rubrica è vuota.
book-empty-text = Aggiungi un profilo per assegnare caselle ad altri titolari, oppure fallo durante un acquisto.
book-kind-ask = Chi è il nuovo titolare?
book-go-on = Continua
book-back = Indietro
holder-profile-edit = Correggi i dati di { $name }
holder-profile-mailboxes = { $count ->
    [0] Nessuna casella è collegata a questo profilo.
    [one] Una casella è collegata a questo profilo.
   *[other] { $count } caselle sono collegate a questo profilo.
}
holder-profile-identity = Codice fiscale e partita IVA non si modificano: per un’altra persona serve il cambio di titolare.
holder-profile-ask = { $count ->
    [one] La modifica vale per 1 casella. Confermi?
   *[other] La modifica vale per { $count } caselle. Confermi?
}
holder-profile-ask-text = Controlla i dati qui sotto, poi conferma.
holder-profile-confirm = Conferma la modifica
holder-profile-save = Salva il profilo
holder-profile-delete = Elimina il profilo
holder-profile-delete-ask = Eliminare il profilo di { $name }?
holder-profile-delete-text = Il profilo { $key } sparisce dalla rubrica. Nessuna casella lo usa.
holder-profile-keep = Tieni il profilo
holder-profile-saved = Profilo salvato.
holder-profile-deleted = Profilo eliminato.
problem-subject-kind-missing = Scegli chi è il nuovo titolare.
