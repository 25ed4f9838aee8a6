//! The part of `ceralacca doctor` that proves the mail servers: a mailbox that exists for a moment signs in, sends a
//! message to itself and finds it.

use std::time::Duration;

use adapters::plane::{
    config::{Ports, tls::AUTHORITY_FILE},
    probe::{Security, Target, answers, prove_delivery, prove_login, trust},
};
use app::{Cx, queries::checks::Check, use_cases::mailboxes::probe};

use crate::config::{
    Config,
    sections::{MailboxAdapter, Mailboxes},
};

const LOGIN: &str = "mail.imap_login";
const DELIVERY: &str = "mail.delivery";

/// Both checks; fine with the reason where there is nothing to prove.
pub async fn checks(config: &Config, cx: &Cx) -> Vec<Check> {
    let target = match target(config) {
        Ok(Some(target)) => target,
        Ok(None) => return both(true, "no mail servers are configured here"),
        Err(e) => return both(false, &format!("authority of the mail servers: {e}")),
    };
    let probe = match probe::open(cx).await {
        Ok(probe) => probe,
        Err(problem) => return both(false, &format!("no probe mailbox: {problem}")),
    };
    let (user, password) = (probe.address.clone(), probe.password.clone());
    let proved = tokio::task::spawn_blocking(move || {
        let login = prove_login(&target, &user, &password);
        let delivery = prove_delivery(&target, &user, &password, &format!("doctor.{user}"));
        vec![check(LOGIN, login), check(DELIVERY, delivery)]
    });
    let found = proved.await.unwrap_or_else(|e| both(false, &format!("the probe broke: {e}")));
    if let Err(problem) = probe::close(cx, &probe).await {
        tracing::warn!(cause = %problem, "the probe mailbox could not be removed; the next run does");
    }
    found
}

fn check(name: &'static str, proved: Result<String, String>) -> Check {
    match proved {
        Ok(detail) => Check::fine(name, detail),
        Err(detail) => Check::wrong(name, detail),
    }
}

fn both(ok: bool, detail: &str) -> Vec<Check> {
    [LOGIN, DELIVERY].map(|name| Check { name, ok, detail: detail.to_owned() }).into()
}

/// The servers of the configuration; those of the demonstration when they run beside the data.
fn target(config: &Config) -> std::io::Result<Option<Target>> {
    let m = &config.mailboxes;
    let timeout = Duration::from_millis(m.timeout_ms.max(1000));
    if m.adapter != MailboxAdapter::Dovecot {
        return Ok(None);
    }
    if m.imap_host != Mailboxes::default().imap_host {
        let own = Some(m.authority_file.as_path()).filter(|f| !f.as_os_str().is_empty());
        return Ok(Some(Target {
            imap_host: m.imap_host.clone(),
            imap_port: m.imap_port,
            smtp_host: m.smtp_host.clone(),
            smtp_port: m.smtp_port,
            tls: Security::Tls(trust(own)?),
            timeout,
        }));
    }
    let folder = config.data.join("mail");
    let kept = std::fs::read_to_string(folder.join("base-port")).ok();
    let Some(base) = kept.and_then(|t| t.trim().parse().ok()) else { return Ok(None) };
    let ports = Ports::from_base(base);
    if !answers(ports.imaps) {
        return Ok(None);
    }
    Ok(Some(Target {
        imap_host: "127.0.0.1".into(),
        imap_port: ports.imaps,
        smtp_host: "127.0.0.1".into(),
        smtp_port: ports.submissions,
        tls: Security::Tls(trust(Some(&folder.join("tls").join(AUTHORITY_FILE)))?),
        timeout,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_something_to_prove_only_where_servers_are_named() {
        let data = tempfile::tempdir().unwrap();
        let mut config = Config { data: data.path().into(), ..Config::default() };
        assert!(target(&config).unwrap().is_none(), "the sample names nobody's servers");
        config.mailboxes.imap_host = "imap.provider.example".into();
        assert_eq!(target(&config).unwrap().map(|t| t.imap_host).as_deref(), Some("imap.provider.example"));
        config.mailboxes.authority_file = data.path().join("missing.pem");
        assert!(target(&config).is_err());
        config.mailboxes.adapter = MailboxAdapter::Simulated;
        assert!(target(&config).unwrap().is_none());
    }
}
