//! One installation: its data, and the process that serves it until it is killed.
// tidy: allow(clock) measures how long a start takes

use std::{
    fs::{File, OpenOptions},
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use app::{Cx, Settings, secrets::ServerSecret};
use store::{EngineKind, Options, Store, testing};
use testkit::{
    browser::Browser,
    peers::bank::{Bank, WEBHOOK_SECRET},
};

/// How an installation is to be.
pub struct Build<'a> {
    pub engine: EngineKind,
    pub port: u16,
    /// Address of the bank.
    pub bank: String,
    /// Folder of the SQLite file, when it is not to be with the rest.
    pub sqlite_in: Option<&'a std::path::Path>,
    /// More of its configuration: lines of `[database]`.
    pub database: &'static str,
}
impl Build<'static> {
    pub fn of(engine: EngineKind, port: u16, bank: &Bank) -> Self {
        Self { engine, port, bank: bank.base().into(), sqlite_in: None, database: "" }
    }
}

/// A start that takes longer has failed.
const START_LIMIT: Duration = Duration::from_secs(60);
/// How often a process of the system is looked at.
const LOOK: Duration = Duration::from_millis(5);
/// The installation's secret.
const SECRET: &str = "an installation that is killed again and again";

/// A port that nobody has at this moment.
pub fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("a bound port has an address").port()
}

pub struct House {
    folder: tempfile::TempDir,
    /// Kept until the end: dropping it drops the database.
    _db: Option<testing::TestDb>,
    url: String,
    port: u16,
    process: Option<Child>,
}

/// What `ceralacca doctor --json` says in one line.
#[derive(Debug, serde::Deserialize)]
pub struct Check {
    pub check: String,
    pub ok: bool,
    pub detail: String,
}

impl House {
    /// A fresh installation, migrated by the binary.
    pub async fn build(build: Build<'_>) -> Self {
        let folder = tempfile::tempdir().expect("the folder for temporary files is writable");
        let (db, url) = match build.engine {
            EngineKind::Sqlite => {
                let place = build.sqlite_in.unwrap_or(folder.path());
                (None, format!("sqlite:{}", place.join("house.db").display()))
            }
            EngineKind::Postgres => {
                let db = testing::empty(build.engine).await;
                let shown = db.url.to_string();
                let name = shown.rsplit('/').next().expect("an address ends with a name");
                let url = testing::postgres_address(name);
                (Some(db), url)
            }
        };
        let house = Self { folder, _db: db, url, port: build.port, process: None };
        std::fs::write(house.config(), house.configuration(&build)).expect("the folder is writable");
        let migrated = house.command("migrate").status().expect("the binary runs");
        assert!(migrated.success(), "the binary migrates: {}", house.log());
        house
    }
    fn config(&self) -> PathBuf {
        self.folder.path().join("ceralacca.toml")
    }
    fn configuration(&self, build: &Build<'_>) -> String {
        format!(
            r#"production = false
data = "{data}"
[server]
listen = "127.0.0.1:{port}"
secret = "{SECRET}"
[database]
url = "{url}"
{database}
[mail]
adapter = "viewer"
[sms]
adapter = "viewer"
[mailboxes]
adapter = "simulated"
[payment]
card_gateway = "stripe"
stripe_url = "{bank}"
stripe_key = "sk_test"
stripe_publishable_key = "pk_test"
stripe_card_entry = "fields"
stripe_webhook_secret = "{WEBHOOK_SECRET}"
timeout_ms = 5000
[log]
format = "text"
filter = "warn"
"#,
            data = self.folder.path().join("data").display(),
            port = self.port,
            url = self.url,
            database = build.database,
            bank = build.bank,
        )
    }
    fn command(&self, what: &str) -> Command {
        let log = OpenOptions::new().append(true).create(true).open(self.log_file()).expect("the log opens");
        // Another build of the binary, where a run names one.
        let binary = std::env::var("CERALACCA_BINARY").unwrap_or(env!("CARGO_BIN_EXE_ceralacca").into());
        let mut command = Command::new(binary);
        command.arg("--config").arg(self.config()).arg(what);
        command.stdin(Stdio::null()).stdout(clone(&log)).stderr(log).current_dir(self.folder.path());
        command
    }
    fn log_file(&self) -> PathBuf {
        self.folder.path().join("ceralacca.log")
    }
    /// The end of what the binary said.
    pub fn log(&self) -> String {
        let all = std::fs::read_to_string(self.log_file()).unwrap_or_default();
        let lines: Vec<_> = all.lines().collect();
        lines[lines.len().saturating_sub(30)..].join("\n")
    }
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Starts the process; answers how long it took until it was ready.
    pub async fn start(&mut self) -> Duration {
        let began = Instant::now();
        self.process = Some(self.command("serve").spawn().expect("the binary runs"));
        let mut browser = Browser::over_http(&self.address());
        loop {
            if browser.try_get("/health/ready").await.is_ok_and(|page| page.status == 200) {
                return began.elapsed();
            }
            self.must_live();
            assert!(began.elapsed() < START_LIMIT, "not ready in time: {}", self.log());
            pause(LOOK).await;
        }
    }
    /// A start that must fail: its exit code, and what it said.
    ///
    /// # Panics
    /// When it serves.
    pub async fn refused(&self) -> (Option<i32>, String) {
        let before = self.log().len();
        let mut process = self.command("serve").spawn().expect("the binary runs");
        let began = Instant::now();
        loop {
            if let Some(ended) = process.try_wait().expect("a child can be asked") {
                return (ended.code(), self.log().split_off(before).trim().to_owned());
            }
            if began.elapsed() > START_LIMIT {
                let _ = process.kill();
                panic!("it runs: {}", self.log());
            }
            pause(LOOK).await;
        }
    }
    /// # Panics
    /// When it ended by itself.
    pub fn must_live(&mut self) {
        let process = self.process.as_mut().expect("it was started");
        let ended = process.try_wait().expect("a child can be asked");
        assert!(ended.is_none(), "it ended by itself ({ended:?}): {}", self.log());
    }
    /// Lets it work.
    pub async fn live_for(&mut self, time: Duration) {
        pause(time).await;
        self.must_live();
    }
    /// SIGKILL.
    pub fn kill(&mut self) {
        self.must_live();
        let mut process = self.process.take().expect("it was started");
        process.kill().expect("a child can be killed");
        process.wait().expect("a child can be waited for");
    }
    /// A command to its end: whether it went well, and what it said.
    pub fn says(&self, arguments: &[&str]) -> (bool, String) {
        let mut command = self.command(arguments[0]);
        let out = command.args(&arguments[1..]).stdout(Stdio::piped()).stderr(Stdio::piped()).output();
        let out = out.expect("the binary runs");
        let text = [out.stdout, out.stderr].concat();
        (out.status.success(), String::from_utf8(text).expect("what a person reads is text"))
    }
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }
    /// What the doctor finds, while nothing runs.
    pub fn doctor(&self) -> Vec<Check> {
        let out = self.command("doctor").arg("--json").stdout(Stdio::piped()).output().expect("the binary runs");
        let text = String::from_utf8(out.stdout).expect("JSON is text");
        text.lines().map(|line| serde_json::from_str(line).expect("one object a line")).collect()
    }

    /// Every check of the doctor holds.
    ///
    /// # Panics
    /// With those that do not.
    pub fn must_be_sound(&self) {
        let wrong: Vec<_> = self.doctor().into_iter().filter(|c| !c.ok).collect();
        assert!(wrong.is_empty(), "{wrong:?}");
    }

    /// The database as another program sees it.
    pub async fn enter(&self) -> Cx {
        let url = self.url.parse().expect("made of a good address");
        let store = Store::open(&url, Options::default()).await.expect("the database opens");
        let renderer = render::Renderer::new(render::Options::default()).expect("the templates compile");
        let settings = Settings { card_gateway: "stripe".into(), ..Settings::default() };
        Cx::system(store, ServerSecret::new(SECRET.as_bytes()), settings, Arc::new(renderer))
    }
    pub async fn leave(&self, cx: Cx) {
        cx.store().close().await;
    }
}

impl Drop for House {
    fn drop(&mut self) {
        if let Some(process) = &mut self.process {
            // A test that failed leaves no process behind.
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

fn clone(file: &File) -> File {
    file.try_clone().expect("a descriptor can be doubled")
}

pub async fn pause(time: Duration) {
    // tidy: allow(sleep) another process works meanwhile; nothing of it rings here
    tokio::time::sleep(time).await;
}
