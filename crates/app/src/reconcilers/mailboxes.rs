//! Mailboxes: expired on the day after their last one, cancelled when they can no longer be renewed, and
//! none forgotten while it is being activated.

use domain::{
    mailbox::{GRACE_DAYS, MailboxEvent},
    time::{Date, MINUTE_US},
};
use store::mailbox_life as rows;

use crate::{
    Cx, Problem,
    effects::{self, Effect, provision::Provision},
    use_cases::mailboxes::move_on,
};

/// Mailboxes moved at a time, so that others are not kept waiting.
const PAGE: i64 = 50;
/// Periods that ended longer ago are not looked at again: their mailboxes were expired then.
const LOOK_BACK_DAYS: i32 = 400;
/// Activation takes seconds; after so long without an effect at work the request was lost.
const FORGOTTEN_US: i64 = 15 * MINUTE_US;

/// One page of each kind; answers how many mailboxes were moved.
///
/// # Errors
/// When the store cannot be read or written.
pub async fn pass(cx: &Cx) -> Result<usize, Problem> {
    let this = cx.clone();
    cx.write_bulk(async move |tx| {
        let (cx, today) = (&this, this.now().date());
        let before = |days: i32| Date::from_days(today.days() - days);
        let mut moved = 0;
        for row in rows::ended(tx, today, before(LOOK_BACK_DAYS), PAGE).await? {
            move_on::apply(tx, cx, row.id, MailboxEvent::TermEnded).await?;
            moved += 1;
        }
        for row in rows::grace_ended(tx, before(GRACE_DAYS), PAGE).await? {
            move_on::apply(tx, cx, row.id, MailboxEvent::GraceEnded).await?;
            moved += 1;
        }
        for id in rows::forgotten(tx, cx.now().plus_us(-FORGOTTEN_US), PAGE).await? {
            let wish = Provision { mailbox: id }.request(("mailbox", id.uuid()), None, cx.now());
            effects::enqueue(tx, cx, &[wish]).await?;
            moved += 1;
        }
        Ok(moved)
    })
    .await
}
