//! The private Dovecot and Postfix of the demonstration.

use std::path::{Path, PathBuf};

use adapters::plane::{
    config::{Database, Ports, Settings, tls},
    runner::{self, Running},
};
use anyhow::{Context, Result};

use super::say;
use crate::{
    config::{Config, sections::MailboxAdapter},
    secret,
};

/// Starts the pair and points the configuration at it. Where that is not possible, one line says why and
/// the mailboxes exist on paper only.
pub async fn start(config: &mut Config) -> Option<Running> {
    let asked = config.clone();
    let started = tokio::task::spawn_blocking(move || settings(&asked).and_then(|s| Ok(runner::start(s)?))).await;
    let running = match started.map_err(anyhow::Error::from).and_then(|started| started) {
        Ok(running) => running,
        Err(e) => {
            say(format_args!("no mail servers, mailboxes cannot be opened: {e:#}"));
            return None;
        }
    };
    let ports = running.settings().ports;
    point(config, &ports, running.authority_file());
    say(format_args!(
        "mail servers: IMAP 127.0.0.1:{} TLS, POP3 127.0.0.1:{} TLS, SMTP 127.0.0.1:{} TLS;",
        ports.imaps, ports.pop3s, ports.submissions
    ));
    say(format_args!(
        "user is the mailbox's address, the authority of the certificate is {}",
        running.authority_file().display()
    ));
    Some(running)
}

/// Points the configuration at servers of these ports.
fn point(config: &mut Config, ports: &Ports, authority: PathBuf) {
    let m = &mut config.mailboxes;
    m.adapter = MailboxAdapter::Dovecot;
    m.doveadm = ([127, 0, 0, 1], ports.doveadm).into();
    for host in [&mut m.imap_host, &mut m.pop3_host, &mut m.smtp_host] {
        *host = "127.0.0.1".into();
    }
    (m.imap_port, m.pop3_port, m.smtp_port) = (ports.imaps, ports.pop3s, ports.submissions);
    m.authority = authority;
}

/// Points the configuration of another command at the servers of the running demonstration.
pub fn remember(config: &mut Config) {
    let dir = config.data.join("mail");
    let base = std::fs::read_to_string(dir.join("base-port")).ok().and_then(|t| t.trim().parse().ok());
    let authority = dir.join("tls").join(tls::AUTHORITY_FILE);
    if let Some(base) = base
        && authority.exists()
    {
        point(config, &Ports::from_base(base), authority);
    }
}

fn settings(config: &Config) -> Result<Settings> {
    let dir = std::path::absolute(config.data.join("mail"))?;
    std::fs::create_dir_all(&dir)?;
    // Before the ports are looked at: those of servers left behind shall be free again.
    runner::clear_up(&dir);
    let database = Database::from_url(&config.database_url())?;
    let mut settings = Settings::private(&dir, base_port(&dir)?, database, &user_name()?);
    settings.doveadm_key = secret::doveadm_key(config)?;
    if settings.run_dir.as_os_str().len() > 70 {
        settings.run_dir = short_folder();
    }
    Ok(settings)
}

/// The same ports at every start, so that a mail program needs to be told once; others if they are taken.
fn base_port(dir: &Path) -> Result<u16> {
    let file = dir.join("base-port");
    let free = |base: &u16| {
        let count = Ports::COUNT;
        (*base..base.saturating_add(count)).all(|port| std::net::TcpListener::bind(("127.0.0.1", port)).is_ok())
    };
    let kept = std::fs::read_to_string(&file).ok().and_then(|t| t.trim().parse().ok()).filter(free);
    let base = match kept {
        Some(base) => base,
        None => runner::free_ports()?,
    };
    std::fs::write(&file, format!("{base}\n"))?;
    Ok(base)
}

/// For sockets, whose paths may not be long.
fn short_folder() -> PathBuf {
    std::env::temp_dir().join(format!("ceralacca-{}", std::process::id()))
}

/// The user who runs this program, as the mail servers must read the database.
fn user_name() -> Result<String> {
    let uid = std::fs::metadata("/proc/self").map(|m| std::os::unix::fs::MetadataExt::uid(&m))?;
    let users = std::fs::read_to_string("/etc/passwd")?;
    let named = |line: &str| {
        let mut parts = line.split(':');
        let name = parts.next()?;
        (parts.nth(1)?.parse() == Ok(uid)).then(|| name.to_owned())
    };
    users.lines().find_map(named).context("the user of this process has no name")
}
