//! A paid renewal changes the plan of its mailbox, or the extra space (domain notes 6.4).
//!
//! What was paid holds from the payment on. Space that becomes less waits for the mail servers: they are asked anew, it
//! comes down once they say that what lies in the mailbox fits, and otherwise on a later day, which the customer is told.

use domain::{
    addon::Service,
    audit::AuditLine,
    id::AddonId,
    renewal::{
        ServiceKind, calendar,
        plan_change::{MIB_PER_GB, last_day_of_space},
    },
    time::Date,
};
use render::{Locale, notices::renewals::PlanChanged};
use serde_json::json;
use store::{
    Batch, WriteTx,
    orders::OrderRow,
    renewals::{self as rows, BoughtExtra, RenewalPage, ServiceRow},
    space_falls,
};

use crate::{
    Cx, Problem, audit,
    effects::{self, Effect, count_usage::CountUsage, provision::Provision},
    notice::Notice,
};

/// Gives the mailbox of a paid renewal, which now ends on `until`, what was bought for it.
///
/// # Errors
/// The store's.
pub(super) async fn change(
    tx: &mut WriteTx,
    cx: &Cx,
    order: &OrderRow,
    s: &ServiceRow,
    until: Date,
) -> Result<(), Problem> {
    let plan = s.new_plan.as_deref().filter(|new| *new != s.plan_code);
    if plan.is_none() && s.extra_gb.is_none() {
        return Ok(());
    }
    let waits = space_falls::of(tx, s.mailbox_id).await?;
    let extra_mib = match s.extra_gb {
        Some(gb) => {
            replace_extra(tx, cx, order, s, gb, until).await?;
            gb * MIB_PER_GB
        }
        None => s.extra_space_mib,
    };
    let own = waits.map_or(s.space_mib, |w| w.space_mib);
    let stays = (plan.and(s.new_space_mib).unwrap_or(own), extra_mib);
    let (before, after) = (s.space_mib + s.extra_space_mib, stays.0 + stays.1);
    let falls = after < before;
    let now = if falls { (s.space_mib, s.extra_space_mib) } else { stays };
    rows::change_plan(tx, s.mailbox_id, plan, plan.and(s.new_archive_mib), now).await?;
    let subject = ("mailbox", s.mailbox_id.uuid());
    let wish = if falls {
        space_falls::put(tx, s.mailbox_id, stays, last_day_of_space(cx.now().date(), s.end_day)).await?;
        CountUsage { mailboxes: vec![s.mailbox_id] }.request(subject, None, cx.now())
    } else {
        space_falls::forget(tx, s.mailbox_id).await?;
        Provision { mailbox: s.mailbox_id }.request(subject, None, cx.now())
    };
    effects::enqueue(tx, cx, &[wish]).await?;
    let sms_ended = plan.is_some() && s.new_sms_notice == Some(false) && end_sms(tx, cx, s).await?;
    let details = json!({
        "order": order.id, "from": s.plan_code, "to": plan, "extra_gb": s.extra_gb, "sms_notice_ended": sms_ended,
    });
    audit::record(tx, cx, &AuditLine::new("mailbox.plan_changed", subject.0, subject.1, details)).await?;
    match plan {
        Some(_) => tell(tx, cx, order, s, (after, falls)).await,
        None => Ok(()),
    }
}

async fn tell(
    tx: &mut WriteTx,
    cx: &Cx,
    order: &OrderRow,
    s: &ServiceRow,
    (space_mib, less): (i64, bool),
) -> Result<(), Problem> {
    let bytes = |mib: i64| mib << 20;
    let context = PlanChanged {
        mailbox: s.mailbox_id.to_string(),
        address: s.address.clone(),
        from: s.old_plan_name.clone(),
        to: s.plan_name.clone(),
        space_bytes: bytes(space_mib),
        archive_bytes: s.new_archive_mib.map_or(0, bytes),
        less,
    };
    let mail = Notice::mail(&s.email, Locale::from_tag(&s.locale), ("mailbox", s.mailbox_id.uuid()), &context);
    mail.once(format!("order:{}:plan-changed", order.id)).enqueue(tx, cx).await
}

/// «Avviso SMS» belongs to plans that have it (domain notes 6.4): under another it ends with the payment, as the
/// customer was told before the order. Answers whether it ran.
async fn end_sms(tx: &mut WriteTx, cx: &Cx, s: &ServiceRow) -> Result<bool, Problem> {
    rows::forget_ended(tx, s.mailbox_id, Service::SmsNotice).await?;
    let running = rows::running(tx, s.mailbox_id, Service::SmsNotice).await?;
    let mut page = RenewalPage::default();
    for a in &running {
        let (service, period) = (a.id.uuid(), calendar::period_start(a.end_day));
        page.closed.push(rows::Closed { service, period, state: "lapsed", reason: "plan-changed" });
        page.ended_addons.push(rows::Named { id: service });
    }
    rows::write(tx, &page, cx.now().date(), cx.now()).await?;
    Ok(!running.is_empty())
}

/// Extra space as it was is renewed; otherwise it ends, and what was bought takes its place.
async fn replace_extra(
    tx: &mut WriteTx,
    cx: &Cx,
    order: &OrderRow,
    s: &ServiceRow,
    gb: i64,
    until: Date,
) -> Result<(), Problem> {
    rows::forget_ended(tx, s.mailbox_id, Service::ExtraSpace).await?;
    let running = rows::running(tx, s.mailbox_id, Service::ExtraSpace).await?;
    let way = s.way.as_deref().and_then(domain::renewal::Way::parse);
    let way = way.ok_or_else(|| Problem::broken("way of an obligation"))?;
    let mut page = RenewalPage::default();
    let next = |service| rows::NextPeriod {
        service,
        period: calendar::period_start(until),
        kind: ServiceKind::Addon.as_str(),
        mailbox: s.mailbox_id.uuid(),
        due: calendar::first_due(ServiceKind::Addon, way, until),
        way: way.as_str(),
    };
    let same = running.iter().map(|e| e.gb).sum::<i64>() == gb;
    for e in &running {
        let (service, period) = (e.id.uuid(), calendar::period_start(e.end_day));
        if same {
            page.addons.push(rows::NewEnd { id: service, until, years: s.years });
            page.met.push(rows::MetBy { service, period, order_id: order.id.uuid() });
            page.next.push(next(service));
        } else {
            page.closed.push(rows::Closed { service, period, state: "lapsed", reason: "replaced" });
            page.ended_addons.push(rows::Named { id: service });
        }
    }
    if !same && gb > 0 {
        let id: AddonId = cx.new_id();
        let list = &cx.settings().retail_price_list;
        let bought = BoughtExtra { id, mailbox: s.mailbox_id, gb, from: cx.now().date(), until, list, order: order.id };
        let mut batch = Batch::new();
        rows::insert_extra(&mut batch, &bought);
        tx.batch(batch).await?;
        page.next.push(next(id.uuid()));
    }
    Ok(rows::write(tx, &page, cx.now().date(), cx.now()).await?)
}
