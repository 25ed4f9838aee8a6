//! A private Dovecot and Postfix on the database of a test, configured by the product's own generator.

use std::{path::Path, time::Duration};

use adapters::plane::{
    config::{Database, Settings},
    dovecot::Dovecot,
    probe::{Imap, Pop3, Reply, Security, Smtp, Target, test_message, trust},
    runner::{self, Running},
};
use store::{DatabaseUrl, testing::TestDb};
use tempfile::TempDir;

/// No answer of a server on loopback takes longer unless something is wrong.
const TIMEOUT: Duration = Duration::from_secs(20);
const HOST: &str = "127.0.0.1";
const KEY: &str = "testtesttesttest";

/// Running servers; they end with the value, also when a test fails.
pub struct MailServers {
    running: Running,
    // After the servers, which write into it.
    _folder: TempDir,
}

impl MailServers {
    /// Starts them on this database. On PostgreSQL they sign in as a role that may read the two views and nothing else.
    ///
    /// # Panics
    /// When they are not installed or do not start.
    pub async fn start(db: &TestDb) -> Self {
        let database = database(db).await;
        let folder = tempfile::Builder::new().prefix("mail").tempdir().expect("a folder for the servers");
        open_to_all(folder.path());
        let base = runner::free_ports().expect("free ports on loopback");
        let settings = Settings { doveadm_key: KEY.into(), ..Settings::private(folder.path(), base, database, "root") };
        let started = tokio::task::spawn_blocking(move || runner::start(settings)).await.expect("no panic");
        let running = started.unwrap_or_else(|e| panic!("mail servers: {e}"));
        Self { running, _folder: folder }
    }
    /// The product's adapter towards them.
    pub fn plane(&self) -> Dovecot {
        let ports = &self.running.settings().ports;
        Dovecot::new(([127, 0, 0, 1], ports.doveadm).into(), KEY, TIMEOUT).expect("an HTTP client")
    }
    pub fn settings(&self) -> &Settings {
        self.running.settings()
    }
    fn tls(&self) -> Security {
        Security::Tls(trust(Some(&self.running.authority_file())).expect("the generated authority"))
    }
    /// What `doctor` would be told of them.
    pub fn target(&self) -> Target {
        let ports = &self.settings().ports;
        Target {
            imap_host: HOST.into(),
            imap_port: ports.imaps,
            smtp_host: HOST.into(),
            smtp_port: ports.submissions,
            tls: self.tls(),
            timeout: TIMEOUT,
        }
    }
    /// An IMAP session over TLS, not signed in.
    pub fn imap(&self) -> Imap {
        Imap::connect(HOST, self.settings().ports.imaps, &self.tls(), TIMEOUT).expect("IMAP answers")
    }
    /// Whether IMAP lets these in.
    pub fn may_login(&self, user: &str, password: &str) -> bool {
        self.imap().login(user, password).expect("IMAP can tell")
    }
    /// What POP3 says: messages in the box, or `None` when it refuses the pair.
    pub fn pop3_messages(&self, user: &str, password: &str) -> Option<u32> {
        let mut pop = Pop3::connect(HOST, self.settings().ports.pop3s, &self.tls(), TIMEOUT).expect("POP3 answers");
        pop.command(&format!("USER {user}")).expect("POP3 answers");
        pop.command(&format!("PASS {password}")).expect("POP3 answers").0.then_some(())?;
        let (_, stat) = pop.command("STAT").expect("POP3 answers");
        stat.split(' ').next()?.parse().ok()
    }
    /// A session with Dovecot's LMTP.
    pub fn lmtp_session(&self) -> Smtp {
        Smtp::connect(HOST, self.settings().ports.lmtp, &Security::Plain, TIMEOUT, "LHLO").expect("LMTP answers")
    }
    /// Hands a message to Dovecot's LMTP; what it says of the receiver.
    pub fn lmtp(&self, to: &str, message_id: &str) -> Reply {
        let mut lmtp = self.lmtp_session();
        lmtp.send("sender@elsewhere.example", to, &test_message("sender@elsewhere.example", to, message_id))
            .expect("LMTP answers")
    }
    /// Hands a message to Postfix as another server does.
    pub fn smtp(&self, from: &str, to: &str, message_id: &str) -> Reply {
        let mut smtp =
            Smtp::connect(HOST, self.settings().ports.smtp, &Security::Plain, TIMEOUT, "EHLO").expect("SMTP answers");
        smtp.send(from, to, &test_message(from, to, message_id)).expect("SMTP answers")
    }
    /// Signs in at submission and sends; the first refusal, or the answer to the message.
    pub fn submit(&self, user: &str, password: &str, from: &str, to: &str, message_id: &str) -> Reply {
        let ports = &self.settings().ports;
        let mut smtp =
            Smtp::connect(HOST, ports.submissions, &self.tls(), TIMEOUT, "EHLO").expect("submission answers");
        let signed_in = smtp.auth(user, password).expect("submission answers");
        if signed_in.0 != 235 {
            return signed_in;
        }
        smtp.send(from, to, &test_message(from, to, message_id)).expect("submission answers")
    }
    /// The same with STARTTLS; without it no password is taken.
    pub fn submit_starttls(&self, user: &str, password: &str, to: &str, message_id: &str) -> Reply {
        let port = self.settings().ports.submission;
        let mut smtp = Smtp::connect(HOST, port, &Security::Plain, TIMEOUT, "EHLO").expect("submission answers");
        let early = smtp.auth(user, password).expect("submission answers");
        assert!(early.0 >= 500, "a password was taken in the clear: {early:?}");
        let Security::Tls(config) = self.tls() else { unreachable!("it is TLS") };
        let mut smtp = smtp.starttls(&config).expect("STARTTLS");
        let signed_in = smtp.auth(user, password).expect("submission answers");
        if signed_in.0 != 235 {
            return signed_in;
        }
        smtp.send(user, to, &test_message(user, to, message_id)).expect("submission answers")
    }
    /// Waits until a message lies in the inbox; `false` when the server says nothing for long.
    pub fn arrives(&self, user: &str, password: &str, message_id: &str) -> bool {
        let mut imap = self.imap();
        assert!(imap.login(user, password).expect("IMAP can tell"), "{user} is let in");
        imap.wait_for(message_id).is_ok()
    }
    /// Message files of a mailbox on the disk.
    ///
    /// # Panics
    /// When its folders cannot be read.
    pub fn messages_on_disk(&self, local_part: &str) -> usize {
        let (mut folders, mut found) = (vec![self._folder.path().to_path_buf()], 0);
        while let Some(folder) = folders.pop() {
            let messages = ["cur", "new"].iter().any(|name| folder.ends_with(name))
                && folder.ancestors().any(|f| f.ends_with(local_part));
            // Servers at work may remove what was just seen.
            for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
                match entry.file_type() {
                    Ok(kind) if kind.is_dir() => folders.push(entry.path()),
                    _ => found += usize::from(messages),
                }
            }
        }
        found
    }
    /// The end of the servers' logs, for the message of a failure.
    pub fn logs(&self) -> String {
        let folder = self._folder.path().join("log");
        ["dovecot.log", "postfix.log"].map(|f| std::fs::read_to_string(folder.join(f)).unwrap_or_default()).join("\n")
    }
}

async fn database(db: &TestDb) -> Database {
    match &db.url {
        DatabaseUrl::Sqlite(path) => Database::Sqlite(path.clone()),
        DatabaseUrl::Postgres { address, .. } => {
            let (client, driver) =
                tokio_postgres::connect(address, tokio_postgres::NoTls).await.expect("PostgreSQL answers");
            let driver = tokio::spawn(driver);
            grant_reader(&client).await;
            drop(client);
            driver.await.expect("no panic").expect("the connection ends well");
            let mut reader = parsed(address);
            reader.set_username(READER).expect("an address with a host");
            reader.set_password(None).expect("an address with a host");
            Database::from_url(reader.as_str()).expect("a database address")
        }
    }
}

const READER: &str = "ceralacca_mail_reader";

fn parsed(address: &str) -> reqwest::Url {
    address.parse().expect("the test database has an address")
}

/// The role belongs to the whole server, so another test may be making it at this moment.
async fn grant_reader(client: &tokio_postgres::Client) {
    let make = format!(
        "DO $$ BEGIN CREATE ROLE {READER} LOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
    );
    client.batch_execute(&make).await.expect("the role can be made");
    let grant = format!("GRANT SELECT ON mail_accounts, mail_domains_served TO {READER}");
    client.batch_execute(&grant).await.expect("the role can be given its rights");
}

fn open_to_all(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).expect("our own folder");
}
