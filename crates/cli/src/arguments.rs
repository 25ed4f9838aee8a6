//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// Ceralacca: the customer platform of a certified e-mail provider.
#[derive(Parser)]
#[command(name = "ceralacca", version, arg_required_else_help = true)]
pub struct Arguments {
    /// Configuration file; without it, `ceralacca.toml` in the current folder if it is there.
    #[arg(long, global = true, env = "CERALACCA_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand)]
pub enum Command {
    /// Serves the pages, takes in events, and runs the worker. A disk without space is told in one line, with exit code 75.
    Serve,
    /// Runs the worker alone, beside others.
    Worker,
    /// Brings the database to the version of this program.
    Migrate,
    /// Runs the whole product with invented data under ./data.
    Demo,
    /// Checks an installation: books, audit, database, mail servers.
    Doctor(Doctor),
    /// Works on whole databases.
    #[command(subcommand)]
    Db(Db),
    /// Writes Dovecot and Postfix configuration that serves the configured database.
    MailConfig {
        /// Folder to write to; it is made.
        dir: PathBuf,
        /// Host name of the mail servers.
        #[arg(long, default_value = "localhost")]
        hostname: String,
    },
    /// Judges lines of the standard input.
    #[command(subcommand)]
    Check(Check),
    /// What operators of an installation do from a terminal.
    #[command(subcommand)]
    Admin(Admin),
    /// Shows the version.
    Version,
}

#[derive(Args)]
pub struct Doctor {
    /// One JSON object a line: `{"check","ok","detail"}`.
    #[arg(long)]
    pub json: bool,
}

#[derive(Subcommand)]
pub enum Db {
    /// Copies a whole installation into an empty database.
    Copy {
        /// `sqlite:PATH` or `postgres://…`
        #[arg(long, value_name = "URL")]
        from: String,
        /// `sqlite:PATH` or `postgres://…`; must hold no data.
        #[arg(long, value_name = "URL")]
        to: String,
    },
}

#[derive(Subcommand)]
pub enum Check {
    /// One identifier a line; prints `valid` or `invalid`, a tab, and the kind or the reason.
    TaxIds,
}

#[derive(Subcommand)]
pub enum Night {
    /// Runs the night of a date from where it stands, and tells how far it is.
    Run {
        /// `2026-11-22`; today's without it.
        #[arg(long, value_name = "DATE")]
        date: Option<String>,
    },
    /// How far the latest night is: rows, rate, time left, outcomes.
    Status {
        /// `2026-11-22`; the latest without it.
        #[arg(long, value_name = "DATE")]
        date: Option<String>,
    },
    /// Stops the latest night after its present page; none begins until it is resumed.
    Pause,
    /// Lets a paused night go on.
    Resume,
    /// Names every outcome of a night and writes nothing.
    DryRun {
        /// `2026-11-22`; today's without it.
        #[arg(long, value_name = "DATE")]
        date: Option<String>,
    },
}

#[derive(Subcommand)]
pub enum Admin {
    /// Shows effects by state, and each stuck one with its reason.
    Effects,
    /// Shows withdrawals from contracts, the newest first: what goes back, by when, and whether it has.
    Withdrawals,
    /// Tries a stuck effect again.
    Retry {
        /// `eff_…`
        id: String,
    },
    /// Gives a stuck effect up; its reason is kept.
    GiveUp {
        /// `eff_…`
        id: String,
    },
    /// Makes an operator of the back office; prints the password of the first sign-in.
    CreateOperator {
        /// 2 to 40 small letters, digits, dots, dashes.
        username: String,
        /// First and last name.
        #[arg(long)]
        name: String,
        /// `viewer`, `support`, `accounting` or `admin`.
        #[arg(long)]
        role: String,
    },
    /// Gives an operator access again: prints a new password; the authenticator app is connected anew.
    ResetOperator { username: String },
    /// Keeps an operator out; open sessions end.
    BlockOperator { username: String },
    /// Lets a blocked operator in again.
    UnblockOperator { username: String },
    /// The nightly run: expiries, renewals, notices, removals.
    #[command(subcommand)]
    Night(Night),
    /// Lists the operators: username, role, state, last sign-in.
    Operators,
    /// Loads plans, add-ons, domains, prices and texts from a file; what is there stays.
    Catalogue {
        file: PathBuf,
        /// Tells what would come of it and writes nothing.
        #[arg(long)]
        check: bool,
    },
    /// Writes a catalogue to begin with, which explains itself.
    CatalogueExample {
        /// Folder to write to; it is made.
        dir: PathBuf,
    },
}
