# The steps of an order.
wizard-area = Order
wizard-steps = Steps of the order
wizard-names = Mailbox names
wizard-holders = Holders
wizard-review = Check and confirm
wizard-payment = Payment
wizard-left = The order is saved. Resume it from here.
wizard-leave = Save and leave
wizard-your-order = Your order
wizard-change = Change
wizard-change-plan = plan or quantity
wizard-side-note = You pay only at the last step. The duration, from 1 to 5 years, is chosen at step 3.
bill-mailboxes = { $count ->
    [one] { $plan } mailbox
   *[other] { $plan } mailboxes
}
bill-product = { $quantity ->
    [one] 1 mailbox
   *[other] { $quantity } mailboxes
} × { $years ->
    [one] 1 year
   *[other] { $years } years
} × { $unit }

names-title = Choose the mailbox names
names-lead = The name is the part before the at sign. It cannot be changed after activation.
names-row = Mailbox { $n }
names-row-hidden = mailbox { $n }
names-name = Name of mailbox { $n }
names-domain = Domain of mailbox { $n }
names-hint = 2 to 64 characters: letters without accents, digits, full stop, hyphen.
names-suggestion = How about { $name }?
names-take = Use this
names-variant = Variant of the name
names-other-domain = Same name, other domain
names-held = A name is yours from the moment you confirm the order.
names-go-on = Go on to holders
names-back = Back to plans
name-free-former = { $address } was yours: you can take it again

holders-title = Whose mailboxes are they?
holders-lead = The holder is the person or organisation the mailbox is assigned to. It can be someone other than the buyer.
holders-who = Holder
holders-account = Holder of the account
holders-profile = A profile of the address book
holders-profile-which = Profile for mailbox { $n }
holders-new = A new holder
holders-new-text = You fill in their data in the next step: they stay in the address book
holders-email = E-mail for creating the password
holders-email-hint = After confirmation we send the link here. It must be an address you already read.
holders-go-on = Go on and check the order
holders-back = Back to names

review-title = Check and confirm the order
review-lead = When you confirm, the order becomes final. You can still cancel it until payment.
review-mailboxes = Mailboxes
review-holder = { $plan }, holder { $holder }
review-email = Password to { $email }
review-change-name = Change name
review-change-holder = Change holder
review-billing = Billing data
review-billing-hidden = billing data
billing-name = Billed to
billing-fiscal-code = Fiscal code
billing-vat-number = VAT number
billing-address = Address
billing-invoice = Electronic invoice
billing-recipient = Recipient code
billing-pec = PEC
review-years = How often do you want to renew?
review-years-hint = { $count ->
    [one] The price is for the mailbox, VAT included. The expiry changes with the duration.
   *[other] The price is for the { $count } mailboxes, VAT included. The expiry changes with the duration.
}
review-year = { $count ->
    [one] 1 year
   *[other] { $count } years
}
review-year-end = Expiry { $day }
review-year-net = { $net } + VAT
review-update = Update the total
review-method = How do you want to pay?
review-auto-renew = With a card or PayPal automatic renewal is on: we tell you before each charge and you can switch it off whenever you want in the customer area.
method-paypal = PayPal
method-text-paypal = You approve the payment on PayPal’s page. Activation in about 10 minutes
method-card = Credit, debit or prepaid card
method-text-card = You pay on the bank’s protected page. Activation in about 10 minutes
review-conditions = Terms
review-accept-terms = I accept the { $terms }
review-terms-link = general terms of contract
review-accept-unfair = I specifically approve clauses 6 (duration and automatic renewal), 9 (liability) and 14 (jurisdiction), under articles 1341 and 1342 of the Italian civil code
review-unfair-link = Read the clauses
review-withdrawal-link = Read about the right of withdrawal
review-withdrawal = If you are a consumer you can withdraw within 14 days of confirming, without giving a reason: on the page of the order press “Withdraw from contract here”.
review-obligation = Order with obligation to pay
review-obligation-text = { $count ->
    [one] With the button you order 1 { $plan } mailbox and commit to paying the total.
   *[other] With the button you order { $count } { $plan } mailboxes and commit to paying the total.
}
review-duration = { $count ->
    [one] Duration: 1 year.
   *[other] Duration: { $count } years.
}
review-due = Total to pay now, VAT included
review-how = How the price comes about
review-confirm = Confirm and complete the order
review-back = Back to holders
review-cancel-note = You can pay until { $day }. After that the order expires and the names become free.
review-price-since = Price list of { $day }. The price is computed again at confirmation.

payment-title = Pay for order { $number }
payment-lead = The order is confirmed and the names are yours. Payment is missing.
payment-lead-other = The order is confirmed. Payment is missing.
payment-due = Total to pay, VAT included
payment-pay-card = Pay by card
payment-pay-paypal = Pay with PayPal
payment-later = Pay later
payment-until = You can pay until { $day }.
payment-leave = Go to the customer area
payment-waiting = The bank has not answered yet.
payment-waiting-text = We are checking: do not pay again. It usually takes a few minutes.
payment-look-again = Check now
payment-see-order = See the order
payment-failed = The payment did not arrive.
payment-failed-text = You have not been charged. Try again, also with another card.
payment-paid = Payment recorded
payment-done = { $count ->
    [one] The mailbox is active
   *[other] The mailboxes are active
}
payment-renewed = { $count ->
    [one] The mailbox is renewed
   *[other] The mailboxes are renewed
}
payment-complete = Order completed
payment-working = We are activating the mailboxes: it usually takes a few minutes. This page updates itself.
payment-renewing = We are renewing the mailboxes: it usually takes a few seconds. This page updates itself.
payment-new-ends = The new expiry is on the card of each mailbox. Its holder receives an e-mail.
payment-next = For each mailbox you have received an e-mail with the link for creating the password. It is valid for 7 days.
payment-order = Order { $number }
payment-to-account = Go to your mailboxes
payment-closed = Order { $number } can no longer be paid
payment-closed-text-other = You have not been charged. If you still need it, place a new order.
payment-closed-text = You have not been charged. If you still need the mailboxes, place a new order.
payment-new = Place a new order

problem-quantity-range = Write how many mailboxes you want: a number from 1 to 99.
problem-plan-not-on-sale = This plan is no longer on sale. Choose another one.
problem-cart-missing = The cart is no longer there: begin a new order.
problem-cart-changed = The order was changed in another window. This is its content now: check it.
problem-cart-confirmed = This order is already confirmed.
problem-cart-incomplete = Something is missing for a mailbox. Complete the previous steps.
problem-domain-not-on-sale = Choose one of the domains of the list.
problem-name-taken = Mailbox { $row }: { $address } is already taken. Write another name or choose one below.
problem-name-repeated = Mailbox { $row }: it is the same as mailbox { $first }. Write another name.
problem-name-lost = Mailbox { $row }: meanwhile somebody else took { $address }. Choose another name: the rest of the order is safe.
problem-holder-missing = Mailbox { $row }: choose the holder.
problem-holder-unknown = Mailbox { $row }: the profile is no longer in the address book. Choose another holder.
problem-years-range = Choose a duration from 1 to 5 years.
problem-method-missing = Choose how to pay.
problem-conditions-not-accepted = To order, accept the general terms of contract.
problem-unfair-terms-not-accepted = To order, specifically approve clauses 6, 9 and 14.
problem-price-changed = The total changed from { $shown } to { $now }. Check it and confirm again.
problem-order-already-placed = This order is already confirmed.
problem-order-not-placed = This order is not confirmed yet.
problem-order-already-paid = The order is paid: it can no longer be cancelled.
problem-order-closed = The order is closed.
problem-order-not-paid = The order is not paid.
problem-order-outcome-unknown = The bank has not answered yet for this order. Try again in a few minutes.
problem-order-too-early = It is too early.
problem-holder-exists = The address book already has a profile with this fiscal code or VAT number.
problem-holder-identity = Fiscal code and VAT number cannot be changed: another person needs a change of holder.
problem-holder-changed = The profile was changed in another window. These are its data now: make your change again.
problem-holder-in-use = The profile has mailboxes tied to it: it cannot be deleted.
