//! «Reset password» of a mailbox: address and tax code of the holder, a link to the security contact, good for
//! three hours and once; no second one meanwhile (domain notes 7.4).

use domain::{
    id::MailboxId,
    mailbox::RESET_HOURS,
    time::{DAY_US, HOUR_US, Timestamp},
};
use render::notices::mailboxes::MailboxPasswordReset;
use serde_json::json;
use store::{Query, WriteTx, mailbox_life as rows};

use super::{
    first_password::passwords_problem,
    passwords::{self, NewPassword, can_have_password},
};
use crate::{
    Cx, FieldProblem, Problem,
    effects::{self, Effect, send_reset_link::SendResetLink},
    notice::Notice,
    rate_limit::{self, Limit},
    secrets::sha256,
    tokens::{self, RESET_MAILBOX},
    use_cases::accounts::{prove_work::prove_work, recover_username::within},
};

/// What was typed.
#[derive(Clone, Debug)]
pub struct RequestReset {
    pub address: String,
    /// Fiscal code or VAT number of the holder.
    pub tax_code: String,
    /// Where the request comes from, for the limits.
    pub ip: String,
    /// Solution of the captcha, from browsers with scripts.
    pub proof: Option<String>,
}

/// The answer to everybody, right or wrong. The contact is shown partly masked to who knew the pair; anybody
/// else sees a mask of the same look, made from what he typed, so that the page does not tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResetRequested {
    pub masked: String,
    /// How long a link works and no other is sent.
    pub hours: i64,
}

const PER_ADDRESS: Limit = Limit::new(10, HOUR_US);
const PER_IP: Limit = Limit::new(30, HOUR_US);
/// Links sent for all mailboxes of one holder, who may be an office with many.
const PER_HOLDER: Limit = Limit::new(60, DAY_US);

/// Sends a link to the security contact if address and tax code belong together. The same statements run and the
/// same row is written for an unknown pair, so that the time does not tell either: the rest is the effect's.
///
/// # Errors
/// `invalid` with the fields `address`, `tax_code` when one is empty; `captcha-needed`, `captcha-wrong`; `TooMany`.
pub async fn request_reset(cx: &Cx, input: RequestReset) -> Result<ResetRequested, Problem> {
    let address = input.address.trim().to_ascii_lowercase();
    let tax_code = normal(&input.tax_code);
    let mut wrong = Vec::new();
    if !plausible(&address) {
        wrong.push(FieldProblem::new("address", "mailbox-address-missing"));
    }
    if tax_code.is_empty() {
        wrong.push(FieldProblem::new("tax_code", "holder-tax-code-missing"));
    }
    if !wrong.is_empty() {
        return Err(Problem::invalid(wrong));
    }
    prove_work(cx, input.proof.as_deref(), "mailbox-reset", &input.ip).await?;
    let named = hex::encode(&sha256(address.as_bytes())[..16]);
    rate_limit::hit(cx, format!("mailbox-reset:{named}"), PER_ADDRESS).await?;
    rate_limit::hit(cx, format!("mailbox-reset-ip:{}", input.ip), PER_IP).await?;
    let found = rows::for_reset(&mut cx.store(), &address).await?.filter(|row| holds(row, &tax_code));
    let mailbox = found.map_or_else(|| cx.new_id(), |row| row.id);
    let owner = rows::owner(&mut cx.store(), mailbox).await?;
    let contact = owner.as_ref().map_or_else(|| decoy(cx, &address), |o| contact(o).to_owned());
    let (this, send) = (cx.clone(), SendResetLink { mailbox });
    cx.write(async move |tx| {
        let wish = send.request(("mailbox", mailbox.uuid()), None, this.now());
        effects::enqueue(tx, &this, &[wish]).await
    })
    .await?;
    Ok(answer(&contact))
}

/// Where the links of a mailbox go.
fn contact(owner: &rows::OwnerRow) -> &str {
    owner.contact_email.as_deref().unwrap_or(&owner.password_email)
}

fn answer(contact: &str) -> ResetRequested {
    ResetRequested { masked: mask(contact), hours: RESET_HOURS }
}

fn holds(row: &rows::ResetRow, tax_code: &str) -> bool {
    let own = [Some(&row.holder_tax_key), row.fiscal_code.as_ref(), row.vat_number.as_ref()];
    own.into_iter().flatten().any(|code| normal(code) == tax_code)
}

/// Upper case without blanks; `IT` before a VAT number does not count.
fn normal(code: &str) -> String {
    let code: String = code.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_uppercase();
    match code.strip_prefix("IT") {
        Some(rest) if rest.len() == 11 && rest.bytes().all(|b| b.is_ascii_digit()) => rest.to_owned(),
        _ => code,
    }
}

fn plausible(address: &str) -> bool {
    address.len() <= 320
        && address.split_once('@').is_some_and(|(name, domain)| !name.is_empty() && domain.contains('.'))
        && address.chars().all(|c| c.is_ascii_graphic())
}

/// An address that nobody has, the same at every try for what was typed.
fn decoy(cx: &Cx, address: &str) -> String {
    let digest = cx.core().secret.derive("mailbox-reset-decoy", address.as_bytes());
    let letter = |n: usize| char::from(b'a' + digest[n] % 26);
    let name: String = (0..4 + usize::from(digest[0] % 9)).map(letter).collect();
    let domain = ["gmail.com", "libero.it", "hotmail.com", "outlook.it"][usize::from(digest[31] % 4)];
    format!("{name}@{domain}")
}

/// `g•••••••i@e••••••.it`: the first and last letter of the name, the first of the domain, its end.
pub(crate) fn mask(email: &str) -> String {
    let (name, domain) = email.rsplit_once('@').unwrap_or((email, ""));
    let (host, end) = domain.rsplit_once('.').unwrap_or((domain, ""));
    let hide = |text: &str, last: bool| {
        let letters: Vec<char> = text.chars().collect();
        let first = letters.first().copied().unwrap_or('•');
        let tail = if last && letters.len() > 3 { letters[letters.len() - 1].to_string() } else { String::new() };
        format!("{first}•••••{tail}")
    };
    format!("{}@{}.{end}", hide(name, true), hide(host, false))
}

/// Does the mailbox exist, may it have a password, and is no link still good?
///
/// # Errors
/// When the store cannot be read.
pub(crate) async fn wanted(q: &mut impl Query, cx: &Cx, id: MailboxId) -> Result<Option<rows::OwnerRow>, Problem> {
    let Some(owner) = rows::owner(q, id).await?.filter(can_have_password) else { return Ok(None) };
    let good = tokens::latest(q, cx, RESET_MAILBOX, id.cast()).await?;
    Ok(good.is_none().then_some(owner))
}

/// Issues the link and asks for its mail; beyond the holder's limit nothing, silently.
///
/// # Errors
/// When the store cannot be written.
pub(crate) async fn send(tx: &mut WriteTx, cx: &Cx, owner: &rows::OwnerRow) -> Result<(), Problem> {
    let holder = hex::encode(&sha256(owner.holder_tax_key.as_bytes())[..16]);
    if !within(tx, cx, &format!("mailbox-reset-holder:{holder}"), PER_HOLDER).await? {
        return Ok(());
    }
    let valid_until = cx.now().plus_us(RESET_HOURS * HOUR_US);
    // The contact is remembered: after a change of contact the link is worth nothing.
    let data = json!({ "contact": contact(owner) });
    let token = tokens::issue(tx, cx, RESET_MAILBOX, owner.id.cast(), &data, valid_until).await?;
    let context = MailboxPasswordReset { address: owner.address.clone(), link: String::new(), valid_until };
    Notice::mail(contact(owner), passwords::locale(owner), ("mailbox", owner.id.uuid()), &context)
        .with_link(token, RESET_MAILBOX, "/mailbox/recover/{token}")
        .enqueue(tx, cx)
        .await
}

/// What the page behind a reset link shows. Looking changes nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResetPage {
    Choose {
        address: String,
        valid_until: Timestamp,
    },
    /// Used, too old, or never sent.
    Dead,
}

/// Looks at a reset link without using it.
///
/// # Errors
/// When the store cannot be read.
pub async fn look_at_reset(cx: &Cx, token: &str) -> Result<ResetPage, Problem> {
    let Ok(live) = tokens::find(&mut cx.store(), cx, RESET_MAILBOX, token).await? else { return Ok(ResetPage::Dead) };
    let owner = rows::owner(&mut cx.store(), live.subject.cast()).await?;
    match owner.filter(|o| can_have_password(o) && same_contact(o, &live.data)) {
        Some(owner) => Ok(ResetPage::Choose { address: owner.address, valid_until: live.expires_at }),
        None => Ok(ResetPage::Dead),
    }
}

fn same_contact(owner: &rows::OwnerRow, data: &serde_json::Value) -> bool {
    data.get("contact").and_then(|c| c.as_str()) == Some(contact(owner))
}

/// A password typed twice behind a reset link.
#[derive(Clone, Debug)]
pub struct ResetPassword {
    pub token: String,
    pub new: NewPassword,
}

/// Gives the mailbox the new password, which works at once, and ends its sessions; answers its address.
///
/// # Errors
/// `invalid` with the fields `password`, `password_again`; `token-used`, `token-expired`, `token-unknown`, `mailbox-gone`.
pub async fn reset_password(cx: &Cx, input: ResetPassword) -> Result<String, Problem> {
    let found = tokens::find(&mut cx.store(), cx, RESET_MAILBOX, &input.token).await?;
    let live = found.map_err(passwords_problem)?;
    let owner = passwords::owner(&mut cx.store(), live.subject.cast()).await?;
    if !can_have_password(&owner) {
        return Err(Problem::refused("mailbox-gone"));
    }
    if !same_contact(&owner, &live.data) {
        return Err(Problem::refused("token-used"));
    }
    let hash = passwords::hash(cx, &owner, &input.new).await?;
    let this = cx.clone();
    cx.write(async move |tx| {
        let owner = passwords::owner(tx, live.subject.cast()).await?;
        tokens::spend(tx, &this, live.id).await?;
        // Whoever can reset has no use for an older first-password link.
        tokens::revoke_all(tx, &this, tokens::FIRST_PASSWORD, live.subject).await?;
        passwords::write(tx, &this, &owner, &hash, None).await?;
        passwords::tell(tx, &this, &owner).await?;
        Ok(owner.address)
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_masked_contact_gives_little_away() {
        assert_eq!(mask("giulia.bianchi@example.it"), "g•••••i@e•••••.it");
        assert_eq!(mask("ab@x.org"), "a•••••@x•••••.org");
        assert_eq!(mask("a@b"), "a•••••@b•••••.");
        assert_eq!(mask(""), "••••••@••••••.");
    }

    #[test]
    fn tax_codes_are_compared_as_people_write_them() {
        for (typed, code) in [
            (" bnc glI 80a41 f205x ", "BNCGLI80A41F205X"),
            ("it 01234567890", "01234567890"),
            ("IT01234567890", "01234567890"),
            ("ITLXXX", "ITLXXX"),
        ] {
            assert_eq!(normal(typed), code);
        }
    }
}
