//! From a configuration to parts that work together. Real and simulated parts differ here only.

use std::{path::Path, sync::Arc, time::Duration};

use adapters::{
    mail::smtp::{Security, Smtp, SmtpSettings},
    payment::{
        paypal::{Paypal, PaypalSettings},
        simulated::{Simulated, SimulatedSettings},
        stripe::{CardEntry as StripeEntry, Stripe, StripeSettings},
    },
    plane::{dovecot::Dovecot, simulated::Simulated as PaperMailboxes},
    sms::http::{HttpSms, HttpSmsSettings},
    viewer::Viewer,
};
use anyhow::{Context, Result, anyhow, bail};
use app::{
    Cx, Settings,
    clock::{Clock, OffsetClock, SystemClock},
    cx::Core,
    hashing::Hashing,
    numbers::Numbers,
    secrets::SystemRandom,
    settings::{BankAccount, MailServers},
};
use domain::{bank::read_iban, ident::password::PasswordPolicy, time::Timestamp};
use ports::{Ports, mail::Mailer, payment::PaymentGateway, plane::MailboxPlane, sms::SmsSender};
use store::{DatabaseUrl, Options, Store};

use crate::{
    config::{
        Config,
        sections::{CardEntry, CardGateway, ClockSource, MailAdapter, MailboxAdapter, SmsAdapter, SmtpTls},
    },
    secret,
};

/// The name under which attempts remember the simulated gateway.
pub const SIMULATED: &str = "simulated";
/// Greatest age of a signature on an event, seconds.
const TOLERANCE_S: i64 = 300;

/// The parts of a running installation.
pub struct Parts {
    pub cx: Cx,
    pub ports: Ports,
    pub simulations: Simulations,
}

/// What the demonstration can look into; all empty in production.
#[derive(Clone, Default)]
pub struct Simulations {
    pub viewer: Option<Arc<Viewer>>,
    pub gateway: Option<Arc<Simulated>>,
    pub clock: Option<Arc<MovableClock>>,
}

/// The demonstration's clock, which remembers how far it was moved.
pub struct MovableClock {
    clock: OffsetClock,
    file: std::path::PathBuf,
}
impl MovableClock {
    /// Takes up where the file says it was left.
    pub fn open(file: &Path) -> Self {
        let offset = std::fs::read_to_string(file).ok().and_then(|t| t.trim().parse().ok()).unwrap_or(0);
        Self { clock: OffsetClock::new(offset), file: file.into() }
    }
    /// Moves forward and answers the new time.
    ///
    /// # Errors
    /// When the offset cannot be kept; then the clock has not moved.
    pub fn advance(&self, by_us: i64) -> std::io::Result<Timestamp> {
        let offset = self.clock.advance(by_us);
        if let Err(e) = std::fs::write(&self.file, offset.to_string()) {
            self.clock.advance(-by_us);
            return Err(e);
        }
        Ok(self.clock.now())
    }
}
impl Clock for MovableClock {
    fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

/// Opens the configured database; makes the data folder for a SQLite file.
///
/// # Errors
/// When the address is none, or the database does not answer.
pub async fn open_store(config: &Config) -> Result<Store> {
    std::fs::create_dir_all(&config.data).with_context(|| format!("data folder {}", config.data.display()))?;
    open_url(config, &config.database_url()).await
}

/// Opens a database with the configured limits.
///
/// # Errors
/// As [`open_store`].
pub async fn open_url(config: &Config, url: &str) -> Result<Store> {
    let url: DatabaseUrl = url.parse()?;
    Store::open(&url, options(config)).await.with_context(|| format!("database {url}"))
}

/// The configured limits of a database.
pub fn options(config: &Config) -> Options {
    let db = &config.database;
    let connections = db.connections.max(1);
    // A read runs on the thread of its caller: more readers than threads would only divide the cache.
    let threads = std::thread::available_parallelism().map_or(1, |n| n.get());
    // Half of the cache to the writer, the other half shared out among the readers.
    let half_kib = (db.page_cache_mib * 1024 / 2) as u32;
    Options {
        queue_deadline_ms: db.write_deadline_ms,
        queue_length: db.write_queue,
        readers: connections.min(threads + 1),
        connections,
        reader_cache_kib: half_kib / connections.min(threads + 1) as u32,
        writer_cache_kib: half_kib,
        mmap_mib: db.mapped_mib,
        ..Options::default()
    }
}

/// Everything, over an open database.
///
/// # Errors
/// When a part cannot be made from its section, in words that name it.
pub fn parts(config: &Config, store: Store) -> Result<Parts> {
    let mut simulations = Simulations::default();
    let clock = clock(config, &mut simulations);
    let secret = secret::server_secret(config)?;
    let ticking = clock.clone();
    let tell: Tell = Arc::new(move || ticking.now());
    let ports = ports(config, &mut simulations, &tell, &secret)?;
    Ok(Parts { cx: context(config, store, clock, secret)?, ports, simulations })
}

/// The context of commands that do nothing outside.
///
/// # Errors
/// When the secret, a template or a word cannot be read.
pub fn inside(config: &Config, store: Store) -> Result<Cx> {
    let clock = clock(config, &mut Simulations::default());
    context(config, store, clock, secret::server_secret(config)?)
}

fn clock(config: &Config, simulations: &mut Simulations) -> Arc<dyn Clock> {
    match config.clock.source {
        ClockSource::System => Arc::new(SystemClock),
        ClockSource::Movable => {
            let movable = Arc::new(MovableClock::open(&config.data.join("clock-offset")));
            simulations.clock = Some(movable.clone());
            movable
        }
    }
}

fn context(config: &Config, store: Store, clock: Arc<dyn Clock>, secret: app::secrets::ServerSecret) -> Result<Cx> {
    let core = Core {
        store,
        clock,
        random: Arc::new(SystemRandom),
        secret,
        settings: settings(config),
        renderer: Arc::new(renderer(config)?),
        numbers: Numbers::default(),
        hashing: Hashing::start(hashing(config)),
        probe: None,
        nudge: tokio::sync::Notify::new(),
    };
    Ok(Cx::new(Arc::new(core)))
}

fn hashing(config: &Config) -> app::hashing::Options {
    let (h, usual) = (&config.hashing, app::hashing::Options::default());
    app::hashing::Options {
        slots: if h.parallel == 0 { usual.slots } else { h.parallel },
        queue: h.queue,
        deadline_ms: h.deadline_ms,
        memory_kib: h.memory_kib,
        passes: h.passes,
    }
}

type Tell = Arc<dyn Fn() -> Timestamp + Send + Sync>;

fn settings(config: &Config) -> Settings {
    let (p, m) = (&config.provider, &config.mailboxes);
    Settings {
        brand: p.brand.clone(),
        realm: p.realm.clone(),
        base_url: config.server.base_url.clone(),
        mail_from: config.mail.from.clone(),
        card_gateway: match config.payment.card_gateway {
            CardGateway::Stripe => "stripe".into(),
            CardGateway::Simulated => SIMULATED.into(),
        },
        paypal: !config.payment.paypal_client_id.is_empty(),
        bank: read_iban(&config.bank.iban).map(|iban| BankAccount {
            holder: config.bank.holder.clone(),
            iban,
            bank: config.bank.name.clone(),
            bic: config.bank.bic.clone(),
        }),
        retail_price_list: p.retail_price_list.clone(),
        demo: !config.production && config.clock.source == ClockSource::Movable,
        mail_servers: MailServers {
            imap_host: m.imap_host.clone(),
            imap_port: m.imap_port,
            pop3_host: m.pop3_host.clone(),
            pop3_port: m.pop3_port,
            smtp_host: m.smtp_host.clone(),
            smtp_port: m.smtp_port,
        },
        // Another time was refused with its reason before.
        night_minute: config.worker.night_minute().unwrap_or(10),
        calls_at_once: config.worker.calls_at_once,
        password_policy: PasswordPolicy {
            min_length: config.passwords.min_length,
            max_length: config.passwords.max_length,
            history: config.passwords.history,
        },
        session_idle_minutes: config.sessions.idle_minutes,
        session_max_hours: config.sessions.max_hours,
    }
}

fn renderer(config: &Config) -> Result<render::Renderer> {
    let p = &config.provider;
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    // Another colour was refused with its reason before.
    let wax = render::Wax::parse(&p.wax).unwrap_or_default();
    let brand = render::Brand {
        wax,
        wax_sheet: wax.sheet_address(),
        name: p.brand.clone(),
        base_url: config.server.base_url.clone(),
        support_email: p.support_email.clone(),
        support_phone: some(&p.support_phone),
        webmail_url: some(&p.webmail_url),
        mail_management_url: some(&p.mail_management_url),
    };
    let overrides = (!p.overrides.as_os_str().is_empty()).then(|| p.overrides.clone());
    render::Renderer::new(render::Options { brand, overrides, assets: web::assets::addresses(), ..Default::default() })
        .context("templates and words")
}

fn ports(
    config: &Config,
    simulations: &mut Simulations,
    tell: &Tell,
    secret: &app::secrets::ServerSecret,
) -> Result<Ports> {
    let viewed = config.mail.adapter == MailAdapter::Viewer || config.sms.adapter == SmsAdapter::Viewer;
    if viewed {
        let file = config.data.join("messages.jsonl");
        let viewer = Viewer::open(&file, tell.clone()).with_context(|| format!("viewer {}", file.display()))?;
        simulations.viewer = Some(Arc::new(viewer));
    }
    let viewer = || simulations.viewer.clone().context("the viewer is open");
    let mailer: Arc<dyn Mailer> = match config.mail.adapter {
        MailAdapter::Viewer => viewer()?,
        MailAdapter::Smtp => Arc::new(smtp(config)?),
    };
    let sms: Arc<dyn SmsSender> = match config.sms.adapter {
        SmsAdapter::Viewer => viewer()?,
        SmsAdapter::Http => Arc::new(http_sms(config)?),
    };
    let plane: Arc<dyn MailboxPlane> = match config.mailboxes.adapter {
        MailboxAdapter::Simulated => Arc::new(PaperMailboxes::default()),
        MailboxAdapter::Dovecot => {
            let m = &config.mailboxes;
            let key = secret::doveadm_key(config)?;
            let timeout = Duration::from_millis(m.timeout_ms);
            Arc::new(Dovecot::new(m.doveadm, &key, timeout).context("`mailboxes`")?)
        }
    };
    let gateway: (&'static str, Arc<dyn PaymentGateway>) = match config.payment.card_gateway {
        CardGateway::Stripe => ("stripe", Arc::new(stripe(config)?)),
        CardGateway::Simulated => {
            let gateway = Arc::new(Simulated::new(SimulatedSettings {
                page_base: "/demo/gateway".into(),
                webhook_secret: secret.derive("simulated-gateway", b"").iter().map(|b| format!("{b:02x}")).collect(),
                file: Some(config.data.join("simulated-gateway.json")),
                clock: tell.clone(),
            }));
            simulations.gateway = Some(gateway.clone());
            (SIMULATED, gateway)
        }
    };
    let mut gateways = std::collections::BTreeMap::from([gateway]);
    if !config.payment.paypal_client_id.is_empty() {
        gateways.insert("paypal", Arc::new(paypal(config)?));
    }
    Ok(Ports { gateways, mailer, sms, plane })
}

fn paypal(config: &Config) -> Result<Paypal> {
    let p = &config.payment;
    let settings = PaypalSettings {
        api_base: p.paypal_url.clone(),
        client_id: p.paypal_client_id.clone(),
        secret: p.paypal_secret.reveal().to_owned(),
        webhook_id: p.paypal_webhook_id.clone(),
        certificates: p.paypal_certificates.clone(),
        pages: p.paypal_pages.trim_end_matches('/').to_owned(),
        brand: config.provider.brand.clone(),
        timeout_ms: p.timeout_ms,
        tolerance_s: TOLERANCE_S,
    };
    Paypal::new(settings).map_err(|e| anyhow!("`payment`: {e}"))
}

fn smtp(config: &Config) -> Result<Smtp> {
    let m = &config.mail;
    let credentials =
        (!m.smtp_username.is_empty()).then(|| (m.smtp_username.clone(), m.smtp_password.reveal().to_owned()));
    let settings = SmtpSettings {
        host: m.smtp_host.clone(),
        port: m.smtp_port,
        security: match m.smtp_tls {
            SmtpTls::Implicit => Security::Implicit,
            SmtpTls::Starttls => Security::StartTls,
            SmtpTls::None => Security::Plain,
        },
        authority: (!m.smtp_authority.as_os_str().is_empty()).then(|| m.smtp_authority.clone()),
        credentials,
        timeout: Duration::from_millis(m.timeout_ms),
    };
    Smtp::new(&settings).map_err(|e| anyhow!("`mail`: {e}"))
}

fn http_sms(config: &Config) -> Result<HttpSms> {
    let s = &config.sms;
    let settings = HttpSmsSettings {
        url: s.url.clone(),
        method: s.method.clone(),
        headers: s.headers.clone(),
        body: s.body.clone(),
        token: s.token.reveal().to_owned(),
        success_text: s.success_text.clone(),
        timeout: Duration::from_millis(s.timeout_ms),
    };
    HttpSms::new(settings).map_err(|e| anyhow!("`sms`: {e}"))
}

fn stripe(config: &Config) -> Result<Stripe> {
    let p = &config.payment;
    if p.stripe_card_entry == CardEntry::Fields && p.stripe_publishable_key.is_empty() {
        bail!("`payment.stripe_publishable_key` is needed by `stripe_card_entry = \"fields\"`");
    }
    let settings = StripeSettings {
        api_base: p.stripe_url.trim_end_matches('/').to_owned(),
        secret_key: p.stripe_key.reveal().to_owned(),
        publishable_key: p.stripe_publishable_key.clone(),
        webhook_secrets: p.stripe_webhook_secret.reveal().split(',').map(|s| s.trim().to_owned()).collect(),
        card_entry: match p.stripe_card_entry {
            CardEntry::Hosted => StripeEntry::HostedPage,
            CardEntry::Fields => StripeEntry::CardFields { script_url: p.stripe_script_url.clone() },
        },
        timeout_ms: p.timeout_ms,
        tolerance_s: TOLERANCE_S,
    };
    Stripe::new(settings).map_err(|e| anyhow!("`payment`: {e}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_moved_clock_is_remembered() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("clock-offset");
        let before = MovableClock::open(&file).now();
        let moved = MovableClock::open(&file).advance(90 * domain::time::DAY_US).unwrap();
        assert!(moved.since(before) >= 90 * domain::time::DAY_US);
        assert!(MovableClock::open(&file).now().since(before) >= 90 * domain::time::DAY_US);
        let lost = MovableClock::open(&folder.path().join("no/such/folder"));
        assert!(lost.advance(domain::time::DAY_US).is_err());
        assert!(lost.now().since(before) < domain::time::DAY_US);
    }
}
