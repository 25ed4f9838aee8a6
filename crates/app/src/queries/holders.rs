//! The address book as pages show it.

use domain::{
    id::{HolderId, PartyId},
    party::{Contacts, SubjectData},
};
use store::holders as rows;
use uuid::Uuid;

use crate::{Cx, Problem};

/// Profiles on one page of the book.
pub const PAGE: i64 = 50;
/// Profiles offered for choosing inside an order.
const CHOICES: i64 = 500;

/// A page of the book in order of name, and whether there are more.
///
/// # Errors
/// When the store cannot be read.
pub async fn book(cx: &Cx, party: PartyId, after: (&str, Uuid)) -> Result<(Vec<rows::HolderLine>, bool), Problem> {
    let mut lines = rows::book(&mut cx.store(), party.uuid(), after, PAGE + 1).await?;
    let more = lines.len() as i64 > PAGE;
    lines.truncate(PAGE as usize);
    Ok((lines, more))
}

/// The profiles that can be chosen for a mailbox.
///
/// # Errors
/// When the store cannot be read.
pub async fn choices(cx: &Cx, party: PartyId) -> Result<Vec<rows::HolderLine>, Problem> {
    Ok(rows::book(&mut cx.store(), party.uuid(), ("", Uuid::nil()), CHOICES).await?)
}

/// A profile with its data read.
#[derive(Clone, Debug)]
pub struct Profile {
    pub id: HolderId,
    pub version: i64,
    pub subject: SubjectData,
    pub contacts: Contacts,
    pub mailboxes: i64,
}

/// One profile of the book.
///
/// # Errors
/// `NotFound` when it is in no book of this record.
pub async fn profile(cx: &Cx, party: PartyId, id: HolderId) -> Result<Profile, Problem> {
    let row = rows::by_id(&mut cx.store(), party.uuid(), id.uuid()).await?.ok_or_else(Problem::not_found)?;
    let mailboxes = rows::uses(&mut cx.store(), id.uuid()).await?;
    Ok(Profile {
        id,
        version: row.version,
        subject: serde_json::from_str(&row.details).map_err(Problem::broken)?,
        contacts: Contacts { email: row.email, phone: row.phone, mobile: row.mobile },
        mailboxes,
    })
}
