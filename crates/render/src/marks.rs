//! The marks that pages are full of: badges of states, crumbs, the token of a form.
//!
//! They could be macros, but a call of a macro costs as much as a page's worth of text, and a list has two
//! in every row.

use std::{collections::HashMap, sync::Arc};

use minijinja::{Environment, Error, ErrorKind, Value};

use domain::time::Date;

use crate::{
    Locale, Msg, Words,
    functions::{asset, put, say},
};

/// Tone and drawing of each state of an order, by its stable code (domain notes 2.8).
const ORDER: &[(&str, &str, &str)] = &[
    ("ATTESA_PAGAMENTO", "warn", "clock"),
    ("PAGATO", "info", "check"),
    ("IN_ATTIVAZIONE", "info", "gear"),
    ("ATTIVAZIONE_KO", "info", "user"),
    ("EVASO", "ok", "check"),
    ("ANNULLATO", "idle", "ban"),
    ("SCADUTO_NON_PAGATO", "idle", "ban"),
];
/// The same for a mailbox (domain notes 4.4).
const MAILBOX: &[(&str, &str, &str)] = &[
    ("IN_ATTIVAZIONE", "info", "gear"),
    ("ATTIVA", "ok", "check"),
    ("IN_SCADENZA", "warn", "alert"),
    ("SCADUTA", "err", "err"),
    ("CANCELLATA", "idle", "ban"),
    ("DISDETTA", "idle", "ban"),
];
/// The drawing of a tone.
const TONES: &[(&str, &str)] = &[("ok", "check"), ("info", "info"), ("warn", "alert"), ("err", "err"), ("idle", "ban")];

/// Stands for a day in the words around it.
const DAY: char = '\u{E000}';

/// Ends of periods that are put into words beforehand: a year, and its ninety days after.
const DAYS: i64 = 366;

pub(crate) fn install(
    env: &mut Environment<'static>,
    locale: Locale,
    words: &Arc<Words>,
    assets: &HashMap<String, String>,
) {
    let icons = Icons::new(assets);
    for (name, family, states) in [("order_state", "order-state", ORDER), ("mailbox_state", "mailbox-state", MAILBOX)] {
        let drawn = states.iter().map(|(code, tone, drawing)| {
            let word = words.plain(locale, &format!("{family}-{code}")).map(ToString::to_string).unwrap_or_default();
            (*code, icons.badge(tone, drawing, &word))
        });
        let drawn: HashMap<&str, Value> = drawn.collect();
        env.add_function(name, move |code: &str| drawn.get(code).cloned().ok_or_else(|| unknown(name, code)));
    }
    let tones: HashMap<&str, Value> = TONES.iter().map(|(tone, drawing)| (*tone, icons.icon(drawing))).collect();
    env.add_function("badge", move |tone: &str, drawing: &str, word: &str| icons.badge(tone, drawing, word));
    env.add_function("tone_icon", move |tone: &str| tones.get(tone).cloned().ok_or_else(|| unknown("tone_icon", tone)));
    env.add_function("csrf", |c: Value| -> Result<Value, Error> {
        let token = c.get_attr("csrf")?;
        let mut out = String::from("<input type=\"hidden\" name=\"csrf\" value=\"");
        put(&mut out, token.as_str().unwrap_or_default());
        out.push_str("\">");
        Ok(Value::from_safe_string(out))
    });
    // Every list of services says them in each row.
    let near: HashMap<i64, Value> = (-DAYS..=DAYS).map(|n| (n, Value::from(words.say(locale, &days(n))))).collect();
    let w = words.clone();
    env.add_function("days", move |left: i64| {
        near.get(&left).cloned().unwrap_or_else(|| Value::from(w.say(locale, &days(left))))
    });
    let around = |key: &str| words.say(locale, &Msg::new(key).arg("day", DAY.to_string()));
    let timeline =
        Timeline { planned: around("time-planned"), today: around("time-today"), locale, words: words.clone() };
    env.add_function("timeline", move |items: Value| timeline.draw(&items));
    let label = words.plain(locale, "shell-crumbs").map(ToString::to_string).unwrap_or_default();
    env.add_function("crumbs", move |links: Value, page: &str| crumbs(&label, &links, page));
}

/// The end of a period in words.
fn days(left: i64) -> Msg {
    match left {
        1.. => Msg::new("mailbox-days-left").arg("count", left),
        0 => Msg::new("mailbox-ends-today"),
        _ => Msg::new("mailbox-days-past").arg("count", -left),
    }
}

/// The drawings of the sprite.
pub(crate) struct Icons {
    /// What stands before the name of each.
    before: String,
}
impl Icons {
    pub(crate) fn new(assets: &HashMap<String, String>) -> Self {
        let mut before = String::from("<svg class=\"ic\" viewBox=\"0 0 20 20\" aria-hidden=\"true\"><use href=\"");
        put(&mut before, &asset(assets, "icons.svg"));
        before.push_str("#i-");
        Self { before }
    }
    fn put(&self, out: &mut String, name: &str) {
        out.push_str(&self.before);
        put(out, name);
        out.push_str("\"/></svg>");
    }
    /// A drawing; always beside a word, so hidden from screen readers.
    pub(crate) fn icon(&self, name: &str) -> Value {
        let mut out = String::with_capacity(128);
        self.put(&mut out, name);
        Value::from_safe_string(out)
    }
    /// A state: drawing, word, tint.
    fn badge(&self, tone: &str, drawing: &str, word: &str) -> Value {
        let mut out = String::with_capacity(192);
        out.push_str("<span class=\"cl-state ");
        put(&mut out, tone);
        out.push_str("\">");
        self.put(&mut out, drawing);
        put(&mut out, word);
        out.push_str("</span>");
        Value::from_safe_string(out)
    }
}

/// The way back: each page above with its address, then the page itself.
fn crumbs(label: &str, links: &Value, page: &str) -> Result<Value, Error> {
    let mut out = String::with_capacity(384);
    out.push_str("<nav class=\"breadcrumb-container\" aria-label=\"");
    put(&mut out, label);
    out.push_str("\"><ol class=\"breadcrumb\">");
    for link in links.try_iter()? {
        let (href, words) = (link.get_item_by_index(0)?, link.get_item_by_index(1)?);
        let (Some(href), Some(words)) = (href.as_str(), words.as_str()) else {
            return Err(Error::new(ErrorKind::InvalidOperation, "a crumb is an address and its words"));
        };
        out.push_str("<li class=\"breadcrumb-item\"><a href=\"");
        put(&mut out, href);
        out.push_str("\">");
        put(&mut out, words);
        out.push_str("</a></li>");
    }
    out.push_str("<li class=\"breadcrumb-item active\" aria-current=\"page\">");
    put(&mut out, page);
    out.push_str("</li></ol></nav>");
    Ok(Value::from_safe_string(out))
}

/// Draws lists of [`Moment`](crate::pages::Moment)s.
struct Timeline {
    /// The words around a day that is planned, and around today, with [`DAY`] for the day.
    planned: String,
    today: String,
    locale: Locale,
    words: Arc<Words>,
}
impl Timeline {
    fn draw(&self, items: &Value) -> Result<Value, Error> {
        let mut out = String::with_capacity(768);
        out.push_str("<ol class=\"cl-time\">");
        for item in items.try_iter()? {
            let kind = item.get_attr("kind")?;
            let day = Date::from_days(i32::try_from(item.get_attr("day")?)?);
            let words = say(&self.words, self.locale, &item.get_attr("words")?)?;
            let (class, around, open, close) = match kind.as_str() {
                Some("next") => (" class=\"next\"", Some(&self.planned), "", ""),
                Some("now") => (" class=\"now\"", Some(&self.today), "<b>", "</b>"),
                _ => ("", None, "", ""),
            };
            out.extend(["<li", class, "><time datetime=\"", &day.iso(), "\">"]);
            let date = self.locale.date(day);
            match around {
                Some(around) => put(&mut out, &around.replace(DAY, &date)),
                None => out.push_str(&date),
            }
            out.extend(["</time>", open]);
            put(&mut out, words.as_str().unwrap_or_default());
            out.extend([close, "</li>"]);
        }
        out.push_str("</ol>");
        Ok(Value::from_safe_string(out))
    }
}

fn unknown(function: &str, code: &str) -> Error {
    Error::new(ErrorKind::InvalidOperation, format!("{function} does not know {code}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_typed_is_escaped() {
        let html =
            crumbs("Dove sei", &Value::from(vec![Value::from(vec!["/a?b=1&c", "<b>"])]), "\"x\"").unwrap().to_string();
        assert!(html.contains("b=1&amp;c\""), "{html}");
        assert!(html.contains("&lt;b&gt;") && html.contains("&quot;x&quot;"), "{html}");
        assert!(Icons::new(&HashMap::new()).badge("ok", "check", "<i>").to_string().contains("&lt;i&gt;"));
    }
}
