//! The area of a mailbox holder who signed in with the mailbox.

use serde::Serialize;

use super::card::Card;
use crate::Page;

crate::register!(page: [OwnCard]);

/// The card of the mailbox that is signed in (domain notes 4.3): no orders, which belong to the account.
#[derive(Clone, Debug, Serialize)]
pub struct OwnCard {
    #[serde(flatten)]
    pub card: Card,
}
impl Page for OwnCard {
    const TEMPLATE: &'static str = "pages/mailbox_area/card.html";
    const HERE: &'static str = "card";
    fn samples() -> Vec<Self> {
        Card::samples().into_iter().map(|card| Self { card }).collect()
    }
}
