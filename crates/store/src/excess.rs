//! Credit of earlier payments: what a customer has of it, and when it came.

use domain::{
    id::PartyId,
    ledger::{AccountKey, AccountKind},
    money::Money,
    time::Timestamp,
};

use crate::{Query, Result, args, ledger, row, sql};

row! {
    /// Something that came.
    pub struct CameRow { pub at: Timestamp, pub amount_cents: Money }
}

/// Most that is read of it: who has more, is told of the newest.
const MOST: i64 = 200;

sql!(
    CAME = "SELECT at, amount_cents FROM transfers WHERE account_id = $1 AND at > $2 AND amount_cents > 0 ORDER BY at DESC, id DESC LIMIT $3",
    CameRow
);
sql!(
    CAME_SINCE = "SELECT CAST(COALESCE(SUM(amount_cents), 0) AS BIGINT) FROM transfers WHERE account_id = $1 AND at > $2 AND amount_cents > 0",
    Money
);

/// What may be spent now.
pub async fn available(q: &mut impl Query, party: PartyId) -> Result<Money> {
    let balance = ledger::balance(q, &AccountKey::of(AccountKind::ExcessCredit, party)).await?;
    Ok(balance.posted_cents - balance.held_cents)
}
/// What came after a moment, the newest first.
pub async fn came(q: &mut impl Query, party: PartyId, after: Timestamp) -> Result<Vec<CameRow>> {
    q.all(&CAME, args![AccountKey::of(AccountKind::ExcessCredit, party).id(), after, MOST]).await
}
/// How much came after a moment.
pub async fn came_since(q: &mut impl Query, party: PartyId, after: Timestamp) -> Result<Money> {
    q.one(&CAME_SINCE, args![AccountKey::of(AccountKind::ExcessCredit, party).id(), after]).await
}
