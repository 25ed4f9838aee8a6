//! The marks that pages are full of: badges of states, crumbs, the token of a form.
//!
//! They could be macros, but a call of a macro costs as much as a page's worth of text, and a list has two
//! in every row.

use std::{collections::HashMap, fmt::Write, sync::Arc};

use minijinja::{Environment, Error, ErrorKind, HtmlEscape, Value};

use crate::{Locale, Msg, Words, functions::icon};

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

/// Ends of periods that are put into words beforehand: a year, and its ninety days after.
const DAYS: i64 = 366;

pub(crate) fn install(
    env: &mut Environment<'static>,
    locale: Locale,
    words: &Arc<Words>,
    assets: &HashMap<String, String>,
) {
    let files = assets.clone();
    env.add_function("badge", move |tone: &str, drawing: &str, word: &str| {
        Value::from_safe_string(badge(&files, tone, drawing, word))
    });
    for (name, family, states) in [("order_state", "order-state", ORDER), ("mailbox_state", "mailbox-state", MAILBOX)] {
        let drawn = states.iter().map(|(code, tone, drawing)| {
            let word = words.plain(locale, &format!("{family}-{code}")).map(ToString::to_string).unwrap_or_default();
            (*code, Value::from_safe_string(badge(assets, tone, drawing, &word)))
        });
        let drawn: HashMap<&str, Value> = drawn.collect();
        env.add_function(name, move |code: &str| drawn.get(code).cloned().ok_or_else(|| unknown(name, code)));
    }
    let tones: HashMap<&str, Value> = TONES.iter().map(|(tone, drawing)| (*tone, icon(assets, drawing))).collect();
    env.add_function("tone_icon", move |tone: &str| tones.get(tone).cloned().ok_or_else(|| unknown("tone_icon", tone)));
    env.add_function("csrf", |c: Value| -> Result<Value, Error> {
        let token = c.get_attr("csrf")?;
        let token = HtmlEscape(token.as_str().unwrap_or_default());
        Ok(Value::from_safe_string(format!("<input type=\"hidden\" name=\"csrf\" value=\"{token}\">")))
    });
    // Every list of services says them in each row.
    let near: HashMap<i64, Value> = (-DAYS..=DAYS).map(|n| (n, Value::from(words.say(locale, &days(n))))).collect();
    let w = words.clone();
    env.add_function("days", move |left: i64| {
        near.get(&left).cloned().unwrap_or_else(|| Value::from(w.say(locale, &days(left))))
    });
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

/// A state: drawing, word, tint.
fn badge(assets: &HashMap<String, String>, tone: &str, drawing: &str, word: &str) -> String {
    format!("<span class=\"cl-state {}\">{}{}</span>", HtmlEscape(tone), icon(assets, drawing), HtmlEscape(word))
}

/// The way back: each page above with its address, then the page itself.
fn crumbs(label: &str, links: &Value, page: &str) -> Result<Value, Error> {
    let mut out =
        format!("<nav class=\"breadcrumb-container\" aria-label=\"{}\"><ol class=\"breadcrumb\">", HtmlEscape(label));
    for link in links.try_iter()? {
        let (href, words) = (link.get_item_by_index(0)?.to_string(), link.get_item_by_index(1)?.to_string());
        let _ = write!(
            out,
            "<li class=\"breadcrumb-item\"><a href=\"{}\">{}</a></li>",
            HtmlEscape(&href),
            HtmlEscape(&words)
        );
    }
    let page = HtmlEscape(page);
    let _ = write!(out, "<li class=\"breadcrumb-item active\" aria-current=\"page\">{page}</li></ol></nav>");
    Ok(Value::from_safe_string(out))
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
        assert!(html.contains("href=\"&#x2f;a?b=1&amp;c\"") || html.contains("href=\"/a?b=1&amp;c\""), "{html}");
        assert!(html.contains("&lt;b&gt;") && html.contains("&quot;x&quot;"), "{html}");
        assert!(badge(&HashMap::new(), "ok", "check", "<i>").contains("&lt;i&gt;"));
    }
}
