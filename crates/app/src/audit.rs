//! The audit: a line for each change, chained by hash so that a line taken out or altered shows.

use domain::{audit::AuditLine, id::AuditId};
use sha2::{Digest, Sha256};
use store::{WriteTx, audit as rows};

use crate::{Cx, Problem};

/// Writes one line in the transaction of the change.
///
/// # Errors
/// When the store cannot be written.
pub async fn record(tx: &mut WriteTx, cx: &Cx, line: &AuditLine) -> Result<(), Problem> {
    let id: AuditId = cx.new_id();
    let details = line.details.to_string();
    let actor_id = cx.actor.uuid();
    let row = rows::NewLine {
        id: id.uuid(),
        at: cx.now().micros(),
        actor_kind: cx.actor.kind(),
        actor_id,
        action: line.action,
        subject_kind: line.subject_kind,
        subject_id: line.subject_id,
        details: &details,
        trace: &cx.trace,
    };
    Ok(rows::insert(tx, &row).await?)
}

/// Numbers and chains up to `limit` lines that are not chained yet; answers how many.
/// One process at a time: the worker holds the lease `audit`.
///
/// # Errors
/// When the store cannot be read or written.
pub async fn seal(cx: &Cx, limit: i64) -> Result<usize, Problem> {
    // Whoever takes a number twice is refused by its unique key.
    let chained = async move |tx: &mut WriteTx| -> Result<usize, Problem> {
        let (mut seq, mut hash) = match rows::last_sealed(tx).await? {
            Some(last) => (last.seq, last.hash),
            None => (0, vec![0; 32]),
        };
        let lines = rows::unsealed(tx, limit).await?;
        for line in &lines {
            seq += 1;
            hash = chain(&hash, line);
            rows::seal(tx, line.id, seq, &hash).await?;
        }
        Ok(lines.len())
    };
    cx.store().write_bulk_lease(chained).await
}

/// The hash of a line after the previous one: every field with its length before it.
fn chain(previous: &[u8], line: &rows::LineRow) -> Vec<u8> {
    let mut h = Sha256::new();
    let mut put = |bytes: &[u8]| {
        h.update((bytes.len() as u64).to_be_bytes());
        h.update(bytes);
    };
    put(previous);
    put(line.id.as_bytes());
    put(&line.at.to_be_bytes());
    put(line.actor_kind.as_bytes());
    put(line.actor_id.map(|u| u.into_bytes()).unwrap_or_default().as_slice());
    put(line.action.as_bytes());
    put(line.subject_kind.as_bytes());
    put(line.subject_id.as_bytes());
    put(line.details.as_bytes());
    put(line.trace.as_bytes());
    h.finalize().to_vec()
}

/// Walks the whole chain; answers how many lines hold, or the number of the first that does not.
///
/// # Errors
/// When the store cannot be read.
pub async fn verify(cx: &Cx) -> Result<Result<i64, i64>, Problem> {
    let (mut seq, mut hash) = (0, vec![0; 32]);
    loop {
        let page = rows::sealed_after(&mut cx.store(), seq, 500).await?;
        if page.is_empty() {
            return Ok(Ok(seq));
        }
        for sealed in page {
            hash = chain(&hash, &sealed.line());
            if sealed.seq != seq + 1 || sealed.hash != hash {
                return Ok(Err(seq + 1));
            }
            seq = sealed.seq;
        }
    }
}
