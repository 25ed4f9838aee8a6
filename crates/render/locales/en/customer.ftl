# The customer area.
home-hello = Hello, { $name }
home-buy = Buy a mailbox
home-todo = To do
home-unpaid = { $count ->
    [one] An order is waiting for payment: the mailbox becomes active afterwards.
   *[other] { $count } orders are waiting for payment: the mailboxes become active afterwards.
}
home-unpaid-see = { $count ->
    [one] See the order
   *[other] See the orders
}
home-expired-word = Expired
home-expired = { $count ->
    [one] One mailbox has expired: it receives but does not send.
   *[other] { $count } mailboxes have expired: they receive but do not send.
}
home-expiring = { $count ->
    [one] One mailbox expires within 90 days.
   *[other] { $count } mailboxes expire within 90 days.
}
home-see-mailboxes = See the mailboxes
home-all-mailboxes = All mailboxes ({ $count })
home-no-mailboxes = You have no mailboxes yet.
home-no-mailboxes-text = A certified mailbox costs from a few euros a year and becomes active in a few minutes.
home-last-orders = Latest orders
home-all-orders = All orders
home-no-orders = You have no orders yet.
home-book = Manage holder profiles
home-holders = { $count ->
    [0] The address book is empty. Profiles serve to assign mailboxes to other holders.
    [one] 1 profile in the address book.
   *[other] { $count } profiles in the address book.
}
mailbox-end = Expiry
mailbox-days-left = { $count ->
    [one] 1 day left
   *[other] { $count } days left
}
mailbox-ends-today = Expires today
mailbox-days-past = { $count ->
    [one] Expired 1 day ago
   *[other] Expired { $count } days ago
}
mailbox-plan-holder = { $plan }, holder { $holder }
mailbox-renewal-on = Automatic renewal on
mailbox-renewal-off = Automatic renewal off
mailbox-manage = Manage
mailboxes-search = Search address or holder
mailboxes-state = State
mailboxes-plan = Plan
mailboxes-holder = Holder
mailboxes-expiring = Expiring
mailboxes-any = All
mailboxes-own = My mailboxes
mailboxes-others = Mailboxes of other holders
mailboxes-days = within { $count } days
mailboxes-expired = Expired
mailboxes-address = Mailbox
mailboxes-turn = reverse the order
mailboxes-export = Download the list (CSV)
mailboxes-chip-search = Contains “{ $text }”
mailboxes-chip-expiring = Expires within { $days } days
mailboxes-chip-plan = Plan { $name }
list-filter = Filter
list-active-filters = Active filters
list-remove = remove the filter
list-remove-all = Remove all filters
list-nothing = No results with these filters.
list-nothing-text = Remove a filter or search for a shorter part.
card-activating = The mailbox is being activated: it usually takes a few minutes. You need not do anything.
card-expired = Expired: you receive and read, but do not send. After 90 days the mailbox is cancelled.
card-renewal = Renewal
card-auto-on = Automatic renewal on
card-auto-on-text = { $count ->
    [one] At expiry it renews for 1 year. We tell you before each charge.
   *[other] At expiry it renews for { $count } years. We tell you before each charge.
}
card-auto-off = Automatic renewal off
card-auto-off-text = We tell you before it expires.
card-space = Space
card-inbox = Mailbox space
card-used-label = Space used
card-used = { $used } used, { $percent }%.
card-used-at = Updated
card-used-nearly = Nearly full
card-used-full = Full
card-used-unknown = Space used: not available, the mail server has not answered.
card-used-never = Space used: not measured yet.
card-archive = Archive space
card-no-archive = not included in the { $plan } plan
card-access = Access and contacts
card-password = Password
card-password-changed = Changed on
card-password-set = Created
card-password-missing = To be created with the link we sent
card-password-hidden = the password
card-password-link = Send the link again
card-contact-email = Security e-mail
card-contact-mobile = Security mobile
card-none = Not given
card-holder = Holder
card-holder-data = Correct the data
card-orders = Related orders
card-history = History
card-help = Do you need help with this service?
card-moment-ordered = Ordered
card-moment-paid = Payment recorded
card-moment-activated = Activated
card-moment-active = Active
card-moment-activating = Being activated
card-moment-expired = Expired: it receives but does not send
card-moment-closed = Closed
card-moment-expiry = Expiry: from that day you receive but do not send
card-moment-deleted = If you do not renew, the mailbox is cancelled
orders-number = Number
orders-kind = Type
orders-date = Date
orders-state = State
orders-amount = Amount
orders-search = Search the number
orders-from = From
orders-until = Until
orders-none-text = When you buy a mailbox the order appears here.
order-kind-purchase = Purchase
order-kind-renewal = Renewal
order-kind-addon = Add-on
order-kind-topup = Top-up
order-title = Order { $number }
order-placed = of
order-pay = Pay { $amount }
order-cancel = Cancel the order
order-until = Pay by { $day }. After that the order expires and the names become free.
order-until-other = Pay by { $day }. After that the order expires.
order-checking = A mailbox needs a check. We take care of it and write to you.
order-holder = Holder { $holder }
order-method = Payment
order-accepted = Terms accepted
order-accepted-conditions = General terms
order-accepted-unfair_terms = Specific clauses
order-accepted-version = Version { $version },
order-accepted-read = Read
served-beside = { $count ->
    [one] and one more mailbox
   *[other] and { $count } more mailboxes
}
order-price-since = Price list of { $day }.
order-moment-placed = Order confirmed
order-moment-reminded = Payment reminder
order-moment-paid = Payment recorded
order-moment-partly_paid = Part of the payment recorded
order-moment-shortened = Lower price: the time of some mailboxes is over
order-moment-activation_begun = Activation begun
order-moment-mailbox_activated = Mailbox activated
order-moment-activation_failed = A mailbox needs a check
order-moment-completed = All mailboxes are active
order-moment-cancelled = Cancelled
order-moment-expired = Expiry: the names become free
order-moment-expired-other = Expiry of the order
order-moment-late_payment = Payment arrived later: it became credit
cancel-title = Cancel order { $number }?
cancel-lead = You are not charged and these names become free for everybody.
cancel-lead-other = You are not charged. These mailboxes still expire when they do now.
cancel-keep = Keep the order
cancel-done-other = Order { $number } cancelled.
cancel-done = Order { $number } cancelled. The names are free again.
shop-audience-other = A plan of our catalogue
problem-nothing-on-sale = We are not selling mailboxes at the moment. Try again later.
home-begun-word = Order in progress
home-begun = { $count ->
    [one] You began an order of 1 { $plan } mailbox. It is kept until { $day }.
   *[other] You began an order of { $count } { $plan } mailboxes. It is kept until { $day }.
}
home-resume = Resume the order
