//! The first page, and the card with every field of S4.

use app::queries::{self, holder_area, terminations};
use domain::{addon::Service, ident::phone, renewal::calendar, time::Date};
use render::pages::{
    holder_area::{AddonLine, MailboxRow, Mailboxes, MemberCard},
    mailbox_area::OwnCard,
};

use super::{Member, credit_of};
use crate::{
    Answer, Holder,
    customer::{mailboxes::page, terminations::ending, words::mailbox_state},
};

/// «Lista caselle PEC», or the card at once for a mailbox that was bought on the site.
pub(super) async fn home(holder: Holder) -> Answer {
    let visit = &holder.visit;
    let Some(member) = holder_area::member(&visit.cx).await? else {
        let row = queries::mailboxes::own_card(&visit.cx, holder.mailbox).await?;
        let standing = terminations::standing(&visit.cx, holder.mailbox).await?;
        let mut card = page(row, visit.cx.now());
        card.ending = ending(&standing);
        return visit.page(&OwnCard { card });
    };
    let today = visit.cx.now().date();
    let rows = holder_area::mailboxes_of(&visit.cx, member.party_id).await?;
    let row = |m: app::rows::MemberMailboxRow| MailboxRow {
        own: m.id == holder.mailbox,
        state: mailbox_state(&m.state, m.end_day, today).into(),
        address: m.address,
        plan: m.plan_name,
        end: m.end_day,
        noticed: m.notice && matches!(m.state.as_str(), "active" | "expired"),
    };
    visit.page(&Mailboxes { credit: credit_of(&member), rows: rows.into_iter().map(row).collect() })
}

pub(super) async fn card(member: Member) -> Answer {
    let visit = &member.visit;
    let (card, renewal_kind, addons) = holder_area::card(&visit.cx, &member.row).await?;
    let standing = terminations::standing(&visit.cx, card.id).await?;
    let given = standing.given.as_ref().map(|g| g.at.date());
    let today = visit.cx.now().date();
    let mib = |n: i64| (n.max(0) as u64) << 20;
    let running = |service: &str| -> i64 {
        addons.iter().filter(|a| a.state == "active" && a.service == service).map(|a| a.gb).sum()
    };
    let archive = card.archive_mib + running("extra_archive") * 1024;
    let line = |a: &app::rows::AddonRow| AddonLine {
        service: a.service.clone(),
        gb: a.gb,
        told: (a.state == "active" && a.service == Service::SmsNotice.as_str())
            .then(|| member.row.mobile.as_deref().map(phone::masked).unwrap_or_default()),
        start: a.start_day,
        end: a.end_day,
        active: a.state == "active",
        free: a.free,
        order: a.order_id.to_string(),
        back: (a.state == "ended" && may_come_back(a.end_day, card.end_day, today)).then(|| a.id.to_string()),
    };
    let doings = queries::renewals::credit_doings(&visit.cx, member.row.mailbox_id).await?;
    visit.page(&MemberCard {
        credit: member.credit(),
        state: mailbox_state(&card.state, card.end_day, today).into(),
        end: card.end_day,
        plan: card.plan_name,
        base: mib(card.space_mib),
        extra_gb: card.extra_space_mib / 1024,
        archive: mib(archive),
        requested: card.requested_at.date(),
        certified_on: card.activated_at.map(|at| at.date()),
        terminated: given.or((card.state == "terminated").then(|| card.state_at.date())),
        noticed: card.notice,
        may_terminate: standing.at_end.is_ok() || standing.back.is_ok(),
        body: member.row.body_name.clone(),
        renewal_kind,
        years: card.years,
        renew: doings.renew,
        renew_refused: doings.refused.map(str::to_owned),
        auto: doings.auto,
        addons: addons.iter().map(line).collect(),
        address: card.address,
    })
}

/// The link is shown while it makes sense; its page says what stands against it.
fn may_come_back(end: Date, mailbox_end: Date, today: Date) -> bool {
    end < mailbox_end && today <= calendar::last_renewal_day(end)
}
