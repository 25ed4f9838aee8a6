//! Registration, signing in and out, sessions.

pub mod captcha;
pub mod choose_password;
pub mod close_sessions;
pub mod confirm_password;
pub mod finish_registration_data;
pub mod log_in;
pub mod log_out;
pub mod registration;
pub mod resume_registration;
pub mod save_registration_step;
pub mod start_registration;
