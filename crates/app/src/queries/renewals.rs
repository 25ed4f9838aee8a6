//! What will be charged and when: the rules of the night, asked ahead. Nothing is written.

use std::collections::HashMap;

use domain::{
    id::{LoginId, OrderId},
    mailbox::termination::bars_renewal,
    money::Money,
    order::pricing::Quote,
    renewal::{
        ServiceKind, Way, calendar,
        wallet::{Taken, take},
    },
    time::Date,
};
use store::{
    mailboxes::CardRow,
    payments,
    renewals::{self as rows, DueRow},
};

use crate::{
    Cx, Problem,
    use_cases::renewals::prices::{Prices, Trouble},
};

/// How far it looks ahead, in months.
pub const MONTHS: i32 = 13;
/// Most services that are told.
const MOST: i64 = 200;

/// A charge that is to come, or why there will be none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coming {
    pub mailbox: String,
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
    /// Why nothing can be charged: `no-method`, or the word of the trouble.
    pub trouble: Option<&'static str>,
}

/// Every charge of the next thirteen months for the mailboxes of a login, in the order of their days.
///
/// # Errors
/// When the store cannot be read.
pub async fn coming(cx: &Cx, login: LoginId) -> Result<Vec<Coming>, Problem> {
    let q = &mut cx.store();
    let today = cx.now().date();
    let until = today.plus_months(MONTHS);
    let prices = Prices::at(q, cx, cx.now()).await?;
    let methods = payments::methods_of(q, login).await?;
    let mut out = Vec::new();
    // Nothing is charged for what its holder gave up.
    for row in rows::of_login(q, login, MOST).await?.into_iter().filter(|row| !row.notice) {
        let method = methods.iter().find(|m| Some(m.id) == row.method_id).or(methods.first());
        ahead(row, &prices, today, until, method.map(|m| m.label.as_str()), &mut out);
    }
    out.sort_by(|a: &(Coming, _), b| (a.0.day, &a.0.address).cmp(&(b.0.day, &b.0.address)));
    // The wallets give in the order of the days.
    let mut wallets: HashMap<_, Money> = HashMap::new();
    for (coming, (wallet, available)) in &mut out {
        let Some(quote) = coming.quote.as_ref().filter(|_| coming.way == Way::Wallet) else { continue };
        let left = wallets.entry(*wallet).or_insert(*available);
        match take(quote.gross, *left) {
            Taken::Paid { left: rest } => *left = rest,
            Taken::Short { missing } => coming.missing = Some(missing),
        }
    }
    Ok(out.into_iter().map(|(coming, _)| coming).collect())
}

type Found = (Coming, (domain::id::AccountId, Money));

/// The charges of one service, one period after the other.
fn ahead(mut row: DueRow, prices: &Prices, today: Date, until: Date, method: Option<&str>, out: &mut Vec<Found>) {
    let (Some(way), Some(kind)) = (Way::parse(&row.way), ServiceKind::parse(&row.service_kind)) else { return };
    loop {
        let Some(end) = row.end() else { return };
        if kind == ServiceKind::Addon && row.term_end <= end {
            // It follows its mailbox, which is renewed for its years.
            row.term_end = calendar::renewed_end(row.term_end, row.years);
        }
        let day = if way.by_itself() && kind == ServiceKind::Mailbox { row.due_day.max(today) } else { end.max(today) };
        if day > until {
            return;
        }
        let told = prices.renewal(&row);
        let trouble = match &told {
            _ if row.state == "parked" => Some("parked"),
            Err(Trouble::Park(_)) => Some("parked"),
            Err(Trouble::AgreementClosed) => Some("agreement-closed"),
            Err(Trouble::End(_)) => return,
            Ok(_) if matches!(way, Way::Card | Way::Paypal) && method.is_none() => Some("no-method"),
            Ok(_) => None,
        };
        let renewal = told.ok();
        let coming = Coming {
            mailbox: row.mailbox_id.to_string(),
            address: row.address.clone(),
            plan: row.plan_name.clone(),
            addon: row.addon_service.clone().zip(row.gb),
            day,
            way,
            quote: renewal.as_ref().map(|r| r.quote.clone()),
            until: renewal.as_ref().map(|r| r.until),
            method: method.filter(|_| matches!(way, Way::Card | Way::Paypal)).map(str::to_owned),
            missing: None,
            trouble,
        };
        out.push((coming, (row.wallet(), row.available())));
        let Some(renewal) = renewal.filter(|_| trouble.is_none()) else { return };
        if kind == ServiceKind::Mailbox {
            row.term_end = renewal.until;
        }
        row.addon_end = row.addon_end.map(|_| renewal.until);
        row.period_start = calendar::period_start(renewal.until);
        row.due_day = calendar::first_due(kind, way, renewal.until);
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
    let open = state == "open";
    let by_hand = open && way == Way::Manual && card.renewal_order.is_none();
    let barred = bars_renewal(card.notice, false, card.end_day, today);
    Doings {
        renew: by_hand && !barred && calendar::renewable(card.end_day, today),
        pending: card.renewal_order,
        switch: open && !card.notice && matches!(way, Way::Manual | Way::Card | Way::Paypal),
    }
}
