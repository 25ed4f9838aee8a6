//! Use cases, queries, effects and the worker: the only opener of write transactions.
//!
//! A use case (`use_cases/<area>/<verb>.rs`) loads, authorises, decides by `domain` and writes.
//! It has no access to the outside world: what is wanted from it is an effect, a row written in
//! the same transaction and carried out by the worker (`effects/<verb>.rs`).

pub mod audit;
pub mod books;
pub mod clock;
pub mod conversations;
pub mod cx;
pub mod effects;
pub mod fixtures;
pub mod hashing;
pub mod night;
pub mod notice;
pub mod numbers;
mod operations;
pub mod problem;
pub mod queries;
pub mod rate_limit;
pub mod reconcilers;
pub mod rows;
pub mod second_factor;
pub mod secrets;
pub mod sessions;
pub mod settings;
pub mod tokens;
pub mod use_cases;
pub mod worker;

pub use cx::Cx;
/// The outside world, for the handlers that open a payment or take events in.
pub use ports::Ports;
pub use problem::{FieldProblem, Problem};
pub use settings::Settings;
/// What a request reads until it waits or writes is of one moment.
pub use store::in_one_moment;
