//! The credit: top-up by card, waiting for the bank, the statement.

use app::{
    Problem,
    queries::{
        holder_area,
        payments::{Standing, waiting},
    },
    rows::From,
    use_cases::{
        addons::buy_addon::price,
        payments::{Means, open_checkout},
        wallet::start_top_up::{StartTopUp, start_top_up},
    },
};
use axum::{
    extract::{Path, RawQuery},
    http::header,
    response::IntoResponse,
};
use domain::{
    id::OrderId,
    money::Money,
    wallet::{QUICK, proposed, shortfall},
};
use render::{
    Form, Msg, Tone,
    pages::{
        Pager,
        holder_credit::{Statement, StatementLine, TopUp, WaitTopUp},
    },
};

use super::{Member, asked, form_key};
use crate::{
    Answer, FormData,
    answer::{mendable, with_problem},
    payments::leave,
    visit::form_encoded,
};

/// Most lines of one export.
const EXPORT_MAX: u64 = 10_000;
const EXPORT_PAGE: u64 = 500;

pub(super) async fn ask(member: Member, RawQuery(query): RawQuery) -> Answer {
    let asked = asked(query);
    let form = Form::new().with("service", asked.get("service")).with("gb", asked.get("gb"));
    page(&member, form).await
}

pub(super) async fn start(member: Member, form: FormData) -> Answer {
    let visit = &member.visit;
    let quick = form.number::<i64>("quick").map(|cents| format!("{}.{:02}", cents / 100, cents % 100));
    let input = StartTopUp {
        mailbox: member.row.mailbox_id,
        amount: quick.unwrap_or_else(|| form.get("amount").to_owned()),
        wanted: form.some("service").map(|s| (s.to_owned(), form.number("gb").unwrap_or(1))),
        key: form.get("key").into(),
    };
    let opened = match start_top_up(&visit.cx, input).await {
        Ok(order) => {
            open_checkout(&visit.cx, visit.state.ports()?, order, Means::Card).await.map_err(|p| (Some(order), p))
        }
        Err(problem) => Err((None, problem)),
    };
    match opened {
        Ok(to) => visit.go(&to),
        // This form's top-up is over: its outcome stands on the page that waits for it.
        Err((Some(order), p)) if p.is("order-already-paid") || p.is("order-not-payable") => {
            visit.go(&format!("/mailbox/credit/{order}/wait"))
        }
        Err((_, problem)) if mendable(&problem) => page(&member, with_problem(form.shown(), &problem)).await,
        Err((_, problem)) => Err(problem.into()),
    }
}

async fn page(member: &Member, form: Form) -> Answer {
    let missing = missing(member, &form).await?;
    member.visit.page(&TopUp {
        credit: member.credit(),
        missing,
        proposed: missing.map(proposed),
        quick: QUICK.into(),
        key: form_key(&member.visit),
        form,
    })
}

/// What the purchase that led here lacks, at the price of this moment.
async fn missing(member: &Member, form: &Form) -> Result<Option<Money>, Problem> {
    let (service, gb) = (form.value("service"), form.value("gb").parse().unwrap_or(0));
    if service.is_empty() {
        return Ok(None);
    }
    let (buyer, offers) = holder_area::shop(&member.visit.cx, member.row.mailbox_id).await?;
    let Some(offer) = offers.iter().find(|o| o.service == service) else { return Ok(None) };
    match price(&member.visit.cx, &buyer, offer, gb) {
        Ok(quote) => Ok(Some(shortfall(quote.gross, buyer.available())).filter(|m| *m > Money::ZERO)),
        Err(problem) if mendable(&problem) => Ok(None),
        Err(problem) => Err(problem),
    }
}

/// Waits while the bank is silent; then back to the purchase that lacked credit, or to the statement. What it shows
/// comes from our database: the address proves nothing.
pub(super) async fn wait(member: Member, Path(order): Path<String>) -> Answer {
    let visit = &member.visit;
    let order: OrderId = order.parse().map_err(|_| Problem::not_found())?;
    let top_up = holder_area::top_up(&visit.cx, order).await?;
    let found = waiting(&visit.cx, order).await?;
    let (to, said) = match found.standing {
        Standing::Paid => match (&top_up.service, top_up.gb) {
            (Some(service), Some(gb)) if visit.cx.now() <= top_up.kept_until_at => {
                let to = format!("/mailbox/addons/new?service={}&gb={gb}", form_encoded(service));
                (to, Msg::new("area-topped-up-resume"))
            }
            _ => ("/mailbox/credit/statement".into(), Msg::new("area-topped-up")),
        },
        Standing::Waiting | Standing::AtGateway { .. } => {
            let go_on = match found.standing {
                Standing::AtGateway { url } => Some(url),
                _ => None,
            };
            let (order, credit) = (order.to_string(), member.credit());
            return visit.page(&WaitTopUp { credit, order, number: found.number, gross: found.gross, go_on });
        }
        Standing::Failed { .. } | Standing::Closed | Standing::Nothing => {
            let again = match (&top_up.service, top_up.gb) {
                (Some(service), Some(gb)) => format!("/mailbox/credit?service={}&gb={gb}", form_encoded(service)),
                _ => "/mailbox/credit".into(),
            };
            let said = visit.go_saying(&again, Tone::Err, Msg::new("area-topup-failed"))?;
            return Ok(leave(visit.fragment, said));
        }
    };
    Ok(leave(visit.fragment, visit.go_saying(&to, Tone::Ok, said)?))
}

pub(super) async fn statement(member: Member, RawQuery(query): RawQuery) -> Answer {
    let visit = &member.visit;
    let asked = asked(query);
    let from = match (asked.number("after"), asked.number("before")) {
        (Some(entry), _) => From::After(entry),
        (_, Some(entry)) => From::Before(entry),
        _ => From::Start,
    };
    let page = holder_area::statement(&visit.cx, member.row.party_id, from).await?;
    let link = |name: &str, entry: i64| format!("/mailbox/credit/statement?{name}={entry}");
    let pager = Pager {
        rows: page.rows.len() as i64,
        newer: page.rows.first().filter(|_| page.newer).map(|r| link("before", r.entry)),
        older: page.rows.last().filter(|_| page.older).map(|r| link("after", r.entry)),
    };
    let line = |r: app::rows::CreditRow| StatementLine {
        at: r.at,
        kind: r.cause_kind,
        service: r.service,
        gb: r.gb,
        order: r.order_id.map(|id| id.to_string()),
        number: r.number,
        amount: r.amount_cents,
        balance: r.balance_cents,
    };
    visit.page(&Statement { credit: member.credit(), rows: page.rows.into_iter().map(line).collect(), pager })
}

pub(super) async fn export(member: Member) -> Answer {
    let visit = &member.visit;
    let words = visit.cx.renderer().words();
    let say = |key: &str| words.say(visit.locale, &Msg::new(key));
    let mut csv = csv::WriterBuilder::new().delimiter(b';').from_writer(vec![]);
    let heads = ["area-when", "area-kind", "area-order", "area-amount", "area-balance"];
    csv.write_record(heads.map(&say)).map_err(Problem::broken)?;
    let (mut from, mut written) = (From::Start, 0);
    while written < EXPORT_MAX {
        let rows = holder_area::export(&visit.cx, member.row.party_id, from, EXPORT_PAGE).await?;
        let Some(last) = rows.last() else { break };
        from = From::After(last.entry);
        written += rows.len() as u64;
        for r in rows {
            let kind = say(&format!("area-entry-{}", r.cause_kind));
            let number = r.number.unwrap_or_default();
            let cells = [r.at.rfc3339(), kind, number, plain(r.amount_cents), plain(r.balance_cents)];
            csv.write_record(&cells).map_err(Problem::broken)?;
        }
    }
    let bytes = csv.into_inner().map_err(|e| Problem::broken(e.to_string()))?;
    // Spreadsheets read UTF-8 only when told.
    let body = [b"\xef\xbb\xbf".as_slice(), &bytes].concat();
    let kind = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"movimenti.csv\""),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((kind, body).into_response())
}

/// `-3,05`: a number that an Italian spreadsheet reads.
fn plain(amount: Money) -> String {
    let (sign, cents) = (if amount < Money::ZERO { "-" } else { "" }, amount.as_cents().unsigned_abs());
    format!("{sign}{},{:02}", cents / 100, cents % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_of_the_export_are_numbers() {
        let plain = |cents| plain(Money::cents(cents));
        assert_eq!(
            [plain(848), plain(-305), plain(5), plain(-5), plain(0)],
            ["8,48", "-3,05", "0,05", "-0,05", "0,00"]
        );
    }
}
