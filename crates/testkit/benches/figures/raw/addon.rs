//! The rows of one add-on bought with credit.

use super::rows::{Act, Part};

/// Cents of a GB for a year with VAT, and what it adds: what the sample agreement sells.
pub const GROSS_CENTS: i64 = 305;
pub const SPACE_MIB: i64 = 1024;

/// Given: mailbox, party, login, wallet.
pub const ACT: Act = Act {
    tables: &[
        ("orders", "id = ?1"),
        ("order_lines", "order_id = ?1"),
        ("transfers", "cause_id = ?1"),
        ("addons", "order_id = ?1"),
        ("obligations", "service_id IN (SELECT id FROM addons WHERE order_id = ?1)"),
        ("operations", "order_id = ?1"),
        ("effects", "subject_id = ?1"),
        ("audit_lines", "subject_id = ?1"),
        // The only purchase that the product made.
        ("client_keys", "scope LIKE 'addon:%' AND key LIKE 'bench%' AND EXISTS (SELECT 1 FROM orders WHERE id = ?1)"),
    ],
    reads: &[
        (
            "SELECT m.version, m.state, t.end_day FROM mailboxes m JOIN terms t ON t.mailbox_id = m.id WHERE m.id = ?1",
            0,
        ),
        ("SELECT posted_cents - held_cents FROM ledger_accounts WHERE id = ?1", 3),
    ],
    updates: &[
        (
            "UPDATE ledger_accounts SET posted_cents = posted_cents - ?2, entries = entries + 1 WHERE id = ?1 AND posted_cents - ?2 >= held_cents",
            &[Part::Given(3), Part::Number(GROSS_CENTS)],
        ),
        (
            "UPDATE mailboxes SET extra_space_mib = extra_space_mib + ?2, version = version + 1 WHERE id = ?1 AND state = 'active'",
            &[Part::Given(0), Part::Number(SPACE_MIB)],
        ),
    ],
};
