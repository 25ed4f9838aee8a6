//! «Acquista di nuovo»: the former holder of a mailbox that is gone buys its address again (domain notes 6.5). An ordinary
//! cart with plan, name and holder filled in; the mailbox comes empty.

use domain::{
    actor::Actor,
    address::{Availability, availability},
    id::{CartId, HolderId, MailboxId},
    mailbox::MailboxState,
    order::cart::{CartMailbox, HolderChoice},
};
use store::{addresses, carts as rows, catalogue, holders, terminations};

use super::cart::{self, KEPT_DAYS, Offer, new_token};
use crate::{Cx, Problem, secrets::sha256};

/// What can be bought again.
#[derive(Clone, Debug)]
pub struct Again {
    pub address: String,
    offer: Offer,
    mailbox: CartMailbox,
}

/// Whether the acting login may buy the address of this mailbox again, today.
///
/// # Errors
/// `NotFound` to others; `again-lives`; `again-taken` when somebody has it or an order holds it; `again-not-former` when
/// the holder it belonged to is neither the account's subject nor in its address book; `again-domain`, `again-plan` when
/// it is not sold any more.
pub async fn again(cx: &Cx, mailbox: MailboxId) -> Result<Again, Problem> {
    let Actor::Login { login, party } = cx.actor else { return Err(Problem::not_found()) };
    let q = &mut cx.store();
    let row = terminations::subject(q, mailbox).await?;
    let row = row.filter(|m| m.login_id == login).ok_or_else(Problem::not_found)?;
    if MailboxState::parse(&row.state).is_none_or(MailboxState::lives) {
        return Err(Problem::refused("again-lives"));
    }
    let entry = addresses::find(q, &row.address).await?.map(|a| a.entry()).transpose()?;
    let holder = match row.holder_id {
        _ if row.holder_tax_key == row.account_tax_key => Some(HolderChoice::Account),
        Some(id) => {
            let kept = holders::keys(q, party.uuid(), &[id.uuid()]).await?.into_iter().next();
            let same = kept.filter(|k| k.tax_key == row.holder_tax_key);
            same.map(|k| HolderChoice::Profile { id: HolderId::from_uuid(k.id) })
        }
        None => None,
    };
    let holder = holder.ok_or_else(|| Problem::refused("again-not-former"))?;
    if availability(entry.as_ref(), Some(&row.holder_tax_key)) == Availability::Taken {
        return Err(Problem::refused("again-taken"));
    }
    let (local, domain) = row.address.split_once('@').ok_or_else(|| Problem::broken("address without domain"))?;
    if !catalogue::domains(q).await?.iter().any(|d| d.name == domain) {
        return Err(Problem::refused("again-domain"));
    }
    let offer = cart::offers(cx).await?.into_iter().find(|o| o.plan.code == row.plan_code);
    let offer = offer.ok_or_else(|| Problem::refused("again-plan"))?;
    // The link for the first password cannot go into the mailbox that it is for.
    let own = row.contact_email == row.address;
    let password_email = if own { row.email } else { row.contact_email };
    let mailbox = CartMailbox { local: local.into(), domain: domain.into(), holder: Some(holder), password_email };
    Ok(Again { address: row.address, offer, mailbox })
}

/// Puts it into a cart of its own: what the browser's other cart holds stays with the account. Answers the cookie's
/// secret.
///
/// # Errors
/// Those of [`again`].
pub async fn buy_again(cx: &Cx, mailbox: MailboxId) -> Result<String, Problem> {
    let found = again(cx, mailbox).await?;
    let token = new_token(cx);
    let id: CartId = cx.new_id();
    let mailboxes = serde_json::to_string(&[&found.mailbox]).map_err(Problem::broken)?;
    let (hash, login, now) = (sha256(token.as_bytes()), cart::login_of(cx), cx.now());
    cx.write(async move |tx| {
        let new = rows::NewCart {
            id: id.uuid(),
            token_hash: &hash,
            login_id: login.map(|l| l.uuid()),
            plan_code: &found.offer.plan.code,
            quantity: 1,
            shown_price_id: Some(found.offer.price.id.uuid()),
            mailboxes: &mailboxes,
            now: now.micros(),
            expires_at: now.plus_days(KEPT_DAYS).micros(),
        };
        Ok(rows::insert(tx, &new).await?)
    })
    .await?;
    Ok(token)
}
