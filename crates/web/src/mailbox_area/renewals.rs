//! What will be charged and when, renewing the mailbox out of the credit, and whether that happens by itself.

use app::{
    Problem,
    queries::renewals::{self as queries, MONTHS},
    use_cases::renewals::{
        auto_by_credit::set_auto_by_credit,
        renew_with_credit::{Follower, RenewWithCredit, renew_with_credit, renewable_with_credit},
    },
};
use axum::extract::RawQuery;
use domain::{
    money::Money,
    renewal::{Way, calendar},
    time::Date,
};
use render::{
    Form, Msg, Tone,
    pages::{
        Bill,
        holder_renewals::{FollowerLine, MemberAutoRenew, MemberComing, MemberRenew},
        wizard::YearChoice,
    },
};

use super::{Member, asked, form_key, refused};
use crate::{
    Answer, FormData,
    answer::{mendable, with_problem},
    customer::renewals::{coming_lines, credit_sum},
};

const CARD: &str = "/mailbox/card";

pub(super) async fn coming(member: Member) -> Answer {
    let visit = &member.visit;
    let mut ahead = queries::coming_of_holder(&visit.cx, member.row.party_id).await?.on_a_page();
    for row in &mut ahead.rows {
        // What somebody else pays is told without its price.
        row.quote = row.quote.take().filter(|_| row.way != Way::Body);
    }
    let own = member.row.mailbox_id;
    visit.page(&MemberComing {
        credit: member.credit(),
        rows: coming_lines(ahead.rows, |c| (c.mailbox == own).then(|| CARD.into())),
        until: visit.cx.now().date().plus_months(MONTHS),
        sum: ahead.credit.map(credit_sum),
        more: ahead.more,
    })
}

/// For as many years as last time, or as a renewal that was blocked had asked for.
pub(super) async fn ask(member: Member, RawQuery(query): RawQuery) -> Answer {
    let form = Form::new().with("years", asked(query).get("years"));
    page(&member, form, form_key(&member.visit)).await
}

pub(super) async fn renew(member: Member, form: FormData) -> Answer {
    let visit = &member.visit;
    let key = form.get("key").to_owned();
    if !form.has("confirm") {
        return page(&member, form.shown(), key).await;
    }
    let input = RenewWithCredit {
        mailbox: member.row.mailbox_id,
        years: form.number("years").unwrap_or(0),
        shown: Money::cents(form.number("shown").unwrap_or(-1)),
        end: Date::parse_iso(form.get("end")).unwrap_or(Date::from_days(0)),
        key: key.clone(),
    };
    match renew_with_credit(&visit.cx, input).await {
        Ok(done) if done.short > 0 => {
            let said = Msg::new("area-renewed-some").arg("until", done.until).arg("count", done.short);
            visit.go_saying(CARD, Tone::Warn, said)
        }
        Ok(done) => visit.go_saying(CARD, Tone::Ok, Msg::new("area-renewed").arg("until", done.until)),
        // The page says what is lacking, and the way to it.
        Err(problem) if problem.is("credit-short") => page(&member, form.shown(), key).await,
        Err(problem) if mendable(&problem) => page(&member, refused(form.shown(), &problem), form_key(visit)).await,
        Err(problem) => Err(problem.into()),
    }
}

/// Where it cannot be renewed the card says why.
async fn page(member: &Member, form: Form, key: String) -> Answer {
    let visit = &member.visit;
    let found = match renewable_with_credit(&visit.cx, member.row.mailbox_id).await {
        Ok(found) => found,
        Err(problem) if mendable(&problem) => return visit.go_saying(CARD, Tone::Err, Msg::problem(problem.code)),
        Err(problem) => return Err(problem.into()),
    };
    let wished = form.value("years").parse().unwrap_or(found.usual_years);
    let by_years = |n: i64| found.choices.iter().find(|c| c.quote.years == n);
    let chosen = by_years(wished).or_else(|| by_years(found.usual_years)).unwrap_or(&found.choices[0]);
    let years = found.choices.iter().map(|c| YearChoice {
        years: c.quote.years,
        end: calendar::renewed_end(found.end, c.quote.years),
        net: c.quote.net,
        gross: c.quote.gross,
    });
    let follower =
        |f: &Follower| FollowerLine { service: f.service.clone(), gb: f.gb, gross: f.gross, covered: f.covered };
    visit.page(&MemberRenew {
        credit: member.credit(),
        end: found.end,
        years: years.collect(),
        chosen: chosen.quote.years,
        bill: Bill::of(&chosen.quote, &found.plan_name, visit.locale),
        until: chosen.until,
        addons: chosen.addons.iter().map(follower).collect(),
        missing: chosen.missing,
        missing_in_all: chosen.missing_in_all,
        left: chosen.left,
        address: found.address,
        key,
        form,
    })
}

pub(super) async fn ask_switch(member: Member) -> Answer {
    switch_page(&member, Form::new()).await
}

/// The form says which way, so that a second tab does not switch it back.
pub(super) async fn switch(member: Member, form: FormData) -> Answer {
    let (visit, on) = (&member.visit, form.get("on") == "1");
    match set_auto_by_credit(&visit.cx, member.row.mailbox_id, on).await {
        Ok(()) => {
            let said = Msg::new(if on { "auto-renew-done-on" } else { "auto-renew-done-off" });
            visit.go_saying(CARD, Tone::Ok, said)
        }
        Err(problem) if mendable(&problem) => switch_page(&member, with_problem(form.shown(), &problem)).await,
        Err(problem) => Err(problem.into()),
    }
}

async fn switch_page(member: &Member, form: Form) -> Answer {
    let visit = &member.visit;
    let doings = queries::credit_doings(&visit.cx, member.row.mailbox_id).await?;
    let (on, end) = doings.auto.zip(doings.end).ok_or_else(Problem::not_found)?;
    visit.page(&MemberAutoRenew { credit: member.credit(), address: member.row.address.clone(), on, end, form })
}
