//! Sending text messages.

pub mod http;
