//! The values in force where the file and the environment say nothing.

use super::sections::*;

impl Default for Config {
    fn default() -> Self {
        Self {
            production: true,
            data: "./data".into(),
            server: Server::default(),
            database: Database::default(),
            provider: Provider::default(),
            sessions: Sessions::default(),
            mail: Mail::default(),
            sms: Sms::default(),
            payment: Payment::default(),
            bank: Bank::default(),
            mailboxes: Mailboxes::default(),
            passwords: Passwords::default(),
            hashing: Hashing::default(),
            worker: Worker::default(),
            clock: Clock::default(),
            log: Log::default(),
        }
    }
}

impl Default for Server {
    fn default() -> Self {
        Self {
            listen: ([127, 0, 0, 1], 8080).into(),
            base_url: "http://127.0.0.1:8080".into(),
            shutdown_grace_ms: 20_000,
            proxies: 0,
            metrics: Metrics::Local,
            secret: Secret::default(),
            secret_file: "".into(),
        }
    }
}

impl Default for Database {
    fn default() -> Self {
        Self {
            url: Secret::default(),
            url_file: "".into(),
            connections: 8,
            write_queue: 1024,
            write_deadline_ms: 5_000,
            page_cache_mib: 32,
            mapped_mib: 2047,
            migrate_on_start: true,
        }
    }
}

impl Default for Provider {
    fn default() -> Self {
        Self {
            brand: "Ceralacca".into(),
            wax: render::Wax::default().to_string(),
            realm: "ceralacca.example".into(),
            support_email: "assistenza@ceralacca.example".into(),
            support_phone: "".into(),
            overrides: "".into(),
            webmail_url: "https://webmail.ceralacca.example/".into(),
            mail_management_url: "https://gestione.ceralacca.example/".into(),
            retail_price_list: "retail".into(),
        }
    }
}

impl Default for Sessions {
    fn default() -> Self {
        Self { idle_minutes: 30, max_hours: 12 }
    }
}

impl Default for Mail {
    fn default() -> Self {
        Self {
            adapter: MailAdapter::Smtp,
            from: "Ceralacca <servizi@ceralacca.example>".into(),
            smtp_host: "".into(),
            smtp_port: 465,
            smtp_tls: SmtpTls::Implicit,
            smtp_authority: "".into(),
            smtp_username: "".into(),
            smtp_password: Secret::default(),
            smtp_password_file: "".into(),
            timeout_ms: 20_000,
        }
    }
}

impl Default for Sms {
    fn default() -> Self {
        Self {
            adapter: SmsAdapter::Http,
            url: "".into(),
            method: "POST".into(),
            headers: ["Authorization: Bearer {token}", "Content-Type: application/json"].map(String::from).into(),
            body: r#"{"to":{to},"text":{text},"reference":{key}}"#.into(),
            success_text: "".into(),
            token: Secret::default(),
            token_file: "".into(),
            timeout_ms: 10_000,
        }
    }
}

impl Default for Payment {
    fn default() -> Self {
        Self {
            card_gateway: CardGateway::Stripe,
            stripe_url: "https://api.stripe.com".into(),
            stripe_key: Secret::default(),
            stripe_key_file: "".into(),
            stripe_publishable_key: "".into(),
            stripe_card_entry: CardEntry::Hosted,
            stripe_script_url: "https://js.stripe.com/v3/".into(),
            stripe_webhook_secret: Secret::default(),
            stripe_webhook_secret_file: "".into(),
            paypal_client_id: "".into(),
            paypal_secret: Secret::default(),
            paypal_secret_file: "".into(),
            paypal_webhook_id: "".into(),
            paypal_url: "https://api-m.paypal.com".into(),
            paypal_pages: "https://www.paypal.com".into(),
            paypal_certificates: "https://api.paypal.com/v1/notifications/certs".into(),
            timeout_ms: 20_000,
        }
    }
}

impl Default for Mailboxes {
    fn default() -> Self {
        Self {
            adapter: MailboxAdapter::Dovecot,
            doveadm: ([127, 0, 0, 1], 20_027).into(),
            doveadm_key: Secret::default(),
            doveadm_key_file: "".into(),
            database: Secret::default(),
            database_file: "".into(),
            timeout_ms: 10_000,
            storage: "/var/mail/ceralacca".into(),
            authority: "".into(),
            imap_host: "imap.ceralacca.example".into(),
            imap_port: 993,
            pop3_host: "pop3.ceralacca.example".into(),
            pop3_port: 995,
            smtp_host: "smtp.ceralacca.example".into(),
            smtp_port: 465,
        }
    }
}

impl Default for Passwords {
    fn default() -> Self {
        Self { min_length: 8, max_length: 64, history: 5 }
    }
}

impl Default for Hashing {
    fn default() -> Self {
        Self { parallel: 0, queue: 256, deadline_ms: 15_000, memory_kib: 19_456, passes: 2 }
    }
}

impl Default for Worker {
    fn default() -> Self {
        Self { in_serve: true, calls_at_once: 32, night_at: "00:10".into() }
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self { source: ClockSource::System }
    }
}

impl Default for Log {
    fn default() -> Self {
        Self { format: LogFormat::Json, filter: "info".into(), file: "".into() }
    }
}
