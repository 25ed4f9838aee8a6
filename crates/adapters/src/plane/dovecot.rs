//! Mailboxes on Dovecot. It reads the platform's database itself, so making a mailbox is seeing that
//! Dovecot sees it as intended; the questions go through its doveadm interface over HTTP.

use std::{net::SocketAddr, time::Duration};

use async_trait::async_trait;
use base64::{Engine, engine::general_purpose::STANDARD};
use ports::{
    PortError,
    plane::{MailboxPlane, MailboxSpec, Usage},
};
use serde_json::{Value, json};

/// Talks to the doveadm interface of one Dovecot.
pub struct Dovecot {
    http: reqwest::Client,
    url: String,
    authorization: String,
}

/// What one doveadm command came to.
#[derive(Debug)]
enum Answer {
    Rows(Vec<Value>),
    /// Exit code of the command, as `sysexits.h` counts.
    Failed(i64),
}
/// The server knows no such user.
const EX_NOUSER: i64 = 67;
/// No such folder.
const EX_NOT_FOUND: i64 = 68;

impl Dovecot {
    /// The interface at this address with its key; see `doveadm_key` of the generated configuration.
    ///
    /// # Errors
    /// When the HTTP client cannot be built.
    pub fn new(doveadm: SocketAddr, key: &str, timeout: Duration) -> Result<Self, PortError> {
        let http = reqwest::Client::builder().timeout(timeout).no_proxy().build().map_err(PortError::unavailable)?;
        Ok(Self {
            http,
            url: format!("http://{doveadm}/doveadm/v1"),
            authorization: format!("X-Dovecot-API {}", STANDARD.encode(key)),
        })
    }

    /// Runs the commands in order; as many answers as commands.
    async fn run(&self, commands: &[(&str, Value)]) -> Result<Vec<Answer>, PortError> {
        let body: Vec<Value> =
            commands.iter().enumerate().map(|(i, (name, args))| json!([name, args, i.to_string()])).collect();
        let sent = self.http.post(&self.url).header("Authorization", &self.authorization).json(&body).send().await;
        let response = sent.map_err(|e| PortError::unavailable(format!("doveadm: {e}")))?;
        let status = response.status();
        if !status.is_success() {
            return Err(PortError::unavailable(format!("doveadm answered {status}")));
        }
        let text = response.text().await.map_err(|e| PortError::unavailable(format!("doveadm: {e}")))?;
        read_answers(&text, commands.len())
            .ok_or_else(|| PortError::unavailable(format!("doveadm answered beyond understanding: {:.200}", text)))
    }
}

/// `[["doveadmResponse",[…],"0"],["error",{"exitCode":67},"1"]]`
fn read_answers(text: &str, count: usize) -> Option<Vec<Answer>> {
    let all: Vec<(String, Value, String)> = serde_json::from_str(text).ok()?;
    let answers: Option<Vec<Answer>> = all
        .into_iter()
        .map(|(kind, value, _)| match (kind.as_str(), value) {
            ("doveadmResponse", Value::Array(rows)) => Some(Answer::Rows(rows)),
            ("error", value) => Some(Answer::Failed(value.get("exitCode").and_then(Value::as_i64).unwrap_or(-1))),
            _ => None,
        })
        .collect();
    answers.filter(|a| a.len() == count)
}

fn number(row: &Value, field: &str) -> Option<i64> {
    let value = row.get(field)?;
    value.as_i64().or_else(|| value.as_str()?.parse().ok())
}

fn usage_of(rows: &[Value]) -> Option<Usage> {
    let of = |kind: &str| rows.iter().find(|r| r.get("type").and_then(Value::as_str) == Some(kind));
    let storage = of("STORAGE")?;
    Some(Usage {
        used_kib: number(storage, "value")?,
        // Dovecot writes `-` where there is no limit.
        limit_kib: number(storage, "limit").unwrap_or(0),
        messages: of("MESSAGE").and_then(|m| number(m, "value")).unwrap_or(0),
    })
}

fn unread_of(rows: &[Value]) -> Option<i64> {
    let inbox = rows.iter().find(|r| r.get("mailbox").and_then(Value::as_str) == Some("INBOX"))?;
    number(inbox, "unseen")
}

#[async_trait]
impl MailboxPlane for Dovecot {
    async fn ensure(&self, spec: &MailboxSpec) -> Result<(), PortError> {
        if !spec.receive && !spec.login {
            // Nothing to make: the servers' queries no longer find it.
            return Ok(());
        }
        let user = &spec.address;
        // Opening the inbox makes its folders: this shows that the store of mail can be written to.
        let answers = self
            .run(&[
                ("mailboxStatus", json!({"user": user, "mailboxMask": ["INBOX"], "field": ["messages"]})),
                ("quotaGet", json!({"user": user})),
            ])
            .await?;
        match answers.as_slice() {
            [Answer::Rows(_), Answer::Rows(quota)] => match usage_of(quota) {
                Some(usage) if usage.limit_kib == spec.quota_kib => Ok(()),
                other => Err(PortError::unavailable(format!(
                    "Dovecot gives {user} the space {:?} KiB instead of {}: does it read this database?",
                    other.map(|u| u.limit_kib),
                    spec.quota_kib
                ))),
            },
            [Answer::Failed(EX_NOUSER), _] | [_, Answer::Failed(EX_NOUSER)] => {
                Err(PortError::unavailable(format!("Dovecot does not know {user}: does it read this database?")))
            }
            other => Err(PortError::unavailable(format!("Dovecot could not open {user}: {other:?}"))),
        }
    }

    async fn usage(&self, address: &str) -> Result<Option<Usage>, PortError> {
        match self.run(&[("quotaGet", json!({"user": address}))]).await?.as_slice() {
            [Answer::Rows(rows)] => match usage_of(rows) {
                Some(usage) => Ok(Some(usage)),
                None => Err(PortError::unavailable("Dovecot gave no quota of a mailbox")),
            },
            [Answer::Failed(EX_NOUSER)] => Ok(None),
            // Without the address: this is logged.
            other => Err(PortError::unavailable(format!("Dovecot could not count a mailbox: {other:?}"))),
        }
    }

    async fn unread(&self, address: &str) -> Result<Option<i64>, PortError> {
        let asked = json!({"user": address, "mailboxMask": ["INBOX"], "field": ["unseen"]});
        match self.run(&[("mailboxStatus", asked)]).await?.as_slice() {
            // Who has never been given a message nor signed in has no inbox yet.
            [Answer::Failed(EX_NOT_FOUND)] => Ok(Some(0)),
            [Answer::Rows(rows)] if rows.is_empty() => Ok(Some(0)),
            [Answer::Rows(rows)] => match unread_of(rows) {
                Some(unread) => Ok(Some(unread)),
                None => Err(PortError::unavailable("Dovecot did not say what is unread")),
            },
            [Answer::Failed(EX_NOUSER)] => Ok(None),
            other => Err(PortError::unavailable(format!("Dovecot could not open an inbox: {other:?}"))),
        }
    }

    async fn remove(&self, address: &str) -> Result<(), PortError> {
        let listed = self.run(&[("mailboxList", json!({"user": address}))]).await?;
        let folders: Vec<String> = match listed.as_slice() {
            [Answer::Rows(rows)] => {
                rows.iter().filter_map(|r| r.get("mailbox").and_then(Value::as_str)).map(str::to_owned).collect()
            }
            [Answer::Failed(EX_NOUSER)] => return Ok(()),
            other => return Err(PortError::unavailable(format!("Dovecot could not list {address}: {other:?}"))),
        };
        let mut commands = vec![("expunge", json!({"user": address, "query": ["mailbox", "*", "all"]}))];
        // The names of folders are content too; the inbox itself cannot be deleted.
        let mut own: Vec<&String> = folders.iter().filter(|f| !f.eq_ignore_ascii_case("INBOX")).collect();
        own.sort_by_key(|f| std::cmp::Reverse(f.matches('/').count()));
        if !own.is_empty() {
            commands.push(("mailboxDelete", json!({"user": address, "mailbox": own})));
        }
        for answer in self.run(&commands).await? {
            match answer {
                Answer::Rows(_) | Answer::Failed(EX_NOUSER | EX_NOT_FOUND) => {}
                Answer::Failed(code) => {
                    return Err(PortError::unavailable(format!("Dovecot could not empty {address}: exit code {code}")));
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_and_nonsense_is_not() {
        let text = r#"[["doveadmResponse",[{"root":"User quota","type":"STORAGE","value":"7","limit":"2048","percent":"0"},
      {"root":"User quota","type":"MESSAGE","value":"3","limit":"-","percent":"0"}],"0"],["error",{"exitCode":67},"1"]]"#;
        let answers = read_answers(text, 2).unwrap();
        let Answer::Rows(rows) = &answers[0] else { panic!("{answers:?}") };
        assert_eq!(usage_of(rows), Some(Usage { used_kib: 7, limit_kib: 2048, messages: 3 }));
        assert!(matches!(answers[1], Answer::Failed(67)));
        let inbox = |row: &str| unread_of(&[serde_json::from_str(row).unwrap()]);
        assert_eq!(inbox(r#"{"mailbox":"INBOX","unseen":"2"}"#), Some(2));
        assert_eq!(inbox(r#"{"mailbox":"Sent","unseen":"2"}"#), None);
        for nonsense in ["", "{}", "[]", r#"[["doveadmResponse",{},"0"]]"#, r#"[["hello",[],"0"],["hello",[],"1"]]"#] {
            assert!(read_answers(nonsense, 2).is_none(), "{nonsense}");
        }
    }
}
