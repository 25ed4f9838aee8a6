//! Every word that is asked for exists in both languages, and none is kept that nobody asks for.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use render::{Locale, Options, Renderer};

fn renderer() -> Renderer {
    Renderer::new(Options::default()).expect("embedded templates compile")
}

#[test]
fn both_languages_have_the_same_keys() {
    let renderer = renderer();
    let keys = |l| renderer.words().keys(l).map(str::to_owned).collect::<BTreeSet<_>>();
    let (it, en) = (keys(Locale::It), keys(Locale::En));
    assert_eq!(it.difference(&en).collect::<Vec<_>>(), Vec::<&String>::new(), "missing in English");
    assert_eq!(en.difference(&it).collect::<Vec<_>>(), Vec::<&String>::new(), "missing in Italian");
}

/// `t("key"` with nothing appended: the key must exist.
#[test]
fn templates_ask_for_words_that_exist() {
    let renderer = renderer();
    let mut missing = Vec::new();
    for (name, source) in renderer.sources() {
        for asked in source.replace("asset(\"", "").replace("part(\"", "").split("t(\"").skip(1) {
            let Some((key, rest)) = asked.split_once('"') else { continue };
            let whole = rest.trim_start().starts_with([')', ',']);
            if whole && !renderer.words().has(Locale::It, key) {
                missing.push(format!("{name}: {key}"));
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

/// What Rust and templates mention: whole keys, and beginnings to which something is appended.
struct Mentions {
    literals: BTreeSet<String>,
}
impl Mentions {
    fn gather(renderer: &Renderer) -> Self {
        let mut literals = BTreeSet::new();
        for source in renderer.sources().values() {
            literals.extend(quoted(source));
        }
        let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        for path in rust_files(&crates) {
            literals.extend(quoted(&fs::read_to_string(&path).unwrap_or_default()));
        }
        Self { literals }
    }
    fn has(&self, key: &str) -> bool {
        let bare = key.strip_prefix("problem-").unwrap_or(key);
        if self.literals.contains(key) || self.literals.contains(bare) {
            return true;
        }
        // `"state-" ~ code`, `format!("shop-audience-{code}")`, `message-{name}-title`.
        self.literals.iter().any(|l| match l.split_once('{') {
            Some((start, rest)) if !start.is_empty() => {
                let end = rest.split_once('}').map_or("", |(_, e)| e);
                start.ends_with('-') && key.starts_with(start) && !end.contains('{') && key.ends_with(end)
            }
            // `{name}-title` on a name that stands elsewhere.
            Some((_, rest)) => rest.split_once('}').is_some_and(|(_, end)| {
                end.len() > 1 && key.strip_suffix(end).is_some_and(|name| self.literals.contains(name))
            }),
            None => l.len() > 3 && l.ends_with('-') && key.starts_with(l.as_str()),
        })
    }
}

fn quoted(text: &str) -> impl Iterator<Item = String> + '_ {
    let plain = |s: &&str| {
        s.len() < 80 && !s.is_empty() && s.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_{}".contains(&b))
    };
    text.split(['"', '\'']).filter(plain).map(str::to_owned)
}

fn rust_files(root: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() && !path.ends_with("node_modules") && !path.ends_with("target") {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                found.push(path);
            }
        }
    }
    found
}

#[test]
fn no_word_is_left_over() {
    let renderer = renderer();
    let mentions = Mentions::gather(&renderer);
    let mut unused: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for key in renderer.words().keys(Locale::It).filter(|k| !mentions.has(k)) {
        unused.entry(key.split('-').next().unwrap_or(key)).or_default().push(key);
    }
    assert!(unused.is_empty(), "nobody asks for {unused:#?}");
}
