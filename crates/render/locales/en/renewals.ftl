# Renewals: ends, charges, credit.
area-entry-renewal = Renewal
renewal-plan = { $plan } certified mailbox
renewal-how = { $quantity } × { $years ->
    [one] { $years } year
   *[other] { $years } years
 } × { $unit }
renewal-years = { $years ->
    [one] { $years } year
   *[other] { $years } years
 }
mail-why-renewal = You receive this message because the service belongs to your record.
mail-renewal-what = Service
mail-renewal-how = How the price comes about
mail-renewal-until = New expiry
mail-button-renewed = See the renewal
mail-button-top-up = Top up the credit
mail-button-pay-renewal = Pay the renewal
mail-service_renewed-subject = Renewed until { $day }: { $address }
mail-service_renewed-title = Service renewed
mail-service_renewed-lead = The service has been renewed and runs until { $day }.
mail-renewal_short-subject-runs = { $missing } of credit missing for the renewal of { $address }
mail-renewal_short-subject-ended = Service switched off for { $address }: not enough credit
mail-renewal_short-title-runs = Not enough credit for the renewal
mail-renewal_short-title-ended = Service switched off
mail-renewal_short-lead-runs = The credit is not enough to renew the service, which runs until { $day }.
mail-renewal_short-lead-ended = The credit was not enough to renew the service, which ended on { $day }.
mail-renewal_short-needed = Price of the renewal
mail-renewal_short-held = Credit available
mail-renewal_short-missing = Missing
mail-renewal_short-advice-runs = Top up the credit before the expiry: the renewal will be tried again, with nothing else to do.
mail-renewal_short-advice-ended = Your content stays where it is. If it takes more space than the mailbox has, the mailbox receives but cannot send: top up and buy the service again, or make room.
mail-renewal_failed-subject = Automatic renewal failed for { $address }
mail-renewal_failed-title = Automatic renewal failed
mail-renewal_failed-lead-declined = Your bank or PayPal did not accept the charge. The service was not renewed and you have paid nothing.
mail-renewal_failed-lead-no-method = There is no usable payment method for the automatic renewal. The service was not renewed and you have paid nothing.
mail-renewal_failed-end = Expiry of the mailbox
mail-renewal_failed-next = We will try again on { $day }. You can also pay the order now: then nothing else will be charged.
mail-renewal_failed-last = There will be no other try. The order waits for its payment: pay it to renew the mailbox.
operation-renewed-mailbox = Mailbox renewed until { $until }.
operation-renewed-extra_space = Extra inbox space, { $gb } GB renewed until { $until }.
operation-renewed-extra_archive = Extra archive space, { $gb } GB renewed until { $until }.
operation-renewed-legal_storage = Legal storage, { $gb } GB renewed until { $until }.
operation-short-mailbox = Mailbox not renewed: { $missing } of credit missing.
operation-short-extra_space = Extra inbox space, { $gb } GB not renewed: { $missing } of credit missing.
operation-short-extra_archive = Extra archive space, { $gb } GB not renewed: { $missing } of credit missing.
operation-short-legal_storage = Legal storage, { $gb } GB not renewed: { $missing } of credit missing.
operation-not-renewed-mailbox = The agreement renews nothing any more: the mailbox expires on { $until }.
operation-not-renewed-extra_space = The agreement renews nothing any more: the extra inbox space of { $gb } GB ends on { $until }.
operation-not-renewed-extra_archive = The agreement renews nothing any more: the extra archive space of { $gb } GB ends on { $until }.
operation-not-renewed-legal_storage = The agreement renews nothing any more: the legal storage of { $gb } GB ends on { $until }.
operation-ended-extra_space = Extra inbox space, { $gb } GB switched off at the expiry.
operation-ended-extra_archive = Extra archive space, { $gb } GB switched off at the expiry.
operation-ended-legal_storage = Legal storage, { $gb } GB switched off at the expiry.
night-step-renew = Renewals
night-outcome-renewed = Renewed with credit
night-outcome-charging = Charges asked for
night-outcome-failed = Charges without a payment method
night-outcome-waiting = Put off: a payment is under way
night-outcome-short = Not enough credit
night-outcome-not-renewed = Agreement closed for renewals
night-outcome-lapsed = Ended without renewal
night-outcome-parked = Parked for a check
problem-renewal-already-paid = The period is paid already.
problem-renewal-ended = The service has ended and cannot be renewed.
problem-renewal-charging = A charge is under way: wait for its outcome.
problem-renewal-parked = The renewal waits for an operator.
problem-renewal-not-parked = The renewal waits for nobody.
