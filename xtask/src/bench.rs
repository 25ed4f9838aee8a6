//! `cargo xtask bench`: builds everything in release, runs the figures, and keeps `docs/benchmarks.md`.

use std::{
    fmt::Write as _,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;
use serde_json::Value;

/// The page that holds the figures, and the marks between which they stand.
const PAGE: &str = "docs/benchmarks.md";
const FROM: &str = "<!-- figures: written by `cargo xtask bench --write` -->";
const TO: &str = "<!-- end of figures -->";

/// What to run and how to show it.
pub struct Wish {
    pub names: Vec<String>,
    pub list: bool,
    pub json: bool,
    pub write: bool,
}

/// One line of the figures' output; what was not measured is absent.
#[derive(Deserialize)]
struct Figure {
    name: String,
    engine: String,
    value: f64,
    unit: String,
    raw: Option<f64>,
    ratio: Option<f64>,
    p50_ms: Option<f64>,
    p99_ms: Option<f64>,
    rss_mib: Option<f64>,
    stolen_pct: f64,
}

/// Runs the figures; `false` when one of them fails.
pub fn run(root: &Path, wish: &Wish) -> Result<bool> {
    ensure!(!wish.write || wish.names.is_empty(), "--write takes all figures of one run: name none");
    let built = build(root)?;
    let mut figures = Command::new(&built.figures);
    figures.args(&wish.names).current_dir(root).env("CERALACCA_BINARY", &built.program);
    // A server that keeps what it commits, apart from the tests' one.
    figures
        .env("CERALACCA_TEST_POSTGRES_FSYNC", "on")
        .env("CERALACCA_TEST_POSTGRES_DIR", root.join("target/bench/postgres"));
    if wish.list {
        return Ok(figures.arg("--list").status()?.success());
    }
    let mut child = figures.stdout(Stdio::piped()).spawn().context("the figures do not start")?;
    let lines = BufReader::new(child.stdout.take().context("the figures' output")?);
    let mut table = String::new();
    for line in lines.lines() {
        let line = line?;
        let figure: Figure = serde_json::from_str(&line).with_context(|| format!("a figure: {line}"))?;
        let row = row(&figure);
        println!("{}", if wish.json { &line } else { &row });
        let _ = writeln!(table, "{row}");
    }
    let fine = child.wait()?.success();
    // The server was started by the figures and would stay.
    let stop = Command::new(root.join("scripts/test-postgres"))
        .arg("stop")
        .env("CERALACCA_TEST_POSTGRES_DIR", root.join("target/bench/postgres"))
        .status();
    if !stop.is_ok_and(|s| s.success()) {
        eprintln!("the PostgreSQL of the benchmarks could not be stopped");
    }
    if wish.write && fine {
        write_page(root, &table)?;
    }
    Ok(fine)
}

struct Built {
    program: PathBuf,
    figures: PathBuf,
}

/// Builds program and figures together, so that both have the same features.
fn build(root: &Path) -> Result<Built> {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["build", "--release", "--locked", "--workspace", "--bin", "ceralacca", "--bench", "figures"]);
    let out = cargo
        .args(["--message-format", "json-render-diagnostics"])
        .current_dir(root)
        .stderr(Stdio::inherit())
        .output()
        .context("cargo")?;
    ensure!(out.status.success(), "the release build failed");
    let executables: Vec<(String, PathBuf)> = String::from_utf8_lossy(&out.stdout)
        .lines()
        .filter_map(|l| serde_json::from_str::<Value>(l).ok())
        .filter_map(|m| Some((m["target"]["name"].as_str()?.to_owned(), m["executable"].as_str()?.into())))
        .collect();
    let of = |name: &str| executables.iter().find(|(n, _)| n == name).map(|(_, path)| path.clone());
    match (of("ceralacca"), of("figures")) {
        (Some(program), Some(figures)) => Ok(Built { program, figures }),
        _ => bail!("cargo did not say where it put the programs"),
    }
}

/// A row of the table in the docs.
fn row(f: &Figure) -> String {
    let some = |v: Option<f64>| v.map_or_else(String::new, number);
    format!(
        "| `{}` | {} | {} {} | {} | {} | {} | {} | {} | {} |",
        f.name,
        f.engine,
        number(f.value),
        f.unit,
        some(f.raw),
        f.ratio.map_or_else(String::new, |r| format!("{r:.2}")),
        some(f.p50_ms),
        some(f.p99_ms),
        some(f.rss_mib),
        number(f.stolen_pct)
    )
}

/// Three digits that mean something, thousands apart.
fn number(v: f64) -> String {
    let text = match v.abs() {
        a if a >= 100.0 => format!("{v:.0}"),
        a if a >= 10.0 => format!("{v:.1}"),
        _ => format!("{v:.2}"),
    };
    let (whole, rest) = text.split_once('.').map_or((text.as_str(), None), |(w, r)| (w, Some(r)));
    let mut out = String::new();
    for (i, c) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    rest.map_or_else(|| out.clone(), |r| format!("{out}.{r}"))
}

fn write_page(root: &Path, table: &str) -> Result<()> {
    let path = root.join(PAGE);
    let page = std::fs::read_to_string(&path).with_context(|| PAGE.to_owned())?;
    let (Some(from), Some(to)) = (page.find(FROM), page.find(TO)) else { bail!("{PAGE} has lost its marks") };
    let head = "| figure | engine | value | raw | ratio | p50 ms | p99 ms | MiB | stolen CPU % |\n|---|---|---:|---:|---:|---:|---:|---:|---:|";
    let page = format!("{}{FROM}\n{head}\n{table}{}", &page[..from], &page[to..]);
    std::fs::write(path, page)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        for (v, text) in [(1234567.0, "1,234,567"), (999.6, "1,000"), (12.34, "12.3"), (0.456, "0.46")] {
            assert_eq!(number(v), text);
        }
    }

    #[test]
    fn the_table_replaces_what_stood_between_the_marks() {
        let folder = std::env::temp_dir().join(format!("bench-page-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("docs")).unwrap();
        std::fs::write(folder.join(PAGE), format!("before\n{FROM}\nold\n{TO}\nafter\n")).unwrap();
        write_page(&folder, "| new |\n").unwrap();
        let page = std::fs::read_to_string(folder.join(PAGE)).unwrap();
        assert!(page.starts_with("before\n") && page.ends_with("after\n"), "{page}");
        assert!(page.contains("| new |") && !page.contains("old"), "{page}");
        std::fs::write(folder.join(PAGE), "no marks").unwrap();
        assert!(write_page(&folder, "").is_err());
        std::fs::remove_dir_all(folder).unwrap();
    }
}
