//! Importing a file of macros costs a request as much as all of its macros together, used or not.
//! So each page imports a copy that holds only those it calls, with what they call in turn.

use std::collections::{BTreeMap, BTreeSet};

/// Files of macros that are cut down, with the name under which templates know them.
const MODULES: [(&str, &str); 2] = [("components/parts.html", "parts"), ("components/fields.html", "f")];

/// The macros of the frame, imported by the base layout under a name that each page has of its own.
pub(crate) const PARTS: usize = 0;

/// Adds the cut copies to the templates, lets the templates import them, and returns for each page the
/// name of its copy of the parts.
pub(crate) fn slim(sources: &mut BTreeMap<String, String>) -> BTreeMap<String, String> {
    let modules = MODULES.map(|(file, _)| sources.get(file).map(|s| macros(s)).unwrap_or_default());
    let mut copies = BTreeMap::new();
    let mut parts_of = BTreeMap::new();
    let mut changed = Vec::new();
    for (name, source) in sources.iter() {
        if !name.ends_with(".html") {
            continue;
        }
        for (i, (file, alias)) in MODULES.iter().enumerate() {
            // The frame imports the parts for its pages; each page imports the fields for itself and its includes.
            let (copy, body) = cut(file, &modules[i], &used(&chain(sources, name), alias));
            let import = format!("{{% import \"{file}\" as {alias} %}}");
            if i == PARTS && name.starts_with("pages/") {
                parts_of.insert(name.clone(), copy.clone());
                copies.insert(copy, body);
            } else if i != PARTS && source.contains(&import) {
                changed.push((name.clone(), source.replace(&import, &format!("{{% import \"{copy}\" as {alias} %}}"))));
                copies.insert(copy, body);
            }
        }
    }
    sources.extend(changed);
    sources.extend(copies);
    parts_of
}

/// The text of a template with those it extends (whichever of several, where it chooses) and includes.
fn chain(sources: &BTreeMap<String, String>, name: &str) -> String {
    let Some(source) = sources.get(name) else { return String::new() };
    let mut text = source.clone();
    for (tag, folder) in [("\"layouts/", "layouts/"), ("{% include \"", "")] {
        for rest in source.split(tag).skip(1) {
            if let Some((other, _)) = rest.split_once('"') {
                text.push_str(&chain(sources, &format!("{folder}{other}")));
            }
        }
    }
    text
}

fn used<'a>(text: &'a str, alias: &str) -> BTreeSet<&'a str> {
    let call = format!("{alias}.");
    text.match_indices(&call)
        .filter(|(at, _)| !text[..*at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '.'))
        .filter_map(|(at, _)| {
            let rest = &text[at + call.len()..];
            let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_'))?;
            rest[end..].starts_with('(').then_some(&rest[..end])
        })
        .collect()
}

/// Name and whole text of each macro, in order.
fn macros(source: &str) -> Vec<(String, String)> {
    source
        .split("{% macro ")
        .skip(1)
        .filter_map(|rest| {
            let (name, _) = rest.split_once('(')?;
            let (body, _) = rest.split_once("{% endmacro %}")?;
            Some((name.to_owned(), format!("{{% macro {body}{{% endmacro %}}")))
        })
        .collect()
}

fn cut(file: &str, all: &[(String, String)], wanted: &BTreeSet<&str>) -> (String, String) {
    let mut kept: BTreeSet<&str> = all.iter().map(|(n, _)| n.as_str()).filter(|n| wanted.contains(n)).collect();
    loop {
        let before = kept.len();
        for (name, body) in all {
            if kept.contains(name.as_str()) {
                let called = |n: &&str| body.contains(&format!(" {n}(")) || body.contains(&format!("({n}("));
                kept.extend(all.iter().map(|(n, _)| n.as_str()).filter(called).collect::<Vec<_>>());
            }
        }
        if kept.len() == before {
            break;
        }
    }
    let body = all.iter().filter(|(n, _)| kept.contains(n.as_str())).map(|(_, b)| b.as_str()).collect();
    let stem = file.strip_suffix(".html").unwrap_or(file);
    let names: Vec<_> = kept.into_iter().collect();
    (format!("{stem}+{}.html", names.join("+")), body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_called_is_kept() {
        let module =
            "{% macro a(x) %}A{% endmacro %}\n{% macro b(x) %}{{ a(x) }}{% endmacro %}\n{% macro c() %}C{% endmacro %}";
        let (name, body) = cut("m.html", &macros(module), &used("{{ f.b(1) }} {{ pf.c() }} {{ p.f.c() }}", "f"));
        assert_eq!(name, "m+a+b.html");
        assert_eq!(body, "{% macro a(x) %}A{% endmacro %}{% macro b(x) %}{{ a(x) }}{% endmacro %}");
    }
}
