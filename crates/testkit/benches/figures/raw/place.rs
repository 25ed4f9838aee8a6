//! The rows of one placed order.

use super::rows::{Act, Part};

/// Given: the hash of the cart's token.
pub const ACT: Act = Act {
    tables: &[
        ("orders", "id = ?1"),
        ("order_lines", "order_id = ?1"),
        ("order_mailboxes", "order_id = ?1"),
        ("addresses", "order_id = ?1"),
        ("acceptances", "order_id = ?1"),
        ("effects", "subject_id = ?1 OR subject_id IN (SELECT id FROM order_mailboxes WHERE order_id = ?1)"),
        ("audit_lines", "subject_id = ?1 OR subject_id IN (SELECT id FROM order_mailboxes WHERE order_id = ?1)"),
    ],
    reads: &[("SELECT version, mailboxes, plan_code FROM carts WHERE token_hash = ?1", 0)],
    updates: &[(
        "UPDATE carts SET order_id = ?2, version = version + 1, updated_at = ?3 WHERE token_hash = ?1 AND version = 1 AND order_id IS NULL",
        &[Part::Given(0), Part::Order, Part::Number(1_790_000_000_000_000)],
    )],
};
