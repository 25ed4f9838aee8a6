//! Add-ons of mailboxes under agreements.

pub mod bring_back;
pub mod buy_addon;
