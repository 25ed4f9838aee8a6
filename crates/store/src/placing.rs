//! The writes of an order being placed and being paid, each in one flight.

use domain::{
    id::{CartId, HolderId, LoginId, MailboxId, OrderId, OrderLineId, OrderMailboxId, PartyId},
    order::pricing::Quote,
    renewal::{ServiceKind, Way},
    time::{Date, Timestamp},
};

use crate::{Batch, Result, WriteTx, addresses, args, audit, carts, effects, mailboxes, obligations, orders};

/// A mailbox inside an order to be placed.
#[derive(Debug)]
pub struct NewOrderMailbox {
    pub id: OrderMailboxId,
    pub address: String,
    pub domain: String,
    pub holder_kind: &'static str,
    pub holder_id: Option<HolderId>,
    pub holder_tax_key: String,
    pub holder_name: String,
    pub password_email: String,
    /// The address was this holder's before: its entry is taken over instead of written.
    pub again: bool,
}

/// An acceptance, kept as evidence.
#[derive(Debug)]
pub struct NewAcceptance<'a> {
    pub kind: &'static str,
    pub text_version: &'a str,
    pub text_sha256: &'a [u8],
    pub ip: Option<&'a str>,
    pub user_agent: Option<&'a str>,
}

/// An order to be placed, with all that is written beside it.
pub struct NewOrder<'a> {
    pub id: OrderId,
    pub number: &'a str,
    pub party: PartyId,
    pub login: LoginId,
    pub cart: CartId,
    pub cart_version: i64,
    pub line: OrderLineId,
    pub quote: &'a Quote,
    pub payment_method: &'a str,
    pub billing: &'a str,
    pub placed_at: Timestamp,
    pub pay_by_at: Timestamp,
    pub mailboxes: &'a [NewOrderMailbox],
    pub acceptances: &'a [NewAcceptance<'a>],
    pub effects: &'a [effects::NewEffect<'a>],
    pub audit: audit::NewLine<'a>,
}

/// Writes the order and everything beside it, and commits. The counts need not be looked at:
/// the keys of `orders.cart_id` and `addresses.address` are the guard, and a row that was read in
/// this transaction cannot have changed before it ends.
///
/// # Errors
/// `Duplicate` of `orders.cart_id` when the cart was confirmed already, of `addresses.address`
/// when a name was taken meanwhile.
pub async fn place(tx: &mut WriteTx, o: &NewOrder<'_>) -> Result<()> {
    let mut batch = Batch::new();
    let q = o.quote;
    batch.add(
        &orders::INSERT,
        args![
            o.id,
            o.number,
            o.party,
            o.login,
            o.cart,
            q.years,
            q.net,
            q.vat,
            q.gross,
            o.payment_method,
            o.billing,
            o.placed_at,
            o.pay_by_at
        ],
        1,
    );
    let line =
        args![o.line, o.id, &q.plan, q.price_id, q.quantity, q.years, q.unit_net, q.net, q.vat_bp, q.vat, q.gross];
    batch.add(&orders::INSERT_LINE, line, 1);
    batch.add_any(&carts::CLOSE, args![o.cart, o.cart_version, o.id, o.placed_at]);
    for (position, m) in (1_i64..).zip(o.mailboxes) {
        let row = args![
            m.id,
            o.id,
            position,
            &m.address,
            &m.domain,
            &q.plan,
            m.holder_kind,
            m.holder_id,
            &m.holder_tax_key,
            &m.holder_name,
            &m.password_email
        ];
        batch.add(&orders::INSERT_MAILBOX, row, 1);
        let hold = args![&m.address, &m.holder_tax_key, o.id, o.placed_at];
        if m.again {
            batch.add_any(&addresses::HOLD_AGAIN, hold);
        } else {
            batch.add(&addresses::HOLD, hold, 1);
        }
    }
    for a in o.acceptances {
        let row = args![o.id, a.kind, a.text_version, a.text_sha256, o.placed_at, a.ip, a.user_agent];
        batch.add(&orders::INSERT_ACCEPTANCE, row, 1);
    }
    add_common(&mut batch, o.effects, &o.audit);
    tx.batch_commit(batch).await
}

/// Adds the effects and the audit line that ride with other rows.
pub(crate) fn add_common<'a>(batch: &mut Batch<'a>, new: &'a [effects::NewEffect<'a>], line: &'a audit::NewLine<'a>) {
    for e in new {
        let row =
            args![e.id, e.kind, e.subject_kind, e.subject_id, e.payload, e.dedup_key, e.run_at, e.trace, e.created_at];
        batch.add_any(&effects::INSERT, row);
    }
    let row = args![
        line.id,
        line.at,
        line.actor_kind,
        line.actor_id,
        line.action,
        line.subject_kind,
        line.subject_id,
        line.details,
        line.trace
    ];
    batch.add(&audit::INSERT, row, 1);
}

/// A mailbox to be created by a payment.
pub struct NewMailbox<'a> {
    pub id: MailboxId,
    pub row: &'a orders::PayRow,
}

/// An order that has just been paid.
pub struct PaidOrder<'a> {
    pub order: &'a orders::PayRow,
    pub state: &'a str,
    pub paid_at: Timestamp,
    /// The paid period.
    pub start: Date,
    pub end: Date,
    /// How the mailboxes will be renewed.
    pub way: Way,
    pub mailboxes: &'a [NewMailbox<'a>],
    pub effects: &'a [effects::NewEffect<'a>],
    pub audit: audit::NewLine<'a>,
}

/// Writes a payment: the order's state, its mailboxes with their periods, their names for good.
///
/// # Errors
/// `WrongRows` when the order was moved meanwhile or a name is no longer held by it.
pub async fn pay(tx: &mut WriteTx, p: &PaidOrder<'_>) -> Result<()> {
    let o = p.order;
    let mut batch = Batch::new();
    batch.add(&orders::SET_PAID, args![o.order_id, o.version, p.state, p.paid_at], 1);
    for m in p.mailboxes {
        let r = m.row;
        let changed = r.password_hash.as_ref().map(|_| p.paid_at);
        let row = args![
            m.id,
            &r.address,
            &r.domain,
            &r.plan_code,
            p.paid_at,
            o.party_id,
            o.login_id,
            o.order_id,
            &r.holder_kind,
            r.holder_id,
            &r.holder_tax_key,
            &r.holder_name,
            &r.password_hash,
            changed,
            &r.password_email,
            r.space_mib,
            r.archive_mib,
            o.placed_at,
            None::<&str>
        ];
        batch.add(&mailboxes::INSERT, row, 1);
        let term = args![m.id, o.login_id, p.start, p.end, o.years, p.way.by_itself(), None::<&str>];
        batch.add(&mailboxes::INSERT_TERM, term, 1);
        obligations::open(&mut batch, ServiceKind::Mailbox, m.id.uuid(), m.id, p.way, p.end);
        batch.add(&orders::SET_MAILBOX, args![r.order_mailbox_id, m.id], 1);
        batch.add(&addresses::ASSIGN, args![&r.address, o.order_id, m.id, p.paid_at], 1);
    }
    add_common(&mut batch, p.effects, &p.audit);
    tx.batch(batch).await
}
