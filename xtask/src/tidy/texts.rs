//! Rules on every tracked text: migrations in pairs, no machine paths, no registry hosts, documents
//! that name files which exist.

use std::collections::BTreeSet;

use super::{Finding, Tree};

/// Hosts of package registries. Written apart so that this file does not hold them.
const HOSTS: &[&str] = &[
    concat!("registry.", "npmjs"),
    concat!("npmjs", ".org"),
    concat!("npmjs", ".com"),
    concat!("registry.", "yarnpkg"),
    concat!("pypi", ".org"),
    concat!("python", "hosted.org"),
    concat!("static.", "crates.io"),
    concat!("index.", "crates.io"),
    concat!("proxy.", "golang.org"),
    concat!("rubygems", ".org"),
    concat!("deb.", "debian.org"),
    concat!("docker", ".io"),
];

/// Absolute paths that belong to somebody's machine.
const MACHINES: &[&str] =
    &[concat!("/wo", "rk/"), concat!("/ho", "me/"), concat!("/ro", "ot/"), concat!("/Use", "rs/")];

pub fn check(tree: &Tree, found: &mut Vec<Finding>) {
    for (path, text) in &tree.texts {
        traces(path, text, found);
        if path.ends_with(".md") {
            named_files(tree, path, text, found);
        }
    }
    migrations(tree, found);
}

/// Whether `mark` begins a path or a host at this place of the line.
fn stands(line: &str, mark: &str) -> bool {
    line.match_indices(mark).any(|(i, _)| !line[..i].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '}'))
}

fn traces(path: &str, text: &str, found: &mut Vec<Finding>) {
    for (i, line) in text.lines().enumerate() {
        if line.contains("tidy: allow(machine)") {
            continue;
        }
        if let Some(host) = HOSTS.iter().find(|h| line.contains(*h)) {
            let message = format!("`{host}`: which registry serves a package is the machine's business");
            found.push(Finding { file: path.into(), line: i + 1, rule: "machine", message });
        }
        if let Some(place) = MACHINES.iter().find(|m| stands(line, m)) {
            let message = format!("`{place}…` is a path of one machine");
            found.push(Finding { file: path.into(), line: i + 1, rule: "machine", message });
        }
    }
}

/// Paths of the tree between backticks, and relative links, must exist.
fn named_files(tree: &Tree, path: &str, text: &str, found: &mut Vec<Finding>) {
    let folder = path.rsplit_once('/').map_or("", |(f, _)| f);
    for (i, line) in text.lines().enumerate() {
        for quoted in line.split('`').skip(1).step_by(2) {
            let name = quoted.split(':').next().unwrap_or_default();
            let ours = ["crates/", "xtask/", "docs/", ".ci/"].iter().any(|p| name.starts_with(p));
            if ours && !name.contains(['{', '*', '<', ' ', '…', 'N']) && !tree.has(name) {
                let message = format!("names `{name}`, which is not in the tree");
                found.push(Finding { file: path.into(), line: i + 1, rule: "document", message });
            }
        }
        for target in line.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let target = target.split('#').next().unwrap_or_default();
            if target.is_empty() || target.contains("://") || target.starts_with("mailto:") {
                continue;
            }
            if !tree.has(&resolve(folder, target)) {
                let message = format!("links to `{target}`, which is not in the tree");
                found.push(Finding { file: path.into(), line: i + 1, rule: "document", message });
            }
        }
    }
}

fn resolve(folder: &str, target: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|p| !p.is_empty()).collect();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            p => parts.push(p),
        }
    }
    parts.join("/")
}

/// The numbered files of both engines have the same names, and the numbers have no hole.
fn migrations(tree: &Tree, found: &mut Vec<Finding>) {
    const FOLDER: &str = "crates/store/migrations/";
    let of = |engine: &str| -> BTreeSet<&str> {
        tree.texts.keys().filter_map(|k| k.strip_prefix(FOLDER)?.strip_prefix(engine)?.strip_prefix('/')).collect()
    };
    let (lite, pg) = (of("sqlite"), of("postgres"));
    let mut report = |engine: &str, name: &str, message: String| {
        let file = format!("{FOLDER}{engine}/{name}");
        found.push(Finding { file, line: 1, rule: "migrations", message });
    };
    for name in lite.difference(&pg) {
        report("sqlite", name, "has no twin for PostgreSQL".into());
    }
    for name in pg.difference(&lite) {
        report("postgres", name, "has no twin for SQLite".into());
    }
    for (i, name) in lite.iter().enumerate() {
        let number = name.split('_').next().unwrap_or_default();
        if number.len() != 4 || number.parse() != Ok(i + 1) {
            report("sqlite", name, format!("is number {} of its folder: numbers are four digits without holes", i + 1));
        }
    }
}
