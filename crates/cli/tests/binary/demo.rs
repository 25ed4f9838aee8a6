//! The demonstration leaves no mail server behind, however it ends.

use std::{
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use crate::{
    house::{free_port, pause},
    processes::{processes_of, until},
};

/// Start and end of the demonstration together, at most.
const LIMIT: Duration = Duration::from_secs(60);

struct Demo {
    folder: tempfile::TempDir,
    port: u16,
}

impl Demo {
    fn new() -> Self {
        let folder = tempfile::Builder::new().prefix("demo").tempdir().expect("a folder");
        Self { folder, port: free_port() }
    }
    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }
    fn said(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("said")).unwrap_or_default()
    }
    /// Starts it, in a process group of its own as a terminal does.
    fn start(&self) -> Child {
        let said = std::fs::File::create(self.folder.path().join("said")).expect("a file");
        let mut command = Command::new(env!("CARGO_BIN_EXE_ceralacca"));
        command.arg("demo").current_dir(self.folder.path()).env("CERALACCA_DATA", self.data());
        command.env("CERALACCA_LISTEN", format!("127.0.0.1:{}", self.port));
        command.stdin(Stdio::null()).stderr(said.try_clone().expect("a second descriptor")).stdout(said);
        command.process_group(0).spawn().expect("the binary runs")
    }
    async fn ready(&self) {
        until("ready", LIMIT, || self.said().contains("\nready http://")).await;
    }
    fn masters(&self) -> Vec<(u32, String)> {
        let is_master = |line: &str| line.contains("/dovecot -F") || line.contains("/master -c");
        processes_of(&self.data()).into_iter().filter(|(_, line)| is_master(line)).collect()
    }
    async fn nothing_left(&self) {
        until("no process is left", LIMIT, || processes_of(self.folder.path()).is_empty()).await;
    }
}
impl Drop for Demo {
    fn drop(&mut self) {
        // A test that failed leaves nothing behind either: these work in its own folder.
        for (pid, _) in processes_of(self.folder.path()) {
            signal("-KILL", &pid.to_string());
        }
    }
}

fn signal(name: &str, whom: &str) {
    let sent = Command::new("kill").args([name, "--", whom]).stderr(Stdio::null()).status();
    assert!(sent.is_ok(), "`kill` is there");
}

/// Both servers, of this folder.
fn must_be_a_pair(masters: &[(u32, String)], folder: &Path) {
    assert_eq!(masters.len(), 2, "Dovecot and Postfix of {}: {masters:?}", folder.display());
}

#[tokio::test(flavor = "multi_thread")]
async fn asked_to_end_at_any_moment_it_takes_its_mail_servers_along() {
    let demo = Demo::new();
    for after_ms in [50, 400, 900, 1_600, 2_600] {
        let mut child = demo.start();
        pause(Duration::from_millis(after_ms)).await;
        signal("-TERM", &child.id().to_string());
        let ended = tokio::task::spawn_blocking(move || child.wait()).await.expect("no panic");
        ended.expect("a child can be waited for");
        demo.nothing_left().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_with_all_its_group_the_next_start_clears_up() {
    let demo = Demo::new();
    let mut child = demo.start();
    demo.ready().await;
    must_be_a_pair(&demo.masters(), demo.folder.path());
    // The parent alone: the watcher ends the servers.
    signal("-KILL", &child.id().to_string());
    child.wait().expect("a child can be waited for");
    demo.nothing_left().await;

    // Nobody is left who could: everything but the masters is killed.
    let mut child = demo.start();
    demo.ready().await;
    let masters = demo.masters();
    let watchers = processes_of(&demo.data()).into_iter().chain(children(child.id()));
    for (pid, _) in watchers.filter(|(pid, _)| masters.iter().all(|(master, _)| master != pid)) {
        signal("-KILL", &pid.to_string());
    }
    signal("-KILL", &child.id().to_string());
    child.wait().expect("a child can be waited for");
    let left = demo.masters();
    must_be_a_pair(&left, demo.folder.path());

    let mut child = demo.start();
    demo.ready().await;
    let fresh = demo.masters();
    must_be_a_pair(&fresh, demo.folder.path());
    assert!(fresh.iter().all(|(pid, _)| left.iter().all(|(old, _)| old != pid)), "{left:?} gave way to {fresh:?}");
    signal("-TERM", &child.id().to_string());
    child.wait().expect("a child can be waited for");
    demo.nothing_left().await;
}

/// The processes whose parent this is, whichever of its threads started them.
fn children(parent: u32) -> Vec<(u32, String)> {
    let threads = std::fs::read_dir(format!("/proc/{parent}/task")).expect("the process runs");
    let of_each = threads.flatten().map(|t| std::fs::read_to_string(t.path().join("children")).unwrap_or_default());
    let all: String = of_each.map(|pids| pids + " ").collect();
    all.split_whitespace().filter_map(|pid| Some((pid.parse().ok()?, String::new()))).collect()
}
