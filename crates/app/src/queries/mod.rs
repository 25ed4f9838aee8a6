//! What pages, commands and metrics read.

pub mod checks;
pub mod effects;
pub mod payments;
