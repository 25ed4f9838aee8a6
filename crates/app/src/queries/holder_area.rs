//! The area of the holder of a mailbox under an agreement.

use domain::{
    actor::Actor,
    addon::{
        Service,
        pricing::{AddonQuote, Basis},
    },
    id::{MailboxId, OperationId, OrderId, PartyId},
    money::Money,
    order::pricing::Quote,
    time::Timestamp,
};
use store::{
    addons::{self, AddonRow, BuyerRow, OfferRow},
    agreements::{self as rows, MemberMailboxRow, MemberRow},
    lists::{self, From, OperationFilter},
    mailboxes::{self, CardRow},
    operations::OperationRow,
    orders,
    wallet::{self, StatementRow, TopUpRow},
};

use super::orders::Page;
use crate::{Cx, Problem, use_cases::renewals::RENEWAL};

/// Lines on one page of the statement and of the outcomes.
pub const PAGE: u64 = 25;
/// Most mailboxes and add-ons that a page lists: nobody has more.
const ALL: i64 = 200;

/// The acting mailbox with its holder and his credit; nothing when it is under no agreement.
///
/// # Errors
/// `NotFound` to others.
pub async fn member(cx: &Cx) -> Result<Option<MemberRow>, Problem> {
    let Actor::Mailbox { mailbox } = cx.actor else { return Err(Problem::not_found()) };
    Ok(rows::member(&mut cx.store(), mailbox).await?)
}

/// The holder's mailboxes under agreements.
///
/// # Errors
/// When the store cannot be read.
pub async fn mailboxes_of(cx: &Cx, party: PartyId) -> Result<Vec<MemberMailboxRow>, Problem> {
    Ok(rows::of_holder(&mut cx.store(), party, ALL).await?)
}

/// The card of a mailbox with its renewal type and its add-ons.
///
/// # Errors
/// `NotFound` when it is gone.
pub async fn card(cx: &Cx, member: &MemberRow) -> Result<(CardRow, String, Vec<AddonRow>), Problem> {
    let q = &mut cx.store();
    let card = mailboxes::card(q, member.mailbox_id).await?.ok_or_else(Problem::not_found)?;
    let own = rows::of_holder(q, member.party_id, ALL).await?.into_iter().find(|m| m.id == member.mailbox_id);
    let addons = addons::of_mailbox(q, member.mailbox_id, ALL).await?;
    Ok((card, own.ok_or_else(Problem::not_found)?.renewal_kind, addons))
}

/// What can be bought for a mailbox, and by whom.
///
/// # Errors
/// `NotFound` when it is under no agreement.
pub async fn shop(cx: &Cx, mailbox: MailboxId) -> Result<(BuyerRow, Vec<OfferRow>), Problem> {
    let now = cx.now();
    cx.store()
        .read(async move |tx| {
            let buyer = addons::buyer(tx, mailbox).await?.ok_or_else(Problem::not_found)?;
            let offers = addons::offers(tx, &buyer, now).await?;
            Ok((buyer, offers))
        })
        .await
}

/// A page of the statement of a holder's credit, the newest line first.
///
/// # Errors
/// When the store cannot be read.
pub async fn statement(cx: &Cx, party: PartyId, from: From<i64>) -> Result<Page<StatementRow>, Problem> {
    let found = wallet::statement(&mut cx.store(), party, from, PAGE).await?;
    Ok(Page::of(found, &from, PAGE))
}

/// Up to `limit` lines of the statement, for export.
///
/// # Errors
/// When the store cannot be read.
pub async fn export(cx: &Cx, party: PartyId, from: From<i64>, limit: u64) -> Result<Vec<StatementRow>, Problem> {
    Ok(wallet::statement(&mut cx.store(), party, from, limit - 1).await?)
}

/// A page of the outcomes of a holder, the newest first.
///
/// # Errors
/// When the store cannot be read.
pub async fn operations(
    cx: &Cx,
    party: PartyId,
    filter: &OperationFilter,
    from: From<(Timestamp, OperationId)>,
) -> Result<Page<OperationRow>, Problem> {
    let found = lists::operations(&mut cx.store(), party, filter, from, PAGE).await?;
    Ok(Page::of(found, &from, PAGE))
}

/// A top-up of the acting mailbox.
///
/// # Errors
/// `NotFound` for others.
pub async fn top_up(cx: &Cx, order: OrderId) -> Result<TopUpRow, Problem> {
    let row = wallet::top_up(&mut cx.store(), order).await?;
    row.filter(|t| cx.actor == Actor::Mailbox { mailbox: t.mailbox_id }).ok_or_else(Problem::not_found)
}

/// An order made in the area.
#[derive(Clone, Debug)]
pub struct MemberOrder {
    pub number: String,
    pub kind: String,
    pub state: String,
    pub placed: Timestamp,
    pub gross: Money,
    /// The add-on it was for, with its price as it was.
    pub addon: Option<(String, AddonQuote)>,
    /// The plan that it renewed, with its name and its price.
    pub plan: Option<(String, Quote)>,
}

/// An order of this holder's mailboxes under agreements.
///
/// # Errors
/// `NotFound` when it is somebody else's or not there.
pub async fn order(cx: &Cx, member: &MemberRow, id: OrderId) -> Result<MemberOrder, Problem> {
    let q = &mut cx.store();
    let own = |o: &orders::OrderRow| {
        o.party_id == member.party_id && matches!(o.kind.as_str(), "addon" | "topup" | "renewal")
    };
    let row = orders::by_id(q, id).await?.filter(own).ok_or_else(Problem::not_found)?;
    let (addon, plan) = match row.kind.as_str() {
        RENEWAL => renewed(orders::lines(q, id).await?.into_iter().next()),
        _ => (addons::line_of(q, id).await?.map(bought), None),
    };
    Ok(MemberOrder {
        number: row.number,
        kind: row.kind,
        state: row.state,
        placed: row.placed_at,
        gross: row.gross_cents,
        addon,
        plan,
    })
}

fn bought(l: addons::LineRow) -> (String, AddonQuote) {
    let quote = AddonQuote {
        price_id: l.price_id,
        valid_from: l.valid_from_at,
        gb: l.quantity,
        unit_net: l.unit_net_cents,
        vat_bp: l.vat_bp,
        basis: Basis::of_line(l.years, l.months),
        until: l.end_day,
        net: l.net_cents,
        vat: l.vat_cents,
        gross: l.gross_cents,
        renewal_gross: Money::ZERO,
    };
    (l.service, quote)
}

/// What a renewal renewed, with its price: an add-on, or a mailbox.
type Renewed = (Option<(String, AddonQuote)>, Option<(String, Quote)>);

/// An add-on is told as it was sold: by the GB and year.
fn renewed(line: Option<orders::LineRow>) -> Renewed {
    let Some(l) = line else { return (None, None) };
    if Service::parse(&l.product_code).is_none() {
        return (None, Some((l.product_name.clone(), l.quote())));
    }
    let quote = AddonQuote {
        price_id: l.price_id,
        valid_from: l.valid_from_at,
        gb: l.quantity,
        unit_net: l.unit_net_cents,
        vat_bp: l.vat_bp,
        basis: Basis::Years(l.years),
        until: l.valid_from_at.date(),
        net: l.net_cents,
        vat: l.vat_cents,
        gross: l.gross_cents,
        renewal_gross: Money::ZERO,
    };
    (Some((l.product_code, quote)), None)
}
