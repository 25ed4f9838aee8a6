//! Renewals out of the credit, a page at a time: one by one, oldest first, each all or nothing (domain notes 5.5).

use std::collections::{BTreeMap, HashMap};

use domain::{
    actor::Actor,
    addon::Service,
    effect::EffectRequest,
    id::{AuditId, EffectId, MailboxId, OperationId, OrderId, OrderLineId, TransferId},
    ledger::{AccountKey, AccountKind},
    money::Money,
    renewal::{
        ServiceKind, calendar,
        machine::{ObligationEvent, step},
        wallet::{Taken, take},
    },
    time::Date,
};
use render::Msg;
use serde_json::json;
use store::{
    WriteTx, counters, ledger, night_looks,
    renewals::{self as rows, DueRow, RenewalPage},
    sms_notices,
};
use uuid::Uuid;

use super::{
    billing, facts, notices, order_number,
    prices::{Prices, Renewal, Trouble},
};
use crate::{Cx, Problem};

/// MiB of one GB, as plans and quotas count.
const MIB_PER_GB: i64 = 1024;
const SMS: &str = Service::SmsNotice.as_str();

/// What came of a page.
#[derive(Default, Debug)]
pub struct Settled {
    /// Word of an outcome, how many.
    pub counts: BTreeMap<&'static str, i64>,
    /// Mailboxes that were renewed.
    pub mailboxes: Vec<MailboxId>,
    /// What came of each obligation, other than that the credit paid it.
    pub looked: Vec<rows::Looked>,
}
impl Settled {
    pub(crate) fn count(&mut self, outcome: &'static str) {
        *self.counts.entry(outcome).or_default() += 1;
    }
    /// Notes what came of one.
    pub(crate) fn look(
        &mut self,
        row: &DueRow,
        outcome: &'static str,
        reason: Option<&'static str>,
        next: Option<Date>,
    ) {
        let (service, period) = (row.service_id, row.period_start);
        self.looked.push(rows::Looked { outcome, service, period, reason, next, attempt: None });
    }
    fn add(&mut self, other: Settled) {
        for (outcome, n) in other.counts {
            *self.counts.entry(outcome).or_default() += n;
        }
        self.mailboxes.extend(other.mailboxes);
        self.looked.extend(other.looked);
    }
}

/// Renews what the wallets of the holders pay for, and the add-ons of the mailboxes that are renewed by it.
///
/// # Errors
/// The store's; `Rerun` when a wallet was used meanwhile.
pub async fn settle(tx: &mut WriteTx, cx: &Cx, day: Date, prices: &Prices, due: &[DueRow]) -> Result<Settled, Problem> {
    let mut settled = settle_once(tx, cx, day, prices, due).await?;
    let followers = rows::addons_of(tx, &settled.mailboxes).await?;
    settled.add(settle_once(tx, cx, day, prices, &followers).await?);
    Ok(settled)
}

/// Renews the add-ons of mailboxes that were renewed some other way.
///
/// # Errors
/// As [`settle`].
pub async fn settle_addons(tx: &mut WriteTx, cx: &Cx, day: Date, mailboxes: &[MailboxId]) -> Result<Settled, Problem> {
    let due = rows::addons_of(tx, mailboxes).await?;
    if due.is_empty() {
        return Ok(Settled::default());
    }
    let prices = Prices::at(tx, cx, cx.now()).await?;
    settle_once(tx, cx, day, &prices, &due).await
}

async fn settle_once(
    tx: &mut WriteTx,
    cx: &Cx,
    day: Date,
    prices: &Prices,
    due: &[DueRow],
) -> Result<Settled, Problem> {
    if due.is_empty() {
        return Ok(Settled::default());
    }
    let numbers = counters::take(tx, "order", 1, due.len() as i64).await?;
    let mut work = Work {
        cx,
        day,
        next_number: numbers.start,
        wallets: HashMap::new(),
        room: BTreeMap::new(),
        sms_back: Vec::new(),
        page: RenewalPage::default(),
        settled: Settled::default(),
    };
    for row in due {
        work.judge(row, prices)?;
    }
    ledger::ensure_accounts(tx, &[AccountKey::own(AccountKind::Revenue), AccountKey::own(AccountKind::Vat)]).await?;
    work.finish(tx).await
}

/// A wallet while the page is judged.
struct Wallet {
    available: Money,
    posted: Money,
    entries: i64,
    taken: Money,
    lines: i64,
}

struct Work<'a> {
    cx: &'a Cx,
    day: Date,
    next_number: i64,
    wallets: HashMap<Uuid, Wallet>,
    room: BTreeMap<Uuid, i64>,
    /// Mailboxes whose «avviso SMS» runs again.
    sms_back: Vec<MailboxId>,
    page: RenewalPage,
    settled: Settled,
}

impl Work<'_> {
    fn judge(&mut self, row: &DueRow, prices: &Prices) -> Result<(), Problem> {
        match prices.renewal(row) {
            Ok(renewal) => {
                let wallet = self.wallets.entry(row.wallet().uuid()).or_insert_with(|| Wallet {
                    available: row.available(),
                    posted: row.posted_cents,
                    entries: row.entries,
                    taken: Money::ZERO,
                    lines: 0,
                });
                match take(renewal.quote.gross, wallet.available) {
                    Taken::Paid { left } => {
                        wallet.available = left;
                        self.paid(row, &renewal)
                    }
                    Taken::Short { missing } => self.short(row, &renewal, missing),
                }
            }
            Err(Trouble::Park(reason)) => {
                self.close(row, "parked", reason);
                Ok(())
            }
            Err(Trouble::End(reason)) => {
                self.end(row, reason);
                Ok(())
            }
            Err(Trouble::AgreementClosed) => self.not_renewed(row, "agreement-closed"),
        }
    }

    fn paid(&mut self, row: &DueRow, renewal: &Renewal) -> Result<(), Problem> {
        let facts = facts(row, renewal.end)?;
        if step(&facts, ObligationEvent::Paid, self.day).is_err() {
            return Ok(());
        }
        let order: OrderId = self.cx.new_id();
        let number = order_number(self.cx, self.next_number);
        self.next_number += 1;
        self.order(row, renewal, order, &number);
        self.legs(row, renewal, order);
        let until = rows::NewEnd { id: row.service_id, until: renewal.until, years: row.years };
        if facts.kind == ServiceKind::Addon {
            self.page.addons.push(until);
            // It may have been judged before its mailbox was renewed, in this very page.
            self.settled.look(row, night_looks::RENEWED, None, None);
            if back(row) {
                self.add_room(row, 1);
                self.sms_back.extend((row.addon_service.as_deref() == Some(SMS)).then_some(row.mailbox_id));
            }
        } else {
            self.page.terms.push(until);
            self.settled.mailboxes.push(row.mailbox_id);
        }
        self.page.met.push(rows::MetBy { service: row.service_id, period: row.period_start, order_id: order.uuid() });
        self.page.next.push(rows::NextPeriod {
            service: row.service_id,
            period: calendar::period_start(renewal.until),
            kind: facts.kind.as_str(),
            mailbox: row.mailbox_id.uuid(),
            due: calendar::first_due(facts.kind, facts.way, renewal.until),
            way: facts.way.as_str(),
        });
        let key = match back(row) {
            true => format!("operation-back-{}", what(row)),
            false => format!("operation-renewed-{}", what(row)),
        };
        let said = Msg::new(key).arg("gb", row.gb.unwrap_or_default());
        let said = said.arg("until", renewal.until);
        self.outcome(row, "renewal", "ok", &said, Some(renewal.quote.gross), Some(order));
        let left = self.wallets.get(&row.wallet().uuid()).map_or(Money::ZERO, |w| w.available);
        let mail = notices::renewed_by_credit(self.cx, row, renewal, (order, &number), left);
        self.ask(&mail);
        let details = json!({ "mailbox": row.mailbox_id, "service": what(row), "gross_cents": renewal.quote.gross });
        self.audit("renewal.paid", "order", order.uuid(), &details);
        self.settled.count("renewed");
        Ok(())
    }

    fn order(&mut self, row: &DueRow, renewal: &Renewal, order: OrderId, number: &str) {
        let q = &renewal.quote;
        let line: OrderLineId = self.cx.new_id();
        self.page.orders.push(rows::PaidRenewal {
            id: order.uuid(),
            number: number.into(),
            party: row.party_id.uuid(),
            login: row.login_id.uuid(),
            mailbox: row.mailbox_id.uuid(),
            years: q.years,
            net: q.net,
            vat: q.vat,
            billing: billing(row),
        });
        self.page.lines.push(rows::RenewalLine {
            id: line.uuid(),
            order_id: order.uuid(),
            product: q.plan.clone(),
            price: q.price_id.uuid(),
            quantity: q.quantity,
            years: q.years,
            unit: q.unit_net,
            net: q.net,
            vat_bp: q.vat_bp,
            vat: q.vat,
        });
    }

    /// As `domain::ledger::rules::bought_with_credit` has it.
    fn legs(&mut self, row: &DueRow, renewal: &Renewal, order: OrderId) {
        let q = &renewal.quote;
        if q.gross == Money::ZERO {
            return;
        }
        let account = row.wallet().uuid();
        let Some(wallet) = self.wallets.get_mut(&account) else { return };
        wallet.taken += q.gross;
        wallet.lines += 1;
        let (entry, balance) = (wallet.entries + wallet.lines, wallet.posted - wallet.taken);
        let own = |kind| AccountKey::own(kind).id().uuid();
        for (leg, account, amount, of_wallet) in [
            (0, account, -q.gross, true),
            (1, own(AccountKind::Revenue), q.net, false),
            (2, own(AccountKind::Vat), q.vat, false),
        ] {
            if amount == Money::ZERO {
                continue;
            }
            let id: TransferId = self.cx.new_id();
            self.page.legs.push(rows::RenewalLeg {
                id: id.uuid(),
                cause: order.uuid(),
                leg,
                account,
                amount,
                entry: of_wallet.then_some(entry),
                balance: of_wallet.then_some(balance),
            });
        }
    }

    fn short(&mut self, row: &DueRow, renewal: &Renewal, missing: Money) -> Result<(), Problem> {
        let facts = facts(row, renewal.end)?;
        let over = facts.kind == ServiceKind::Addon && self.day > renewal.end;
        let said = Msg::new(format!("operation-short-{}", what(row)))
            .arg("gb", row.gb.unwrap_or_default())
            .arg("missing", missing);
        self.outcome(row, "renewal", "ko", &said, Some(renewal.quote.gross), None);
        let mail = notices::credit_short(self.cx, row, renewal, missing, over);
        self.ask(&mail);
        self.settled.count("short");
        if over {
            self.end(row, "credit-short");
        } else if let Ok(step) = step(&facts, ObligationEvent::CreditShort, self.day) {
            self.later(row, step.tries, step.due);
            self.settled.look(row, "short", None, Some(step.due));
        }
        Ok(())
    }

    /// Nothing will renew it, but it runs to its end.
    fn not_renewed(&mut self, row: &DueRow, reason: &'static str) -> Result<(), Problem> {
        let Some(end) = row.end() else { return Ok(()) };
        let kind = facts(row, end)?.kind;
        if kind == ServiceKind::Addon && self.day > end {
            self.end(row, reason);
            return Ok(());
        }
        let said = Msg::new(format!("operation-not-renewed-{}", what(row))).arg("gb", row.gb.unwrap_or_default());
        self.outcome(row, "renewal", "ko", &said.arg("until", end), None, None);
        let due = match kind {
            ServiceKind::Addon => calendar::period_start(end),
            ServiceKind::Mailbox => calendar::last_renewal_day(end).plus_days(1),
        };
        self.later(row, row.tries, due);
        self.settled.look(row, "not-renewed", None, Some(due));
        self.settled.count("not-renewed");
        Ok(())
    }

    /// The service ends with its last day; what it gave is taken back, content is kept (domain notes 5.5).
    fn end(&mut self, row: &DueRow, reason: &'static str) {
        self.close(row, "lapsed", reason);
        if row.addon_state.as_deref() != Some("active") {
            return;
        }
        self.page.ended_addons.push(rows::Named { id: row.service_id });
        self.add_room(row, -1);
        let said = Msg::new(format!("operation-ended-{}", what(row))).arg("gb", row.gb.unwrap_or_default());
        self.outcome(row, "deactivation", "ok", &said, None, None);
    }

    fn add_room(&mut self, row: &DueRow, sign: i64) {
        if row.addon_service.as_deref() == Some("extra_space") {
            *self.room.entry(row.mailbox_id.uuid()).or_default() += sign * row.gb.unwrap_or_default() * MIB_PER_GB;
        }
    }

    fn close(&mut self, row: &DueRow, state: &'static str, reason: &'static str) {
        if row.state == "lapsed" {
            return;
        }
        self.page.closed.push(rows::Closed { service: row.service_id, period: row.period_start, state, reason });
        self.settled.look(row, state, Some(reason), None);
        self.settled.count(state);
    }

    fn later(&mut self, row: &DueRow, tries: i64, due: Date) {
        if row.state == "lapsed" {
            return;
        }
        self.page.later.push(rows::TriedAgain { service: row.service_id, period: row.period_start, tries, due });
    }

    fn outcome(
        &mut self,
        row: &DueRow,
        kind: &'static str,
        outcome: &'static str,
        said: &Msg,
        amount: Option<Money>,
        order: Option<OrderId>,
    ) {
        let id: OperationId = self.cx.new_id();
        self.page.outcomes.push(rows::Outcome {
            id: id.uuid(),
            party: row.party_id.uuid(),
            mailbox: row.mailbox_id.uuid(),
            kind,
            outcome,
            message: serde_json::to_string(said).expect("a sentence is plain data"),
            amount,
            order_id: order.map(|o| o.uuid()),
        });
    }

    fn ask(&mut self, r: &EffectRequest) {
        let id: EffectId = self.cx.new_id();
        self.page.effects.push(rows::AskedEffect {
            id: id.uuid(),
            kind: r.kind,
            subject_kind: r.subject_kind,
            subject: r.subject_id,
            payload: r.payload.to_string(),
            dedup_key: r.dedup_key.clone(),
            run_at: r.run_at,
            trace: self.cx.trace.to_string(),
        });
    }

    fn audit(&mut self, action: &'static str, subject_kind: &'static str, subject: Uuid, details: &serde_json::Value) {
        let id: AuditId = self.cx.new_id();
        let actor: &Actor = &self.cx.actor;
        self.page.audit.push(rows::Audited {
            id: id.uuid(),
            actor_kind: actor.kind(),
            actor: actor.uuid(),
            action,
            subject_kind,
            subject,
            details: details.to_string(),
            trace: self.cx.trace.to_string(),
        });
    }

    async fn finish(mut self, tx: &mut WriteTx) -> Result<Settled, Problem> {
        for (id, wallet) in &self.wallets {
            if wallet.lines > 0 {
                self.page.debits.push(rows::Debit { id: *id, total: wallet.taken, lines: wallet.lines });
            }
        }
        self.page.room.extend(self.room.iter().map(|(id, mib)| rows::Room { id: *id, mib: *mib }));
        rows::write(tx, &self.page, self.day, self.cx.now()).await?;
        // Few: while one runs nothing begins anew.
        for mailbox in &self.sms_back {
            sms_notices::watch(tx, *mailbox, self.cx.now()).await?;
        }
        Ok(self.settled)
    }
}

/// An add-on that had ended.
pub(crate) fn back(row: &DueRow) -> bool {
    row.addon_state.as_deref() == Some("ended")
}

/// The word of a service in keys of sentences: `mailbox`, or the add-on.
pub(crate) fn what(row: &DueRow) -> &str {
    row.addon_service.as_deref().unwrap_or("mailbox")
}
