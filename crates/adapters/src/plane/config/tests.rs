use super::*;

fn settings(database: Database) -> Settings {
    Settings {
        doveadm_key: "0123456789abcdef".into(),
        ..Settings::private(Path::new("/srv/c"), 12000, database, "root")
    }
}
fn postgres(password: &str) -> Database {
    Database::from_url(&format!("postgres://mail:{password}@127.0.0.1:5433/ceralacca")).unwrap()
}

#[test]
fn every_placeholder_is_filled_on_both_engines() {
    for database in [Database::Sqlite("/srv/c/app.db".into()), postgres("s3cret")] {
        let files = generate(&settings(database)).unwrap();
        for file in &files {
            for (number, line) in file.text.lines().enumerate() {
                let left =
                    line.split('@').any(|w| w.len() > 2 && w.bytes().all(|b| b.is_ascii_uppercase() || b == b'_'));
                assert!(!left, "{}:{}: {line}", file.path, number + 1);
            }
        }
        let text = |path: &str| &files.iter().find(|f| f.path == path).unwrap().text;
        assert!(text("dovecot.conf").contains("port = 12000\n"));
        assert!(text("postfix/master.cf").contains("127.0.0.1:12005 inet"));
        assert!(text("postfix/main.cf").contains("virtual_transport = lmtp:inet:127.0.0.1:12007\n"));
    }
}

#[test]
fn secrets_are_in_files_that_not_everybody_reads() {
    for file in generate(&settings(postgres("s3cret"))).unwrap() {
        let secret = file.text.contains("s3cret") || file.text.contains("0123456789abcdef");
        assert_eq!(secret, file.reader != Reader::Everybody, "{}", file.path);
    }
}

#[test]
fn the_same_settings_give_the_same_files() {
    let s = settings(postgres("x"));
    assert_eq!(generate(&s).unwrap(), generate(&s).unwrap());
}

#[test]
fn a_setting_that_would_break_out_of_its_line_is_refused() {
    let good = settings(Database::Sqlite("/srv/c/app.db".into()));
    good.check().unwrap();
    type Change = fn(&mut Settings);
    let bad: [(&str, Change); 16] = [
        ("dir", |s| s.dir = "relative".into()),
        ("dir", |s| s.dir = "/srv/with space".into()),
        ("mail_dir", |s| s.mail_dir = "/srv/a\nssl = no".into()),
        ("mail_dir", |s| s.mail_dir = "/srv/%u".into()),
        ("queue_dir", |s| s.queue_dir = "/srv/$mail".into()),
        ("run_dir", |s| s.run_dir = format!("/{}", "x".repeat(80)).into()),
        ("hostname", |s| s.hostname = "a b".into()),
        ("hostname", |s| s.hostname.clear()),
        ("database_owner", |s| s.database_owner = "root\n}".into()),
        ("doveadm_key", |s| s.doveadm_key = "short".into()),
        ("doveadm_key", |s| s.doveadm_key = "0123456789abcdef\nssl = no".into()),
        ("mail_uid", |s| s.mail_uid = 0),
        ("outside", |s| s.outside = Outside::Relay { host: "a]:25\nx".into(), port: 25 }),
        ("gateways", |s| s.gateways = vec!["192.0.2.0/24 OK}, {0.0.0.0/0".into()]),
        ("ports", |s| s.ports.imap = s.ports.smtp),
        ("database", |s| s.database = Database::Sqlite("/srv/a'b".into())),
    ];
    for (setting, change) in bad {
        let mut s = good.clone();
        change(&mut s);
        assert_eq!(s.check().unwrap_err().setting, setting, "{:?}", s.check());
    }
    assert_eq!(generate(&settings(postgres("a%20b"))).unwrap_err().setting, "database");
}

#[test]
fn database_addresses_are_read_as_elsewhere_in_the_platform() {
    assert_eq!(Database::from_url("sqlite:/srv/a.db").unwrap(), Database::Sqlite("/srv/a.db".into()));
    let tls = Database::from_url("postgres://m:p%2Bq@db.example/x?sslmode=verify-full").unwrap();
    let expected = Database::Postgres {
        host: "db.example".into(),
        port: 5432,
        name: "x".into(),
        user: "m".into(),
        password: "p+q".into(),
        tls: true,
    };
    assert_eq!(tls, expected);
    assert!(tls.postfix_head().contains("sslmode=require"));
    let socket = Database::from_url("postgres://m@localhost/x?host=/run/postgresql").unwrap();
    assert!(socket.postfix_head().starts_with("hosts = unix:/run/postgresql\n"), "{socket:?}");
    assert_eq!(Database::from_url("postgres://").unwrap().check().unwrap_err().setting, "database");
    for bad in ["", "mysql://a/b", "/srv/a.db"] {
        assert!(Database::from_url(bad).is_err(), "{bad}");
    }
}

#[test]
fn a_generated_certificate_names_its_host_and_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let (certificate, key) = (folder.path().join("tls/c.pem"), folder.path().join("tls/k.pem"));
    tls::ensure(&certificate, &key, &["localhost".into(), "127.0.0.1".into()]).unwrap();
    let first = std::fs::read(&certificate).unwrap();
    tls::ensure(&certificate, &key, &["localhost".into()]).unwrap();
    assert_eq!(first, std::fs::read(&certificate).unwrap());
    crate::plane::probe::trust(Some(&folder.path().join("tls").join(tls::AUTHORITY_FILE))).unwrap();
    assert!(crate::plane::probe::trust(Some(&key)).is_err());
}
