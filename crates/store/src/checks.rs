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
sql!(
    /// Those that are being activated are renewed too, should that take so long.
    UNRENEWED = "SELECT COUNT(*) AS count FROM (SELECT t.mailbox_id AS id, t.end_day FROM terms t JOIN mailboxes m ON m.id = t.mailbox_id WHERE m.state IN ('activating','active','expired') \
     UNION ALL SELECT id, end_day FROM addons WHERE state = 'active') AS s WHERE NOT EXISTS (SELECT 1 FROM obligations o WHERE o.service_id = s.id AND o.period_start = s.end_day + 1 AND o.state <> 'met')",
    FoundRow
);
sql!(
    OUT_OF_TERM = "SELECT COUNT(*) AS count FROM obligations o LEFT JOIN terms t ON t.mailbox_id = o.service_id LEFT JOIN addons d ON d.id = o.service_id AND d.state = 'active' \
     LEFT JOIN mailboxes m ON m.id = t.mailbox_id AND m.state IN ('activating','active','expired') \
     WHERE o.state IN ('open','running') AND (COALESCE(t.end_day, d.end_day) + 1 <> o.period_start OR COALESCE(m.id, d.id) IS NULL)",
    FoundRow
);
sql!(
    UNWATCHED = "SELECT COUNT(*) AS count FROM addons d WHERE d.service = 'sms_notice' AND d.state = 'active' AND NOT EXISTS (SELECT 1 FROM sms_notices n WHERE n.mailbox_id = d.mailbox_id)",
    FoundRow
);
sql!(
    UNSAID = "SELECT COUNT(*) AS count FROM agreement_mailboxes g JOIN mailboxes m ON m.id = g.mailbox_id JOIN terms t ON t.mailbox_id = g.mailbox_id \
     WHERE COALESCE(m.agreement_code, '') <> g.agreement_code OR COALESCE(t.agreement_code, '') <> g.agreement_code",
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
    /// Services that run without an obligation for the time after their term.
    unrenewed UNRENEWED;
    /// Open obligations that do not begin where the term of a living service ends: also a second one for it.
    out_of_term OUT_OF_TERM;
    /// Add-ons «avviso SMS» that run in a mailbox which is never asked about: paid for, and silent.
    unwatched UNWATCHED;
    /// Members' mailboxes that the lists of their body lack: their rows do not say their agreement.
    unsaid UNSAID;
}

/// Effects that were due before `before` and wait all the same.
pub async fn late_effects(q: &mut impl Query, before: i64) -> Result<i64> {
    Ok(q.one(&LATE, args![before]).await?.count)
}
