# Payment methods
nav-methods = Payment methods
methods-title = Payment methods
methods-lead = We use these methods to renew the mailboxes that renew automatically. The full number of a card never passes through us.
methods-preferred = Default
methods-expired = Expired
methods-expires = Valid until { $day }
methods-no-expiry = Without an end
methods-renews = { $count ->
    [one] This mailbox renews with it:
   *[other] These { $count } mailboxes renew with it:
}
methods-renews-none = No mailbox renews with this method.
methods-service-end = ends on { $day }
methods-replace = Replace with a card
methods-replace-paypal = Replace with PayPal
methods-prefer = Make it the default
methods-remove = Remove
methods-keep = Keep the method
methods-back = Back to the payment methods
methods-none = You have no stored methods
methods-none-text = When you pay by card or PayPal the method stays here for renewals.
methods-add = Add a method
methods-add-text = Storing it costs nothing. The bank may ask you to confirm that it is you.
methods-add-card = Add a card
methods-add-paypal = Add PayPal
methods-store = Store the card
methods-added = Method stored.
methods-preferred-now = It is the default method.
methods-removed = Method removed.
methods-setup-failed = The method was not stored. Nothing has changed: try again, also with another card.
methods-remove-title = Remove the method
methods-remove-ask = Remove { $method }?
methods-remove-warning = { $count ->
    [one] Automatic renewal of this mailbox is switched off.
   *[other] Automatic renewal of these { $count } mailboxes is switched off.
}
methods-remove-warning-text = They do not end at once, but they do not renew by themselves any more. To keep renewal on, replace the method instead of removing it.
methods-remove-unused = No mailbox renews with this method.
methods-setup-title = Storing the method
methods-setup-text = We are waiting for the confirmation. It usually takes a few seconds.
methods-setup-unfinished = Your confirmation is missing
methods-setup-unfinished-text = The method is not stored yet.
mail-method_changed-subject-added = New payment method: { $method }
mail-method_changed-subject-replaced = Payment method replaced: { $method }
mail-method_changed-subject-removed = Payment method removed: { $method }
mail-method_changed-title-added = You added a payment method
mail-method_changed-title-replaced = You replaced a payment method
mail-method_changed-title-removed = You removed a payment method
mail-method_changed-lead-added = We stored { $method } among your payment methods.
mail-method_changed-lead-replaced = From now on we use { $method } in place of the earlier method.
mail-method_changed-lead-removed = We do not use { $method } any more.
mail-method_changed-before = Before
mail-method_changed-now = Now
mail-method_changed-services-added = { $count ->
    [one] Renews with this method:
   *[other] Renew with this method:
}
mail-method_changed-services-replaced = { $count ->
    [one] This mailbox now renews with the new method:
   *[other] These mailboxes now renew with the new method:
}
mail-method_changed-services-removed = { $count ->
    [one] Automatic renewal of this mailbox is off. Renew it before it ends:
   *[other] Automatic renewal of these mailboxes is off. Renew them before they end:
}
mail-method_changed-button = See the payment methods
mail-method_changed-not-you = Was it not you? Change your password and write to support.
