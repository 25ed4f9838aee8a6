//! Registry records: one per fiscal code or VAT number, shared by all their logins (domain notes 1.2, 1.6).

use uuid::Uuid;

use crate::{Query, Result, WriteTx, args, row, sql};

row! {
    /// A whole record.
    pub struct PartyRow {
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
        pub email_key: String,
        pub email_confirmed_at: Option<i64>,
        pub email_unreachable_at: Option<i64>,
        pub phone: Option<String>,
        pub mobile: Option<String>,
        pub locale: String,
        pub secret_question: Option<String>,
        pub secret_answer_hash: Option<String>,
        /// JSON: `domain::party::Details`.
        pub details: String,
        pub created_at: i64,
        pub updated_at: i64,
    }
}

row! {
    /// A record found by its key, and whether one of its logins ever became more than a shown username.
    pub struct KnownRow {
        pub id: Uuid,
        pub email: String,
        pub first_name: String,
        pub locale: String,
        /// A login that is active, blocked or closed.
        pub completed: bool,
        /// The login that still waits for its password.
        pub incomplete_login: Option<Uuid>,
    }
}

/// A record to be written.
pub struct NewParty<'a> {
    pub id: Uuid,
    pub kind: &'a str,
    pub tax_key: &'a str,
    pub display_name: &'a str,
    pub first_name: &'a str,
    pub last_name: &'a str,
    pub organisation: Option<&'a str>,
    pub fiscal_code: Option<&'a str>,
    pub vat_number: Option<&'a str>,
    pub email: &'a str,
    pub email_key: &'a str,
    pub phone: Option<&'a str>,
    pub mobile: Option<&'a str>,
    pub locale: &'a str,
    pub secret_question: Option<&'a str>,
    pub secret_answer_hash: Option<&'a str>,
    pub details: &'a str,
    pub now: i64,
}

sql!(
    BY_ID = "SELECT id, version, kind, tax_key, display_name, first_name, last_name, organisation, fiscal_code, vat_number, email, email_key, email_confirmed_at, email_unreachable_at, phone, mobile, locale, secret_question, secret_answer_hash, details, created_at, updated_at FROM parties WHERE id = $1",
    PartyRow
);
sql!(
    BY_TAX_KEY = "SELECT id, version, kind, tax_key, display_name, first_name, last_name, organisation, fiscal_code, vat_number, email, email_key, email_confirmed_at, email_unreachable_at, phone, mobile, locale, secret_question, secret_answer_hash, details, created_at, updated_at FROM parties WHERE tax_key = $1",
    PartyRow
);
sql!(
    BY_EMAIL_KEY = "SELECT id, version, kind, tax_key, display_name, first_name, last_name, organisation, fiscal_code, vat_number, email, email_key, email_confirmed_at, email_unreachable_at, phone, mobile, locale, secret_question, secret_answer_hash, details, created_at, updated_at FROM parties WHERE email_key = $1 ORDER BY created_at LIMIT $2",
    PartyRow
);
sql!(
    INSERT = "INSERT INTO parties (id, version, kind, tax_key, display_name, first_name, last_name, organisation, fiscal_code, vat_number, email, email_key, phone, mobile, locale, secret_question, secret_answer_hash, details, created_at, updated_at) VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $18)"
);
sql!(
    REPLACE = "UPDATE parties SET version = version + 1, kind = $2, tax_key = $3, display_name = $4, first_name = $5, last_name = $6, organisation = $7, fiscal_code = $8, vat_number = $9, email = $10, email_key = $11, email_confirmed_at = NULL, email_unreachable_at = NULL, phone = $12, mobile = $13, locale = $14, secret_question = $15, secret_answer_hash = $16, details = $17, updated_at = $18 WHERE id = $1"
);
sql!(
    KNOWN = "SELECT p.id, p.email, p.first_name, p.locale, EXISTS (SELECT 1 FROM logins l WHERE l.party_id = p.id AND l.state IN ('active','blocked','closed')) AS completed, (SELECT l.id FROM logins l WHERE l.party_id = p.id AND l.state = 'incomplete' ORDER BY l.number LIMIT 1) AS incomplete_login FROM parties p WHERE p.tax_key = $1",
    KnownRow
);
sql!(
    SET_CONTACTS = "UPDATE parties SET version = version + 1, phone = $3, mobile = $4, locale = $5, updated_at = $6 WHERE id = $1 AND version = $2"
);
sql!(
    SET_DETAILS =
        "UPDATE parties SET version = version + 1, details = $3, updated_at = $4 WHERE id = $1 AND version = $2"
);
sql!(
    SET_EMAIL = "UPDATE parties SET version = version + 1, email = $2, email_key = $3, email_confirmed_at = $4, email_unreachable_at = NULL, updated_at = $4 WHERE id = $1"
);
sql!(
    SET_QUESTION = "UPDATE parties SET version = version + 1, secret_question = $2, secret_answer_hash = $3, updated_at = $4 WHERE id = $1"
);
sql!(CONFIRM_EMAIL = "UPDATE parties SET email_confirmed_at = $3 WHERE id = $1 AND email_key = $2");
sql!(DELETE = "DELETE FROM parties WHERE id = $1");

/// The record with this identifier.
pub async fn by_id(q: &mut impl Query, id: Uuid) -> Result<Option<PartyRow>> {
    q.opt(&BY_ID, args![id]).await
}
/// The record of this fiscal code or VAT number, normalised.
pub async fn by_tax_key(q: &mut impl Query, tax_key: &str) -> Result<Option<PartyRow>> {
    q.opt(&BY_TAX_KEY, args![tax_key]).await
}
/// The records registered with this e-mail (lower case), oldest first; several may share one.
pub async fn by_email_key(q: &mut impl Query, email_key: &str, limit: i64) -> Result<Vec<PartyRow>> {
    q.all(&BY_EMAIL_KEY, args![email_key, limit]).await
}
impl NewParty<'_> {
    fn args(&self) -> Vec<crate::P<'_>> {
        args![
            self.id,
            self.kind,
            self.tax_key,
            self.display_name,
            self.first_name,
            self.last_name,
            self.organisation,
            self.fiscal_code,
            self.vat_number,
            self.email,
            self.email_key,
            self.phone,
            self.mobile,
            self.locale,
            self.secret_question,
            self.secret_answer_hash,
            self.details,
            self.now
        ]
        .to_vec()
    }
}

/// Writes a new record. `Error::Duplicate` when the tax key is known.
pub async fn insert(tx: &mut WriteTx, p: &NewParty<'_>) -> Result<()> {
    tx.exactly_one(&INSERT, &p.args()).await
}
/// Writes other data over a record whose registration was never completed.
pub async fn replace(tx: &mut WriteTx, p: &NewParty<'_>) -> Result<()> {
    tx.exactly_one(&REPLACE, &p.args()).await
}
/// The record of this fiscal code or VAT number, as far as a new registration needs it.
pub async fn known(q: &mut impl Query, tax_key: &str) -> Result<Option<KnownRow>> {
    q.opt(&KNOWN, args![tax_key]).await
}
/// Replaces telephone numbers and language; 0 when the version is another.
pub async fn set_contacts(
    tx: &mut WriteTx,
    id: Uuid,
    version: i64,
    (phone, mobile, locale): (Option<&str>, Option<&str>, &str),
    now: i64,
) -> Result<u64> {
    tx.run(&SET_CONTACTS, args![id, version, phone, mobile, locale, now]).await
}
/// Replaces address and e-invoice data; 0 when the version is another.
pub async fn set_details(tx: &mut WriteTx, id: Uuid, version: i64, details: &str, now: i64) -> Result<u64> {
    tx.run(&SET_DETAILS, args![id, version, details, now]).await
}
/// Replaces the e-mail by one that was proven now.
pub async fn set_email(tx: &mut WriteTx, id: Uuid, email: &str, email_key: &str, now: i64) -> Result<()> {
    tx.exactly_one(&SET_EMAIL, args![id, email, email_key, now]).await
}
/// Replaces the secret question and the hash of its answer; `None` takes both away.
pub async fn set_question(tx: &mut WriteTx, id: Uuid, question: Option<(&str, &str)>, now: i64) -> Result<()> {
    let (question, answer_hash) = question.unzip();
    tx.exactly_one(&SET_QUESTION, args![id, question, answer_hash, now]).await
}
/// Marks the e-mail proven, if it is still this one.
pub async fn confirm_email(tx: &mut WriteTx, id: Uuid, email_key: &str, now: i64) -> Result<u64> {
    tx.run(&CONFIRM_EMAIL, args![id, email_key, now]).await
}
/// Takes a record away whose registration was never finished; nothing else may point to it.
pub async fn delete(tx: &mut WriteTx, id: Uuid) -> Result<u64> {
    tx.run(&DELETE, args![id]).await
}
