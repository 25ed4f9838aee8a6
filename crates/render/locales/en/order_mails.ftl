# Mails about orders.
mail-why-account = You receive this message because the address is that of your account.
mail-button-order = See the order
mail-button-pay = Pay for the order
mail-button-shop = Place a new order
mail-button-card = Open the mailbox card
mail-order-number = Order
mail-order-what = Service
mail-order-plan = { $count ->
    [one] 1 { $plan } mailbox
   *[other] { $count } { $plan } mailboxes
}
mail-order-duration = Duration
mail-order-years = { $count ->
    [one] 1 year
   *[other] { $count } years
}
mail-order-addresses = Mailboxes
mail-order-net = Net amount
mail-order-vat = VAT
mail-order-total = Total, VAT included
mail-order-pay-by = To be paid by
mail-order-placed = Order of
mail-order-renewal = Automatic renewal
mail-order-renewal-on = On. You can switch it off at any time in the customer area.
mail-order-renewal-off = Off
mail-order-credit = Credit
mail-mailbox-end = Expiry
mail-order_placed-subject = Confirmation of order { $number }
mail-order_placed-title = Order confirmation
mail-order_placed-lead = We have recorded order { $number }. The service becomes active when the payment is recorded.
mail-order_placed-password = For each mailbox we send a link for creating the password to the address you gave. It is valid for 7 days.
mail-order_placed-withdrawal = If you are a consumer you can withdraw within 14 days of confirming, without giving a reason: on the page of the order press “Withdraw from contract here”. Until payment you can cancel the order in the customer area. The terms you accepted are on the order’s page.
mail-order_reminder-subject = Pay for order { $number } by { $day }
mail-order_reminder-title = The order is waiting for payment
mail-order_reminder-lead = If you do not pay by { $day } the order expires and the mailbox names become free.
mail-order_reminder-renewal = If you do not pay by { $day } the order expires and the mailboxes are not renewed. They still expire when they do now.
mail-order_paid-subject = Payment of order { $number } confirmed
mail-order_paid-title = Payment confirmed
mail-order_paid-lead = { $count ->
    [one] We have recorded the payment. The mailbox becomes active in a few minutes: we write to you when it is ready.
   *[other] We have recorded the payment. The mailboxes become active in a few minutes: we write to you when they are ready.
}
mail-order_cancelled-subject = Order { $number } cancelled
mail-order_cancelled-title = Order cancelled
mail-order_cancelled-lead = You cancelled the order. You have not been charged and the mailbox names are free again.
mail-order_cancelled-renewal = The renewal order is cancelled. You have not been charged and the mailboxes expire when they did before.
mail-order_expired-subject = Order { $number } expired
mail-order_expired-title = The order has expired
mail-order_expired-lead = The order was not paid in time. You have not been charged and the mailbox names are free again. If you still need them, place a new order.
mail-order_expired-renewal = The renewal order was not paid in time. You have not been charged and the mailboxes expire when they did before. To renew them, place a new order.
mail-order_credit-subject = The payment of order { $number } has become credit
mail-order_credit-title = The payment has become credit
mail-order_credit-lead = A payment arrived for order { $number }, which expected none. The amount is your credit, to be used within 12 months.
mail-mailbox_active-subject = { $address } is active
mail-mailbox_active-title = Mailbox activated
mail-mailbox_active-lead = Your certified mailbox is active: from now on it can receive and send.
mail-mailbox_active-ready = Sign in with the mailbox address and the password you created.
mail-mailbox_active-password = The password is missing: use the link we sent to { $email }. If it has expired, ask for another one on the mailbox card.
