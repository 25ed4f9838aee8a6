//! Add-ons of mailboxes under agreements.

pub mod buy_addon;
