# Frame of every mail.
mail-never-ask = Non ti chiederemo mai la password per e-mail, SMS o telefono.
mail-service-message = È un messaggio di servizio, non pubblicità.
mail-button-broken = Il pulsante non funziona? Copia questo indirizzo nel browser:
mail-greeting = Gentile { $name },
mail-valid-until = Valido fino a
mail-activation = Attivazione
mail-why-order = Ricevi questo messaggio perché l’indirizzo è indicato nell’ordine { $order }.

mail-first-password-subject = Crea la password di { $address }
mail-first-password-title = Crea la password della tua casella
mail-first-password-lead = Abbiamo ricevuto l’ordine { $order }. Per usare la nuova casella PEC manca la password.
mail-first-password-button = Crea la password
mail-first-password-valid = Il collegamento vale fino al { $day }, alle { $time }, e si usa una volta sola.
mail-first-password-until = { $at }. Si usa una volta sola.
mail-first-password-activating = In corso: circa 10 minuti dal pagamento.
mail-first-password-active = La casella è attiva.
mail-first-password-not-you = Se non hai fatto tu questo ordine, non aprire il collegamento e scrivi a { $email }.
