//! `ceralacca demo`: the whole product with invented data, its simulated parts chosen by configuration.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context, Result, bail};
use app::worker::Worker;
use render::pages::demo::MailServers;

use crate::{
    config::{
        self, Config,
        load::Complaints,
        sections::{CardGateway, ClockSource, LogFormat, MailAdapter, MailboxAdapter, SmsAdapter},
    },
    serve, stop, wiring,
};

mod mail_servers;
mod panel;
mod sample;
mod statement;

/// The configuration of the demonstration: its own defaults, then the named file, then the environment.
///
/// # Errors
/// As [`config::load`]; when it is asked to be production.
pub fn config(
    file: Option<&Path>,
    environment: impl Iterator<Item = (String, String)>,
) -> std::result::Result<Config, Complaints> {
    let base = defaults();
    let mut config = config::load(&base, file, environment)?;
    if config.production {
        return Err(Complaints(vec!["the demonstration never runs with `production = true`".into()]));
    }
    if config.server.base_url == base.server.base_url {
        config.server.base_url = format!("http://{}", config.server.listen);
    }
    if config.provider.webmail_url.is_empty() {
        // Nothing reads mail in a browser here: the page says how to open the mailboxes instead.
        config.provider.webmail_url = format!("{}/demo", config.server.base_url);
        config.provider.mail_management_url = config.provider.webmail_url.clone();
    }
    std::fs::create_dir_all(&config.data)
        .map_err(|e| Complaints(vec![format!("data folder {}: {e}", config.data.display())]))?;
    if config.log.file.as_os_str().is_empty() {
        config.log.file = config.data.join("demo.log");
    }
    Ok(config)
}

/// What other commands start from when no file is named and the data folder is that of a demonstration:
/// its parts are simulated, and its mail servers are known while it runs.
pub fn base(environment: impl Iterator<Item = (String, String)>) -> Option<Config> {
    let named = environment.into_iter().find(|(name, _)| name == "CERALACCA_DATA").map(|(_, value)| value.into());
    let data: PathBuf = named.unwrap_or(Config::default().data);
    if !data.join(sample::FILE).exists() {
        return None;
    }
    let mut config = Config { data, ..defaults() };
    config.log.format = LogFormat::Text;
    config.log.filter = "warn".into();
    if Lock::holder(&config.data).is_some() {
        mail_servers::remember(&mut config);
    }
    Some(config)
}

fn defaults() -> Config {
    let mut c = Config { production: false, ..Config::default() };
    c.clock.source = ClockSource::Movable;
    c.mail.adapter = MailAdapter::Viewer;
    c.mail.from = "Postacerta Demo <servizi@postacerta.example>".into();
    c.sms.adapter = SmsAdapter::Viewer;
    c.payment.card_gateway = CardGateway::Simulated;
    c.bank.holder = "Postacerta Demo S.p.A.".into();
    c.bank.iban = "IT60X0542811101000000123456".into();
    c.bank.name = "Banca di Prova".into();
    // Becomes Dovecot when the private pair has started.
    c.mailboxes.adapter = MailboxAdapter::Simulated;
    c.provider.brand = "Postacerta Demo".into();
    c.provider.realm = "postacerta.example".into();
    c.provider.support_email = "assistenza@postacerta.example".into();
    c.provider.webmail_url = String::new();
    c.provider.mail_management_url = String::new();
    // Moving the date must not sign people out.
    c.sessions.idle_minutes = 10 * 366 * 24 * 60;
    c.sessions.max_hours = 10 * 366 * 24;
    c.log.format = LogFormat::Text;
    c
}

/// Runs the demonstration until asked to stop.
///
/// # Errors
/// When another one runs on the same data, or the installation cannot be put together.
pub async fn run(config: &Config) -> Result<()> {
    let _lock = Lock::take(&config.data)?;
    let mut config = config.clone();
    config::refuse(&config)?;
    say(format_args!("data under {}, log in {}", config.data.display(), config.log.file.display()));
    let listener = serve::listen(&config).await?;
    let store = wiring::open_store(&config).await?;
    store.migrate().await?;
    say(format_args!("database {}", store.url()));
    let stop = stop::on_signal()?;
    let servers = mail_servers::start(&mut config).await;
    let parts = wiring::parts(&config, store)?;
    let roles = sample::load(&parts.cx, &parts.ports, &config.data).await?;
    let panel = panel::Panel {
        cx: parts.cx.clone(),
        worker: Worker::new(parts.cx.clone(), parts.ports.clone()),
        viewer: parts.simulations.viewer.clone(),
        clock: parts.simulations.clock.clone(),
        roles,
        servers: servers.as_ref().map(|_| shown_servers(&config)),
        moving: tokio::sync::Mutex::default(),
    };
    panel.print(&config.server.base_url).await;
    serve::serve(&config, parts, web::demo::routes(Arc::new(panel)), listener, stop).await?;
    if let Some(servers) = servers {
        tokio::task::spawn_blocking(move || servers.stop()).await?;
    }
    Ok(())
}

fn shown_servers(config: &Config) -> MailServers {
    let m = &config.mailboxes;
    MailServers {
        imap: format!("{}:{}", m.imap_host, m.imap_port),
        pop3: format!("{}:{}", m.pop3_host, m.pop3_port),
        smtp: format!("{}:{}", m.smtp_host, m.smtp_port),
    }
}

/// One line of progress.
fn say(what: std::fmt::Arguments<'_>) {
    println!("== {what}");
}

/// One demonstration at a time on one data folder; the file holds the process, for `make demo-reset`.
struct Lock(PathBuf);
impl Lock {
    /// The living process that runs a demonstration on this data.
    fn holder(data: &Path) -> Option<u32> {
        let text = std::fs::read_to_string(data.join("demo.lock")).ok()?;
        let process: u32 = text.trim().parse().ok()?;
        (process != std::process::id() && Path::new(&format!("/proc/{process}")).exists()).then_some(process)
    }
    fn take(data: &Path) -> Result<Self> {
        let path = data.join("demo.lock");
        if let Some(process) = Self::holder(data) {
            bail!("a demonstration runs already on {} (process {process})", data.display());
        }
        std::fs::write(&path, format!("{}\n", std::process::id())).with_context(|| path.display().to_string())?;
        Ok(Self(path))
    }
}
impl Drop for Lock {
    fn drop(&mut self) {
        // Left behind it does no harm: the process it names is gone.
        let _ = std::fs::remove_file(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(environment: &[(&str, &str)]) -> std::result::Result<Config, Complaints> {
        config(None, environment.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())))
    }

    #[test]
    fn its_parts_are_simulated_and_its_address_follows() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("d");
        let c = with(&[("CERALACCA_DATA", data.to_str().unwrap()), ("CERALACCA_LISTEN", "127.0.0.1:9")]).unwrap();
        assert_eq!(c.server.base_url, "http://127.0.0.1:9");
        assert_eq!(c.provider.webmail_url, "http://127.0.0.1:9/demo");
        assert!(config::refuse(&c).is_ok());
        assert!(data.is_dir());
        let refused = with(&[("CERALACCA_DATA", data.to_str().unwrap()), ("CERALACCA_PRODUCTION", "true")]);
        assert!(refused.is_err());
    }

    #[test]
    fn one_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        // Process 1 always lives.
        std::fs::write(folder.path().join("demo.lock"), "1\n").unwrap();
        assert!(Lock::take(folder.path()).is_err());
        std::fs::write(folder.path().join("demo.lock"), "4294967295\n").unwrap();
        drop(Lock::take(folder.path()).unwrap());
        assert!(!folder.path().join("demo.lock").exists());
    }
}
