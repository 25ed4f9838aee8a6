# The desk of a body's secretariat.
nav-group-body = Secretariat
nav-agreements = Agreements
body-lead = The agreements of your body and its members’ mailboxes.
body-open = Open to new mailboxes
body-closed = Closed to new mailboxes
body-closed-text = This agreement gives no new mailboxes. Those that are there stay.
body-valid-from = in force from { $from }
body-valid-until = in force from { $from } to { $until }
body-mailboxes = { $count ->
    [one] 1 mailbox.
   *[other] { $count } mailboxes.
}
body-mailboxes-of = { $count ->
    [one] 1 mailbox of the { $quota } agreed.
   *[other] { $count } mailboxes of the { $quota } agreed.
}
body-ending = { $count ->
    [one] 1 has expired or expires within 90 days.
   *[other] { $count } have expired or expire within 90 days.
}
body-see = See the mailboxes
body-members-title = Members’ mailboxes, { $code }
body-import = Upload members
body-search = Search address, member or fiscal code
body-member = Member
body-renewal = Renewal
body-by-body = Paid by the body
body-by-holder = Paid by the member
body-by-body-text = The body renews the mailbox with an order of its own.
body-by-holder-text = The member renews the mailbox with credit or with a card.
body-who-renews = Who renews
body-start = Start
body-years = Duration
body-years-count = { $count ->
    [one] 1 year
   *[other] { $count } years
}
body-save = Save
body-back = Back to the mailboxes
body-renewal-saved = We have saved who renews { $address }.
body-no-members = There are no mailboxes yet.
body-no-members-text = Upload a list of the members: each gets a mailbox.
body-import-lead = A CSV file with one line for each member. The mailboxes are made on @{ $domain }.
body-import-rules = Separator “;” or “,”, UTF-8 or Windows, at most { $rows } lines and { $mib } MB. We check the whole file first: if one line is wrong nothing is made.
body-import-check = Check the file
body-import-columns = nome is the part of the address before the at sign. All columns are needed except piano.
body-import-plans = In the column piano you can write: { $plans }. If it is empty the first one counts.
body-import-before = Uploaded files
body-import-at = Uploaded
body-import-members = Members
body-import-made = Made
body-import-failed = Errors
body-import-state-refused = To be corrected
body-import-state-checked = To be confirmed
body-import-state-running = Under way
body-import-state-done = Finished
body-import-state-dropped = Dropped
body-refused-title = File to be corrected
body-refused = { $wrong ->
    [one] 1 line of { $members } is wrong. We have made nothing.
   *[other] { $wrong } lines of { $members } are wrong. We have made nothing.
}
body-windows = The file is not in UTF-8: we have read accented letters as Windows writes them. Check some names with accents.
body-whole-line = the whole line
body-more-faults = See the following lines
body-all-faults = Download all errors (CSV)
body-again = Upload another file
body-preview-title = Check and confirm
body-preview = { $count ->
    [one] The file is right: 1 mailbox is ready to be made.
   *[other] The file is right: { $count } mailboxes are ready to be made.
}
body-preview-plan = { $plan } mailboxes
body-preview-after = Afterwards
body-preview-mails = Each member gets an e-mail with the link to choose the first password.
body-preview-first = The first lines
body-confirm = { $count ->
    [one] Make 1 mailbox
   *[other] Make { $count } mailboxes
}
body-drop = Drop the file
body-progress-running = We are making the mailboxes
body-progress-done = Mailboxes made
body-progress-dropped = File dropped
body-progress-label = Mailboxes made
body-made-of = { $made } mailboxes of { $members }.
body-running-text = You can close this page: the work goes on by itself.
body-look-again = Look again
body-dropped-text = Nothing was made of this file.
body-some-failed = { $count ->
    [one] 1 mailbox could not be made.
   *[other] { $count } mailboxes could not be made.
}
problem-members-repeated = It is the same as line { $line }. Each member has one mailbox.
problem-members-known = This member already has the mailbox { $address }. Remove the line.
problem-members-plan = This plan is not in the agreement. Write one of these: { $plans }.
problem-members-quota = The file asks for { $members } mailboxes, the agreement has { $room } left.
problem-members-old = More than 7 days have gone by since the check. Upload the file again.
problem-renewal-kind = Choose who renews the mailbox.
problem-body-unknown = Nobody is registered with this fiscal code.
body-renew = Renew mailboxes
body-renew-lead = One order in the name of the body for the mailboxes whose renewal it pays. Once it is paid each expiry moves on.
body-renew-which = Which mailboxes
body-renew-within = Within { $days } days
body-renew-all = All
body-renew-left-out = { $count ->
    [one] 1 mailbox is not renewed now: the agreement renews nothing after its end, or the expiry would be more than 6 years ahead.
   *[other] { $count } mailboxes are not renewed now: the agreement renews nothing after its end, or the expiry would be more than 6 years ahead.
}
body-renew-sum = { $count ->
    [one] 1 mailbox to be renewed
   *[other] { $count } mailboxes to be renewed
}
body-renew-years = { $count ->
    [one] Each expiry moves on by 1 year.
   *[other] Each expiry moves on by { $count } years.
}
body-renew-first = The first mailboxes
body-renew-list = See the list of the mailboxes
body-renew-method = How you pay
body-renew-go = Confirm the order
body-renew-none = No mailbox to be renewed.
body-renew-none-text = Those that the body pays have other expiries, or their renewal order waits for its payment already.
body-renewed-free = The mailboxes are renewed: the agreement asks no price.
problem-renewals-none = There is no mailbox to be renewed: maybe the order is there already.
problem-renewals-changed = The mailboxes or the prices changed while you were reading. Check the sum and confirm again.
