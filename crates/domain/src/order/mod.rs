//! Carts and orders: what they cost, what they need, how they move, when they fall due.

pub mod cart;
pub mod machine;
pub mod pricing;
pub mod schedule;
pub mod withdrawal;

pub use machine::{OrderEvent, OrderFacts, OrderState};
