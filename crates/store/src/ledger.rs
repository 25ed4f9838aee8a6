//! The ledger: accounts, immutable transfers, holds, and the questions that prove the books.

use domain::{
    id::{AccountId, HoldId, TransferId},
    ledger::{AccountKey, Entry},
    money::Money,
    time::Timestamp,
};
use uuid::Uuid;

use crate::{Batch, Query, Result, WriteTx, args, row, sql};

row! {
    /// What an account holds.
    pub struct BalanceRow { pub posted_cents: Money, pub held_cents: Money }
}
row! {
    /// A pending hold past its time.
    pub struct ExpiredHoldRow { pub id: HoldId, pub account_id: AccountId, pub amount_cents: Money }
}

sql!(
    ENSURE_ACCOUNT = "INSERT INTO ledger_accounts (id, kind, owner_id, guarded, posted_cents, held_cents) VALUES ($1, $2, $3, $4, 0, 0) ON CONFLICT DO NOTHING"
);
sql!(
    ENSURE_TWO = "INSERT INTO ledger_accounts (id, kind, owner_id, guarded, posted_cents, held_cents) VALUES ($1, $2, $3, $4, 0, 0), ($5, $6, $7, $8, 0, 0) ON CONFLICT DO NOTHING"
);
sql!(
    TRANSFER = "INSERT INTO transfers (id, cause_kind, cause_id, leg, account_id, amount_cents, at) VALUES ($1, $2, $3, $4, $5, $6, $7)"
);
sql!(
    /// Of a guarded account, after its balance has moved: numbered without gaps, with the balance it left.
    TRANSFER_GUARDED = "INSERT INTO transfers (id, cause_kind, cause_id, leg, account_id, amount_cents, at, entry, balance_cents) VALUES ($1, $2, $3, $4, $5, $6, $7, \
     (SELECT entries FROM ledger_accounts WHERE id = $5), (SELECT posted_cents FROM ledger_accounts WHERE id = $5))"
);
sql!(
    /// Out of a guarded account, after its balance has moved, into two that are not guarded.
    TRANSFERS_OUT = "INSERT INTO transfers (id, cause_kind, cause_id, leg, account_id, amount_cents, at, entry, balance_cents) VALUES ($1, $2, $3, 0, $4, $5, $6, \
     (SELECT entries FROM ledger_accounts WHERE id = $4), (SELECT posted_cents FROM ledger_accounts WHERE id = $4)), \
     ($7, $2, $3, 1, $8, $9, $6, NULL, NULL), ($10, $2, $3, 2, $11, $12, $6, NULL, NULL)"
);
sql!(
    POST_GUARDED = "UPDATE ledger_accounts SET posted_cents = posted_cents + $2, entries = entries + 1 WHERE id = $1 AND posted_cents + $2 >= held_cents"
);
sql!(
    /// The CHECK of the table is the guard: what it does is certain without an answer.
    POST_CHECKED = "UPDATE ledger_accounts SET posted_cents = posted_cents + $2, entries = entries + 1 WHERE id = $1"
);
sql!(
    POST_HELD = "UPDATE ledger_accounts SET posted_cents = posted_cents + $2, held_cents = held_cents - $3, entries = entries + 1 WHERE id = $1 AND held_cents >= $3"
);
sql!(
    HOLD = "UPDATE ledger_accounts SET held_cents = held_cents + $2 WHERE id = $1 AND posted_cents - held_cents >= $2"
);
sql!(FREE = "UPDATE ledger_accounts SET held_cents = held_cents - $2 WHERE id = $1 AND held_cents >= $2");
sql!(
    INSERT_HOLD = "INSERT INTO holds (id, account_id, cause_kind, cause_id, amount_cents, state, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, 'pending', $6, $7)"
);
sql!(CLOSE_HOLD = "UPDATE holds SET state = $3 WHERE cause_kind = $1 AND cause_id = $2 AND state = 'pending'");
sql!(EXPIRE_HOLD = "UPDATE holds SET state = 'expired' WHERE id = $1 AND state = 'pending'");
sql!(
    EXPIRED_HOLDS = "SELECT id, account_id, amount_cents FROM holds WHERE state = 'pending' AND expires_at <= $1 ORDER BY expires_at, id LIMIT $2",
    ExpiredHoldRow
);
sql!(BALANCE = "SELECT posted_cents, held_cents FROM ledger_accounts WHERE id = $1", BalanceRow);

/// Adds an entry to a batch. `ids` makes the identifiers of the transfers. A guarded account that
/// would fall below what is held, and a cause that was posted before, lose the transaction.
pub fn post(batch: &mut Batch<'_>, entry: &Entry, at: Timestamp, mut ids: impl FnMut() -> TransferId) {
    for (leg, one) in entry.legs().iter().enumerate() {
        let account = ensure(batch, &one.account);
        if one.account.kind.guarded() {
            batch.add(&POST_GUARDED, args![account, one.amount], 1);
        }
        transfer(batch, entry, leg, account, at, ids());
    }
}

/// As [`post`], in a batch that carries the COMMIT: a balance that is not there is refused by the table. What leaves a
/// guarded account for the price and its VAT takes three statements instead of seven, each of which is a message.
pub fn post_checked(batch: &mut Batch<'_>, entry: &Entry, at: Timestamp, mut ids: impl FnMut() -> TransferId) {
    if let [from, to, other] = entry.legs()
        && from.account.kind.guarded()
        && from.amount < Money::ZERO
        && !to.account.kind.guarded()
        && !other.account.kind.guarded()
    {
        // Who has nothing has no account perhaps: then there is none for the transfer to stand on.
        let account = from.account.id();
        let (a, b) = (&to.account, &other.account);
        let two = args![a.id(), a.kind.as_str(), a.owner, false, b.id(), b.kind.as_str(), b.owner, false];
        batch.add_any(&ENSURE_TWO, two);
        batch.add_any(&POST_CHECKED, args![account, from.amount]);
        let (kind, cause) = (entry.cause_kind().as_str(), entry.cause_id());
        let out = args![ids(), kind, cause, account, from.amount, at];
        let into = args![ids(), a.id(), to.amount, ids(), b.id(), other.amount];
        batch.add_any(&TRANSFERS_OUT, &[out, into].concat());
        return;
    }
    for (leg, one) in entry.legs().iter().enumerate() {
        let account = ensure(batch, &one.account);
        if one.account.kind.guarded() {
            batch.add_any(&POST_CHECKED, args![account, one.amount]);
        }
        transfer(batch, entry, leg, account, at, ids());
    }
}

/// As [`post`], where the guarded account gives what was held for it: the hold of this cause ends.
pub fn post_held(
    batch: &mut Batch<'_>,
    entry: &Entry,
    held: Money,
    at: Timestamp,
    mut ids: impl FnMut() -> TransferId,
) {
    for (leg, one) in entry.legs().iter().enumerate() {
        let account = ensure(batch, &one.account);
        if one.account.kind.guarded() {
            batch.add(&POST_HELD, args![account, one.amount, held], 1);
        }
        transfer(batch, entry, leg, account, at, ids());
    }
    batch.add(&CLOSE_HOLD, args![entry.cause_kind().as_str(), entry.cause_id(), "posted"], 1);
}

fn ensure(batch: &mut Batch<'_>, key: &AccountKey) -> AccountId {
    let id = key.id();
    batch.add_any(&ENSURE_ACCOUNT, args![id, key.kind.as_str(), key.owner, key.kind.guarded()]);
    id
}

/// Makes sure that these accounts are there.
pub async fn ensure_accounts(tx: &mut WriteTx, keys: &[AccountKey]) -> Result<()> {
    let mut batch = Batch::new();
    for key in keys {
        ensure(&mut batch, key);
    }
    tx.batch(batch).await
}

fn transfer(batch: &mut Batch<'_>, entry: &Entry, leg: usize, account: AccountId, at: Timestamp, id: TransferId) {
    let one = &entry.legs()[leg];
    let sql = if one.account.kind.guarded() { &TRANSFER_GUARDED } else { &TRANSFER };
    let row = args![id, entry.cause_kind().as_str(), entry.cause_id(), leg as i64, account, one.amount, at];
    batch.add(sql, row, 1);
}

/// Promised money of an account.
pub struct NewHold {
    pub id: HoldId,
    pub account: AccountKey,
    pub cause_kind: &'static str,
    pub cause_id: Uuid,
    pub amount: Money,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
}
/// Adds a hold to a batch; when the money is not there, the transaction is lost.
pub fn hold(batch: &mut Batch<'_>, h: &NewHold) {
    let account = h.account.id();
    batch.add(&HOLD, args![account, h.amount], 1);
    batch.add(&INSERT_HOLD, args![h.id, account, h.cause_kind, h.cause_id, h.amount, h.created_at, h.expires_at], 1);
}
/// Adds the end of a hold to a batch, the money being free again.
pub fn void(batch: &mut Batch<'_>, account: &AccountKey, cause_kind: &'static str, cause_id: Uuid, amount: Money) {
    batch.add(&FREE, args![account.id(), amount], 1);
    batch.add(&CLOSE_HOLD, args![cause_kind, cause_id, "voided"], 1);
}
/// Adds the expiry of a hold to a batch.
pub fn expire(batch: &mut Batch<'_>, hold: &ExpiredHoldRow) {
    batch.add(&FREE, args![hold.account_id, hold.amount_cents], 1);
    batch.add(&EXPIRE_HOLD, args![hold.id], 1);
}
/// Pending holds whose time is over.
pub async fn expired_holds(q: &mut impl Query, now: Timestamp, limit: i64) -> Result<Vec<ExpiredHoldRow>> {
    q.all(&EXPIRED_HOLDS, args![now, limit]).await
}
/// What a guarded account holds; nothing when it was never used.
pub async fn balance(q: &mut impl Query, key: &AccountKey) -> Result<BalanceRow> {
    let found = q.opt(&BALANCE, args![key.id()]).await?;
    Ok(found.unwrap_or(BalanceRow { posted_cents: Money::ZERO, held_cents: Money::ZERO }))
}
