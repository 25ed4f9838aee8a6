//! From settings to files, and from files to the disk.
// tidy: allow(sql) these statements are run by the mail servers, over two views made for them

use std::{io, net::IpAddr, path::Path};

use super::{BadSetting, Database, Listen, Logs, Outside, Settings};

/// Who must be able to read a file besides its owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    Everybody,
    /// The group `postfix`, since Postfix opens its tables after giving up root.
    Postfix,
    /// Nobody: it holds a secret that root reads.
    Nobody,
}

/// One generated file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigFile {
    /// Below [`Settings::dir`].
    pub path: &'static str,
    pub text: String,
    pub reader: Reader,
}

/// The files of one installation.
///
/// # Errors
/// When a setting is wrong; see [`Settings::check`].
pub fn generate(settings: &Settings) -> Result<Vec<ConfigFile>, BadSetting> {
    settings.check()?;
    let values = values(settings);
    let fill = |text: &str| {
        values.iter().fold(text.to_owned(), |text, (name, value)| text.replace(&format!("@{name}@"), value))
    };
    let tables = match settings.database {
        Database::Sqlite(_) => Reader::Everybody,
        Database::Postgres { .. } => Reader::Postfix,
    };
    let sql = match settings.database {
        Database::Sqlite(_) => Reader::Everybody,
        Database::Postgres { .. } => Reader::Nobody,
    };
    let file = |path, text: &str, reader| ConfigFile { path, text: fill(text), reader };
    let mut files = vec![
        file("dovecot.conf", include_str!("dovecot.conf.txt"), Reader::Everybody),
        file("dovecot-sql.conf.ext", include_str!("dovecot-sql.conf.ext.txt"), sql),
        file("dovecot-secrets.conf", "doveadm_api_key = @DOVEADM_KEY@\n", Reader::Nobody),
        file("postfix/main.cf", include_str!("main.cf.txt"), Reader::Everybody),
        file("postfix/master.cf", include_str!("master.cf.txt"), Reader::Everybody),
        file("README", include_str!("README.txt"), Reader::Everybody),
        file("postfix/domains.cf", include_str!("domains.cf.txt"), tables),
        file("postfix/receives.cf", include_str!("receives.cf.txt"), tables),
        file("postfix/owner.cf", include_str!("owner.cf.txt"), tables),
        file("postfix/may_send.cf", include_str!("may_send.cf.txt"), tables),
    ];
    if let Database::Postgres { name, user, .. } = &settings.database {
        files.push(ConfigFile {
            path: "mail-reader.sql",
            text: format!(
                "-- Run once as the owner of the database, then give the role its password with \\password.\n\
         CREATE ROLE \"{user}\" LOGIN;\n\
         GRANT CONNECT ON DATABASE \"{name}\" TO \"{user}\";\n\
         GRANT SELECT ON mail_accounts, mail_domains_served TO \"{user}\";\n"
            ),
            reader: Reader::Everybody,
        });
    }
    Ok(files)
}

/// What stands for each `@NAME@` of the texts.
fn values(s: &Settings) -> Vec<(&'static str, String)> {
    let path = |p: &Path| p.display().to_string();
    let (dovecot_log, postfix_log) = match &s.logs {
        Logs::Syslog => ("syslog_facility = mail".to_owned(), "syslog_name = postfix-ceralacca".to_owned()),
        Logs::Folder(f) => {
            let f = path(f);
            (
                format!("log_path = {f}/dovecot.log"),
                format!(
                    "maillog_file = {f}/postfix.log\nmaillog_file_prefixes = {f}\nsyslog_name = ceralacca{}",
                    s.ports.smtp
                ),
            )
        }
    };
    let (dovecot_listen, postfix_listen, services_listen) = match &s.listen {
        Listen::All => ("*, ::".to_owned(), "all".to_owned(), String::new()),
        Listen::Address(IpAddr::V4(a)) => (a.to_string(), a.to_string(), format!("{a}:")),
        Listen::Address(IpAddr::V6(a)) => (format!("[{a}]"), a.to_string(), format!("[{a}]:")),
    };
    let ipv6 = matches!(s.listen, Listen::Address(a) if a.is_ipv6()) || s.internal.is_ipv6();
    let sqlite = matches!(s.database, Database::Sqlite(_));
    let mut values = vec![
        ("LOG", dovecot_log),
        ("LISTEN", dovecot_listen),
        ("DIR", path(&s.dir)),
        ("RUN", path(&s.run_dir)),
        ("MAIL", path(&s.mail_dir)),
        ("QUEUE", path(&s.queue_dir)),
        ("QUEUE_DATA", path(&s.queue_data_dir)),
        ("CERT", path(&s.certificate)),
        ("KEY", path(&s.key)),
        ("HOSTNAME", s.hostname.clone()),
        ("INTERNAL", s.internal.to_string()),
        ("INET_PROTOCOLS", if ipv6 || s.listen == Listen::All { "all" } else { "ipv4" }.into()),
        ("INSTANCE", format!("ceralacca{}", s.ports.imap)),
        ("SYSLOG", format!("ceralacca{}", s.ports.smtp)),
        ("DB_KIND", s.database.kind().into()),
        ("DB_TYPE", s.database.table_type().into()),
        ("DOVECOT_DRIVER", s.database.table_type().into()),
        ("POSTFIX_DATABASE", s.database.postfix_head()),
        ("DOVECOT_CONNECT", s.database.dovecot_connect()),
        ("AUTH_USER", if sqlite { s.database_owner.clone() } else { "dovecot".into() }),
        (
            "PROXY_USER",
            if sqlite { "root (SQLite in WAL mode must be able to write beside its file)" } else { "usual" }.into(),
        ),
        ("PROXYMAP", proxymap(sqlite).into()),
        ("RIGHTS", rights(s)),
        ("MAIL_UID", s.mail_uid.to_string()),
        ("MAIL_GID", s.mail_gid.to_string()),
        ("DOVEADM_KEY", s.doveadm_key.clone()),
        ("MESSAGE_SIZE", s.message_size_bytes.to_string()),
        ("OVERFLOW", s.overflow_percent.to_string()),
        ("RECEIVE_PERCENT", (100 + s.overflow_percent).to_string()),
        ("AUTH_DELAY", auth_delay(s.quick).into()),
        ("PENALTY", penalty(s.quick).into()),
        ("QUICK", quick(s.quick).into()),
        ("OUTSIDE", outside(&s.outside)),
        ("GATEWAYS", gateways(&s.gateways)),
    ];
    values.extend(port_values(s));
    values.push(("POSTFIX_LOG", postfix_log));
    values.push(("POSTFIX_LISTEN", postfix_listen));
    values.push(("SERVICES_LISTEN", services_listen));
    values
}

fn port_values(s: &Settings) -> [(&'static str, String); 11] {
    let p = &s.ports;
    [
        ("PORT_IMAP", p.imap),
        ("PORT_IMAPS", p.imaps),
        ("PORT_POP3", p.pop3),
        ("PORT_POP3S", p.pop3s),
        ("PORT_SMTP", p.smtp),
        ("PORT_SUBMISSION", p.submission),
        ("PORT_SUBMISSIONS", p.submissions),
        ("PORT_LMTP", p.lmtp),
        ("PORT_AUTH", p.auth),
        ("PORT_QUOTA", p.quota),
        ("PORT_DOVEADM", p.doveadm),
    ]
    .map(|(name, port)| (name, port.to_string()))
}

fn proxymap(sqlite: bool) -> &'static str {
    match sqlite {
        true => {
            "# Runs as root (third column) for SQLite's sake: as `postfix` it could not read a database in WAL mode while the\n\
       # platform is not running. SQLite gives the files it makes to the owner of the database.\n\
       proxymap        unix  -       n       n       -       -       proxymap"
        }
        false => "proxymap        unix  -       -       n       -       -       proxymap",
    }
}

fn rights(s: &Settings) -> String {
    match &s.database {
        Database::Sqlite(path) => format!(
            "  Dovecot's authentication runs as `{}`, who must own {} and its folder;\n  Postfix reads it through \
       proxymap, which runs as root for this reason.",
            s.database_owner,
            path.display()
        ),
        Database::Postgres { user, .. } => format!(
            "  The servers connect as the role `{user}`; mail-reader.sql makes one that reads the two views and nothing \
       else.\n  dovecot-sql.conf.ext and postfix/*.cf hold its password: readable by root, and by the group postfix."
        ),
    }
}

fn auth_delay(quick: bool) -> &'static str {
    match quick {
        true => "# Loopback instance: a wrong password is answered at once.\nauth_failure_delay = 0",
        false => "# A wrong password is answered after this long, to slow down guessing.\nauth_failure_delay = 2 secs",
    }
}

fn penalty(quick: bool) -> &'static str {
    match quick {
        true => {
            "# Loopback instance: every client has the same address, so wrong passwords of one must not slow down all.\n\
       service anvil {\n  unix_listener anvil-auth-penalty {\n    mode = 0\n  }\n}"
        }
        false => {
            "# Repeated wrong passwords from one address are answered later and later (anvil's penalty, on by default)."
        }
    }
}

fn quick(quick: bool) -> &'static str {
    match quick {
        true => {
            "\n# Loopback instance: quick retries, no limits per client, no lookups of names.\n\
       minimal_backoff_time = 2s\nmaximal_backoff_time = 5s\nqueue_run_delay = 2s\n\
       smtpd_client_connection_count_limit = 0\nsmtpd_client_connection_rate_limit = 0\n\
       smtpd_error_sleep_time = 0\nsmtpd_peername_lookup = no\n\
       smtp_dns_support_level = disabled\nsmtp_host_lookup = native"
        }
        false => "",
    }
}

fn outside(outside: &Outside) -> String {
    match outside {
        Outside::Refuse => "default_transport = error:5.1.2 delivery to other domains is switched off here".into(),
        Outside::Relay { host, port } => {
            format!("# Everything goes through this host, also in sight of an MX record.\nrelayhost = [{host}]:{port}")
        }
        Outside::Direct => "# Straight to the receivers' servers.\nrelayhost =".into(),
    }
}

fn gateways(networks: &[String]) -> String {
    match networks {
        [] => "# Anybody may hand in mail for our mailboxes.".into(),
        some => format!(
            "# Only these may hand in mail for our mailboxes.\nsmtpd_client_restrictions = check_client_access \
       cidr:{{{}}}, reject",
            some.iter().map(|n| format!("{{{n} OK}}")).collect::<Vec<_>>().join(", ")
        ),
    }
}

/// Writes the files below `settings.dir` with their rights.
///
/// # Errors
/// Of the file system, naming the file; an invalid setting as `InvalidInput`.
pub fn write(settings: &Settings) -> io::Result<Vec<ConfigFile>> {
    use std::os::unix::fs::PermissionsExt;
    let files = generate(settings).map_err(|e| io::Error::new(io::ErrorKind::InvalidInput, e))?;
    std::fs::create_dir_all(settings.dir.join("postfix"))?;
    let postfix = group_id("postfix");
    for file in &files {
        let path = settings.dir.join(file.path);
        let named = |e: io::Error| io::Error::new(e.kind(), format!("{}: {e}", path.display()));
        let mode = match file.reader {
            Reader::Everybody => 0o644,
            Reader::Postfix => 0o640,
            Reader::Nobody => 0o600,
        };
        // Made empty with its rights first, so that a secret is never readable in between.
        std::fs::write(&path, "").map_err(named)?;
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).map_err(named)?;
        if let (Reader::Postfix, Some(group)) = (file.reader, postfix) {
            // Only root may; anybody else writes files to look at or to copy.
            let _ = std::os::unix::fs::chown(&path, None, Some(group));
        }
        std::fs::write(&path, &file.text).map_err(named)?;
    }
    Ok(files)
}

/// The number of a group of this machine.
pub(crate) fn group_id(name: &str) -> Option<u32> {
    id_in("/etc/group", name)
}
/// The number of a user of this machine.
pub(crate) fn user_id(name: &str) -> Option<u32> {
    id_in("/etc/passwd", name)
}
fn id_in(file: &str, name: &str) -> Option<u32> {
    let text = std::fs::read_to_string(file).ok()?;
    text.lines().find_map(|line| {
        let mut parts = line.split(':');
        (parts.next() == Some(name)).then(|| parts.nth(1))??.parse().ok()
    })
}
