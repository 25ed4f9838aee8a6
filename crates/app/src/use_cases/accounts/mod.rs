//! Registration, signing in and out, sessions, recovery, changes of the record, further logins.

pub(crate) mod door;
mod new_password;

pub mod captcha;
pub mod change_address;
pub mod change_contacts;
pub mod change_email;
pub mod change_password;
pub mod change_question;
pub mod choose_password;
pub mod close_sessions;
pub mod confirm_password;
pub mod finish_registration_data;
pub mod log_in;
pub mod log_out;
pub mod new_login;
pub mod patience;
pub mod prove_work;
pub mod recover_by_question;
pub mod recover_username;
pub mod registration;
pub mod reset_password;
pub mod resume_registration;
pub mod save_consents;
pub mod save_registration_step;
pub mod start_registration;
