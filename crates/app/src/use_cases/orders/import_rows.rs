//! Fills the cart from a CSV file: names, holders, e-mails. All lines or none (domain notes 2.5).

use std::collections::HashMap;

use domain::{
    audit::AuditLine,
    id::HolderId,
    ident::{EmailAddress, FiscalCode},
    order::cart::{CartMailbox, HolderChoice, MAX_QUANTITY, repeated},
    party::{Field, FieldRefusal, SubjectKind, Typed, check_contacts, check_subject},
    time::Date,
};
use store::holders;

use super::{
    assign_holders::party_of,
    cart,
    check_name::{NameAnswer, TypedName, check_names},
    import_sheet::{COLUMNS, SheetRow, is_formula, rows},
};
use crate::{Cx, FieldProblem, Problem, audit, queries, use_cases::holders::row as holder_row};

/// What is wrong in one cell.
#[derive(Clone, Debug, PartialEq)]
pub struct CellFault {
    /// Line of the file, the header being 1.
    pub line: usize,
    pub column: &'static str,
    pub value: String,
    pub problem: FieldProblem,
}

/// What came of a file.
#[derive(Clone, Debug, PartialEq)]
pub enum Imported {
    /// The cart has these mailboxes now.
    Saved { mailboxes: usize, new_profiles: usize },
    /// Nothing was saved: every cell that is wrong, in the order of the file.
    Refused(Vec<CellFault>),
}

/// The holder of a line, as far as it is known.
enum Found {
    Choice(HolderChoice),
    New(Box<holders::HolderRow>),
}

/// Puts the lines of a text into the cart, one mailbox each; the number of mailboxes becomes that of the lines.
///
/// # Errors
/// `invalid` at `lines` when the file as a whole cannot be read; `cart-missing`, `cart-confirmed`, `cart-changed`.
pub async fn import_rows(cx: &Cx, token: &str, text: &str) -> Result<Imported, Problem> {
    let party = party_of(cx)?;
    let mut cart = cart::open(cx, token).await?;
    let sheet = rows(text, MAX_QUANTITY)?;
    let mut faults: Vec<CellFault> = sheet.iter().flat_map(formulas).collect();
    let account = queries::shop::account(cx, party).await?;
    let mut book: HashMap<String, HolderChoice> = queries::holders::choices(cx, party)
        .await?
        .into_iter()
        .map(|h| (h.tax_key, HolderChoice::Profile { id: HolderId::from_uuid(h.id) }))
        .collect();
    book.insert(account.tax_key, HolderChoice::Account);
    let (today, mut fresh, mut boxes) = (cx.now().date(), Vec::new(), Vec::with_capacity(sheet.len()));
    for row in &sheet {
        let holder = match holder(cx, row, &book, today) {
            Ok(Found::Choice(choice)) => Some(choice),
            Ok(Found::New(new)) => {
                let choice = HolderChoice::Profile { id: HolderId::from_uuid(new.id) };
                // The next line with the same code means the same person.
                book.insert(new.tax_key.clone(), choice);
                fresh.push(*new);
                Some(choice)
            }
            Err(found) => {
                faults.extend(found);
                None
            }
        };
        let password_email = match EmailAddress::parse(row.get("email")) {
            Ok(address) => address.to_string(),
            Err(e) => {
                push(&mut faults, row, "email", FieldProblem::new("email", e.code()));
                String::new()
            }
        };
        boxes.push(CartMailbox { holder, password_email, ..CartMailbox::default() });
    }
    name(cx, &sheet, &mut boxes, &mut faults).await?;
    if !faults.is_empty() {
        faults.sort_by_key(|f| (f.line, COLUMNS.iter().position(|c| *c == f.column)));
        return Ok(Imported::Refused(faults));
    }
    let (mailboxes, new_profiles) = (boxes.len(), fresh.len());
    cart.mailboxes = boxes;
    let cx_in = cx.clone();
    cx.write(async move |tx| {
        for new in &fresh {
            holders::insert(tx, party.uuid(), new, cx_in.now().micros()).await?;
            let line = AuditLine::new("holder.created", "holder", new.id, serde_json::json!({ "by": "import" }));
            audit::record(tx, &cx_in, &line).await?;
        }
        cart::save_in(tx, &cx_in, &cart).await
    })
    .await?;
    Ok(Imported::Saved { mailboxes, new_profiles })
}

/// A fault per cell: the first one that was found there is the one that is told.
fn push(faults: &mut Vec<CellFault>, row: &SheetRow, column: &'static str, problem: FieldProblem) {
    if !faults.iter().any(|f| f.line == row.line && f.column == column) {
        let value = row.get(column).chars().take(80).collect();
        faults.push(CellFault { line: row.line, column, value, problem });
    }
}

fn formulas(row: &SheetRow) -> Vec<CellFault> {
    let mut faults = Vec::new();
    for column in COLUMNS.into_iter().filter(|c| is_formula(c, row.get(c))) {
        push(&mut faults, row, column, FieldProblem::new(column, "import-formula"));
    }
    faults
}

/// Names and domains of all lines, checked together.
async fn name(
    cx: &Cx,
    sheet: &[SheetRow],
    boxes: &mut [CartMailbox],
    faults: &mut Vec<CellFault>,
) -> Result<(), Problem> {
    let typed: Vec<_> =
        sheet.iter().map(|r| TypedName { name: r.get("nome").into(), domain: r.get("dominio").into() }).collect();
    for ((row, typed), (answer, mailbox)) in
        sheet.iter().zip(&typed).zip(check_names(cx, &typed).await?.into_iter().zip(boxes.iter_mut()))
    {
        match answer {
            NameAnswer::Free { local, .. } => {
                mailbox.local = local;
                mailbox.domain = typed.domain.trim().to_lowercase();
            }
            NameAnswer::Taken { address, .. } => {
                push(faults, row, "nome", FieldProblem::new("nome", "import-name-taken").with("address", address));
            }
            NameAnswer::Invalid { problem, .. } => {
                let column = if problem.field == "domain" { "dominio" } else { "nome" };
                push(faults, row, column, FieldProblem { field: column.into(), ..problem });
            }
        }
    }
    for (n, first) in repeated(boxes) {
        let same = FieldProblem::new("nome", "import-name-repeated").with("line", sheet[first].line);
        push(faults, &sheet[n], "nome", same);
    }
    Ok(())
}

/// Whose mailbox a line asks for: the account's, somebody's of the address book, or a person who is new in it.
fn holder(cx: &Cx, row: &SheetRow, book: &HashMap<String, HolderChoice>, today: Date) -> Result<Found, Vec<CellFault>> {
    let fault = |column, code: &str| {
        let mut faults = Vec::new();
        push(&mut faults, row, column, FieldProblem::new(column, code));
        Err(faults)
    };
    let key = |column| -> String { row.get(column).split_whitespace().collect::<String>().to_uppercase() };
    let (code, vat) = (key("codice_fiscale"), key("partita_iva"));
    let kind = match kind(row.get("tipo_titolare")) {
        Ok(kind) => kind,
        Err(()) => return fault("tipo_titolare", "import-kind"),
    };
    if let Some(choice) = [&code, &vat].into_iter().filter(|k| !k.is_empty()).find_map(|k| book.get(k)) {
        return Ok(Found::Choice(*choice));
    }
    match kind {
        None if code.is_empty() && vat.is_empty() => Ok(Found::Choice(HolderChoice::Account)),
        None | Some(SubjectKind::Person) if !code.is_empty() && vat.is_empty() => person(cx, row, &code, today),
        Some(SubjectKind::Person) => fault("codice_fiscale", "missing-fiscal-code"),
        // Organisations have more data than the file has columns: their profile is made in the address book.
        _ => fault(if vat.is_empty() { "codice_fiscale" } else { "partita_iva" }, "import-holder-unknown"),
    }
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
        "altro" => SubjectKind::Other,
        _ => return Err(()),
    }))
}

/// A new profile of a person; date, place of birth and sex are those that the fiscal code carries.
fn person(cx: &Cx, row: &SheetRow, code: &str, today: Date) -> Result<Found, Vec<CellFault>> {
    let (street, number) = street(row.get("indirizzo"));
    let mut typed = Typed::new()
        .with(Field::FirstName, row.get("nome_titolare"))
        .with(Field::LastName, row.get("cognome_titolare"))
        .with(Field::FiscalCode, code)
        .with(Field::Street, street)
        .with(Field::StreetNumber, number)
        .with(Field::PostalCode, row.get("cap"))
        .with(Field::Municipality, row.get("comune"))
        .with(Field::Province, row.get("provincia"))
        .with(Field::Country, "IT")
        .with(Field::Email, row.get("email"))
        .with(Field::EmailAgain, row.get("email"))
        .with(Field::Mobile, row.get("cellulare"));
    if let Ok(code) = FiscalCode::parse(code) {
        let born = code.birth_date(today);
        typed.set(Field::BirthDate, born.iso());
        typed.set(Field::BirthPlace, code.place(born).0.name);
        typed.set(Field::Sex, if code.sex() == domain::ident::fiscal::Sex::F { "F" } else { "M" });
    }
    let (subject, contacts) = (check_subject(SubjectKind::Person, &typed, today), check_contacts(&typed));
    let (subject, contacts) = match (subject, contacts) {
        (Ok(subject), Ok(contacts)) => (subject, contacts),
        (subject, contacts) => {
            let mut faults = Vec::new();
            for FieldRefusal { field, code } in [subject.err(), contacts.err()].into_iter().flatten().flatten() {
                let column = column(field);
                push(&mut faults, row, column, FieldProblem::new(column, code));
            }
            return Err(faults);
        }
    };
    let id: HolderId = cx.new_id();
    match holder_row(id, 1, &subject, contacts) {
        Ok(new) => Ok(Found::New(Box::new(new))),
        Err(_) => Err(vec![]),
    }
}

/// «Via dei Serpenti 12/A»: the street and its number, which is the last word with a digit.
fn street(line: &str) -> (&str, &str) {
    let line = line.trim();
    match line.rsplit_once([' ', ',']) {
        Some((street, number)) if number.contains(|c: char| c.is_ascii_digit()) => {
            (street.trim_end_matches([' ', ',']), number)
        }
        _ => (line, ""),
    }
}

/// The column of the file that a field comes from.
fn column(field: Field) -> &'static str {
    match field {
        Field::FirstName => "nome_titolare",
        Field::LastName => "cognome_titolare",
        Field::Organisation => "ragione_sociale",
        Field::VatNumber => "partita_iva",
        Field::Street | Field::StreetNumber | Field::Country => "indirizzo",
        Field::PostalCode => "cap",
        Field::Municipality => "comune",
        Field::Province => "provincia",
        Field::Email | Field::EmailAgain => "email",
        Field::Mobile | Field::Phone => "cellulare",
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
        assert_eq!(street("Via 24 Maggio"), ("Via 24 Maggio", ""));
        assert_eq!(street(""), ("", ""));
    }
    #[test]
    fn kinds_are_written_as_people_write_them() {
        assert_eq!(kind("Persona_Fisica"), Ok(Some(SubjectKind::Person)));
        assert_eq!(kind(" "), Ok(None));
        assert_eq!(kind("marziano"), Err(()));
    }
}
