//! How the notice of termination of a mailbox stands, and what may be done about it.

use domain::{
    actor::Actor,
    id::MailboxId,
    mailbox::termination::{Kind, Refusal, give, reads_until, take_back},
    time::{Date, Timestamp},
};
use store::terminations as rows;

use crate::{
    Cx, Problem,
    use_cases::{mailboxes::give_notice::look, orders::withdraw::withdrawable},
};

/// A notice that is at work, or by which the mailbox ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    pub at: Timestamp,
    pub at_once: bool,
    /// Last day of the period.
    pub end: Date,
}

/// What a page about it shows.
#[derive(Clone, Debug)]
pub struct Standing {
    pub address: String,
    pub plan: String,
    pub holder: String,
    pub end: Date,
    pub reads_until: Date,
    pub given: Option<Given>,
    pub at_end: Result<(), Refusal>,
    pub at_once: Result<(), Refusal>,
    pub back: Result<(), Refusal>,
    /// Until when the order of the mailbox can be withdrawn from instead, and gives the money back.
    pub withdrawal: Option<(String, Date)>,
    /// Somebody else pays for it.
    pub under_agreement: bool,
}
impl Standing {
    /// Why no notice can be given at all.
    pub fn refused(&self) -> Option<Refusal> {
        self.at_end.err().filter(|_| self.at_once.is_err())
    }
}

/// For the acting account or mailbox.
///
/// # Errors
/// `NotFound` to everybody else.
pub async fn standing(cx: &Cx, mailbox: MailboxId) -> Result<Standing, Problem> {
    let q = &mut cx.store();
    let looked = look(q, cx, mailbox).await?;
    let (row, today) = (looked.row, cx.now().date());
    let given = rows::last(q, mailbox).await?.map(|t| Given {
        at: t.given_at,
        at_once: Kind::parse(&t.kind) == Some(Kind::AtOnce),
        end: t.end_day,
    });
    let withdrawal = match cx.actor {
        Actor::Login { login, .. } if looked.facts.state.lives() && !row.under_agreement => {
            let open = withdrawable(cx, login, row.order_id).await.ok();
            open.map(|o| (row.order_id.to_string(), o.last_day))
        }
        _ => None,
    };
    Ok(Standing {
        address: row.address,
        plan: row.plan_name,
        holder: row.holder_name,
        end: row.end_day,
        reads_until: reads_until(row.end_day),
        given,
        at_end: give(&looked.facts, Kind::AtEnd, today),
        at_once: give(&looked.facts, Kind::AtOnce, today),
        back: take_back(&looked.facts, today),
        withdrawal,
        under_agreement: row.under_agreement,
    })
}
