//! Every refusal towards a person: a stable code, its words by Fluent, and the fields it concerns.

use std::collections::BTreeMap;

/// A refusal. `code` is the Fluent key `problem-<code>` and the `code` of the API's problem document.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    pub kind: ProblemKind,
    pub code: &'static str,
    /// Values for the words, for example the address that is taken. Never secrets.
    pub args: BTreeMap<&'static str, String>,
    /// Which fields of the form caused it; the page shows each beside its field.
    pub fields: Vec<FieldProblem>,
}

/// One field that cannot be accepted as typed.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldProblem {
    /// Name of the form field.
    pub field: String,
    /// Fluent key `problem-<code>`.
    pub code: String,
    pub args: BTreeMap<&'static str, String>,
}
impl FieldProblem {
    pub fn new(field: impl Into<String>, code: impl Into<String>) -> Self {
        Self { field: field.into(), code: code.into(), args: BTreeMap::new() }
    }
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.args.insert(name, value.to_string());
        self
    }
}

/// What sort of refusal: decides the HTTP status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProblemKind {
    /// The input is wrong: 422 with the form filled in.
    Invalid,
    /// The input is fine but the state of things forbids it: 422 (409 for the API).
    Refused,
    /// Not there, or not for this actor to see: 404.
    NotFound,
    /// Visible but not allowed: 403.
    Forbidden,
    /// Somebody else changed it meanwhile: 409.
    Conflict,
    /// Too many tries: 429 with Retry-After.
    TooMany { retry_after_s: u32 },
    /// Too much work at once: 503 with Retry-After.
    Busy { retry_after_s: u32 },
    /// Our fault: 500, logged with its cause under the request's id.
    Broken,
}

impl Problem {
    fn of(kind: ProblemKind, code: &'static str) -> Self {
        Self { kind, code, args: BTreeMap::new(), fields: Vec::new() }
    }
    /// Wrong input, field by field.
    pub fn invalid(fields: Vec<FieldProblem>) -> Self {
        Self { fields, ..Self::of(ProblemKind::Invalid, "invalid") }
    }
    /// Wrong input in one field.
    pub fn invalid_field(field: impl Into<String>, code: impl Into<String>) -> Self {
        Self::invalid(vec![FieldProblem::new(field, code)])
    }
    pub fn refused(code: &'static str) -> Self {
        Self::of(ProblemKind::Refused, code)
    }
    pub fn not_found() -> Self {
        Self::of(ProblemKind::NotFound, "not-found")
    }
    pub fn forbidden() -> Self {
        Self::of(ProblemKind::Forbidden, "forbidden")
    }
    pub fn conflict(code: &'static str) -> Self {
        Self::of(ProblemKind::Conflict, code)
    }
    pub fn too_many(retry_after_s: u32) -> Self {
        Self::of(ProblemKind::TooMany { retry_after_s }, "too-many").with("minutes", retry_after_s.div_ceil(60))
    }
    pub fn busy(retry_after_s: u32) -> Self {
        Self::of(ProblemKind::Busy { retry_after_s }, "busy")
    }
    /// Our fault. The cause is logged here, once, and not shown.
    pub fn broken(cause: impl std::fmt::Display) -> Self {
        tracing::error!(cause = %cause, "broken");
        Self::of(ProblemKind::Broken, "broken")
    }
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.args.insert(name, value.to_string());
        self
    }
    pub fn is(&self, code: &str) -> bool {
        self.code == code
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.code)?;
        for field in &self.fields {
            write!(f, " {}:{}", field.field, field.code)?;
        }
        Ok(())
    }
}
impl std::error::Error for Problem {}

/// When a try makes sense again while the disk is full, in seconds.
const FULL_RETRY_AFTER_S: u32 = 60;

impl From<store::Error> for Problem {
    fn from(e: store::Error) -> Self {
        match e {
            // After all re-runs: there is more work than can be done now.
            store::Error::Conflict => Self::busy(1),
            store::Error::Busy { retry_after_ms } => Self::busy((retry_after_ms as u32).div_ceil(1000).max(1)),
            // Nothing was written; somebody has to make room, which may take a while.
            e @ store::Error::Full => {
                tracing::error!(cause = %e, "no space");
                Self::busy(FULL_RETRY_AFTER_S)
            }
            e => Self::broken(e),
        }
    }
}
