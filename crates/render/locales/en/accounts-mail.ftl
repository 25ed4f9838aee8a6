# Mails about registration.
mail-why-registered = You receive this message because this address is part of the registration data.

mail-registered-subject = Registration confirmed
mail-registered-title = Registration confirmed
mail-registered-lead = Your registration is complete. This is your username:
mail-registered-username = Your username is { $username }.
mail-registered-button = Sign in to the customer area
mail-registered-more = Keep it: you need it every time you sign in. Only you know the password.
mail-registered-not-you = It was not you? Write to { $email }.

mail-resume-subject = Complete your registration
mail-resume-title = Only the password is missing
mail-resume-lead = Your registration is almost finished: the username is there, the password is not.
mail-resume-button = Choose the password
mail-resume-until = The link works once, until { $at }. After that the username is no longer available and registration starts again.
mail-resume-not-you = It was not you? Ignore this message: without a password nobody can sign in.

mail-already-subject = Somebody tried to register with your data
mail-already-title = Your data are already registered
mail-already-lead = On { $at } somebody tried to register with your tax code or VAT number. We created nothing and showed no data.
mail-already-you = If it was you, you already have an account: recover the username and the password.
mail-already-button = Recover the username
mail-already-not-you = If it was not you, there is nothing to do. If it happens again, write to { $email }.
