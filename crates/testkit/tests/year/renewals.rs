//! Who renews what, besides the night: customers by hand, the body for its members; and what must be true of it.

use app::{
    Problem, fixtures,
    use_cases::{
        agreements::renew_members::{RenewMembers, owed, renew_members},
        renewals::{
            auto_renew::set_auto_renew,
            place_renewal::{PlaceRenewal, place_renewal, renewable},
        },
    },
};
use domain::{
    id::{LoginId, MailboxId},
    money::Money,
    time::{DAY_US, Date, Timestamp},
};
use store::{args, row, sql};

use crate::year::{Person, Said, Year};

row! {
    /// A customer's mailbox, and who may act for it.
    pub struct OwnRow { pub id: MailboxId, pub login_id: LoginId }
}
row! {
    /// A period that an order has paid, and the one that is owed after it.
    pub struct PaidRow { pub address: String, pub period_start: Date, pub years: i64, pub next_start: Option<Date> }
}
row! {
    /// A mailbox that was bought, before its first renewal.
    pub struct BoughtRow { pub address: String, pub paid_at: Timestamp, pub years: i64, pub start_day: Date, pub end_day: Date }
}

sql!(
    /// What ends soon, or ended a while ago, and nobody renews by himself.
    BY_HAND = "SELECT m.id, t.login_id FROM terms t JOIN mailboxes m ON m.id = t.mailbox_id JOIN obligations o ON o.service_id = m.id AND o.period_start = t.end_day + 1 \
     WHERE t.end_day BETWEEN $1 AND $2 AND o.way = 'manual' AND o.state = 'open' ORDER BY t.end_day, m.id LIMIT 40",
    OwnRow
);
sql!(
    OWN = "SELECT m.id, t.login_id FROM terms t JOIN mailboxes m ON m.id = t.mailbox_id LEFT JOIN agreement_mailboxes g ON g.mailbox_id = m.id \
     WHERE t.end_day BETWEEN $1 AND $2 AND g.mailbox_id IS NULL ORDER BY t.end_day, m.id LIMIT 60",
    OwnRow
);
sql!(
    PAID_SINCE = "SELECT m.address, b.period_start, COALESCE(s.years, o.years) AS years, (SELECT MIN(n.period_start) FROM obligations n WHERE n.service_id = b.service_id AND n.period_start > b.period_start) AS next_start \
     FROM obligations b JOIN orders o ON o.id = b.order_id JOIN mailboxes m ON m.id = b.mailbox_id LEFT JOIN order_services s ON s.order_id = o.id AND s.service_id = b.service_id \
     WHERE b.state = 'met' AND b.settled_day >= $1 AND b.service_kind = 'mailbox' ORDER BY m.address, b.period_start LIMIT 5000",
    PaidRow
);
sql!(
    BOUGHT_SINCE = "SELECT m.address, o.paid_at, o.years, t.start_day, t.end_day FROM orders o JOIN mailboxes m ON m.order_id = o.id JOIN terms t ON t.mailbox_id = m.id \
     WHERE o.kind = 'purchase' AND o.paid_at > $1 AND NOT EXISTS (SELECT 1 FROM obligations b WHERE b.service_id = m.id AND b.state = 'met') ORDER BY m.address LIMIT 5000",
    BoughtRow
);

impl Year {
    /// A mailbox of a customer that ends soon or has ended: one that waits for its customer, or any.
    async fn own(&self, by_hand: bool) -> Result<Option<(Person, MailboxId)>, Problem> {
        let today = self.house.now().date();
        let days = args![today.plus_days(-91), today.plus_days(60)];
        let found = if by_hand {
            self.cx().store().all(&BY_HAND, days).await?
        } else {
            self.cx().store().all(&OWN, days).await?
        };
        let Some(row) = self.dice.pick(&found) else { return Ok(None) };
        let person = self.people.iter().find(|p| p.login == row.login_id).copied();
        Ok(person.map(|p| (p, row.id)))
    }

    /// A customer renews a mailbox by hand, and mostly pays.
    pub async fn renew_by_hand(&mut self) -> Said {
        let Some((person, mailbox)) = self.own(self.dice.percent(85)).await? else { return Ok("nothing ends".into()) };
        let cx = self.cx().by(person.actor());
        let found = renewable(&cx, mailbox).await?;
        let Some(quote) = found.quotes.get(self.dice.roll(2) as usize).or(found.quotes.first()) else {
            return Ok("it can be renewed for no time".into());
        };
        let method = *self.dice.pick(&["card", "card", "paypal", "bank_transfer"]).expect("some");
        let input = PlaceRenewal {
            mailbox,
            choice: app::use_cases::renewals::choose_plan::Choice::default(),
            accept_losses: false,
            years: quote.years,
            payment_method: method.into(),
            shown: quote.gross + Money::cents(i64::from(self.dice.percent(5))),
            accept_conditions: true,
            accept_unfair_terms: true,
            ip: None,
            user_agent: None,
        };
        let order = place_renewal(&cx, input.clone()).await?;
        // The same form from another tab.
        if self.dice.percent(20) && place_renewal(&cx, input).await.is_ok() {
            self.fail("a renewal was ordered twice");
        }
        let said = format!("{} for {} years", found.address, quote.years);
        if method != "bank_transfer" && self.dice.percent(80) {
            return Ok(format!("{said}, {}", self.checkout(person.actor(), order).await?));
        }
        Ok(said)
    }

    /// A customer lets a mailbox renew by itself, or no longer.
    pub async fn switch_renewal(&mut self) -> Said {
        let by_hand = self.dice.percent(50);
        let Some((person, mailbox)) = self.own(by_hand).await? else { return Ok("nothing ends".into()) };
        let on = by_hand || self.dice.percent(30);
        set_auto_renew(&self.cx().by(person.actor()), mailbox, on).await?;
        Ok(format!("on {on}"))
    }

    /// The secretariat renews what ends for its members, by one order.
    pub async fn renew_members(&mut self) -> Said {
        let actor = self.body.actor();
        let cx = self.cx().by(actor);
        let within = *self.dice.pick(&[Some(7), Some(20), Some(30), Some(45)]).expect("some");
        let owed = owed(&cx, fixtures::AGREEMENT, within).await?;
        let method = *self.dice.pick(&["card", "card", "paypal", "bank_transfer"]).expect("some");
        let input = RenewMembers {
            agreement: fixtures::AGREEMENT.into(),
            within,
            payment_method: method.into(),
            count: owed.mailboxes.len() as i64,
            shown: owed.gross() + Money::cents(i64::from(self.dice.percent(5))),
        };
        let order = renew_members(&cx, input.clone()).await?;
        if self.dice.percent(30) && renew_members(&cx, input).await.is_ok() {
            self.fail("members were renewed twice");
        }
        let said = format!("{} members for {:?}", owed.mailboxes.len(), owed.gross());
        if method != "bank_transfer" && self.dice.percent(75) {
            return Ok(format!("{said}, {}", self.checkout(actor, order).await?));
        }
        Ok(said)
    }

    /// What was paid since the last night pushed each term by what was paid, and by nothing else.
    pub async fn judge_terms(&self) {
        // The clock may have gone back meanwhile.
        let since = self.verdict.judged_at.plus_us(-2 * DAY_US);
        let store = self.cx().store();
        for paid in store.all(&PAID_SINCE, args![since.date()]).await.expect("readable") {
            let wanted = paid.period_start.plus_days(-1).plus_years(paid.years as i32).plus_days(1);
            if paid.next_start != Some(wanted) {
                self.fail(&format!("{paid:?}: the next period begins on {wanted:?}"));
            }
        }
        for bought in store.all(&BOUGHT_SINCE, args![since]).await.expect("readable") {
            let start = bought.paid_at.date();
            if (bought.start_day, bought.end_day) != (start, start.plus_years(bought.years as i32)) {
                self.fail(&format!("{bought:?}: another term than was bought"));
            }
        }
    }
}
