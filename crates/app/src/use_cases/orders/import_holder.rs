//! The holder of a line of the CSV file: known, or new with the data that its kind needs (domain notes 1.3, 2.5).

use std::collections::HashMap;

use domain::{
    id::{HolderId, PartyId},
    ident::{EmailAddress, FiscalCode, Phone},
    order::cart::HolderChoice,
    party::{Field, FieldRefusal, Need, SubjectData, SubjectKind, Typed, check_contacts, check_subject, need},
    time::Date,
};
use store::holders;

use super::{
    import_rows::{CellFault, push},
    import_sheet::SheetRow,
};
use crate::{Cx, FieldProblem, Problem, queries, use_cases::holders::row as holder_row};

/// Profiles that an address book may hold for a file to find them all.
const PROFILES: i64 = 10_000;
/// Written for the VAT number by who has none.
const WITHOUT_VAT: &str = "SENZA";

/// The holder of a line, as far as it is known.
pub(super) enum Found {
    Choice(HolderChoice),
    New(Box<holders::HolderRow>),
}

/// The account and the profiles of its address book, by their numbers.
pub(super) struct Book(HashMap<String, HolderChoice>);
impl Book {
    /// The book of a registry record.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(super) async fn of(cx: &Cx, party: PartyId) -> Result<Self, Problem> {
        let mut book = Self(HashMap::new());
        for line in holders::numbers(&mut cx.store(), party.uuid(), PROFILES).await? {
            let choice = HolderChoice::Profile { id: HolderId::from_uuid(line.id) };
            book.add(&line.tax_key, line.vat_number.as_deref(), choice);
        }
        let account = queries::shop::account(cx, party).await?;
        book.add(&account.tax_key, account.vat_number.as_deref(), HolderChoice::Account);
        Ok(book)
    }
    /// A subject's own number counts more than the VAT number of another.
    pub(super) fn add(&mut self, tax_key: &str, vat_number: Option<&str>, choice: HolderChoice) {
        self.0.insert(tax_key.to_owned(), choice);
        if let Some(vat) = vat_number {
            self.0.entry(vat.to_owned()).or_insert(choice);
        }
    }
    fn find<'a>(&self, numbers: impl IntoIterator<Item = &'a str>) -> Option<HolderChoice> {
        numbers.into_iter().filter(|n| !n.is_empty()).find_map(|n| self.0.get(n).copied())
    }
}

/// The numbers of a line as they are compared: upper case, without blanks and without the country.
struct Numbers {
    /// Sixteen characters, of a person; or eleven digits, of a body.
    code: String,
    vat: String,
    representative: String,
}
impl Numbers {
    fn of(row: &SheetRow) -> Self {
        let bare = |column| -> String { row.get(column).split_whitespace().collect::<String>().to_uppercase() };
        let vat = bare("partita_iva");
        Self {
            code: bare("codice_fiscale"),
            vat: vat.strip_prefix("IT").map(str::to_owned).unwrap_or(vat),
            representative: bare("codice_fiscale_rappresentante"),
        }
    }
    /// Is the code that of a body, as far as one can see?
    fn of_body(&self) -> bool {
        self.code.starts_with(|c: char| c.is_ascii_digit())
    }
}

/// Whose mailbox a line asks for: the account's, somebody's of the address book, or a subject who is new in it.
///
/// # Errors
/// Every cell that is wrong.
pub(super) fn holder(cx: &Cx, row: &SheetRow, book: &Book, today: Date) -> Result<Found, Vec<CellFault>> {
    let numbers = Numbers::of(row);
    let (code, vat) = (numbers.code.as_str(), numbers.vat.as_str());
    let Ok(kind) = kind(row.get("tipo_titolare")) else { return fault(row, "tipo_titolare", "import-kind") };
    if kind == Some(SubjectKind::Person) && !matches!(vat, "" | WITHOUT_VAT) {
        return fault(row, "partita_iva", "import-person-vat");
    }
    // Who represents an organisation may stand in the book as well: only a number of its own finds it.
    let known = match kind {
        None => book.find([vat, code]),
        Some(SubjectKind::Person) => book.find([code]),
        Some(SubjectKind::Freelancer | SubjectKind::SoleTrader) => book.find([vat]),
        Some(_) if numbers.of_body() => book.find([code, vat]),
        Some(_) => book.find([vat]),
    };
    if let Some(choice) = known {
        return Ok(Found::Choice(choice));
    }
    match kind {
        None if code.is_empty() && vat.is_empty() => Ok(Found::Choice(HolderChoice::Account)),
        None if vat.is_empty() && !numbers.of_body() => new(cx, row, SubjectKind::Person, &numbers, today),
        None => fault(row, "tipo_titolare", "import-kind-needed"),
        Some(kind) => new(cx, row, kind, &numbers, today),
    }
}

fn fault(row: &SheetRow, column: &'static str, code: &str) -> Result<Found, Vec<CellFault>> {
    let mut faults = Vec::new();
    push(&mut faults, row, column, FieldProblem::new(column, code));
    Err(faults)
}

fn kind(word: &str) -> Result<Option<SubjectKind>, ()> {
    let word = word.to_lowercase().replace(['_', '-'], " ");
    Ok(Some(match word.trim() {
        "" | "account" | "intestatario" => return Ok(None),
        "persona fisica" | "persona" => SubjectKind::Person,
        "azienda" => SubjectKind::Company,
        "libero professionista" => SubjectKind::Freelancer,
        "ditta individuale" => SubjectKind::SoleTrader,
        "ente no profit" | "no profit" => SubjectKind::Nonprofit,
        "ente pubblico" => SubjectKind::PublicBody,
        "ente" | "altro" => SubjectKind::Other,
        _ => return Err(()),
    }))
}

/// A new profile, checked as one that is made in the address book.
fn new(cx: &Cx, row: &SheetRow, kind: SubjectKind, numbers: &Numbers, today: Date) -> Result<Found, Vec<CellFault>> {
    let mut faults = Vec::new();
    let typed = typed(row, kind, numbers, today);
    if kind == SubjectKind::Company && numbers.vat.is_empty() {
        push(&mut faults, row, "partita_iva", FieldProblem::new("partita_iva", "import-vat-missing"));
    }
    let both = kind.has_representative() && !numbers.of_body() && !numbers.representative.is_empty();
    if both && !numbers.code.is_empty() && numbers.code != numbers.representative {
        push(&mut faults, row, "codice_fiscale", FieldProblem::new("codice_fiscale", Field::BodyCode.missing()));
    }
    let (subject, contacts) = (check_subject(kind, &typed, today), check_contacts(&typed));
    let refused = [subject.as_ref().err(), contacts.as_ref().err()];
    for FieldRefusal { field, code } in refused.into_iter().flatten().flatten() {
        let column = column(*field, kind, numbers);
        // Without a name there is no address to send invoices to; the name is told by itself.
        if own_address(row).is_some() || *field != Field::InvoiceCode || !row.get(column).is_empty() {
            push(&mut faults, row, column, FieldProblem::new(column, *code));
        }
    }
    match (subject, contacts) {
        (Ok(subject), Ok(contacts)) if faults.is_empty() => {
            let id: HolderId = cx.new_id();
            holder_row(id, 1, &subject, contacts).map(|new| Found::New(Box::new(new))).map_err(|_| faults)
        }
        _ => Err(faults),
    }
}

/// A natural person out of a line: the fields as they would be typed, and who that is.
///
/// # Errors
/// Every cell that is wrong.
pub(crate) fn person(row: &SheetRow, today: Date) -> Result<(Typed, SubjectData), Vec<CellFault>> {
    let (kind, numbers) = (SubjectKind::Person, Numbers::of(row));
    let typed = typed(row, kind, &numbers, today);
    let (subject, contacts) = (check_subject(kind, &typed, today), check_contacts(&typed));
    let mut faults = Vec::new();
    let refused = [subject.as_ref().err(), contacts.as_ref().err()];
    for FieldRefusal { field, code } in refused.into_iter().flatten().flatten() {
        let column = column(*field, kind, &numbers);
        push(&mut faults, row, column, FieldProblem::new(column, *code));
    }
    match subject {
        Ok(subject) if faults.is_empty() => Ok((typed, subject)),
        _ => Err(faults),
    }
}

/// The cells of a line as the fields of the form; what the fiscal code of a person carries is taken from it.
fn typed(row: &SheetRow, kind: SubjectKind, numbers: &Numbers, today: Date) -> Typed {
    let (street, number) = street(row.get("indirizzo"));
    let mut typed = Typed::new()
        .with(Field::FirstName, row.get("nome_titolare"))
        .with(Field::LastName, row.get("cognome_titolare"))
        .with(Field::Organisation, row.get("ragione_sociale"))
        .with(Field::Street, street)
        .with(Field::StreetNumber, number)
        .with(Field::PostalCode, row.get("cap"))
        .with(Field::Municipality, row.get("comune"))
        .with(Field::Province, row.get("provincia"))
        .with(Field::Country, "IT")
        .with(Field::Email, row.get("email"))
        .with(Field::EmailAgain, row.get("email"));
    // Offices have telephones on a desk.
    let reached = row.get("cellulare");
    let desk = kind.has_representative() && Phone::parse_mobile(reached).is_err() && Phone::parse(reached).is_ok();
    typed.set(if desk { Field::Phone } else { Field::Mobile }, reached);
    if kind.has_representative() && (numbers.of_body() || numbers.code.is_empty()) {
        typed.set(Field::BodyCode, numbers.code.as_str());
        typed.set(Field::FiscalCode, numbers.representative.as_str());
    } else {
        typed.set(Field::FiscalCode, numbers.code.as_str());
    }
    match numbers.vat.as_str() {
        WITHOUT_VAT if kind == SubjectKind::Company => typed.set(Field::WithoutVat, "yes"),
        WITHOUT_VAT => {}
        vat => typed.set(Field::VatNumber, vat),
    }
    if let Some(code) = FiscalCode::parse(&numbers.code).ok().filter(|_| !kind.has_representative()) {
        let born = code.birth_date(today);
        typed.set(Field::BirthDate, born.iso());
        typed.set(Field::BirthPlace, code.place(born).0.name);
        typed.set(Field::Sex, if code.sex() == domain::ident::fiscal::Sex::F { "F" } else { "M" });
    }
    invoicing(row, kind, &mut typed);
    typed
}

/// Where invoices go: what the line says, else to the mailbox that it asks for, which is one for certified mail.
fn invoicing(row: &SheetRow, kind: SubjectKind, typed: &mut Typed) {
    let (code, pec) = (row.get("codice_destinatario"), row.get("pec_fatture"));
    typed.set(if kind == SubjectKind::PublicBody { Field::OfficeCode } else { Field::InvoiceCode }, code);
    typed.set(Field::InvoicePec, pec);
    if code.is_empty()
        && pec.is_empty()
        && need(kind, Field::InvoicePec) == Need::OneOf
        && !typed.ticked(Field::WithoutVat)
        && let Some(own) = own_address(row)
    {
        typed.set(Field::InvoicePec, own);
    }
}

fn own_address(row: &SheetRow) -> Option<String> {
    let own = format!("{}@{}", row.get("nome").trim(), row.get("dominio").trim()).to_lowercase();
    EmailAddress::parse(&own).is_ok().then_some(own)
}

/// «Via dei Serpenti 12/A»: the street and its number, which is the last word with a digit.
fn street(line: &str) -> (&str, &str) {
    let line = line.trim();
    match line.rsplit_once([' ', ',']) {
        Some((street, number))
            if number.contains(|c: char| c.is_ascii_digit()) || number.eq_ignore_ascii_case("snc") =>
        {
            (street.trim_end_matches([' ', ',']), number)
        }
        _ => (line, ""),
    }
}

/// The column of the file that a field comes from.
fn column(field: Field, kind: SubjectKind, numbers: &Numbers) -> &'static str {
    match field {
        Field::FirstName => "nome_titolare",
        Field::LastName => "cognome_titolare",
        Field::Organisation => "ragione_sociale",
        Field::VatNumber | Field::WithoutVat => "partita_iva",
        Field::FiscalCode if kind.has_representative() && (numbers.of_body() || numbers.code.is_empty()) => {
            "codice_fiscale_rappresentante"
        }
        Field::Street | Field::StreetNumber | Field::Country => "indirizzo",
        Field::PostalCode => "cap",
        Field::Municipality => "comune",
        Field::Province => "provincia",
        Field::Email | Field::EmailAgain => "email",
        Field::Mobile | Field::Phone => "cellulare",
        Field::InvoicePec => "pec_fatture",
        Field::InvoiceCode | Field::OfficeCode => "codice_destinatario",
        _ => "codice_fiscale",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streets_have_their_number_at_the_end() {
        assert_eq!(street("Via dei Serpenti 12/A"), ("Via dei Serpenti", "12/A"));
        assert_eq!(street("Via Roma, 3"), ("Via Roma", "3"));
        assert_eq!(street("Contrada Alta, SNC"), ("Contrada Alta", "SNC"));
        assert_eq!(street("Via 24 Maggio"), ("Via 24 Maggio", ""));
        assert_eq!(street(""), ("", ""));
    }
    #[test]
    fn kinds_are_written_as_people_write_them() {
        assert_eq!(kind("Persona_Fisica"), Ok(Some(SubjectKind::Person)));
        assert_eq!(kind("Ente"), Ok(Some(SubjectKind::Other)));
        assert_eq!(kind(" "), Ok(None));
        assert_eq!(kind("marziano"), Err(()));
    }
}
