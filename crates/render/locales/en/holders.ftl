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
holder-profile-edit = Correct the data of { $name }
holder-profile-mailboxes = { $count ->
    [0] No mailbox is tied to this profile.
    [one] One mailbox is tied to this profile.
   *[other] { $count } mailboxes are tied to this profile.
}
holder-profile-identity = Fiscal code and VAT number cannot be changed: another person needs a change of holder.
holder-profile-ask = { $count ->
    [one] The change reaches 1 mailbox. Do you confirm?
   *[other] The change reaches { $count } mailboxes. Do you confirm?
}
holder-profile-ask-text = Check the data below, then confirm.
holder-profile-confirm = Confirm the change
holder-profile-save = Save the profile
holder-profile-delete = Delete the profile
holder-profile-delete-ask = Delete the profile of { $name }?
holder-profile-delete-text = Profile { $key } disappears from the address book. No mailbox uses it.
holder-profile-keep = Keep the profile
holder-profile-saved = Profile saved.
holder-profile-deleted = Profile deleted.
problem-subject-kind-missing = Choose who the new holder is.
