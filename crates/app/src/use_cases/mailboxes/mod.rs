//! Mailboxes: their passwords and their life.

pub mod change_password;
pub mod first_password;
pub mod give_notice;
pub mod lower_space;
pub mod move_on;
mod passwords;
pub mod probe;
pub mod reset_password;
pub mod take_back_notice;

pub use change_password::{ChangePassword, change_password};
pub use first_password::{LinkPage, SetFirstPassword, look_at_link, resend_link, resend_own_link, set_first_password};
pub use reset_password::{RequestReset, ResetPage, ResetPassword, look_at_reset, request_reset, reset_password};
