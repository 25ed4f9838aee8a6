# Pages of the demonstration.
demo-home-title = Demonstration
demo-home-lead = Try the product with invented customers. Nothing you do costs money or reaches anybody.
demo-home-roles = Who you can be
demo-home-role = Role
demo-home-user = Username
demo-home-password = Password
demo-home-enter = Way in
demo-home-sign-in = Sign in
demo-home-no-roles = There are no sample users in these data.
demo-home-mail = The mailboxes in a mail program
demo-home-mail-lead = The mailboxes you buy are real ones on this computer. Username: the address of the mailbox. The certificate is self-signed: the program will ask.
demo-home-mail-missing = Dovecot and Postfix are missing on this computer: mailboxes are bought and activated, but cannot be opened with a mail program.
demo-home-tools = To see
demo-role-person = A person with active mailboxes
demo-role-company = A company with an order to pay
demo-role-new = A customer who has just registered
demo-role-body = Secretariat of a professional body, with its members’ mailboxes
demo-role-operator = Operator of the provider
demo-messages-title = Messages sent
demo-messages-lead = E-mails and SMS that the provider would have sent, newest first.
demo-messages-none = No message yet
demo-messages-none-why = Register or buy a mailbox: the confirmations show up here.
demo-messages-none-do = Go to the PEC mailboxes
demo-messages-sms = SMS
demo-messages-to = To
demo-messages-older = { $count ->
    [one] There is one older message.
   *[other] There are { $count } older messages.
}
demo-messages-all = All messages (JSON)
demo-clock-title = Move the date
demo-clock-now = For the demonstration it is now
demo-clock-lead = The date only moves forward. Reminders, expiries and renewals that fall in between happen at once.
demo-clock-by = By how much
demo-clock-days = { $count ->
    [one] 1 day
   *[other] { $count } days
}
demo-clock-go = Move the date
demo-clock-moved = Date moved: it is now { $now }.
problem-demo-period = Choose how far to move the date: 1 to 3660 days, for example P30D.
demo-operator = The operator’s code
demo-operator-lead = A real operator reads the second code in an authenticator app. Here, now, it is:
demo-operator-again = Show the next code
demo-role-member = Holder of a mailbox under an agreement
