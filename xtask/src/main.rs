//! House rules, assets, benchmarks and generated files: `cargo xtask --help`.

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};

mod bench;
mod deny;
mod tidy;

#[derive(Parser)]
#[command(about = "Tasks of the workspace")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Checks the house rules and prints `file:line rule message` for each breach.
    Tidy,
    /// Checks licences, bans and sources of the dependencies by `deny.toml`, without a network.
    Deny,
    /// Measures the product beside the raw engines, in release. Names choose figures; none means all.
    Bench {
        names: Vec<String>,
        /// Names the figures.
        #[arg(long)]
        list: bool,
        /// One JSON object a line instead of a table.
        #[arg(long)]
        json: bool,
        /// Writes the figures into `docs/benchmarks.md`.
        #[arg(long)]
        write: bool,
    },
}

fn root() -> PathBuf {
    let here = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR").unwrap_or_else(|_| "xtask".into()));
    here.parent().filter(|p| p.is_dir()).map_or_else(|| PathBuf::from("."), PathBuf::from)
}

fn main() -> ExitCode {
    let done = match Arguments::parse().task {
        Task::Tidy => tidy::run(&root()),
        Task::Deny => deny::run(&root()),
        Task::Bench { names, list, json, write } => bench::run(&root(), &bench::Wish { names, list, json, write }),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(e) => {
            eprintln!("xtask: {e:#}");
            ExitCode::FAILURE
        }
    }
}
