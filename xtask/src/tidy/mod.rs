//! The house rules. Each rule has a name; a line that has to break one says so on itself or on
//! the line above, or for a whole file in its first comment: `// tidy: allow(rule) the reason`.

use std::{collections::BTreeMap, fmt, path::Path, process::Command};

use anyhow::{Context, Result};

mod lexer;
mod manifests;
mod sources;
mod texts;

/// A breach of a rule.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    pub file: String,
    pub line: usize,
    pub rule: &'static str,
    pub message: String,
}
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{} {} {}", self.file, self.line, self.rule, self.message)
    }
}

/// The tracked files: path from the root with `/`, and text. Files that are not text are left out
/// of the texts but keep their path.
#[derive(Default)]
pub struct Tree {
    pub texts: BTreeMap<String, String>,
    pub others: Vec<String>,
}
impl Tree {
    /// Reads what git tracks, and what is new and not ignored.
    fn read(root: &Path) -> Result<Tree> {
        let listed = Command::new("git")
            .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
            .current_dir(root)
            .output()
            .context("git is needed to know which files are ours")?;
        anyhow::ensure!(listed.status.success(), "git ls-files: {}", String::from_utf8_lossy(&listed.stderr).trim());
        let mut tree = Tree::default();
        for name in listed.stdout.split(|b| *b == 0).filter(|n| !n.is_empty()) {
            let name = String::from_utf8_lossy(name).into_owned();
            match std::fs::read(root.join(&name)).map(String::from_utf8) {
                Ok(Ok(text)) => drop(tree.texts.insert(name, text)),
                Ok(Err(_)) => tree.others.push(name),
                // Deleted in the work tree, not yet in the index.
                Err(_) => {}
            }
        }
        Ok(tree)
    }
    fn has(&self, path: &str) -> bool {
        let folder = format!("{}/", path.trim_end_matches('/'));
        self.texts.contains_key(path)
            || self.others.iter().any(|o| o == path || o.starts_with(&folder))
            || self.texts.range(folder.clone()..).next().is_some_and(|(k, _)| k.starts_with(&folder))
    }
}

/// Every breach in the tree, in order of file and line.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    manifests::check(tree, &mut found);
    sources::check(tree, &mut found);
    texts::check(tree, &mut found);
    found.sort();
    found.dedup();
    found
}

/// Checks the tree at `root` and prints; `false` when something was found.
pub fn run(root: &Path) -> Result<bool> {
    let tree = Tree::read(root)?;
    let found = check(&tree);
    for f in &found {
        println!("{f}");
    }
    match found.len() {
        0 => println!("tidy: {} files, nothing to say", tree.texts.len()),
        n => println!("tidy: {n} to mend in {} files read", tree.texts.len()),
    }
    Ok(found.is_empty())
}

#[cfg(test)]
mod tests;
