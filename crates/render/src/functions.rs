//! Functions and filters of the templates.

use std::{collections::HashMap, sync::Arc};

use domain::{
    money::Money,
    time::{Date, Timestamp},
};
use fluent_bundle::{FluentArgs, FluentValue};
use minijinja::{
    Environment, Error, ErrorKind, HtmlEscape, State, Value,
    value::{Kwargs, ValueKind},
};

use crate::{Arg, Locale, Msg, Words};

/// Encloses the position of a piece of HTML inside a sentence while the sentence is escaped.
const MARK: char = '\u{E000}';

pub(crate) fn install(
    env: &mut Environment<'static>,
    locale: Locale,
    words: &Arc<Words>,
    assets: &HashMap<String, String>,
) {
    install_words(env, locale, words);
    install_formats(env, locale);
    install_forms(env);
    let files = assets.clone();
    env.add_function("asset", move |name: &str| asset(&files, name));
    let files = assets.clone();
    env.add_function("icon", move |name: &str| icon(&files, name));
    env.add_filter("address", |state: &State, address: &str| safe_if_html(state, address_html(address), address));
    env.add_filter("domain_part", |address: &str| address.rsplit_once('@').map_or("", |(_, d)| d).to_owned());
    env.add_filter("local_part", |address: &str| address.rsplit_once('@').map_or(address, |(l, _)| l).to_owned());
}

/// The address of a static file.
pub(crate) fn asset(assets: &HashMap<String, String>, name: &str) -> String {
    assets.get(name).cloned().unwrap_or_else(|| format!("/assets/{name}"))
}

/// A drawing of the sprite; always beside a word, so hidden from screen readers.
pub(crate) fn icon(assets: &HashMap<String, String>, name: &str) -> Value {
    let sprite = asset(assets, "icons.svg");
    Value::from_safe_string(format!(
        "<svg class=\"ic\" viewBox=\"0 0 20 20\" aria-hidden=\"true\"><use href=\"{}#i-{}\"/></svg>",
        HtmlEscape(&sprite),
        HtmlEscape(name)
    ))
}

fn install_words(env: &mut Environment<'static>, locale: Locale, words: &Arc<Words>) {
    let w = words.clone();
    env.add_function("t", move |key: &str, values: Kwargs| translate(&w, locale, key, &values));
    let w = words.clone();
    env.add_function("has_words", move |key: &str| w.plain(locale, key).is_some());
    let w = words.clone();
    env.add_function("say", move |msg: Value| -> Result<String, Error> {
        let key = msg.get_attr("key")?.as_str().unwrap_or_default().to_owned();
        let mut sentence = Msg::new(key);
        let args = msg.get_attr("args")?;
        for name in args.try_iter()? {
            let arg = Arg::from_value(&args.get_item(&name)?);
            let arg = arg.ok_or_else(|| Error::new(ErrorKind::InvalidOperation, "not a value of a sentence"))?;
            sentence.args.insert(name.to_string(), arg);
        }
        Ok(w.say(locale, &sentence))
    });
}

/// `t("key", name=value, …)`: numbers stay numbers for plurals; HTML values make the result HTML.
fn translate(words: &Words, locale: Locale, key: &str, values: &Kwargs) -> Result<Value, Error> {
    let missing = |what: String| Error::new(ErrorKind::InvalidOperation, what);
    let mut args = FluentArgs::new();
    let mut pieces: Vec<Value> = Vec::new();
    let mut empty = true;
    for name in values.args() {
        empty = false;
        let value: Value = values.get(name)?;
        let fluent = match value.kind() {
            ValueKind::Undefined | ValueKind::None => return Err(missing(format!("{key}: {name} has no value"))),
            ValueKind::Number => FluentValue::from(i64::try_from(value.clone())?),
            _ if value.is_safe() => {
                pieces.push(value);
                FluentValue::from(format!("{MARK}{}{MARK}", pieces.len() - 1))
            }
            _ => FluentValue::from(value.to_string()),
        };
        args.set(name.to_owned(), fluent);
    }
    if empty && let Some(text) = words.plain(locale, key) {
        return Ok(text.clone());
    }
    let text = words.text(locale, key, &args).map_err(missing)?;
    if pieces.is_empty() {
        return Ok(Value::from(text));
    }
    let escaped = HtmlEscape(&text).to_string();
    let mut html = String::with_capacity(escaped.len() + 64);
    for (i, part) in escaped.split(MARK).enumerate() {
        match part.parse::<usize>().ok().filter(|_| i % 2 == 1).and_then(|n| pieces.get(n)) {
            Some(piece) => html.push_str(piece.as_str().unwrap_or_default()),
            None => html.push_str(part),
        }
    }
    Ok(Value::from_safe_string(html))
}

fn day(v: i64) -> Date {
    Date::from_days(v.clamp(-1_000_000, 1_000_000) as i32)
}

fn install_formats(env: &mut Environment<'static>, locale: Locale) {
    env.add_filter("money", move |v: i64| locale.money(Money::cents(v)));
    env.add_filter("number", move |v: i64| locale.integer(v));
    env.add_filter("percent", move |v: i64| locale.percent_bp(v));
    env.add_filter("size", move |v: u64| locale.size(v));
    env.add_filter("date", move |v: i64| locale.date(day(v)));
    env.add_filter("long_date", move |v: i64| locale.long_date(day(v)));
    env.add_filter("iso_date", move |v: i64| day(v).iso());
    env.add_filter("time", move |v: i64| locale.time(Timestamp::from_micros(v)));
    env.add_filter("at_date", move |v: i64| locale.date(Timestamp::from_micros(v).date()));
    env.add_filter("at_long_date", move |v: i64| locale.long_date(Timestamp::from_micros(v).date()));
    env.add_filter("date_time", move |v: i64| locale.date_time(Timestamp::from_micros(v)));
    // The same as elements, for pages.
    let number = |text: String| Value::from_safe_string(format!("<span class=\"cl-num\">{text}</span>"));
    env.add_filter("money_el", move |v: i64| number(locale.money(Money::cents(v))));
    let element = |machine: String, text: String| {
        Value::from_safe_string(format!("<time class=\"cl-num\" datetime=\"{machine}\">{text}</time>"))
    };
    env.add_filter("date_el", move |v: i64| element(day(v).iso(), locale.date(day(v))));
    env.add_filter("long_date_el", move |v: i64| element(day(v).iso(), locale.long_date(day(v))));
    env.add_filter("at_el", move |v: i64| {
        let at = Timestamp::from_micros(v);
        element(at.rfc3339(), locale.date_time(at))
    });
    env.add_filter("at_seconds_el", move |v: i64| {
        let at = Timestamp::from_micros(v);
        element(at.rfc3339(), locale.date_time_seconds(at))
    });
    env.add_filter("time_el", move |v: i64| {
        let at = Timestamp::from_micros(v);
        element(at.rfc3339(), locale.time(at))
    });
}

/// Access to [`crate::Form`] inside the field macros.
fn install_forms(env: &mut Environment<'static>) {
    env.add_function("form_value", |form: Value, name: &str| -> Result<Value, Error> {
        let values = form.get_attr("values")?.get_item(&Value::from(name))?;
        Ok(values.try_iter().ok().and_then(|mut v| v.next()).unwrap_or_else(|| Value::from("")))
    });
    env.add_function("form_holds", |form: Value, name: &str, value: &str| -> Result<bool, Error> {
        let values = form.get_attr("values")?.get_item(&Value::from(name))?;
        Ok(values.try_iter().is_ok_and(|mut v| v.any(|v| v.as_str() == Some(value))))
    });
    env.add_function("form_error", |form: Value, name: &str| -> Result<Value, Error> {
        for error in form.get_attr("errors")?.try_iter()? {
            if error.get_attr("field")?.as_str() == Some(name) {
                return error.get_attr("msg");
            }
        }
        Ok(Value::from(()))
    });
}

/// `local@domain` with the domain quiet and a break only at the `@`.
fn address_html(address: &str) -> String {
    match address.rsplit_once('@') {
        Some((local, domain)) => format!("{}<wbr><span>@{}</span>", HtmlEscape(local), HtmlEscape(domain)),
        None => HtmlEscape(address).to_string(),
    }
}

fn safe_if_html(state: &State, html: String, text: &str) -> Value {
    match state.auto_escape() {
        minijinja::AutoEscape::Html => Value::from_safe_string(format!("<span class=\"cl-addr\">{html}</span>")),
        _ => Value::from(text),
    }
}
