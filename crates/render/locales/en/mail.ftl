# Frame of every mail.
mail-never-ask = We will never ask for your password by e-mail, SMS or telephone.
mail-service-message = This is a service message, not advertising.
mail-button-broken = The button does not work? Copy this address into the browser:
mail-greeting = Dear { $name },
mail-valid-until = Valid until
mail-activation = Activation
mail-why-order = You receive this message because the address is stated in order { $order }.

mail-first-password-subject = Create the password of { $address }
mail-first-password-title = Create the password of your mailbox
mail-first-password-lead = We received order { $order }. To use the new certified mailbox the password is missing.
mail-first-password-button = Create the password
mail-first-password-valid = The link is valid until { $day }, { $time }, and can be used once.
mail-first-password-until = { $at }. It can be used once.
mail-first-password-activating = Under way: about 10 minutes from the payment.
mail-first-password-active = The mailbox is active.
mail-first-password-not-you = If you did not place this order, do not open the link and write to { $email }.
