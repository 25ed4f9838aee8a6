//! The words in each language: one Fluent file per area, Italian when English lacks a key, never the key itself.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::{
    money::Money,
    time::{Date, Timestamp},
};
use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use minijinja::Value;

use crate::{Arg, Error, Locale, Msg};

struct Language {
    bundle: FluentBundle<FluentResource>,
    /// Messages without values, ready to be written: most lookups end here.
    plain: HashMap<String, Value>,
    keys: BTreeSet<String>,
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
            Ok(Language { bundle, plain: HashMap::new(), keys })
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
            self.languages[locale.index()].plain = plain;
        }
    }

    fn format(&self, locale: Locale, key: &str, args: Option<&FluentArgs>) -> Option<Result<String, String>> {
        let own = &self.languages[locale.index()].bundle;
        let bundle = if own.has_message(key) { own } else { &self.languages[Locale::It.index()].bundle };
        let pattern = bundle.get_message(key)?.value()?;
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, args, &mut errors).into_owned();
        Some(match errors.first() {
            None => Ok(text),
            Some(e) => Err(format!("{key} ({}): {e}", locale.code())),
        })
    }

    /// A message that needs no value.
    pub(crate) fn plain(&self, locale: Locale, key: &str) -> Option<&Value> {
        self.languages[locale.index()].plain.get(key)
    }

    /// The text of a key; `Err` when it is missing or lacks a value.
    pub(crate) fn text(&self, locale: Locale, key: &str, args: &FluentArgs) -> Result<String, String> {
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
