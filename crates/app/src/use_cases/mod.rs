//! One verb, one file, by area. The same verb serves page, job and command line.

pub mod holders;
pub mod orders;
