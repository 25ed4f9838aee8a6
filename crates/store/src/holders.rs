//! The address book: holder profiles of a registry record (domain notes 2.6).

use uuid::Uuid;

use crate::{Query, Result, WriteTx, args, row, sql};

row! {
    /// A profile.
    pub struct HolderRow {
        pub id: Uuid,
        pub version: i64,
        pub kind: String,
        pub tax_key: String,
        pub display_name: String,
        pub first_name: String,
        pub last_name: String,
        pub organisation: Option<String>,
        pub fiscal_code: Option<String>,
        pub vat_number: Option<String>,
        pub email: String,
        pub phone: Option<String>,
        pub mobile: Option<String>,
        /// JSON, as in `parties`.
        pub details: String,
    }
}
row! {
    /// A line of the book.
    pub struct HolderLine {
        pub id: Uuid,
        pub kind: String,
        pub tax_key: String,
        pub display_name: String,
        pub email: String,
        /// Living mailboxes of this profile.
        pub mailboxes: i64,
    }
}
row! {
    /// What an order needs of a profile.
    pub struct HolderKey {
        pub id: Uuid,
        pub tax_key: String,
        pub display_name: String,
        pub email: String,
    }
}
row! {
    /// By which numbers a profile is found.
    pub struct HolderNumbers {
        pub id: Uuid,
        pub tax_key: String,
        pub vat_number: Option<String>,
    }
}
row! {
    /// A number alone.
    pub struct Counted {
        pub n: i64,
    }
}

sql!(
    BY_ID = "SELECT id, version, kind, tax_key, display_name, first_name, last_name, organisation, fiscal_code, vat_number, email, phone, mobile, details \
     FROM holders WHERE id = $1 AND party_id = $2",
    HolderRow
);
sql!(
    BOOK = "SELECT h.id, h.kind, h.tax_key, h.display_name, h.email, \
     (SELECT COUNT(*) FROM mailboxes m WHERE m.holder_id = h.id AND m.state IN ('activating', 'active', 'expired')) AS mailboxes \
     FROM holders h WHERE h.party_id = $1 AND (h.display_name, h.id) > ($2, $3) ORDER BY h.display_name, h.id LIMIT $4",
    HolderLine
);
sql!(
    NUMBERS = "SELECT id, tax_key, vat_number FROM holders WHERE party_id = $1 ORDER BY display_name, id LIMIT $2",
    HolderNumbers
);
sql!(
    BY_EIGHT = "SELECT id, tax_key, display_name, email FROM holders \
     WHERE party_id = $1 AND id IN ($2, $3, $4, $5, $6, $7, $8, $9) ORDER BY id",
    HolderKey
);
sql!(
    USES = "SELECT (SELECT COUNT(*) FROM mailboxes WHERE holder_id = $1) \
     + (SELECT COUNT(*) FROM order_mailboxes om JOIN orders o ON o.id = om.order_id WHERE om.holder_id = $1 AND o.state || '' = 'awaiting_payment') AS n",
    Counted
);
sql!(
    INSERT = "INSERT INTO holders (id, version, party_id, kind, tax_key, display_name, first_name, last_name, organisation, fiscal_code, vat_number, email, phone, mobile, details, created_at, updated_at) \
     VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $15)"
);
sql!(
    UPDATE = "UPDATE holders SET version = version + 1, display_name = $4, first_name = $5, last_name = $6, organisation = $7, email = $8, phone = $9, mobile = $10, details = $11, updated_at = $12 \
     WHERE id = $1 AND party_id = $2 AND version = $3"
);
sql!(RENAME_MAILBOXES = "UPDATE mailboxes SET holder_name = $2 WHERE holder_id = $1");
sql!(DELETE = "DELETE FROM holders WHERE id = $1 AND party_id = $2");

/// A profile of this book.
pub async fn by_id(q: &mut impl Query, party: Uuid, id: Uuid) -> Result<Option<HolderRow>> {
    q.opt(&BY_ID, args![id, party]).await
}

/// A page of the book in order of name, after the given position.
pub async fn book(q: &mut impl Query, party: Uuid, after: (&str, Uuid), limit: i64) -> Result<Vec<HolderLine>> {
    q.all(&BOOK, args![party, after.0, after.1, limit]).await
}

/// The numbers of all profiles of a book.
pub async fn numbers(q: &mut impl Query, party: Uuid, limit: i64) -> Result<Vec<HolderNumbers>> {
    q.all(&NUMBERS, args![party, limit]).await
}

/// The profiles with these identifiers, eight at a time; those of other books are missing.
pub async fn keys(q: &mut impl Query, party: Uuid, ids: &[Uuid]) -> Result<Vec<HolderKey>> {
    let mut out = Vec::new();
    for chunk in ids.chunks(8) {
        // A list shorter than eight repeats its last identifier.
        let at = |n: usize| *chunk.get(n).or(chunk.last()).expect("chunks are not empty");
        out.extend(q.all(&BY_EIGHT, args![party, at(0), at(1), at(2), at(3), at(4), at(5), at(6), at(7)]).await?);
    }
    Ok(out)
}

/// Mailboxes and unpaid orders that name this profile.
pub async fn uses(q: &mut impl Query, id: Uuid) -> Result<i64> {
    Ok(q.one::<Counted>(&USES, args![id]).await?.n)
}

/// Writes a new profile.
///
/// # Errors
/// `Duplicate` when the book has this fiscal code or VAT number already.
pub async fn insert(tx: &mut WriteTx, party: Uuid, h: &HolderRow, now: i64) -> Result<()> {
    let args = args![
        h.id,
        party,
        &h.kind,
        &h.tax_key,
        &h.display_name,
        &h.first_name,
        &h.last_name,
        h.organisation.as_ref(),
        h.fiscal_code.as_ref(),
        h.vat_number.as_ref(),
        &h.email,
        h.phone.as_ref(),
        h.mobile.as_ref(),
        &h.details,
        now
    ];
    tx.exactly_one(&INSERT, args).await
}

/// Corrects a profile in the version that was read; kind and identity stay. Answers 0 when it
/// was changed meanwhile.
pub async fn update(tx: &mut WriteTx, party: Uuid, h: &HolderRow, now: i64) -> Result<u64> {
    let args = args![
        h.id,
        party,
        h.version,
        &h.display_name,
        &h.first_name,
        &h.last_name,
        h.organisation.as_ref(),
        &h.email,
        h.phone.as_ref(),
        h.mobile.as_ref(),
        &h.details,
        now
    ];
    tx.run(&UPDATE, args).await
}

/// Carries a corrected name to all mailboxes of the profile.
pub async fn rename_mailboxes(tx: &mut WriteTx, id: Uuid, name: &str) -> Result<u64> {
    tx.run(&RENAME_MAILBOXES, args![id, name]).await
}

/// Takes a profile out of the book.
pub async fn delete(tx: &mut WriteTx, party: Uuid, id: Uuid) -> Result<u64> {
    tx.run(&DELETE, args![id, party]).await
}
