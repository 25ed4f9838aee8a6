//! Programs of others that tests run against, each on loopback with private state.

pub mod bank;
pub mod localstripe;
pub mod mail_servers;
pub mod paypal;
