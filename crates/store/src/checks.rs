//! Questions of `ceralacca doctor`: each counts what must not be there.

use crate::{Query, Result, args, row, sql};

row! {
    /// How many were found.
    pub struct FoundRow { pub count: i64 }
}

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
