//! The members' mailboxes: list, export, the page of one.

use app::{
    Problem,
    queries::secretariat as queries,
    rows::{BodyFilter, BodyMailboxRow, From},
    use_cases::agreements::change_renewal::change_renewal,
};
use axum::{
    extract::{Path, RawQuery},
    http::header,
    response::IntoResponse,
};
use domain::{agreement::RenewalKind, id::MailboxId, time::Date};
use render::{
    Form, Msg, Tone,
    pages::{
        Pager,
        customer::Chip,
        secretariat::{Member, MemberLine, Members},
    },
};

use super::{agreement_line, counted};
use crate::{
    Answer, Customer, FormData,
    answer::{mendable, with_problem},
    customer::{mailboxes::harmless, words::mailbox_state},
    form,
    visit::form_encoded,
};

/// Most lines of one export.
const EXPORT_MAX: u64 = 100_000;
const EXPORT_PAGE: u64 = 500;

fn asked(query: Option<String>) -> FormData {
    query.and_then(|q| form::parse(q.as_bytes())).unwrap_or_default()
}

/// A filter out of the query; nonsense is no filter.
pub(super) fn filter(asked: &FormData, today: Date) -> BodyFilter {
    let one_of = |name: &str, known: &[&str]| asked.some(name).filter(|v| known.contains(v)).map(str::to_owned);
    BodyFilter {
        search: asked.get("q").chars().take(100).collect(),
        state: one_of("state", &["activating", "active", "expired", "cancelled", "terminated"]),
        plan: asked.some("plan").map(str::to_owned),
        renewal: one_of("renewal", &RenewalKind::ALL.map(RenewalKind::as_str)),
        ending_by: asked.number::<i32>("ending").filter(|d| [30, 60, 90].contains(d)).map(|d| today.plus_days(d)),
    }
}

/// `mbx_….address`: the place of a row in the list.
fn position(text: &str) -> Option<(&str, MailboxId)> {
    let (id, address) = text.split_once('.')?;
    Some((address, id.parse().ok()?))
}

/// The address of the list with these names left out and this one put in.
fn address(asked: &FormData, path: &str, without: &str, with: Option<(&str, String)>) -> String {
    let keep = |n: &str| ["q", "state", "plan", "renewal", "ending"].contains(&n) && n != without;
    let kept = asked.pairs().filter(|(n, v)| keep(n) && !v.trim().is_empty());
    let mut pairs: Vec<String> = kept.map(|(n, v)| format!("{n}={}", form_encoded(v.trim()))).collect();
    pairs.extend(with.map(|(n, v)| format!("{n}={}", form_encoded(&v))));
    if pairs.is_empty() { path.to_owned() } else { format!("{path}?{}", pairs.join("&")) }
}

pub(super) fn member_line(m: BodyMailboxRow, today: Date) -> MemberLine {
    MemberLine {
        id: m.id.to_string(),
        address: m.address,
        holder: m.holder_name,
        tax_key: m.holder_tax_key,
        plan: m.plan_name,
        state: mailbox_state(&m.state, m.end_day, today).into(),
        start: m.start_day,
        end: m.end_day,
        days_left: i64::from(m.end_day.days_since(today)),
        years: m.years,
        noticed: m.notice && matches!(m.state.as_str(), "active" | "expired"),
        by_body: RenewalKind::parse(&m.renewal_kind) == Some(RenewalKind::ByBody),
    }
}

pub(super) async fn list(customer: Customer, Path(code): Path<String>, RawQuery(query): RawQuery) -> Answer {
    let visit = customer.visit;
    let (asked, today) = (asked(query), visit.cx.now().date());
    let agreement = queries::agreement(&visit.cx, &code).await?;
    let counts = queries::counts(&visit.cx, &agreement).await?;
    let filter = filter(&asked, today);
    let from = match (position(asked.get("after")), position(asked.get("before"))) {
        (Some(key), _) => From::After(key),
        (_, Some(key)) => From::Before(key),
        _ => From::Start,
    };
    let page = queries::mailboxes(&visit.cx, &code, &filter, from).await?;
    let plans = queries::plans(&visit.cx, &agreement).await?;
    let plans: Vec<_> = plans.into_iter().map(|p| (p.code, p.name)).collect();
    let path = format!("/account/agreements/{code}");
    let link = |name: &'static str, row: Option<&BodyMailboxRow>| {
        row.map(|m| address(&asked, &path, "", Some((name, format!("{}.{}", m.id, m.address)))))
    };
    let pager = Pager {
        rows: page.rows.len() as i64,
        newer: link("before", page.rows.first().filter(|_| page.newer)),
        older: link("after", page.rows.last().filter(|_| page.older)),
    };
    visit.page(&Members {
        any: filter != BodyFilter::default() || !page.rows.is_empty() || asked.has("after") || asked.has("before"),
        chips: chips(&asked, &filter, &plans, &path),
        agreement: counted(agreement, &counts, today),
        form: asked.shown(),
        plans,
        pager,
        export: address(&asked, &format!("{path}/members.csv"), "", None),
        rows: page.rows.into_iter().map(|m| member_line(m, today)).collect(),
    })
}

/// The filters in force, each with the address of the list without it.
fn chips(asked: &FormData, filter: &BodyFilter, plans: &[(String, String)], path: &str) -> Vec<Chip> {
    let chip = |name: &str, words: Msg| Chip { words, without: address(asked, path, name, None) };
    let mut out = Vec::new();
    if !filter.search.is_empty() {
        out.push(chip("q", Msg::new("mailboxes-chip-search").arg("text", filter.search.clone())));
    }
    if let Some(state) = &filter.state {
        let key = match state.as_str() {
            "expired" => "mailboxes-expired".to_owned(),
            word => format!("mailbox-state-{}", mailbox_state(word, Date::from_days(i32::MAX / 2), Date::from_days(0))),
        };
        out.push(chip("state", Msg::new(key)));
    }
    if let Some(plan) = &filter.plan {
        let name = plans.iter().find(|(code, _)| code == plan).map_or(plan.clone(), |(_, name)| name.clone());
        out.push(chip("plan", Msg::new("mailboxes-chip-plan").arg("name", name)));
    }
    if let Some(kind) = &filter.renewal {
        out.push(chip("renewal", Msg::new(if kind == "by_body" { "body-by-body" } else { "body-by-holder" })));
    }
    if let Some(days) = filter.ending_by.and(asked.number::<i64>("ending")) {
        out.push(chip("ending", Msg::new("mailboxes-chip-expiring").arg("days", days)));
    }
    out
}

pub(super) async fn export(customer: Customer, Path(code): Path<String>, RawQuery(query): RawQuery) -> Answer {
    let visit = customer.visit;
    let (asked, today) = (asked(query), visit.cx.now().date());
    let filter = filter(&asked, today);
    let words = visit.cx.renderer().words();
    let say = |key: &str| words.say(visit.locale, &Msg::new(key));
    let mut csv = csv::WriterBuilder::new().delimiter(b';').from_writer(vec![]);
    let heads = [
        "mailboxes-address",
        "body-member",
        "book-key",
        "mailboxes-plan",
        "mailboxes-state",
        "body-start",
        "mailbox-end",
        "body-renewal",
    ];
    csv.write_record(heads.map(&say)).map_err(Problem::broken)?;
    let (mut last, mut written): (Option<(String, MailboxId)>, u64) = (None, 0);
    while written < EXPORT_MAX {
        let from = last.as_ref().map_or(From::Start, |(address, id)| From::After((address.as_str(), *id)));
        let rows = queries::export(&visit.cx, &code, &filter, from, EXPORT_PAGE).await?;
        let Some(end) = rows.last() else { break };
        last = Some((end.address.clone(), end.id));
        written += rows.len() as u64;
        for m in rows {
            let state = say(&format!("mailbox-state-{}", mailbox_state(&m.state, m.end_day, today)));
            let renewal = say(if m.renewal_kind == "by_body" { "body-by-body" } else { "body-by-holder" });
            let (start, end) = (m.start_day.iso(), m.end_day.iso());
            let cells = [m.address, m.holder_name, m.holder_tax_key, m.plan_name, state, start, end, renewal];
            csv.write_record(cells.each_ref().map(|c| harmless(c))).map_err(Problem::broken)?;
        }
    }
    download("iscritti.csv", csv)
}

/// A CSV file that spreadsheets read: they take UTF-8 only when told.
pub(crate) fn download(name: &str, csv: csv::Writer<Vec<u8>>) -> Answer {
    let bytes = csv.into_inner().map_err(|e| Problem::broken(e.to_string()))?;
    let body = [b"\xef\xbb\xbf".as_slice(), &bytes].concat();
    let kind = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((kind, body).into_response())
}

fn mailbox_id(text: &str) -> Result<MailboxId, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}

pub(super) async fn show(customer: Customer, Path((code, id)): Path<(String, String)>) -> Answer {
    let id = mailbox_id(&id)?;
    let kind = queries::mailbox(&customer.visit.cx, &code, id).await?.renewal_kind;
    page(&customer, &code, id, Form::new().with("renewal", kind)).await
}

async fn page(customer: &Customer, code: &str, id: MailboxId, form: Form) -> Answer {
    let visit = &customer.visit;
    let today = visit.cx.now().date();
    let agreement = agreement_line(queries::agreement(&visit.cx, code).await?, today);
    let line = member_line(queries::mailbox(&visit.cx, code, id).await?, today);
    visit.page(&Member { agreement, line, form })
}

pub(super) async fn save(customer: Customer, Path((code, id)): Path<(String, String)>, form: FormData) -> Answer {
    let (id, visit) = (mailbox_id(&id)?, &customer.visit);
    let mailbox = queries::mailbox(&visit.cx, &code, id).await?;
    match change_renewal(&visit.cx, &code, id, form.get("renewal")).await {
        Ok(()) => {
            let said = Msg::new("body-renewal-saved").arg("address", mailbox.address);
            visit.go_saying(&format!("/account/agreements/{code}"), Tone::Ok, said)
        }
        Err(p) if mendable(&p) => page(&customer, &code, id, with_problem(form.shown(), &p)).await,
        Err(p) => Err(p.into()),
    }
}
