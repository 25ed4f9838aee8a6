//! `ceralacca mail-config DIR`.

use std::{os::unix::fs::MetadataExt, path::Path};

use adapters::plane::config::{self as mail, Database, Reader, Settings, tls};
use anyhow::{Context, Result};

use crate::{config::Config, secret};

/// Writes the configuration of Dovecot and Postfix for the configured database, and says what to do with it.
///
/// # Errors
/// When a setting cannot stand in such a file, or the folder cannot be written.
pub fn run(config: &Config, dir: &Path, hostname: &str) -> Result<()> {
    let settings = settings(config, dir, hostname)?;
    let files = mail::write(&settings)?;
    tls::ensure(&settings.certificate, &settings.key, &[hostname.to_owned(), "localhost".into()])
        .context("certificate")?;
    for file in &files {
        let readers = match file.reader {
            Reader::Everybody => "for everybody",
            Reader::Postfix => "for Postfix",
            Reader::Nobody => "for root alone",
        };
        println!("{}\t{readers}", settings.dir.join(file.path).display());
    }
    let dir = settings.dir.display();
    println!("\nA certificate of our own making stands in {dir}; put your own in its place.");
    println!("Dovecot: dovecot -c {dir}/dovecot.conf");
    println!("Postfix: postfix -c {dir}/postfix start");
    println!("Then `ceralacca doctor` proves it by a login and a delivery.");
    Ok(())
}

fn settings(config: &Config, dir: &Path, hostname: &str) -> Result<Settings> {
    let m = &config.mailboxes;
    let url = match m.database.reveal() {
        "" => config.database_url(),
        own => own.to_owned(),
    };
    let database = Database::from_url(&url)?;
    let owner = match &database {
        Database::Sqlite(path) => owner_of(path).unwrap_or_else(|| "ceralacca".into()),
        Database::Postgres { .. } => "ceralacca".into(),
    };
    std::fs::create_dir_all(&config.data)?;
    let mut settings = Settings::installation(&std::path::absolute(dir)?, hostname, database);
    settings.mail_dir = std::path::absolute(&m.storage)?;
    settings.doveadm_key = secret::doveadm_key(config)?;
    settings.database_owner = owner;
    settings.ports.doveadm = m.doveadm.port();
    settings.internal = m.doveadm.ip();
    Ok(settings)
}

/// Name of the user who owns a file.
fn owner_of(path: &Path) -> Option<String> {
    let uid = std::fs::metadata(path).ok()?.uid().to_string();
    let users = std::fs::read_to_string("/etc/passwd").ok()?;
    users.lines().find_map(|line| {
        let mut parts = line.split(':');
        let name = parts.next()?;
        (parts.nth(1) == Some(&uid)).then(|| name.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::sections::Secret;

    #[test]
    fn written_for_the_configured_database() {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config { data: folder.path().join("data"), ..Config::default() };
        config.database.url = Secret::new(format!("sqlite:{}", folder.path().join("x.db").display()));
        std::fs::write(folder.path().join("x.db"), "").unwrap();
        run(&config, &folder.path().join("mail"), "mail.example.it").unwrap();
        let dovecot = std::fs::read_dir(folder.path().join("mail")).unwrap();
        let texts: String = dovecot.filter_map(|f| std::fs::read_to_string(f.unwrap().path()).ok()).collect();
        assert!(texts.contains("x.db") && texts.contains("mail.example.it"));
        config.mailboxes.database = Secret::new("mysql://x");
        assert!(run(&config, &folder.path().join("mail"), "mail.example.it").is_err());
        config.mailboxes.database = Secret::default();
        assert!(run(&config, &folder.path().join("mail"), "bad name\nx").is_err());
    }
}
