//! Who may depend on whom, and why each dependency is there.

use super::{Finding, Tree};

/// Our crates and what each may depend on (`ARCHITECTURE.md` shows the same table).
pub const ALLOWED: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("ports", &["domain"]),
    ("store", &["domain"]),
    ("render", &["domain"]),
    ("app", &["domain", "ports", "store", "render"]),
    ("adapters", &["domain", "ports"]),
    ("pki", &["domain"]),
    ("web", &["domain", "app", "render"]),
    ("api", &["domain", "app"]),
    ("cli", &["domain", "ports", "store", "render", "app", "adapters", "pki", "web", "api"]),
    ("enrol", &["domain"]),
    ("testkit", &["domain", "ports", "store", "render", "app", "adapters", "pki", "web", "api"]),
    ("xtask", &[]),
];

/// Foreign crates that only one of ours may name, besides tests in `testkit`.
const ONLY_IN: &[(&str, &[&str], &str)] = &[
    ("rusqlite", &["store"], "SQL lives in `store`"),
    ("tokio-postgres", &["store"], "SQL lives in `store`"),
    ("deadpool-postgres", &["store"], "SQL lives in `store`"),
    ("sea-query", &["store"], "SQL lives in `store`"),
    ("reqwest", &["adapters"], "only `adapters` goes out"),
    ("lettre", &["adapters"], "only `adapters` goes out"),
    ("minijinja", &["render"], "only `render` knows the template engine"),
    ("fluent-bundle", &["render"], "only `render` knows the words"),
    ("jiff", &["domain"], "only `domain` knows the calendar"),
    ("axum", &["web", "api", "cli"], "only the doors know the web server"),
];

/// The folder of a crate manifest is its name in the table.
fn crate_of(path: &str) -> Option<&str> {
    let folder = path.strip_suffix("/Cargo.toml")?;
    folder.strip_prefix("crates/").or((folder == "xtask").then_some("xtask"))
}

/// The line (from 1) on which the key stands.
fn line_of(text: &str, key: &str) -> usize {
    let starts = |l: &str| l.strip_prefix(key).is_some_and(|rest| rest.starts_with([' ', '.', '=']));
    text.lines().position(starts).map_or(1, |i| i + 1)
}

pub fn check(tree: &Tree, found: &mut Vec<Finding>) {
    for (path, text) in &tree.texts {
        if path == "Cargo.toml" {
            reasons(path, text, found);
        } else if let Some(name) = crate_of(path) {
            edges(tree, path, name, text, found);
        }
    }
}

fn edges(tree: &Tree, path: &str, name: &str, text: &str, found: &mut Vec<Finding>) {
    let mut report = |line, rule, message| found.push(Finding { file: path.into(), line, rule, message });
    let Ok(manifest) = text.parse::<toml::Table>() else {
        return report(1, "manifest", "is not TOML".into());
    };
    let Some((_, allowed)) = ALLOWED.iter().find(|(n, _)| *n == name) else {
        return report(1, "depends", format!("crate `{name}` is not in the table of crates"));
    };
    for section in ["dependencies", "build-dependencies", "dev-dependencies"] {
        let Some(table) = manifest.get(section).and_then(toml::Value::as_table) else { continue };
        let dev = section == "dev-dependencies";
        for (key, value) in table {
            let line = line_of(text, key);
            if dev && key == name {
                // A crate may use its own test fixtures from its tests outside.
                continue;
            }
            let ours =
                ALLOWED.iter().any(|(n, _)| n == key) && tree.texts.contains_key(&format!("crates/{key}/Cargo.toml"));
            if ours && !allowed.contains(&key.as_str()) && !(dev && key == "testkit") {
                report(line, "depends", format!("`{name}` may not depend on `{key}`"));
            }
            if let Some((_, places, why)) = ONLY_IN.iter().find(|(n, ..)| n == key)
                && !places.contains(&name)
                && name != "testkit"
                && !dev
            {
                report(line, "depends", format!("`{name}` may not depend on `{key}`: {why}"));
            }
            if value.get("workspace").and_then(toml::Value::as_bool) != Some(true) {
                report(
                    line,
                    "manifest",
                    format!("`{key}` takes its version from the root manifest: `{key}.workspace = true`"),
                );
            }
        }
    }
}

/// Each foreign dependency of the root manifest has a comment on the line above it.
fn reasons(path: &str, text: &str, found: &mut Vec<Finding>) {
    let mut inside = false;
    let mut before = "";
    for (i, line) in text.lines().enumerate() {
        if line.starts_with('[') {
            inside = line.trim() == "[workspace.dependencies]";
        } else if inside && line.starts_with(|c: char| c.is_ascii_alphanumeric()) && !line.contains("path = \"") {
            let reason = before.strip_prefix('#').map(str::trim).unwrap_or_default();
            if reason.len() < 10 {
                let name = line.split([' ', '=', '.']).next().unwrap_or_default();
                found.push(Finding {
                    file: path.into(),
                    line: i + 1,
                    rule: "reason",
                    message: format!("say on the line above why `{name}` is needed"),
                });
            }
        }
        before = line;
    }
}
