//! Rules on Rust sources.

use super::{
    Finding, Tree,
    lexer::{self, Scan},
};

const FUNCTION_LINES: usize = 70;
const FILE_LINES: usize = 500;
const TEST_FILE_LINES: usize = 900;

/// Names that may stand in the code of some crates only: rule, names, crates, what to do instead.
const PLACES: &[(&str, &[&str], &[&str], &str)] = &[
    (
        "sql",
        &["rusqlite::", "tokio_postgres::", "deadpool_postgres::", "sea_query::"],
        &["store"],
        "SQL lives in `store`",
    ),
    (
        "outgoing",
        &["reqwest::", "lettre::", "TcpStream::connect", "UnixStream::connect"],
        &["adapters"],
        "only `adapters` opens connections to the outside",
    ),
    ("templates", &["minijinja::", "fluent_bundle::"], &["render"], "only `render` knows templates and words"),
];

/// Words of a statement: a text that begins with the first and holds the second is SQL.
const STATEMENTS: &[(&str, &str)] = &[
    ("SELECT ", " FROM "),
    ("INSERT INTO ", ""),
    ("UPDATE ", " SET "),
    ("DELETE FROM ", ""),
    ("CREATE ", " TABLE"),
    ("CREATE TABLE ", ""),
    ("CREATE INDEX ", ""),
    ("ALTER TABLE ", ""),
    ("DROP TABLE ", ""),
    ("WITH ", " AS ("),
    ("PRAGMA ", ""),
    ("BEGIN IMMEDIATE", ""),
];

/// One source with what the rules need to know of it.
struct Source<'a> {
    path: &'a str,
    /// Folder under `crates/`, or `xtask`.
    krate: &'a str,
    text: &'a str,
    scan: Scan,
    /// The whole file is a test.
    all_test: bool,
}

impl Source<'_> {
    /// Whether the line, the comment lines right above it, or the head of the file excuse it from a rule.
    fn allowed(&self, line: usize, rule: &str) -> bool {
        let mark = format!("tidy: allow({rule})");
        let excused = |l: usize| {
            self.scan
                .comments
                .iter()
                .any(|(n, text)| *n == l && text.split_once(&mark).is_some_and(|(_, reason)| reason.trim().len() >= 10))
        };
        let comment_only = |l: &usize| self.scan.code.get(l - 1).is_some_and(|c| c.trim().is_empty());
        let head = (1..=self.scan.code.len()).take_while(comment_only).any(excused);
        head || excused(line) || (1..line).rev().take_while(comment_only).any(excused)
    }
    fn is_test(&self, line: usize) -> bool {
        self.all_test || self.scan.test.get(line - 1).copied().unwrap_or(false)
    }
    fn report(&self, found: &mut Vec<Finding>, line: usize, rule: &'static str, message: String) {
        if !self.allowed(line, rule) {
            found.push(Finding { file: self.path.into(), line, rule, message });
        }
    }
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        self.scan.code.iter().enumerate().map(|(i, l)| (i + 1, l.as_str()))
    }
}

pub fn check(tree: &Tree, found: &mut Vec<Finding>) {
    for (path, text) in tree.texts.iter().filter(|(p, _)| p.ends_with(".rs")) {
        let krate = path.strip_prefix("crates/").and_then(|p| p.split('/').next()).unwrap_or("xtask");
        let name = path.rsplit('/').next().unwrap_or_default();
        let all_test =
            krate == "testkit" || path.contains("/tests/") || name.ends_with("tests.rs") || name.ends_with("test.rs");
        let source = Source { path, krate, text, scan: lexer::scan(text), all_test };
        lengths(&source, found);
        places(&source, found);
        statements(&source, found);
        clocks(&source, found);
        habits(&source, found);
    }
}

fn lengths(s: &Source<'_>, found: &mut Vec<Finding>) {
    let total = s.text.lines().count();
    let product = total - s.scan.test.iter().filter(|t| **t).count();
    if !s.all_test && product > FILE_LINES {
        s.report(
            found,
            1,
            "length",
            format!("{product} lines without its tests; the limit is {FILE_LINES}: split by subject"),
        );
    } else if total > TEST_FILE_LINES {
        s.report(found, 1, "length", format!("{total} lines; the limit is {TEST_FILE_LINES} with tests"));
    }
    for f in lexer::functions(&s.scan).into_iter().filter(|f| f.lines > FUNCTION_LINES) {
        let message = format!("function `{}` has {} lines; the limit is {FUNCTION_LINES}", f.name, f.lines);
        s.report(found, f.line, "length", message);
    }
}

fn places(s: &Source<'_>, found: &mut Vec<Finding>) {
    for (line, code) in s.code() {
        for (rule, words, crates, why) in PLACES {
            if let Some(word) = words.iter().find(|w| lexer::names(code, w))
                && !crates.contains(&s.krate)
                && !s.is_test(line)
            {
                s.report(found, line, rule, format!("`{}` here: {why}", word.trim_end_matches(':')));
            }
        }
        if matches!(s.krate, "web" | "api") && !s.is_test(line) && lexer::names(code, "store::") {
            s.report(found, line, "layers", format!("`{}` never names `store`: ask a query of `app`", s.krate));
        }
    }
}

fn statements(s: &Source<'_>, found: &mut Vec<Finding>) {
    if matches!(s.krate, "store" | "testkit" | "xtask") {
        return;
    }
    for (line, text) in s.scan.literals.iter().filter(|(line, _)| !s.is_test(*line)) {
        let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if STATEMENTS.iter().any(|(first, then)| flat.starts_with(first) && flat.contains(then) && flat.len() > 9) {
            s.report(found, *line, "sql", "a statement here: SQL lives in `store`".into());
        }
    }
}

fn clocks(s: &Source<'_>, found: &mut Vec<Finding>) {
    if s.krate == "xtask" {
        return;
    }
    for (line, code) in s.code() {
        for word in
            ["SystemTime::now", "Instant::now", "Timestamp::now", "Zoned::now", "Utc::now", "UNIX_EPOCH.elapsed"]
        {
            if lexer::names(code, word) {
                let message =
                    format!("`{word}`: business time comes from `cx.now()`; a stopwatch says so in a comment");
                s.report(found, line, "clock", message);
            }
        }
        if s.is_test(line) && (code.contains("time::sleep") || code.contains("thread::sleep")) {
            s.report(found, line, "sleep", "tests wait for an event, they do not sleep".into());
        }
    }
}

fn habits(s: &Source<'_>, found: &mut Vec<Finding>) {
    let module = s.path.rsplit('/').next().unwrap_or_default().trim_end_matches(".rs");
    if module.split('_').any(|w| matches!(w, "manager" | "helper" | "helpers" | "util" | "utils")) {
        s.report(found, 1, "names", format!("`{module}` says nothing: name what is in it"));
    }
    if s.krate == "xtask" {
        return;
    }
    for (line, code) in s.code() {
        if !s.is_test(line) && code.contains(".unwrap()") {
            s.report(
                found,
                line,
                "unwrap",
                "answer the error, or `expect` with the reason why it cannot happen".into(),
            );
        }
    }
}
