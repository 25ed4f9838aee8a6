//! Giving money back to the means it came from.

use domain::{
    bank,
    id::{AttemptId, HoldId},
    ledger::{
        AccountKey, AccountKind, CauseKind,
        hold::{self, HoldEvent, HoldState},
        rules,
    },
    money::Money,
    payment::{
        credit,
        machine::{AttemptKind, AttemptState, pause_s},
    },
};
use render::{Locale, notices::payments::PaymentReturned};
use store::{
    Batch, WriteTx,
    ledger::{self, NewHold},
    payments::{self as rows, AttemptRow, NewAttempt},
};

use super::{
    apply_status::{News, apply},
    excess,
    settle::transfer_ids,
    state_of,
    use_credit::arrived,
};
use crate::{
    Cx, Problem,
    effects::{self, Effect, refund_payment::RefundPayment},
    notice::Notice,
};

/// How long money may stay promised to a refund that neither succeeds nor fails.
const HOLD_DAYS: i64 = 366;

/// A refund about to be written.
pub(super) struct NewRefund<'a> {
    id: AttemptId,
    of: &'a AttemptRow,
    amount: Money,
    hold: Option<NewHold>,
    now: domain::time::Timestamp,
}

/// A refund out of the customer's credit, which is held for it.
pub(super) fn of_credit<'a>(cx: &Cx, of: &'a AttemptRow, amount: Money) -> NewRefund<'a> {
    let (id, hold_id): (AttemptId, HoldId) = (cx.new_id(), cx.new_id());
    let hold = NewHold {
        id: hold_id,
        account: AccountKey::of(AccountKind::ExcessCredit, of.party_id),
        cause_kind: CauseKind::Refund.as_str(),
        cause_id: id.uuid(),
        amount,
        created_at: cx.now(),
        expires_at: cx.now().plus_days(HOLD_DAYS),
    };
    NewRefund { id, of, amount, hold: Some(hold), now: cx.now() }
}

impl<'a> NewRefund<'a> {
    pub(super) fn add_to(&self, batch: &mut Batch<'a>) {
        if let Some(hold) = &self.hold {
            ledger::hold(batch, hold);
        }
        rows::insert(
            batch,
            &NewAttempt {
                id: self.id,
                order: self.of.order_id,
                kind: AttemptKind::Refund.as_str(),
                refunds: Some(self.of.id),
                gateway: &self.of.gateway,
                // A transfer back is made by a person, who says so afterwards.
                state: if self.by_hand() { AttemptState::Pending } else { AttemptState::Created }.as_str(),
                amount: self.amount,
                method: None,
                customer: self.of.gateway_customer.as_deref(),
                created_at: self.now,
                // The effect calls at once; asking is for when it was lost.
                check_at: (!self.by_hand() && !self.in_house()).then(|| self.now.plus_seconds(pause_s(1))),
                quick: false,
            },
        );
    }
    fn by_hand(&self) -> bool {
        self.of.gateway == bank::GATEWAY
    }
    /// Out of credit of earlier payments, and back to it: nobody outside is asked.
    fn in_house(&self) -> bool {
        self.of.gateway == credit::GATEWAY
    }
    pub(super) async fn enqueue(&self, tx: &mut WriteTx, cx: &Cx) -> Result<(), Problem> {
        if self.by_hand() {
            return Ok(());
        }
        if self.in_house() {
            Box::pin(apply(tx, cx, self.id, &News::Truth(arrived(self.amount)))).await?;
            return Ok(());
        }
        let effect = RefundPayment { attempt: self.id };
        let request = effect.request(("attempt", self.id.uuid()), Some(format!("refund:{}", self.id)), cx.now());
        effects::enqueue(tx, cx, &[request]).await
    }
}

/// Gives part or all of a paid order back to the means it was paid with; the order itself is not
/// changed by this. Answers the refund's attempt.
///
/// # Errors
/// `NotFound`; `refund-not-paid` when nothing was paid; `refund-too-much` when more would go back
/// than came.
pub async fn refund_order(cx: &Cx, payment: AttemptId, amount: Money) -> Result<AttemptId, Problem> {
    let cx_in = cx.clone();
    cx.write(async move |tx| give_back(tx, &cx_in, payment, amount).await).await
}

/// The same in the caller's transaction.
pub(crate) async fn give_back(
    tx: &mut WriteTx,
    cx: &Cx,
    payment: AttemptId,
    amount: Money,
) -> Result<AttemptId, Problem> {
    let row = rows::attempt(tx, payment).await?.ok_or_else(Problem::not_found)?;
    let paid = state_of(&row.state)? == AttemptState::Succeeded && row.kind != AttemptKind::Refund.as_str();
    if !paid {
        return Err(Problem::refused("refund-not-paid"));
    }
    let paid = rows::refundable(tx, row.order_id).await?.into_iter().find(|p| p.id == payment);
    let left = paid.map_or(Money::ZERO, |p| p.left_cents);
    if amount <= Money::ZERO || amount > left {
        return Err(Problem::refused("refund-too-much"));
    }
    let refund = NewRefund { id: cx.new_id(), of: &row, amount, hold: None, now: cx.now() };
    let mut batch = Batch::new();
    refund.add_to(&mut batch);
    tx.batch(batch).await?;
    refund.enqueue(tx, cx).await?;
    Ok(refund.id)
}

/// The money went back: the books follow, and the customer is told.
pub(super) async fn settled(
    tx: &mut WriteTx,
    cx: &Cx,
    row: &AttemptRow,
    mut batch: Batch<'_>,
    amount: Money,
) -> Result<(), Problem> {
    match held(row)? {
        Some(_) => {
            let entry = rules::credit_refunded(row.id, &row.gateway, row.party_id, amount);
            ledger::post_held(&mut batch, &entry, row.amount_cents, cx.now(), transfer_ids(cx));
        }
        None => {
            let entry = rules::order_refunded(row.id, &row.gateway, row.net_cents, row.vat_cents, amount);
            ledger::post(&mut batch, &entry, cx.now(), transfer_ids(cx));
        }
    }
    if row.gateway == credit::GATEWAY {
        let entry = rules::credit_returned(row.id, row.party_id, amount);
        ledger::post(&mut batch, &entry, cx.now(), transfer_ids(cx));
    }
    tx.batch(batch).await?;
    if row.gateway == credit::GATEWAY {
        excess::credited(tx, cx, row.party_id).await?;
    }
    let context = PaymentReturned { number: row.order_number.clone(), order: row.order_id.to_string(), amount };
    let locale = Locale::from_tag(&row.locale);
    let notice = Notice::mail(&row.email, locale, ("order", row.order_id.uuid()), &context);
    notice.once(format!("payment:{}:returned", row.id)).enqueue(tx, cx).await
}

/// The money did not go back: what was held for it is the customer's to spend again.
pub(super) async fn released(
    tx: &mut WriteTx,
    cx: &Cx,
    row: &AttemptRow,
    mut batch: Batch<'_>,
    code: Option<&str>,
) -> Result<(), Problem> {
    tracing::warn!(attempt = %row.id, code, "a refund did not succeed");
    if let Some(state) = held(row)? {
        let expires_at = row.hold_expires_at.unwrap_or(cx.now());
        if state == HoldState::Pending && hold::step(state, HoldEvent::Void, expires_at, cx.now()).is_ok() {
            let account = AccountKey::of(AccountKind::ExcessCredit, row.party_id);
            ledger::void(&mut batch, &account, CauseKind::Refund.as_str(), row.id.uuid(), row.amount_cents);
        }
    }
    Ok(tx.batch(batch).await?)
}

fn held(row: &AttemptRow) -> Result<Option<HoldState>, Problem> {
    let Some(word) = &row.hold_state else { return Ok(None) };
    HoldState::parse(word).map(Some).ok_or_else(|| Problem::broken(format!("state of a hold: {word}")))
}
