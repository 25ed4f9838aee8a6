//! What must be true every night, as questions whose answer must be «no rows».

use store::{Sql, sql};

sql!(
    /// Living mailboxes whose period nobody can tell.
    WITHOUT_TERM = "SELECT m.address FROM mailboxes m LEFT JOIN terms t ON t.mailbox_id = m.id WHERE m.state IN ('activating', 'active', 'expired') AND t.mailbox_id IS NULL ORDER BY m.address LIMIT 5",
    String
);
sql!(
    /// Living mailboxes of orders that nobody has paid.
    WITHOUT_PAYMENT = "SELECT m.address || ' of ' || o.number || ' ' || o.state FROM mailboxes m JOIN orders o ON o.id = m.order_id WHERE m.state IN ('activating', 'active', 'expired') \
     AND (o.paid_at IS NULL OR o.state IN ('awaiting_payment', 'cancelled', 'expired_unpaid')) ORDER BY m.address LIMIT 5",
    String
);
sql!(
    /// Mailboxes that can send though their term was over when the last night was run.
    OVER = "SELECT m.address || ' ' || m.state FROM mailboxes m JOIN terms t ON t.mailbox_id = m.id JOIN (SELECT MAX(day) AS day FROM nights WHERE state = 'done') n ON t.end_day < n.day WHERE m.state = 'active' ORDER BY m.address LIMIT 5",
    String
);
sql!(
    /// Mailboxes that are kept longer than 90 days after their term.
    KEPT = "SELECT m.address || ' ' || m.state FROM mailboxes m JOIN terms t ON t.mailbox_id = m.id JOIN (SELECT MAX(day) AS day FROM nights WHERE state = 'done') n ON t.end_day + 91 < n.day WHERE m.state = 'expired' ORDER BY m.address LIMIT 5",
    String
);
sql!(
    /// Add-ons that outlive their mailbox's term, or of an order that is not settled.
    ADDONS = "SELECT m.address || ' ' || a.service FROM addons a JOIN mailboxes m ON m.id = a.mailbox_id JOIN orders o ON o.id = a.order_id LEFT JOIN terms t ON t.mailbox_id = m.id \
     WHERE a.state = 'active' AND (o.state <> 'completed' OR t.end_day IS NULL OR a.end_day > t.end_day) ORDER BY m.address LIMIT 5",
    String
);
sql!(
    /// Mailboxes that have another space than was bought.
    SPACE = "SELECT m.address || ' has ' || CAST(m.extra_space_mib AS TEXT) FROM mailboxes m LEFT JOIN \
     (SELECT mailbox_id, CAST(SUM(gb) AS BIGINT) * 1024 AS mib FROM addons WHERE service = 'extra_space' AND state = 'active' GROUP BY mailbox_id) a ON a.mailbox_id = m.id \
     WHERE m.state IN ('active', 'expired') AND m.extra_space_mib <> COALESCE(a.mib, 0) ORDER BY m.address LIMIT 5",
    String
);
sql!(
    /// Orders whose state is not that of their money.
    STATES = "SELECT number || ' ' || kind || ' ' || state FROM orders WHERE (paid_at IS NULL) <> (state IN ('awaiting_payment', 'cancelled', 'expired_unpaid')) ORDER BY number LIMIT 5",
    String
);
sql!(
    /// Orders that wait though the whole price has come for them.
    WAIT_PAID = "SELECT o.number FROM orders o JOIN ledger_accounts d ON d.kind = 'order_deposit' AND d.owner_id = o.id WHERE o.state = 'awaiting_payment' AND d.posted_cents >= o.gross_cents ORDER BY o.number LIMIT 5",
    String
);
sql!(
    /// A part that came for an order which needs it no more.
    DEPOSIT_LEFT = "SELECT o.number || ' ' || o.state FROM orders o JOIN ledger_accounts d ON d.kind = 'order_deposit' AND d.owner_id = o.id WHERE o.state <> 'awaiting_payment' AND d.posted_cents <> 0 ORDER BY o.number LIMIT 5",
    String
);
sql!(
    /// One mailbox, paid by two orders.
    SERVED_TWICE = "SELECT MIN(address) FROM order_mailboxes WHERE mailbox_id IS NOT NULL GROUP BY mailbox_id HAVING COUNT(*) > 1 ORDER BY 1 LIMIT 5",
    String
);
sql!(
    /// One top-up, credited twice, or credited and given up.
    TOP_UPS = "SELECT o.number || ' ' || o.state FROM orders o LEFT JOIN (SELECT a.order_id, COUNT(*) AS entries FROM transfers t JOIN ledger_accounts l ON l.id = t.account_id AND l.kind = 'customer_credit' JOIN attempts a ON a.id = t.cause_id \
     WHERE t.cause_kind = 'payment' GROUP BY a.order_id) c ON c.order_id = o.id WHERE o.kind = 'topup' AND COALESCE(c.entries, 0) <> CASE WHEN o.state = 'completed' THEN 1 ELSE 0 END ORDER BY o.number LIMIT 5",
    String
);
sql!(
    /// Nothing that the world outside does leaves an effect for an operator.
    STUCK = "SELECT kind || ': ' || COALESCE(last_error, '-') FROM effects WHERE state = 'stuck' ORDER BY id LIMIT 5",
    String
);
sql!(
    /// Living services whose next period nobody will look at, or which stand in it twice.
    OBLIGATIONS = "SELECT s.what FROM (SELECT 'mailbox ' || m.address AS what, m.id, t.end_day FROM mailboxes m JOIN terms t ON t.mailbox_id = m.id WHERE m.state IN ('active', 'expired') \
     UNION ALL SELECT a.service || ' of ' || m.address, a.id, a.end_day FROM addons a JOIN mailboxes m ON m.id = a.mailbox_id WHERE a.state = 'active') AS s \
     LEFT JOIN obligations o ON o.service_id = s.id AND o.state IN ('open', 'running', 'parked') AND o.period_start = s.end_day + 1 WHERE o.service_id IS NULL ORDER BY s.what LIMIT 5",
    String
);
sql!(
    /// Obligations beyond the one of the next period.
    OTHER_PERIOD = "SELECT m.address || ' ' || o.service_kind || ' ' || o.state FROM obligations o JOIN mailboxes m ON m.id = o.mailbox_id LEFT JOIN terms t ON t.mailbox_id = m.id LEFT JOIN addons a ON a.id = o.service_id \
     WHERE o.state IN ('open', 'running') AND o.period_start <> COALESCE(a.end_day, t.end_day) + 1 ORDER BY m.address LIMIT 5",
    String
);
sql!(
    /// One service and period, paid by two orders.
    PERIOD_TWICE = "SELECT m.address || ' ' || CAST(s.period_start AS TEXT) FROM order_services s JOIN orders o ON o.id = s.order_id JOIN mailboxes m ON m.id = s.mailbox_id \
     WHERE o.paid_at IS NOT NULL AND o.state <> 'cancelled' GROUP BY m.address, s.service_id, s.period_start HAVING COUNT(*) > 1 ORDER BY 1 LIMIT 5",
    String
);
sql!(
    /// What was renewed without an order that is paid.
    MET_UNPAID = "SELECT m.address || ' ' || o.service_kind || ' ' || COALESCE(r.number || ' ' || r.state, 'without an order') FROM obligations o JOIN mailboxes m ON m.id = o.mailbox_id LEFT JOIN orders r ON r.id = o.order_id \
     WHERE o.state = 'met' AND r.paid_at IS NULL ORDER BY 1 LIMIT 5",
    String
);
sql!(
    /// A stored method asked more often than on the days of the rule (domain notes 6.3).
    FIFTH_CHARGE = "SELECT m.address || ' ' || CAST(s.period_start AS TEXT) FROM order_services s JOIN mailboxes m ON m.id = s.mailbox_id JOIN attempts a ON a.order_id = s.order_id \
     WHERE a.kind = 'off_session' GROUP BY m.address, s.service_id, s.period_start HAVING COUNT(*) > 4 ORDER BY 1 LIMIT 5",
    String
);
sql!(
    /// Add-ons that go on though their term was over when the last night was run. What is parked is left as it is until
    /// an operator has looked.
    ADDON_OVER = "SELECT m.address || ' ' || a.service FROM addons a JOIN mailboxes m ON m.id = a.mailbox_id JOIN (SELECT MAX(day) AS day FROM nights WHERE state = 'done') n ON a.end_day < n.day WHERE a.state = 'active' \
     AND NOT EXISTS (SELECT 1 FROM obligations b WHERE b.service_id = a.id AND b.state = 'parked') ORDER BY 1 LIMIT 5",
    String
);
sql!(
    /// Accounts that were parked, and nobody knows why.
    NO_REASON = "SELECT m.address || ' ' || o.service_kind FROM obligations o JOIN mailboxes m ON m.id = o.mailbox_id WHERE o.state = 'parked' AND (o.reason IS NULL OR o.reason = '') ORDER BY m.address LIMIT 5",
    String
);
sql!(
    /// One service and period that waits for the payment of two orders: both could be paid.
    AWAITED_TWICE = "SELECT m.address || ' ' || CAST(s.period_start AS TEXT) FROM orders o JOIN order_services s ON s.order_id = o.id JOIN mailboxes m ON m.id = s.mailbox_id \
     WHERE o.state = 'awaiting_payment' GROUP BY m.address, s.service_id, s.period_start HAVING COUNT(*) > 1 ORDER BY 1 LIMIT 5",
    String
);
sql!(
    /// A period that an order has paid, and that is owed all the same, or was met by another order: somebody paid for nothing.
    PAID_ELSEWHERE = "SELECT m.address || ' by ' || o.number || ', ' || b.state FROM order_services s JOIN orders o ON o.id = s.order_id JOIN mailboxes m ON m.id = s.mailbox_id \
     JOIN obligations b ON b.service_id = s.service_id AND b.period_start = s.period_start WHERE o.state = 'completed' AND (b.state <> 'met' OR b.order_id <> o.id) ORDER BY 1 LIMIT 5",
    String
);
sql!(
    /// A period that is met by an order which does not name it. Credit pays one service with each order.
    MET_BY_OTHER = "SELECT m.address || ' ' || b.service_kind || ' by ' || o.number FROM obligations b JOIN mailboxes m ON m.id = b.mailbox_id JOIN orders o ON o.id = b.order_id \
     LEFT JOIN order_services s ON s.order_id = b.order_id AND s.service_id = b.service_id AND s.period_start = b.period_start \
     WHERE b.state = 'met' AND s.order_id IS NULL AND (o.payment_method <> 'wallet' OR o.mailbox_id <> b.mailbox_id) ORDER BY 1 LIMIT 5",
    String
);
sql!(
    /// Payments and refunds of which another amount is booked than moved.
    MOVED_OTHERWISE = "SELECT o.number || ' ' || a.kind FROM attempts a JOIN orders o ON o.id = a.order_id LEFT JOIN (SELECT t.cause_id, SUM(t.amount_cents) AS cents FROM transfers t \
     JOIN ledger_accounts l ON l.id = t.account_id AND l.kind = 'gateway_clearing' WHERE t.cause_kind IN ('payment', 'refund') GROUP BY t.cause_id) c ON c.cause_id = a.id \
     WHERE a.state = 'succeeded' AND COALESCE(c.cents, 0) <> CASE WHEN a.kind = 'refund' THEN a.amount_cents ELSE -COALESCE(a.received_cents, a.amount_cents) END ORDER BY 1 LIMIT 5",
    String
);
sql!(
    /// Two periods for the price of one.
    MET_TOGETHER = "SELECT MIN(o.number) FROM obligations b JOIN orders o ON o.id = b.order_id WHERE b.state = 'met' AND o.payment_method = 'wallet' GROUP BY b.order_id HAVING COUNT(*) > 1 ORDER BY 1 LIMIT 5",
    String
);
sql!(
    /// Customers' mailboxes that are charged though their renewal is off, or not charged though it is on.
    SWITCHED = "SELECT m.address || ' by ' || b.way || ' ' || b.state FROM obligations b JOIN mailboxes m ON m.id = b.service_id JOIN terms t ON t.mailbox_id = m.id LEFT JOIN agreement_mailboxes g ON g.mailbox_id = m.id \
     WHERE b.state = 'open' AND g.mailbox_id IS NULL AND (b.way IN ('card', 'paypal')) <> t.auto_renew ORDER BY 1 LIMIT 5",
    String
);
sql!(
    /// Members' mailboxes that somebody else renews than the agreement says.
    MEMBERS_WAY = "SELECT m.address || ' by ' || b.way || ' ' || g.renewal_kind FROM agreement_mailboxes g JOIN mailboxes m ON m.id = g.mailbox_id JOIN obligations b ON b.service_id = m.id \
     WHERE b.state = 'open' AND b.way <> CASE WHEN g.renewal_kind = 'by_body' THEN 'body' ELSE 'wallet' END ORDER BY 1 LIMIT 5",
    String
);
sql!(
    /// A charge under way, and nobody asks what became of it.
    RUNNING_ALONE = "SELECT m.address || ' ' || CAST(b.period_start AS TEXT) FROM obligations b JOIN mailboxes m ON m.id = b.mailbox_id WHERE b.state = 'running' \
     AND NOT EXISTS (SELECT 1 FROM attempts a WHERE a.order_id = b.order_id AND a.state NOT IN ('succeeded', 'failed')) ORDER BY 1 LIMIT 5",
    String
);
sql!(
    /// Methods that stay after a payment of somebody who only knew the order's number.
    QUICK_KEPT = "SELECT o.number FROM attempts a JOIN orders o ON o.id = a.order_id WHERE a.quick AND a.method_id IS NOT NULL ORDER BY 1 LIMIT 5",
    String
);
sql!(
    /// Charges of a method that belongs to somebody else.
    OTHERS_METHOD = "SELECT o.number FROM attempts a JOIN methods d ON d.id = a.method_id JOIN orders o ON o.id = a.order_id WHERE a.kind = 'off_session' AND d.login_id <> o.login_id ORDER BY 1 LIMIT 5",
    String
);
sql!(
    /// Full mailboxes that can send (domain notes 4.4). None has less than a GB.
    FULL_SENDS = "SELECT m.address FROM mailbox_usage u JOIN mailboxes m ON m.id = u.mailbox_id JOIN mail_accounts v ON v.address = m.address WHERE u.used_kib >= 1048576 AND u.used_kib >= (m.space_mib + m.extra_space_mib) * 1024 AND v.may_send ORDER BY 1 LIMIT 5",
    String
);

/// Each finds what must not be on any morning, by name.
pub const NIGHTLY: [(&str, &Sql<String>); 19] = [
    ("living mailboxes without a term", &WITHOUT_TERM),
    ("living mailboxes that nobody paid", &WITHOUT_PAYMENT),
    ("active mailboxes whose term is over", &OVER),
    ("mailboxes kept beyond their 90 days", &KEPT),
    ("add-ons without a paid or free term", &ADDONS),
    ("mailboxes with another space than was bought", &SPACE),
    ("orders whose state is not that of their money", &STATES),
    ("orders that wait though they are paid", &WAIT_PAID),
    ("parts of a price that are left with a closed order", &DEPOSIT_LEFT),
    ("stuck effects", &STUCK),
    ("living services without an obligation for their next period", &OBLIGATIONS),
    ("obligations for another period than the next", &OTHER_PERIOD),
    ("active add-ons whose term is over", &ADDON_OVER),
    ("parked accounts without a reason", &NO_REASON),
    ("periods that wait for two payments", &AWAITED_TWICE),
    ("mailboxes whose renewal is not as it was switched", &SWITCHED),
    ("members' mailboxes that somebody else renews", &MEMBERS_WAY),
    ("charges that nobody asks about", &RUNNING_ALONE),
    ("full mailboxes that can send", &FULL_SENDS),
];

/// Each finds what, once done, stays in the rows: looked for every week and at the end, since each goes along all that
/// was ever paid.
pub const LASTING: [(&str, &Sql<String>); 11] = [
    ("mailboxes paid by two orders", &SERVED_TWICE),
    ("top-ups not credited once", &TOP_UPS),
    ("periods that were paid twice", &PERIOD_TWICE),
    ("renewals without a paid order", &MET_UNPAID),
    ("periods charged more than four times", &FIFTH_CHARGE),
    ("periods paid by an order that did not renew them", &PAID_ELSEWHERE),
    ("periods met by an order that does not name them", &MET_BY_OTHER),
    ("payments booked with another amount than moved", &MOVED_OTHERWISE),
    ("orders out of the credit that renewed twice", &MET_TOGETHER),
    ("methods kept after a quick payment", &QUICK_KEPT),
    ("methods of somebody else charged", &OTHERS_METHOD),
];
