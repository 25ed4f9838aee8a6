//! One struct per section of the configuration. `ceralacca.default.toml` documents every key;
//! a test keeps the two equal.

use std::{net::SocketAddr, path::PathBuf};

use serde::{Deserialize, Serialize};

/// A text that is never printed: keys, passwords.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);
impl Secret {
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
    /// The text itself, for the one place that uses it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.0.is_empty() { "Secret(none)" } else { "Secret(…)" })
    }
}

/// The whole configuration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Config {
    /// Refuses to start with simulated parts when true.
    pub production: bool,
    /// Folder of everything this installation writes besides the database server.
    pub data: PathBuf,
    pub server: Server,
    pub database: Database,
    pub provider: Provider,
    pub sessions: Sessions,
    pub mail: Mail,
    pub sms: Sms,
    pub payment: Payment,
    pub bank: Bank,
    pub mailboxes: Mailboxes,
    pub passwords: Passwords,
    pub hashing: Hashing,
    pub worker: Worker,
    pub clock: Clock,
    pub log: Log,
}

/// Where and how the pages are served.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Server {
    pub listen: SocketAddr,
    /// Public address, without a slash at the end.
    pub base_url: String,
    /// How long a stop waits for requests being answered.
    pub shutdown_grace_ms: u64,
    /// Number of proxies in front that add to `X-Forwarded-For`.
    pub proxies: usize,
    pub metrics: Metrics,
    pub secret: Secret,
    pub secret_file: PathBuf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Metrics {
    /// To requests from this machine that came through no proxy.
    Local,
    /// To everybody who can reach the address.
    All,
    Off,
}

/// The database and its limits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Database {
    pub url: Secret,
    pub url_file: PathBuf,
    /// Connections: readers of SQLite, pool of PostgreSQL.
    pub connections: usize,
    /// Writes that may wait; the next one is refused with 503.
    pub write_queue: usize,
    pub write_deadline_ms: u64,
    /// Page cache of SQLite, all connections together.
    pub page_cache_mib: usize,
    /// How much of the SQLite file each connection maps, MiB.
    pub mapped_mib: u32,
    /// Applies migrations at the start of `serve`; SQLite only.
    pub migrate_on_start: bool,
}

/// Who the provider is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Provider {
    pub brand: String,
    /// Colour of seal, «here» marker and binding button.
    pub wax: String,
    pub realm: String,
    pub support_email: String,
    pub support_phone: String,
    /// Folder with templates and words over the embedded ones.
    pub overrides: PathBuf,
    pub webmail_url: String,
    pub mail_management_url: String,
    pub retail_price_list: String,
}

/// How long people stay signed in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Sessions {
    pub idle_minutes: i64,
    pub max_hours: i64,
}

/// Outgoing e-mail.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Mail {
    pub adapter: MailAdapter,
    pub from: String,
    pub smtp_host: String,
    pub smtp_port: u16,
    pub smtp_tls: SmtpTls,
    pub smtp_authority: PathBuf,
    pub smtp_username: String,
    pub smtp_password: Secret,
    pub smtp_password_file: PathBuf,
    pub timeout_ms: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MailAdapter {
    /// A mail server.
    Smtp,
    /// Kept in the database and shown by the demonstration's viewer.
    Viewer,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SmtpTls {
    /// TLS from the first byte.
    Implicit,
    /// STARTTLS, demanded.
    Starttls,
    /// Plain text; only towards this machine.
    None,
}

/// Outgoing SMS.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Sms {
    pub adapter: SmsAdapter,
    pub url: String,
    pub method: String,
    pub headers: Vec<String>,
    pub body: String,
    pub success_text: String,
    pub token: Secret,
    pub token_file: PathBuf,
    pub timeout_ms: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SmsAdapter {
    /// An HTTP gateway described by the other keys of the section.
    Http,
    /// Kept in the database and shown by the demonstration's viewer.
    Viewer,
}

/// Payments.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Payment {
    pub card_gateway: CardGateway,
    pub stripe_url: String,
    pub stripe_key: Secret,
    pub stripe_key_file: PathBuf,
    pub stripe_publishable_key: String,
    pub stripe_card_entry: CardEntry,
    /// Script that draws the card fields, for `fields`.
    pub stripe_script_url: String,
    pub stripe_webhook_secret: Secret,
    pub stripe_webhook_secret_file: PathBuf,
    /// Identifier of the application at PayPal; empty: PayPal is not offered.
    pub paypal_client_id: String,
    pub paypal_secret: Secret,
    pub paypal_secret_file: PathBuf,
    pub paypal_webhook_id: String,
    pub paypal_url: String,
    /// Where customers approve; forms of ours may lead there.
    pub paypal_pages: String,
    pub paypal_certificates: String,
    pub timeout_ms: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CardGateway {
    Stripe,
    /// A page that approves, declines, asks a challenge, delays, repeats.
    Simulated,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CardEntry {
    /// Stripe's own page.
    Hosted,
    /// Stripe's fields inside our page.
    Fields,
}

/// The account for bank transfers.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Bank {
    pub holder: String,
    /// Empty: no bank transfers.
    pub iban: String,
    pub name: String,
    pub bic: String,
}

/// The mail servers that hold the mailboxes, and what customers are told about them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Mailboxes {
    pub adapter: MailboxAdapter,
    /// Address and port of Dovecot's doveadm interface.
    pub doveadm: SocketAddr,
    pub doveadm_key: Secret,
    pub doveadm_key_file: PathBuf,
    pub database: Secret,
    pub database_file: PathBuf,
    pub timeout_ms: u64,
    /// Folder under which the mail servers keep the mailboxes.
    pub storage: PathBuf,
    /// One more authority that `doctor` trusts, PEM.
    pub authority: PathBuf,
    pub imap_host: String,
    pub imap_port: u16,
    pub pop3_host: String,
    pub pop3_port: u16,
    pub smtp_host: String,
    pub smtp_port: u16,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MailboxAdapter {
    /// Dovecot and Postfix that read the platform's database.
    Dovecot,
    /// Mailboxes on paper only.
    Simulated,
}

/// What a new password must be like; the classes of characters are fixed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Passwords {
    pub min_length: usize,
    pub max_length: usize,
    /// Former passwords that may not come back.
    pub history: usize,
}

/// Password hashing has its own bounded queue.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Hashing {
    /// Hashes computed at once; 0 means one per core.
    pub parallel: usize,
    /// Sign-ins that may wait; the next one is refused with 503.
    pub queue: usize,
    pub deadline_ms: u64,
    pub memory_kib: u32,
    pub passes: u32,
}

/// The worker that carries out effects.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Worker {
    /// Whether `serve` runs the worker too.
    pub in_serve: bool,
    /// Calls outside (banks, mail, mail servers) that one process makes at the same time.
    pub calls_at_once: usize,
    /// When the nightly run of a date begins, `HH:MM` in Europe/Rome.
    pub night_at: String,
}
impl Worker {
    /// The same in minutes after midnight; `None` when it is no time of day.
    pub fn night_minute(&self) -> Option<i32> {
        let (hours, minutes) = self.night_at.split_once(':')?;
        let two = |text: &str, most: i32| {
            let plain = text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit());
            text.parse().ok().filter(|n: &i32| plain && *n <= most)
        };
        Some(two(hours, 23)? * 60 + two(minutes, 59)?)
    }
}

/// Where time comes from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Clock {
    pub source: ClockSource,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ClockSource {
    System,
    /// Can be moved forward from the demonstration's bar.
    Movable,
}

/// What is logged, and how.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Log {
    pub format: LogFormat,
    pub filter: String,
    /// Instead of the standard error output.
    pub file: PathBuf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    Json,
    Text,
}
