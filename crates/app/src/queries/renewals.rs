//! What will be charged and when: the rules of the night, asked ahead. Nothing is written.

use std::collections::{BTreeSet, HashMap, HashSet};

use domain::{
    audit::AuditLine,
    id::{AccountId, LoginId, MailboxId, OrderId, PartyId},
    mailbox::termination::bars_renewal,
    money::Money,
    operator::Permission,
    order::pricing::Quote,
    renewal::{
        ServiceKind, Way, calendar,
        wallet::{Taken, take},
    },
    time::Date,
};
use serde_json::json;
use store::{
    desk_search,
    mailboxes::CardRow,
    payments::{self, MethodRow},
    renewals::{self as rows, DueRow},
};
use uuid::Uuid;

use crate::{
    Cx, Problem, audit,
    problem::ProblemKind,
    use_cases::{
        operators::authorise,
        renewals::{
            prices::{Prices, Trouble},
            renew_with_credit::{own_by_credit, renewable_with_credit},
        },
    },
};

/// How far it looks ahead, in months.
pub const MONTHS: i32 = 13;
/// Charges on a page; all of them stand in its file.
const ON_A_PAGE: usize = 200;
/// Most services that are looked at; no customer has as many.
const MOST: i64 = 100_000;

/// A charge that is to come, or why there will be none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coming {
    pub mailbox: MailboxId,
    pub address: String,
    /// The plan's name, or the add-on's word and its GB.
    pub plan: String,
    pub addon: Option<(String, i64)>,
    /// The day on which it is taken; of what is paid by hand the last day of the period.
    pub day: Date,
    pub way: Way,
    /// The price of today, with the way to it.
    pub quote: Option<Quote>,
    /// The last day after it.
    pub until: Option<Date>,
    /// The stored method.
    pub method: Option<String>,
    /// Missing in the wallet, should nothing be added.
    pub missing: Option<Money>,
    /// Why nothing can be charged: `no-method`, `by-hand`, `mailbox-short`, or the word of the trouble.
    pub trouble: Option<&'static str>,
}

/// What is to come out of a holder's credit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CreditAhead {
    /// For all that it pays in these months.
    pub needed: Money,
    /// What may be spent now.
    pub held: Money,
    pub short: Money,
}

/// Every charge of the next thirteen months, in the order of their days.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ahead {
    pub rows: Vec<Coming>,
    /// Nothing when no credit pays for any of it.
    pub credit: Option<CreditAhead>,
    /// There are charges beyond those that are told.
    pub more: bool,
}
impl Ahead {
    /// The first of them, for a page. What the credit is to give stays that for all.
    pub fn on_a_page(mut self) -> Self {
        self.more = self.rows.len() > ON_A_PAGE;
        self.rows.truncate(ON_A_PAGE);
        self
    }
}

/// The charges for the mailboxes of a login.
///
/// # Errors
/// When the store cannot be read.
pub async fn coming(cx: &Cx, login: LoginId) -> Result<Ahead, Problem> {
    let rows = rows::of_login(&mut cx.store(), login, MOST).await?;
    judge(cx, rows).await
}

/// The charges for the mailboxes of a holder that are under agreements.
///
/// # Errors
/// When the store cannot be read.
pub async fn coming_of_holder(cx: &Cx, party: PartyId) -> Result<Ahead, Problem> {
    let rows = rows::of_party(&mut cx.store(), party, MOST).await?;
    judge(cx, rows.into_iter().filter(|r| r.agreement_list.is_some()).collect()).await
}

/// The same for an operator: of a whole registry record, or of one of its mailboxes, which shares its credit with the
/// others. Each look is in the audit.
#[derive(Clone, Debug)]
pub struct DeskAhead {
    pub customer: PartyId,
    pub name: String,
    /// The mailbox that is looked at alone.
    pub address: Option<String>,
    pub ahead: Ahead,
}

/// The charges for all the mailboxes of a customer.
///
/// # Errors
/// Forbidden; `NotFound`.
pub async fn coming_of_customer(cx: &Cx, party: PartyId) -> Result<DeskAhead, Problem> {
    authorise(cx, Permission::See)?;
    let q = &mut cx.store();
    let customer = desk_search::customer(q, party).await?.ok_or_else(Problem::not_found)?;
    let ahead = judge(cx, rows::of_party(q, party, MOST).await?).await?;
    seen(cx, ("party", party.uuid())).await?;
    Ok(DeskAhead { customer: party, name: customer.display_name, address: None, ahead })
}

/// The charges for one mailbox.
///
/// # Errors
/// Forbidden; `NotFound`.
pub async fn coming_of_mailbox(cx: &Cx, mailbox: MailboxId) -> Result<DeskAhead, Problem> {
    authorise(cx, Permission::See)?;
    let q = &mut cx.store();
    let holder = rows::holder(q, mailbox).await?.ok_or_else(Problem::not_found)?;
    let mut ahead = judge(cx, rows::of_party(q, holder.party_id, MOST).await?).await?;
    ahead.rows.retain(|c| c.mailbox == mailbox);
    seen(cx, ("mailbox", mailbox.uuid())).await?;
    Ok(DeskAhead { customer: holder.party_id, name: holder.display_name, address: Some(holder.address), ahead })
}

async fn seen(cx: &Cx, (kind, subject): (&'static str, Uuid)) -> Result<(), Problem> {
    let inner = cx.clone();
    let line = AuditLine::new("office.renewals_seen", kind, subject, json!({}));
    cx.write(async move |tx| audit::record(tx, &inner, &line).await).await
}

async fn judge(cx: &Cx, rows: Vec<DueRow>) -> Result<Ahead, Problem> {
    let q = &mut cx.store();
    let mut methods: HashMap<LoginId, Vec<MethodRow>> = HashMap::new();
    for login in rows.iter().map(|r| r.login_id).collect::<BTreeSet<_>>() {
        methods.insert(login, payments::methods_of(q, login).await?);
    }
    let today = cx.now().date();
    let prices = Prices::at(q, cx, cx.now()).await?;
    let mut look = Look { prices, today, until: today.plus_months(MONTHS), days: HashMap::new(), out: Vec::new() };
    // Nothing is charged for what its holder gave up.
    let rows = rows.into_iter().filter(|row| !row.notice);
    // A mailbox before its add-ons, which follow it.
    let (mailboxes, addons): (Vec<_>, Vec<_>) = rows.partition(|r| r.addon_service.is_none());
    for row in mailboxes.into_iter().chain(addons) {
        let own = methods.get(&row.login_id).map(Vec::as_slice).unwrap_or_default();
        let method = own.iter().find(|m| Some(m.id) == row.method_id).or(own.first());
        look.ahead(row, method.map(|m| m.label.as_str()));
    }
    let mut out = look.out;
    out.sort_by_key(|(coming, ..)| (coming.day, coming.addon.is_some()));
    let credit = out_of_credit(&mut out);
    Ok(Ahead { rows: out.into_iter().map(|(coming, ..)| coming).collect(), credit, more: false })
}

/// The wallets give in the order of the days; what a mailbox lacks its add-ons are not asked for.
fn out_of_credit(out: &mut [Found]) -> Option<CreditAhead> {
    let (mut wallets, mut short) = (HashMap::<AccountId, (CreditAhead, Money)>::new(), HashSet::new());
    for (coming, wallet, held) in out {
        let paid = coming.way == Way::Wallet && coming.trouble.is_none();
        let Some(gross) = coming.quote.as_ref().filter(|_| paid).map(|q| q.gross) else { continue };
        let start = CreditAhead { held: *held, ..CreditAhead::default() };
        let (sum, left) = wallets.entry(*wallet).or_insert((start, *held));
        sum.needed += gross;
        if coming.addon.is_some() && short.contains(&coming.mailbox) {
            coming.trouble = Some("mailbox-short");
            continue;
        }
        match take(gross, *left) {
            Taken::Paid { left: rest } => *left = rest,
            Taken::Short { missing } => {
                coming.missing = Some(missing);
                if coming.addon.is_none() {
                    short.insert(coming.mailbox);
                }
            }
        }
    }
    let all =
        wallets.into_values().map(|(sum, _)| CreditAhead { short: (sum.needed - sum.held).max(Money::ZERO), ..sum });
    all.reduce(|a, b| CreditAhead { needed: a.needed + b.needed, held: a.held + b.held, short: a.short + b.short })
}

type Found = (Coming, AccountId, Money);

struct Look {
    prices: Prices,
    today: Date,
    until: Date,
    /// When the period of a mailbox that ends on a day is paid.
    days: HashMap<(MailboxId, Date), Date>,
    out: Vec<Found>,
}

impl Look {
    /// When it is paid; nothing is taken by itself after the last try.
    fn day(&self, row: &DueRow, way: Way, kind: ServiceKind, end: Date) -> (Date, bool) {
        let by_itself = way.by_itself();
        match kind {
            ServiceKind::Mailbox if by_itself && row.due_day > end => (calendar::last_renewal_day(end), true),
            ServiceKind::Mailbox if by_itself => (row.due_day.max(self.today), false),
            ServiceKind::Mailbox => (end.max(self.today), false),
            // Its mailbox was renewed before it: the last try.
            ServiceKind::Addon if row.term_end > end => (row.due_day.max(self.today), false),
            ServiceKind::Addon => {
                (self.days.get(&(row.mailbox_id, row.term_end)).copied().unwrap_or(end.max(self.today)), false)
            }
        }
    }

    /// The charges of one service, one period after the other.
    fn ahead(&mut self, mut row: DueRow, method: Option<&str>) {
        let (Some(way), Some(kind)) = (Way::parse(&row.way), ServiceKind::parse(&row.service_kind)) else { return };
        loop {
            let Some(end) = row.end() else { return };
            let (day, by_hand) = self.day(&row, way, kind, end);
            if day > self.until {
                return;
            }
            if kind == ServiceKind::Mailbox {
                self.days.insert((row.mailbox_id, end), day);
            } else if row.term_end <= end {
                // It follows its mailbox, which is renewed for its years.
                row.term_end = calendar::renewed_end(row.term_end, row.years);
            }
            let told = self.prices.renewal(&row);
            let by_method = matches!(way, Way::Card | Way::Paypal);
            let trouble = match &told {
                _ if row.state == "parked" => Some("parked"),
                Err(Trouble::Park(_)) => Some("parked"),
                Err(Trouble::AgreementClosed) => Some("agreement-closed"),
                Err(Trouble::End(_)) => return,
                Ok(_) if by_hand => Some("by-hand"),
                Ok(_) if by_method && method.is_none() => Some("no-method"),
                Ok(_) => None,
            };
            let renewal = told.ok();
            let coming = Coming {
                mailbox: row.mailbox_id,
                address: row.address.clone(),
                plan: row.plan_name.clone(),
                addon: row.addon_service.clone().zip(row.gb),
                day,
                way,
                quote: renewal.as_ref().map(|r| r.quote.clone()),
                until: renewal.as_ref().map(|r| r.until),
                method: method.filter(|_| by_method && !by_hand).map(str::to_owned),
                missing: None,
                trouble,
            };
            self.out.push((coming, row.wallet(), row.available()));
            let Some(renewal) = renewal.filter(|_| trouble.is_none()) else { return };
            if kind == ServiceKind::Mailbox {
                row.term_end = renewal.until;
            }
            row.addon_end = row.addon_end.map(|_| renewal.until);
            row.period_start = calendar::period_start(renewal.until);
            row.due_day = calendar::first_due(kind, way, renewal.until);
        }
    }
}

/// What a customer may do about the renewal of a mailbox of his.
#[derive(Clone, Copy, Debug, Default)]
pub struct Doings {
    pub renew: bool,
    pub pending: Option<OrderId>,
    pub switch: bool,
}

/// By the rules alone, out of what the card has read: nothing for a mailbox that is renewed by somebody else, or that
/// has ended. Whether the plan has a price is asked when it is to be renewed.
pub fn doings(card: &CardRow, today: Date) -> Doings {
    let (Some(state), Some(way)) = (card.owed_state.as_deref(), card.owed_way.as_deref().and_then(Way::parse)) else {
        return Doings::default();
    };
    if !matches!(state, "open" | "running" | "parked") {
        return Doings::default();
    }
    let open = state == "open" && !card.under_agreement;
    let by_hand = open && way == Way::Manual && card.renewal_order.is_none();
    let barred = bars_renewal(card.notice, card.under_agreement, card.end_day, today);
    Doings {
        renew: by_hand && !barred && calendar::renewable(card.end_day, today),
        pending: card.renewal_order,
        switch: open && !card.notice && matches!(way, Way::Manual | Way::Card | Way::Paypal),
    }
}

/// What the holder of the acting mailbox may do about its renewal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CreditDoings {
    /// It can be renewed by hand, today.
    pub renew: bool,
    /// Why it cannot, where its holder renews it.
    pub refused: Option<&'static str>,
    /// Whether the credit renews it by itself; nothing when that cannot be changed.
    pub auto: Option<bool>,
    pub end: Option<Date>,
}

/// Nothing for a mailbox that its body renews, or that has ended.
///
/// # Errors
/// When the store cannot be read.
pub async fn credit_doings(cx: &Cx, mailbox: MailboxId) -> Result<CreditDoings, Problem> {
    let row = match own_by_credit(&mut cx.store(), cx, mailbox).await {
        Ok(row) => row,
        Err(refused) if refused.is("not-found") || refused.is("renewal-ended") => return Ok(CreditDoings::default()),
        Err(problem) => return Err(problem),
    };
    let auto = (row.state == "open" && !row.notice).then_some(row.way == Way::Wallet.as_str());
    let (renew, refused) = match renewable_with_credit(cx, mailbox).await {
        Ok(_) => (true, None),
        Err(p) if p.kind == ProblemKind::Refused => (false, Some(p.code)),
        Err(problem) => return Err(problem),
    };
    Ok(CreditDoings { renew, refused, auto, end: Some(row.term_end) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_tells_the_first_and_the_credit_of_all() {
        let coming = Coming {
            mailbox: MailboxId::from_uuid(Uuid::nil()),
            address: "a@b".into(),
            plan: "Standard".into(),
            addon: None,
            day: Date::from_days(20_000),
            way: Way::Card,
            quote: None,
            until: None,
            method: None,
            missing: None,
            trouble: None,
        };
        let credit = Some(CreditAhead { needed: Money::cents(5), ..CreditAhead::default() });
        for (count, told, more) in [(0, 0, false), (ON_A_PAGE, ON_A_PAGE, false), (ON_A_PAGE + 1, ON_A_PAGE, true)] {
            let page = Ahead { rows: vec![coming.clone(); count], credit, more: false }.on_a_page();
            assert_eq!((page.rows.len(), page.more, page.credit), (told, more, credit));
        }
    }
}
