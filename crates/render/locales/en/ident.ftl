# Why an identifier, a contact, a name or a password is refused. Keys are `problem-` and the code of the rule.

problem-fiscal-code-not-ascii = The tax code holds characters that look like letters or digits but are not. Type it instead of pasting it.
problem-fiscal-code-length = A person’s tax code has 16 characters.
problem-fiscal-code-shape = The tax code has a letter where a digit belongs, or the reverse. Check it on the health card.
problem-fiscal-code-month = The ninth letter of the tax code names no month. Check it on the health card.
problem-fiscal-code-control = The tax code has a typing error: its last letter does not match.
problem-fiscal-code-day = The day of birth in the tax code does not exist: it is 01 to 31, or 41 to 71 for women.
problem-fiscal-code-date = The date of birth in the tax code does not exist.
problem-fiscal-code-place = No municipality and no state has the birth code written in the tax code.
problem-fiscal-code-other-last-name = The last name does not match the tax code. Write the name at birth, as on the health card.
problem-fiscal-code-other-first-name = The first name does not match the tax code. Write all first names, as on the health card.
problem-fiscal-code-other-birth-date = The date of birth does not match the tax code.
problem-fiscal-code-other-sex = The sex does not match the tax code.
problem-fiscal-code-other-birth-place = The place of birth does not match the tax code.

problem-body-code-not-ascii = The number holds characters that look like digits but are not. Type it instead of pasting it.
problem-body-code-digits = The number has digits only, without letters or dashes.
problem-body-code-length = The number has 11 digits.
problem-body-code-zero = The first seven digits cannot all be zero.
problem-body-code-office = The number has an error: the three digits before the last name no office.
problem-body-code-control = The number has a typing error: its last digit does not match.

problem-email-empty = Write an e-mail address.
problem-email-too-long = The e-mail address is too long: at most 254 characters, 64 before the at sign.
problem-email-control = The e-mail address holds blanks or characters that cannot be seen. Type it by hand.
problem-email-shape = An e-mail address has a name, an at sign and a domain, such as name@example.it.
problem-email-local = The part before the at sign holds characters that not every mail service accepts.
problem-email-domain = The part after the at sign is not a domain such as example.it.
problem-email-differs = The two e-mail addresses differ. Write the same address twice.

problem-invoice-recipient-shape = The recipient code has 7 letters or digits.
problem-invoice-recipient-abroad = Seven X are for foreign customers only. Write your code, or seven zeros if you have none.
problem-invoice-office-shape = The office code has 6 letters or digits.
problem-invoice-one-only = Choose where invoices go: the recipient code or the PEC address, not both.
problem-invoice-one-needed = Write the recipient code or the PEC address for invoices.

problem-mailbox-name-empty = Write the mailbox name.
problem-mailbox-name-too-short = The mailbox name has at least 2 characters.
problem-mailbox-name-too-long = The mailbox name has at most 64 characters.
problem-mailbox-name-characters = The name takes only letters without accents, digits, dot, dash and underscore.
problem-mailbox-name-ends = The name begins and ends with a letter or a digit.
problem-mailbox-name-separators = The name cannot have two of dot, dash and underscore in a row.
problem-mailbox-name-reserved = This name is reserved for the provider. Choose another.
problem-mailbox-name-whole-address = Write only the part before the at sign: the domain is chosen beside it.

problem-phone-characters = The phone number holds letters or other signs. Write digits only, with + in front if it is not Italian.
problem-phone-not-a-number = This phone number does not exist. If it is not Italian, begin with + and the country code.
problem-phone-service = Toll-free and premium numbers cannot be used. Write a number that you answer.
problem-phone-not-mobile = This is a landline. Write a mobile number that receives text messages.

problem-text-empty = This is needed: write it.
problem-text-too-long = The text is too long: shorten it.
problem-text-control = The text holds characters that cannot be seen. Type it instead of pasting it.
problem-text-bidi = The text holds signs that change its direction. Type it instead of pasting it.
problem-text-invisible = The text holds invisible characters. Type it instead of pasting it.
problem-text-unassigned = The text holds a character that cannot be stored. Remove it.

problem-place-postal-code = The postcode has 5 digits.
problem-place-province = This province does not exist. Choose its two letters, such as RM.
problem-place-municipality = This municipality does not exist. Check the spelling.
problem-place-municipality-elsewhere = This municipality is in another province.
problem-place-state = This state is not in the list. Check the spelling.

problem-password-length = Use 8 to 64 characters.
problem-password-lowercase = Add a lower-case letter.
problem-password-uppercase = Add an upper-case letter.
problem-password-digit = Add a digit.
problem-password-special = Add a special character, such as - . ! ?
problem-password-characters = Remove blanks, accented letters and signs that are not in the list.
problem-password-personal = Do not use the username, the mailbox name or the tax code.
problem-password-common = It is one of the passwords tried first. Use a less predictable one.
problem-password-reused = You used it before: choose one that differs from the last ones.

# The list beside a new password.
new-password-field = Password
new-password-hint = You can paste it from a password manager.
new-password-must = The password must
new-password-again = Repeat the password
rule-password-length = have { $min } to { $max } characters
rule-password-lowercase = have a lower-case letter
rule-password-uppercase = have an upper-case letter
rule-password-digit = have a digit
rule-password-special = have a special character, such as - . ! ?
rule-password-characters = have no blanks and no accented letters
rule-password-personal = not contain the username, the mailbox name or the tax code
rule-password-common = not be one of the most common passwords
rule-password-same = be the same in both fields
problem-password-differs = The two passwords differ. Write the same one twice.
problem-password-missing = Write a password.
problem-password-unmet = The password is not good yet: see the list beside it.
