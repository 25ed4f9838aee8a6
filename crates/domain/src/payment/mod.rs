//! Payments: the life of an attempt, and what received money means for an order.

pub mod credit;
pub mod machine;
pub mod settlement;
