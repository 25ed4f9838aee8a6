//! `/office/transfers`: movements of the account, booked by hand or from a statement file.

use app::{
    Problem,
    queries::transfers as queries,
    rows::{From, MovementRow},
    use_cases::transfers::{
        book_by_hand::{Typed, book_by_hand},
        decide_movement::{Choice, decide_movement},
        take_statement::{MAX_BYTES, take_statement},
    },
};
use axum::extract::{FromRequest, Path, RawQuery, Request, State};
use domain::{
    bank::grouped_iban,
    id::{MovementId, StatementId},
    operator::Permission,
    time::Timestamp,
};
use render::{
    Form, Msg, Tone,
    pages::{
        Further, Pager,
        transfers::{BookTransfer, MovementLine, MovementPage, Movements, StatementLine, Statements},
    },
};

use crate::{
    Answer, AppState, FormData, Operator,
    answer::{mendable, with_problem, words},
    form,
    upload::Upload,
};

const PAGE: &str = "/office/transfers";
const STATEMENTS: &str = "/office/transfers/statement";
/// The file, and what a browser writes around it.
pub(super) const UPLOAD_MAX: usize = MAX_BYTES + 64 * 1024;

fn position(text: &str) -> Option<(Timestamp, MovementId)> {
    let (at, id) = text.split_once('.')?;
    Some((Timestamp::from_micros(at.parse().ok()?), id.parse().ok()?))
}

pub(super) async fn list(operator: Operator, RawQuery(query): RawQuery) -> Answer {
    let asked = query.and_then(|q| form::parse(q.as_bytes())).unwrap_or_default();
    let state = asked.some("state").filter(|s| queries::STATES.contains(s));
    let from = match (position(asked.get("after")), position(asked.get("before"))) {
        (Some(key), _) => From::After(key),
        (_, Some(key)) => From::Before(key),
        _ => From::Start,
    };
    let page = queries::movements(&operator.visit.cx, state, from).await?;
    let link = |name: &str, row: Option<&MovementRow>| {
        row.map(|m| format!("{PAGE}?state={}&{name}={}.{}", state.unwrap_or_default(), m.taken_at.micros(), m.id))
    };
    let pager = Pager {
        rows: page.rows.len() as i64,
        newer: link("before", page.rows.first().filter(|_| page.newer)),
        older: link("after", page.rows.last().filter(|_| page.older)),
    };
    operator.visit.page(&Movements {
        rows: page.rows.into_iter().map(line).collect(),
        states: queries::STATES.map(String::from).into(),
        state: state.unwrap_or_default().into(),
        pager,
        may_book: operator.role.may(Permission::MoveMoney),
    })
}

fn line(m: MovementRow) -> MovementLine {
    MovementLine {
        id: m.id.to_string(),
        reference: m.reference,
        state: m.state,
        why: m.reason_code,
        amount: m.amount_cents,
        currency: m.currency,
        value_day: m.value_day,
        payer: m.payer,
        reason: m.reason,
        order: m.order_number,
    }
}

fn movement_id(text: &str) -> Result<MovementId, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}

pub(super) async fn show(operator: Operator, Path(id): Path<String>) -> Answer {
    page(&operator, movement_id(&id)?, Form::new()).await
}

async fn page(operator: &Operator, id: MovementId, form: Form) -> Answer {
    let m = queries::movement(&operator.visit.cx, id).await?;
    let waits = matches!(m.state.as_str(), "unmatched" | "unknown");
    operator.visit.page(&MovementPage {
        payer_account: m.payer_account.as_deref().map(grouped_iban),
        taken: m.taken_at,
        by_hand: m.statement_id.is_none(),
        note: m.note.clone(),
        order_id: m.order_id.map(|o| o.to_string()),
        version: m.version,
        open: waits && operator.role.may(Permission::MoveMoney),
        line: line(m),
        form,
    })
}

pub(super) async fn book_on(operator: Operator, Path(id): Path<String>, form: FormData) -> Answer {
    operator.must(Permission::MoveMoney)?;
    let choice = Choice::Book { order: form.get("order").into() };
    decide(&operator, movement_id(&id)?, &form, choice, "office-movement-booked").await
}

pub(super) async fn close(operator: Operator, Path(id): Path<String>, form: FormData) -> Answer {
    operator.must(Permission::MoveMoney)?;
    let note = form.get("note").to_owned();
    let (choice, said) = match form.get("choice") {
        "give_back" => (Choice::GiveBack { note }, "office-movement-was-given-back"),
        _ => (Choice::Leave { note }, "office-movement-was-left"),
    };
    decide(&operator, movement_id(&id)?, &form, choice, said).await
}

async fn decide(operator: &Operator, id: MovementId, form: &FormData, choice: Choice, said: &str) -> Answer {
    let version = form.number("version").unwrap_or(0);
    match decide_movement(&operator.visit.cx, id, version, choice).await {
        Ok(()) => operator.visit.go_saying(&format!("{PAGE}/{id}"), Tone::Ok, Msg::new(said)),
        // Somebody else decided meanwhile: the page shows what.
        Err(p) if p.is("movement-decided") => operator.visit.go_saying(&format!("{PAGE}/{id}"), Tone::Info, words(&p)),
        Err(p) if mendable(&p) => page(operator, id, with_problem(form.shown(), &p)).await,
        Err(p) => Err(p.into()),
    }
}

pub(super) async fn ask_book(operator: Operator, RawQuery(query): RawQuery) -> Answer {
    operator.must(Permission::MoveMoney)?;
    let asked = query.and_then(|q| form::parse(q.as_bytes())).unwrap_or_default();
    operator.visit.page(&BookTransfer { form: Form::new().with("order", asked.get("order")) })
}

pub(super) async fn book(operator: Operator, form: FormData) -> Answer {
    operator.must(Permission::MoveMoney)?;
    let text = |name: &str| form.get(name).to_owned();
    let typed = Typed {
        order: text("order"),
        amount: text("amount"),
        value_day: text("value_day"),
        reference: text("reference"),
        payer: text("payer"),
    };
    match book_by_hand(&operator.visit.cx, &typed).await {
        Ok(_) => {
            let said = Msg::new("office-transfer-booked").arg("number", typed.order);
            operator.visit.go_saying(PAGE, Tone::Ok, said)
        }
        Err(p) if mendable(&p) => operator.visit.page(&BookTransfer { form: with_problem(form.shown(), &p) }),
        Err(p) => Err(p.into()),
    }
}

/// `moment.identifier` of the last statement before.
fn statement_place(text: &str) -> Option<(Timestamp, StatementId)> {
    let (at, id) = text.split_once('.')?;
    Some((Timestamp::from_micros(at.parse().ok()?), id.parse().ok()?))
}

pub(super) async fn statements(operator: Operator, RawQuery(query): RawQuery) -> Answer {
    operator.must(Permission::MoveMoney)?;
    let asked = query.and_then(|q| form::parse(q.as_bytes())).unwrap_or_default();
    statements_page(&operator, Form::new(), statement_place(asked.get("after"))).await
}

async fn statements_page(operator: &Operator, form: Form, after: Option<(Timestamp, StatementId)>) -> Answer {
    let (found, more) = queries::statements(&operator.visit.cx, after).await?;
    let last = found.last().filter(|_| more);
    let further = Further {
        start: after.is_some().then(|| format!("{STATEMENTS}#taken")),
        more: last.map(|s| format!("{STATEMENTS}?after={}.{}#taken", s.taken_at.micros(), s.id)),
    };
    let rows = found.into_iter().map(|s| StatementLine {
        reference: s.reference,
        taken: s.taken_at,
        movements: s.movements,
        booked: s.booked,
        waiting: s.waiting,
        fresh: s.fresh,
    });
    let demo = operator.visit.cx.settings().demo;
    operator.visit.page(&Statements {
        rows: rows.collect(),
        further,
        max_mib: (MAX_BYTES / 1024 / 1024) as i64,
        sample: demo.then(|| "/demo/statement.xml".into()),
        form,
    })
}

/// Who may not is told so before anything of the file is read.
pub(super) async fn take(operator: Operator, State(state): State<AppState>, request: Request) -> Answer {
    operator.must(Permission::MoveMoney)?;
    let upload = Upload::from_request(request, &state).await?;
    if upload.file.is_empty() {
        let form = Form::new().with_error("file", Msg::problem("statement-missing"));
        return statements_page(&operator, form, None).await;
    }
    match take_statement(&operator.visit.cx, upload.file).await {
        Ok(taken) => {
            let said = Msg::new("office-statement-taken")
                .arg("count", taken.movements)
                .arg("repeated", taken.repeated)
                .arg("aside", taken.aside);
            operator.visit.go_saying(PAGE, Tone::Ok, said)
        }
        Err(p) if mendable(&p) => statements_page(&operator, with_problem(Form::new(), &p), None).await,
        Err(p) => Err(p.into()),
    }
}
