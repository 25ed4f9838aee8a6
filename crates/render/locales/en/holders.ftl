# The address book.
book-title = Holder profiles
book-new = New holder profile
book-lead = The people and organisations you assign mailboxes to. A profile is written once and used for several mailboxes.
book-name = Name
book-kind = Type
book-key = Fiscal code or VAT number
book-email = E-mail
book-mailboxes = Mailboxes
book-empty = The address book is empty.
book-empty-text = Add a profile to assign mailboxes to other holders, or do it during a purchase.
book-kind-ask = Who is the new holder?
book-go-on = Go on
book-back = Back
profile-edit = Correct the data of { $name }
profile-mailboxes = { $count ->
    [0] No mailbox is tied to this profile.
    [one] One mailbox is tied to this profile.
   *[other] { $count } mailboxes are tied to this profile.
}
profile-identity = Fiscal code and VAT number cannot be changed: another person needs a change of holder.
profile-ask = { $count ->
    [one] The change reaches 1 mailbox. Do you confirm?
   *[other] The change reaches { $count } mailboxes. Do you confirm?
}
profile-ask-text = Check the data below, then confirm.
profile-confirm = Confirm the change
book-save = Save the profile
profile-delete = Delete the profile
profile-delete-ask = Delete the profile of { $name }?
profile-delete-text = Profile { $key } disappears from the address book. No mailbox uses it.
profile-keep = Keep the profile
book-saved = Profile saved.
profile-deleted = Profile deleted.
problem-subject-kind-missing = Choose who the new holder is.
