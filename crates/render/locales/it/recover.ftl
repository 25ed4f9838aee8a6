# Recovery of username and password of an account.
recover-title = Non riesci ad accedere?
recover-lead = Dicci che cosa ti manca. Ti scriviamo all’e-mail registrata.
recover-lost-username = Non ricordo il nome utente
recover-lost-username-hint = Basta l’e-mail, il codice fiscale o la partita IVA.
recover-username-go = Recupera il nome utente
recover-lost-password = Non ricordo la password
recover-lost-password-hint = Serve il nome utente: un numero seguito dalla chiocciola.
recover-password-go = Crea una nuova password
recover-mailbox-hint = Ti manca la password di una casella PEC?
recover-mailbox-link = Reimposta la password della casella
recover-no-email-hint = Non usi più l’e-mail registrata?
recover-no-email-link = Chiedi all’assistenza
recover-back-to-login = Torna all’accesso
recover-go-on = Continua
recover-start-again = Ricomincia

recover-username-title = Recupera il nome utente
recover-username-lead = Ti mandiamo un’e-mail con tutti i tuoi nomi utente.
recover-who-field = E-mail, codice fiscale o partita IVA
recover-who-hint = Come li hai scritti nella registrazione.
recover-username-send = Invia i nomi utente
recover-username-sent-title = Controlla la tua e-mail
recover-username-sent-text = Se i dati corrispondono a una registrazione, all’e-mail registrata arrivano i nomi utente. Può servire qualche minuto.
recover-sent-spam = Se non trovi il messaggio, guarda tra la posta indesiderata.

recover-password-title = Crea una nuova password
recover-password-lead = Scrivi il nome utente. Poi scegli se ricevere un collegamento per e-mail o un codice per SMS.
recover-username-field = Nome utente
recover-username-hint = Per esempio 123456@{ $realm }
recover-lost-username-too = Non ricordo il nome utente
recover-way-title = Come vuoi procedere?
recover-way-lead = Usiamo i recapiti registrati. Ne mostriamo solo una parte.
recover-way-field = Inviami
recover-way-email = Un collegamento per e-mail
recover-way-sms = Un codice per SMS
recover-way-send = Invia
recover-password-sent-title = Controlla la tua e-mail
recover-password-sent-text = Se il nome utente esiste, all’e-mail registrata arriva un collegamento. Vale 3 ore e si usa una volta sola.
recover-password-sent-again = Se lo hai già chiesto nelle ultime 3 ore, vale quello: non ne inviamo un altro.
recover-code-title = Scrivi il codice
recover-code-lead = Se il nome utente esiste, al cellulare registrato arriva un codice di 6 cifre. Vale 3 ore; se lo hai già chiesto, vale quello.
code-field = Codice
code-hint = 6 cifre

reset-title = Scegli una nuova password
reset-lead = Quando la salvi, tutti gli accessi aperti si chiudono.
reset-username = Nome utente
reset-save = Salva la password
reset-done = Password cambiata. Accedi con quella nuova.
reset-dead-title = Questo collegamento non vale più
reset-dead-used = È già stato usato, oppure i tuoi recapiti sono cambiati dopo che lo hai ricevuto.
reset-dead-expired = Valeva 3 ore. Chiedine un altro.
reset-dead-unknown = Il collegamento è incompleto: aprilo dall’e-mail, senza copiarlo a pezzi.
reset-dead-again = Chiedi un nuovo collegamento

problem-recover-who = Scrivi un’e-mail, un codice fiscale o una partita IVA.
problem-recover-username = Il nome utente è un numero, con o senza quello che segue la chiocciola.
problem-recover-way = Scegli come ricevere il collegamento o il codice.
problem-code-wrong = Il codice non è giusto. Controllalo; dopo 5 errori ne serve uno nuovo.
problem-code-missing = Scrivi il codice che hai ricevuto.
problem-token-used = Questo collegamento è già stato usato. Chiedine un altro.

# Messages.
mail-button-login = Accedi
mail-button-profile = Vedi i tuoi dati
mail-not-you-ignore = La richiesta è arrivata il { $at }. Se non l’hai fatta tu, ignora questo messaggio: nessuno ha visto i tuoi dati.
mail-not-you-support = Se non sei stato tu, cambia subito la password e scrivi a { $email }.
mail-username_reminder-subject = I tuoi nomi utente
mail-username_reminder-title = I tuoi nomi utente
mail-username_reminder-lead = { $count ->
    [one] Questo è il nome utente con cui accedi.
   *[other] Questi sono i nomi utente con cui puoi accedere.
}
mail-reset_password-subject = Reimposta la password
mail-reset_password-title = Scegli una nuova password
mail-reset_password-lead = Abbiamo ricevuto la richiesta di reimpostare la password di questo nome utente.
mail-reset_password-button = Scegli la password
mail-reset_password-until = { $at }. Si usa una volta sola.
mail-reset_password-not-you = Se non l’hai chiesto tu, non aprire il collegamento: la password resta quella di prima.
mail-password_changed-subject = Password modificata
mail-password_changed-title = La password è cambiata
mail-password_changed-lead = La password di questo nome utente è cambiata il { $at }. Gli accessi aperti altrove si sono chiusi.
mail-password_changed-not-you = Se non sei stato tu, recupera subito la password e scrivi a { $email }.
sms-reset_password_code = { $brand }: il codice per la nuova password e { $code }. Vale 3 ore. Non dirlo a nessuno.
sms-password_changed = { $brand }: la password di { $username } e cambiata. Se non sei stato tu, chiama l'assistenza.
problem-recover-who-missing = Scrivi l’e-mail, il codice fiscale o la partita IVA della registrazione.
problem-recover-username-mailbox = Questo è l’indirizzo di una casella. Qui serve il nome utente: un numero seguito dalla chiocciola.
problem-password-changed-meanwhile = La password è cambiata in questo momento da un’altra parte. Riprova.
