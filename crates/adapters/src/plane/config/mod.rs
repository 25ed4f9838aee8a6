//! Configuration of Dovecot and Postfix, generated from one set of settings.
//!
//! [`generate`] is pure: the same settings give the same files. The demonstration, the tests and a
//! real installation differ in settings only, so what is tested is what is installed.

use std::{
    net::IpAddr,
    path::{Path, PathBuf},
};

mod database;
mod files;
#[cfg(test)]
mod tests;
pub mod tls;

pub use database::Database;
pub(crate) use files::user_id;
pub use files::{ConfigFile, Reader, generate, write};

/// Everything that differs between installations.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where the generated files will lie (absolute).
    pub dir: PathBuf,
    /// Sockets and pid files of Dovecot; a short path, since a socket's path has at most 107 bytes.
    pub run_dir: PathBuf,
    /// The mailboxes' content.
    pub mail_dir: PathBuf,
    /// Postfix's queue.
    pub queue_dir: PathBuf,
    /// Postfix's small state files (TLS session cache, locks).
    pub queue_data_dir: PathBuf,
    pub logs: Logs,
    /// The name under which the servers present themselves.
    pub hostname: String,
    /// Where mail programs and other servers connect.
    pub listen: Listen,
    /// Where the servers talk to each other and to the platform; never reachable from outside.
    pub internal: IpAddr,
    pub ports: Ports,
    pub database: Database,
    /// Owner of the SQLite file (user name); as this one Dovecot's authentication reads it.
    pub database_owner: String,
    /// Numeric owner of the stored mail; not root.
    pub mail_uid: u32,
    pub mail_gid: u32,
    /// Certificate chain and key, PEM.
    pub certificate: PathBuf,
    pub key: PathBuf,
    /// Where mail for domains of others goes.
    pub outside: Outside,
    /// Networks (CIDR) allowed to hand in mail on the SMTP port, usually the certified-mail engine's;
    /// empty means everybody.
    pub gateways: Vec<String>,
    /// Largest message, bytes.
    pub message_size_bytes: u64,
    /// By how much a full mailbox still receives beyond its space, per cent (domain notes 4.4).
    pub overflow_percent: u32,
    /// Key with which the platform speaks to Dovecot's doveadm interface.
    pub doveadm_key: String,
    /// Loopback instances for tests and the demonstration: no waiting after a wrong password, quick
    /// retries, no limits per client.
    pub quick: bool,
}

/// Where the servers log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Logs {
    Syslog,
    /// Into `dovecot.log` and `postfix.log` below this folder.
    Folder(PathBuf),
}

/// The public side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Listen {
    /// Every address of the machine.
    All,
    Address(IpAddr),
}

/// What becomes of mail for other domains.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outside {
    /// It is refused: the demonstration writes to nobody.
    Refuse,
    /// It goes to this host and port (the certified-mail engine, or a sink in tests).
    Relay { host: String, port: u16 },
    /// Straight to the receivers' servers.
    Direct,
}

/// TCP ports of all services.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ports {
    pub imap: u16,
    pub imaps: u16,
    pub pop3: u16,
    pub pop3s: u16,
    pub smtp: u16,
    /// Submission with STARTTLS.
    pub submission: u16,
    /// Submission inside TLS.
    pub submissions: u16,
    pub lmtp: u16,
    pub auth: u16,
    pub quota: u16,
    pub doveadm: u16,
}
impl Ports {
    /// The well-known ports; the internal ones, which have no such number, from 20024 on.
    pub const STANDARD: Ports = Ports {
        imap: 143,
        imaps: 993,
        pop3: 110,
        pop3s: 995,
        smtp: 25,
        submission: 587,
        submissions: 465,
        lmtp: 20024,
        auth: 20025,
        quota: 20026,
        doveadm: 20027,
    };
    /// How many consecutive ports [`Ports::from_base`] takes.
    pub const COUNT: u16 = 11;
    /// Eleven ports in a row for an unprivileged, private pair of servers.
    pub const fn from_base(base: u16) -> Ports {
        Ports {
            imap: base,
            imaps: base + 1,
            pop3: base + 2,
            pop3s: base + 3,
            smtp: base + 4,
            submission: base + 5,
            submissions: base + 6,
            lmtp: base + 7,
            auth: base + 8,
            quota: base + 9,
            doveadm: base + 10,
        }
    }
    /// All of them, each once.
    pub fn all(&self) -> [u16; 11] {
        let p = self;
        [p.imap, p.imaps, p.pop3, p.pop3s, p.smtp, p.submission, p.submissions, p.lmtp, p.auth, p.quota, p.doveadm]
    }
}

/// A setting that cannot become part of a configuration file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("mail servers: {setting}: {why}")]
pub struct BadSetting {
    pub setting: &'static str,
    pub why: String,
}
impl BadSetting {
    pub(crate) fn new(setting: &'static str, why: impl Into<String>) -> Self {
        Self { setting, why: why.into() }
    }
}

impl Settings {
    /// A private pair of servers on loopback with everything below `dir`, as the demonstration and
    /// the tests run it.
    pub fn private(dir: &Path, base_port: u16, database: Database, database_owner: &str) -> Settings {
        Settings {
            dir: dir.join("etc"),
            run_dir: dir.join("run"),
            mail_dir: dir.join("mail"),
            queue_dir: dir.join("queue"),
            queue_data_dir: dir.join("queue-data"),
            logs: Logs::Folder(dir.join("log")),
            hostname: "mail.ceralacca.test".into(),
            listen: Listen::Address(IpAddr::from([127, 0, 0, 1])),
            internal: IpAddr::from([127, 0, 0, 1]),
            ports: Ports::from_base(base_port),
            database,
            database_owner: database_owner.into(),
            mail_uid: 5000,
            mail_gid: 5000,
            certificate: dir.join("tls/server.pem"),
            key: dir.join("tls/server-key.pem"),
            outside: Outside::Refuse,
            gateways: Vec::new(),
            message_size_bytes: 100 << 20,
            overflow_percent: 100,
            doveadm_key: String::new(),
            quick: true,
        }
    }

    /// An installation with the usual places and ports; the caller sets what it knows better.
    pub fn installation(dir: &Path, hostname: &str, database: Database) -> Settings {
        Settings {
            dir: dir.into(),
            run_dir: "/run/dovecot".into(),
            mail_dir: "/var/mail/ceralacca".into(),
            queue_dir: "/var/spool/postfix".into(),
            queue_data_dir: "/var/lib/postfix".into(),
            logs: Logs::Syslog,
            hostname: hostname.into(),
            listen: Listen::All,
            ports: Ports::STANDARD,
            certificate: dir.join("server.pem"),
            key: dir.join("server-key.pem"),
            outside: Outside::Direct,
            quick: false,
            ..Settings::private(dir, 1, database, "ceralacca")
        }
    }

    /// Refuses what would break out of its line in a configuration file, or cannot work.
    ///
    /// # Errors
    /// The first setting that is wrong, and why.
    pub fn check(&self) -> Result<(), BadSetting> {
        let mut paths = vec![
            ("dir", &self.dir),
            ("run_dir", &self.run_dir),
            ("mail_dir", &self.mail_dir),
            ("queue_dir", &self.queue_dir),
            ("queue_data_dir", &self.queue_data_dir),
            ("certificate", &self.certificate),
            ("key", &self.key),
        ];
        if let Logs::Folder(folder) = &self.logs {
            paths.push(("logs", folder));
        }
        for (name, path) in paths {
            check_path(name, path)?;
        }
        if self.run_dir.as_os_str().len() > 70 {
            return Err(BadSetting::new("run_dir", "longer than 70 bytes: the sockets below it could not be opened"));
        }
        check_word("hostname", &self.hostname)?;
        check_word("database_owner", &self.database_owner)?;
        if self.doveadm_key.len() < 16 || !self.doveadm_key.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return Err(BadSetting::new("doveadm_key", "at least 16 letters and digits"));
        }
        if self.mail_uid == 0 || self.mail_gid == 0 {
            return Err(BadSetting::new("mail_uid", "mail is never stored as root"));
        }
        if let Outside::Relay { host, .. } = &self.outside {
            check_word("outside", host)?;
        }
        for network in &self.gateways {
            let fine = !network.is_empty() && network.bytes().all(|b| b.is_ascii_hexdigit() || b".:/[]".contains(&b));
            if !fine {
                return Err(BadSetting::new("gateways", format!("`{network}` is not a network such as 192.0.2.0/24")));
            }
        }
        let mut ports = self.ports.all();
        ports.sort_unstable();
        if ports[0] == 0 || ports.windows(2).any(|w| w[0] == w[1]) {
            return Err(BadSetting::new("ports", "each service needs a port of its own"));
        }
        self.database.check()
    }
}

/// An absolute path of characters that neither server reads as anything but themselves.
pub(crate) fn check_path(setting: &'static str, path: &Path) -> Result<(), BadSetting> {
    let Some(text) = path.to_str() else { return Err(BadSetting::new(setting, "not UTF-8")) };
    if !path.is_absolute() {
        return Err(BadSetting::new(setting, format!("`{text}` is not an absolute path")));
    }
    let fine = text.bytes().all(|b| b.is_ascii_alphanumeric() || b"/._-+".contains(&b));
    match fine {
        true => Ok(()),
        false => Err(BadSetting::new(setting, format!("`{text}`: only letters, digits and / . _ - + in a path"))),
    }
}

/// A host, user or database name.
pub(crate) fn check_word(setting: &'static str, word: &str) -> Result<(), BadSetting> {
    let fine = !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b));
    match fine {
        true => Ok(()),
        false => Err(BadSetting::new(setting, format!("`{word}`: only letters, digits and . _ -"))),
    }
}
