//! The installation's secret: made once, kept in a file that only its owner reads.

use std::{
    fs::OpenOptions,
    io::{ErrorKind, Read, Write},
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::Path,
};

use anyhow::{Context, Result, ensure};
use app::secrets::{Random, ServerSecret, SystemRandom};

use crate::config::Config;

/// The secret of the configuration, of its file, or a new one written to the file with mode 0600.
///
/// # Errors
/// When the file cannot be read or made, is readable by others, or is too short.
pub fn server_secret(config: &Config) -> Result<ServerSecret> {
    let given = config.server.secret.reveal();
    if !given.is_empty() {
        ensure!(given.len() >= 32, "`server.secret` needs 32 bytes or more");
        return Ok(ServerSecret::new(given.as_bytes()));
    }
    let path = config.secret_path();
    let bytes = from_file(&path).with_context(|| format!("server secret {}", path.display()))?;
    Ok(ServerSecret::new(&bytes))
}

/// The key of Dovecot's doveadm interface: of the configuration, of its file, or a new one.
///
/// # Errors
/// As [`server_secret`].
pub fn doveadm_key(config: &Config) -> Result<String> {
    let given = config.mailboxes.doveadm_key.reveal();
    if !given.is_empty() {
        return Ok(given.to_owned());
    }
    let path = config.data.join("doveadm-key");
    let bytes = from_file(&path).with_context(|| format!("doveadm key {}", path.display()))?;
    String::from_utf8(bytes).context("the doveadm key is not text")
}

fn from_file(path: &Path) -> Result<Vec<u8>> {
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Ok(mut file) => {
            let mut bytes = [0u8; 32];
            SystemRandom.fill(&mut bytes);
            let text: String = bytes.iter().map(|b| format!("{b:02x}")).collect();
            file.write_all(text.as_bytes())?;
            file.sync_all()?;
            Ok(text.into_bytes())
        }
        Err(e) if e.kind() == ErrorKind::AlreadyExists => {
            let mut file = std::fs::File::open(path)?;
            let mode = file.metadata()?.permissions().mode();
            ensure!(mode & 0o077 == 0, "others may read it (mode {:03o}): chmod 600", mode & 0o777);
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes)?;
            while bytes.last().is_some_and(u8::is_ascii_whitespace) {
                bytes.pop();
            }
            ensure!(bytes.len() >= 32, "has {} bytes, 32 are needed", bytes.len());
            Ok(bytes)
        }
        Err(e) => Err(e.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn made_once_and_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("s");
        let first = from_file(&path).unwrap();
        assert_eq!(first, from_file(&path).unwrap());
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_ne!(first, from_file(&folder.path().join("t")).unwrap());
    }

    #[test]
    fn refused_when_open_to_others_or_short() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("s");
        std::fs::write(&path, "short\n").unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        assert!(from_file(&path).unwrap_err().to_string().contains("5 bytes"));
        std::fs::write(&path, "x".repeat(40)).unwrap();
        assert!(from_file(&path).is_ok());
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        assert!(from_file(&path).unwrap_err().to_string().contains("chmod 600"));
    }
}
