//! The time for renewing some mailboxes of an unpaid order is over: the order goes on for the others.

use domain::{
    bank,
    id::OrderId,
    ledger::rules::{self, Priced},
    money::Money,
    order::OrderEvent,
};
use render::{
    Locale,
    notices::{payments::PaymentCredited, renewals::OrderShortened},
};
use store::{
    Batch, WriteTx, ledger,
    orders::{self, OrderRow},
};

use super::{
    immediate_until,
    renewed::mark_renewal_paid,
    shorten::{Left, shorten},
};
use crate::{
    Cx, Problem,
    notice::Notice,
    use_cases::{
        orders::{cancel_order, mark_paid::MarkPaid},
        payments::{cancel_attempts::cancel_attempts, excess},
    },
};

/// Addresses named in a mail; of the others their number is said.
const NAMED: usize = 20;

/// Leaves out of an unpaid order what has lapsed. One that renews nothing any more is cancelled; one whose part payment
/// is enough for what is left is paid; whoever else has to pay it is told the new price.
///
/// # Errors
/// `Rerun` when the order was moved meanwhile.
pub(crate) async fn leave_out(tx: &mut WriteTx, cx: &Cx, id: OrderId) -> Result<(), Problem> {
    let ended = match shorten(tx, cx, id).await? {
        Left::All => return Ok(()),
        Left::Nothing => return cancel_order::close(tx, cx, id, OrderEvent::Cancelled).await,
        Left::Part { ended, .. } => ended,
    };
    // Where the former price could still be paid.
    cancel_attempts(tx, cx, id).await?;
    let order = orders::by_id(tx, id).await?.ok_or_else(Problem::not_found)?;
    match order.deposit_cents >= order.gross_cents {
        true => pay_by_deposit(tx, cx, &order).await,
        false => tell(tx, cx, &order, ended).await,
    }
}

/// What had come for the whole order is enough for what is left of it; what is beyond is the payer's credit.
async fn pay_by_deposit(tx: &mut WriteTx, cx: &Cx, order: &OrderRow) -> Result<(), Problem> {
    let MarkPaid::Paid { .. } = mark_renewal_paid(tx, cx, order.id, cx.now()).await? else {
        return Err(Problem::broken("an order that waited for its payment cannot be paid"));
    };
    let priced = Priced { order: order.id, party: order.party_id, net: order.net_cents, vat: order.vat_cents };
    let mut batch = Batch::new();
    ledger::post(&mut batch, &rules::paid_by_deposit(&priced, order.deposit_cents), cx.now(), || cx.new_id());
    tx.batch(batch).await?;
    let beyond = order.deposit_cents - order.gross_cents;
    if beyond == Money::ZERO {
        return Ok(());
    }
    excess::credited(tx, cx, order.party_id).await?;
    let context = PaymentCredited {
        number: order.number.clone(),
        order: order.id.to_string(),
        amount: beyond,
        reason: "ended".into(),
        due: order.gross_cents,
    };
    let mail = Notice::mail(&order.email, Locale::from_tag(&order.locale), ("order", order.id.uuid()), &context);
    mail.once(format!("order:{}:paid-by-deposit", order.id)).enqueue(tx, cx).await
}

async fn tell(tx: &mut WriteTx, cx: &Cx, order: &OrderRow, mut ended: Vec<String>) -> Result<(), Problem> {
    let more = ended.len().saturating_sub(NAMED);
    ended.truncate(NAMED);
    let immediate_until = immediate_until(tx, order.id, &order.kind, cx.now().date()).await?;
    let by_transfer = order.payment_method == bank::GATEWAY && immediate_until.is_none();
    let context = OrderShortened {
        number: order.number.clone(),
        order: order.id.to_string(),
        ended,
        more,
        immediate_until,
        gross: order.gross_cents,
        received: order.deposit_cents,
        due: order.gross_cents - order.deposit_cents,
        pay_by: order.pay_by_at.date(),
        transfer: cx.settings().bank.as_ref().filter(|_| by_transfer).map(|b| b.instructions(&order.number)),
    };
    let mail = Notice::mail(&order.email, Locale::from_tag(&order.locale), ("order", order.id.uuid()), &context);
    // Each time it becomes shorter.
    mail.once(format!("order:{}:shortened-{}", order.id, order.version)).enqueue(tx, cx).await
}
