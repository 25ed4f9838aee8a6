//! What a body pays for its members: the mailboxes that owe their next period, and the one order that renews them.

use domain::{
    id::{LoginId, MailboxId, OrderId, OrderLineId, PartyId},
    order::pricing::Quote,
    renewal::calendar,
    time::{Date, Timestamp},
};

use crate::{Batch, Query, Result, WriteTx, args, row, sql};

row! {
    /// A mailbox that the body renews and that nothing has been ordered for yet.
    pub struct OwedRow {
        pub id: MailboxId,
        pub address: String,
        pub holder_name: String,
        pub plan_code: String,
        pub end_day: Date,
    }
}
row! {
    /// Who pays for a body.
    pub struct PayerRow {
        pub kind: String,
        pub display_name: String,
        pub fiscal_code: Option<String>,
        pub vat_number: Option<String>,
        pub email: String,
        pub details: String,
    }
}

sql!(
    OWED = "SELECT m.id, m.address, m.holder_name, m.plan_code, t.end_day \
     FROM agreement_mailboxes g JOIN mailboxes m ON m.id = g.mailbox_id JOIN terms t ON t.mailbox_id = m.id \
     JOIN obligations o ON o.service_id = m.id AND o.period_start = t.end_day + 1 \
     WHERE g.agreement_code = $1 AND g.renewal_kind = 'by_body' AND m.state IN ('active', 'expired') AND o.state = 'open' AND NOT t.notice AND t.end_day <= $2 \
     AND NOT EXISTS (SELECT 1 FROM order_services s JOIN orders x ON x.id = s.order_id WHERE s.service_id = m.id AND s.period_start = o.period_start AND x.state || '' = 'awaiting_payment') \
     ORDER BY g.address, g.mailbox_id",
    OwedRow
);
sql!(PAYER = "SELECT kind, display_name, fiscal_code, vat_number, email, details FROM parties WHERE id = $1", PayerRow);
sql!(
    INSERT_ORDER = "INSERT INTO orders (id, version, number, kind, state, state_at, party_id, login_id, cart_id, years, net_cents, vat_cents, gross_cents, payment_method, billing, placed_at, pay_by_at, paid_at, closed_at) \
     VALUES ($1, 1, $2, 'renewal', 'awaiting_payment', $11, $3, $4, NULL, $5, $6, $7, $8, $9, $10, $11, $12, NULL, NULL)"
);
sql!(
    INSERT_LINE = "INSERT INTO order_lines (id, order_id, position, product_code, price_id, quantity, years, unit_net_cents, net_cents, vat_bp, vat_cents, gross_cents) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
);
sql!(
    INSERT_SERVICE = "INSERT INTO order_services (order_id, service_id, mailbox_id, period_start, years) VALUES ($1, $2, $2, $3, $4)"
);

/// The mailboxes that the body renews and whose period ends by `until`.
pub async fn owed(q: &mut impl Query, agreement: &str, until: Date) -> Result<Vec<OwedRow>> {
    q.all(&OWED, args![agreement, until]).await
}

/// The data of the one who pays.
pub async fn payer(q: &mut impl Query, body: PartyId) -> Result<Option<PayerRow>> {
    q.opt(&PAYER, args![body]).await
}

/// An order of a body.
pub struct NewBodyRenewal<'a> {
    pub id: OrderId,
    pub number: &'a str,
    pub party: PartyId,
    pub login: LoginId,
    /// One line a plan.
    pub lines: &'a [(OrderLineId, Quote)],
    pub years: i64,
    pub payment_method: &'a str,
    pub billing: &'a str,
    pub at: Timestamp,
    pub pay_by: Timestamp,
    pub mailboxes: &'a [OwedRow],
}

/// Writes the order with what it renews.
///
/// # Errors
/// The store's.
pub async fn insert(tx: &mut WriteTx, n: &NewBodyRenewal<'_>) -> Result<()> {
    let sum = |part: fn(&Quote) -> i64| n.lines.iter().map(|(_, q)| part(q)).sum::<i64>();
    let (net, vat) = (sum(|q| q.net.as_cents()), sum(|q| q.vat.as_cents()));
    let mut batch = Batch::new();
    let order = args![
        n.id,
        n.number,
        n.party,
        n.login,
        n.years,
        net,
        vat,
        net + vat,
        n.payment_method,
        n.billing,
        n.at,
        n.pay_by
    ];
    batch.add(&INSERT_ORDER, order, 1);
    for (position, (id, q)) in (1_i64..).zip(n.lines) {
        let line = args![
            *id, n.id, position, &q.plan, q.price_id, q.quantity, q.years, q.unit_net, q.net, q.vat_bp, q.vat, q.gross
        ];
        batch.add(&INSERT_LINE, line, 1);
    }
    tx.batch(batch).await?;
    for page in n.mailboxes.chunks(500) {
        let mut batch = Batch::new();
        for m in page {
            let row = args![n.id, m.id, calendar::period_start(m.end_day), n.years];
            batch.add(&INSERT_SERVICE, row, 1);
        }
        tx.batch(batch).await?;
    }
    Ok(())
}
