//! What pages, commands and metrics read.

pub mod catalogue;
pub mod checks;
pub mod desk;
pub mod effects;
pub mod holder_area;
pub mod holders;
pub mod legal;
pub mod mailboxes;
pub mod methods;
pub mod operators;
pub mod orders;
pub mod payments;
pub mod profile;
pub mod renewals;
pub mod search;
pub mod secretariat;
pub mod shop;
pub mod terminations;
pub mod transfers;
pub mod withdrawals;
