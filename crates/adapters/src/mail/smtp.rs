//! E-mail through an SMTP server.

use std::{error::Error as _, io, path::PathBuf, time::Duration};

use async_trait::async_trait;
use lettre::{
    Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{
        Mailbox, MultiPart, SinglePart,
        header::{HeaderName, HeaderValue},
    },
    transport::smtp::{
        Error,
        authentication::Credentials,
        client::{Certificate, Tls, TlsParameters},
    },
};
use ports::{
    PortError,
    mail::{Mail, Mailer},
};

/// How the way to the server is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// TLS from the first byte.
    Implicit,
    /// STARTTLS, demanded.
    StartTls,
    /// Not at all: a server on this machine.
    Plain,
}

/// The server and how to speak to it.
#[derive(Clone, Debug)]
pub struct SmtpSettings {
    pub host: String,
    pub port: u16,
    pub security: Security,
    /// One more authority to trust, PEM.
    pub authority: Option<PathBuf>,
    /// User and password, where the server asks for them.
    pub credentials: Option<(String, String)>,
    /// Limit of connecting and of each command.
    pub timeout: Duration,
}

/// Sends through one SMTP server, keeping a few connections open.
pub struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
}

impl Smtp {
    /// # Errors
    /// In words, when the authority cannot be read or the host is not one.
    pub fn new(settings: &SmtpSettings) -> Result<Self, String> {
        let tls = || -> Result<TlsParameters, String> {
            let mut tls = TlsParameters::builder(settings.host.clone());
            if let Some(path) = &settings.authority {
                let pem = std::fs::read(path).map_err(|e| format!("{}: {e}", path.display()))?;
                let certificate = Certificate::from_pem(&pem).map_err(|e| format!("{}: {e}", path.display()))?;
                tls = tls.add_root_certificate(certificate);
            }
            tls.build().map_err(|e| e.to_string())
        };
        let tls = match settings.security {
            Security::Implicit => Tls::Wrapper(tls()?),
            Security::StartTls => Tls::Required(tls()?),
            Security::Plain => Tls::None,
        };
        let mut transport = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&settings.host)
            .port(settings.port)
            .tls(tls)
            .timeout(Some(settings.timeout));
        if let Some((user, password)) = &settings.credentials {
            transport = transport.credentials(Credentials::new(user.clone(), password.clone()));
        }
        Ok(Self { transport: transport.build() })
    }
}

#[async_trait]
impl Mailer for Smtp {
    async fn send(&self, mail: &Mail) -> Result<String, PortError> {
        let message = message(mail)?;
        match self.transport.send(message).await {
            Ok(answer) => Ok(format!("{} {}", answer.code(), answer.message().collect::<Vec<_>>().join(" "))),
            Err(e) => Err(meaning(&e)),
        }
    }
}

/// What is known after this error.
fn meaning(e: &Error) -> PortError {
    let mut words = e.to_string();
    let (mut source, mut not_sent) = (e.source(), words.starts_with("Connection error"));
    while let Some(inner) = source {
        words = format!("{words}: {inner}");
        not_sent |= inner.downcast_ref::<io::Error>().is_some_and(|e| e.kind() == io::ErrorKind::ConnectionRefused);
        source = inner.source();
    }
    let code = e.status().map_or(0, u16::from);
    match () {
        // The server does not let *us* in: our settings are wrong, the message is not.
        () if matches!(code, 530 | 534 | 535 | 538) => PortError::unavailable(words),
        () if e.is_permanent() => PortError::refused("rejected", words),
        () if e.is_transient() || e.is_tls() || e.is_transport_shutdown() || not_sent => PortError::unavailable(words),
        () if e.is_client() => PortError::refused("cannot_be_sent", words),
        () => PortError::outcome_unknown(words),
    }
}

/// The message as it travels. Nothing of it can break out of its header: addresses are parsed, and a
/// control character in the subject or the name of the sender is refused.
fn message(mail: &Mail) -> Result<Message, PortError> {
    let bad = |what: &'static str| move |e: &dyn std::fmt::Display| PortError::refused(what, e.to_string());
    for (what, text) in
        [("bad_subject", &mail.subject), ("bad_sender", &mail.from), ("bad_message_id", &mail.message_id)]
    {
        if text.chars().any(char::is_control) {
            return Err(PortError::refused(what, "a control character in a header"));
        }
    }
    let to: Address = mail.to.parse().map_err(|e: lettre::address::AddressError| bad("bad_recipient")(&e))?;
    let from: Mailbox = mail.from.parse().map_err(|e: lettre::address::AddressError| bad("bad_sender")(&e))?;
    let mut builder = Message::builder()
        .from(from)
        .to(Mailbox::new(None, to))
        .subject(&mail.subject)
        .message_id(Some(format!("<{}>", mail.message_id)))
        // No holiday notice is wanted in answer (RFC 3834).
        .raw_header(raw("Auto-Submitted", "auto-generated"))
        .raw_header(raw("Content-Language", &mail.language));
    if let Some(reply_to) = &mail.reply_to {
        builder = builder.reply_to(reply_to.parse().map_err(|e: lettre::address::AddressError| bad("bad_sender")(&e))?);
    }
    let built = match &mail.html {
        Some(html) => builder.multipart(MultiPart::alternative_plain_html(mail.text.clone(), html.clone())),
        None => builder.singlepart(SinglePart::plain(mail.text.clone())),
    };
    built.map_err(|e| PortError::refused("cannot_be_sent", e.to_string()))
}

fn raw(name: &'static str, value: &str) -> HeaderValue {
    let clean: String = value.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    HeaderValue::new(HeaderName::new_from_ascii_str(name), clean)
}

#[cfg(test)]
mod tests {
    use tokio::{
        io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
        net::TcpListener,
    };

    use super::*;

    fn mail() -> Mail {
        Mail {
            message_id: "0198-key@ceralacca.example".into(),
            from: "Ceralacca <servizi@ceralacca.example>".into(),
            reply_to: None,
            to: "anna@example.org".into(),
            subject: "Città e perché".into(),
            text: "Testo è qui\n.\nfine".into(),
            html: Some("<p>Testo è qui</p>".into()),
            language: "it".into(),
        }
    }

    /// A server of one connection that answers `answers[verb]` instead of yes, and gives back what it heard.
    async fn server(no: &'static str, answer: &'static str) -> (Smtp, tokio::task::JoinHandle<String>) {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let heard = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let (read, mut write) = stream.split();
            let (mut lines, mut heard, mut data) = (BufReader::new(read).lines(), String::new(), false);
            write.write_all(b"220 test\r\n").await.unwrap();
            while let Ok(Some(line)) = lines.next_line().await {
                heard += &format!("{line}\n");
                let say = match line.as_str() {
                    "." if no == "." => answer,
                    "." => "250 kept as 1",
                    _ if data => continue,
                    l if l.starts_with(no) => answer,
                    "DATA" => "354 go on",
                    "QUIT" => "221 bye",
                    _ => "250 fine",
                };
                data = line == "DATA" && say.starts_with("354");
                if say.is_empty() || write.write_all(format!("{say}\r\n").as_bytes()).await.is_err() {
                    break;
                }
            }
            heard
        });
        let settings = SmtpSettings {
            host: "127.0.0.1".into(),
            port,
            security: Security::Plain,
            authority: None,
            credentials: None,
            timeout: Duration::from_secs(5),
        };
        (Smtp::new(&settings).unwrap(), heard)
    }

    #[tokio::test]
    async fn a_message_arrives_in_two_forms_with_its_key() {
        let (smtp, heard) = server("never", "").await;
        assert_eq!(smtp.send(&mail()).await.unwrap(), "250 kept as 1");
        drop(smtp);
        let heard = heard.await.unwrap();
        for part in [
            "MAIL FROM:<servizi@ceralacca.example>",
            "RCPT TO:<anna@example.org>",
            "Message-ID: <0198-key@ceralacca.example>",
            "Auto-Submitted: auto-generated",
            "Content-Language: it",
            "multipart/alternative",
            "text/plain",
            "text/html",
        ] {
            assert!(heard.contains(part), "{part} in {heard}");
        }
    }

    #[tokio::test]
    async fn answers_say_what_is_known() {
        let of = async |no, answer| {
            let (smtp, _) = server(no, answer).await;
            smtp.send(&mail()).await.unwrap_err()
        };
        assert!(matches!(of("RCPT", "550 5.1.1 no such user").await, PortError::Refused(r) if r.code == "rejected"));
        assert!(matches!(of("RCPT", "451 4.3.0 later").await, PortError::Unavailable(_)));
        assert!(matches!(of(".", "452 4.3.1 full").await, PortError::Unavailable(_)));
        assert!(matches!(of(".", "554 5.7.1 spam").await, PortError::Refused(_)));
        assert!(matches!(of("MAIL", "530 5.7.0 sign in first").await, PortError::Unavailable(_)));
        // The connection is gone after the data: perhaps it was taken.
        assert!(matches!(of(".", "").await, PortError::OutcomeUnknown(_)));
    }

    #[tokio::test]
    async fn nobody_listening_means_nothing_was_sent() {
        let port = TcpListener::bind(("127.0.0.1", 0)).await.unwrap().local_addr().unwrap().port();
        let settings = SmtpSettings {
            host: "127.0.0.1".into(),
            port,
            security: Security::Plain,
            authority: None,
            credentials: None,
            timeout: Duration::from_secs(5),
        };
        let error = Smtp::new(&settings).unwrap().send(&mail()).await.unwrap_err();
        assert!(matches!(error, PortError::Unavailable(_)), "{error}");
    }

    #[test]
    fn no_field_breaks_out_of_its_header() {
        type Change = fn(&mut Mail);
        let bad: [(&str, Change); 7] = [
            ("bad_subject", |m| m.subject = "x\r\nBcc: evil@example.org".into()),
            ("bad_subject", |m| m.subject = "x\0".into()),
            ("bad_recipient", |m| m.to = "a@example.org\r\nBcc: evil@example.org".into()),
            ("bad_recipient", |m| m.to = "a@example.org, evil@example.org".into()),
            ("bad_recipient", |m| m.to = "".into()),
            ("bad_sender", |m| m.from = "A\nB <a@example.org>".into()),
            ("bad_message_id", |m| m.message_id = "a>\r\nBcc: <evil@example.org".into()),
        ];
        for (code, change) in bad {
            let mut mail = mail();
            change(&mut mail);
            assert!(matches!(message(&mail), Err(PortError::Refused(r)) if r.code == code), "{code}");
        }
        let mut mail = mail();
        mail.language = "it\r\nBcc: evil@example.org".into();
        let text = String::from_utf8(message(&mail).unwrap().formatted()).unwrap();
        assert!(!text.to_lowercase().contains("\nbcc:"), "{text}");
    }
}
