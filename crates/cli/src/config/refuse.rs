//! What a configuration must not say together.

use domain::bank::read_iban;

use super::{
    Config,
    load::Complaints,
    sections::{CardGateway, ClockSource, MailAdapter, MailboxAdapter, SmsAdapter, SmtpTls},
};

/// Refuses simulated parts in production, and real parts without what they need.
///
/// # Errors
/// Each reason, with the key that has to change.
pub fn refuse(config: &Config) -> Result<(), Complaints> {
    let mut wrong = Vec::new();
    let mut unless = |good: bool, text: &str| {
        if !good {
            wrong.push(text.to_owned());
        }
    };
    if config.production {
        let simulated = "is simulated, and `production` is true";
        unless(config.mail.adapter == MailAdapter::Smtp, &format!("`mail.adapter` {simulated}"));
        unless(config.sms.adapter == SmsAdapter::Http, &format!("`sms.adapter` {simulated}"));
        unless(config.payment.card_gateway == CardGateway::Stripe, &format!("`payment.card_gateway` {simulated}"));
        unless(config.mailboxes.adapter == MailboxAdapter::Dovecot, &format!("`mailboxes.adapter` {simulated}"));
        unless(config.clock.source == ClockSource::System, "`clock.source` can be moved, and `production` is true");
        let public = config.server.base_url.starts_with("https://");
        unless(public || local(&config.server.base_url), "`server.base_url` must begin with https://");
    }
    let mail = &config.mail;
    if mail.adapter == MailAdapter::Smtp {
        unless(!mail.smtp_host.is_empty(), "`mail.smtp_host` is needed by the adapter `smtp`");
        let plain_ok = mail.smtp_tls != SmtpTls::None || local_host(&mail.smtp_host);
        unless(plain_ok, "`mail.smtp_tls = \"none\"` is for a server on this machine only");
    }
    if config.sms.adapter == SmsAdapter::Http {
        unless(!config.sms.url.is_empty(), "`sms.url` is needed by the adapter `http`");
    }
    if config.payment.card_gateway == CardGateway::Stripe {
        unless(!config.payment.stripe_key.is_empty(), "`payment.stripe_key` is needed by Stripe");
        unless(!config.payment.stripe_webhook_secret.is_empty(), "`payment.stripe_webhook_secret` is needed by Stripe");
    }
    paypal(config, &mut unless);
    let bank = &config.bank;
    if !bank.iban.is_empty() {
        unless(read_iban(&bank.iban).is_some(), "`bank.iban` is no account number");
        unless(!bank.holder.is_empty(), "`bank.holder` is needed beside `bank.iban`");
        unless(!bank.name.is_empty(), "`bank.name` is needed beside `bank.iban`");
    }
    if let Err(refusal) = render::Wax::parse(&config.provider.wax) {
        unless(false, &format!("`provider.wax` {refusal}"));
    }
    unless(config.worker.night_minute().is_some(), "`worker.night_at` is a time of day such as 00:10");
    unless((1..=1024).contains(&config.worker.calls_at_once), "`worker.calls_at_once` is from 1 to 1024");
    unless(!config.server.base_url.ends_with('/'), "`server.base_url` ends without a slash");
    unless(config.hashing.memory_kib <= 65_536, "`hashing.memory_kib` above 65536 fails in the mail servers");
    unless(config.hashing.memory_kib >= 8, "`hashing.memory_kib` is at least 8");
    unless(config.database.mapped_mib <= 2047, "`database.mapped_mib` is at most 2047: SQLite maps no more");
    let p = &config.passwords;
    unless(p.min_length >= 8, "`passwords.min_length` is at least 8");
    unless(p.max_length >= p.min_length, "`passwords.max_length` is not below `passwords.min_length`");
    unless(p.max_length <= 256, "`passwords.max_length` is at most 256: mail programs send no longer ones");
    unless(p.history <= 24, "`passwords.history` is at most 24: each one costs a hash at every change");
    let url = config.database_url();
    let engine = url.starts_with("sqlite:") || url.starts_with("postgres://") || url.starts_with("postgresql://");
    unless(engine, "`database.url` begins with sqlite: or postgres://");
    if wrong.is_empty() { Ok(()) } else { Err(Complaints(wrong)) }
}

/// PayPal is offered as soon as its application is named, and then wants the rest.
fn paypal(config: &Config, unless: &mut impl FnMut(bool, &str)) {
    let payment = &config.payment;
    if payment.paypal_client_id.is_empty() {
        return;
    }
    unless(!payment.paypal_secret.is_empty(), "`payment.paypal_secret` is needed beside `payment.paypal_client_id`");
    let hook = !payment.paypal_webhook_id.is_empty();
    unless(hook, "`payment.paypal_webhook_id` is needed beside `payment.paypal_client_id`");
    for (key, address) in [
        ("paypal_url", &payment.paypal_url),
        ("paypal_pages", &payment.paypal_pages),
        ("paypal_certificates", &payment.paypal_certificates),
    ] {
        let safe = address.starts_with("https://") || (local(address) && !config.production);
        unless(safe, &format!("`payment.{key}` must begin with https://"));
    }
}

fn local(url: &str) -> bool {
    let host = url.split("://").nth(1).unwrap_or_default().split('/').next().unwrap_or_default();
    local_host(host.rsplit_once(':').map_or(host, |(h, _)| h))
}

fn local_host(host: &str) -> bool {
    matches!(host, "localhost" | "127.0.0.1" | "[::1]" | "::1")
}
