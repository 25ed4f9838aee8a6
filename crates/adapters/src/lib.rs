//! The outside world: one module per implementation of a port. The only crate that makes
//! outgoing connections.

pub mod mail;
pub mod payment;
pub mod plane;
pub mod sms;
pub mod viewer;
