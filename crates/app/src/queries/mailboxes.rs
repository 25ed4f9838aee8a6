//! Mailboxes as the customer area shows them.

use domain::{
    actor::Actor,
    id::{LoginId, MailboxId, PartyId},
    time::Date,
};
use store::{
    lists::{self, From, MailboxFilter},
    mailboxes as rows,
    orders::{self, OrderListRow},
};

use super::orders::Page;
use crate::{Cx, Problem};

/// Mailboxes on one page of the list.
pub const PAGE: u64 = 25;
/// From so many days before its end on, a period counts as ending (domain notes 4.3).
pub const EXPIRING_DAYS: i32 = 90;

/// A page of the mailboxes of a login, by the end of their period.
///
/// # Errors
/// When the store cannot be read.
pub async fn list(
    cx: &Cx,
    login: LoginId,
    filter: &MailboxFilter,
    from: From<(Date, MailboxId)>,
) -> Result<Page<rows::MailboxListRow>, Problem> {
    let found = lists::mailboxes(&mut cx.store(), login, filter, from, PAGE).await?;
    Ok(Page::of(found, &from, PAGE))
}

/// Up to `limit` mailboxes of the filtered list from its start, for export.
///
/// # Errors
/// When the store cannot be read.
pub async fn export(
    cx: &Cx,
    login: LoginId,
    filter: &MailboxFilter,
    from: From<(Date, MailboxId)>,
    limit: u64,
) -> Result<Vec<rows::MailboxListRow>, Problem> {
    Ok(lists::mailboxes(&mut cx.store(), login, filter, from, limit - 1).await?)
}

/// The card of a mailbox of this login.
///
/// # Errors
/// `NotFound` when it is somebody else's or not there.
pub async fn card(cx: &Cx, login: LoginId, id: MailboxId) -> Result<rows::CardRow, Problem> {
    rows::card(&mut cx.store(), id).await?.filter(|m| m.login_id == login).ok_or_else(Problem::not_found)
}

/// The card of the mailbox that is signed in itself.
///
/// # Errors
/// `NotFound` for anybody else, or when it is gone.
pub async fn own_card(cx: &Cx, id: MailboxId) -> Result<rows::CardRow, Problem> {
    match cx.actor {
        Actor::Mailbox { mailbox } if mailbox == id => {
            rows::card(&mut cx.store(), id).await?.ok_or_else(Problem::not_found)
        }
        _ => Err(Problem::not_found()),
    }
}

/// What the first page of the customer area shows.
#[derive(Clone, Debug)]
pub struct Home {
    pub counts: rows::HomeCounts,
    pub mailboxes: Vec<rows::MailboxListRow>,
    pub orders: Vec<OrderListRow>,
}

/// The first page of the customer area.
///
/// # Errors
/// When the store cannot be read.
pub async fn home(cx: &Cx, login: LoginId, party: PartyId) -> Result<Home, Problem> {
    let q = &mut cx.store();
    let until = cx.now().date().plus_days(EXPIRING_DAYS);
    Ok(Home {
        counts: rows::home(q, login, party, until).await?,
        mailboxes: rows::first_to_expire(q, login, 5).await?,
        orders: orders::latest(q, login, 5).await?,
    })
}
