//! `ceralacca doctor`: is this installation sound?

use std::io::Write;

use anyhow::Result;
use app::queries::checks::{self, Check};
use serde_json::json;

use super::doctor_mail;
use crate::{arguments::Doctor, config::Config, wiring};

/// Runs every check and prints it; `false` when one fails.
///
/// # Errors
/// When the installation cannot be put together, or the database not be read at all.
pub async fn run(config: &Config, arguments: &Doctor) -> Result<bool> {
    let mut found = Vec::new();
    match wiring::open_store(config).await {
        Err(e) => found.push(Check::wrong("database.answers", format!("{e:#}"))),
        Ok(store) => {
            found.push(Check::fine("database.answers", store.url().to_string()));
            let parts = wiring::parts(config, store)?;
            match checks::all(&parts.cx).await {
                Ok(all) => {
                    found.extend(all);
                    found.extend(doctor_mail::checks(config, &parts.cx).await);
                }
                Err(problem) => found.push(Check::wrong("database.reads", problem.to_string())),
            }
        }
    }
    let mut out = std::io::stdout().lock();
    for check in &found {
        writeln!(out, "{}", line(check, arguments.json))?;
    }
    Ok(found.iter().all(|c| c.ok))
}

fn line(check: &Check, json: bool) -> String {
    if json {
        return json!({ "check": check.name, "ok": check.ok, "detail": check.detail }).to_string();
    }
    format!("{} {:<22} {}", if check.ok { "ok   " } else { "WRONG" }, check.name, check.detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_for_people_and_programs() {
        let check = Check::wrong("books.transfers", "2 causes do not sum to zero");
        assert_eq!(
            line(&check, true),
            r#"{"check":"books.transfers","detail":"2 causes do not sum to zero","ok":false}"#
        );
        assert!(line(&check, false).starts_with("WRONG books.transfers"));
        assert!(line(&Check::fine("a", ""), false).starts_with("ok "));
    }
}
