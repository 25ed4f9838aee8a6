# Mails about registration.
mail-why-registered = Ricevi questo messaggio perché questo indirizzo è nei dati di registrazione.

mail-registered-subject = Conferma iscrizione
mail-registered-title = Iscrizione confermata
mail-registered-lead = La registrazione è completa. Questo è il tuo nome utente:
mail-registered-username = Il tuo nome utente è { $username }.
mail-registered-button = Accedi all’area clienti
mail-registered-more = Conservalo: ti serve ogni volta che accedi. La password la conosci solo tu.
mail-registered-not-you = Non ti sei registrato tu? Scrivi a { $email }.

mail-resume-subject = Completa la registrazione
mail-resume-title = Manca solo la password
mail-resume-lead = La tua registrazione è quasi finita: il nome utente c’è, la password ancora no.
mail-resume-button = Scegli la password
mail-resume-until = Il collegamento vale una volta sola, fino al { $at }. Poi il nome utente non è più disponibile e la registrazione riparte da capo.
mail-resume-not-you = Non ti sei registrato tu? Ignora questo messaggio: senza password nessuno può accedere.

mail-already-subject = Qualcuno ha provato a registrarsi con i tuoi dati
mail-already-title = I tuoi dati sono già registrati
mail-already-lead = Il { $at } qualcuno ha provato a registrarsi con il tuo codice fiscale o la tua partita IVA. Non abbiamo creato nulla e non abbiamo mostrato alcun dato.
mail-already-you = Se eri tu, hai già un account: recupera il nome utente e la password.
mail-already-button = Recupera il nome utente
mail-already-not-you = Se non eri tu, non devi fare nulla. Se capita ancora, scrivi a { $email }.
