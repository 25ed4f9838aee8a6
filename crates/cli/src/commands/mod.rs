//! The commands, one file each.

pub mod admin;
pub mod catalogue;
pub mod check;
pub mod db_copy;
pub mod doctor;
pub mod mail_config;
pub mod migrate;
pub mod night;
mod words;
pub mod worker;
