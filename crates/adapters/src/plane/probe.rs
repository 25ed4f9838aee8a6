//! A small client of IMAP, POP3, SMTP and LMTP: enough to prove that an installation serves mailboxes.
//!
//! Blocking, with a limit on every wait; call it from a thread that may wait. It speaks as a plain mail
//! program does and knows nothing of the platform.

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    net::{TcpStream, ToSocketAddrs},
    path::Path,
    sync::Arc,
    time::Duration,
};

use base64::{Engine, engine::general_purpose::STANDARD};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned, pki_types::ServerName};

/// How the connection is protected.
#[derive(Clone)]
pub enum Security {
    /// Not at all: loopback.
    Plain,
    /// TLS from the first byte.
    Tls(Arc<ClientConfig>),
}

/// Trusts the public authorities, and one more from a PEM file when given.
///
/// # Errors
/// When the file cannot be read or holds no certificate.
pub fn trust(authority: Option<&Path>) -> io::Result<Arc<ClientConfig>> {
    use rustls::pki_types::{CertificateDer, pem::PemObject};
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    if let Some(path) = authority {
        let certificate = CertificateDer::from_pem_file(path).map_err(io::Error::other)?;
        roots.add(certificate).map_err(io::Error::other)?;
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    Ok(Arc::new(config.map_err(io::Error::other)?.with_root_certificates(roots).with_no_client_auth()))
}

enum Stream {
    Plain(TcpStream),
    Tls(Box<StreamOwned<ClientConnection, TcpStream>>),
}
impl Read for Stream {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        match self {
            Stream::Plain(s) => s.read(buf),
            Stream::Tls(s) => s.read(buf),
        }
    }
}
impl Write for Stream {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        match self {
            Stream::Plain(s) => s.write(buf),
            Stream::Tls(s) => s.write(buf),
        }
    }
    fn flush(&mut self) -> io::Result<()> {
        match self {
            Stream::Plain(s) => s.flush(),
            Stream::Tls(s) => s.flush(),
        }
    }
}

/// One connection that talks in lines.
struct Lines {
    stream: BufReader<Stream>,
}
impl Lines {
    fn connect(host: &str, port: u16, security: &Security, timeout: Duration) -> io::Result<Self> {
        let mut last = io::Error::new(io::ErrorKind::NotFound, format!("{host} has no address"));
        for address in (host, port).to_socket_addrs()? {
            match TcpStream::connect_timeout(&address, timeout) {
                Ok(tcp) => {
                    tcp.set_read_timeout(Some(timeout))?;
                    tcp.set_write_timeout(Some(timeout))?;
                    tcp.set_nodelay(true)?;
                    let stream = match security {
                        Security::Plain => Stream::Plain(tcp),
                        Security::Tls(config) => tls(tcp, host, config)?,
                    };
                    return Ok(Self { stream: BufReader::new(stream) });
                }
                Err(e) => last = e,
            }
        }
        Err(last)
    }
    fn send(&mut self, line: &str) -> io::Result<()> {
        if line.contains(['\r', '\n', '\0']) {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "a line break inside a command"));
        }
        let stream = self.stream.get_mut();
        stream.write_all(format!("{line}\r\n").as_bytes())?;
        stream.flush()
    }
    fn line(&mut self) -> io::Result<String> {
        let mut bytes = Vec::new();
        let read = (&mut self.stream).take(1 << 20).read_until(b'\n', &mut bytes)?;
        if read == 0 {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the server closed the connection"));
        }
        Ok(String::from_utf8_lossy(&bytes).trim_end_matches(['\r', '\n']).to_owned())
    }
}
fn tls(tcp: TcpStream, host: &str, config: &Arc<ClientConfig>) -> io::Result<Stream> {
    let name = ServerName::try_from(host.to_owned()).map_err(io::Error::other)?;
    let connection = ClientConnection::new(config.clone(), name).map_err(io::Error::other)?;
    Ok(Stream::Tls(Box::new(StreamOwned::new(connection, tcp))))
}
fn strange(what: &str, said: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("{what}: {said}"))
}

/// An IMAP session.
pub struct Imap {
    lines: Lines,
    tag: u32,
}
impl Imap {
    /// Connects and reads the greeting.
    ///
    /// # Errors
    /// Of the network, or an unwelcoming greeting.
    pub fn connect(host: &str, port: u16, security: &Security, timeout: Duration) -> io::Result<Self> {
        let mut lines = Lines::connect(host, port, security, timeout)?;
        let greeting = lines.line()?;
        match greeting.starts_with("* OK") {
            true => Ok(Self { lines, tag: 0 }),
            false => Err(strange("IMAP greeting", &greeting)),
        }
    }
    /// Sends a command; the lines of the answer, the last one without its tag (`OK …`, `NO …`, `BAD …`).
    ///
    /// # Errors
    /// Of the network.
    pub fn command(&mut self, command: &str) -> io::Result<Vec<String>> {
        self.tag += 1;
        let tag = format!("a{} ", self.tag);
        self.lines.send(&format!("{tag}{command}"))?;
        let mut answer = Vec::new();
        loop {
            let line = self.lines.line()?;
            if let Some(last) = line.strip_prefix(&tag) {
                answer.push(last.to_owned());
                return Ok(answer);
            }
            answer.push(line);
        }
    }
    /// Signs in; `false` when the server refuses the pair. By AUTHENTICATE, since LOGIN is for ASCII only.
    ///
    /// # Errors
    /// Of the network, or when the server cannot tell (its database is away).
    pub fn login(&mut self, user: &str, password: &str) -> io::Result<bool> {
        let plain = STANDARD.encode(format!("\0{user}\0{password}"));
        let answer = self.command(&format!("AUTHENTICATE PLAIN {plain}"))?;
        let last = answer.last().map_or("", String::as_str);
        match last {
            ok if ok.starts_with("OK") => Ok(true),
            no if no.contains("UNAVAILABLE") => Err(strange("IMAP sign-in", no)),
            no if no.starts_with("NO") => Ok(false),
            other => Err(strange("IMAP sign-in", other)),
        }
    }
    /// Used and allowed KiB of the inbox.
    ///
    /// # Errors
    /// Of the network, or when there is no quota.
    pub fn quota_kib(&mut self) -> io::Result<(i64, i64)> {
        let answer = self.command("GETQUOTAROOT INBOX")?;
        let found = answer.iter().find_map(|line| {
            let (_, inside) = line.strip_prefix("* QUOTA ")?.split_once("(STORAGE ")?;
            let (used, limit) = inside.split(')').next()?.split_once(' ')?;
            Some((used.parse().ok()?, limit.parse().ok()?))
        });
        found.ok_or_else(|| strange("no quota", &answer.join(" / ")))
    }
    /// Numbers of the inbox's messages with this Message-ID.
    ///
    /// # Errors
    /// Of the network.
    pub fn find(&mut self, message_id: &str) -> io::Result<Vec<u32>> {
        // tidy: allow(sql) a command of IMAP
        self.command("SELECT INBOX")?;
        let answer = self.command(&format!("SEARCH HEADER Message-ID \"{message_id}\""))?;
        let found = answer.iter().find_map(|l| l.strip_prefix("* SEARCH")).unwrap_or("");
        Ok(found.split_whitespace().filter_map(|n| n.parse().ok()).collect())
    }
}

/// New mail in between asked for, at most so often.
const ROUNDS: usize = 20;

impl Imap {
    /// Waits until a message with this Message-ID lies in the inbox (IDLE, so it is told at once); its number.
    ///
    /// # Errors
    /// Of the network; `TimedOut` or `WouldBlock` when nothing arrives within the time-out of the connection.
    pub fn wait_for(&mut self, message_id: &str) -> io::Result<u32> {
        for _ in 0..ROUNDS {
            if let [number, ..] = self.find(message_id)?[..] {
                return Ok(number);
            }
            self.tag += 1;
            let tag = format!("a{} ", self.tag);
            self.lines.send(&format!("{tag}IDLE"))?;
            loop {
                let line = self.lines.line()?;
                if line.ends_with(" EXISTS") {
                    break;
                }
                if line.starts_with(&tag) {
                    return Err(strange("IDLE", &line));
                }
            }
            self.lines.send("DONE")?;
            while !self.lines.line()?.starts_with(&tag) {}
        }
        Err(io::Error::new(io::ErrorKind::TimedOut, "other messages arrive, this one does not"))
    }
}

/// What an SMTP, LMTP or POP3 server said: code (250, 550; 0 or 1 for POP3) and text.
pub type Reply = (u16, String);

/// An SMTP or LMTP session.
pub struct Smtp {
    lines: Lines,
    host: String,
}
impl Smtp {
    /// Connects, reads the greeting and says hello (`EHLO`; towards LMTP `LHLO`).
    ///
    /// # Errors
    /// Of the network, or an unwelcoming greeting.
    pub fn connect(host: &str, port: u16, security: &Security, timeout: Duration, hello: &str) -> io::Result<Self> {
        let mut this = Self { lines: Lines::connect(host, port, security, timeout)?, host: host.into() };
        for step in [None, Some(hello)] {
            let (code, text) = match step {
                None => this.reply()?,
                Some(hello) => this.command(&format!("{hello} probe.ceralacca.invalid"))?,
            };
            if !(200..300).contains(&code) {
                return Err(strange("SMTP greeting", &format!("{code} {text}")));
            }
        }
        Ok(this)
    }
    fn reply(&mut self) -> io::Result<Reply> {
        let mut text = Vec::new();
        loop {
            let line = self.lines.line()?;
            let code = line.get(..3).and_then(|c| c.parse().ok()).ok_or_else(|| strange("SMTP reply", &line))?;
            text.push(line.get(4..).unwrap_or("").to_owned());
            if line.as_bytes().get(3) != Some(&b'-') {
                return Ok((code, text.join(" ")));
            }
        }
    }
    /// Sends one command.
    ///
    /// # Errors
    /// Of the network.
    pub fn command(&mut self, command: &str) -> io::Result<Reply> {
        self.lines.send(command)?;
        self.reply()
    }
    /// Goes on inside TLS.
    ///
    /// # Errors
    /// When the server does not offer it or its certificate is not trusted.
    pub fn starttls(mut self, config: &Arc<ClientConfig>) -> io::Result<Self> {
        let (code, text) = self.command("STARTTLS")?;
        let Stream::Plain(tcp) = self.lines.stream.into_inner() else {
            return Err(strange("STARTTLS", "inside TLS already"));
        };
        if code != 220 {
            return Err(strange("STARTTLS", &format!("{code} {text}")));
        }
        let stream = tls(tcp, &self.host, config)?;
        let mut this = Self { lines: Lines { stream: BufReader::new(stream) }, host: self.host };
        this.command("EHLO probe.ceralacca.invalid")?;
        Ok(this)
    }
    /// Signs in.
    ///
    /// # Errors
    /// Of the network.
    pub fn auth(&mut self, user: &str, password: &str) -> io::Result<Reply> {
        self.command(&format!("AUTH PLAIN {}", STANDARD.encode(format!("\0{user}\0{password}"))))
    }
    /// Sends one message to one receiver; the first refusal, or the answer to the message.
    ///
    /// # Errors
    /// Of the network.
    pub fn send(&mut self, from: &str, to: &str, message: &str) -> io::Result<Reply> {
        for (command, good) in
            [(format!("MAIL FROM:<{from}>"), 250), (format!("RCPT TO:<{to}>"), 250), ("DATA".into(), 354)]
        {
            let reply = self.command(&command)?;
            if reply.0 != good {
                self.command("RSET")?;
                return Ok(reply);
            }
        }
        for line in message.lines() {
            let dot = if line.starts_with('.') { "." } else { "" };
            self.lines.send(&format!("{dot}{line}"))?;
        }
        self.command(".")
    }
}

/// A POP3 session.
pub struct Pop3(Lines);
impl Pop3 {
    /// Connects and reads the greeting.
    ///
    /// # Errors
    /// Of the network.
    pub fn connect(host: &str, port: u16, security: &Security, timeout: Duration) -> io::Result<Self> {
        let mut lines = Lines::connect(host, port, security, timeout)?;
        lines.line()?;
        Ok(Self(lines))
    }
    /// Sends one command; `true` for `+OK`, with the rest of the line.
    ///
    /// # Errors
    /// Of the network.
    pub fn command(&mut self, command: &str) -> io::Result<(bool, String)> {
        self.0.send(command)?;
        let line = self.0.line()?;
        Ok((line.starts_with("+OK"), line.split_once(' ').map_or("", |(_, rest)| rest).to_owned()))
    }
}

/// Where an installation is to be proved: what customers are told to enter, both inside TLS.
#[derive(Clone)]
pub struct Target {
    pub imap_host: String,
    pub imap_port: u16,
    pub smtp_host: String,
    pub smtp_port: u16,
    /// Whom to trust; see [`trust`].
    pub tls: Security,
    /// Limit of every single wait, and of the whole delivery.
    pub timeout: Duration,
}

/// A message that can be told from every other.
pub fn test_message(from: &str, to: &str, message_id: &str) -> String {
    format!(
        "From: <{from}>\nTo: <{to}>\nSubject: Ceralacca probe\nMessage-ID: <{message_id}>\n\
     Date: Thu, 1 Jan 1970 00:00:00 +0000\nAuto-Submitted: auto-generated\n\nA probe of the mail servers. Delete it.\n"
    )
}

/// Signs in at the installation's IMAP server.
///
/// # Errors
/// In words for the operator.
pub fn prove_login(target: &Target, user: &str, password: &str) -> Result<String, String> {
    let at = format!("IMAP {}:{}", target.imap_host, target.imap_port);
    let session = Imap::connect(&target.imap_host, target.imap_port, &target.tls, target.timeout);
    let mut session = session.map_err(|e| format!("{at}: {e}"))?;
    match session.login(user, password) {
        Ok(true) => Ok(format!("{at}: {user} signed in")),
        Ok(false) => Err(format!("{at}: {user} was refused: do the servers read this database?")),
        Err(e) => Err(format!("{at}: {e}")),
    }
}

/// Sends a message from the mailbox to itself, as its mail program would, and finds it there.
///
/// # Errors
/// In words for the operator.
pub fn prove_delivery(target: &Target, user: &str, password: &str, message_id: &str) -> Result<String, String> {
    let at = format!("SMTP {}:{}", target.smtp_host, target.smtp_port);
    let wrong = |e: io::Error| format!("{at}: {e}");
    let smtp = Smtp::connect(&target.smtp_host, target.smtp_port, &target.tls, target.timeout, "EHLO");
    let mut smtp = smtp.map_err(wrong)?;
    let (code, text) = smtp.auth(user, password).map_err(wrong)?;
    if code != 235 {
        return Err(format!("{at}: {user} was refused: {code} {text}"));
    }
    let (code, text) = smtp.send(user, user, &test_message(user, user, message_id)).map_err(wrong)?;
    if code != 250 {
        return Err(format!("{at} refused a message to {user}: {code} {text}"));
    }
    let read = |e: io::Error| format!("reading {user}: {e}");
    let imap = Imap::connect(&target.imap_host, target.imap_port, &target.tls, target.timeout);
    let mut imap = imap.map_err(read)?;
    if !imap.login(user, password).map_err(read)? {
        return Err(format!("{user} was refused by IMAP"));
    }
    let number = imap.wait_for(message_id).map_err(|e| match e.kind() {
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => {
            format!("{at} took a message to {user}, but it did not arrive within {:?}", target.timeout)
        }
        _ => read(e),
    })?;
    imap.command(&format!("STORE {number} +FLAGS (\\Deleted)")).map_err(read)?;
    imap.command("EXPUNGE").map_err(read)?;
    Ok(format!("{at}: a message to {user} arrived"))
}
