//! Sending e-mail.

pub mod smtp;
