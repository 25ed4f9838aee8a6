//! The binary: configuration, wiring, commands. `ceralacca --help` lists them.
#![allow(dead_code)]

use std::process::ExitCode;

use clap::Parser;

mod arguments;
mod commands;
mod config;
mod log;
mod secret;
mod stop;
mod wiring;

use arguments::{Arguments, Check, Command};

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(arguments) {
        Ok(code) => code,
        // A reader that went away («| head») is no failure of ours.
        Err(e) if is_broken_pipe(&e) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("ceralacca: {e:#}");
            ExitCode::FAILURE
        }
    }
}

fn is_broken_pipe(e: &anyhow::Error) -> bool {
    e.downcast_ref::<std::io::Error>().is_some_and(|e| e.kind() == std::io::ErrorKind::BrokenPipe)
}

fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    match &arguments.command {
        Command::Check(Check::TaxIds) => {
            commands::check::tax_ids(std::io::stdin().lock(), std::io::stdout().lock())?;
            return Ok(ExitCode::SUCCESS);
        }
        Command::Version => {
            println!("ceralacca {}", env!("CARGO_PKG_VERSION"));
            return Ok(ExitCode::SUCCESS);
        }
        _ => {}
    }
    let config = config::load(arguments.config.as_deref(), std::env::vars())?;
    config::refuse(&config)?;
    anyhow::bail!("this command is not wired yet")
}
