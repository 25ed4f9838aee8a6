//! File and environment laid over the defaults, with every complaint at once.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use toml::{Table, Value};

use super::{
    nearest::nearest,
    sections::{Config, Secret},
};

const PREFIX: &str = "CERALACCA_";
/// Environment names that stand for a key, and those that are no key.
const SHORT: &[(&str, &str)] =
    &[("CERALACCA_DATABASE", "database.url"), ("CERALACCA_LISTEN", "server.listen"), ("CERALACCA_DATA", "data")];
const NO_KEY: &[&str] = &["CERALACCA_BINARY", "CERALACCA_CONFIG", "CERALACCA_PEERS"];
/// Names of the tests' own surroundings; a program they start inherits them.
const TESTS: &str = "CERALACCA_TEST_";

/// What is wrong with the configuration, one line each.
#[derive(Debug, thiserror::Error)]
#[error("configuration: {}", .0.join("\nconfiguration: "))]
pub struct Complaints(pub Vec<String>);

/// Reads the configuration.
///
/// `base` is in force where `file` and `environment` (that of the process) say nothing.
///
/// # Errors
/// Every unknown key, wrong type, unreadable file at once.
pub fn load(
    base: &Config,
    file: Option<&Path>,
    environment: impl Iterator<Item = (String, String)>,
) -> Result<Config, Complaints> {
    let mut wrong = Vec::new();
    let known = Table::try_from(base).expect("a configuration is plain values");
    let mut table = known.clone();
    if let Some(path) = file {
        match std::fs::read_to_string(path).map_err(|e| e.to_string()).and_then(|t| {
            let parsed = t.parse::<Table>().map_err(|e| e.to_string())?;
            Ok((t, parsed))
        }) {
            Ok((text, parsed)) => overlay(&mut table, parsed, "", &|key| place(path, &text, key), &mut wrong),
            Err(e) => wrong.push(format!("{}: {}", path.display(), e.trim())),
        }
    }
    environ(&mut table, &known, environment, &mut wrong);
    if !wrong.is_empty() {
        return Err(Complaints(wrong));
    }
    let mut config: Config = Value::Table(table)
        .try_into()
        .map_err(|e: toml::de::Error| Complaints(vec![e.to_string().trim().replace('\n', " ")]))?;
    secrets(&mut config, &mut wrong);
    if wrong.is_empty() { Ok(config) } else { Err(Complaints(wrong)) }
}

/// The file read when none is named: `ceralacca.toml` of the current folder, if it is there.
pub fn usual_file() -> Option<PathBuf> {
    Some(PathBuf::from("ceralacca.toml")).filter(|p| p.exists())
}

/// `file:line` of a key, for messages.
fn place(path: &Path, text: &str, dotted: &str) -> String {
    let key = dotted.rsplit('.').next().unwrap_or(dotted);
    let section = dotted.rsplit_once('.').map_or("", |(s, _)| s);
    let mut current = String::new();
    for (i, line) in text.lines().enumerate() {
        let line = line.trim();
        if let Some(name) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
            current = name.trim().to_owned();
            if current == dotted {
                return format!("{}:{}", path.display(), i + 1);
            }
        } else if current == section && line.split('=').next().is_some_and(|k| k.trim() == key) {
            return format!("{}:{}", path.display(), i + 1);
        }
    }
    path.display().to_string()
}

fn overlay(base: &mut Table, over: Table, at: &str, place: &dyn Fn(&str) -> String, wrong: &mut Vec<String>) {
    for (key, value) in over {
        let dotted = if at.is_empty() { key.clone() } else { format!("{at}.{key}") };
        let names: Vec<String> = base.keys().cloned().collect();
        let Some(slot) = base.get_mut(&key) else {
            let meant = match nearest(&key, names.iter().map(String::as_str)) {
                Some(k) if at.is_empty() => format!("; did you mean `{k}`?"),
                Some(k) => format!("; did you mean `{at}.{k}`?"),
                None => String::new(),
            };
            wrong.push(format!("{}: unknown key `{dotted}`{meant}", place(&dotted)));
            continue;
        };
        match (slot, value) {
            (Value::Table(inner), Value::Table(over)) => overlay(inner, over, &dotted, place, wrong),
            (slot, value) if slot.same_type(&value) => *slot = value,
            (slot, value) => {
                wrong.push(format!("{}: `{dotted}` is {}, not {}", place(&dotted), slot.type_str(), value.type_str()))
            }
        }
    }
}

/// The environment name of every key: `server.listen` is `CERALACCA_SERVER_LISTEN`.
fn names(table: &Table, at: &str, found: &mut BTreeMap<String, String>) {
    for (key, value) in table {
        let dotted = if at.is_empty() { key.clone() } else { format!("{at}.{key}") };
        match value {
            Value::Table(inner) => names(inner, &dotted, found),
            _ => drop(found.insert(format!("{PREFIX}{}", dotted.replace('.', "_").to_uppercase()), dotted)),
        }
    }
}

fn environ(
    table: &mut Table,
    known: &Table,
    environment: impl Iterator<Item = (String, String)>,
    wrong: &mut Vec<String>,
) {
    let mut keys = BTreeMap::new();
    names(known, "", &mut keys);
    keys.extend(SHORT.iter().map(|(n, k)| ((*n).to_owned(), (*k).to_owned())));
    for (name, text) in environment {
        if !name.starts_with(PREFIX) || name.starts_with(TESTS) || NO_KEY.contains(&name.as_str()) {
            continue;
        }
        let Some(dotted) = keys.get(&name) else {
            let meant = nearest(&name, keys.keys().map(String::as_str));
            wrong.push(format!(
                "environment: unknown `{name}`{}",
                meant.map_or(String::new(), |k| format!("; did you mean `{k}`?"))
            ));
            continue;
        };
        let mut slot = None;
        let mut level = &mut *table;
        for part in dotted.split('.') {
            match level.get_mut(part) {
                Some(Value::Table(inner)) => level = inner,
                other => {
                    slot = other;
                    break;
                }
            }
        }
        let slot = slot.expect("the names were taken from this table");
        match typed(slot, &text) {
            Some(value) => *slot = value,
            None => wrong.push(format!("environment: `{name}` must be {}", slot.type_str())),
        }
    }
}

/// The text as a value of the same kind as the default.
fn typed(default: &Value, text: &str) -> Option<Value> {
    Some(match default {
        Value::String(_) => Value::String(text.to_owned()),
        Value::Integer(_) => Value::Integer(text.trim().parse().ok()?),
        Value::Boolean(_) => Value::Boolean(text.trim().parse().ok()?),
        Value::Array(_) => Value::Array(
            text.split(',').map(|t| Value::String(t.trim().to_owned())).filter(|t| t.as_str() != Some("")).collect(),
        ),
        _ => return None,
    })
}

/// Fills each empty secret from its file.
fn secrets(config: &mut Config, wrong: &mut Vec<String>) {
    let pairs: [(&mut Secret, &PathBuf); 8] = [
        (&mut config.database.url, &config.database.url_file),
        (&mut config.mail.smtp_password, &config.mail.smtp_password_file),
        (&mut config.mailboxes.doveadm_key, &config.mailboxes.doveadm_key_file),
        (&mut config.mailboxes.database, &config.mailboxes.database_file),
        (&mut config.sms.token, &config.sms.token_file),
        (&mut config.payment.stripe_key, &config.payment.stripe_key_file),
        (&mut config.payment.stripe_webhook_secret, &config.payment.stripe_webhook_secret_file),
        (&mut config.payment.paypal_secret, &config.payment.paypal_secret_file),
    ];
    for (secret, file) in pairs {
        if !secret.is_empty() || file.as_os_str().is_empty() {
            continue;
        }
        match std::fs::read_to_string(file) {
            Ok(text) => *secret = Secret::new(text.trim_end_matches(['\r', '\n'])),
            Err(e) => wrong.push(format!("{}: {e}", file.display())),
        }
    }
}
