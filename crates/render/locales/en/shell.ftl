# Frame of every page, navigation, footer.
brand-tagline = Certified mail and signatures
brand-legal-line = an imaginary provider of certified e-mail.
shell-error-prefix = Error:
shell-skip = Skip to content
shell-crumbs = Breadcrumb
shell-step = Step { $n } of { $of }

demo-bar = Demonstration bar
demo-word = Demonstration
demo-nothing-real = No payment is real.
demo-today = Today is
demo-move-date = Move the date
demo-messages = Messages sent ({ $count })
demo-roles = Change role

foot-nav = Information
foot-terms = Terms and conditions
foot-privacy = Privacy notice
foot-withdrawal = Withdraw from a contract
foot-accessibility = Accessibility statement
foot-support = Support
foot-other-code = it
foot-other-language = Italiano
foot-made-with = Runs on Ceralacca, free software.

nav-main = Main
nav-services = Services
nav-menu = Menu
nav-mailboxes = Certified mailboxes
nav-support = Support
nav-buy = Buy
nav-sign-in = Sign in
nav-sign-out = Sign out
nav-account = Customer area
nav-account-short = Customer area, short menu
nav-profile = Profile
nav-group-services = Services
nav-group-purchases = Purchases
nav-group-account = Account
nav-home = Overview
nav-orders = Orders
nav-holders = Holder profiles
nav-your-data = Your data
nav-new-login = Create a new login
nav-sessions = Sessions and security
nav-consents = Consents and preferences
nav-mailbox-area = Mailbox area
nav-mailbox-short = Mailbox area, short menu
nav-group-mailbox = The mailbox
nav-group-links = Links
nav-mailbox-card = Mailbox card
nav-mailbox-password = Change password
nav-mail-management = Mail management
nav-webmail = Webmail
nav-back-office = Back office

bill-net = Net amount
bill-vat = VAT { $rate }
bill-vat-rounded = { $exact } rounded to the cent
bill-total = Total

time-today = Today, { $day }
time-planned = { $day }, planned

pager-nav = Pages
pager-rows = { $count ->
    [one] 1 row
   *[other] { $count } rows
}
further-start = Back to the start
further-more = Show the next ones
pager-newer = Newer
pager-older = Older

form-optional = (optional)
form-error-word = Error:
form-there-is-a-problem = There is a problem
form-show = Show
form-copy = Copy
form-rule-done = (done)
form-rule-missing = (missing)
form-rules-count = criteria met

order-state-ATTESA_PAGAMENTO = Waiting for payment
order-state-PAGATO = Paid
order-state-IN_ATTIVAZIONE = Being activated
order-state-ATTIVAZIONE_KO = We are checking
order-state-EVASO = Completed
order-state-ANNULLATO = Cancelled
order-state-SCADUTO_NON_PAGATO = Expired, not paid

mailbox-state-IN_ATTIVAZIONE = Being activated
mailbox-state-ATTIVA = Active
mailbox-state-IN_SCADENZA = About to expire
mailbox-state-SCADUTA = Expired: you receive, you cannot send
mailbox-state-CANCELLATA = Deleted
mailbox-state-DISDETTA = Terminated
