//! The credit: top-up by card, waiting for the bank, the statement.

use app::{
    Problem,
    queries::{
        holder_area,
        payments::{Standing, waiting},
    },
    rows::From,
    use_cases::{
        payments::{Means, open_checkout},
        wallet::{
            start_top_up::{StartTopUp, start_top_up},
            wanted::Wanted,
        },
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
    wallet::{QUICK, proposed},
};
use render::{
    Form, Msg, Tone,
    pages::{
        Pager,
        holder_credit::{Statement, StatementLine, TopUp, WaitTopUp},
    },
};

use super::{Member, asked, form_key, wanted};
use crate::{
    Answer, FormData,
    answer::{mendable, with_problem},
    payments::leave,
};

/// Most lines of one export.
const EXPORT_MAX: u64 = 10_000;
const EXPORT_PAGE: u64 = 500;

pub(super) async fn ask(member: Member, RawQuery(query): RawQuery) -> Answer {
    let asked = asked(query);
    page(&member, &asked, wanted::carried(&asked)).await
}

pub(super) async fn start(member: Member, form: FormData) -> Answer {
    let visit = &member.visit;
    let quick = form.number::<i64>("quick").map(|cents| format!("{}.{:02}", cents / 100, cents % 100));
    let input = StartTopUp {
        mailbox: member.row.mailbox_id,
        amount: quick.unwrap_or_else(|| form.get("amount").to_owned()),
        wanted: wanted::read(&form),
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
        Err((_, problem)) if mendable(&problem) => page(&member, &form, with_problem(form.shown(), &problem)).await,
        Err((_, problem)) => Err(problem.into()),
    }
}

async fn page(member: &Member, asked: &FormData, form: Form) -> Answer {
    // What led here, at the price of this moment.
    let missing = match wanted::read(asked) {
        Some(wanted) => wanted::missing(member, wanted).await?,
        None => None,
    };
    member.visit.page(&TopUp {
        credit: member.credit(),
        missing,
        proposed: missing.map(proposed),
        quick: QUICK.into(),
        key: form_key(&member.visit),
        form,
    })
}

/// Waits while the bank is silent; then back to what lacked credit, or to the statement. What it shows
/// comes from our database: the address proves nothing.
pub(super) async fn wait(member: Member, Path(order): Path<String>) -> Answer {
    let visit = &member.visit;
    let order: OrderId = order.parse().map_err(|_| Problem::not_found())?;
    let top_up = holder_area::top_up(&visit.cx, order).await?;
    let found = waiting(&visit.cx, order).await?;
    let (to, said) = match found.standing {
        Standing::Paid => match Wanted::of(&top_up) {
            Some(wanted) if visit.cx.now() <= top_up.kept_until_at => {
                (wanted::page(wanted), Msg::new("area-topped-up-resume"))
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
            let again = Wanted::of(&top_up).map_or("/mailbox/credit".into(), wanted::top_up);
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
pub(crate) fn plain(amount: Money) -> String {
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
