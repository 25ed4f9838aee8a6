//! The real program, and the raw page, as processes beside this one.
// tidy: allow(clock) benchmarks are stopwatches

use std::{
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use crate::{client, measure::ms, size};

/// The secret of every installation measured here.
pub const SECRET: &str = "the secret of the benchmarks, 32 bytes or more";

/// A process that is stopped with this value.
pub struct Server {
    child: Child,
    pub port: u16,
    /// Milliseconds from the start to the first page.
    pub first_answer_ms: f64,
}

impl Server {
    /// `ceralacca serve` on this SQLite file. The worker is off: what it carries out is no part of an answer.
    pub async fn product(database: &Path) -> Self {
        let port = free_port();
        let folder = database.parent().expect("a file stands in a folder");
        let log = std::fs::File::create(folder.join("serve.log")).expect("the folder is writable");
        let mut command = program(database, port);
        command.arg("serve").stderr(log);
        Self::start(command, port, "/login").await
    }
    /// The raw page of `raw/page.rs` on the same file: this program again.
    pub async fn raw_page(database: &Path) -> Self {
        let port = free_port();
        let mut command = Command::new(std::env::current_exe().expect("this program has a path"));
        command.arg("--raw-page").arg(database).arg(port.to_string());
        Self::start(command, port, "/m?id=1").await
    }
    async fn start(mut command: Command, port: u16, page: &str) -> Self {
        let began = Instant::now();
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn().expect("the program starts");
        let mut server = Self { child, port, first_answer_ms: 0.0 };
        let mut tick = tokio::time::interval(Duration::from_millis(2));
        loop {
            tick.tick().await;
            if let Ok(mut c) = client::Connection::open(port).await
                && c.ask(&client::get(page, ""), false).await.is_ok_and(|a| a.status == 200)
            {
                break;
            }
            assert!(began.elapsed() < Duration::from_secs(30), "no answer: see serve.log");
            let ended = server.child.try_wait().expect("a child can be looked at");
            assert!(ended.is_none(), "the server ended: {ended:?}");
        }
        server.first_answer_ms = ms(began);
        server
    }
    pub fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Gone already is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// `ceralacca` configured for this SQLite file, without its command.
pub fn program(database: &Path, port: u16) -> Command {
    let folder = database.parent().expect("a file stands in a folder");
    program_on(&format!("sqlite:{}", database.display()), folder, port)
}

/// The same for the database at this address; its own files go to `folder`.
pub fn program_on(database: &str, folder: &Path, port: u16) -> Command {
    let program = std::env::var_os("CERALACCA_BINARY").expect("`cargo xtask bench` names the program");
    let mut command = Command::new(program);
    for name in size::NAMES {
        command.env_remove(name);
    }
    command
        .env("CERALACCA_PRODUCTION", "false")
        .env("CERALACCA_DATA", folder)
        .env("CERALACCA_DATABASE", database)
        .env("CERALACCA_LISTEN", format!("127.0.0.1:{port}"))
        .env("CERALACCA_SERVER_BASE_URL", format!("http://127.0.0.1:{port}"))
        .env("CERALACCA_SERVER_SECRET", SECRET)
        .env("CERALACCA_MAIL_ADAPTER", "viewer")
        .env("CERALACCA_SMS_ADAPTER", "viewer")
        .env("CERALACCA_PAYMENT_CARD_GATEWAY", "simulated")
        .env("CERALACCA_MAILBOXES_ADAPTER", "simulated")
        .env("CERALACCA_WORKER_IN_SERVE", "false")
        .env("CERALACCA_LOG_FILTER", "warn");
    command
}

fn free_port() -> u16 {
    let bound = std::net::TcpListener::bind("127.0.0.1:0").expect("a port is free");
    bound.local_addr().expect("it has an address").port()
}
