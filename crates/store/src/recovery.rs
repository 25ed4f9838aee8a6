//! Records found by who forgot the username.

use uuid::Uuid;

use crate::{Query, Result, args, row, sql};

row! {
    /// A record and how to reach it.
    pub struct ReachedRow { pub id: Uuid, pub display_name: String, pub email: String, pub locale: String }
}

sql!(
    BY_EMAIL =
        "SELECT id, display_name, email, locale FROM parties WHERE email_key = $1 ORDER BY created_at, id LIMIT $2",
    ReachedRow
);
sql!(
    BY_TAX_NUMBER = "SELECT id, display_name, email, locale FROM parties WHERE tax_key = $1 OR fiscal_code = $1 OR vat_number = $1 ORDER BY created_at, id LIMIT $2",
    ReachedRow
);
sql!(
    USERNAMES = "SELECT username FROM logins WHERE party_id = $1 AND state IN ('active','blocked') ORDER BY number",
    String
);

/// Records registered with this e-mail (lower case), oldest first.
pub async fn by_email(q: &mut impl Query, email_key: &str, limit: i64) -> Result<Vec<ReachedRow>> {
    q.all(&BY_EMAIL, args![email_key, limit]).await
}
/// Records of this fiscal code or VAT number, whichever of their numbers it is, oldest first.
pub async fn by_tax_number(q: &mut impl Query, number: &str, limit: i64) -> Result<Vec<ReachedRow>> {
    q.all(&BY_TAX_NUMBER, args![number, limit]).await
}
/// Usernames of a record that have a password.
pub async fn usernames(q: &mut impl Query, party: Uuid) -> Result<Vec<String>> {
    q.all(&USERNAMES, args![party]).await
}

row! {
    /// An account with what its messages and rules need of its record.
    pub struct AccountRow {
        pub id: Uuid,
        pub version: i64,
        pub party_id: Uuid,
        pub username: String,
        pub state: String,
        pub password_hash: Option<String>,
        pub created_at: i64,
        pub display_name: String,
        pub fiscal_code: Option<String>,
        pub email: String,
        pub mobile: Option<String>,
        pub locale: String,
    }
}

sql!(
    ACCOUNT_BY_ID = "SELECT l.id, l.version, l.party_id, l.username, l.state, l.password_hash, l.created_at, p.display_name, p.fiscal_code, p.email, p.mobile, p.locale FROM logins l JOIN parties p ON p.id = l.party_id WHERE l.id = $1",
    AccountRow
);
sql!(
    ACCOUNT_BY_USERNAME = "SELECT l.id, l.version, l.party_id, l.username, l.state, l.password_hash, l.created_at, p.display_name, p.fiscal_code, p.email, p.mobile, p.locale FROM logins l JOIN parties p ON p.id = l.party_id WHERE l.username = $1",
    AccountRow
);

/// The account with this identifier.
pub async fn account(q: &mut impl Query, id: Uuid) -> Result<Option<AccountRow>> {
    q.opt(&ACCOUNT_BY_ID, args![id]).await
}
/// The account with this username (lower case).
pub async fn account_by_username(q: &mut impl Query, username: &str) -> Result<Option<AccountRow>> {
    q.opt(&ACCOUNT_BY_USERNAME, args![username]).await
}

row! {
    /// The secret question of the record behind an account.
    pub struct QuestionRow {
        pub id: Uuid,
        pub party_id: Uuid,
        pub state: String,
        pub tax_key: String,
        pub fiscal_code: Option<String>,
        pub vat_number: Option<String>,
        pub secret_question: Option<String>,
        pub secret_answer_hash: Option<String>,
        pub locale: String,
    }
}

sql!(
    QUESTION = "SELECT l.id, l.party_id, l.state, p.tax_key, p.fiscal_code, p.vat_number, p.secret_question, p.secret_answer_hash, p.locale FROM logins l JOIN parties p ON p.id = l.party_id WHERE l.username = $1",
    QuestionRow
);

/// The question behind this username (lower case).
pub async fn question(q: &mut impl Query, username: &str) -> Result<Option<QuestionRow>> {
    q.opt(&QUESTION, args![username]).await
}
