//! Sentences with values, written into the template: `{{ t("key", day=p.end|date) }}` becomes the words of the
//! language with `{{ p.end|date }}` in their midst, which costs a request less than half.

use minijinja::HtmlEscape;

use super::{
    expression::{self, Call},
    pieces::{self, Piece},
};
use crate::{
    Locale,
    words::{self, Words},
};

/// Filters of this crate whose outcome is text: as it is, or as an element.
const TEXTS: [&str; 16] = [
    "address",
    "at_date",
    "at_el",
    "at_long_date",
    "date",
    "date_el",
    "date_time",
    "iso_date",
    "local_part",
    "long_date",
    "long_date_el",
    "money",
    "money_el",
    "percent",
    "size",
    "time",
];

/// Writes the sentences of a template out in a language. Those that choose between wordings stay calls.
pub(crate) fn write_out(name: &str, source: &str, words: &Words, locale: Locale) -> String {
    let Some(parts) = pieces::pieces(source) else { return source.to_owned() };
    let html = name.ends_with(".html");
    let out = parts.into_iter().flat_map(|part| match &part {
        Piece::Expr(e) => sentence(e, html, words, locale).unwrap_or_else(|| vec![part]),
        _ => vec![part],
    });
    pieces::text(&out.collect::<Vec<_>>())
}

fn sentence(expression: &str, html: bool, words: &Words, locale: Locale) -> Option<Vec<Piece>> {
    let Call { path: "t", positional, named } = expression::call(expression)? else { return None };
    let &[key] = &*positional else { return None };
    let message = words.filled(locale, key.strip_prefix('"')?.strip_suffix('"')?)?;
    let text = |text: &str| match (text.contains(['{', '}', '\n']), html) {
        (true, _) => None,
        (false, true) => Some(Piece::Text(HtmlEscape(text).to_string())),
        (false, false) => Some(Piece::Text(text.to_owned())),
    };
    let value = |name: &str| {
        let (_, value) = named.iter().find(|(n, _)| *n == name)?;
        let value = value.trim();
        Some(Piece::Expr(if is_text(value) { value.to_owned() } else { format!("({value})|said") }))
    };
    message
        .iter()
        .map(|piece| match piece {
            words::Piece::Words(words) => text(words),
            words::Piece::Value(name) => value(name),
        })
        .collect()
}

/// A path with a filter behind it that makes it text.
fn is_text(value: &str) -> bool {
    let parts = value.split_once('|');
    parts.is_some_and(|(path, filter)| expression::is_plain(path) && TEXTS.contains(&filter))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn only_what_puts_values_between_words_is_written_out() {
        let text = "a = Fino al <b> { $day }, { $n }.\nb = { $n ->\n    [one] una\n   *[other] { $n }\n }\n";
        let files = BTreeMap::from([((Locale::It, "x".to_owned()), text.to_owned())]);
        let words = Words::new(&files, &BTreeMap::new(), &[]).unwrap();
        let out = |name: &str, source: &str| write_out(name, source, &words, Locale::It);
        let call = "{{ t(\"a\", day=p.end|date, n=p.x if p.x else 1) }}";
        assert_eq!(out("x.html", call), "Fino al &lt;b&gt; {{ p.end|date }}, {{ (p.x if p.x else 1)|said }}.");
        assert_eq!(out("x.txt", call), "Fino al <b> {{ p.end|date }}, {{ (p.x if p.x else 1)|said }}.");
        for kept in ["{{ t(\"b\", n=1) }}", "{{ t(\"a\", n=1) }}", "{{ t(key, n=1) }}", "{{ t(\"a\", n=1) ~ 1 }}"] {
            assert_eq!(out("x.html", kept), kept);
        }
    }
}
