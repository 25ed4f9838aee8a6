//! Removal of rows that nobody can use any more, a page at a time.

use domain::id::MailboxId;

use crate::{Result, WriteTx, args, sql};

sql!(
    SESSIONS =
        "DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)"
);
sql!(
    TOKENS =
        "DELETE FROM tokens WHERE id IN (SELECT id FROM tokens WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)"
);
sql!(
    RATE_LIMITS = "DELETE FROM rate_limits WHERE (bucket, window_at) IN (SELECT bucket, window_at FROM rate_limits WHERE window_at < $1 ORDER BY window_at LIMIT $2)"
);
sql!(
    CLIENT_KEYS = "DELETE FROM client_keys WHERE (scope, key) IN (SELECT scope, key FROM client_keys WHERE created_at < $1 ORDER BY created_at LIMIT $2)"
);
sql!(
    REGISTRATIONS = "DELETE FROM registrations WHERE id IN (SELECT id FROM registrations WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)"
);
sql!(CARTS = "DELETE FROM carts WHERE id IN (SELECT id FROM carts WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)");
sql!(
    EFFECTS = "DELETE FROM effects WHERE id IN (SELECT id FROM effects WHERE state IN ('done', 'cancelled') AND finished_at < $1 ORDER BY finished_at LIMIT $2)"
);
sql!(OPERATIONS = "DELETE FROM operations WHERE id IN (SELECT id FROM operations WHERE at < $1 ORDER BY at LIMIT $2)");
sql!(
    NOTICES = "DELETE FROM notices_sent WHERE (end_day, service_id, step) IN (SELECT end_day, service_id, step FROM notices_sent WHERE end_day < $1 ORDER BY end_day LIMIT $2)"
);
sql!(
    NIGHT_LOOKS = "DELETE FROM night_obligations WHERE (day, outcome, service_id, period_start) IN (SELECT day, outcome, service_id, period_start FROM night_obligations WHERE day < $1 ORDER BY day, outcome, service_id, period_start LIMIT $2)"
);
sql!(
    SAY_MAILBOX = "UPDATE mailboxes SET agreement_code = (SELECT g.agreement_code FROM agreement_mailboxes g WHERE g.mailbox_id = mailboxes.id) \
     WHERE id IN (SELECT g.mailbox_id FROM agreement_mailboxes g WHERE g.mailbox_id > $1) AND agreement_code IS NULL"
);
sql!(
    SAY_TERM = "UPDATE terms SET agreement_code = (SELECT g.agreement_code FROM agreement_mailboxes g WHERE g.mailbox_id = terms.mailbox_id) \
     WHERE mailbox_id IN (SELECT g.mailbox_id FROM agreement_mailboxes g WHERE g.mailbox_id > $1) AND agreement_code IS NULL"
);

/// Says the agreement in the rows of members' mailboxes behind this one where it lacks: a process of a version before
/// migration 0033 that was still at work gave them. Answers how many rows were mended.
pub async fn say_agreements(tx: &mut WriteTx, after: MailboxId) -> Result<u64> {
    Ok(tx.run(&SAY_MAILBOX, args![after]).await? + tx.run(&SAY_TERM, args![after]).await?)
}

macro_rules! sweep {
    ($($(#[$doc:meta])* $name:ident $sql:ident;)*) => {$(
        $(#[$doc])*
        pub async fn $name(tx: &mut WriteTx, before: i64, limit: i64) -> Result<u64> {
            tx.run(&$sql, args![before, limit]).await
        }
    )*};
}
sweep! {
    /// Sessions that ended before `before`.
    sessions SESSIONS;
    /// Tokens that expired before `before`.
    tokens TOKENS;
    /// Windows that began before `before`.
    rate_limits RATE_LIMITS;
    /// Form keys made before `before`.
    client_keys CLIENT_KEYS;
    /// Registrations that expired before `before`.
    registrations REGISTRATIONS;
    /// Carts that expired before `before`.
    carts CARTS;
    /// Effects done or cancelled before `before`.
    effects EFFECTS;
    /// Outcomes of holders' operations before `before`.
    operations OPERATIONS;
    /// Notices of periods that ended before a day.
    notices NOTICES;
    /// What nights before a day made of obligations.
    night_looks NIGHT_LOOKS;
}
