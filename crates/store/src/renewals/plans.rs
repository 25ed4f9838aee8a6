//! Renewals with another plan or other extra space: what a mailbox has, what is sold with each plan, and the change.

use domain::{
    addon::Service,
    id::{AddonId, MailboxId, OrderId},
    time::{Date, Timestamp},
};

use crate::{Batch, Query, Result, WriteTx, args, row, sql};

row! {
    /// What a mailbox has now, as far as a change of plan must know it.
    pub struct StandRow {
        /// Of its plan.
        pub space_mib: i64,
        pub archive_mib: i64,
        pub used_kib: Option<i64>,
        pub counted_at: Option<Timestamp>,
        /// Extra space bought as add-ons.
        pub extra_gb: i64,
    }
}
row! {
    /// The most extra space that a list sells with a plan.
    pub struct MostRow { pub plan_code: String, pub max_gb: i64 }
}
row! {
    /// An add-on that runs.
    pub struct ExtraRow { pub id: AddonId, pub gb: i64, pub end_day: Date }
}

sql!(
    /// Of space that it gives back soon it has what stays.
    STAND = "SELECT COALESCE(f.space_mib, m.space_mib) AS space_mib, m.archive_mib, u.used_kib, u.counted_at, \
     (SELECT CAST(COALESCE(SUM(d.gb), 0) AS BIGINT) FROM addons d WHERE d.mailbox_id = m.id AND d.service = 'extra_space' AND d.state = 'active') AS extra_gb \
     FROM mailboxes m LEFT JOIN mailbox_usage u ON u.mailbox_id = m.id LEFT JOIN space_falls f ON f.mailbox_id = m.id WHERE m.id = $1",
    StandRow
);
sql!(
    /// By the offer of the day. Without a price nothing is sold.
    MOST = "SELECT o.plan_code, o.max_gb FROM dated_offers o WHERE o.price_list = $1 AND o.service = 'extra_space' AND o.max_gb > 0 AND o.from_day = \
     (SELECT MAX(v.from_day) FROM dated_offers v WHERE v.price_list = o.price_list AND v.plan_code = o.plan_code AND v.service = o.service AND v.from_day <= $3) AND EXISTS \
     (SELECT 1 FROM prices x WHERE x.price_list = o.price_list AND x.product_code = o.service AND x.valid_from_at <= $2) ORDER BY o.plan_code",
    MostRow
);
sql!(
    RUNNING =
        "SELECT id, gb, end_day FROM addons WHERE mailbox_id = $1 AND service = $2 AND state = 'active' ORDER BY id",
    ExtraRow
);
sql!(
    INSERT_EXTRA = "INSERT INTO addons (id, mailbox_id, service, gb, start_day, end_day, free, state, price_list, order_id) VALUES ($1, $2, 'extra_space', $3, $4, $5, FALSE, 'active', $6, $7)"
);
sql!(
    /// What ended because the renewal came late does not come back beside what was bought instead, or under a plan
    /// that has no such thing.
    FORGET_ENDED = "UPDATE obligations SET reason = 'replaced' WHERE state = 'lapsed' AND reason = 'mailbox-not-renewed' AND service_id IN \
     (SELECT id FROM addons WHERE mailbox_id = $1 AND service = $2)"
);
sql!(
    CHANGE = "UPDATE mailboxes SET plan_code = COALESCE($2, plan_code), archive_mib = COALESCE($3, archive_mib), space_mib = $4, extra_space_mib = $5, version = version + 1 WHERE id = $1"
);

/// What a mailbox has now.
pub async fn stand(q: &mut impl Query, mailbox: MailboxId) -> Result<Option<StandRow>> {
    q.opt(&STAND, args![mailbox]).await
}
/// The extra space that a list sells with its plans at that moment.
pub async fn most_extra(q: &mut impl Query, list: &str, at: Timestamp) -> Result<Vec<MostRow>> {
    q.all(&MOST, args![list, at, at.date()]).await
}
/// The add-ons of a mailbox that run, of one kind.
pub async fn running(q: &mut impl Query, mailbox: MailboxId, service: Service) -> Result<Vec<ExtraRow>> {
    q.all(&RUNNING, args![mailbox, service.as_str()]).await
}

/// Extra space bought with a renewal.
pub struct BoughtExtra<'a> {
    pub id: AddonId,
    pub mailbox: MailboxId,
    pub gb: i64,
    pub from: Date,
    pub until: Date,
    pub list: &'a str,
    pub order: OrderId,
}
/// Adds it to a batch.
pub fn insert_extra<'a>(batch: &mut Batch<'a>, b: &BoughtExtra<'a>) {
    batch.add(&INSERT_EXTRA, args![b.id, b.mailbox, b.gb, b.from, b.until, b.list, b.order], 1);
}
/// What ended of this kind before this renewal stays ended.
pub async fn forget_ended(tx: &mut WriteTx, mailbox: MailboxId, service: Service) -> Result<u64> {
    tx.run(&FORGET_ENDED, args![mailbox, service.as_str()]).await
}
/// Gives a mailbox another plan, if one is named, and its space, that of the plan and beside it.
///
/// # Errors
/// `WrongRows` without such a mailbox.
pub async fn change_plan(
    tx: &mut WriteTx,
    mailbox: MailboxId,
    plan: Option<&str>,
    archive_mib: Option<i64>,
    (space_mib, extra_space_mib): (i64, i64),
) -> Result<()> {
    tx.exactly_one(&CHANGE, args![mailbox, plan, archive_mib, space_mib, extra_space_mib]).await
}
