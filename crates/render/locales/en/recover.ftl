# Recovery of username and password of an account.
recover-title = Cannot sign in?
recover-lead = Tell us what is missing. We write to the e-mail on record.
recover-lost-username = I forgot the username
recover-lost-username-hint = Your e-mail, tax code or VAT number is enough.
recover-username-go = Recover the username
recover-lost-password = I forgot the password
recover-lost-password-hint = You need the username: a number followed by an at sign.
recover-password-go = Create a new password
recover-mailbox-hint = Is it the password of a PEC mailbox?
recover-mailbox-link = Reset the mailbox password
recover-no-email-hint = You no longer use the e-mail on record?
recover-no-email-link = Ask support
recover-back-to-login = Back to sign-in
recover-go-on = Continue
recover-start-again = Start again

recover-username-title = Recover the username
recover-username-lead = We send you an e-mail with all your usernames.
recover-who-field = E-mail, tax code or VAT number
recover-who-hint = As you wrote them when you registered.
recover-username-send = Send the usernames
recover-username-sent-title = Check your e-mail
recover-username-sent-text = If the data match a registration, the usernames go to the e-mail on record. It may take a few minutes.
recover-sent-spam = If you do not find the message, look in the junk folder.

recover-password-title = Create a new password
recover-password-lead = Write the username. Then choose between a link by e-mail and a code by text message.
recover-username-field = Username
recover-username-hint = For example 123456@{ $realm }
recover-lost-username-too = I forgot the username
recover-way-title = How do you want to go on?
recover-way-lead = We use the contacts on record. Only a part of them is shown.
recover-way-field = Send me
recover-way-email = A link by e-mail
recover-way-sms = A code by text message
recover-way-send = Send
recover-password-sent-title = Check your e-mail
recover-password-sent-text = If the username exists, a link goes to the e-mail on record. It is good for 3 hours and for one use.
recover-password-sent-again = If you asked for it within the last 3 hours, that one is good: we do not send another.
recover-code-title = Write the code
recover-code-lead = If the username exists, a code of 6 digits goes to the mobile on record. It is good for 3 hours; if you asked before, that one is good.
code-field = Code
code-hint = 6 digits

reset-title = Choose a new password
reset-lead = When you save it, every open session ends.
reset-username = Username
reset-save = Save the password
reset-done = Password changed. Sign in with the new one.
reset-dead-title = This link is no longer good
reset-dead-used = It was used already, or your contacts changed after you received it.
reset-dead-expired = It was good for 3 hours. Ask for another.
reset-dead-unknown = The link is incomplete: open it from the e-mail instead of copying it in pieces.
reset-dead-again = Ask for a new link

problem-recover-who = Write an e-mail, a tax code or a VAT number.
problem-recover-username = The username is a number, with or without what follows the at sign.
problem-recover-way = Choose how to receive the link or the code.
problem-code-wrong = The code is not right. Check it; after 5 errors you need a new one.
problem-code-missing = Write the code that you received.
problem-token-used = This link was used already. Ask for another.

# Messages.
mail-button-login = Sign in
mail-button-profile = See your data
mail-not-you-ignore = The request came on { $at }. If it was not you, ignore this message: nobody saw your data.
mail-not-you-support = If it was not you, change the password now and write to { $email }.
mail-username_reminder-subject = Your usernames
mail-username_reminder-title = Your usernames
mail-username_reminder-lead = { $count ->
    [one] This is the username with which you sign in.
   *[other] These are the usernames with which you can sign in.
}
mail-reset_password-subject = Reset the password
mail-reset_password-title = Choose a new password
mail-reset_password-lead = We were asked to reset the password of this username.
mail-reset_password-button = Choose the password
mail-reset_password-until = { $at }. Good for one use.
mail-reset_password-not-you = If it was not you, do not open the link: the password stays as it was.
mail-password_changed-subject = Password changed
mail-password_changed-title = The password has changed
mail-password_changed-lead = The password of this username changed on { $at }. Sessions open elsewhere were closed.
mail-password_changed-not-you = If it was not you, recover the password now and write to { $email }.
sms-reset_password_code = { $brand }: the code for the new password is { $code }. Good for 3 hours. Tell it to nobody.
sms-password_changed = { $brand }: the password of { $username } was changed. If it was not you, call support.
problem-recover-who-missing = Write the e-mail, tax code or VAT number of the registration.
problem-recover-username-mailbox = This is the address of a mailbox. The username is needed: a number followed by an at sign.
problem-password-changed-meanwhile = The password was changed elsewhere at this moment. Try again.
