//! Mailboxes with the add-on «avviso SMS»: the mail servers are asked from time to time what lies unread in them.

use domain::addon::sms_notice::{LEASE_US, awake};
use store::sms_notices as rows;

use crate::{
    Cx, Problem,
    effects::{self, Effect, tell_unread::TellUnread},
};

/// Mailboxes of one effect.
const PAGE: i64 = 50;

/// One page; answers how many are being asked about. At night nobody is asked about: nobody would be told.
///
/// # Errors
/// When the store cannot be read or written.
pub async fn pass(cx: &Cx) -> Result<usize, Problem> {
    // Looking first keeps an idle installation from writing.
    if !awake(cx.now()) || rows::due(&mut cx.store(), cx.now(), 1).await?.is_empty() {
        return Ok(0);
    }
    let cx_in = cx.clone();
    cx.write_bulk(async move |tx| {
        let (cx, now) = (&cx_in, cx_in.now());
        let due = rows::due(tx, now, PAGE).await?;
        for id in &due {
            rows::put_off(tx, *id, now.plus_us(LEASE_US)).await?;
        }
        let Some(first) = due.first().copied() else { return Ok(0) };
        let count = due.len();
        let wish = TellUnread { mailboxes: due }.request(("mailbox", first.uuid()), None, now);
        effects::enqueue(tx, cx, &[wish]).await?;
        Ok(count)
    })
    .await
}
