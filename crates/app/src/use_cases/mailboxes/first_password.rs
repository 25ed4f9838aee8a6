//! The first password of a mailbox: a link by mail, good for seven days and once, usable before the
//! mailbox is active (domain notes 2.9).

use domain::{
    actor::Actor,
    id::MailboxId,
    mailbox::FIRST_PASSWORD_DAYS,
    time::{DAY_US, MINUTE_US},
};
use render::notices::first_password::FirstPassword;
use serde_json::json;
use store::{Query, WriteTx, mailbox_life as rows};

pub use super::passwords::NewPassword;
use super::passwords::{self, can_have_password};
use crate::{
    Cx, Problem,
    notice::Notice,
    rate_limit::{self, Limit},
    tokens::{self, Dead, FIRST_PASSWORD},
};

/// What the page behind the link shows. Looking changes nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkPage {
    /// A password can be chosen.
    Choose { address: String },
    /// The link was used; the mailbox has its password.
    Used { address: String },
    /// Too old: a new one can be asked for.
    Expired { address: String },
    /// The order was cancelled, or the mailbox has ended.
    Gone,
    /// No such link.
    Unknown,
}

/// Looks at a link without using it: mail scanners follow links.
///
/// # Errors
/// When the store cannot be read.
pub async fn look_at_link(cx: &Cx, token: &str) -> Result<LinkPage, Problem> {
    let mut q = cx.store();
    let (subject, dead) = match tokens::find(&mut q, cx, FIRST_PASSWORD, token).await? {
        Ok(live) => (live.subject, None),
        Err(Dead::Unknown) => return Ok(LinkPage::Unknown),
        Err(dead) => match tokens::subject_of(&mut q, FIRST_PASSWORD, token).await? {
            Some(subject) => (subject, Some(dead)),
            None => return Ok(LinkPage::Unknown),
        },
    };
    let Some(owner) = rows::owner(&mut q, subject.cast()).await? else { return Ok(LinkPage::Unknown) };
    if !can_have_password(&owner) {
        return Ok(LinkPage::Gone);
    }
    let address = owner.address.clone();
    Ok(match (dead, has_password(&owner)) {
        (_, true) => LinkPage::Used { address },
        (None, false) => LinkPage::Choose { address },
        // Revoked by a newer link, or too old: either way another can be sent.
        (Some(_), false) => LinkPage::Expired { address },
    })
}

/// A password typed twice behind a link.
#[derive(Clone, Debug)]
pub struct SetFirstPassword {
    pub token: String,
    pub new: NewPassword,
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FirstPasswordSet {
    pub address: String,
    /// Whether the mailbox can be used now; else the password waits for the activation.
    pub usable: bool,
}

/// Stores the first password and uses the link up.
///
/// # Errors
/// `invalid` with the fields `password`, `password_again`; `token-used`, `token-expired`, `token-unknown`, `mailbox-gone`.
pub async fn set_first_password(cx: &Cx, input: SetFirstPassword) -> Result<FirstPasswordSet, Problem> {
    let found = tokens::find(&mut cx.store(), cx, FIRST_PASSWORD, &input.token).await?;
    let live = found.map_err(passwords_problem)?;
    let owner = passwords::owner(&mut cx.store(), live.subject.cast()).await?;
    if !can_have_password(&owner) {
        return Err(Problem::refused("mailbox-gone"));
    }
    if has_password(&owner) {
        return Err(Problem::refused("token-used"));
    }
    let hash = passwords::hash(cx, &owner, &input.new).await?;
    let this = cx.clone();
    cx.write(async move |tx| {
        let cx = &this;
        // Read again: it may have been paid for while the password was hashed.
        let owner = passwords::owner(tx, live.subject.cast()).await?;
        if !can_have_password(&owner) {
            return Err(Problem::refused("mailbox-gone"));
        }
        tokens::spend(tx, cx, live.id).await?;
        tokens::revoke_all(tx, cx, FIRST_PASSWORD, live.subject).await?;
        passwords::write(tx, cx, &owner, &hash, None).await?;
        let usable = matches!(owner.state.as_deref(), Some("active" | "expired"));
        Ok(FirstPasswordSet { address: owner.address, usable })
    })
    .await
}

pub(super) fn passwords_problem(dead: Dead) -> Problem {
    Problem::refused(match dead {
        Dead::Unknown => "token-unknown",
        Dead::Used => "token-used",
        Dead::Expired => "token-expired",
    })
}

fn has_password(owner: &rows::OwnerRow) -> bool {
    match owner.state {
        None => owner.waiting_hash.is_some(),
        Some(_) => owner.password_hash.is_some(),
    }
}

/// The mailbox, if it still waits for its first password.
///
/// # Errors
/// When the store cannot be read.
pub async fn wanted(q: &mut impl Query, id: MailboxId) -> Result<Option<rows::OwnerRow>, Problem> {
    let owner = rows::owner(q, id).await?;
    Ok(owner.filter(|o| can_have_password(o) && !has_password(o)))
}

/// Issues a link and asks for the mail that carries it; older links end.
///
/// # Errors
/// When the store cannot be written.
pub async fn send(tx: &mut WriteTx, cx: &Cx, owner: &rows::OwnerRow, once: Option<String>) -> Result<(), Problem> {
    let subject = owner.id.cast();
    let valid_until = cx.now().plus_us(FIRST_PASSWORD_DAYS * DAY_US);
    tokens::revoke_all(tx, cx, FIRST_PASSWORD, subject).await?;
    let data = json!({ "address": owner.address });
    let token = tokens::issue(tx, cx, FIRST_PASSWORD, subject, &data, valid_until).await?;
    let context = FirstPassword {
        name: owner.customer_name.clone(),
        order: owner.order_number.clone(),
        address: owner.address.clone(),
        link: String::new(),
        valid_until,
        active: matches!(owner.state.as_deref(), Some("active" | "expired")),
    };
    let locale = passwords::locale(owner);
    let notice = Notice::mail(&owner.password_email, locale, ("mailbox", owner.id.uuid()), &context).with_link(
        token,
        FIRST_PASSWORD,
        "/password/{token}",
    );
    match once {
        Some(key) => notice.once(format!("first-password:{key}")).enqueue(tx, cx).await,
        None => notice.enqueue(tx, cx).await,
    }
}

/// One new link a minute and mailbox, ten a day.
const RESEND: Limit = Limit::new(1, MINUTE_US);
const RESEND_DAY: Limit = Limit::new(10, DAY_US);

/// «Invia di nuovo» from the mailbox card or the order, by the account that bought it.
///
/// # Errors
/// `NotFound` when it is somebody else's; `password-set-already`; `mailbox-gone`; `TooMany`.
pub async fn resend_own_link(cx: &Cx, id: MailboxId) -> Result<(), Problem> {
    let owner = passwords::owner(&mut cx.store(), id).await?;
    match cx.actor {
        Actor::Login { login, .. } if owner.login_id == login => {}
        Actor::Operator { .. } | Actor::System => {}
        _ => return Err(Problem::not_found()),
    }
    resend(cx, &owner).await
}

/// «Invia di nuovo» on the page of an expired link: only who has the old link gets here, and the
/// mail goes where the old one went.
///
/// # Errors
/// `token-unknown`, `password-set-already`, `mailbox-gone`, `TooMany`.
pub async fn resend_link(cx: &Cx, token: &str) -> Result<(), Problem> {
    let subject = tokens::subject_of(&mut cx.store(), FIRST_PASSWORD, token).await?;
    let subject = subject.ok_or_else(|| Problem::refused("token-unknown"))?;
    let owner = passwords::owner(&mut cx.store(), subject.cast()).await?;
    resend(cx, &owner).await
}

async fn resend(cx: &Cx, owner: &rows::OwnerRow) -> Result<(), Problem> {
    if !can_have_password(owner) {
        return Err(Problem::refused("mailbox-gone"));
    }
    if has_password(owner) {
        return Err(Problem::refused("password-set-already"));
    }
    rate_limit::hit(cx, format!("first-password:{}", owner.id), RESEND).await?;
    rate_limit::hit(cx, format!("first-password-day:{}", owner.id), RESEND_DAY).await?;
    let (this, id) = (cx.clone(), owner.id);
    cx.write(async move |tx| match wanted(tx, id).await? {
        Some(owner) => send(tx, &this, &owner, None).await,
        None => Err(Problem::refused("password-set-already")),
    })
    .await
}
