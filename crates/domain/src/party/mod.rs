//! Registry records («anagrafica») and holder profiles: which fields, which checks, what may change.

mod changes;
mod contacts;
mod details;
mod field;
mod kind;
mod subject;
mod typed;

pub use changes::{Change, change};
pub use contacts::{Contacts, check_contacts};
pub use details::{Columns, Details};
pub use field::{Field, Need, fields, need};
pub use kind::{SubjectKind, SubjectType};
pub use subject::{Address, Birth, Invoicing, SubjectData, check_subject};
pub use typed::Typed;

/// Why a field cannot be accepted. `code` has its words under `problem-<code>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldRefusal {
    pub field: Field,
    pub code: &'static str,
}

/// Refusals that are not those of an identifier or of an empty field, for the test that each has words.
pub const REFUSALS: &[&str] = &[
    "name-characters",
    "vat-number-and-without",
    "birth-date-shape",
    "birth-date-future",
    "birth-date-old",
    "birth-place-unknown",
];

#[cfg(test)]
mod tests;
