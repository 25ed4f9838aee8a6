//! Processes that are no children of the test.

use std::{path::Path, time::Duration};

use crate::house::pause;

/// Looks again and again: a process that is no child of ours tells nobody of its end.
///
/// # Panics
/// When it takes longer than `limit`.
pub async fn until(what: &str, limit: Duration, done: impl Fn() -> bool) {
    let step = Duration::from_millis(50);
    for _ in 0..limit.as_millis() / step.as_millis() {
        if done() {
            return;
        }
        pause(step).await;
    }
    panic!("{what}: not within {limit:?}");
}

/// Processes that work in a folder, or were started with it: number and command line.
pub fn processes_of(folder: &Path) -> Vec<(u32, String)> {
    let text = folder.to_str().expect("the path is text");
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/proc").expect("Linux").flatten() {
        let Some(pid) = entry.file_name().to_str().and_then(|n| n.parse::<u32>().ok()) else { continue };
        let line = std::fs::read(entry.path().join("cmdline")).unwrap_or_default();
        let line = String::from_utf8_lossy(&line).replace('\0', " ");
        let works_there = std::fs::read_link(entry.path().join("cwd")).is_ok_and(|cwd| cwd.starts_with(folder));
        if pid != std::process::id() && !line.is_empty() && (works_there || line.contains(text)) {
            found.push((pid, line));
        }
    }
    found
}
