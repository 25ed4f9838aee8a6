# Why an identifier, a contact, a name or a password is refused. Keys are `problem-` and the code of the rule.

problem-fiscal-code-not-ascii = Il codice fiscale contiene caratteri che sembrano lettere o cifre ma non lo sono. Scrivilo a mano, senza copiarlo.
problem-fiscal-code-length = Il codice fiscale di una persona ha 16 caratteri.
problem-fiscal-code-shape = Il codice fiscale ha una lettera al posto di una cifra, o il contrario. Controllalo sulla tessera sanitaria.
problem-fiscal-code-month = La nona lettera del codice fiscale non indica un mese. Controllala sulla tessera sanitaria.
problem-fiscal-code-control = Il codice fiscale ha un errore di battitura: l’ultima lettera non corrisponde.
problem-fiscal-code-day = Il giorno di nascita nel codice fiscale non esiste: va da 01 a 31, o da 41 a 71 per le donne.
problem-fiscal-code-date = La data di nascita nel codice fiscale non esiste.
problem-fiscal-code-place = Nessun comune e nessuno Stato ha il codice di nascita scritto nel codice fiscale.
problem-fiscal-code-other-last-name = Il cognome non corrisponde al codice fiscale. Scrivi il cognome di nascita, come sulla tessera sanitaria.
problem-fiscal-code-other-first-name = Il nome non corrisponde al codice fiscale. Scrivi tutti i nomi, come sulla tessera sanitaria.
problem-fiscal-code-other-birth-date = La data di nascita non corrisponde al codice fiscale.
problem-fiscal-code-other-sex = Il sesso non corrisponde al codice fiscale.
problem-fiscal-code-other-birth-place = Il luogo di nascita non corrisponde al codice fiscale.

problem-body-code-not-ascii = Il numero contiene caratteri che sembrano cifre ma non lo sono. Scrivilo a mano, senza copiarlo.
problem-body-code-digits = Il numero contiene solo cifre, senza lettere né trattini.
problem-body-code-length = Il numero ha 11 cifre.
problem-body-code-zero = Le prime sette cifre non possono essere tutte zero.
problem-body-code-office = Il numero ha un errore: le tre cifre prima dell’ultima non indicano un ufficio.
problem-body-code-control = Il numero ha un errore di battitura: l’ultima cifra non corrisponde.

problem-email-empty = Scrivi un indirizzo e-mail.
problem-email-too-long = L’indirizzo e-mail è troppo lungo: al massimo 254 caratteri, 64 prima della chiocciola.
problem-email-control = L’indirizzo e-mail contiene spazi o caratteri che non si vedono. Scrivilo a mano.
problem-email-shape = L’indirizzo e-mail ha un nome, una chiocciola e un dominio, per esempio nome@example.it.
problem-email-local = La parte prima della chiocciola contiene caratteri che non tutti i servizi di posta accettano.
problem-email-domain = La parte dopo la chiocciola non è un dominio, come example.it.
problem-email-differs = I due indirizzi e-mail sono diversi. Scrivi lo stesso indirizzo due volte.

problem-invoice-recipient-shape = Il codice destinatario ha 7 lettere o cifre.
problem-invoice-recipient-abroad = Sette X si usano solo per i clienti esteri. Scrivi il tuo codice, o sette zeri se non lo hai.
problem-invoice-office-shape = Il codice univoco ufficio ha 6 lettere o cifre.
problem-invoice-one-only = Scegli dove ricevere le fatture: il codice destinatario oppure la PEC, non tutti e due.
problem-invoice-one-needed = Scrivi il codice destinatario oppure la PEC per le fatture.

problem-mailbox-name-empty = Scrivi il nome della casella.
problem-mailbox-name-too-short = Il nome della casella ha almeno 2 caratteri.
problem-mailbox-name-too-long = Il nome della casella ha al massimo 64 caratteri.
problem-mailbox-name-characters = Nel nome si usano solo lettere senza accento, cifre, punto, trattino e trattino basso.
problem-mailbox-name-ends = Il nome comincia e finisce con una lettera o una cifra.
problem-mailbox-name-separators = Nel nome non possono stare due segni di fila tra punto, trattino e trattino basso.
problem-mailbox-name-reserved = Questo nome è riservato al gestore. Scegline un altro.
problem-mailbox-name-whole-address = Scrivi solo la parte prima della chiocciola: il dominio si sceglie accanto.

problem-phone-characters = Il numero di telefono contiene lettere o altri segni. Scrivi solo cifre, con + davanti se non è italiano.
problem-phone-not-a-number = Questo numero di telefono non esiste. Se non è italiano, comincia con + e il prefisso del Paese.
problem-phone-service = I numeri verdi e a pagamento non si possono usare. Scrivi un numero a cui rispondi tu.
problem-phone-not-mobile = Questo è un numero fisso. Scrivi un cellulare che riceve SMS.

problem-text-empty = Questo dato serve: scrivilo.
problem-text-too-long = Il testo è troppo lungo: accorcialo.
problem-text-control = Il testo contiene caratteri che non si vedono. Scrivilo a mano, senza copiarlo.
problem-text-bidi = Il testo contiene segni che ne cambiano la direzione. Scrivilo a mano, senza copiarlo.
problem-text-invisible = Il testo contiene caratteri invisibili. Scrivilo a mano, senza copiarlo.
problem-text-unassigned = Il testo contiene un carattere che non si può registrare. Toglilo.

problem-place-postal-code = Il CAP ha 5 cifre.
problem-place-province = Questa provincia non esiste. Scegli la sigla, per esempio RM.
problem-place-municipality = Questo comune non esiste. Controlla come si scrive.
problem-place-municipality-elsewhere = Questo comune è in un’altra provincia.
problem-place-state = Questo Stato non è nell’elenco. Controlla come si scrive.

problem-password-length = Usa da 8 a 64 caratteri.
problem-password-lowercase = Aggiungi una lettera minuscola.
problem-password-uppercase = Aggiungi una lettera maiuscola.
problem-password-digit = Aggiungi una cifra.
problem-password-special = Aggiungi un carattere speciale, per esempio - . ! ?
problem-password-characters = Togli gli spazi, le lettere accentate e i segni che non sono nell’elenco.
problem-password-personal = Non usare il nome utente, il nome della casella o il codice fiscale.
problem-password-common = È una delle password che si provano per prime. Usane una meno prevedibile.
problem-password-reused = L’hai già usata: scegline una diversa dalle ultime.

# The list beside a new password.
new-password-field = Password
new-password-hint = Puoi incollarla da un gestore di password.
new-password-must = La password deve
new-password-again = Ripeti la password
rule-password-length = avere da { $min } a { $max } caratteri
rule-password-lowercase = contenere una lettera minuscola
rule-password-uppercase = contenere una lettera maiuscola
rule-password-digit = contenere una cifra
rule-password-special = contenere un carattere speciale, per esempio - . ! ?
rule-password-characters = non contenere spazi né lettere accentate
rule-password-personal = non contenere il nome utente, il nome della casella o il codice fiscale
rule-password-common = non essere una delle password più comuni
rule-password-same = essere uguale nei due campi
problem-password-differs = Le due password sono diverse. Scrivi la stessa due volte.
problem-password-missing = Scrivi una password.
problem-password-unmet = La password non va ancora bene: guarda l’elenco accanto.
