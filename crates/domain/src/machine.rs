//! What all state machines share: their picture as a table.
//!
//! A machine is a total pure function `step(state, event, …)`. Its test prints every state ×
//! event pair with [`table`] and compares the text with a file under `docs/machines/` by
//! `golden`, so that a change of behaviour is always seen in a diff. To accept a change, run the
//! test with `CERALACCA_GOLDEN=write` and commit the file.

use std::fmt::Write;

/// The Markdown table of a machine: one row a state, one column an event; `cell` says what
/// happens (the next state and what follows, or the refusal).
pub fn table<S: Copy, E: Copy>(
    title: &str,
    intro: &str,
    states: &[(&str, S)],
    events: &[(&str, E)],
    cell: impl Fn(S, E) -> String,
) -> String {
    let mut out = format!("# {title}\n\n{intro}\n\nPrinted by a test of the machine; do not edit.\n\n");
    // An event a row would be unreadable with many states, and so the other way round: the
    // longer side goes down.
    let rows_are_states = states.len() >= events.len();
    let (rows, columns): (Vec<&str>, Vec<&str>) = if rows_are_states {
        (states.iter().map(|s| s.0).collect(), events.iter().map(|e| e.0).collect())
    } else {
        (events.iter().map(|e| e.0).collect(), states.iter().map(|s| s.0).collect())
    };
    let corner = if rows_are_states { "state ↓ event →" } else { "event ↓ state →" };
    let _ = writeln!(out, "| {corner} | {} |", columns.join(" | "));
    let _ = writeln!(out, "|{}", " --- |".repeat(columns.len() + 1));
    for (r, row) in rows.iter().enumerate() {
        let cells = (0..columns.len()).map(|c| {
            let (s, e) = if rows_are_states { (states[r].1, events[c].1) } else { (states[c].1, events[r].1) };
            cell(s, e)
        });
        let _ = writeln!(out, "| **{row}** | {} |", cells.collect::<Vec<_>>().join(" | "));
    }
    out
}

/// Compares `text` with `docs/machines/<file>`, or writes it there when `CERALACCA_GOLDEN=write`.
#[cfg(test)]
#[track_caller]
pub(crate) fn golden(file: &str, text: &str) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/machines").join(file);
    if std::env::var("CERALACCA_GOLDEN").is_ok_and(|v| v == "write") {
        std::fs::create_dir_all(path.parent().expect("the path has a folder")).expect("docs/machines can be made");
        std::fs::write(&path, text).expect("the golden table can be written");
        return;
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == text,
        "docs/machines/{file} differs from the machine; if that is meant, run with CERALACCA_GOLDEN=write.\n{text}"
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn longer_side_goes_down() {
        let text = table("T", "i", &[("a", 1)], &[("x", 1), ("y", 2)], |s, e| (s + e).to_string());
        assert!(text.ends_with("| event ↓ state → | a |\n| --- | --- |\n| **x** | 2 |\n| **y** | 3 |\n"), "{text}");
    }
}
