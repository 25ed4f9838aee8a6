//! Fills the cart from a CSV file: names, holders, e-mails. All lines or none (domain notes 2.5).

use domain::{
    audit::AuditLine,
    id::HolderId,
    ident::EmailAddress,
    order::cart::{CartMailbox, HolderChoice, repeated},
};
use store::holders;

use super::{
    assign_holders::party_of,
    cart,
    check_name::{NameAnswer, TypedName, check_names},
    import_holder::{Book, Found, holder},
    import_sheet::{COLUMNS, ORDER, SheetRow, is_formula, rows},
};
use crate::{Cx, FieldProblem, Problem, audit};

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

/// Puts the lines of a text into the cart, one mailbox each; the number of mailboxes becomes that of the lines.
///
/// # Errors
/// `invalid` at `lines` when the file as a whole cannot be read; `cart-missing`, `cart-confirmed`, `cart-changed`.
pub async fn import_rows(cx: &Cx, token: &str, text: &str) -> Result<Imported, Problem> {
    let party = party_of(cx)?;
    let mut cart = cart::open(cx, token).await?;
    let sheet = rows(text, &ORDER)?;
    let mut faults: Vec<CellFault> = sheet.iter().flat_map(|row| formulas(row, &COLUMNS)).collect();
    let mut book = Book::of(cx, party).await?;
    let (today, mut fresh, mut boxes) = (cx.now().date(), Vec::new(), Vec::with_capacity(sheet.len()));
    for row in &sheet {
        let holder = match holder(cx, row, &book, today) {
            Ok(Found::Choice(choice)) => Some(choice),
            Ok(Found::New(new)) => {
                let choice = HolderChoice::Profile { id: HolderId::from_uuid(new.id) };
                // The next line with the same number means the same holder.
                book.add(&new.tax_key, new.vat_number.as_deref(), choice);
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
            match holders::insert(tx, party.uuid(), new, cx_in.now().micros()).await {
                // Added meanwhile in another window: the page is shown anew, the lines are sent once more.
                Err(store::Error::Duplicate(_)) => return Err(Problem::conflict("cart-changed")),
                other => other?,
            }
            let line = AuditLine::new("holder.created", "holder", new.id, serde_json::json!({ "by": "import" }));
            audit::record(tx, &cx_in, &line).await?;
        }
        cart::save_in(tx, &cx_in, &cart).await
    })
    .await?;
    Ok(Imported::Saved { mailboxes, new_profiles })
}

/// A fault per cell: the first one that was found there is the one that is told.
pub(crate) fn push(faults: &mut Vec<CellFault>, row: &SheetRow, column: &'static str, problem: FieldProblem) {
    if !faults.iter().any(|f| f.line == row.line && f.column == column) {
        let value = row.get(column).chars().take(80).collect();
        faults.push(CellFault { line: row.line, column, value, problem });
    }
}

/// The cells that a spreadsheet would take for formulas.
pub(crate) fn formulas(row: &SheetRow, columns: &[&'static str]) -> Vec<CellFault> {
    let mut faults = Vec::new();
    for column in columns.iter().copied().filter(|c| is_formula(c, row.get(c))) {
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
