//! Importing a file of macros costs a request as much as all of its macros together, used or not.
//! So each flat page imports a copy that holds only those it calls, with what they call in turn.

use std::collections::{BTreeMap, BTreeSet};

/// Adds the pages to the templates, importing copies of their own.
pub(super) fn slim(sources: &mut BTreeMap<String, String>, pages: Vec<(String, String)>) {
    let files = sources.iter().filter(|(name, _)| name.starts_with("components/"));
    let modules: BTreeMap<String, Vec<_>> = files.map(|(name, text)| (name.clone(), macros(text))).collect();
    for (name, mut page) in pages {
        for (file, module) in &modules {
            let import = format!("{{% import \"{file}\" as ");
            let Some(alias) =
                page.split(&import).nth(1).and_then(|rest| rest.split_once(" %}")).map(|(a, _)| a.to_owned())
            else {
                continue;
            };
            let (copy, body) = cut(file, module, &used(&page, &alias));
            // A file that imports others is left whole.
            if !sources[file].replace(&body, "").contains("{% import ") {
                page = page.replace(&import, &format!("{{% import \"{copy}\" as "));
                sources.insert(copy, body);
            }
        }
        sources.insert(name, page);
    }
}

/// The macros of an import that are called.
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
