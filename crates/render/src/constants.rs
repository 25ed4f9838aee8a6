//! What never changes while the program runs, written into the templates before they are compiled: words without
//! values, drawings, addresses of files, the brand.

use minijinja::{HtmlEscape, Value};

/// Writes constants into the source of a template: `{{ t("key") }}` without values, `{{ icon("name") }}`,
/// `{{ asset("file") }}`, the language and the brand. Drops the indentation of HTML.
pub(crate) fn with_constants(name: &str, source: &str, constant: &dyn Fn(&str) -> Option<Value>) -> String {
    let html = name.ends_with(".html");
    let mut out = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(start) = rest.find("{{ ") {
        let after = &rest[start + 3..];
        let found = after.find(" }}").map(|end| (&after[..end], &after[end + 3..]));
        let value = found.and_then(|(expression, tail)| Some((constant(expression)?, tail)));
        match value {
            Some((value, tail)) if !value.as_str().unwrap_or("{").contains('{') => {
                let text = value.as_str().unwrap_or_default();
                out.push_str(&rest[..start]);
                if html && !value.is_safe() {
                    out.push_str(&HtmlEscape(text).to_string());
                } else {
                    out.push_str(text);
                }
                rest = tail;
            }
            _ => {
                out.push_str(&rest[..start + 3]);
                rest = after;
            }
        }
    }
    out.push_str(rest);
    if html { out.lines().map(str::trim_start).collect::<Vec<_>>().join("\n") } else { out }
}

/// Writes the constant words inside expressions: `label=t("key")` becomes `label="…"`.
pub(crate) fn with_literals(source: &str, words: &dyn Fn(&str) -> Option<Value>) -> String {
    let mut out = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(at) = rest.find("t(\"") {
        let (before, call) = rest.split_at(at);
        out.push_str(before);
        let key = call[3..].split_once("\")").map(|(key, _)| key);
        let alone = !before.ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '.');
        let value = key.filter(|_| alone).and_then(words).filter(|v| !v.is_safe());
        match (key, value.as_ref().and_then(Value::as_str)) {
            (Some(key), Some(text)) if !text.contains(['"', '\\', '{', '}', '%', '#', '\n']) => {
                out.extend(["\"", text, "\""]);
                rest = &call[key.len() + 5..];
            }
            _ => {
                out.push_str("t(\"");
                rest = &call[3..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// The argument of a call with one literal: `t("key")` is `key` for `t`.
pub(crate) fn literal<'a>(expression: &'a str, function: &str) -> Option<&'a str> {
    let argument = expression.strip_prefix(function)?.strip_prefix("(\"")?.strip_suffix("\")")?;
    (!argument.contains('"')).then_some(argument)
}

/// Writes the brand into tags: `{% if brand.webmail_url %}` becomes `{% if "https://…" %}`, or `{% if none %}`.
pub(crate) fn with_brand(source: &str, brand: &Value) -> String {
    let mut out = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(start) = rest.find("{% ") {
        let end = rest[start..].find(" %}").map_or(rest.len(), |end| start + end);
        out.push_str(&rest[..start]);
        write_brand(&mut out, &rest[start..end], brand);
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

fn write_brand(out: &mut String, tag: &str, brand: &Value) {
    let mut rest = tag;
    while let Some(at) = rest.find("brand.") {
        let (before, path) = rest.split_at(at);
        out.push_str(before);
        let end = path[6..].find(|c: char| !(c.is_alphanumeric() || c == '_')).map_or(path.len(), |end| 6 + end);
        let alone = !before.ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '.' || c == '"');
        let known = brand.get_attr(&path[6..end]).ok().filter(|_| alone).and_then(|v| quoted(&v));
        out.push_str(known.as_deref().unwrap_or(&path[..end]));
        rest = &path[end..];
    }
    out.push_str(rest);
}

/// The value as it is written in an expression, when that is plain.
fn quoted(value: &Value) -> Option<String> {
    if value.is_none() {
        return Some("none".to_owned());
    }
    let text = value.as_str().filter(|t| !t.contains(['"', '\\', '{', '}', '%', '#', '\n']))?;
    Some(["\"", text, "\""].concat())
}

#[cfg(test)]
mod tests {
    use minijinja::value::Serde;

    use super::*;
    use crate::Brand;

    #[test]
    fn the_brand_is_written_into_tags_alone() {
        let odd = Brand { name: "Sigillo".into(), webmail_url: None, support_email: "\"".into(), ..Brand::sample() };
        let brand = Value::from(Serde(&odd));
        let out = |source: &str| with_brand(source, &brand);
        assert_eq!(
            out("{% if brand.name and not brand.webmail_url %}a brand.name{% endif %}"),
            "{% if \"Sigillo\" and not none %}a brand.name{% endif %}"
        );
        for kept in [
            "{% if brand.support_email or p.brand.name or \"brand.name\" %}",
            "{% if brand.other %}",
            "{{ brand.name }}",
            "{% if brand",
        ] {
            assert_eq!(out(kept), kept);
        }
    }
}
