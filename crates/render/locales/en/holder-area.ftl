# The area of the holder of a mailbox under an agreement.
area-signed-in = signed in as:
area-logout = Log out
area-credit = Your remaining credit
area-credit-held = { $amount } is committed
area-top-up = Top up
area-statement = Statement
area-data = Your data
area-mailboxes = List of PEC mailboxes
area-operations = Operation outcomes
area-mail-management = Link to mail management
area-webmail = Link to webmail
area-term-end = Term end
area-detail = Detail
area-open = Open
area-sign-in-there = Sign in with that mailbox to manage it
area-certified = Certified
area-mail-data = Mailbox data
area-email = E-mail
area-type = Type
area-type-value = PEC mailbox { $plan }
area-inbox = Inbox space
area-inbox-value = { $base } base + { $extra } GB extra
area-archive = Archive space
area-final-customer = Final customer
area-no = NO
area-requested = Requested on
area-certified-on = Certified on
area-terminated = Terminated on
area-body = Agreement
area-renewal = Renewal
area-renewal-by_body = { $count ->
    [one] Automatic, by the professional body, for 1 year
   *[other] Automatic, by the professional body, for { $count } years
}
area-renewal-by_holder = { $count ->
    [one] By you, out of the credit, for 1 year
   *[other] By you, out of the credit, for { $count } years
}
area-back = Back
area-to-card = Go to the mailbox
area-password = Change password
area-addons = Add-ons of the mailbox
area-compare = Comparison of add-ons
area-nothing-found = Nothing was found.
area-addon-new = New add-on
area-service = Service
area-from = From
area-until = Until
area-order = Order
area-order-see = See the order
area-sms-to = Notices to { $number }
area-sms-to-nobody = No notices: the mobile is missing. Add it in
area-compare-lead = What you can add to a { $plan } mailbox, at the prices of your agreement.
area-compare-what = What it is for
area-compare-have = You have
area-compare-most = At most
area-compare-price = For a year
area-compare-net = { $net } + VAT
area-gb = { $gb } GB
area-per-gb = a GB
area-once-have = Active
area-once-have-not = Not active
area-once-most = one
area-rule-three_months = If more than three months are left until the mailbox ends you pay for the years that remain. If three or fewer are left, the service is free until then; afterwards it is renewed, which needs enough credit. Who did not renew a free service can have it again only by paying for a year.
area-rule-monthly = You pay for the months begun from today until the mailbox ends: the service ends with it.
area-buy-title = Buy a new add-on
area-service-kind = Type of service
area-offer = { $price } a GB and year, VAT excluded, up to { $gb } GB
area-offer-once = { $price } a year, VAT excluded
area-gb-label = Amount in GB
area-gb-hint = A whole number.
area-mobile-needed = The notices go to the holder’s mobile. Add it in
area-update = Work out the price
area-price = How the price comes about
area-free-until = The service is free until { $day }.
area-paid-until = The service runs until { $day }, as the mailbox does.
area-renewal-takes = When the mailbox is renewed, after { $day }, it will take { $amount } of credit, VAT included, at today’s price: otherwise the service is switched off.
area-renewal-none = After { $day } the agreement foresees no renewal: the service is switched off.
area-short = Your credit is { $credit } and the service costs { $due }: { $missing } is missing.
area-top-up-missing = Top up the credit
area-cancel = Cancel
area-confirm = Confirm
area-due = To be paid with credit, VAT included
area-credit-after = After the purchase { $amount } is left.
area-top-up-title = Top up the credit
area-top-up-lead = You can top up by credit card only, from 5 to 500 euro at a time. Credit never expires: it serves for renewals and new services.
area-missing = { $missing } are missing.
area-missing-least = The least top-up is { $least }.
area-kept = After the top-up you go on where you were, within 60 minutes and at the price of that moment.
area-amounts = Choose the amount
area-missing-amount = Missing amount: { $amount }
area-other-amount = Another amount, in euro
area-other-amount-hint = For example 12.50.
area-pay-by-card = Pay by card
area-top-up-note = The top-up includes VAT: an invoice is issued for each purchase, not for the top-up.
area-wait-text = You can stay on this page or close it: as soon as the bank confirms, the credit is updated by itself.
area-wait-top-up = Top-up { $number }
area-statement-title = Statement of the credit
area-statement-csv = Download the statement (CSV)
area-statement-none = No entries
area-statement-none-text = Top-ups and purchases will be shown here, with the balance after each.
area-when = Date and time
area-kind = Operation
area-amount = Amount
area-balance = Balance
area-entry-payment = Top-up
area-entry-purchase = Purchase
area-entry-refund = Reversal
area-entry-correction = Correction
area-message = Detail
area-outcome = Outcome
area-operations-kept = Operations can be seen for 24 months.
area-order-title = Order { $number }
area-paid-with-credit = The amount was taken from the credit. The invoice is made out to you, the holder of the mailbox.
area-data-lead = These are the data of the mailbox’s holder, also used for the invoices of add-ons.
area-data-fixed = Data that cannot be changed here
area-data-elsewhere = You have an account as well: sign in with it to change these data.
area-contacts = Contacts
area-save-address = Save the address
area-save-contacts = Save the contacts
area-email-change = Reference e-mail
area-email-code = Code
area-data-saved = Data saved.
area-email-sent = We have sent you a code: type it below.
area-bought = Purchase complete: the service is active already.
area-activated = Service activated free of charge until the mailbox ends.
area-topped-up = The top-up went well: the credit is updated.
area-topped-up-resume = The top-up went well. Check the price and confirm.
area-topup-failed = The top-up did not go through: nothing was charged. You can try again.
area-auto = Automatic renewal
area-auto-on = On, out of the credit
area-auto-off = Off
area-auto-hidden = automatic renewal
area-auto-lead-on = Seven days before it expires on { $day } the mailbox will be renewed out of your credit, if that is enough; its add-ons follow. You can switch this off at any time.
area-auto-lead-off = When it expires on { $day } the credit will not be used for the mailbox unless you renew it yourself: that is possible until 90 days later. Without the mailbox its add-ons end too.
area-renew-until = The new expiry is { $day }.
area-renew-addons = Services that follow the mailbox
area-renew-addons-text = They are renewed right after the mailbox, the oldest first, as far as the credit goes. They run until { $day }.
area-renew-not-covered = The credit is not enough: the service will end when it expires.
area-renew-short = Your credit is { $credit } and the renewal costs { $due }: { $missing } are missing.
area-renew-short-all = With the add-ons { $missing } are missing.
area-renew-some = The credit is enough for the mailbox, not for all services: { $missing } are missing.
area-renew-after = Afterwards { $amount } of credit are left.
area-renew-confirm = Renew with the credit
area-renewed = Mailbox renewed until { $until }.
area-renewed-some = { $count ->
    [one] Mailbox renewed until { $until }. The credit was not enough for one add-on: top up before it expires.
   *[other] Mailbox renewed until { $until }. The credit was not enough for { $count } add-ons: top up before they expire.
}
area-again = Reactivate
area-again-title = Reactivate an add-on
area-again-lead = { $service }: it ended on { $day } because the credit was not enough. Its content is still there. You can reactivate it until { $last }.
area-again-lead-once = { $service }: it ended on { $day } because the credit was not enough. You can reactivate it until { $last }.
area-again-year = You pay the current year, counted from the end on { $day }: the service runs until { $until }. The space is back at once.
area-again-year-once = You pay the current year, counted from the end on { $day }: the service runs until { $until }.
area-again-confirm = Reactivate with the credit
area-again-done = Service reactivated: it is active already.
addon-extra_space = Extra inbox space
addon-extra_archive = Extra archive space
addon-legal_storage = Legal storage
addon-sms_notice = SMS notice
addon-extra_space-gb = Extra inbox space, { $gb } GB
addon-extra_archive-gb = Extra archive space, { $gb } GB
addon-legal_storage-gb = Legal storage, { $gb } GB
addon-sms_notice-gb = SMS notice
addon-extra_space-text = More room for the messages of the mailbox.
addon-extra_archive-text = Copies of messages, also of those deleted later.
addon-legal_storage-text = Messages and receipts stored with legal value.
addon-sms_notice-text = One SMS a day at most, when there are new messages to read in the mailbox.
addon-state-active = Active
addon-state-free = Active, free
addon-state-ended = Ended
bill-addon-years = { $years ->
    [one] { $gb } GB × 1 year × { $unit }
   *[other] { $gb } GB × { $years } years × { $unit }
}
bill-addon-months = { $months ->
    [one] { $gb } GB × { $unit } × 1/12 of a year
   *[other] { $gb } GB × { $unit } × { $months }/12 of a year
}
bill-addon-free = Free: three months or fewer are left. A year costs { $unit } a GB.
bill-addon-once-more = { $gb } GB × 1 year × { $unit }: the free service before it was not renewed
bill-service-years = { $years ->
    [one] 1 year × { $unit }
   *[other] { $years } years × { $unit }
}
bill-service-months = { $months ->
    [one] { $unit } × 1/12 of a year
   *[other] { $unit } × { $months }/12 of a year
}
bill-service-free = Free: three months or fewer are left. A year costs { $unit }.
bill-service-once-more = 1 year × { $unit }: the free service before it was not renewed
operation-kind-data_change = Change of data
operation-kind-password = Change of password
operation-kind-top_up = Top-up
operation-kind-addon_purchase = Purchase of an add-on
operation-kind-activation = Free activation
operation-kind-renewal = Renewal
operation-kind-deactivation = Deactivation
operation-outcome-running = RUNNING
operation-outcome-ok = OK
operation-outcome-ko = KO
operation-data-changed = The data of the holder were changed.
operation-password-changed = The password of the mailbox was changed.
operation-topup-running = The bank has not answered yet.
operation-topup-ok = The credit was topped up.
operation-topup-declined = The bank did not accept the payment. Nothing was charged.
operation-topup-given-up = The payment was not completed. Nothing was charged.
operation-bought-extra_space = Extra inbox space, { $gb } GB until { $until }.
operation-bought-extra_archive = Extra archive space, { $gb } GB until { $until }.
operation-bought-legal_storage = Legal storage, { $gb } GB until { $until }.
operation-bought-sms_notice = SMS notice until { $until }.
operation-activated-extra_space = Extra inbox space, { $gb } GB free until { $until }.
operation-activated-extra_archive = Extra archive space, { $gb } GB free until { $until }.
operation-activated-legal_storage = Legal storage, { $gb } GB free until { $until }.
operation-activated-sms_notice = SMS notice free until { $until }.
problem-agreement-unknown = This agreement does not exist.
problem-agreement-closed = The agreement is not open for new purchases.
problem-agreement-full = The mailboxes foreseen by the agreement are used up.
problem-addon-unknown = Choose a service of the list.
problem-addon-amount = Type a whole number of GB, from 1 to { $room }.
problem-addon-no-room = You have all the space that is foreseen for this service.
problem-addon-mobile-needed = The SMS notice needs a mobile number: add it in “Your data”, then come back here.
problem-addon-mailbox-ended = The mailbox has expired: it is renewed first.
problem-addon-mailbox-inactive = The mailbox is not active: services are bought when it is.
problem-addon-changed = The mailbox has changed meanwhile, perhaps in another tab. Check the price and confirm again.
problem-addon-runs = The service is active already.
problem-addon-ended = This service cannot be reactivated: buy it again as a new add-on.
problem-addon-too-late = More than 90 days have passed since the service ended: buy it again as a new add-on.
problem-credit-short = The credit is not enough.
problem-topup-not-an-amount = Type an amount in euro, for example 12.50.
problem-topup-out-of-range = Type an amount between 5 and 500 euro.
problem-topup-again = This page was old: choose the amount again.
mail-why-holder = You receive this message because the address is the reference e-mail of the mailbox’s holder.
mail-addon-what = Service
mail-addon-how = How the price comes about
mail-addon-until = Valid until
mail-addon-credit = Remaining credit
mail-addon-renewal = After { $day }, when the mailbox is renewed, { $amount } of credit will be needed, VAT included, at today’s price. If the credit is not enough the service is switched off.
mail-addon-no-renewal = The agreement foresees no renewal: after { $day } the service is switched off.
mail-addon_bought-subject-paid = Add-on bought for { $address }
mail-addon_bought-subject-free = Free add-on for { $address }
mail-addon_bought-title-paid = Add-on bought
mail-addon_bought-title-free = Add-on activated
mail-addon_bought-lead-paid = The service is active at once, until { $day }. The amount was taken from your credit.
mail-addon_bought-lead-free = The service is active at once and free until { $day }, when the mailbox ends.
sms-unread_messages = { $brand }: { $count ->
    [one] 1 unread message
   *[other] { $count } unread messages
 } in the PEC { $address }
