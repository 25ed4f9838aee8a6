//! Quick payment: who knows an order's number and its customer's tax number sees what is due and may pay it, without
//! signing in (domain notes 2.7). One answer for every mismatch.

use domain::{
    actor::Actor,
    id::{AttemptId, OrderId},
    money::Money,
};
use store::payments as rows;
use subtle::ConstantTimeEq;

use super::ask_now;
use crate::{Cx, Problem, queries::payments::Standing, use_cases::accounts::door::Door};

/// What somebody types, and from where.
#[derive(Clone, Debug)]
pub struct Asked {
    pub number: String,
    /// Fiscal code or VAT number of the customer.
    pub tax_number: String,
    /// A solved challenge, after several failures.
    pub proof: Option<String>,
    pub ip: String,
}
impl Asked {
    /// Order numbers are limited as they are read.
    fn number(&self) -> String {
        self.number.trim().chars().take(40).collect()
    }
    fn door(&self) -> Door {
        Door::new("quick", &self.number(), &self.ip)
    }
}

/// Number, amount and state: all that is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    pub id: OrderId,
    pub number: String,
    pub state: String,
    pub due: Money,
}

/// Must the next try carry a proof?
///
/// # Errors
/// When the store cannot be read.
pub async fn needs_proof(cx: &Cx, number: &str, ip: &str) -> Result<bool, Problem> {
    let asked = Asked { number: number.into(), tax_number: String::new(), proof: None, ip: ip.into() };
    asked.door().asks_proof(cx).await
}

/// The order, if both numbers are right.
///
/// # Errors
/// `quick-not-found` for every mismatch; `invalid` with the fields `number`, `tax_number` when one is missing; too many
/// failures for the number or from the address; `captcha-needed`, `captcha-wrong`.
pub async fn known_order(cx: &Cx, asked: &Asked) -> Result<Known, Problem> {
    for (field, typed) in [("number", &asked.number), ("tax_number", &asked.tax_number)] {
        if typed.trim().is_empty() {
            return Err(Problem::invalid_field(field, format!("quick-{}-missing", field.replace('_', "-"))));
        }
    }
    let door = asked.door();
    door.pass(cx, asked.proof.as_deref()).await?;
    let typed = tax_number(&asked.tax_number);
    let row = rows::quick(&mut cx.store(), &asked.number()).await?;
    let same =
        |known: &Option<String>| known.as_deref().is_some_and(|k| bool::from(k.as_bytes().ct_eq(typed.as_bytes())));
    let Some(row) = row.filter(|r| same(&r.fiscal_code) | same(&r.vat_number)) else {
        door.failed(cx).await?;
        return Err(Problem::refused("quick-not-found"));
    };
    Ok(Known { id: row.id, number: row.number, state: row.state, due: row.gross_cents - row.deposit_cents })
}

/// As registry records hold it: capitals, without blanks and without the country before a VAT number.
fn tax_number(typed: &str) -> String {
    let plain: String = typed.chars().filter(|c| !c.is_whitespace()).take(40).collect::<String>().to_uppercase();
    match plain.strip_prefix("IT") {
        Some(rest) if rest.len() == 11 && rest.bytes().all(|b| b.is_ascii_digit()) => rest.to_owned(),
        _ => plain,
    }
}

/// A quick payment as its own page shows it, to whoever has the address that it began with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paying {
    pub number: String,
    pub due: Money,
    pub standing: Standing,
}

/// How a quick payment stands.
///
/// # Errors
/// `NotFound` for any other payment.
pub async fn paying(cx: &Cx, attempt: AttemptId) -> Result<Paying, Problem> {
    let row = rows::attempt(&mut cx.store(), attempt).await?.filter(|r| r.quick).ok_or_else(Problem::not_found)?;
    let seen = crate::queries::payments::waiting(&cx.by(Actor::System), row.order_id).await?;
    Ok(Paying { number: seen.number, due: seen.gross, standing: seen.standing })
}

/// The payer came back: the gateway is asked at once.
///
/// # Errors
/// `NotFound` for any other payment.
pub async fn came_back(cx: &Cx, attempt: AttemptId) -> Result<(), Problem> {
    let row = rows::attempt(&mut cx.store(), attempt).await?.filter(|r| r.quick).ok_or_else(Problem::not_found)?;
    ask_now::ask_now(&cx.by(Actor::System), row.order_id).await
}

#[cfg(test)]
mod tests {
    use super::tax_number;

    #[test]
    fn tax_numbers_are_read_as_they_are_kept() {
        assert_eq!(tax_number(" bncgli85a41 h501f "), "BNCGLI85A41H501F");
        assert_eq!(tax_number("IT00743110157"), "00743110157");
        assert_eq!(tax_number("it 00743110157"), "00743110157");
        assert_eq!(tax_number("ITXXXX85A41H501F"), "ITXXXX85A41H501F");
    }
}
