use std::path::PathBuf;

use super::{load::Complaints, sections::*, *};

const DOCUMENTED: &str = include_str!("../../../../ceralacca.default.toml");

fn from(file: &str, environment: &[(&str, &str)]) -> Result<Config, Vec<String>> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("c.toml");
    std::fs::write(&path, file).unwrap();
    let environment = environment.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
    load(&Config::default(), Some(&path), environment)
        .map_err(|e| e.0.into_iter().map(|m| m.replace(&folder.path().display().to_string(), "")).collect::<Vec<_>>())
}

#[test]
fn the_documented_defaults_are_those_of_the_code() {
    let documented: toml::Table = DOCUMENTED.parse().unwrap();
    let code = toml::Table::try_from(Config::default()).unwrap();
    assert_eq!(documented, code);
}

#[test]
fn each_documented_key_is_explained() {
    let lines: Vec<&str> = DOCUMENTED.lines().collect();
    for (i, line) in lines.iter().enumerate() {
        if line.starts_with(|c: char| c.is_ascii_lowercase()) {
            assert!(lines[i - 1].starts_with("# "), "{line} has no explanation above it");
        }
    }
}

#[test]
fn file_then_environment() {
    let file = "data = \"/d\"\n[server]\nlisten = \"127.0.0.1:1\"\nproxies = 2\n";
    let c =
        from(file, &[("CERALACCA_LISTEN", "127.0.0.1:9"), ("CERALACCA_MAIL_SMTP_PORT", "25"), ("HOME", "/h")]).unwrap();
    assert_eq!((c.server.listen.port(), c.server.proxies, c.mail.smtp_port), (9, 2, 25));
    assert_eq!(c.database_url(), "sqlite:/d/ceralacca.db");
    let c = from("", &[("CERALACCA_DATABASE", "postgres://h/x"), ("CERALACCA_SMS_HEADERS", "A: 1, B: 2")]).unwrap();
    assert_eq!(c.database_url(), "postgres://h/x");
    assert_eq!(c.sms.headers, ["A: 1", "B: 2"]);
}

#[test]
fn unknown_keys_are_refused_with_the_nearest() {
    let wrong = from("[server]\nlisen = \"x\"\n[databse]\nurl = \"\"\n", &[("CERALACCA_LITSEN", "x")]).unwrap_err();
    assert!(
        wrong.contains(&"/c.toml:2: unknown key `server.lisen`; did you mean `server.listen`?".to_owned()),
        "{wrong:?}"
    );
    assert!(wrong.contains(&"/c.toml:3: unknown key `databse`; did you mean `database`?".to_owned()), "{wrong:?}");
    assert!(
        wrong.contains(&"environment: unknown `CERALACCA_LITSEN`; did you mean `CERALACCA_LISTEN`?".to_owned()),
        "{wrong:?}"
    );
}

#[test]
fn wrong_types_are_named() {
    let wrong = from("[server]\nproxies = \"two\"\n", &[("CERALACCA_MAIL_SMTP_PORT", "many")]).unwrap_err();
    assert_eq!(
        wrong,
        [
            "/c.toml:2: `server.proxies` is integer, not string",
            "environment: `CERALACCA_MAIL_SMTP_PORT` must be integer"
        ]
    );
    assert_eq!(from("[mail]\nadapter = \"pigeon\"\n", &[]).unwrap_err().len(), 1);
    assert_eq!(from("[mail]\nsmtp_port = 70000\n", &[]).unwrap_err().len(), 1);
    assert_eq!(from("[server\n", &[]).unwrap_err().len(), 1);
    assert!(load(&Config::default(), Some(&PathBuf::from("does-not-exist.toml")), std::iter::empty()).is_err());
}

#[test]
fn secrets_come_from_files_and_are_not_printed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key");
    std::fs::write(&path, "sk_live_1\n").unwrap();
    let c = from("", &[("CERALACCA_PAYMENT_STRIPE_KEY_FILE", path.to_str().unwrap())]).unwrap();
    assert_eq!(c.payment.stripe_key.reveal(), "sk_live_1");
    assert!(!format!("{c:?}").contains("sk_live_1"));
    assert!(from("[sms]\ntoken_file = \"does-not-exist\"\n", &[]).is_err());
}

fn real() -> Config {
    let mut c = Config::default();
    c.server.base_url = "https://pec.example".into();
    c.mail.smtp_host = "mail.example".into();
    c.sms.url = "https://sms.example/send".into();
    c.payment.stripe_key = Secret::new("k");
    c.payment.stripe_webhook_secret = Secret::new("w");
    c
}

#[test]
fn production_wants_real_parts() {
    assert!(refuse(&real()).is_ok());
    type Break = fn(&mut Config);
    let broken: [(&str, Break); 16] = [
        ("mailboxes.adapter", |c| c.mailboxes.adapter = MailboxAdapter::Simulated),
        ("payment.card_gateway", |c| c.payment.card_gateway = CardGateway::Simulated),
        ("mail.adapter", |c| c.mail.adapter = MailAdapter::Viewer),
        ("sms.adapter", |c| c.sms.adapter = SmsAdapter::Viewer),
        ("clock.source", |c| c.clock.source = ClockSource::Movable),
        ("server.base_url", |c| c.server.base_url = "http://pec.example".into()),
        ("mail.smtp_host", |c| c.mail.smtp_host = String::new()),
        ("mail.smtp_tls", |c| c.mail.smtp_tls = SmtpTls::None),
        ("payment.stripe_webhook_secret", |c| c.payment.stripe_webhook_secret = Secret::default()),
        ("payment.paypal_secret", |c| paypal(c, "", "W")),
        ("payment.paypal_webhook_id", |c| paypal(c, "s", "")),
        ("payment.paypal_url", |c| {
            paypal(c, "s", "W");
            c.payment.paypal_url = "http://127.0.0.1:9".into();
        }),
        ("hashing.memory_kib", |c| c.hashing.memory_kib = 262_144),
        ("the nearest that fits is `#", |c| c.provider.wax = "#FFD700".into()),
        ("provider.wax", |c| c.provider.wax = "crimson".into()),
        ("database.url", |c| c.database.url = Secret::new("mysql://x")),
    ];
    for (key, breaking) in broken {
        let mut c = real();
        breaking(&mut c);
        let Err(Complaints(wrong)) = refuse(&c) else { panic!("{key} was not refused") };
        assert_eq!(wrong.len(), 1, "{wrong:?}");
        assert!(wrong[0].contains(key), "{wrong:?}");
    }
}

fn paypal(c: &mut Config, secret: &str, webhook: &str) {
    c.payment.paypal_client_id = "id".into();
    c.payment.paypal_secret = Secret::new(secret);
    c.payment.paypal_webhook_id = webhook.into();
}

#[test]
fn outside_production_parts_may_be_simulated() {
    let mut c = Config { production: false, ..Config::default() };
    c.mail.adapter = MailAdapter::Viewer;
    c.sms.adapter = SmsAdapter::Viewer;
    c.payment.card_gateway = CardGateway::Simulated;
    c.mailboxes.adapter = MailboxAdapter::Simulated;
    c.clock.source = ClockSource::Movable;
    assert!(refuse(&c).is_ok());
}

#[test]
fn the_password_policy_is_configured_within_bounds() {
    let c = from("[passwords]\nmin_length = 12\n", &[("CERALACCA_PASSWORDS_HISTORY", "0")]).unwrap();
    assert_eq!((c.passwords.min_length, c.passwords.max_length, c.passwords.history), (12, 64, 0));
    let wrong = from("[passwords]\nmin_lenght = 12\n", &[]).unwrap_err();
    assert_eq!(wrong, ["/c.toml:2: unknown key `passwords.min_lenght`; did you mean `passwords.min_length`?"]);
    for bad in ["min_length = 7", "max_length = 7", "max_length = 257", "history = 25"] {
        let c = from(&format!("[passwords]\n{bad}\n"), &[]).unwrap();
        let key = bad.split(' ').next().unwrap();
        assert!(refuse(&c).unwrap_err().0.iter().any(|m| m.contains(&format!("`passwords.{key}`"))), "{bad}");
    }
}

#[test]
fn no_more_of_the_file_is_mapped_than_sqlite_can() {
    let told = |mib: u32| {
        let c = from(&format!("[database]\nmapped_mib = {mib}\n"), &[]).unwrap();
        refuse(&c).map_or_else(|e| e.0, |_| Vec::new()).iter().any(|m| m.contains("`database.mapped_mib`"))
    };
    assert!(told(2048) && !told(2047) && !told(0));
}
