//! Mailboxes that a professional body gives its members.

pub mod give_mailbox;
