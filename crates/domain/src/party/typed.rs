//! What was typed into the fields, before anything is known to be right.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Field;

/// Raw texts by field. Kept in drafts as JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Typed(BTreeMap<Field, String>);

impl Typed {
    pub fn new() -> Self {
        Self::default()
    }
    /// Takes the fields out of the pairs of a form; others are ignored, of two the first counts.
    pub fn from_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut typed = Self::default();
        for (name, value) in pairs {
            if let Some(field) = Field::parse(name) {
                typed.0.entry(field).or_insert_with(|| value.to_owned());
            }
        }
        typed
    }
    /// The text of a field; empty when nothing was sent.
    pub fn get(&self, field: Field) -> &str {
        self.0.get(&field).map_or("", String::as_str)
    }
    pub fn set(&mut self, field: Field, value: impl Into<String>) {
        self.0.insert(field, value.into());
    }
    /// The same with one more field; for builders and tests.
    pub fn with(mut self, field: Field, value: impl Into<String>) -> Self {
        self.set(field, value);
        self
    }
    /// Takes over what `other` holds.
    pub fn merge(&mut self, other: Typed) {
        self.0.extend(other.0);
    }
    /// Names and texts, as a form shows them again.
    pub fn pairs(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.0.iter().map(|(f, v)| (f.name(), v.as_str()))
    }
    /// Whether a box is ticked.
    pub fn ticked(&self, field: Field) -> bool {
        matches!(self.get(field), "yes" | "on" | "1" | "true")
    }
    /// Whether nothing but blanks was typed.
    pub fn is_blank(&self, field: Field) -> bool {
        self.get(field).trim().is_empty()
    }
}
