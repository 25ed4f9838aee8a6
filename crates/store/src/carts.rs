//! Carts: found by the hash of their cookie, written only in the version that was read.

use domain::id::PartyId;
use uuid::Uuid;

use crate::{Query, Result, WriteTx, args, row, sql};

row! {
    /// A cart as it is kept.
    pub struct CartRow {
        pub id: Uuid,
        pub version: i64,
        pub login_id: Option<Uuid>,
        pub plan_code: String,
        pub quantity: i64,
        pub years: i64,
        pub shown_price_id: Option<Uuid>,
        /// JSON array of `domain::order::cart::CartMailbox`.
        pub mailboxes: String,
        /// JSON object: the form of the last step as far as it was filled in.
        pub draft: String,
        pub order_id: Option<Uuid>,
        pub updated_at: i64,
        pub expires_at: i64,
    }
}

row! {
    /// The account that buys: the default holder, and who is invoiced.
    pub struct AccountRow {
        pub kind: String,
        pub tax_key: String,
        pub display_name: String,
        pub fiscal_code: Option<String>,
        pub vat_number: Option<String>,
        pub email: String,
        /// JSON of `domain::party::SubjectData`.
        pub details: String,
    }
}

sql!(
    ACCOUNT = "SELECT kind, tax_key, display_name, fiscal_code, vat_number, email, details FROM parties WHERE id = $1",
    AccountRow
);
sql!(
    BY_TOKEN = "SELECT id, version, login_id, plan_code, quantity, years, shown_price_id, mailboxes, draft, order_id, updated_at, expires_at \
     FROM carts WHERE token_hash = $1",
    CartRow
);
sql!(
    INSERT = "INSERT INTO carts (id, version, token_hash, login_id, plan_code, quantity, years, shown_price_id, mailboxes, draft, order_id, created_at, updated_at, expires_at) \
     VALUES ($1, 1, $2, $3, $4, $5, 1, $6, $7, '{}', NULL, $8, $8, $9)"
);
sql!(
    SAVE = "UPDATE carts SET version = version + 1, plan_code = $3, quantity = $4, years = $5, shown_price_id = $6, mailboxes = $7, draft = $8, updated_at = $9, expires_at = $10 \
     WHERE id = $1 AND version = $2 AND order_id IS NULL"
);
sql!(
    OPEN_OF = "SELECT id, version, login_id, plan_code, quantity, years, shown_price_id, mailboxes, draft, order_id, updated_at, expires_at \
     FROM carts WHERE login_id = $1 AND order_id IS NULL AND expires_at > $2 ORDER BY updated_at DESC, id LIMIT 1",
    CartRow
);
sql!(NEW_TOKEN = "UPDATE carts SET token_hash = $2 WHERE id = $1 AND order_id IS NULL");
sql!(ADOPT = "UPDATE carts SET login_id = $2, updated_at = $3 WHERE id = $1 AND order_id IS NULL");
sql!(
    CLOSE = "UPDATE carts SET order_id = $3, version = version + 1, updated_at = $4 WHERE id = $1 AND version = $2 AND order_id IS NULL"
);

/// What a new cart begins with.
#[derive(Debug)]
pub struct NewCart<'a> {
    pub id: Uuid,
    pub token_hash: &'a [u8],
    pub login_id: Option<Uuid>,
    pub plan_code: &'a str,
    pub quantity: i64,
    pub shown_price_id: Option<Uuid>,
    pub mailboxes: &'a str,
    pub now: i64,
    pub expires_at: i64,
}

/// The registry record that buys.
pub async fn account(q: &mut impl Query, party: PartyId) -> Result<Option<AccountRow>> {
    q.opt(&ACCOUNT, args![party]).await
}

/// The cart of a cookie, by the hash of its token.
pub async fn by_token(q: &mut impl Query, token_hash: &[u8]) -> Result<Option<CartRow>> {
    q.opt(&BY_TOKEN, args![token_hash]).await
}

/// Writes a new cart.
pub async fn insert(tx: &mut WriteTx, c: &NewCart<'_>) -> Result<()> {
    let args = args![
        c.id,
        c.token_hash,
        c.login_id,
        c.plan_code,
        c.quantity,
        c.shown_price_id,
        c.mailboxes,
        c.now,
        c.expires_at
    ];
    tx.exactly_one(&INSERT, args).await
}

/// Saves a cart that nobody changed or confirmed meanwhile; answers how many rows were written (0 or 1).
pub async fn save(tx: &mut WriteTx, c: &CartRow) -> Result<u64> {
    let args = args![
        c.id,
        c.version,
        &c.plan_code,
        c.quantity,
        c.years,
        c.shown_price_id,
        &c.mailboxes,
        &c.draft,
        c.updated_at,
        c.expires_at
    ];
    tx.run(&SAVE, args).await
}

/// Gives a cart to the login that has just signed in.
pub async fn adopt(tx: &mut WriteTx, cart: Uuid, login: Uuid, now: i64) -> Result<u64> {
    tx.run(&ADOPT, args![cart, login, now]).await
}

/// The cart that this login touched last and has not confirmed.
pub async fn open_of(q: &mut impl Query, login: Uuid, now: i64) -> Result<Option<CartRow>> {
    q.opt(&OPEN_OF, args![login, now]).await
}

/// Gives an open cart to another browser of the same person; answers how many were given (0 or 1).
pub async fn new_token(tx: &mut WriteTx, cart: Uuid, token_hash: &[u8]) -> Result<u64> {
    tx.run(&NEW_TOKEN, args![cart, token_hash]).await
}
