//! Orders as pages show them.

use domain::{
    id::{LoginId, OrderId},
    order::{OrderState, pricing::Quote, schedule::UnpaidSchedule},
    time::{Date, Timestamp},
};
use store::{
    Query, audit,
    lists::{self, From, OrderFilter},
    orders as rows,
};

use crate::{
    Cx, Problem,
    use_cases::renewals::{RENEWAL, immediate_until},
};

/// Orders on one page of the list.
pub const PAGE: u64 = 25;

/// One page of a list by keyset: its rows, and whether there are others on each side.
#[derive(Clone, Debug)]
pub struct Page<R> {
    pub rows: Vec<R>,
    pub newer: bool,
    pub older: bool,
}
impl<R> Page<R> {
    /// Turns what the store answered (one row more than a page tells of others) into a page.
    pub(crate) fn of<K>(mut rows: Vec<R>, from: &From<K>, size: u64) -> Self {
        let more = rows.len() as u64 > size;
        rows.truncate(size as usize);
        match from {
            From::Start => Self { rows, newer: false, older: more },
            From::After(_) => Self { rows, newer: true, older: more },
            From::Before(_) => {
                rows.reverse();
                Self { rows, newer: more, older: true }
            }
        }
    }
}

/// A page of the orders of a login, the newest first.
///
/// # Errors
/// When the store cannot be read.
pub async fn list(
    cx: &Cx,
    login: LoginId,
    filter: &OrderFilter,
    from: From<(Timestamp, OrderId)>,
) -> Result<Page<rows::OrderListRow>, Problem> {
    let found = lists::orders(&mut cx.store(), login, filter, from, PAGE).await?;
    Ok(Page::of(found, &from, PAGE))
}

/// An order with everything that its page shows.
#[derive(Clone, Debug)]
pub struct OrderView {
    pub row: rows::OrderRow,
    pub lines: Vec<rows::LineRow>,
    pub mailboxes: Vec<rows::OrderMailboxRow>,
    /// The first mailboxes that it renews or serves, when it brings no new ones.
    pub served: Vec<rows::ServedRow>,
    pub acceptances: Vec<rows::AcceptanceRow>,
    /// What happened, oldest first: dotted verbs with their moments.
    pub history: Vec<(String, Timestamp)>,
    /// What will happen if nobody acts: reminders and the expiry of an unpaid order.
    pub planned: Vec<(String, Timestamp)>,
    /// The last day to pay it, when only immediate methods are in time (domain notes 6.5).
    pub immediate_until: Option<Date>,
}
impl OrderView {
    /// Mailboxes that it renews beside the named ones.
    pub fn served_beside(&self) -> i64 {
        self.served.first().map_or(0, |s| s.of_all - self.served.len() as i64)
    }
    /// The derivation of each line, as it was when the order was placed.
    pub fn quotes(&self) -> Vec<(String, Quote)> {
        self.lines.iter().map(|l| (l.product_name.clone(), l.quote())).collect()
    }
}

/// A body renews thousands of mailboxes with one order: its page names as many.
const SERVED_SHOWN: i64 = 25;

/// An order of this login.
///
/// # Errors
/// `NotFound` when it is somebody else's or not there.
pub async fn order(cx: &Cx, login: LoginId, id: OrderId) -> Result<OrderView, Problem> {
    let q = &mut cx.store();
    let row = rows::by_id(q, id).await?.filter(|o| o.login_id == login).ok_or_else(Problem::not_found)?;
    let history = audit::by_subject(q, id.uuid()).await?;
    let waiting = row.state == OrderState::AwaitingPayment.as_str();
    let today = cx.now().date();
    Ok(OrderView {
        immediate_until: if waiting { immediate_until(q, id, &row.kind, today).await? } else { None },
        lines: rows::lines(q, id).await?,
        served: served(q, &row).await?,
        mailboxes: rows::mailboxes(q, id).await?,
        acceptances: rows::acceptances(q, id).await?,
        history: history.into_iter().map(|l| (l.action, Timestamp::from_micros(l.at))).collect(),
        planned: if waiting { planned(&row, cx.now()) } else { vec![] },
        row,
    })
}

/// What it renews or serves, in the order of the addresses.
async fn served(q: &mut impl Query, row: &rows::OrderRow) -> Result<Vec<rows::ServedRow>, Problem> {
    let mut found = match row.kind.as_str() {
        "purchase" => vec![],
        RENEWAL => rows::renewed(q, row.id, SERVED_SHOWN).await?,
        _ => rows::for_one(q, row.id).await?.into_iter().collect(),
    };
    found.sort_by(|a, b| a.address.cmp(&b.address));
    Ok(found)
}

fn planned(row: &rows::OrderRow, now: Timestamp) -> Vec<(String, Timestamp)> {
    let schedule = UnpaidSchedule::default();
    let reminders = schedule.reminders(row.placed_at).into_iter().map(|(_, at)| ("order.reminded".to_owned(), at));
    let expiry = ("order.expired".to_owned(), schedule.expires_at(row.placed_at));
    reminders.chain([expiry]).filter(|(_, at)| *at > now).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_knows_its_neighbours() {
        let page = |from: From<i64>, rows: Vec<i64>| {
            let p = Page::of(rows, &from, 2);
            (p.rows, p.newer, p.older)
        };
        assert_eq!(page(From::Start, vec![9, 8, 7]), (vec![9, 8], false, true));
        assert_eq!(page(From::Start, vec![9]), (vec![9], false, false));
        assert_eq!(page(From::After(8), vec![7, 6]), (vec![7, 6], true, false));
        // Going back the store answers the nearest first.
        assert_eq!(page(From::Before(7), vec![8, 9]), (vec![9, 8], false, true));
        assert_eq!(page(From::Before(5), vec![6, 7, 8]), (vec![7, 6], true, true));
    }
}
