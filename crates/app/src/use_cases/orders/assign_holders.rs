//! The second step: who holds each mailbox, and where the link for its password goes.

use domain::{
    actor::Actor,
    id::{HolderId, PartyId},
    ident::EmailAddress,
    order::cart::HolderChoice,
};
use store::holders;

use super::cart;
use crate::{Cx, FieldProblem, Problem};

/// One row of the form.
#[derive(Clone, Debug)]
pub struct RowHolder {
    /// `None` when nothing was chosen.
    pub holder: Option<HolderChoice>,
    pub password_email: String,
}

/// The registry record that acts.
///
/// # Errors
/// `Forbidden` when nobody is signed in with an account.
pub fn party_of(cx: &Cx) -> Result<PartyId, Problem> {
    match cx.actor {
        Actor::Login { party, .. } => Ok(party),
        _ => Err(Problem::forbidden()),
    }
}

/// Saves holder and e-mail of all rows.
///
/// # Errors
/// `invalid` with `holder-N` (nothing chosen, or a profile that is not in the book) and
/// `email-N`; `cart-missing`, `cart-confirmed`, `cart-changed`.
pub async fn assign_holders(cx: &Cx, token: &str, rows: &[RowHolder]) -> Result<(), Problem> {
    let party = party_of(cx)?;
    let mut cart = cart::open(cx, token).await?;
    if rows.len() != cart.mailboxes.len() {
        return Err(Problem::conflict("cart-changed"));
    }
    let known = known_profiles(cx, party, rows).await?;
    let mut wrong = Vec::new();
    for (n, (typed, row)) in rows.iter().zip(&mut cart.mailboxes).enumerate() {
        match typed.holder {
            None => wrong.push(FieldProblem::new(format!("holder-{}", n + 1), "holder-missing").with("row", n + 1)),
            Some(HolderChoice::Profile { id }) if !known.contains(&id) => {
                wrong.push(FieldProblem::new(format!("holder-{}", n + 1), "holder-unknown").with("row", n + 1));
            }
            chosen => row.holder = chosen,
        }
        match EmailAddress::parse(&typed.password_email) {
            Ok(address) => row.password_email = address.to_string(),
            Err(e) => wrong.push(FieldProblem::new(format!("email-{}", n + 1), e.code()).with("row", n + 1)),
        }
    }
    if wrong.is_empty() { cart::save(cx, &cart).await } else { Err(Problem::invalid(wrong)) }
}

/// Keeps what is right so far, on the way to another page: nothing is refused, what is wrong is
/// asked again when the customer comes back.
///
/// # Errors
/// `cart-missing`, `cart-confirmed`, `cart-changed`.
pub async fn keep_holders(cx: &Cx, token: &str, rows: &[RowHolder]) -> Result<(), Problem> {
    let party = party_of(cx)?;
    let mut cart = cart::open(cx, token).await?;
    let known = known_profiles(cx, party, rows).await?;
    for (typed, row) in rows.iter().zip(&mut cart.mailboxes) {
        match typed.holder {
            Some(HolderChoice::Profile { id }) if !known.contains(&id) => {}
            None => {}
            chosen => row.holder = chosen,
        }
        if let Ok(address) = EmailAddress::parse(&typed.password_email) {
            row.password_email = address.to_string();
        }
    }
    cart::save(cx, &cart).await
}

/// Gives row `n` (from 1) of the cart to a profile that has just been made.
///
/// # Errors
/// `cart-missing`, `cart-confirmed`, `cart-changed`.
pub async fn give_row(cx: &Cx, token: &str, n: usize, profile: HolderId) -> Result<(), Problem> {
    let mut cart = cart::open(cx, token).await?;
    if let Some(row) = n.checked_sub(1).and_then(|n| cart.mailboxes.get_mut(n)) {
        row.holder = Some(HolderChoice::Profile { id: profile });
    }
    cart::save(cx, &cart).await
}

async fn known_profiles(cx: &Cx, party: PartyId, rows: &[RowHolder]) -> Result<Vec<HolderId>, Problem> {
    let mut ids: Vec<_> = rows
        .iter()
        .filter_map(|r| match r.holder {
            Some(HolderChoice::Profile { id }) => Some(id.uuid()),
            _ => None,
        })
        .collect();
    ids.sort_unstable();
    ids.dedup();
    let found = holders::keys(&mut cx.store(), party.uuid(), &ids).await?;
    Ok(found.into_iter().map(|k| HolderId::from_uuid(k.id)).collect())
}
