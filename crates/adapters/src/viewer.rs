//! Mail and SMS that go nowhere: kept in a file and shown by the demonstration's viewer page.

use std::{
    fs::{File, OpenOptions},
    io::{self, BufRead, BufReader, Write},
    path::Path,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use domain::time::Timestamp;
use ports::{
    PortError,
    mail::{Mail, Mailer},
    sms::{Sms, SmsSender},
};
use serde::{Deserialize, Serialize};

/// A message as the viewer shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// The Message-ID of a mail, the reference of an SMS.
    pub id: String,
    /// `email` or `sms`.
    pub channel: String,
    pub to: String,
    /// Empty for an SMS.
    pub subject: String,
    pub text: String,
    /// Business time at which it was sent, RFC 3339.
    pub at: String,
}

/// Keeps what is sent, one JSON object a line. Reopening the file brings the messages back.
pub struct Viewer {
    clock: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    kept: Mutex<Kept>,
}
struct Kept {
    file: File,
    messages: Vec<Shown>,
}

impl Viewer {
    /// Opens the file, or makes it.
    ///
    /// # Errors
    /// When it cannot be read or written. A line cut short by a crash is dropped.
    pub fn open(path: &Path, clock: Arc<dyn Fn() -> Timestamp + Send + Sync>) -> io::Result<Self> {
        let mut file = OpenOptions::new().read(true).append(true).create(true).open(path)?;
        let mut messages: Vec<Shown> = Vec::new();
        let mut whole = true;
        for line in BufReader::new(&mut file).lines() {
            let line = line?;
            let read = serde_json::from_str::<Shown>(&line);
            whole = read.is_ok();
            messages.extend(read.ok());
        }
        if !whole {
            file.write_all(b"\n")?;
        }
        Ok(Self { clock, kept: Mutex::new(Kept { file, messages }) })
    }

    /// Everything sent so far, oldest first.
    pub fn messages(&self) -> Vec<Shown> {
        self.kept.lock().unwrap_or_else(|e| e.into_inner()).messages.clone()
    }

    /// How many messages were sent so far.
    pub fn count(&self) -> usize {
        self.kept.lock().unwrap_or_else(|e| e.into_inner()).messages.len()
    }

    /// Keeps a message; a repeated identifier is the same message.
    fn keep(&self, id: &str, channel: &str, to: &str, subject: &str, text: &str) -> Result<String, PortError> {
        let mut kept = self.kept.lock().unwrap_or_else(|e| e.into_inner());
        if kept.messages.iter().rev().any(|m| m.id == id && m.channel == channel) {
            return Ok("kept already".into());
        }
        let message = Shown {
            id: id.into(),
            channel: channel.into(),
            to: to.into(),
            subject: subject.into(),
            text: text.into(),
            at: (self.clock)().rfc3339(),
        };
        let mut line = serde_json::to_string(&message).map_err(PortError::unavailable)?;
        line.push('\n');
        kept.file.write_all(line.as_bytes()).map_err(PortError::unavailable)?;
        kept.messages.push(message);
        Ok("kept for the viewer".into())
    }
}

#[async_trait]
impl Mailer for Viewer {
    async fn send(&self, mail: &Mail) -> Result<String, PortError> {
        self.keep(&mail.message_id, "email", &mail.to, &mail.subject, &mail.text)
    }
}

#[async_trait]
impl SmsSender for Viewer {
    async fn send(&self, sms: &Sms) -> Result<String, PortError> {
        self.keep(&sms.key, "sms", &sms.to, "", &sms.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail(id: &str) -> Mail {
        Mail {
            message_id: id.into(),
            from: "P <p@example.it>".into(),
            reply_to: None,
            to: "anna@example.it".into(),
            subject: "Conferma".into(),
            text: "riga uno\nriga \"due\"".into(),
            html: None,
            language: "it".into(),
        }
    }
    fn open(path: &Path) -> Viewer {
        Viewer::open(path, Arc::new(|| Timestamp::from_micros(0))).unwrap()
    }

    #[tokio::test]
    async fn kept_over_a_restart_and_once_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("messages.jsonl");
        let viewer = open(&path);
        Mailer::send(&viewer, &mail("1@x")).await.unwrap();
        Mailer::send(&viewer, &mail("1@x")).await.unwrap();
        SmsSender::send(&viewer, &Sms { key: "eff_1".into(), to: "+393331234567".into(), text: "123456".into() })
            .await
            .unwrap();
        drop(viewer);
        let again = open(&path);
        assert_eq!(again.count(), 2);
        let messages = again.messages();
        assert_eq!((messages[0].channel.as_str(), messages[1].channel.as_str()), ("email", "sms"));
        assert_eq!(messages[0].text, "riga uno\nriga \"due\"");
        assert_eq!(messages[0].at, "1970-01-01T00:00:00Z");
    }

    #[tokio::test]
    async fn a_line_cut_short_is_dropped() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("messages.jsonl");
        Mailer::send(&open(&path), &mail("1@x")).await.unwrap();
        OpenOptions::new().append(true).open(&path).unwrap().write_all(b"{\"id\":\"2").unwrap();
        Mailer::send(&open(&path), &mail("3@x")).await.unwrap();
        let ids: Vec<String> = open(&path).messages().into_iter().map(|m| m.id).collect();
        assert_eq!(ids, ["1@x", "3@x"]);
    }
}
