//! Tells somebody that a service ends, in the state of things when the mail goes: one that was renewed meanwhile, or has
//! come to a later step, is not told (domain notes 6.1).

use domain::{
    catalogue::price_in_force,
    id::MailboxId,
    mailbox::MailboxState,
    money::Money,
    order::pricing::quote,
    renewal::{ServiceKind, Way, calendar, notices::ending_at},
    time::Date,
};
use ports::{PortError, Ports};
use render::{
    Mail,
    notices::expiry::{AddonNotice, Credit, ExpiryNotice, Phase},
};
use serde::{Deserialize, Serialize};
use store::{
    Query, WriteTx, catalogue,
    expiry_notices::{self as rows, AddonRow, ServiceRow},
};

use super::{
    Effect, Prepared, Run,
    send_notice::{Channel, Plan, SendNotice, Sent},
};
use crate::{Cx, Problem};

/// Payload of the effect; a night writes it in SQL (`store::expiry_notices::ASK`).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RemindExpiry {
    /// `mailbox` or `addon`.
    pub kind: String,
    pub service: uuid::Uuid,
    /// Last day of the period that ends.
    pub end: Date,
    pub step: i32,
}

impl Effect for RemindExpiry {
    const KIND: &'static str = "remind_expiry";
    type Plan = (SendNotice, Plan);
    type Outcome = (SendNotice, Sent);

    async fn prepare(&self, cx: &Cx, run: &Run) -> Result<Prepared<Self::Plan>, Problem> {
        let Some(notice) = self.notice(cx).await? else { return Ok(Prepared::AlreadyDone) };
        match notice.prepare(cx, run).await? {
            Prepared::Go(plan) => Ok(Prepared::Go((notice, plan))),
            Prepared::AlreadyDone => Ok(Prepared::AlreadyDone),
            Prepared::NotYet(at) => Ok(Prepared::NotYet(at)),
        }
    }

    async fn perform(&self, (notice, plan): &Self::Plan, ports: &Ports, run: &Run) -> Result<Self::Outcome, PortError> {
        Ok((notice.clone(), notice.perform(plan, ports, run).await?))
    }

    async fn record(
        &self,
        tx: &mut WriteTx,
        cx: &Cx,
        run: &Run,
        (notice, sent): &Self::Outcome,
    ) -> Result<(), Problem> {
        notice.record(tx, cx, run, sent).await
    }
}

impl RemindExpiry {
    async fn notice(&self, cx: &Cx) -> Result<Option<SendNotice>, Problem> {
        let q = &mut cx.store();
        let addon = match ServiceKind::parse(&self.kind) {
            Some(ServiceKind::Addon) => match rows::addon(q, self.service).await? {
                Some(addon) => Some(addon),
                None => return Ok(None),
            },
            _ => None,
        };
        let mailbox = addon.as_ref().map_or(MailboxId::from_uuid(self.service), |a| a.mailbox_id);
        let Some(row) = rows::service(q, mailbox).await? else { return Ok(None) };
        let way = if addon.is_some() { Way::Wallet } else { Way::parse(&row.way).unwrap_or(Way::Manual) };
        let end = addon.as_ref().map_or(row.end_day, |a| a.end_day);
        let lives = matches!(MailboxState::parse(&row.state), Some(MailboxState::Active | MailboxState::Expired));
        let after = cx.now().date().days_since(end);
        let step = match (row.notice, &addon) {
            (false, _) => way.notice_at(after),
            (true, None) => ending_at(after),
            // It ends with the mailbox, which says so.
            (true, Some(_)) => None,
        };
        if !lives || end != self.end || step != Some(self.step) {
            return Ok(None);
        }
        let context = context(q, cx, &row, addon.as_ref(), way, self.step).await?;
        Ok(Some(SendNotice {
            channel: Channel::Email,
            template: ExpiryNotice::NAME.into(),
            locale: row.locale,
            to: row.email,
            subject_id: self.service,
            data: serde_json::to_value(context).map_err(Problem::broken)?,
            secret: None,
            good_until: None,
        }))
    }
}

async fn context(
    q: &mut impl Query,
    cx: &Cx,
    row: &ServiceRow,
    addon: Option<&AddonRow>,
    way: Way,
    step: i32,
) -> Result<ExpiryNotice, Problem> {
    let end = addon.map_or(row.end_day, |a| a.end_day);
    let amount = match addon {
        _ if row.notice => None,
        Some(addon) => addon_gross(q, cx, row, addon).await?,
        None => mailbox_gross(q, cx, row).await?,
    };
    let credit = match way {
        _ if by_holder(way, row) && !row.notice => Some(credit(q, cx, row).await?),
        _ => None,
    };
    let phase = match (way, step) {
        (_, 83..) if row.notice => Phase::Leaving,
        _ if row.notice => Phase::Ending,
        (Way::Card | Way::Paypal, ..0) => Phase::Charge,
        (Way::Body, ..=0) => Phase::Body,
        (_, ..=0) => Phase::Before,
        (_, 83..) => Phase::Last,
        _ => Phase::After,
    };
    Ok(ExpiryNotice {
        mailbox: row.mailbox_id.to_string(),
        address: row.address.clone(),
        addon: addon.map(|a| AddonNotice { service: a.service.clone(), gb: a.gb }),
        end,
        phase,
        charge_day: calendar::first_due(ServiceKind::Mailbox, way, end),
        last_day: calendar::last_renewal_day(end),
        years: row.years,
        amount,
        credit,
        body: row.body_name.clone(),
    })
}

/// The credit pays, by itself or when the holder says so.
fn by_holder(way: Way, row: &ServiceRow) -> bool {
    way == Way::Wallet || (way == Way::Manual && row.price_list.is_some())
}

/// What the wallet has to pay when this mailbox is renewed: the mailbox, if its holder renews it, and what stands beside.
async fn credit(q: &mut impl Query, cx: &Cx, row: &ServiceRow) -> Result<Credit, Problem> {
    let mut needed = Money::ZERO;
    if by_holder(Way::parse(&row.way).unwrap_or(Way::Manual), row) {
        needed += mailbox_gross(q, cx, row).await?.unwrap_or(Money::ZERO);
    }
    for addon in rows::addons(q, row.mailbox_id).await? {
        needed += addon_gross(q, cx, row, &addon).await?.unwrap_or(Money::ZERO);
    }
    let held = row.posted_cents - row.held_cents;
    Ok(Credit { needed, held, short: (needed - held).max(Money::ZERO) })
}

async fn mailbox_gross(q: &mut impl Query, cx: &Cx, row: &ServiceRow) -> Result<Option<Money>, Problem> {
    let list = row.price_list.as_deref().unwrap_or(&cx.settings().retail_price_list);
    gross(q, cx, list, &row.plan_code, 1, row.years).await
}
/// An add-on follows its mailbox, for as many years.
async fn addon_gross(
    q: &mut impl Query,
    cx: &Cx,
    row: &ServiceRow,
    addon: &AddonRow,
) -> Result<Option<Money>, Problem> {
    gross(q, cx, &addon.price_list, &addon.service, addon.gb, row.years).await
}
/// The price of today; none when the list has none, which an operator learns from the renewal.
async fn gross(
    q: &mut impl Query,
    cx: &Cx,
    list: &str,
    product: &str,
    quantity: i64,
    years: i64,
) -> Result<Option<Money>, Problem> {
    let prices = catalogue::prices(q, list, cx.now()).await?;
    Ok(price_in_force(&prices, product, cx.now()).map(|price| quote(price, quantity, years).gross))
}
