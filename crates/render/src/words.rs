//! The words in each language: one Fluent file per area, Italian when English lacks a key, never the key itself.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::{
    money::Money,
    time::{Date, Timestamp},
};
use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use fluent_syntax::ast::{Expression, InlineExpression, Pattern, PatternElement};
use minijinja::Value;

use crate::{Arg, Error, Locale, Msg};

struct Language {
    bundle: FluentBundle<FluentResource>,
    /// Messages without values, ready to be written: most lookups end here.
    plain: HashMap<String, Value>,
    /// Messages that only put values between their words, taken apart.
    filled: HashMap<String, Vec<Piece>>,
    keys: BTreeSet<String>,
}

/// A piece of a message.
pub(crate) enum Piece {
    Words(String),
    /// The value of this name.
    Value(String),
}

/// All words of an installation.
pub struct Words {
    languages: [Language; 2],
}

impl Words {
    /// Reads the files of each language; later files may override earlier ones. `terms` become
    /// Fluent terms (`-brand-name`) known to every message.
    pub(crate) fn new(
        files: &BTreeMap<(Locale, String), String>,
        overrides: &BTreeMap<(Locale, String), String>,
        terms: &[(&str, &str)],
    ) -> Result<Self, Error> {
        let build = |locale: Locale| -> Result<Language, Error> {
            let id = locale.code().parse().map_err(|_| Error::Words(format!("{locale:?} is no language tag")))?;
            let mut bundle = FluentBundle::new_concurrent(vec![id]);
            bundle.set_use_isolating(false);
            bundle.set_formatter(Some(match locale {
                Locale::It => |v, _| number(Locale::It, v),
                Locale::En => |v, _| number(Locale::En, v),
            }));
            let mut keys = BTreeSet::new();
            let mut seen = BTreeMap::new();
            for ((l, name), text) in files {
                let resource = parse(name, text)?;
                if *l == locale {
                    for key in message_ids(&resource) {
                        if let Some(other) = seen.insert(key.clone(), name.clone()) {
                            return Err(Error::Words(format!("{key} stands in {other} and in {name} ({})", l.code())));
                        }
                        keys.insert(key);
                    }
                    bundle.add_resource_overriding(resource);
                }
            }
            for ((l, name), text) in overrides {
                if *l == locale {
                    bundle.add_resource_overriding(parse(name, text)?);
                }
            }
            let own: String = terms.iter().map(|(k, v)| format!("-{k} = {{ \"{}\" }}\n", quoted(v))).collect();
            bundle.add_resource_overriding(parse("terms", &own)?);
            Ok(Language { bundle, plain: HashMap::new(), filled: HashMap::new(), keys })
        };
        let mut words = Self { languages: [build(Locale::It)?, build(Locale::En)?] };
        words.cache_plain();
        Ok(words)
    }

    fn cache_plain(&mut self) {
        for locale in Locale::ALL {
            let keys = self.languages[Locale::It.index()].keys.clone();
            let plain = keys
                .iter()
                .chain(&self.languages[locale.index()].keys)
                .filter_map(|k| Some((k.clone(), Value::from(self.format(locale, k, None)?.ok()?))))
                .collect();
            let filled = keys
                .iter()
                .chain(&self.languages[locale.index()].keys)
                .filter_map(|k| Some((k.clone(), pieces(self.bundle(locale, k).get_message(k)?.value()?)?)))
                .collect();
            let language = &mut self.languages[locale.index()];
            (language.plain, language.filled) = (plain, filled);
        }
    }

    fn bundle(&self, locale: Locale, key: &str) -> &FluentBundle<FluentResource> {
        let own = &self.languages[locale.index()].bundle;
        if own.has_message(key) { own } else { &self.languages[Locale::It.index()].bundle }
    }

    fn format(&self, locale: Locale, key: &str, args: Option<&FluentArgs>) -> Option<Result<String, String>> {
        let bundle = self.bundle(locale, key);
        let pattern = bundle.get_message(key)?.value()?;
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, args, &mut errors).into_owned();
        Some(match errors.first() {
            None => Ok(text),
            Some(e) => Err(format!("{key} ({}): {e}", locale.code())),
        })
    }

    /// A message whose values only stand between its words, without its whole grammar. Nothing when there is more to it,
    /// or a value is missing.
    fn fill(&self, locale: Locale, key: &str, args: &FluentArgs) -> Option<String> {
        let mut text = String::with_capacity(96);
        for piece in self.filled(locale, key)? {
            match piece {
                Piece::Words(words) => text.push_str(words),
                Piece::Value(name) => match args.get(name.as_str())? {
                    FluentValue::String(value) => text.push_str(value),
                    value => text.push_str(&number(locale, value)?),
                },
            }
        }
        Some(text)
    }

    /// A message that only puts values between its words, taken apart.
    pub(crate) fn filled(&self, locale: Locale, key: &str) -> Option<&[Piece]> {
        self.languages[locale.index()].filled.get(key).map(Vec::as_slice)
    }

    /// A message that needs no value.
    pub(crate) fn plain(&self, locale: Locale, key: &str) -> Option<&Value> {
        self.languages[locale.index()].plain.get(key)
    }

    /// The text of a key; `Err` when it is missing or lacks a value.
    pub(crate) fn text(&self, locale: Locale, key: &str, args: &FluentArgs) -> Result<String, String> {
        if let Some(text) = self.fill(locale, key, args) {
            return Ok(text);
        }
        self.format(locale, key, Some(args)).unwrap_or_else(|| Err(format!("no words for {key}")))
    }

    /// A sentence in a language. A key that nobody wrote down becomes the general apology, and a line in the log.
    pub fn say(&self, locale: Locale, msg: &Msg) -> String {
        let mut args = FluentArgs::with_capacity(msg.args.len());
        for (name, arg) in &msg.args {
            args.set(name.as_str(), arg.to_fluent(locale));
        }
        self.text(locale, &msg.key, &args).unwrap_or_else(|problem| {
            tracing::error!(%problem, "words are missing");
            self.plain(locale, "problem-unknown").and_then(Value::as_str).unwrap_or_default().to_owned()
        })
    }

    /// Does this key exist in this very language, without falling back?
    pub fn has(&self, locale: Locale, key: &str) -> bool {
        self.languages[locale.index()].keys.contains(key)
    }

    /// All keys of a language.
    pub fn keys(&self, locale: Locale) -> impl Iterator<Item = &str> {
        self.languages[locale.index()].keys.iter().map(String::as_str)
    }
}

impl Arg {
    fn to_fluent(&self, locale: Locale) -> FluentValue<'static> {
        match self {
            Arg::Text(s) => FluentValue::from(s.clone()),
            Arg::Number(n) => FluentValue::from(*n),
            Arg::Money(m) => FluentValue::from(locale.money(*m)),
            Arg::Date(d) => FluentValue::from(locale.date(*d)),
            Arg::LongDate(d) => FluentValue::from(locale.long_date(*d)),
            Arg::At(t) => FluentValue::from(locale.date_time(*t)),
        }
    }
    /// Reads the serialised form back, inside a template.
    pub(crate) fn from_value(v: &Value) -> Option<Arg> {
        let (kind, value) = v.try_iter().ok()?.next().and_then(|k| Some((k.clone(), v.get_item(&k).ok()?)))?;
        let number = || i64::try_from(value.clone()).ok();
        match kind.as_str()? {
            "text" => value.as_str().map(Arg::from),
            "number" => number().map(Arg::Number),
            "money" => number().map(|n| Arg::Money(Money::cents(n))),
            "date" => number().map(|n| Arg::Date(Date::from_days(n as i32))),
            "long_date" => number().map(|n| Arg::LongDate(Date::from_days(n as i32))),
            "at" => number().map(|n| Arg::At(Timestamp::from_micros(n))),
            _ => None,
        }
    }
}

fn number(locale: Locale, value: &FluentValue) -> Option<String> {
    match value {
        FluentValue::Number(n) if n.value.fract() == 0.0 => Some(locale.integer(n.value as i64)),
        _ => None,
    }
}

/// The message as words and values, unless it chooses between wordings or names another message.
fn pieces(pattern: &Pattern<&str>) -> Option<Vec<Piece>> {
    let piece = |element: &PatternElement<&str>| match element {
        PatternElement::TextElement { value } => Some(Piece::Words((*value).to_owned())),
        PatternElement::Placeable { expression: Expression::Inline(InlineExpression::VariableReference { id }) } => {
            Some(Piece::Value(id.name.to_owned()))
        }
        PatternElement::Placeable { .. } => None,
    };
    pattern.elements.iter().map(piece).collect()
}

fn quoted(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace(['\n', '\r'], " ")
}

fn parse(name: &str, text: &str) -> Result<FluentResource, Error> {
    FluentResource::try_new(text.to_owned())
        .map_err(|(_, errors)| Error::Words(format!("{name}: {:?}", errors.first())))
}

fn message_ids(resource: &FluentResource) -> Vec<String> {
    use fluent_syntax::ast::Entry;
    resource
        .entries()
        .filter_map(|e| match e {
            Entry::Message(m) if m.value.is_some() => Some(m.id.name.to_owned()),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Options, Renderer};

    /// What is filled in without the grammar says the same.
    #[test]
    fn filled_messages_read_as_by_their_grammar() {
        let renderer = Renderer::new(Options::default()).unwrap();
        let words = renderer.words();
        let mut compared = 0;
        for locale in Locale::ALL {
            for (key, pieces) in &words.languages[locale.index()].filled {
                for value in [FluentValue::from("a < \u{2019}b\u{2019}"), FluentValue::from(-1_234_567)] {
                    let mut args = FluentArgs::new();
                    for piece in pieces {
                        if let Piece::Value(name) = piece {
                            args.set(name.clone(), value.clone());
                        }
                    }
                    let whole = words.format(locale, key, Some(&args)).unwrap().unwrap();
                    assert_eq!(words.fill(locale, key, &args), Some(whole), "{key}");
                    compared += 1;
                }
                let values = pieces.iter().any(|p| matches!(p, Piece::Value(_)));
                assert_eq!(words.fill(locale, key, &FluentArgs::new()).is_none(), values, "{key} lacks its values");
            }
        }
        assert!(compared > 1_000, "{compared}");
    }
}
