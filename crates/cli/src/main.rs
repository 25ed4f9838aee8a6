//! The binary: configuration, wiring, commands. `ceralacca --help` lists them.

use std::process::ExitCode;

use clap::Parser;

mod arguments;
mod commands;
mod config;
mod demo;
mod log;
mod secret;
mod serve;
mod stop;
mod wiring;

use arguments::{Admin, Arguments, Check, Command, Db};
use config::Config;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The exit code that means «make room and start again»: `EX_TEMPFAIL` of sysexits.
const NO_SPACE: u8 = 75;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(arguments) {
        Ok(code) => code,
        // A reader that went away («| head») is no failure of ours.
        Err(e) if is_broken_pipe(&e) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("ceralacca: {e:#}");
            if is_full(&e) { ExitCode::from(NO_SPACE) } else { ExitCode::FAILURE }
        }
    }
}

fn is_broken_pipe(e: &anyhow::Error) -> bool {
    e.downcast_ref::<std::io::Error>().is_some_and(|e| e.kind() == std::io::ErrorKind::BrokenPipe)
}

/// Whether a disk without space is the cause, of the database or of a file beside it.
fn is_full(e: &anyhow::Error) -> bool {
    e.chain().any(|cause| {
        cause.downcast_ref::<store::Error>() == Some(&store::Error::Full)
            || cause.downcast_ref::<std::io::Error>().is_some_and(|e| e.kind() == std::io::ErrorKind::StorageFull)
    })
}

fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    match &arguments.command {
        Command::Check(Check::TaxIds) => {
            commands::check::tax_ids(std::io::stdin().lock(), std::io::stdout().lock())?;
            return Ok(ExitCode::SUCCESS);
        }
        Command::Admin(Admin::CatalogueExample { dir }) => {
            commands::catalogue::write_example(dir)?;
            return Ok(ExitCode::SUCCESS);
        }
        Command::Version => {
            println!("ceralacca {}", env!("CARGO_PKG_VERSION"));
            return Ok(ExitCode::SUCCESS);
        }
        _ => {}
    }
    let config = match arguments.command {
        // Whatever configuration lies about, the demonstration begins with its own.
        Command::Demo => demo::config(arguments.config.as_deref(), std::env::vars())?,
        _ => {
            let file = arguments.config.or_else(config::usual_file);
            let base = if file.is_none() { demo::base(std::env::vars()) } else { None };
            config::load(&base.unwrap_or_default(), file.as_deref(), std::env::vars())?
        }
    };
    log::start(&config.log)?;
    if let Command::Admin(Admin::Night(night)) = &arguments.command {
        commands::night::stand_behind(night);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(with_config(&config, &arguments.command))
}

async fn with_config(config: &Config, command: &Command) -> anyhow::Result<ExitCode> {
    match command {
        // These need the database only: simulated or missing parts do no harm.
        Command::Migrate => commands::migrate::run(config).await?,
        Command::MailConfig { dir, hostname } => commands::mail_config::run(config, dir, hostname)?,
        Command::Worker => {
            config::refuse(config)?;
            commands::worker::run(config).await?;
        }
        Command::Doctor(asked) => {
            let sound = commands::doctor::run(config, asked).await?;
            return Ok(if sound { ExitCode::SUCCESS } else { ExitCode::FAILURE });
        }
        Command::Admin(asked) => commands::admin::run(config, asked).await?,
        Command::Serve => {
            config::refuse(config)?;
            serve::run(config).await?;
        }
        Command::Demo => demo::run(config).await?,
        Command::Db(Db::Copy { from, to }) => commands::db_copy::run(config, from, to).await?,
        Command::Check(_) | Command::Version => {}
    }
    Ok(ExitCode::SUCCESS)
}
