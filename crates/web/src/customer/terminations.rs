//! Notice of termination from the account: its page, its confirmation behind the password, its way back.

use app::{
    Problem,
    queries::terminations::{self, Standing},
    rows::CardRow,
    use_cases::mailboxes::{
        give_notice::{GiveNotice, give_notice},
        take_back_notice::take_back_notice,
    },
};
use axum::extract::Path;
use domain::{
    id::MailboxId,
    mailbox::{
        machine::MailboxState,
        termination::{self as rules, Facts, Giver, Kind, Refusal, reads_until},
    },
    time::Date,
};
use render::{
    Form, Msg, Tone,
    pages::{
        card::Ending,
        terminations::{Given, Terminate, Withdrawable},
    },
};

use crate::{
    Answer, Customer, FormData, Visit,
    answer::{mendable, with_problem, words},
};

fn mailbox(id: &str) -> Result<MailboxId, Problem> {
    id.parse().map_err(|_| Problem::not_found())
}
fn card(id: MailboxId) -> String {
    format!("/account/mailboxes/{id}")
}

pub(super) async fn ask(customer: Customer, Path(id): Path<String>) -> Answer {
    let (id, visit) = (mailbox(&id)?, &customer.visit);
    let standing = terminations::standing(&visit.cx, id).await?;
    match unasked(&standing) {
        Some(refusal) => visit.go_saying(&card(id), Tone::Warn, Msg::problem(refusal.code())),
        None => visit.page(&page(&standing, &card(id), "", Form::new().with("kind", "at_end"))),
    }
}

pub(super) async fn submit(customer: Customer, Path(id): Path<String>, form: FormData) -> Answer {
    let (id, visit) = (mailbox(&id)?, &customer.visit);
    // Nobody is asked for a password about what is not his.
    terminations::standing(&visit.cx, id).await?;
    visit.step_up(&form).await?;
    match give(visit, id, &form).await {
        Ok(said) => visit.go_saying(&card(id), Tone::Ok, said),
        Err(problem) if mendable(&problem) => {
            let standing = terminations::standing(&visit.cx, id).await?;
            match unasked(&standing) {
                Some(_) => visit.go_saying(&card(id), Tone::Warn, words(&problem)),
                None => visit.page(&page(&standing, &card(id), "", with_problem(form.shown(), &problem))),
            }
        }
        Err(problem) => Err(problem.into()),
    }
}

pub(super) async fn take_back(customer: Customer, Path(id): Path<String>, _: FormData) -> Answer {
    let (id, visit) = (mailbox(&id)?, &customer.visit);
    took_back(visit, id, &card(id)).await
}

/// Gives the notice of a form; answers what is said of it.
pub(crate) async fn give(visit: &Visit, mailbox: MailboxId, form: &FormData) -> Result<Msg, Problem> {
    let kind = Kind::parse(form.get("kind")).ok_or_else(|| Problem::invalid_field("kind", "termination-kind"))?;
    let input = GiveNotice {
        mailbox,
        kind,
        address: form.get("address").chars().take(400).collect(),
        content_saved: form.has("saved"),
        end: Date::parse_iso(form.get("end")),
        ip: Some(visit.ip.clone()).filter(|ip| !ip.is_empty()),
        user_agent: Some(visit.user_agent.clone()).filter(|ua| !ua.is_empty()),
    };
    let end = input.end;
    give_notice(&visit.cx, input).await?;
    Ok(match (kind, end) {
        (Kind::AtEnd, Some(end)) => Msg::new("termination-done").arg("day", end),
        _ => Msg::new("termination-done-once"),
    })
}

/// Takes it back, and goes to the card either way.
pub(crate) async fn took_back(visit: &Visit, mailbox: MailboxId, card: &str) -> Answer {
    match take_back_notice(&visit.cx, mailbox).await {
        Ok(()) => visit.go_saying(card, Tone::Ok, Msg::new("termination-back-done")),
        Err(problem) if mendable(&problem) => visit.go_saying(card, Tone::Warn, words(&problem)),
        Err(problem) => Err(problem.into()),
    }
}

/// Why there is no page at all: nothing can be given, and nothing was.
pub(crate) fn unasked(standing: &Standing) -> Option<Refusal> {
    let open = standing.given.is_some() && !matches!(standing.at_end, Err(Refusal::Gone | Refusal::NotHolder));
    // What passes by itself is told on the page, whose form stays filled in.
    let passes = matches!(standing.at_end, Err(Refusal::Charging | Refusal::Paying | Refusal::OrderedByBody));
    standing.refused().filter(|_| !open && !passes)
}

/// The page; `base` is the card's address where that is the account's.
pub(crate) fn page(s: &Standing, card: &str, action: &str, form: Form) -> Terminate {
    let passes = |r: &Result<(), Refusal>| {
        matches!(r, Ok(()) | Err(Refusal::Charging | Refusal::Paying | Refusal::OrderedByBody))
    };
    Terminate {
        action: if action.is_empty() { format!("{card}/terminate") } else { action.to_owned() },
        card: card.to_owned(),
        address: s.address.clone(),
        plan: s.plan.clone(),
        end: s.end,
        reads_until: s.reads_until,
        at_end: passes(&s.at_end),
        at_once: passes(&s.at_once),
        given: s.given.as_ref().map(|g| Given { at: g.at, at_once: g.at_once }),
        back: s.back.is_ok(),
        withdrawal: s.withdrawal.clone().map(|(order, last_day)| Withdrawable { order, last_day }),
        under_agreement: s.under_agreement,
        form,
    }
}

/// What the card says of it, out of what it has read: that is all there is to know of a mailbox that its own account
/// holds and for which no notice was given. Nothing for any other.
pub(crate) fn plain_ending(card: &CardRow, today: Date) -> Option<Ending> {
    let state = MailboxState::parse(&card.state).filter(|s| s.lives())?;
    if card.notice || card.holder_kind != "account" {
        return None;
    }
    // What passes by itself is told on the page of the notice.
    let facts = Facts {
        giver: Giver::HoldersAccount,
        state,
        end: card.end_day,
        noticed: false,
        renewal: None,
        paying: false,
        ordered_by_body: false,
    };
    let link = [Kind::AtEnd, Kind::AtOnce].into_iter().any(|kind| rules::give(&facts, kind, today).is_ok());
    Some(Ending { reads_until: Some(reads_until(card.end_day)), link, ..Ending::default() })
}

/// What the card says of any mailbox.
pub(crate) fn ending(s: &Standing) -> Ending {
    let lives = s.at_end != Err(Refusal::Gone);
    Ending {
        given: s.given.as_ref().map(|g| Given { at: g.at, at_once: g.at_once }),
        reads_until: lives.then_some(s.reads_until),
        link: lives && unasked(s).is_none(),
        back: s.back.is_ok(),
        not_holder: s.at_end == Err(Refusal::NotHolder),
    }
}
