//! The vocabulary and the rules of the platform.
//!
//! Nothing here waits, reads a clock, draws a random number or talks to anything: time and
//! chance are arguments, decisions are returned as data. See `ARCHITECTURE.md`.

pub mod actor;
pub mod addon;
pub mod address;
pub mod agreement;
pub mod audit;
pub mod bank;
pub mod catalogue;
pub mod effect;
pub mod id;
pub mod ident;
pub mod ledger;
pub mod legal;
pub mod login;
pub mod machine;
pub mod mailbox;
pub mod money;
pub mod operator;
pub mod order;
pub mod party;
pub mod payment;
pub mod period;
pub mod renewal;
pub mod time;
pub mod wallet;
