//! A registration under way: what is kept between the pages, and how it is found again.

use domain::{
    id::{LoginId, RegistrationId},
    party::{FieldRefusal, SubjectKind, Typed},
    time::{DAY_US, Timestamp},
};
use serde::{Deserialize, Serialize};
use store::{Query, registrations as rows};

use crate::{Cx, FieldProblem, Problem, secrets::sha256};

/// How long typed data wait for the next page.
pub const KEPT_US: i64 = DAY_US;

/// The pages of the wizard, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    Kind,
    Data,
    Contacts,
    Consents,
    Check,
    Credentials,
    Done,
}
impl Step {
    pub const ALL: [Step; 7] =
        [Self::Kind, Self::Data, Self::Contacts, Self::Consents, Self::Check, Self::Credentials, Self::Done];
    /// The word of the store and of the address.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Kind => "kind",
            Self::Data => "data",
            Self::Contacts => "contacts",
            Self::Consents => "consents",
            Self::Check => "check",
            Self::Credentials => "credentials",
            Self::Done => "done",
        }
    }
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.as_str() == word)
    }
    /// The page of the step.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Kind => "/register",
            Self::Data => "/register/data",
            Self::Contacts => "/register/contacts",
            Self::Consents => "/register/consents",
            Self::Check => "/register/check",
            Self::Credentials => "/register/credentials",
            Self::Done => "/register/done",
        }
    }
}

/// The answers about privacy, with the texts that were shown and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consents {
    pub privacy_version: String,
    pub marketing: bool,
    pub marketing_version: String,
    pub at: Timestamp,
}

/// What was typed so far. No password, and of the secret answer only the hash.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    pub kind: Option<SubjectKind>,
    #[serde(default)]
    pub typed: Typed,
    pub data_done: bool,
    pub contacts_done: bool,
    pub secret_question: Option<String>,
    pub secret_answer_hash: Option<String>,
    pub consents: Option<Consents>,
}
impl Draft {
    /// The first page that is not answered yet.
    pub fn first_open(&self) -> Step {
        match self {
            d if d.kind.is_none() => Step::Kind,
            d if !d.data_done => Step::Data,
            d if !d.contacts_done => Step::Contacts,
            d if d.consents.is_none() => Step::Consents,
            _ => Step::Check,
        }
    }
    /// As the store keeps it.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("a draft is plain data")
    }
}

/// A registration that may go on.
#[derive(Debug, Clone)]
pub struct Registration {
    pub id: RegistrationId,
    pub version: i64,
    /// Where it stands: the first page not answered yet.
    pub step: Step,
    pub draft: Draft,
    /// Once the username exists.
    pub login: Option<LoginId>,
    /// Where to go afterwards.
    pub next: Option<String>,
}

/// The registration behind a cookie's secret; `None` when there is none or its day is over.
///
/// # Errors
/// When the store cannot be read.
pub async fn find(q: &mut impl Query, cx: &Cx, secret: &str) -> Result<Option<Registration>, Problem> {
    if secret.len() != 43 {
        return Ok(None);
    }
    let row = rows::by_token(q, &sha256(secret.as_bytes())).await?;
    Ok(row.filter(|r| r.expires_at > cx.now().micros()).map(read))
}

fn read(row: rows::RegistrationRow) -> Registration {
    let draft: Draft = serde_json::from_str(&row.draft).unwrap_or_default();
    let login = row.login_id.map(LoginId::from_uuid);
    let step = match Step::parse(&row.step) {
        Some(step @ (Step::Credentials | Step::Done)) if login.is_some() => step,
        _ => draft.first_open(),
    };
    Registration {
        id: RegistrationId::from_uuid(row.id),
        version: row.version,
        step,
        draft,
        login,
        next: row.next_path,
    }
}

/// [`find`] outside a transaction, for pages.
///
/// # Errors
/// When the store cannot be read.
pub async fn current(cx: &Cx, secret: &str) -> Result<Option<Registration>, Problem> {
    find(&mut cx.store(), cx, secret).await
}

/// The same, which must be there.
///
/// # Errors
/// `registration-gone` when there is none.
pub async fn must(q: &mut impl Query, cx: &Cx, secret: &str) -> Result<Registration, Problem> {
    find(q, cx, secret).await?.ok_or_else(|| Problem::refused("registration-gone"))
}

/// Refused fields as a problem of the form.
pub fn refused(fields: Vec<FieldRefusal>) -> Problem {
    Problem::invalid(fields.into_iter().map(|r| FieldProblem::new(r.field.name(), r.code)).collect())
}
