//! `ceralacca doctor`: is this installation sound?

use std::{io::Write, time::Duration};

use adapters::plane::probe::{self, Security, Target};
use anyhow::{Context, Result};
use app::{
    Cx,
    queries::checks::{self, Check},
    use_cases::mailboxes::probe as probes,
};
use serde_json::json;

use crate::{
    arguments::Doctor,
    config::{
        self, Config,
        sections::{MailboxAdapter, Mailboxes},
    },
    wiring,
};

/// Runs every check and prints it; `false` when one fails.
///
/// # Errors
/// When the answers cannot be written.
pub async fn run(config: &Config, arguments: &Doctor) -> Result<bool> {
    let mut found = vec![match config::refuse(config) {
        Ok(()) => Check::fine("configuration", "can be true together"),
        Err(complaints) => Check::wrong("configuration", complaints.0.join("; ")),
    }];
    found.extend(inside(config).await);
    let mut out = std::io::stdout().lock();
    for check in &found {
        writeln!(out, "{}", line(check, arguments.json))?;
    }
    Ok(found.iter().all(|c| c.ok))
}

async fn inside(config: &Config) -> Vec<Check> {
    let store = match wiring::open_store(config).await {
        Ok(store) => store,
        Err(e) => return vec![Check::wrong("database.answers", format!("{e:#}"))],
    };
    let mut found = vec![Check::fine("database.answers", store.url().to_string())];
    let cx = match wiring::inside(config, store.clone()) {
        Ok(cx) => cx,
        Err(e) => {
            found.push(Check::wrong("configuration.parts", format!("{e:#}")));
            return found;
        }
    };
    match checks::all(&cx).await {
        Ok(all) => found.extend(all),
        Err(problem) => found.push(Check::wrong("database.reads", problem.to_string())),
    }
    if config.mailboxes.adapter == MailboxAdapter::Dovecot {
        found.extend(mail_servers(config, &cx).await);
    }
    store.close().await;
    found
}

/// Proves by a login and a delivery that the mail servers read this database: a mailbox exists for a moment.
async fn mail_servers(config: &Config, cx: &Cx) -> Vec<Check> {
    let probe = match probes::open(cx).await {
        Ok(probe) => probe,
        Err(problem) => return vec![Check::wrong("mailboxes.login", format!("no probe mailbox: {problem}"))],
    };
    let (mailboxes, asked) = (config.mailboxes.clone(), probe.clone());
    let proved = tokio::task::spawn_blocking(move || prove(&mailboxes, &asked)).await;
    let closed = probes::close(cx, &probe).await;
    let mut found = match proved.map_err(anyhow::Error::from).and_then(|proved| proved) {
        Ok(found) => found,
        Err(e) => vec![Check::wrong("mailboxes.login", format!("{e:#}"))],
    };
    if let Err(problem) = closed {
        found.push(Check::wrong("mailboxes.probe", format!("{} is left behind: {problem}", probe.address)));
    }
    found
}

fn prove(m: &Mailboxes, probe: &probes::OpenProbe) -> Result<Vec<Check>> {
    let authority = Some(m.authority.as_path()).filter(|p| !p.as_os_str().is_empty());
    let target = Target {
        imap_host: m.imap_host.clone(),
        imap_port: m.imap_port,
        smtp_host: m.smtp_host.clone(),
        smtp_port: m.smtp_port,
        tls: Security::Tls(probe::trust(authority).context("`mailboxes.authority`")?),
        timeout: Duration::from_millis(m.timeout_ms),
    };
    let said = |name, proved| match proved {
        Ok(detail) => Check { name, ok: true, detail },
        Err(detail) => Check { name, ok: false, detail },
    };
    let message_id = format!("{}.doctor", probe.address);
    Ok(vec![
        said("mailboxes.login", probe::prove_login(&target, &probe.address, &probe.password)),
        said("mailboxes.delivery", probe::prove_delivery(&target, &probe.address, &probe.password, &message_id)),
    ])
}

fn line(check: &Check, json: bool) -> String {
    if json {
        return json!({ "check": check.name, "ok": check.ok, "detail": check.detail }).to_string();
    }
    format!("{} {:<22} {}", if check.ok { "ok   " } else { "WRONG" }, check.name, check.detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_for_people_and_programs() {
        let check = Check::wrong("books.transfers", "2 causes do not sum to zero");
        assert_eq!(
            line(&check, true),
            r#"{"check":"books.transfers","detail":"2 causes do not sum to zero","ok":false}"#
        );
        assert!(line(&check, false).starts_with("WRONG books.transfers"));
        assert!(line(&Check::fine("a", ""), false).starts_with("ok "));
    }
}
