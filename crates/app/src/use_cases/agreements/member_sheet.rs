//! Judges a file of members line by line: each cell by the rules of a registration, names and fiscal codes against the
//! file itself and against the register.

use std::collections::{BTreeMap, HashMap};

use domain::{
    address::{Availability, availability},
    ident::local_part::LocalPart,
    party::Typed,
};
use serde::{Deserialize, Serialize};
use store::{
    addresses,
    member_imports::{self as rows, NewLine},
    secretariat::{BodyAgreementRow, PlanNameRow},
};

use crate::{
    Cx, FieldProblem, Problem,
    use_cases::orders::{
        import_holder::person,
        import_rows::{CellFault, formulas, push},
        import_sheet::{Layout, SheetRow},
    },
};

/// The columns, in the order of the template.
pub const COLUMNS: [&str; 11] = [
    "nome",
    "codice_fiscale",
    "nome_titolare",
    "cognome_titolare",
    "indirizzo",
    "cap",
    "comune",
    "provincia",
    "email",
    "cellulare",
    "piano",
];
/// A file of members: the plan is the first of the price list where the column is missing or empty.
pub const MEMBERS: Layout = Layout {
    columns: &COLUMNS,
    needed: COLUMNS.first_chunk::<10>().expect("ten of eleven"),
    max_rows: 10_000,
    max_bytes: 4 * 1024 * 1024,
};

/// What is kept of a line until its mailbox is made.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Kept {
    pub(super) name: String,
    pub(super) member: Typed,
}

/// What is wrong with a cell, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    pub column: String,
    pub value: String,
    /// Of the words, `problem-<code>`.
    pub code: String,
    pub args: BTreeMap<String, String>,
}
impl From<CellFault> for Fault {
    fn from(f: CellFault) -> Self {
        let args = f.problem.args.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Self { column: f.column.into(), value: f.value, code: f.problem.code, args }
    }
}

/// A line with its faults, as it is kept.
pub(super) struct Judged {
    pub(super) lines: Vec<NewLine>,
    pub(super) wrong: i64,
}

/// Judges all lines.
///
/// # Errors
/// When the store cannot be read.
pub(super) async fn judge(
    cx: &Cx,
    agreement: &BodyAgreementRow,
    plans: &[PlanNameRow],
    sheet: &[SheetRow],
) -> Result<Judged, Problem> {
    let today = cx.now().date();
    let mut lines: Vec<Line> = sheet.iter().map(|row| Line::of(row, agreement, plans, today)).collect();
    repeated(sheet, &mut lines);
    registered(cx, agreement, sheet, &mut lines).await?;
    let wrong = lines.iter().filter(|l| !l.faults.is_empty()).count() as i64;
    let lines = lines.into_iter().map(Line::kept).collect::<Result<_, _>>()?;
    Ok(Judged { lines, wrong })
}

struct Line {
    line: usize,
    local: Option<String>,
    address: String,
    plan: String,
    member: Option<(Typed, String, String)>,
    faults: Vec<CellFault>,
}

impl Line {
    fn of(row: &SheetRow, agreement: &BodyAgreementRow, plans: &[PlanNameRow], today: domain::time::Date) -> Self {
        let mut faults = formulas(row, &COLUMNS);
        let local = LocalPart::parse::<&str>(row.get("nome"), &[]).map(|l| l.to_string());
        if let Err(e) = &local {
            push(&mut faults, row, "nome", FieldProblem::new("nome", e.code()));
        }
        let typed = row.get("piano").to_lowercase();
        let plan = match typed.as_str() {
            "" => plans.first(),
            word => plans.iter().find(|p| p.code == word || p.name.to_lowercase() == word),
        };
        if plan.is_none() {
            let names = plans.iter().map(|p| p.name.as_str()).collect::<Vec<_>>().join(", ");
            push(&mut faults, row, "piano", FieldProblem::new("piano", "members-plan").with("plans", names));
        }
        let member = match person(row, today) {
            Ok((typed, subject)) => Some((typed, subject.tax_key().to_owned(), subject.display_name())),
            Err(found) => {
                for fault in found {
                    push(&mut faults, row, fault.column, fault.problem);
                }
                None
            }
        };
        let local = local.ok();
        let name = local.as_deref().unwrap_or_else(|| row.get("nome"));
        Self {
            line: row.line,
            address: format!("{name}@{}", agreement.domain),
            plan: plan.map_or(typed.clone(), |p| p.code.clone()),
            local,
            member,
            faults,
        }
    }

    fn kept(mut self) -> Result<NewLine, Problem> {
        self.faults.sort_by_key(|f| COLUMNS.iter().position(|c| *c == f.column));
        let faults: Vec<Fault> = self.faults.into_iter().map(Fault::from).collect();
        let holder_name = self.member.as_ref().map_or(String::new(), |(_, _, name)| name.clone());
        let typed = match (self.local, self.member, faults.is_empty()) {
            (Some(name), Some((member, ..)), true) => Some(json(&Kept { name, member })?),
            _ => None,
        };
        let faults = if faults.is_empty() { None } else { Some(json(&faults)?) };
        Ok(NewLine { line: self.line as i64, address: self.address, holder_name, plan: self.plan, typed, faults })
    }
}

pub(super) fn json(value: &impl Serialize) -> Result<String, Problem> {
    serde_json::to_string(value).map_err(Problem::broken)
}

/// Names and fiscal codes that stand in the file twice: the second one is told, with the line of the first.
fn repeated(sheet: &[SheetRow], lines: &mut [Line]) {
    let (mut names, mut members) = (HashMap::new(), HashMap::new());
    for (row, line) in sheet.iter().zip(lines) {
        if line.local.is_some()
            && let Some(first) = names.insert(line.address.clone(), line.line)
        {
            let same = FieldProblem::new("nome", "import-name-repeated").with("line", first);
            push(&mut line.faults, row, "nome", same);
        }
        if let Some((_, key, _)) = &line.member
            && let Some(first) = members.insert(key.clone(), line.line)
        {
            let same = FieldProblem::new("codice_fiscale", "members-repeated").with("line", first);
            push(&mut line.faults, row, "codice_fiscale", same);
        }
    }
}

/// Names that are taken, and members who have a mailbox of this agreement.
async fn registered(
    cx: &Cx,
    agreement: &BodyAgreementRow,
    sheet: &[SheetRow],
    lines: &mut [Line],
) -> Result<(), Problem> {
    let q = &mut cx.store();
    let asked: Vec<String> = lines.iter().filter(|l| l.local.is_some()).map(|l| l.address.clone()).collect();
    let mut taken = HashMap::new();
    for row in addresses::find_many(q, &asked).await? {
        taken.insert(row.address.clone(), row.entry()?);
    }
    let known = rows::known(q, &agreement.code).await?;
    let known: HashMap<_, _> = known.into_iter().map(|k| (k.holder_tax_key, k.address)).collect();
    for (row, line) in sheet.iter().zip(lines) {
        let key = line.member.as_ref().map(|(_, key, _)| key.as_str());
        if let Some(address) = key.and_then(|key| known.get(key)) {
            let known = FieldProblem::new("codice_fiscale", "members-known").with("address", address);
            push(&mut line.faults, row, "codice_fiscale", known);
        }
        if availability(taken.get(&line.address), key) == Availability::Taken {
            let taken = FieldProblem::new("nome", "import-name-taken").with("address", &line.address);
            push(&mut line.faults, row, "nome", taken);
        }
    }
    Ok(())
}
