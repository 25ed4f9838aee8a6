# Notices of expiry.
mail-expiry_notice-subject-before = { $address } expires on { $day }
mail-expiry_notice-subject-charge = { $address }: charge on { $charge }
mail-expiry_notice-subject-body = { $address } expires on { $day }
mail-expiry_notice-subject-after = { $address } has expired: renew it by { $last }
mail-expiry_notice-subject-last = { $address } is removed after { $last }
mail-expiry_notice-subject-addon = Add-on of { $address }: it expires on { $day }
mail-expiry_notice-title-before = Your mailbox is about to expire
mail-expiry_notice-title-charge = Your mailbox renews by itself
mail-expiry_notice-title-body = Your mailbox is about to expire
mail-expiry_notice-title-after = Your mailbox has expired
mail-expiry_notice-title-last = Your mailbox is about to be removed
mail-expiry_notice-title-addon = An add-on is about to expire
mail-expiry_notice-lead-before = The mailbox expires on { $day }. After that day it reads and receives, but cannot send until it is renewed.
mail-expiry_notice-lead-charge = The mailbox expires on { $day }. The renewal is charged on { $charge } to the payment method that you saved: there is nothing to do.
mail-expiry_notice-lead-body = The mailbox expires on { $day }. Your body renews and pays it: { $body }. There is nothing to do.
mail-expiry_notice-lead-after = The mailbox expired on { $day }: it reads and receives, but cannot send. You can renew it until { $last } without losing messages.
mail-expiry_notice-lead-last = The mailbox expired on { $day }. The last day to renew it is { $last }: then mailbox and messages are removed for good. What counts is the payment registered by that day: a bank transfer may come too late, use an immediate method.
mail-expiry_notice-lead-addon = The service expires on { $day }. It is renewed together with the mailbox, with your credit; when the credit is not enough it is switched off.
mail-expiry_notice-end = Expiry
mail-expiry_notice-price = { $count ->
    [one] Renewal for one year
   *[other] Renewal for { $count } years
}
mail-expiry_notice-needed = Needed in all
mail-expiry_notice-held = Your credit
mail-expiry_notice-short = Missing
mail-expiry_notice-credit-enough = Your credit is enough for the renewal.
mail-expiry_notice-credit-short = { $amount } is missing for the renewal: top up before the expiry.
mail-expiry_notice-top-up = Top up
mail-mailbox_removed-subject = { $address } was removed
mail-mailbox_removed-title = Mailbox removed
mail-mailbox_removed-lead-late = The mailbox expired on { $day } and was not renewed in time. The mailbox and its messages were removed.
mail-mailbox_removed-again = The address stays reserved for you: you can buy it again with the same fiscal code. The new mailbox will be empty.
mail-mailbox_removed-button = Buy it again
mail-space_notice-subject-nearly = { $address }: { $percent }% of the space is used
mail-space_notice-subject-full = { $address } is full and cannot send
mail-space_notice-title-nearly = Your mailbox is filling up
mail-space_notice-title-full = Your mailbox is full
mail-space_notice-lead-nearly = You have used { $percent }% of the space. A full mailbox is still read and receives, but it cannot send.
mail-space_notice-lead-full = The mailbox is still read and receives, but it cannot send. Delete messages or buy more space: after a few minutes it can send again.
mail-space_notice-used = Space used
mail-space_notice-space = Space of the mailbox
