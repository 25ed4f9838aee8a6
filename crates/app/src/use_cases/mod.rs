//! One verb, one file, by area. The same verb serves page, job and command line.

pub mod accounts;
pub mod addons;
pub mod agreements;
pub mod catalogue;
pub mod effects;
pub mod holders;
pub mod mailboxes;
pub mod methods;
pub mod night;
pub mod operators;
pub mod orders;
pub mod payments;
pub mod renewals;
pub mod transfers;
pub mod wallet;
