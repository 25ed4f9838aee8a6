//! Add-ons: what is offered to a mailbox, what it has, and the writes of a purchase.

use domain::{
    addon::{Former, Service, pricing::AddonQuote},
    agreement::Validity,
    catalogue::Price,
    id::{AddonId, LoginId, MailboxId, OperationId, OrderId, OrderLineId, PartyId, PriceId},
    ledger::Entry,
    money::Money,
    renewal::{ServiceKind, Way},
    time::{Date, Timestamp},
};

use crate::{
    Batch, Query, Result, WriteTx, args, audit, client_keys, effects, ledger, obligations, operations, orders, placing,
    row, sms_notices, sql,
};

row! {
    /// A mailbox under an agreement with all that a purchase of an add-on must know of it: one read.
    pub struct BuyerRow {
        pub mailbox_id: MailboxId,
        pub version: i64,
        pub address: String,
        pub state: String,
        pub party_id: PartyId,
        pub login_id: LoginId,
        pub plan_code: String,
        pub plan_name: String,
        pub extra_space_mib: i64,
        pub end_day: Date,
        pub years: i64,
        pub valid_from_day: Date,
        pub valid_until_day: Option<Date>,
        pub purchases: bool,
        pub renewals: bool,
        pub price_list: String,
        pub addon_rule: Option<String>,
        pub display_name: String,
        pub email: String,
        pub mobile: Option<String>,
        pub locale: String,
        pub fiscal_code: Option<String>,
        pub vat_number: Option<String>,
        pub details: String,
        pub posted_cents: Money,
        pub held_cents: Money,
    }
}
impl BuyerRow {
    /// When the agreement is in force, and for what.
    pub fn validity(&self) -> Validity {
        Validity {
            from: self.valid_from_day,
            until: self.valid_until_day,
            purchases: self.purchases,
            renewals: self.renewals,
        }
    }
    /// What may be spent.
    pub fn available(&self) -> Money {
        self.posted_cents - self.held_cents
    }
}
row! {
    /// Where a purchase looks: who pays, what is sold to the mailbox, and what came of the same form if it was sent before.
    pub struct PlaceRow {
        pub before: Option<String>,
        pub mailbox_id: MailboxId,
        pub party_id: PartyId,
        pub plan_code: String,
        pub price_list: String,
    }
}
row! {
    /// An add-on that the price list sells for the plan, with what the mailbox has of it.
    pub struct OfferRow {
        pub service: String,
        pub max_gb: i64,
        pub price_id: PriceId,
        pub valid_from_at: Timestamp,
        pub net_cents: Money,
        pub vat_bp: i64,
        pub have_gb: i64,
        pub last_free: Option<bool>,
        pub last_end_day: Option<Date>,
    }
}
impl OfferRow {
    /// The price of one GB for a year.
    pub fn price(&self) -> Price {
        Price {
            id: self.price_id,
            plan: self.service.clone(),
            valid_from: self.valid_from_at,
            unit_net: self.net_cents,
            vat_bp: self.vat_bp,
        }
    }
    /// The last one of its kind that the mailbox had.
    pub fn former(&self) -> Option<Former> {
        Some(Former { free: self.last_free?, end: self.last_end_day? })
    }
}
row! {
    /// An add-on of a mailbox.
    pub struct AddonRow {
        pub id: AddonId,
        pub service: String,
        pub gb: i64,
        pub start_day: Date,
        pub end_day: Date,
        pub free: bool,
        pub state: String,
        pub order_id: OrderId,
    }
}
row! {
    /// The line of an add-on's order, as it was sold.
    pub struct LineRow {
        pub service: String,
        pub price_id: PriceId,
        pub valid_from_at: Timestamp,
        pub quantity: i64,
        pub years: i64,
        pub months: Option<i64>,
        pub unit_net_cents: Money,
        pub net_cents: Money,
        pub vat_bp: i64,
        pub vat_cents: Money,
        pub gross_cents: Money,
        pub end_day: Date,
    }
}

sql!(
    /// The end of the first period: a renewal is another order.
    LINE_OF = "SELECT l.product_code AS service, l.price_id, x.valid_from_at, l.quantity, l.years, l.months, l.unit_net_cents, l.net_cents, l.vat_bp, l.vat_cents, l.gross_cents, d.end_day \
     FROM orders o JOIN order_lines l ON l.order_id = o.id JOIN prices x ON x.id = l.price_id JOIN addons d ON d.mailbox_id = o.mailbox_id AND d.order_id = o.id WHERE o.id = $1",
    LineRow
);
sql!(
    BUYER = "SELECT m.id AS mailbox_id, m.version, m.address, m.state, m.party_id, m.login_id, m.plan_code, pr.name AS plan_name, m.extra_space_mib, t.end_day, t.years, \
     a.valid_from_day, a.valid_until_day, a.purchases, a.renewals, a.price_list, l.addon_rule, \
     p.display_name, p.email, p.mobile, p.locale, p.fiscal_code, p.vat_number, p.details, \
     COALESCE(w.posted_cents, 0) AS posted_cents, COALESCE(w.held_cents, 0) AS held_cents \
     FROM mailboxes m JOIN products pr ON pr.code = m.plan_code JOIN terms t ON t.mailbox_id = m.id JOIN agreement_mailboxes g ON g.mailbox_id = m.id \
     JOIN agreements a ON a.code = g.agreement_code JOIN price_lists l ON l.code = a.price_list JOIN parties p ON p.id = m.party_id \
     LEFT JOIN ledger_accounts w ON w.kind = 'customer_credit' AND w.owner_id = m.party_id WHERE m.id = $1",
    BuyerRow
);
sql!(
    PLACE = "SELECT (SELECT k.result FROM client_keys k WHERE k.scope = $2 AND k.key = $3) AS before, m.id AS mailbox_id, m.party_id, m.plan_code, a.price_list FROM mailboxes m JOIN agreement_mailboxes g ON g.mailbox_id = m.id JOIN agreements a ON a.code = g.agreement_code WHERE m.id = $1",
    PlaceRow
);
sql!(
    /// Of one service, or of all where it is empty.
    OFFERS = "SELECT o.service, o.max_gb, x.id AS price_id, x.valid_from_at, x.net_cents, x.vat_bp, \
     (SELECT CAST(COALESCE(SUM(d.gb), 0) AS BIGINT) FROM addons d WHERE d.mailbox_id = $3 AND d.service = o.service AND d.state = 'active') AS have_gb, \
     (SELECT d.free FROM addons d WHERE d.mailbox_id = $3 AND d.service = o.service ORDER BY d.end_day DESC, d.id DESC LIMIT 1) AS last_free, \
     (SELECT MAX(d.end_day) FROM addons d WHERE d.mailbox_id = $3 AND d.service = o.service) AS last_end_day \
     FROM dated_offers o JOIN products pr ON pr.code = o.service JOIN prices x ON x.price_list = o.price_list AND x.product_code = o.service AND x.valid_from_at = \
     (SELECT MAX(y.valid_from_at) FROM prices y WHERE y.price_list = o.price_list AND y.product_code = o.service AND y.valid_from_at <= $4) \
     WHERE o.price_list = $1 AND o.plan_code = $2 AND o.max_gb > 0 AND ($6 = '' OR o.service = $6) AND pr.sold_from_day <= $5 AND (pr.sold_until_day IS NULL OR pr.sold_until_day >= $5) AND o.from_day = \
     (SELECT MAX(v.from_day) FROM dated_offers v WHERE v.price_list = o.price_list AND v.plan_code = o.plan_code AND v.service = o.service AND v.from_day <= $5) ORDER BY pr.position, o.service",
    OfferRow
);
sql!(
    OF_MAILBOX = "SELECT id, service, gb, start_day, end_day, free, state, order_id FROM addons WHERE mailbox_id = $1 ORDER BY state, end_day DESC, id DESC LIMIT $2",
    AddonRow
);
sql!(
    ONE = "SELECT id, service, gb, start_day, end_day, free, state, order_id FROM addons WHERE id = $1 AND mailbox_id = $2",
    AddonRow
);
sql!(
    INSERT = "INSERT INTO addons (id, mailbox_id, service, gb, start_day, end_day, free, state, price_list, order_id) VALUES ($1, $2, $3, $4, $5, $6, $7, 'active', $8, $9)"
);
sql!(
    /// The quota that the mail servers read. The version is the guard against whoever raised it meanwhile: where it is
    /// another, it becomes null, which the table refuses, so that COMMIT need not wait for a count.
    RAISE = "UPDATE mailboxes SET extra_space_mib = extra_space_mib + $3, version = CASE WHEN version = $2 AND state = 'active' THEN version + 1 END WHERE id = $1"
);

/// The mailbox and its holder's credit; nothing when it is under no agreement.
pub async fn buyer(q: &mut impl Query, mailbox: MailboxId) -> Result<Option<BuyerRow>> {
    q.opt(&BUYER, args![mailbox]).await
}

/// Where a purchase with this form looks; nothing when the mailbox is under no agreement.
pub async fn place(q: &mut impl Query, mailbox: MailboxId, (scope, key): (&str, &str)) -> Result<Option<PlaceRow>> {
    q.opt(&PLACE, args![mailbox, scope, key]).await
}

/// What is sold to this mailbox now.
pub async fn offers(q: &mut impl Query, b: &BuyerRow, now: Timestamp) -> Result<Vec<OfferRow>> {
    q.all(&OFFERS, args![&b.price_list, &b.plan_code, b.mailbox_id, now, now.date(), ""]).await
}

/// All that a purchase must know.
#[derive(Debug)]
pub struct ForPurchase {
    pub buyer: Option<BuyerRow>,
    /// The service, if it is sold to the mailbox.
    pub offer: Option<OfferRow>,
}
/// Reads it in one flight. `seen` is the mailbox as it was before the transaction: should it have another plan or price
/// list by now, what is sold to it is read again.
///
/// # Errors
/// The store's.
pub async fn for_purchase(tx: &mut WriteTx, seen: &PlaceRow, service: Service, now: Timestamp) -> Result<ForPurchase> {
    let (buyers, offers) = tx
        .two(
            (&BUYER, args![seen.mailbox_id]),
            (&OFFERS, args![&seen.price_list, &seen.plan_code, seen.mailbox_id, now, now.date(), service.as_str()]),
        )
        .await?;
    let (buyer, mut offer) = (buyers.into_iter().next(), offers.into_iter().next());
    if let Some(b) = &buyer
        && (&b.price_list, &b.plan_code) != (&seen.price_list, &seen.plan_code)
    {
        offer = self::offers(tx, b, now).await?.into_iter().find(|o| o.service == service.as_str());
    }
    Ok(ForPurchase { buyer, offer })
}

/// The add-ons of a mailbox, those that run first.
pub async fn of_mailbox(q: &mut impl Query, mailbox: MailboxId, limit: i64) -> Result<Vec<AddonRow>> {
    q.all(&OF_MAILBOX, args![mailbox, limit]).await
}

/// One of them.
pub async fn one(q: &mut impl Query, mailbox: MailboxId, addon: AddonId) -> Result<Option<AddonRow>> {
    q.opt(&ONE, args![addon, mailbox]).await
}

/// What an order of an add-on sold.
pub async fn line_of(q: &mut impl Query, order: OrderId) -> Result<Option<LineRow>> {
    q.opt(&LINE_OF, args![order]).await
}

/// An add-on that has been decided on, with everything that is written beside it.
pub struct NewPurchase<'a> {
    pub buyer: &'a BuyerRow,
    pub order: OrderId,
    pub number: &'a str,
    pub line: OrderLineId,
    pub addon: AddonId,
    pub service: Service,
    pub quote: &'a AddonQuote,
    /// What it adds to the space of the mailbox.
    pub space_mib: i64,
    pub billing: &'a str,
    pub at: Timestamp,
    /// The debit; nothing for what is free.
    pub entry: Option<&'a Entry>,
    pub operation: OperationId,
    pub operation_kind: &'static str,
    pub message: &'a str,
    pub effects: &'a [effects::NewEffect<'a>],
    pub audit: audit::NewLine<'a>,
    /// Key of the form that bought it: scope, key, and the order in words.
    pub form: (&'a str, &'a str, &'a str),
}

/// Debits the wallet, writes order, add-on and outcome, and raises the quota: one transaction, and one flight with its
/// COMMIT, during which others see little of it to conflict with.
///
/// # Errors
/// The store's, of a constraint, when the credit is not there, the form was sent before, or the mailbox was changed
/// since it was read in `tx`.
pub async fn buy(
    tx: &mut WriteTx,
    p: &NewPurchase<'_>,
    transfer_ids: impl FnMut() -> domain::id::TransferId,
) -> Result<()> {
    let (b, q) = (p.buyer, p.quote);
    let mut batch = Batch::new();
    let order = orders::NewSettled {
        id: p.order,
        number: p.number,
        kind: "addon",
        state: "completed",
        party: b.party_id,
        login: b.login_id,
        mailbox: Some(b.mailbox_id),
        years: q.basis.years(),
        net: q.net,
        vat: q.vat,
        payment_method: "wallet",
        billing: p.billing,
        at: p.at,
        paid: true,
        closed: true,
    };
    orders::insert_settled(&mut batch, &order);
    client_keys::claim_new(&mut batch, p.form.0, p.form.1, p.form.2, p.at.micros());
    let line = args![
        p.line,
        p.order,
        p.service.as_str(),
        q.price_id,
        q.gb,
        q.basis.years(),
        q.unit_net,
        q.net,
        q.vat_bp,
        q.vat,
        q.gross,
        q.basis.months()
    ];
    batch.add(&orders::INSERT_LINE_MONTHS, line, 1);
    let service = p.service.as_str();
    let addon = args![p.addon, b.mailbox_id, service, q.gb, p.at.date(), q.until, q.is_free(), &b.price_list, p.order];
    batch.add(&INSERT, addon, 1);
    obligations::open(&mut batch, ServiceKind::Addon, p.addon.uuid(), b.mailbox_id, Way::Wallet, q.until);
    let operation = operations::NewOperation {
        id: p.operation,
        party: b.party_id,
        mailbox: b.mailbox_id,
        at: p.at,
        kind: p.operation_kind,
        outcome: "ok",
        message: p.message,
        amount: Some(q.gross),
        order: Some(p.order),
    };
    operations::insert(&mut batch, &operation);
    placing::add_common(&mut batch, p.effects, &p.audit);
    batch.add_any(&RAISE, args![b.mailbox_id, b.version, p.space_mib]);
    // Up to here and one more none needs to see the others: they are one message.
    if let Some(entry) = p.entry {
        ledger::post_checked(&mut batch, entry, p.at, transfer_ids);
    }
    if p.service == Service::SmsNotice {
        sms_notices::watch_in(&mut batch, b.mailbox_id, p.at);
    }
    tx.batch_commit(batch).await
}
