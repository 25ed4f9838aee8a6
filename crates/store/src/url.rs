//! The address of a database: `sqlite:PATH` or `postgres://…`.

use std::{fmt, path::PathBuf, str::FromStr};

/// How a connection to PostgreSQL is protected (`sslmode=` of the address).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum TlsMode {
    /// Never.
    Disable,
    /// TLS if the server offers it; its certificate is checked only against a given `sslrootcert`.
    #[default]
    Prefer,
    /// Always TLS; the certificate is checked only against a given `sslrootcert`, as libpq does.
    Require,
    /// Always TLS, with certificate and name checked against `sslrootcert` or the usual roots.
    VerifyFull,
}

/// Where an installation keeps its data. Shown without the password.
#[derive(Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(try_from = "String")]
pub enum DatabaseUrl {
    /// A SQLite file.
    Sqlite(PathBuf),
    /// A PostgreSQL database: the address without `sslmode` and `sslrootcert`, which are kept beside it.
    Postgres {
        /// Address as the driver reads it.
        address: String,
        tls: TlsMode,
        /// File with the root certificates to trust, PEM.
        root_cert: Option<PathBuf>,
    },
}

/// The text is not the address of a database.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum NotADatabaseUrl {
    #[error("a database address starts with sqlite: or postgres://")]
    Scheme,
    #[error("sqlite: needs the path of a file after it")]
    NoPath,
    #[error("sslmode is disable, prefer, require or verify-full, not {0}")]
    TlsMode(String),
    #[error("not an address of PostgreSQL: {0}")]
    Postgres(String),
}

impl FromStr for DatabaseUrl {
    type Err = NotADatabaseUrl;
    fn from_str(s: &str) -> Result<Self, NotADatabaseUrl> {
        if let Some(path) = s.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            if path.is_empty() {
                return Err(NotADatabaseUrl::NoPath);
            }
            return Ok(DatabaseUrl::Sqlite(path.into()));
        }
        if !s.starts_with("postgres://") && !s.starts_with("postgresql://") {
            return Err(NotADatabaseUrl::Scheme);
        }
        let (base, query) = s.split_once('?').unwrap_or((s, ""));
        let (mut tls, mut root_cert, mut rest) = (TlsMode::default(), None, Vec::new());
        for pair in query.split('&').filter(|p| !p.is_empty()) {
            match pair.split_once('=') {
                Some(("sslmode", mode)) => tls = tls_mode(mode)?,
                Some(("sslrootcert", path)) => root_cert = Some(percent_decoded(path).into()),
                _ => rest.push(pair),
            }
        }
        let address = if rest.is_empty() { base.to_owned() } else { format!("{base}?{}", rest.join("&")) };
        address.parse::<tokio_postgres::Config>().map_err(|e| NotADatabaseUrl::Postgres(e.to_string()))?;
        Ok(DatabaseUrl::Postgres { address, tls, root_cert })
    }
}

fn tls_mode(mode: &str) -> Result<TlsMode, NotADatabaseUrl> {
    Ok(match mode {
        "disable" => TlsMode::Disable,
        "prefer" => TlsMode::Prefer,
        "require" => TlsMode::Require,
        "verify-full" => TlsMode::VerifyFull,
        other => return Err(NotADatabaseUrl::TlsMode(other.to_owned())),
    })
}

fn percent_decoded(s: &str) -> String {
    let mut rest = s.as_bytes();
    let mut out = Vec::with_capacity(s.len());
    while let Some((&first, tail)) = rest.split_first() {
        let digits = if first == b'%' { tail.get(..2) } else { None };
        let byte = digits.and_then(|d| u8::from_str_radix(std::str::from_utf8(d).ok()?, 16).ok());
        out.push(byte.unwrap_or(first));
        rest = if byte.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8_lossy(&out).into_owned()
}

impl TryFrom<String> for DatabaseUrl {
    type Error = NotADatabaseUrl;
    fn try_from(s: String) -> Result<Self, NotADatabaseUrl> {
        s.parse()
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DatabaseUrl::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            DatabaseUrl::Postgres { address, .. } => {
                let (scheme, rest) = address.split_once("://").unwrap_or(("postgres", address));
                let rest = rest.split_once('?').map_or(rest, |(base, _)| base);
                match rest.rsplit_once('@') {
                    Some((user, host)) => {
                        write!(f, "{scheme}://{}@{host}", user.split_once(':').map_or(user, |(name, _)| name))
                    }
                    None => write!(f, "{scheme}://{rest}"),
                }
            }
        }
    }
}
impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_engines_are_read() {
        assert_eq!("sqlite:a/b.db".parse(), Ok(DatabaseUrl::Sqlite("a/b.db".into())));
        assert_eq!("sqlite:///var/c.db".parse(), Ok(DatabaseUrl::Sqlite("/var/c.db".into())));
        let url = "postgres://u:secret@h:5/db?sslmode=verify-full&sslrootcert=%2Fetc%2Fca.pem&application_name=x";
        let Ok(DatabaseUrl::Postgres { address, tls, root_cert }) = url.parse() else { panic!("not read") };
        assert_eq!(address, "postgres://u:secret@h:5/db?application_name=x");
        assert_eq!((tls, root_cert), (TlsMode::VerifyFull, Some("/etc/ca.pem".into())));
    }

    #[test]
    fn nonsense_is_refused() {
        assert_eq!("mysql://x".parse::<DatabaseUrl>(), Err(NotADatabaseUrl::Scheme));
        assert_eq!("sqlite:".parse::<DatabaseUrl>(), Err(NotADatabaseUrl::NoPath));
        let mode = "postgres://h/db?sslmode=maybe".parse::<DatabaseUrl>();
        assert_eq!(mode, Err(NotADatabaseUrl::TlsMode("maybe".into())));
        assert!(matches!("postgres://h:port/db".parse::<DatabaseUrl>(), Err(NotADatabaseUrl::Postgres(_))));
    }

    #[test]
    fn the_password_is_never_shown() {
        let url: DatabaseUrl = "postgres://u:secret@h:5/db".parse().unwrap();
        assert_eq!(format!("{url} {url:?}"), "postgres://u@h:5/db postgres://u@h:5/db");
    }
}
