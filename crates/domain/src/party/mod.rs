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

#[cfg(test)]
mod tests;
