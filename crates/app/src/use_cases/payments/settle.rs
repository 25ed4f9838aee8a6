//! Money arrived: the books, the order, the stored method, what the customer is told.

use domain::{
    bank,
    id::{MethodId, TransferId},
    ledger::rules::Priced,
    money::Money,
    order::{OrderEvent, OrderState},
    payment::settlement::{OrderStanding, Receipt, Settlement, SettlementNotice, settle},
};
use ports::payment::SavedMethod;
use render::{
    Locale,
    notices::{
        orders::OrderCredit,
        payments::{PaymentCredited, PaymentShort},
    },
};
use store::{
    Batch, WriteTx, ledger, orders,
    payments::{self as rows, AttemptRow, NewMethod},
};

use super::{TOP_UP, excess, last_day, method_label, refund};
use crate::{
    Cx, Problem,
    notice::Notice,
    use_cases::{
        orders::{
            cancel_order,
            mark_paid::{MarkPaid, mark_paid},
        },
        renewals::{
            RENEWAL, immediate_until,
            shorten::{Left, shorten},
        },
        wallet::end_top_up,
    },
};

/// The method of an order that was paid by its number alone.
const QUICK: &str = "quick";

/// The stored method of a payment; `new` when it must still be written.
pub(super) struct Known {
    pub(super) id: MethodId,
    pub(super) new: Option<Fresh>,
}
/// A method seen for the first time.
pub(super) struct Fresh {
    id: MethodId,
    method: SavedMethod,
    label: String,
    created_at: domain::time::Timestamp,
    customer: String,
}
impl Fresh {
    pub(super) fn row<'a>(&'a self, attempt: &'a AttemptRow) -> NewMethod<'a> {
        NewMethod {
            id: self.id,
            login: attempt.login_id,
            gateway: &attempt.gateway,
            customer: &self.customer,
            reference: &self.method.reference,
            label: &self.label,
            expires: self.method.expires.and_then(|(year, month)| last_day(year, month)),
            created_at: self.created_at,
            network_ref: self.method.network_transaction.as_deref(),
        }
    }
}

pub(super) async fn known_method(
    tx: &mut WriteTx,
    cx: &Cx,
    row: &AttemptRow,
    method: &SavedMethod,
    customer: Option<&str>,
) -> Result<Known, Problem> {
    if let Some(known) = rows::method_by_ref(tx, &row.gateway, &method.reference).await? {
        return Ok(Known { id: known.id, new: None });
    }
    let id: MethodId = cx.new_id();
    let label = method_label(method);
    let customer = customer.or(row.gateway_customer.as_deref()).unwrap_or_default().to_owned();
    Ok(Known { id, new: Some(Fresh { id, method: method.clone(), label, created_at: cx.now(), customer }) })
}

/// Books what arrived and lets the order know; `batch` already holds the attempt's step.
pub(super) async fn received(
    tx: &mut WriteTx,
    cx: &Cx,
    row: &AttemptRow,
    mut batch: Batch<'_>,
    received: Money,
    method: Option<MethodId>,
) -> Result<(), Problem> {
    if row.order_kind == TOP_UP && end_top_up::received(tx, cx, row, &mut batch, received).await? {
        return Ok(tx.later(batch).await?);
    }
    let mut standing = standing(&row.order_state)?;
    let left = match row.order_kind == RENEWAL && standing == OrderStanding::AwaitingPayment {
        true => shorten(tx, cx, row.order_id).await?,
        false => Left::All,
    };
    // The period was paid some other way while this payment was under way: it is the customer's credit.
    // While yet another is, its order stays open for that one.
    let late = left == Left::Nothing;
    if late {
        standing = OrderStanding::Closed;
    }
    let (net, vat) = match &left {
        Left::Part { net, vat, .. } => (*net, *vat),
        Left::All | Left::Nothing => (row.net_cents, row.vat_cents),
    };
    let settlement = settle(&Receipt {
        attempt: row.id,
        gateway: row.gateway.clone(),
        received,
        standing,
        order: Priced { order: row.order_id, party: row.party_id, net, vat },
        deposit: row.deposit_cents,
        returns: row.gateway != bank::GATEWAY,
    });
    if settlement.pays_order {
        if row.quick {
            // Paid by whoever knew the number: nothing renews by itself (domain notes 2.7).
            store::bank::set_method(tx, row.order_id, QUICK).await?;
        }
        match mark_paid(tx, cx, row.order_id, cx.now()).await? {
            MarkPaid::Paid { .. } => {}
            // Its state was read in this transaction.
            MarkPaid::ToCredit => return Err(Problem::broken("the order changed under its payment")),
        }
    }
    ledger::post(&mut batch, &settlement.entry, cx.now(), || cx.new_id::<domain::id::Transfer>());
    if let Some(method) = method.filter(|_| settlement.pays_order) {
        rows::renew_with(&mut batch, row.order_id, method);
    }
    let refund = (settlement.give_back > Money::ZERO).then(|| refund::of_credit(cx, row, settlement.give_back));
    if let Some(refund) = &refund {
        refund.add_to(&mut batch);
    }
    tx.later(batch).await?;
    if late && orders::by_id(tx, row.order_id).await?.is_some_and(|o| o.unknown_payments == 0) {
        let system = cx.by(domain::actor::Actor::System);
        cancel_order::close(tx, &system, row.order_id, OrderEvent::Cancelled).await?;
    }
    if settlement.credited > settlement.give_back {
        excess::credited(tx, cx, row.party_id).await?;
    }
    if let Some(refund) = refund {
        refund.enqueue(tx, cx).await?;
    }
    tell(tx, cx, row, &settlement, net + vat, &left).await
}

fn standing(word: &str) -> Result<OrderStanding, Problem> {
    let state = OrderState::parse(word).ok_or_else(|| Problem::broken(format!("state of an order: {word}")))?;
    Ok(match state {
        OrderState::AwaitingPayment => OrderStanding::AwaitingPayment,
        OrderState::Paid | OrderState::Activating | OrderState::ActivationFailed | OrderState::Completed => {
            OrderStanding::AlreadyPaid
        }
        OrderState::Cancelled | OrderState::ExpiredUnpaid => OrderStanding::Closed,
    })
}

async fn tell(
    tx: &mut WriteTx,
    cx: &Cx,
    row: &AttemptRow,
    s: &Settlement,
    due: Money,
    left: &Left,
) -> Result<(), Problem> {
    let Some(notice) = s.notice.filter(|_| row.order_kind != TOP_UP) else { return Ok(()) };
    let (number, order) = (row.order_number.clone(), row.order_id.to_string());
    let credited = |reason: &str| {
        let reason = reason.to_owned();
        PaymentCredited { number: number.clone(), order: order.clone(), amount: s.credited, reason, due }
    };
    let (to, locale, subject) = (&row.email, Locale::from_tag(&row.locale), ("order", row.order_id.uuid()));
    let mail = match notice {
        SettlementNotice::LatePayment => {
            Notice::mail(to, locale, subject, &OrderCredit { number, order, amount: s.credited })
        }
        SettlementNotice::Surplus if matches!(left, Left::Part { .. }) => {
            Notice::mail(to, locale, subject, &credited("ended"))
        }
        SettlementNotice::Surplus => Notice::mail(to, locale, subject, &credited("surplus")),
        SettlementNotice::Shortfall { missing } => {
            let received = due - missing;
            let reason = format!("integrazione {number}");
            let immediate_until = immediate_until(tx, row.order_id, &row.order_kind, cx.now().date()).await?;
            let bank = cx.settings().bank.as_ref().filter(|_| immediate_until.is_none());
            let transfer = bank.map(|b| b.instructions(&reason));
            let short = PaymentShort { number, order, received, missing, transfer, immediate_until };
            Notice::mail(to, locale, subject, &short)
        }
        SettlementNotice::PaidTwice => Notice::mail(to, locale, subject, &credited("twice")),
    };
    mail.once(format!("payment:{}:credited", row.id)).enqueue(tx, cx).await
}

/// Identifiers of transfers, for the other entries.
pub(super) fn transfer_ids(cx: &Cx) -> impl FnMut() -> TransferId + '_ {
    || cx.new_id()
}
