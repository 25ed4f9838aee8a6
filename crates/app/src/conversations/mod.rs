//! Use cases that must talk to the outside while a person waits: a write, a call, a write. The
//! only code beside effects that receives [`ports::Ports`].

pub mod open_checkout;
pub mod open_setup;
