//! Questions of `ceralacca doctor`: each counts what must not be there.

use crate::{Query, Result, args, row, sql};

row! {
    /// How many were found.
    pub struct FoundRow { pub count: i64 }
}

sql!(
    UNBALANCED = "SELECT COUNT(*) AS count FROM (SELECT cause_id FROM transfers GROUP BY cause_kind, cause_id HAVING SUM(amount_cents) <> 0) AS t",
    FoundRow
);
sql!(
    WRONG_BALANCES = "SELECT COUNT(*) AS count FROM ledger_accounts a LEFT JOIN (SELECT account_id, CAST(SUM(amount_cents) AS BIGINT) AS total FROM transfers GROUP BY account_id) AS t ON t.account_id = a.id WHERE a.posted_cents <> COALESCE(t.total, 0)",
    FoundRow
);
sql!(
    WRONG_HOLDS = "SELECT COUNT(*) AS count FROM ledger_accounts a LEFT JOIN (SELECT account_id, CAST(SUM(amount_cents) AS BIGINT) AS total FROM holds WHERE state = 'pending' GROUP BY account_id) AS h ON h.account_id = a.id WHERE a.held_cents <> COALESCE(h.total, 0)",
    FoundRow
);
sql!(
    OVERDRAWN = "SELECT COUNT(*) AS count FROM ledger_accounts WHERE guarded AND posted_cents - held_cents < 0",
    FoundRow
);
sql!(
    UNPAID = "SELECT COUNT(*) AS count FROM orders o WHERE o.state IN ('paid','activating','activation_failed','completed') AND o.gross_cents > 0 AND o.paid_at IS NULL",
    FoundRow
);
sql!(
    TWICE_SERVED = "SELECT COUNT(*) AS count FROM (SELECT order_id, position FROM order_mailboxes WHERE mailbox_id IS NOT NULL GROUP BY order_id, position HAVING COUNT(*) > 1) AS t",
    FoundRow
);
sql!(
    UNSERVED = "SELECT COUNT(*) AS count FROM orders o WHERE o.state = 'completed' AND o.kind = 'purchase' AND EXISTS (SELECT 1 FROM order_mailboxes m WHERE m.order_id = o.id AND m.mailbox_id IS NULL)",
    FoundRow
);
sql!(
    OUT_OF_REGISTER = "SELECT COUNT(*) AS count FROM mailboxes m WHERE m.state IN ('activating','active','expired') AND NOT EXISTS (SELECT 1 FROM addresses a WHERE a.address = m.address AND a.state = 'assigned' AND a.mailbox_id = m.id)",
    FoundRow
);
sql!(LATE = "SELECT COUNT(*) AS count FROM effects WHERE state = 'ready' AND run_at < $1", FoundRow);

macro_rules! counted {
    ($($(#[$doc:meta])* $name:ident $sql:ident;)*) => {$(
        $(#[$doc])*
        pub async fn $name(q: &mut impl Query) -> Result<i64> {
            Ok(q.one(&$sql, &[]).await?.count)
        }
    )*};
}
counted! {
    /// Causes whose legs do not sum to zero.
    unbalanced_causes UNBALANCED;
    /// Accounts whose balance is not the sum of their transfers.
    wrong_balances WRONG_BALANCES;
    /// Accounts whose held amount is not the sum of their open holds.
    wrong_holds WRONG_HOLDS;
    /// Guarded accounts below zero.
    overdrawn OVERDRAWN;
    /// Orders that were worked on without having been paid.
    unpaid_orders UNPAID;
    /// Places of an order that were served more than once.
    twice_served TWICE_SERVED;
    /// Completed orders with a mailbox missing.
    unserved UNSERVED;
    /// Living mailboxes whose address is not theirs in the register.
    out_of_register OUT_OF_REGISTER;
}

/// Effects that were due before `before` and wait all the same.
pub async fn late_effects(q: &mut impl Query, before: i64) -> Result<i64> {
    Ok(q.one(&LATE, args![before]).await?.count)
}
