# The rows of an order out of a CSV file.
names-import = Have a list? Upload a CSV file
import-title = Upload a list
import-lead = A CSV file with one row per mailbox: names, holders and e-mails at once. The number of rows becomes the number of mailboxes in the order.
import-template = Download the template (CSV)
import-columns = Columns
import-columns-text = nome, dominio and email are needed. The other columns say whose mailbox it is: left empty, it belongs to the account holder.
import-holders = With the fiscal code or VAT number of a profile in the address book the mailbox goes to that profile. Who is new is added to the address book: write tipo_titolare, first and last name, fiscal code, address and mobile; for organisations also name and VAT number, with first and last name of who represents them.
import-organisations = codice_fiscale is the organisation’s of 11 digits, and then that of who represents it goes into codice_fiscale_rappresentante; a company may write the latter alone. Who has no VAT number writes “senza”. codice_destinatario is the office code of a public body too; without it and without pec_fatture, invoices go to the mailbox of the row.
import-rules = Separator “;” or “,”, UTF-8 or Windows, at most { $rows } rows and { $kib } kB. If one row is wrong nothing is saved.
import-file = CSV file
import-file-send = Upload the file
import-or = Or paste the rows
import-lines = Rows
import-lines-hint = The first row holds the names of the columns.
import-send = Use these rows
import-back = Back to the names
import-faults-title = What to correct
import-line = Row
import-column = Column
import-value = Written
import-problem = What is wrong
import-empty-cell = (empty)
import-done = { $count ->
    [one] 1 mailbox taken from the list.
   *[other] { $count } mailboxes taken from the list.
}
problem-import-faults = { $count ->
    [one] One cell needs correcting. Nothing was saved.
   *[other] { $count } cells need correcting. Nothing was saved.
}
problem-import-too-large = The file is larger than { $kib } kB.
problem-import-not-text = This is not a CSV file. In the spreadsheet choose “Save as” and then CSV.
problem-import-empty = The list is empty: it needs the names of the columns and at least one row.
problem-import-column-unknown = The column “{ $column }” is not one of the template.
problem-import-column-twice = The column “{ $column }” is there twice.
problem-import-column-missing = The column “{ $column }” is missing.
problem-import-too-many = The list has more than { $max } rows.
problem-import-cells = Row { $line } has more cells than there are columns.
problem-import-file-missing = Choose a file.
problem-import-formula = The cell looks like a formula: write plain text.
problem-import-name-taken = { $address } is taken. Write another name.
problem-import-name-repeated = It is the same as row { $line }. Write another name.
problem-import-kind = Write persona fisica, azienda, libero professionista, ditta individuale, ente no profit, ente pubblico or altro.
problem-import-kind-needed = This number is not in the address book. Write the kind: azienda, libero professionista, ditta individuale, ente no profit, ente pubblico or altro.
problem-import-person-vat = A natural person has no VAT number. Leave the cell empty, or write libero professionista or ditta individuale as the kind.
problem-import-vat-missing = Write the VAT number of 11 digits, or “senza” if there is none.
