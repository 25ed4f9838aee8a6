//! The first step: a name and a domain for each mailbox of the cart.

use domain::{
    address::availability,
    order::cart::{CartMailbox, HolderChoice, repeated},
};
use store::{addresses, holders};

use super::{
    assign_holders::party_of,
    cart::{self, Cart},
    check_name::{NameAnswer, TypedName, check_names},
};
use crate::{Cx, FieldProblem, Problem};

/// What came of the names.
#[derive(Clone, Debug, PartialEq)]
pub enum NamesOutcome {
    /// All are free and different: the cart has them.
    Saved,
    /// Nothing was saved: the answer for each row, and the rows whose address stands in an earlier one.
    Refused { answers: Vec<NameAnswer>, repeated: Vec<(usize, usize)> },
}

/// Saves the names of all rows if each may be bought now. They are not held by that.
///
/// # Errors
/// `cart-missing`, `cart-confirmed`, `cart-changed`.
pub async fn set_names(cx: &Cx, token: &str, names: &[TypedName]) -> Result<NamesOutcome, Problem> {
    let mut cart: Cart = cart::open(cx, token).await?;
    if names.len() != cart.mailboxes.len() {
        return Err(Problem::conflict("cart-changed"));
    }
    let mut answers = check_names(cx, names).await?;
    for (answer, row) in answers.iter_mut().zip(&cart.mailboxes) {
        former_again(cx, answer, row).await?;
    }
    for ((row, answer), typed) in cart.mailboxes.iter_mut().zip(&answers).zip(names) {
        if let NameAnswer::Free { local, .. } = answer {
            row.local.clone_from(local);
            row.domain = typed.domain.trim().to_lowercase();
        }
    }
    let twice = repeated(&cart.mailboxes);
    if answers.iter().all(NameAnswer::is_free) && twice.is_empty() {
        cart::save(cx, &cart).await?;
        return Ok(NamesOutcome::Saved);
    }
    Ok(NamesOutcome::Refused { answers, repeated: twice })
}

/// A name that was the row's own already, and whose former holder the row is for, is his: that holder may be a profile of
/// the book (domain notes 6.5).
async fn former_again(cx: &Cx, answer: &mut NameAnswer, row: &CartMailbox) -> Result<(), Problem> {
    let (NameAnswer::Taken { address, .. }, Some(HolderChoice::Profile { id })) = (&*answer, row.holder) else {
        return Ok(());
    };
    if row.address().as_ref() != Some(address) {
        return Ok(());
    }
    let q = &mut cx.store();
    let Some(key) = holders::keys(q, party_of(cx)?.uuid(), &[id.uuid()]).await?.into_iter().next() else {
        return Ok(());
    };
    let entry = addresses::find(q, address).await?.map(|a| a.entry()).transpose()?;
    if availability(entry.as_ref(), Some(&key.tax_key)).can_be_bought() {
        *answer = NameAnswer::Free { local: row.local.clone(), address: address.clone(), former: true };
    }
    Ok(())
}

/// Keeps the names that are right so far, on the way out: what is wrong is asked again later.
///
/// # Errors
/// `cart-missing`, `cart-confirmed`, `cart-changed`.
pub async fn keep_names(cx: &Cx, token: &str, names: &[TypedName]) -> Result<(), Problem> {
    let mut cart: Cart = cart::open(cx, token).await?;
    let answers = check_names(cx, names).await?;
    for ((row, answer), typed) in cart.mailboxes.iter_mut().zip(&answers).zip(names) {
        if let NameAnswer::Free { local, .. } = answer {
            row.local.clone_from(local);
            row.domain = typed.domain.trim().to_lowercase();
        }
    }
    for (n, _) in repeated(&cart.mailboxes) {
        cart.mailboxes[n].local.clear();
    }
    cart::save(cx, &cart).await
}

/// The problems of refused names, one a row, for the summary and the fields `name-1`, `name-2`, ….
pub fn problems(answers: &[NameAnswer], repeated: &[(usize, usize)]) -> Problem {
    let field = |n: usize| format!("name-{}", n + 1);
    let mut fields = Vec::new();
    for (n, answer) in answers.iter().enumerate() {
        match answer {
            NameAnswer::Free { .. } => {}
            NameAnswer::Taken { address, .. } => {
                fields.push(FieldProblem::new(field(n), "name-taken").with("row", n + 1).with("address", address));
            }
            NameAnswer::Invalid { problem, .. } => {
                let field = if problem.field == "domain" { format!("domain-{}", n + 1) } else { field(n) };
                fields.push(FieldProblem { field, ..problem.clone() }.with("row", n + 1));
            }
        }
    }
    for (n, first) in repeated {
        fields.push(FieldProblem::new(field(*n), "name-repeated").with("row", n + 1).with("first", first + 1));
    }
    Problem::invalid(fields)
}
