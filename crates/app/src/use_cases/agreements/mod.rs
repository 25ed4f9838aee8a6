//! Mailboxes that a professional body gives its members, and what its secretariat does with them.

pub mod change_renewal;
pub mod give_mailbox;
pub mod import_members;
mod member_sheet;
pub mod name_body;
pub mod renew_members;
pub mod work_off_members;
