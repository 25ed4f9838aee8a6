//! Provider accounts: their life, and who a typed username means.

mod identifier;
mod machine;

pub use identifier::{LoginIdentifier, read_identifier};
pub use machine::{DROP_AFTER_US, LoginEvent, LoginRefusal, LoginState, LoginStep, step};
