//! A holder asks for credit: the top-up begins, and the card page is opened by
//! [`crate::conversations::open_checkout`].

use domain::{
    actor::Actor,
    audit::AuditLine,
    id::{MailboxId, OperationId, OrderId},
    time::DAY_US,
    wallet::{AmountRefusal, KEPT_MINUTES, read_amount},
};
use render::Msg;
use serde_json::json;
use store::{Batch, addons, client_keys, wallet as rows};

use super::wanted::Wanted;
use crate::{
    Cx, Problem,
    effects::{Effect, give_up_top_up::GiveUpTopUp},
    use_cases::{
        addons::buy_addon::billing,
        orders::texts::{EffectText, LineText},
    },
};

/// How long the card page may stay open.
const GIVEN_UP_AFTER_US: i64 = DAY_US;

/// What the holder asks for.
#[derive(Clone, Debug)]
pub struct StartTopUp {
    pub mailbox: MailboxId,
    /// As typed.
    pub amount: String,
    /// What lacked credit and is taken up again afterwards.
    pub wanted: Option<Wanted>,
    /// Key of the form: sent twice, it counts once.
    pub key: String,
}

/// Begins a top-up, or finds the one that this form began before.
///
/// # Errors
/// `invalid` with the field `amount`; `NotFound` to others; the store's.
pub async fn start_top_up(cx: &Cx, input: StartTopUp) -> Result<OrderId, Problem> {
    match cx.actor {
        Actor::Mailbox { mailbox } if mailbox == input.mailbox => {}
        _ => return Err(Problem::not_found()),
    }
    let amount = read_amount(&input.amount).map_err(|refusal| {
        let code = match refusal {
            AmountRefusal::NotAnAmount => "topup-not-an-amount",
            AmountRefusal::OutOfRange => "topup-out-of-range",
        };
        Problem::invalid_field("amount", code)
    })?;
    if !(8..=64).contains(&input.key.len()) {
        return Err(Problem::conflict("topup-again"));
    }
    let (year, _, _) = cx.now().date().ymd();
    let number = format!("{year}-{:06}", cx.next_number("order").await?);
    let cx_in = cx.clone();
    cx.write(async move |tx| {
        let (cx, now) = (&cx_in, cx_in.now());
        let scope = format!("topup:{}", input.mailbox);
        if let Some(before) = client_keys::result(tx, &scope, &input.key).await? {
            return before.parse().map_err(Problem::broken);
        }
        let buyer = addons::buyer(tx, input.mailbox).await?.ok_or_else(Problem::not_found)?;
        let (order, operation): (OrderId, OperationId) = (cx.new_id(), cx.new_id());
        let until = now.plus_us(GIVEN_UP_AFTER_US);
        let key = format!("give-up-top-up:{order}");
        let given_up = GiveUpTopUp { order }.request(("order", order.uuid()), Some(key), until);
        let wish = EffectText::new(cx, &given_up);
        let details = json!({ "mailbox": input.mailbox, "amount_cents": amount.as_cents() });
        let audited = AuditLine::new("wallet.top_up_started", "order", order.uuid(), details);
        let audited = LineText::new(cx, &audited);
        let message = serde_json::to_string(&Msg::new("operation-topup-running")).expect("a sentence is plain data");
        let top_up = rows::NewTopUp {
            order,
            number: &number,
            party: buyer.party_id,
            login: buyer.login_id,
            mailbox: input.mailbox,
            amount,
            billing: &billing(&buyer),
            at: now,
            wanted: match input.wanted {
                Some(Wanted::Addon { service, gb }) => Some((service.as_str(), gb)),
                _ => None,
            },
            years: match input.wanted {
                Some(Wanted::Renewal { years }) => Some(years),
                _ => None,
            },
            addon: match input.wanted {
                Some(Wanted::Back { addon }) => Some(addon),
                _ => None,
            },
            kept_until: now.plus_minutes(KEPT_MINUTES),
            operation,
            message: &message,
            effects: &[wish.row()],
            audit: audited.row(),
        };
        let mut batch = Batch::new();
        rows::insert_top_up(&mut batch, &top_up);
        tx.batch(batch).await?;
        client_keys::claim(tx, &scope, &input.key, &order.to_string(), now.micros()).await?;
        Ok(order)
    })
    .await
}
