//! Operators: made, signed in with two factors, given access again, blocked.

use domain::{actor::Actor, operator::Permission};

use crate::{Cx, Problem};

pub mod block_operator;
pub mod create_operator;
pub mod reset_operator;
pub mod sign_in;

/// Lets through an operator whose role allows it, and the platform's own commands.
///
/// # Errors
/// Forbidden for everybody else.
pub fn authorise(cx: &Cx, what: Permission) -> Result<(), Problem> {
    match cx.actor {
        Actor::System => Ok(()),
        Actor::Operator { role, .. } if role.may(what) => Ok(()),
        _ => Err(Problem::forbidden()),
    }
}

/// A password to be handed out and used once: four groups of four, 80 bits, without what looks alike.
fn handed_out(cx: &Cx) -> String {
    const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz23456789+";
    let letter = |byte: &u8| char::from(LETTERS[usize::from(byte % 32)]);
    let groups: Vec<String> = cx.random::<16>().chunks(4).map(|g| g.iter().map(letter).collect()).collect();
    groups.join("-")
}
