//! A statement file of the bank (CAMT.053): taken whole or not at all; each of its movements then looks for its
//! order by itself.

use std::collections::HashMap;

use domain::{
    actor::Actor,
    audit::AuditLine,
    bank::camt::{self, NotAStatement, Statement},
    id::{MovementId, StatementId},
    operator::Permission,
};
use serde_json::json;
use store::{
    Batch, WriteTx,
    bank::{self as rows, NewMovement, NewStatement},
};

use super::account;
use crate::{
    Cx, FieldProblem, Problem, audit,
    effects::{self, Effect, match_movement::MatchMovement},
    secrets::sha256,
    use_cases::operators::authorise,
};

/// The largest file that is read, in bytes.
pub const MAX_BYTES: usize = 5 * 1024 * 1024;

/// What became of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// Movements that were taken; those that can be booked look for their orders now.
    pub movements: i64,
    /// Movements that were known: from an earlier file, or booked by hand.
    pub repeated: i64,
    /// Movements that are no payments to us.
    pub aside: i64,
}

/// Takes a file.
///
/// # Errors
/// `invalid` with the field `file`: `statement-too-large`, `statement-known` (this file, or one of its statements,
/// was taken before), and the codes of [`NotAStatement`]; `bank-missing`; `Forbidden`.
pub async fn take_statement(cx: &Cx, file: Vec<u8>) -> Result<Taken, Problem> {
    authorise(cx, Permission::MoveMoney)?;
    let iban = account(cx.settings())?.iban.clone();
    if file.len() > MAX_BYTES {
        return Err(refused(FieldProblem::new("file", "statement-too-large").with("mib", MAX_BYTES / 1024 / 1024)));
    }
    let text = std::str::from_utf8(file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&file));
    let text = text.map_err(|_| refused(FieldProblem::new("file", "statement-not-xml").with("row", 1)))?;
    let statements = camt::read(text, &iban).map_err(|e| refused(told(&e)))?;
    let (inner, hash) = (cx.clone(), sha256(&file));
    cx.write_bulk(async move |tx| {
        if let Some(at) = rows::file_known(tx, &hash).await? {
            let known = FieldProblem::new("file", "statement-known");
            return Err(refused(known.with("day", at.date().iso())));
        }
        let mut taken = Taken::default();
        for statement in &statements {
            keep(tx, &inner, statement, &hash, &mut taken).await?;
        }
        Ok(taken)
    })
    .await
}

fn refused(problem: FieldProblem) -> Problem {
    Problem::invalid(vec![problem])
}

fn told(e: &NotAStatement) -> FieldProblem {
    let problem = FieldProblem::new("file", e.code());
    match e {
        NotAStatement::NotXml { row } => problem.with("row", row),
        NotAStatement::Wrong { element, row } => problem.with("row", row).with("element", element),
        NotAStatement::OtherSchema { found } | NotAStatement::OtherAccount { found } => problem.with("found", found),
        NotAStatement::TooMany => problem.with("max", camt::MOVEMENTS_MAX),
        NotAStatement::Unbalanced { statement } => problem.with("statement", statement),
    }
}

async fn keep(
    tx: &mut WriteTx,
    cx: &Cx,
    statement: &Statement,
    hash: &[u8; 32],
    taken: &mut Taken,
) -> Result<(), Problem> {
    if let Some(at) = rows::statement_known(tx, &statement.account, &statement.id).await? {
        return Err(refused(FieldProblem::new("file", "statement-known").with("day", at.date().iso())));
    }
    let id: StatementId = cx.new_id();
    let operator = match cx.actor {
        Actor::Operator { operator, .. } => Some(operator),
        _ => None,
    };
    let mut batch = Batch::new();
    let new = NewStatement {
        id,
        account: &statement.account,
        reference: &statement.id,
        file_sha256: hash,
        movements: statement.movements.len() as i64,
        made_at: statement.made_at,
        taken_at: cx.now(),
        operator,
    };
    rows::insert_statement(&mut batch, &new);
    tx.batch(batch).await?;
    let sorted = sort(tx, cx, statement, taken).await?;
    let mut batch = Batch::new();
    for m in &sorted {
        rows::insert_movement(&mut batch, &m.row(cx, id));
    }
    tx.batch(batch).await?;
    let fresh = sorted.iter().filter(|m| m.state == "new");
    let wishes: Vec<_> =
        fresh.map(|m| MatchMovement { movement: m.id }.request(("movement", m.id.uuid()), None, cx.now())).collect();
    effects::enqueue(tx, cx, &wishes).await?;
    let details = json!({ "reference": statement.id, "movements": sorted.len() });
    audit::record(tx, cx, &AuditLine::new("statement.taken", "statement", id.uuid(), details)).await
}

/// A movement with what is decided about it by the file alone.
struct Sorted<'a> {
    id: MovementId,
    movement: &'a camt::Movement,
    account: &'a str,
    reference: String,
    state: &'static str,
    reason_code: Option<&'static str>,
}
impl Sorted<'_> {
    fn row(&self, cx: &Cx, statement: StatementId) -> NewMovement<'_> {
        let m = self.movement;
        NewMovement {
            id: self.id,
            account: self.account,
            reference: &self.reference,
            statement: Some(statement),
            state: self.state,
            reason_code: self.reason_code,
            amount: m.amount,
            currency: &m.currency,
            value_day: m.value_day,
            payer: m.payer.as_deref(),
            payer_account: m.payer_account.as_deref(),
            reason: &m.reason,
            taken_at: cx.now(),
        }
    }
}

/// Movements that are known are dropped. One that has the name of another but not its amount is no repetition:
/// a person has to look.
async fn sort<'a>(
    tx: &mut WriteTx,
    cx: &Cx,
    statement: &'a Statement,
    taken: &mut Taken,
) -> Result<Vec<Sorted<'a>>, Problem> {
    let mut names: HashMap<String, &camt::Movement> = HashMap::new();
    let mut out = Vec::with_capacity(statement.movements.len());
    for movement in &statement.movements {
        let mut reference = movement.reference.clone();
        let mut odd = false;
        if let Some(known) = rows::known(tx, &statement.account, &reference).await? {
            let before = rows::movement(tx, known).await?.ok_or_else(Problem::not_found)?;
            if before.amount_cents == movement.amount && before.currency == movement.currency {
                taken.repeated += 1;
                continue;
            }
            odd = true;
        }
        if let Some(before) = names.get(&reference) {
            if *before == movement {
                taken.repeated += 1;
                continue;
            }
            odd = true;
        }
        if odd {
            reference = format!("{reference}~{}~{}", statement.id, out.len() + 1);
        }
        names.insert(movement.reference.clone(), movement);
        let (state, reason_code) = match movement.aside {
            Some(aside) => ("aside", Some(aside.as_str())),
            None if odd => ("unmatched", Some("same_reference")),
            None => ("new", None),
        };
        match state {
            "aside" => taken.aside += 1,
            _ => taken.movements += 1,
        }
        out.push(Sorted { id: cx.new_id(), movement, account: &statement.account, reference, state, reason_code });
    }
    Ok(out)
}
