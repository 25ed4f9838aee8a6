//! A small reader of HTML, enough for the rules that every page must keep.

use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug)]
struct Tag {
    name: String,
    attributes: BTreeMap<String, String>,
    closing: bool,
    /// Text up to the next tag.
    text: String,
}
impl Tag {
    fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.get(name).map(String::as_str)
    }
    fn is(&self, name: &str) -> bool {
        self.name == name && !self.closing
    }
}

const VOID: [&str; 13] =
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"];

fn tags(html: &str) -> Vec<Tag> {
    let mut out = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        rest = &rest[start + 1..];
        let Some(end) = tag_end(rest) else { break };
        let inside = &rest[..end];
        rest = &rest[end + 1..];
        if inside.starts_with('!') {
            continue;
        }
        let text = rest[..rest.find('<').unwrap_or(rest.len())].to_owned();
        let closing = inside.starts_with('/');
        let body = inside.trim_start_matches('/').trim_end_matches('/');
        let name_end = body.find(char::is_whitespace).unwrap_or(body.len());
        let attributes = attributes(&body[name_end..]);
        out.push(Tag { name: body[..name_end].to_lowercase(), attributes, closing, text });
    }
    out
}

fn tag_end(s: &str) -> Option<usize> {
    let mut quoted = false;
    s.char_indices().find_map(|(i, c)| match c {
        '"' => {
            quoted = !quoted;
            None
        }
        '>' if !quoted => Some(i),
        _ => None,
    })
}

fn attributes(mut s: &str) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    loop {
        s = s.trim_start();
        let end = s.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(s.len());
        if end == 0 {
            return out;
        }
        let name = s[..end].to_lowercase();
        s = &s[end..];
        let value = match s.strip_prefix("=\"").and_then(|v| v.find('"').map(|e| (&v[..e], &v[e + 1..]))) {
            Some((value, rest)) => {
                s = rest;
                value.to_owned()
            }
            None => {
                s = s.trim_start_matches('=');
                String::new()
            }
        };
        out.insert(name, value);
    }
}

fn unbalanced(tags: &[Tag]) -> Option<String> {
    let mut open: Vec<&str> = Vec::new();
    for tag in tags
        .iter()
        .filter(|t| !VOID.contains(&t.name.as_str()) && !["path", "circle", "use"].contains(&t.name.as_str()))
    {
        if !tag.closing {
            open.push(&tag.name);
        } else if open.pop() != Some(&tag.name) {
            return Some(format!("</{}> closes nothing", tag.name));
        }
    }
    open.last().map(|name| format!("<{name}> is never closed"))
}

fn common(tags: &[Tag], lang: &str) -> Vec<String> {
    let mut faults: Vec<String> = unbalanced(tags).into_iter().collect();
    if tags.iter().find(|t| t.is("html")).and_then(|t| t.attribute("lang")) != Some(lang) {
        faults.push("html without its lang".into());
    }
    if tags.iter().filter(|t| t.is("title") && !t.text.trim().is_empty()).count() != 1 {
        faults.push("no title".into());
    }
    let h1 = tags.iter().filter(|t| t.is("h1")).count();
    if h1 != 1 {
        faults.push(format!("{h1} h1"));
    }
    let mut last = 0;
    for level in tags.iter().filter(|t| !t.closing).filter_map(|t| t.name.strip_prefix('h')?.parse::<u8>().ok()) {
        // Headings inside navigation come before the h1 of the page.
        if level > last + 1 && last != 0 {
            faults.push(format!("h{level} after h{last}"));
        }
        last = level;
    }
    faults
}

pub fn mail_faults(html: &str, lang: &str) -> impl Iterator<Item = String> + use<> {
    let tags = tags(html);
    let mut faults = common(&tags, lang);
    if tags.iter().any(|t| t.is("img") || t.is("script") || t.is("link")) {
        faults.push("a mail loads nothing from outside".into());
    }
    faults.into_iter()
}

/// What is wrong with a page.
pub fn page_faults(html: &str, lang: &str) -> impl Iterator<Item = String> + use<> {
    let tags = tags(html);
    let mut faults = common(&tags, lang);
    faults.extend(control_faults(&tags));
    faults.extend(id_faults(&tags));
    for form in tags.iter().filter(|t| t.is("form") && t.attribute("method") == Some("post")) {
        let at = tags.iter().position(|t| std::ptr::eq(t, form)).unwrap_or(0);
        let inside = tags[at..].iter().take_while(|t| !(t.name == "form" && t.closing));
        if !inside.into_iter().any(|t| t.attribute("name") == Some("csrf")) {
            faults.push(format!("form to {:?} without csrf", form.attribute("action")));
        }
    }
    if tags.iter().any(|t| t.attribute("style").is_some()) {
        faults.push("inline style".into());
    }
    if tags.iter().any(|t| t.is("a") && matches!(t.attribute("href"), None | Some("" | "#"))) {
        faults.push("a link that leads nowhere".into());
    }
    if tags.iter().filter(|t| t.is("main")).count() != 1 {
        faults.push("not one main".into());
    }
    faults.into_iter()
}

fn control_faults(tags: &[Tag]) -> Vec<String> {
    let labels: BTreeSet<_> = tags.iter().filter(|t| t.is("label")).filter_map(|t| t.attribute("for")).collect();
    tags.iter()
        .filter(|t| t.is("input") || t.is("select") || t.is("textarea"))
        .filter(|t| !matches!(t.attribute("type"), Some("hidden" | "submit")))
        .filter(|t| t.attribute("aria-label").is_none() && t.attribute("aria-hidden").is_none())
        .filter(|t| t.attribute("id").is_none_or(|id| !labels.contains(id)))
        .map(|t| format!("no label for {:?}", t.attributes))
        .collect()
}

fn id_faults(tags: &[Tag]) -> Vec<String> {
    let mut faults = Vec::new();
    let mut ids = BTreeSet::new();
    for id in tags.iter().filter_map(|t| t.attribute("id")) {
        if !ids.insert(id) {
            faults.push(format!("id {id} twice"));
        }
    }
    for tag in tags {
        for name in ["aria-describedby", "aria-labelledby", "for"] {
            for id in tag.attribute(name).unwrap_or_default().split_whitespace() {
                if !ids.contains(id) {
                    faults.push(format!("{name} points to {id}, which is not there"));
                }
            }
        }
        if let Some(id) = tag.attribute("href").and_then(|h| h.strip_prefix('#')).filter(|id| !id.is_empty())
            && !ids.contains(id)
        {
            faults.push(format!("#{id} is not there"));
        }
    }
    faults
}
