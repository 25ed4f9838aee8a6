# Frame of every page, navigation, footer.
brand-tagline = Posta certificata e firma
brand-legal-line = gestore immaginario di posta elettronica certificata.
shell-error-prefix = Errore:
shell-skip = Vai al contenuto
shell-crumbs = Percorso di navigazione
shell-step = Passo { $n } di { $of }

demo-bar = Barra della dimostrazione
demo-word = Dimostrazione
demo-nothing-real = Nessun pagamento è reale.
demo-today = Oggi è il
demo-move-date = Sposta la data
demo-messages = Messaggi inviati ({ $count })
demo-roles = Cambia ruolo

foot-nav = Informazioni
foot-terms = Condizioni generali
foot-privacy = Informativa sui dati personali
foot-withdrawal = Recedi dal contratto
foot-accessibility = Dichiarazione di accessibilità
foot-support = Assistenza
foot-other-code = en
foot-other-language = English
foot-made-with = Funziona con Ceralacca, software libero.

nav-main = Principale
nav-services = Servizi
nav-menu = Menu
nav-mailboxes = Caselle PEC
nav-support = Assistenza
nav-buy = Acquista
nav-sign-in = Accedi
nav-sign-out = Esci
nav-account = Area clienti
nav-account-short = Area clienti, menu breve
nav-profile = Profilo
nav-group-services = Servizi
nav-group-purchases = Acquisti
nav-group-account = Account
nav-home = Panoramica
nav-orders = Ordini
nav-holders = Profili titolare
nav-your-data = I tuoi dati
nav-new-login = Crea nuova login
nav-sessions = Accessi e sicurezza
nav-consents = Consensi e preferenze
nav-mailbox-area = Area della casella
nav-mailbox-short = Area della casella, menu breve
nav-group-mailbox = La casella
nav-group-links = Collegamenti
nav-mailbox-card = Scheda della casella
nav-mailbox-password = Cambio password
nav-mail-management = GestioneMail
nav-webmail = Webmail
nav-back-office = Back office

bill-net = Imponibile
bill-vat = IVA { $rate }
bill-vat-rounded = { $exact } arrotondati al centesimo
bill-total = Totale

time-today = Oggi, { $day }
time-planned = { $day }, previsto

pager-nav = Pagine
pager-rows = { $count ->
    [one] 1 riga
   *[other] { $count } righe
}
further-start = Torna all’inizio
further-more = Mostra i seguenti
pager-newer = Più recenti
pager-older = Meno recenti

form-optional = (facoltativo)
form-error-word = Errore:
form-there-is-a-problem = C’è un problema
form-show = Mostra
form-copy = Copia
form-rule-done = (fatto)
form-rule-missing = (manca)
form-rules-count = criteri soddisfatti

order-state-ATTESA_PAGAMENTO = In attesa di pagamento
order-state-PAGATO = Pagato
order-state-IN_ATTIVAZIONE = In attivazione
order-state-ATTIVAZIONE_KO = Stiamo verificando
order-state-EVASO = Evaso
order-state-ANNULLATO = Annullato
order-state-SCADUTO_NON_PAGATO = Scaduto, non pagato

mailbox-state-IN_ATTIVAZIONE = In attivazione
mailbox-state-ATTIVA = Attiva
mailbox-state-IN_SCADENZA = In scadenza
mailbox-state-SCADUTA = Scaduta: ricevi, non spedisci
mailbox-state-CANCELLATA = Cancellata
mailbox-state-DISDETTA = Disdetta
