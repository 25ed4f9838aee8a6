//! Functions and filters of the templates.

use std::{
    collections::HashMap,
    fmt::Write,
    sync::{Arc, PoisonError, RwLock},
};

use domain::{
    money::Money,
    time::{Date, Timestamp},
};
use fluent_bundle::{FluentArgs, FluentValue};
use minijinja::{
    Environment, Error, ErrorKind, HtmlEscape, State, Value, context,
    value::{Kwargs, ValueKind},
};

use crate::{
    Arg, Locale, Msg, Words,
    marks::{self, Icons},
};

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
    install_forms(env, locale, words, assets);
    install_parts(env);
    marks::install(env, locale, words, assets);
    let files = assets.clone();
    env.add_function("asset", move |name: &str| asset(&files, name));
    let icons = Icons::new(assets);
    env.add_function("icon", move |name: &str| icons.icon(name));
    env.add_filter("address", |state: &State, address: &str| safe_if_html(state, address_html(address), address));
    env.add_filter("domain_part", |address: &str| address.rsplit_once('@').map_or("", |(_, d)| d).to_owned());
    env.add_filter("local_part", |address: &str| address.rsplit_once('@').map_or(address, |(l, _)| l).to_owned());
}

/// The address of a static file.
pub(crate) fn asset(assets: &HashMap<String, String>, name: &str) -> String {
    assets.get(name).cloned().unwrap_or_else(|| format!("/assets/{name}"))
}

/// Writes a text as it stands between tags, or in an attribute in double quotes. Most texts need no change, and asking
/// is quicker than the way through the formatter.
pub(crate) fn put(out: &mut String, text: &str) {
    if text.bytes().any(|b| matches!(b, b'<' | b'>' | b'&' | b'"' | b'\'')) {
        out.push_str(&HtmlEscape(text).to_string());
    } else {
        out.push_str(text);
    }
}

/// `part("components/….html", here)`: a part that depends on the current place alone, drawn once for each.
fn install_parts(env: &mut Environment<'static>) {
    let drawn: RwLock<HashMap<String, HashMap<String, Value>>> = RwLock::default();
    env.add_function("part", move |state: &State, name: &str, here: &str| -> Result<Value, Error> {
        let known = drawn.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(html) = known.get(name).and_then(|places| places.get(here)) {
            return Ok(html.clone());
        }
        drop(known);
        let html = state.env().get_template(name)?.render(context! { here => here })?;
        let html = Value::from_safe_string(html);
        let mut known = drawn.write().unwrap_or_else(PoisonError::into_inner);
        known.entry(name.to_owned()).or_default().insert(here.to_owned(), html.clone());
        Ok(html)
    });
}

fn install_words(env: &mut Environment<'static>, locale: Locale, words: &Arc<Words>) {
    let w = words.clone();
    env.add_function("t", move |key: &str, values: Kwargs| translate(&w, locale, key, &values));
    env.add_filter("said", move |value: Value| said(locale, value));
    let w = words.clone();
    env.add_function("has_words", move |key: &str| w.plain(locale, key).is_some());
    let w = words.clone();
    env.add_function("say", move |msg: Value| say(&w, locale, &msg));
}

/// A value inside a sentence that is written into the template: what [`translate`] makes of it.
fn said(locale: Locale, value: Value) -> Result<Value, Error> {
    match value.kind() {
        ValueKind::Undefined | ValueKind::None => {
            Err(Error::new(ErrorKind::InvalidOperation, "a value of a sentence is missing"))
        }
        ValueKind::Number => Ok(Value::from(locale.integer(i64::try_from(value)?))),
        ValueKind::String => Ok(value),
        _ => Ok(Value::from(value.to_string())),
    }
}

/// A [`Msg`] of the context in words.
pub(crate) fn say(words: &Words, locale: Locale, msg: &Value) -> Result<Value, Error> {
    let key = msg.get_attr("key")?;
    let key = key.as_str().unwrap_or_default();
    let args = msg.get_attr("args")?;
    if args.len() == Some(0)
        && let Some(text) = words.plain(locale, key)
    {
        return Ok(text.clone());
    }
    let mut sentence = Msg::new(key);
    for name in args.try_iter()? {
        let arg = Arg::from_value(&args.get_item(&name)?);
        let arg = arg.ok_or_else(|| Error::new(ErrorKind::InvalidOperation, "not a value of a sentence"))?;
        sentence.args.insert(name.to_string(), arg);
    }
    Ok(Value::from(words.say(locale, &sentence)))
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
    env.add_filter("at_seconds", move |v: i64| locale.date_time_seconds(Timestamp::from_micros(v)));
    env.add_filter("date_time", move |v: i64| locale.date_time(Timestamp::from_micros(v)));
    // The same as elements, for pages.
    let number = |text: String| Value::from_safe_string(["<span class=\"cl-num\">", &text, "</span>"].concat());
    env.add_filter("money_el", move |v: i64| number(locale.money(Money::cents(v))));
    let element = |machine: String, text: String| {
        let parts = ["<time class=\"cl-num\" datetime=\"", &machine, "\">", &text, "</time>"];
        Value::from_safe_string(parts.concat())
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
fn install_forms(env: &mut Environment<'static>, locale: Locale, words: &Arc<Words>, assets: &HashMap<String, String>) {
    env.add_function("form_value", |form: Value, name: &str| -> Result<Value, Error> {
        let values = form.get_attr("values")?.get_item(&Value::from(name))?;
        Ok(values.try_iter().ok().and_then(|mut v| v.next()).unwrap_or_else(|| Value::from("")))
    });
    env.add_function("form_holds", |form: Value, name: &str, value: &str| -> Result<bool, Error> {
        let values = form.get_attr("values")?.get_item(&Value::from(name))?;
        Ok(values.try_iter().is_ok_and(|mut v| v.any(|v| v.as_str() == Some(value))))
    });
    env.add_function("form_error", |form: Value, name: &str| -> Result<Value, Error> {
        Ok(field_error(&form, name)?.unwrap_or_else(|| Value::from(())))
    });
    // What follows is asked for at every field of every form: Rust is ten times quicker than a macro.
    let (w, mark) = (words.clone(), Icons::new(assets).icon("err"));
    let word = words.plain(locale, "form-error-word").cloned().unwrap_or_default();
    env.add_function("field_error", move |form: Value, name: &str| -> Result<Value, Error> {
        let Some(msg) = field_error(&form, name)? else { return Ok(Value::from_safe_string(String::new())) };
        let text = say(&w, locale, &msg)?;
        Ok(Value::from_safe_string(format!(
            "<p class=\"cl-err-msg\" id=\"{0}-error\">{mark}<span><span class=\"visually-hidden\">{1} </span>{2}</span></p>",
            HtmlEscape(name),
            HtmlEscape(&word.to_string()),
            HtmlEscape(&text.to_string())
        )))
    });
    env.add_function("field_described", |form: Value, name: &str, hint: Value, more: &str| -> Result<Value, Error> {
        let wrong = field_error(&form, name)?.is_some();
        let name = HtmlEscape(name);
        let mut ids: Vec<String> = Vec::new();
        if hint.is_true() {
            ids.push(format!("{name}-hint"));
        }
        if wrong {
            ids.push(format!("{name}-error"));
        }
        if !more.is_empty() {
            ids.push(HtmlEscape(more).to_string());
        }
        let mut out = String::new();
        if !ids.is_empty() {
            let _ = write!(out, " aria-describedby=\"{}\"", ids.join(" "));
        }
        if wrong {
            out.push_str(" aria-invalid=\"true\"");
        }
        Ok(Value::from_safe_string(out))
    });
}

/// The sentence at a field, if there is one.
fn field_error(form: &Value, name: &str) -> Result<Option<Value>, Error> {
    let errors = form.get_attr("errors")?;
    if errors.len() == Some(0) {
        return Ok(None);
    }
    for error in errors.try_iter()? {
        if error.get_attr("field")?.as_str() == Some(name) {
            return error.get_attr("msg").map(Some);
        }
    }
    Ok(None)
}

/// `local@domain` with the domain quiet and a break only at the `@`.
fn address_html(address: &str) -> String {
    let mut html = String::with_capacity(address.len() + 24);
    match address.rsplit_once('@') {
        Some((local, domain)) => {
            put(&mut html, local);
            html.push_str("<wbr><span>@");
            put(&mut html, domain);
            html.push_str("</span>");
        }
        None => put(&mut html, address),
    }
    html
}

fn safe_if_html(state: &State, html: String, text: &str) -> Value {
    match state.auto_escape() {
        minijinja::AutoEscape::Html => Value::from_safe_string(format!("<span class=\"cl-addr\">{html}</span>")),
        _ => Value::from(text),
    }
}
