//! Works off a file of members, a few lines in each transaction: with the mailboxes it notes how far it is, so that
//! whoever takes it up again makes nothing twice.

use std::collections::BTreeMap;

use domain::id::MemberImportId;
use store::{
    WriteTx,
    member_imports::{self as rows, WaitingRow, Worked},
};

use super::{
    give_mailbox::{Gift, GiveMailbox, Offer},
    member_sheet::{Fault, Kept, json},
};
use crate::{Cx, FieldProblem, Problem, problem::ProblemKind};

/// Lines in one transaction: others wait for no more than that.
pub(crate) const PAGE: i64 = 20;

/// A line that is ready to be made, or why it cannot be.
pub(crate) struct Ready {
    line: i64,
    gift: Result<Gift, Problem>,
}

/// Checks lines once more, since days may have gone by, and takes their numbers.
///
/// # Errors
/// When the store cannot be read or written.
pub(crate) async fn make_ready(cx: &Cx, agreement: &str, waiting: Vec<WaitingRow>) -> Result<Vec<Ready>, Problem> {
    let mut out = Vec::with_capacity(waiting.len());
    for row in waiting {
        let kept: Kept = serde_json::from_str(row.typed.as_deref().unwrap_or_default()).map_err(Problem::broken)?;
        let asked = GiveMailbox {
            agreement: agreement.to_owned(),
            plan: row.plan_code,
            name: kept.name,
            member: kept.member,
            password: None,
        };
        let gift = match Gift::new(cx, asked).await {
            Err(p) if !told(&p) => return Err(p),
            done => done,
        };
        out.push(Ready { line: row.line, gift });
    }
    Ok(out)
}

/// A refusal of the line alone; everything else stops the work, which is taken up again later.
fn told(problem: &Problem) -> bool {
    matches!(problem.kind, ProblemKind::Invalid | ProblemKind::Refused)
}

/// Makes the mailboxes of the lines after `after` in this transaction. Answers the last of them, or nothing when somebody
/// else has done so.
///
/// # Errors
/// When the store cannot be read or written.
pub(crate) async fn work_off(
    tx: &mut WriteTx,
    cx: &Cx,
    import: MemberImportId,
    after: i64,
    (agreement, ready): (&str, &[Ready]),
) -> Result<Option<i64>, Problem> {
    match rows::by_id(tx, import).await? {
        Some(found) if found.state == "running" && found.last_line == after => {}
        _ => return Ok(None),
    }
    let offer = match Offer::of(tx, cx, agreement).await {
        Err(p) if !told(&p) => return Err(p),
        offer => offer,
    };
    let (mut made, mut worked) = (0, Vec::with_capacity(ready.len()));
    for Ready { line, gift } in ready {
        let given = match (gift, &offer) {
            (Err(p), _) | (_, Err(p)) => Err(p.clone()),
            (Ok(gift), Ok(offer)) => gift.give(tx, cx, offer, made).await,
        };
        worked.push((
            *line,
            match given {
                Ok(mailbox) => {
                    made += 1;
                    Worked::Made(mailbox)
                }
                Err(p) if told(&p) => Worked::Failed(json(&faults(p))?),
                Err(p) => return Err(p),
            },
        ));
    }
    rows::advance(tx, import, after, &worked).await?;
    let last = worked.last().map_or(after, |(line, _)| *line);
    if rows::waiting(tx, import, last, 1).await?.is_empty() {
        rows::set_state(tx, import, ("running", "done"), Some(cx.now())).await?;
        return Ok(None);
    }
    Ok(Some(last))
}

/// Why a mailbox was not made, by columns of the file where one is to blame.
fn faults(p: Problem) -> Vec<Fault> {
    let column = |f: &FieldProblem| if f.field == "name" { "nome".to_owned() } else { f.field.clone() };
    let words = |args: BTreeMap<&'static str, String>| args.into_iter().map(|(n, v)| (n.to_owned(), v)).collect();
    if p.fields.is_empty() {
        return vec![Fault { column: String::new(), value: String::new(), code: p.code.into(), args: words(p.args) }];
    }
    let fault = |f: FieldProblem| Fault { column: column(&f), value: String::new(), code: f.code, args: words(f.args) };
    p.fields.into_iter().map(fault).collect()
}
