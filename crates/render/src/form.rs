//! What a form shows: the values as they were typed, and what is wrong with them.

use std::collections::BTreeMap;

use domain::{
    money::Money,
    time::{Date, Timestamp},
};
use serde::{Deserialize, Serialize};

/// A value inside a sentence; amounts and dates are written the way of the reader's language.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Arg {
    Text(String),
    Number(i64),
    Money(Money),
    Date(Date),
    LongDate(Date),
    At(Timestamp),
}
impl From<&str> for Arg {
    fn from(v: &str) -> Self {
        Arg::Text(v.into())
    }
}
impl From<String> for Arg {
    fn from(v: String) -> Self {
        Arg::Text(v)
    }
}
impl From<i64> for Arg {
    fn from(v: i64) -> Self {
        Arg::Number(v)
    }
}
impl From<Money> for Arg {
    fn from(v: Money) -> Self {
        Arg::Money(v)
    }
}
impl From<Date> for Arg {
    fn from(v: Date) -> Self {
        Arg::Date(v)
    }
}
impl From<Timestamp> for Arg {
    fn from(v: Timestamp) -> Self {
        Arg::At(v)
    }
}

/// A sentence that is not yet in a language: a Fluent key with its values.
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
pub struct Msg {
    pub key: String,
    #[serde(default)]
    pub args: BTreeMap<String, Arg>,
}
impl Msg {
    /// The sentence of this key.
    pub fn new(key: impl Into<String>) -> Self {
        Self { key: key.into(), args: BTreeMap::new() }
    }
    /// The sentence that explains this problem code (`problem-<code>`).
    pub fn problem(code: &str) -> Self {
        Self::new(format!("problem-{code}"))
    }
    /// The same with one more value.
    pub fn arg(mut self, name: &str, value: impl Into<Arg>) -> Self {
        self.args.insert(name.into(), value.into());
        self
    }
}

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FieldError {
    /// The `name` of the control, to which the summary links.
    pub field: String,
    pub msg: Msg,
}

/// Values and errors of a form on a page.
#[derive(Clone, Debug, PartialEq, Default, Serialize)]
pub struct Form {
    values: BTreeMap<String, Vec<String>>,
    errors: Vec<FieldError>,
    problem: Option<Msg>,
}
impl Form {
    /// An empty form.
    pub fn new() -> Self {
        Self::default()
    }
    /// A form showing what was sent.
    pub fn from_pairs<K: Into<String>, V: Into<String>>(pairs: impl IntoIterator<Item = (K, V)>) -> Self {
        let mut form = Self::default();
        for (name, value) in pairs {
            form.values.entry(name.into()).or_default().push(value.into());
        }
        form
    }
    /// The same with this field holding this value alone.
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.values.insert(name.into(), vec![value.into()]);
        self
    }
    /// The same with an error at a field.
    pub fn with_error(mut self, field: &str, msg: Msg) -> Self {
        self.errors.push(FieldError { field: field.into(), msg });
        self
    }
    /// The same with an error that concerns the whole form.
    pub fn with_problem(mut self, msg: Msg) -> Self {
        self.problem = Some(msg);
        self
    }
    /// Does the page show an error?
    pub fn has_errors(&self) -> bool {
        !self.errors.is_empty() || self.problem.is_some()
    }
    /// The first value of a field, or nothing.
    pub fn value(&self, name: &str) -> &str {
        self.values.get(name).and_then(|v| v.first()).map_or("", String::as_str)
    }
    /// Forgets a value that must not be sent back, such as a password.
    pub fn forget(&mut self, name: &str) {
        self.values.remove(name);
    }
}

/// The colour and icon of a state, a note or a banner. Always stands with words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tone {
    Ok,
    Info,
    Warn,
    Err,
    Idle,
}
