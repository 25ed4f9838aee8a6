//! What a provider decides: brand, realm, addresses, links, limits. Built by the binary from the
//! configuration file and the environment; use cases only read it.

use domain::{bank, ident::password::PasswordPolicy};

/// The provider's choices, constant while the process runs.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Name of the provider as customers see it.
    pub brand: String,
    /// What follows the number in a username: `123456@<realm>` (domain notes 12.7).
    pub realm: String,
    /// Public address of this installation, without a slash at the end.
    pub base_url: String,
    /// Sender of all messages, `Name <address>`.
    pub mail_from: String,
    /// Name of the gateway that new card payments use.
    pub card_gateway: String,
    /// PayPal is offered beside cards.
    pub paypal: bool,
    /// The account for bank transfers; without one they are not offered.
    pub bank: Option<BankAccount>,
    /// The price list of the public shop.
    pub retail_price_list: String,
    /// True only in the demonstration: shows the bar, allows the viewer pages.
    pub demo: bool,
    /// IMAP and SMTP addresses to tell customers: host and port.
    pub mail_servers: MailServers,
    /// Minutes after midnight in Europe/Rome from which the nightly run of a date is at work.
    pub night_minute: i32,
    /// Calls outside that one process makes at the same time.
    pub calls_at_once: usize,
    /// What a password must be like.
    pub password_policy: PasswordPolicy,
    /// How long a session lives without a request, in minutes.
    pub session_idle_minutes: i64,
    /// How long a session lives at most, in hours.
    pub session_max_hours: i64,
}

impl Settings {
    /// The domain of the sender, for Message-IDs.
    pub fn mail_domain(&self) -> &str {
        self.mail_from.rsplit('@').next().map_or("localhost", |d| d.trim_end_matches('>'))
    }
}

/// The provider's bank account, as customers are told of it.
#[derive(Debug, Clone)]
pub struct BankAccount {
    pub holder: String,
    /// Without blanks, in capitals, its control digits checked.
    pub iban: String,
    pub bank: String,
    /// For transfers from other countries; empty where there is none.
    pub bic: String,
}
impl BankAccount {
    /// How a mail and a page tell it, with the reason to be written.
    pub fn instructions(&self, reason: &str) -> render::pages::payments::Transfer {
        render::pages::payments::Transfer {
            holder: self.holder.clone(),
            iban: bank::grouped_iban(&self.iban),
            bank: self.bank.clone(),
            bic: Some(self.bic.clone()).filter(|b| !b.is_empty()),
            reason: reason.to_owned(),
        }
    }
}

/// What a mail program must be told.
#[derive(Debug, Clone)]
pub struct MailServers {
    pub imap_host: String,
    pub imap_port: u16,
    pub pop3_host: String,
    pub pop3_port: u16,
    pub smtp_host: String,
    pub smtp_port: u16,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            brand: "Postacerta Demo".into(),
            realm: "ceralacca.example".into(),
            base_url: "http://127.0.0.1:8080".into(),
            mail_from: "Postacerta Demo <servizi@postacerta.example>".into(),
            card_gateway: "simulated".into(),
            paypal: false,
            bank: Some(BankAccount {
                holder: "Postacerta Demo S.p.A.".into(),
                iban: "IT60X0542811101000000123456".into(),
                bank: "Banca di Prova".into(),
                bic: String::new(),
            }),
            retail_price_list: "retail".into(),
            demo: false,
            mail_servers: MailServers {
                imap_host: "127.0.0.1".into(),
                imap_port: 993,
                pop3_host: "127.0.0.1".into(),
                pop3_port: 995,
                smtp_host: "127.0.0.1".into(),
                smtp_port: 465,
            },
            night_minute: 10,
            calls_at_once: 32,
            password_policy: PasswordPolicy::default(),
            session_idle_minutes: 30,
            session_max_hours: 12,
        }
    }
}
