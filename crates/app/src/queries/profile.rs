//! A registry record as its pages show it.

use domain::{
    id::{LoginId, PartyId},
    party::SubjectData,
};
use render::Locale;
use store::{logins, parties};

use crate::{
    Cx, Problem,
    use_cases::accounts::{change_address::subject, new_login::living},
};

/// The record of a party.
#[derive(Debug, Clone)]
pub struct Record {
    /// Counts changes: a form repeats it, so that a concurrent edit is noticed.
    pub version: i64,
    pub data: SubjectData,
    pub email: String,
    /// Messages came back.
    pub email_unreachable: bool,
    pub phone: Option<String>,
    pub mobile: Option<String>,
    pub locale: Locale,
    /// The secret question, if there is one.
    pub secret_question: Option<String>,
}

/// The whole record.
///
/// # Errors
/// When it is not there, or cannot be read.
pub async fn record(cx: &Cx, party: PartyId) -> Result<Record, Problem> {
    let row = parties::by_id(&mut cx.store(), party.uuid()).await?.ok_or_else(Problem::not_found)?;
    Ok(Record {
        version: row.version,
        data: subject(&row)?,
        email_unreachable: row.email_unreachable_at.is_some(),
        locale: Locale::parse(&row.locale).unwrap_or_default(),
        secret_question: row.secret_question,
        email: row.email,
        phone: row.phone,
        mobile: row.mobile,
    })
}

/// An account of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub login: LoginId,
    pub username: String,
}

/// The accounts of a record that have not ended, by number.
///
/// # Errors
/// When the store cannot be read.
pub async fn accounts(cx: &Cx, party: PartyId) -> Result<Vec<Account>, Problem> {
    let rows = living(&mut cx.store(), party).await?;
    Ok(rows.into_iter().map(|r| Account { login: LoginId::from_uuid(r.id), username: r.username }).collect())
}

/// The username of an account.
///
/// # Errors
/// When it is not there, or cannot be read.
pub async fn username(cx: &Cx, login: LoginId) -> Result<String, Problem> {
    let row = logins::by_id(&mut cx.store(), login.uuid()).await?;
    Ok(row.ok_or_else(Problem::not_found)?.username)
}
