//! What a provider decides: brand, realm, addresses, links, limits. Built by the binary from the
//! configuration file and the environment; use cases only read it.

use domain::ident::password::PasswordPolicy;

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
    /// The price list of the public shop.
    pub retail_price_list: String,
    /// True only in the demonstration: shows the bar, allows the viewer pages.
    pub demo: bool,
    /// IMAP and SMTP addresses to tell customers: host and port.
    pub mail_servers: MailServers,
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
            password_policy: PasswordPolicy::default(),
            session_idle_minutes: 30,
            session_max_hours: 12,
        }
    }
}
