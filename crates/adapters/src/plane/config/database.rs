//! The platform's database as the mail servers reach it.

use std::path::PathBuf;

use super::{BadSetting, check_path, check_word};

/// Where the views `mail_accounts` and `mail_domains_served` are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Database {
    /// The file of the platform (absolute).
    Sqlite(PathBuf),
    /// A role that reads the two views; better not the platform's own.
    Postgres {
        /// Name, address, or the folder of the socket when it begins with `/`.
        host: String,
        port: u16,
        name: String,
        user: String,
        password: String,
        /// The connection is encrypted.
        tls: bool,
    },
}

impl Database {
    /// Reads `sqlite:PATH` or `postgres://user:password@host:port/name?sslmode=require`, as everywhere
    /// in the platform. For a socket: `postgres://user@/name?host=/folder`.
    ///
    /// # Errors
    /// When it is neither, or a part is missing.
    pub fn from_url(url: &str) -> Result<Database, BadSetting> {
        let bad = |why: &str| BadSetting::new("database", why);
        if let Some(path) = url.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            let path = std::path::absolute(path).map_err(|e| bad(&e.to_string()))?;
            return Ok(Database::Sqlite(path));
        }
        let parsed = reqwest::Url::parse(url).map_err(|e| bad(&format!("not a database address: {e}")))?;
        if !matches!(parsed.scheme(), "postgres" | "postgresql") {
            return Err(bad("neither `sqlite:PATH` nor `postgres://…`"));
        }
        let query = |name: &str| parsed.query_pairs().find(|(k, _)| k == name).map(|(_, v)| v.into_owned());
        let host = match query("host") {
            Some(host) => host,
            None => parsed.host_str().unwrap_or("localhost").to_owned(),
        };
        let decode = |text: &str| percent_decode(text).ok_or_else(|| bad("not UTF-8 after decoding"));
        Ok(Database::Postgres {
            host: decode(&host)?,
            port: parsed.port().unwrap_or(5432),
            name: decode(parsed.path().trim_start_matches('/'))?,
            user: decode(parsed.username())?,
            password: decode(parsed.password().unwrap_or(""))?,
            tls: query("sslmode").is_some_and(|m| !matches!(m.as_str(), "disable" | "allow" | "prefer")),
        })
    }

    pub(super) fn check(&self) -> Result<(), BadSetting> {
        match self {
            Database::Sqlite(path) => check_path("database", path),
            Database::Postgres { host, name, user, password, .. } => {
                match host.starts_with('/') {
                    true => check_path("database", host.as_ref())?,
                    false => check_word("database", host)?,
                }
                check_word("database", name)?;
                check_word("database", user)?;
                // Two files with different rules of quoting carry it: better a plain one than a wrong one.
                match password.bytes().all(|b| b.is_ascii_alphanumeric() || b"._~+/=-".contains(&b)) {
                    true => Ok(()),
                    false => Err(BadSetting::new(
                        "database",
                        "the password of the role that mail servers use may hold letters, digits and . _ ~ + / = - only",
                    )),
                }
            }
        }
    }

    /// For people.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Database::Sqlite(_) => "SQLite",
            Database::Postgres { .. } => "PostgreSQL",
        }
    }

    /// Postfix's table type, also Dovecot's driver.
    pub(super) fn table_type(&self) -> &'static str {
        match self {
            Database::Sqlite(_) => "sqlite",
            Database::Postgres { .. } => "pgsql",
        }
    }

    /// Dovecot's `connect`.
    pub(super) fn dovecot_connect(&self) -> String {
        match self {
            Database::Sqlite(path) => path.display().to_string(),
            Database::Postgres { host, port, name, user, password, tls } => {
                let mut text = format!("host={host} port={port} dbname={name} user={user}");
                if !password.is_empty() {
                    text.push_str(&format!(" password={password}"));
                }
                text.push_str(if *tls { " sslmode=require" } else { " sslmode=prefer" });
                text
            }
        }
    }

    /// The head of a Postfix table.
    pub(super) fn postfix_head(&self) -> String {
        match self {
            Database::Sqlite(path) => format!("dbpath = {}\n", path.display()),
            Database::Postgres { host, port, name, user, password, tls } => {
                let hosts = match (host.starts_with('/'), tls) {
                    (true, _) => format!("unix:{host}"),
                    (false, false) => format!("{host}:{port}"),
                    (false, true) => format!("postgresql://{host}:{port}/{name}?sslmode=require"),
                };
                format!("hosts = {hosts}\nuser = {user}\npassword = {password}\ndbname = {name}\n")
            }
        }
    }
}

fn percent_decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        match (first, tail) {
            (b'%', [a, b, after @ ..]) => {
                bytes.push(u8::from_str_radix(std::str::from_utf8(&[*a, *b]).ok()?, 16).ok()?);
                rest = after;
            }
            _ => {
                bytes.push(first);
                rest = tail;
            }
        }
    }
    String::from_utf8(bytes).ok()
}
