//! Licences, banned crates and sources of the dependencies, by the rules of `deny.toml`: the part of
//! `cargo deny` that needs no network, so that it runs everywhere in a second.

use std::{path::Path, process::Command};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

#[derive(Deserialize)]
struct Rules {
    licenses: Licenses,
    bans: Bans,
}
#[derive(Deserialize)]
struct Licenses {
    allow: Vec<String>,
    #[serde(default)]
    exceptions: Vec<Exception>,
}
#[derive(Deserialize)]
struct Exception {
    #[serde(rename = "crate")]
    name: String,
    allow: Vec<String>,
}
#[derive(Deserialize)]
struct Bans {
    deny: Vec<Banned>,
}
#[derive(Deserialize)]
struct Banned {
    #[serde(rename = "crate")]
    name: String,
    reason: String,
}
#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}
#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    license: Option<String>,
    /// `None` for the crates of this workspace.
    source: Option<String>,
}

/// Checks and prints; `false` when something is not allowed.
pub fn run(root: &Path) -> Result<bool> {
    let rules: Rules = toml::from_str(&std::fs::read_to_string(root.join("deny.toml"))?).context("deny.toml")?;
    let out = Command::new("cargo")
        .args(["metadata", "--format-version", "1", "--locked"])
        .current_dir(root)
        .output()
        .context("cargo metadata")?;
    ensure!(out.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&out.stderr).trim());
    let metadata: Metadata = serde_json::from_slice(&out.stdout)?;
    let found = check(&rules, &metadata.packages);
    for line in &found {
        println!("{line}");
    }
    println!("deny: {} packages, {} not allowed", metadata.packages.len(), found.len());
    Ok(found.is_empty())
}

fn check(rules: &Rules, packages: &[Package]) -> Vec<String> {
    let mut found = Vec::new();
    for p in packages.iter().filter(|p| p.source.is_some()) {
        let name = format!("{} {}", p.name, p.version);
        match p.license.as_deref() {
            None => found.push(format!("Cargo.lock licence {name} names no licence")),
            Some(text) if !allowed(text, &rules.licenses.allow) && !excepted(rules, &p.name, text) => {
                found.push(format!("Cargo.lock licence {name} is under {text}"));
            }
            Some(_) => {}
        }
        if let Some(banned) = rules.bans.deny.iter().find(|b| b.name == p.name) {
            found.push(format!("Cargo.lock banned {name}: {}", banned.reason));
        }
        if !p.source.as_deref().is_some_and(|s| s.starts_with("registry+")) {
            found.push(format!("Cargo.lock source {name} does not come from the registry"));
        }
    }
    found
}

fn excepted(rules: &Rules, name: &str, licence: &str) -> bool {
    rules.licenses.exceptions.iter().any(|e| e.name == name && allowed(licence, &e.allow))
}

/// Whether an SPDX expression can be met with the allowed licences. `/` is the old way to write OR.
fn allowed(expression: &str, allow: &[String]) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut at = 0;
    let met = any_of(&words, &mut at, allow);
    met && at == words.len()
}

fn any_of(words: &[&str], at: &mut usize, allow: &[String]) -> bool {
    let mut met = all_of(words, at, allow);
    while words.get(*at) == Some(&"OR") {
        *at += 1;
        met |= all_of(words, at, allow);
    }
    met
}

fn all_of(words: &[&str], at: &mut usize, allow: &[String]) -> bool {
    let mut met = single(words, at, allow);
    while words.get(*at) == Some(&"AND") {
        *at += 1;
        met &= single(words, at, allow);
    }
    met
}

fn single(words: &[&str], at: &mut usize, allow: &[String]) -> bool {
    let Some(word) = words.get(*at) else { return false };
    *at += 1;
    if *word == "(" {
        let met = any_of(words, at, allow);
        *at += 1;
        return met;
    }
    // An exception only takes obligations away.
    if words.get(*at) == Some(&"WITH") {
        *at += 2;
    }
    allow.iter().any(|a| a == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules() -> Rules {
        Rules {
            licenses: Licenses {
                allow: vec!["MIT".into(), "Apache-2.0".into()],
                exceptions: vec![Exception { name: "parser".into(), allow: vec!["MPL-2.0".into()] }],
            },
            bans: Bans { deny: vec![Banned { name: "openssl-sys".into(), reason: "rustls".into() }] },
        }
    }
    fn package(name: &str, license: Option<&str>, source: &str) -> Package {
        Package {
            name: name.into(),
            version: "1.0.0".into(),
            license: license.map(Into::into),
            source: Some(source.into()),
        }
    }

    #[test]
    fn expressions() {
        let allow = rules().licenses.allow;
        for good in
            ["MIT", "GPL-3.0 OR MIT", "MIT/GPL-3.0", "(MIT OR X) AND Apache-2.0", "Apache-2.0 WITH LLVM-exception"]
        {
            assert!(allowed(good, &allow), "{good}");
        }
        for bad in ["GPL-3.0", "MIT AND GPL-3.0", "(MIT OR X) AND Y", "", "MIT)", "MIT MIT"] {
            assert!(!allowed(bad, &allow), "{bad}");
        }
    }

    #[test]
    fn planted_faults_are_found() {
        let packages = [
            package("fine", Some("MIT"), "registry+x"),
            package("copyleft", Some("AGPL-3.0"), "registry+x"),
            package("parser", Some("MPL-2.0"), "registry+x"),
            package("silent", None, "registry+x"),
            package("openssl-sys", Some("MIT"), "registry+x"),
            package("forked", Some("MIT"), "git+https://x"),
        ];
        let found = check(&rules(), &packages);
        assert_eq!(found.len(), 4, "{found:?}");
        assert!(found[0].contains("licence copyleft") && found[1].contains("licence silent"));
        assert!(found[2].contains("banned openssl-sys") && found[3].contains("source forked"));
    }
}
