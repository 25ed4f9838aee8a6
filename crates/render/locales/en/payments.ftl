# Payments: mails and waiting pages.
mail-payment-amount = Amount
mail-payment-due = Price of the order
mail-payment_credited-subject-surplus = Payment of order { $number }: a part has become credit
mail-payment_credited-title-surplus = You paid more than was due
mail-payment_credited-surplus = Order { $number } is paid. The rest is your credit, to be used within 12 months.
mail-payment_credited-subject-shortfall = Order { $number } is not paid yet
mail-payment_credited-title-shortfall = The amount received is not enough
mail-payment_credited-shortfall = Less than the price arrived for order { $number }. The amount is your credit, to be used within 12 months; the order still waits for its payment.
mail-payment_credited-subject-twice = Order { $number } was paid already: we return the second payment
mail-payment_credited-title-twice = You paid twice
mail-payment_credited-twice = Order { $number } was paid already. The second payment goes back to the means you used, usually within a few days.
mail-payment_returned-subject = Order { $number }: payment returned
mail-payment_returned-title = We returned a payment
mail-payment_returned-lead = We returned a payment of order { $number }. The bank usually shows it within a few days.
