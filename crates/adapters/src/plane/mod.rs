//! The mailbox plane: Dovecot and Postfix reading the platform's database, or a simulation of them.

pub mod config;
pub mod dovecot;
pub mod probe;
pub mod runner;
pub mod simulated;
