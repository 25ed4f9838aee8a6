//! The list of mailboxes with its filters and its export, and the card of one.

use app::{
    Problem, queries,
    rows::{CardRow, From, MailboxFilter, MailboxListRow},
    use_cases::orders::{
        buy_again::{self, again},
        cart,
    },
};
use axum::{
    extract::{Path, RawQuery},
    http::header,
    response::IntoResponse,
};
use domain::{
    id::MailboxId,
    ident::email,
    mailbox::usage,
    order::cart::Step,
    time::{Date, Timestamp},
};
use render::{
    Msg, Tone,
    pages::{
        Moment, Pager, When,
        card::{Again, Card, Ending, Falls, RenewalLinks, Used},
        customer::{Chip, Mailboxes, OrderLine},
    },
};

use super::{
    terminations::{ending, plain_ending},
    words::{mailbox_line, mailbox_state, order_state},
};
use crate::{
    Answer, Customer, FormData,
    answer::{mendable, words},
    form, order,
    shop::cart_cookie,
    visit::form_encoded,
};

/// Most lines of one export.
const EXPORT_MAX: u64 = 10_000;
const EXPORT_PAGE: u64 = 500;

fn asked(query: Option<String>) -> FormData {
    query.and_then(|q| form::parse(q.as_bytes())).unwrap_or_default()
}

/// Word of the filter by state for what is under notice; the state of those is another.
const NOTICED: &str = "noticed";

/// A filter out of the query; nonsense is no filter.
fn filter(asked: &FormData, today: Date) -> MailboxFilter {
    let one_of = |name: &str, known: &[&str]| asked.some(name).filter(|v| known.contains(v)).map(str::to_owned);
    MailboxFilter {
        search: asked.get("q").chars().take(100).collect(),
        state: one_of("state", &["activating", "active", "expired", "cancelled", "terminated"]),
        plan: asked.some("plan").map(str::to_owned),
        holder_kind: one_of("holder", &["account", "profile"]),
        noticed: asked.get("state") == NOTICED,
        expiring_by: asked.number::<i32>("expiring").filter(|d| [30, 60, 90].contains(d)).map(|d| today.plus_days(d)),
        descending: asked.get("sort") == "-end",
    }
}

/// `12345.mbx_…`: the place of a row in the list.
fn position(text: &str) -> Option<(Date, MailboxId)> {
    let (day, id) = text.split_once('.')?;
    Some((Date::from_days(day.parse().ok()?), id.parse().ok()?))
}

fn from(asked: &FormData) -> From<(Date, MailboxId)> {
    match (position(asked.get("after")), position(asked.get("before"))) {
        (Some(key), _) => From::After(key),
        (_, Some(key)) => From::Before(key),
        _ => From::Start,
    }
}

/// The query of the list with these names left out and this one put in.
fn address(asked: &FormData, path: &str, without: &[&str], with: Option<(&str, String)>) -> String {
    let keep = |n: &str| ["q", "state", "plan", "holder", "expiring", "sort"].contains(&n) && !without.contains(&n);
    let kept = asked.pairs().filter(|(n, v)| keep(n) && !v.trim().is_empty());
    let mut pairs: Vec<String> = kept.map(|(n, v)| format!("{n}={}", form_encoded(v.trim()))).collect();
    pairs.extend(with.map(|(n, v)| format!("{n}={}", form_encoded(&v))));
    if pairs.is_empty() { path.to_owned() } else { format!("{path}?{}", pairs.join("&")) }
}

pub(super) async fn list(customer: Customer, RawQuery(query): RawQuery) -> Answer {
    let Customer { visit, login, .. } = customer;
    let (asked, today) = (asked(query), visit.cx.now().date());
    let filter = filter(&asked, today);
    let page = queries::mailboxes::list(&visit.cx, login, &filter, from(&asked)).await?;
    const PATH: &str = "/account/mailboxes";
    let key = |m: &MailboxListRow| format!("{}.{}", m.end_day.days(), m.id);
    let link = |name: &'static str, row: Option<&MailboxListRow>| {
        row.map(|m| address(&asked, PATH, &[], Some((name, key(m)))))
    };
    let pager = Pager {
        rows: page.rows.len() as i64,
        newer: link("before", page.rows.first().filter(|_| page.newer)),
        older: link("after", page.rows.last().filter(|_| page.older)),
    };
    let turned = (!filter.descending).then(|| ("sort", "-end".to_owned()));
    let plans = cart::offers(&visit.cx).await?;
    let plans: Vec<_> = plans.into_iter().map(|o| (o.plan.code, o.plan.name)).collect();
    let filtered = filter != MailboxFilter { descending: filter.descending, ..MailboxFilter::default() };
    visit.page(&Mailboxes {
        any: filtered || !page.rows.is_empty() || asked.has("after") || asked.has("before"),
        chips: chips(&asked, &filter, &plans),
        form: asked.shown(),
        plans,
        pager,
        descending: filter.descending,
        other_order: address(&asked, PATH, &["sort"], turned),
        export: address(&asked, "/account/mailboxes.csv", &[], None),
        rows: page.rows.into_iter().map(|m| mailbox_line(m, today)).collect(),
    })
}

/// The filters in force, each with the address of the list without it.
fn chips(asked: &FormData, filter: &MailboxFilter, plans: &[(String, String)]) -> Vec<Chip> {
    let chip = |name: &str, words: Msg| Chip { words, without: address(asked, "/account/mailboxes", &[name], None) };
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
    if filter.noticed {
        out.push(chip("state", Msg::new("mailboxes-noticed")));
    }
    if let Some(plan) = &filter.plan {
        let name = plans.iter().find(|(code, _)| code == plan).map_or(plan.clone(), |(_, name)| name.clone());
        out.push(chip("plan", Msg::new("mailboxes-chip-plan").arg("name", name)));
    }
    if let Some(kind) = &filter.holder_kind {
        let key = if kind == "account" { "mailboxes-own" } else { "mailboxes-others" };
        out.push(chip("holder", Msg::new(key)));
    }
    if let Some(days) = filter.expiring_by.and(asked.number::<i64>("expiring")) {
        out.push(chip("expiring", Msg::new("mailboxes-chip-expiring").arg("days", days)));
    }
    out
}

pub(super) async fn export(customer: Customer, RawQuery(query): RawQuery) -> Answer {
    let Customer { visit, login, .. } = customer;
    let (asked, today) = (asked(query), visit.cx.now().date());
    let filter = filter(&asked, today);
    let words = visit.cx.renderer().words();
    let say = |key: &str| words.say(visit.locale, &Msg::new(key));
    let mut csv = csv::WriterBuilder::new().delimiter(b';').from_writer(vec![]);
    let heads = ["mailboxes-address", "mailboxes-plan", "mailboxes-holder", "mailboxes-state", "mailbox-end"];
    csv.write_record(heads.map(&say)).map_err(Problem::broken)?;
    let (mut from, mut written) = (From::Start, 0);
    while written < EXPORT_MAX {
        let rows = queries::mailboxes::export(&visit.cx, login, &filter, from, EXPORT_PAGE).await?;
        let Some(last) = rows.last() else { break };
        from = From::After((last.end_day, last.id));
        written += rows.len() as u64;
        for m in &rows {
            let mut state = say(&format!("mailbox-state-{}", mailbox_state(&m.state, m.end_day, today)));
            if m.notice && matches!(m.state.as_str(), "active" | "expired") {
                state = format!("{state} ({})", say("mailboxes-noticed"));
            }
            let cells = [&m.address, &m.plan_name, &m.holder_name, &state, &m.end_day.iso()].map(|c| harmless(c));
            csv.write_record(&cells).map_err(Problem::broken)?;
        }
    }
    let bytes = csv.into_inner().map_err(|e| Problem::broken(e.to_string()))?;
    // Spreadsheets read UTF-8 only when told.
    let body = [b"\xef\xbb\xbf".as_slice(), &bytes].concat();
    let kind = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"caselle.csv\""),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((kind, body).into_response())
}

/// A cell that a spreadsheet would take for a formula begins with an apostrophe instead.
pub(crate) fn harmless(cell: &str) -> String {
    // Some programs pass over blanks, and take the wide signs of East Asia for the narrow ones.
    let formula = cell.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    if formula || cell.starts_with(['\t', '\r', '\n']) { format!("'{cell}") } else { cell.to_owned() }
}

pub(super) async fn card(customer: Customer, Path(id): Path<String>) -> Answer {
    let Customer { visit, login, .. } = customer;
    let id: MailboxId = id.parse().map_err(|_| Problem::not_found())?;
    let row = queries::mailboxes::card(&visit.cx, login, id).await?;
    let now = visit.cx.now();
    let doings = queries::renewals::doings(&row, now.date());
    let plain = plain_ending(&row, now.date());
    let mut card = page(row, now);
    let pending = doings.pending.map(|order| order.to_string());
    card.renewal = RenewalLinks { renew: doings.renew, pending, switch: doings.switch };
    card.ending = match plain {
        Some(plain) => plain,
        None => ending(&queries::terminations::standing(&visit.cx, id).await?),
    };
    if matches!(card.state.as_str(), "CANCELLATA" | "DISDETTA") {
        let refused = match again(&visit.cx, id).await {
            Ok(_) => None,
            Err(problem) if mendable(&problem) => Some(words(&problem)),
            Err(problem) => return Err(problem.into()),
        };
        card.again = Some(Again { refused });
    }
    visit.page(&card)
}

/// «Acquista di nuovo»: on to the order, whose steps are filled in.
pub(super) async fn buy_again(customer: Customer, Path(id): Path<String>, _: FormData) -> Answer {
    let visit = &customer.visit;
    let id: MailboxId = id.parse().map_err(|_| Problem::not_found())?;
    match buy_again::buy_again(&visit.cx, id).await {
        Ok(token) => {
            let mut response = visit.go_saying(order::path(Step::Review), Tone::Info, Msg::new("again-started"))?;
            response.headers_mut().append(header::SET_COOKIE, cart_cookie(&token, &visit.state));
            Ok(response)
        }
        Err(problem) if mendable(&problem) => {
            visit.go_saying(&format!("/account/mailboxes/{id}"), Tone::Warn, words(&problem))
        }
        Err(problem) => Err(problem.into()),
    }
}

/// The card as a page; also for the holder who signs in with the mailbox.
pub(crate) fn page(m: CardRow, now: Timestamp) -> Card {
    let today = now.date();
    let mib = |n: i64| (n.max(0) as u64) << 20;
    let state = mailbox_state(&m.state, m.end_day, today);
    Card {
        id: m.id.to_string(),
        state: state.into(),
        plan: m.plan_name.clone(),
        holder: m.holder_name.clone(),
        holder_profile: m.holder_id.map(|id| id.to_string()),
        end: m.end_day,
        days_left: i64::from(m.end_day.days_since(today)),
        auto_renew: m.auto_renew,
        renewal: RenewalLinks::default(),
        years: m.years,
        space: mib(m.space_mib + m.extra_space_mib),
        used: used(&m, now),
        counted: m.counted_at.is_some(),
        falls: m.falls_to_mib.zip(m.falls_after_day).map(|(to, after)| Falls { bytes: mib(to), after }),
        archive: mib(m.archive_mib),
        has_password: m.password_changed_at.is_some(),
        password_changed: m.password_changed_at.map(|t| t.date()),
        contact_email: email::masked(&m.contact_email),
        contact_mobile: m.contact_mobile.as_deref().map(domain::ident::phone::masked),
        order: OrderLine {
            id: m.order_id.to_string(),
            number: m.order_number.clone(),
            kind: m.order_kind.clone(),
            state: order_state(&m.order_state).into(),
            placed: m.order_placed_at.date(),
            gross: m.order_gross_cents,
            mailboxes: 1,
        },
        history: history(&m, today),
        ending: Ending::default(),
        again: None,
        address: m.address,
    }
}

/// What lies in it, if the mail servers told lately.
fn used(m: &CardRow, now: Timestamp) -> Option<Used> {
    let (kib, at) = m.used_kib.zip(m.counted_at)?;
    let percent = usage::percent(kib, (m.space_mib + m.extra_space_mib) * 1024);
    (at.plus_us(usage::GOOD_FOR_US) > now).then(|| Used { bytes: (kib.max(0) as u64) << 10, percent, at })
}

/// From what is planned back to the order.
fn history(m: &CardRow, today: Date) -> Vec<Moment> {
    let moment = |day, kind, key: &str| Moment { day, kind, words: Msg::new(format!("card-moment-{key}")) };
    let mut out = Vec::new();
    if matches!(m.state.as_str(), "activating" | "active" | "expired") {
        if !m.auto_renew || m.state == "expired" {
            out.push(moment(m.end_day.plus_days(90), When::Next, if m.notice { "gone" } else { "deleted" }));
        }
        if m.end_day > today {
            let key = if m.notice { "noticed-end" } else { "expiry" };
            out.push(moment(m.end_day, When::Next, key));
        }
    }
    let now = match m.state.as_str() {
        "activating" => "activating",
        "active" => "active",
        "expired" => "expired",
        _ => "closed",
    };
    out.push(moment(today, When::Now, now));
    if let Some(at) = m.activated_at {
        out.push(moment(at.date(), When::Past, "activated"));
    }
    out.push(moment(m.start_day, When::Past, "paid"));
    out.push(moment(m.requested_at.date(), When::Past, "ordered"));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_made_harmless() {
        for bad in ["=1+1", "+39", "-2", "@SUM(A1)", "\tx", "\r=1", "\n1", " =1", "＝1"] {
            assert!(harmless(bad).starts_with('\''), "{bad:?}");
        }
        assert_eq!(harmless("marco.rossi@pec.example.it"), "marco.rossi@pec.example.it");
    }

    #[test]
    fn nonsense_in_the_query_is_no_filter() {
        let today = Date::from_days(20_000);
        let read = |q: &str| filter(&form::parse(q.as_bytes()).expect("a query"), today);
        assert_eq!(read("state=gone&expiring=7&holder=x&sort=up"), MailboxFilter::default());
        assert_eq!(read("expiring=60").expiring_by, Some(today.plus_days(60)));
        assert_eq!(position("20000"), None);
        assert_eq!(position("x.mbx_1"), None);
    }
}
