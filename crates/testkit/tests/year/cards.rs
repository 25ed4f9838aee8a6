//! Payments at a gateway: it has its moods, and its events come twice, in any order, late, or never.

use adapters::payment::simulated::Fault;
use app::{
    Problem,
    conversations::open_checkout::{open_checkout, open_quick},
    use_cases::payments::{Means, accept_event::accept_event, ask_now::ask_now, quick},
};
use domain::{
    actor::Actor,
    id::{AttemptId, OrderId},
    money::Money,
};
use ports::payment::{PaymentGateway, PlayGateway};
use store::{row, sql};

use crate::{
    paypal,
    year::{Event, Said, Year},
};

sql!(
    CHALLENGED = "SELECT id FROM attempts WHERE gateway = 'simulated' AND kind = 'checkout' AND state IN ('opened', 'pending') ORDER BY created_at DESC, id LIMIT 20",
    AttemptId
);
row! {
    /// What somebody must know who pays without signing in.
    pub struct QuickRow { pub number: String, pub fiscal_code: Option<String> }
}
sql!(
    BY_NUMBER = "SELECT o.number, p.fiscal_code FROM orders o JOIN parties p ON p.id = o.party_id WHERE o.state = 'awaiting_payment' ORDER BY o.placed_at DESC, o.id LIMIT 40",
    QuickRow
);
sql!(
    PAID = "SELECT id FROM orders WHERE state = 'completed' AND gross_cents > 0 ORDER BY paid_at DESC, id LIMIT 60",
    OrderId
);

impl Year {
    /// Somebody pays one of the orders that wait, or tries to.
    pub async fn pay_something(&mut self) -> Said {
        let Some(order) = self.awaiting().await? else { return Ok("nothing waits".into()) };
        let came = self.checkout(order.actor(), order.id).await?;
        Ok(format!("{}, {came}", order.number))
    }

    /// One visit to a gateway's page.
    pub async fn checkout(&mut self, actor: Actor, order: OrderId) -> Said {
        let (means, mood) = self.wish(actor);
        self.pay(actor, order, means, mood).await
    }

    /// With what somebody pays, and what will come of it. Credit is paid for by card alone.
    fn wish(&self, actor: Actor) -> (Means, &'static str) {
        match self.dice.roll(100) {
            0..5 => self.house.outside.gateway.fail_next(Fault::LostAnswer),
            5..8 => self.house.outside.gateway.fail_next(Fault::Unavailable),
            _ => {}
        }
        let paypal = !matches!(actor, Actor::Mailbox { .. }) && self.dice.percent(25);
        let mood = match self.dice.roll(100) {
            0..45 => "approve",
            45..52 => "decline",
            52..56 => "decline_funds",
            56..62 => "delay",
            62..68 => "repeat",
            68..74 => "reorder",
            74..80 => "silent",
            80..83 => "never_answer",
            83..88 => "approve_then_decline",
            88..92 => "approve_then_challenge",
            92..96 => "challenge",
            _ => "close the browser",
        };
        (if paypal { Means::Paypal } else { Means::Card }, mood)
    }

    /// Opens the page and makes a choice there.
    pub async fn pay(&mut self, actor: Actor, order: OrderId, means: Means, mood: &'static str) -> Said {
        let url = open_checkout(&self.cx().by(actor), &self.house.ports, order, means).await?;
        let Some((_, said)) = self.at_the_page(&url, means, mood).await? else { return Ok("is told to wait".into()) };
        // Whoever approved comes back, mostly.
        if means == Means::Paypal && self.dice.percent(70) {
            ask_now(&self.cx().by(actor), order).await?;
        }
        Ok(said)
    }

    /// A choice at the page of a payment, or of the storing of a method; nothing when the address leads elsewhere.
    pub async fn at_the_page(
        &mut self,
        url: &str,
        means: Means,
        mood: &'static str,
    ) -> Result<Option<(AttemptId, String)>, Problem> {
        let attempt = url.split(['/', '?']).find_map(|part| part.parse::<AttemptId>().ok());
        let Some(attempt) = attempt else { return Ok(None) };
        // What the page does not offer now, nobody can choose.
        let chosen = match means {
            Means::Card => self.house.outside.gateway.choose(attempt, mood).is_ok(),
            Means::Paypal => self.house.outside.paypal.choose(attempt, mood),
        };
        self.tell().await?;
        let did = if chosen { mood } else { "leaves the page" };
        Ok(Some((attempt, format!("{did} by {}", means.as_str()))))
    }

    /// Somebody pays who knows the number of an order and its customer's tax number, or only pretends to.
    pub async fn pay_by_number(&mut self) -> Said {
        let waiting = self.cx().store().all(&BY_NUMBER, &[]).await?;
        let Some(order) = self.dice.pick(&waiting).cloned() else { return Ok("nothing waits".into()) };
        let stranger = self.dice.percent(15);
        let known = order.fiscal_code.filter(|_| !stranger);
        let asked = quick::Asked {
            number: order.number.clone(),
            tax_number: known.unwrap_or_else(|| "BNCGLI90E45Z110X".into()),
            proof: None,
            ip: format!("192.0.2.{}", self.dice.roll(250)),
        };
        let (means, mood) = self.wish(Actor::Visitor);
        let cx = self.cx().by(Actor::Visitor);
        let url = open_quick(&cx, &self.house.ports, &asked, means).await?;
        if stranger {
            self.fail("somebody paid who knows only the number of an order");
        }
        let Some((attempt, said)) = self.at_the_page(&url, means, mood).await? else { return Ok("waits".into()) };
        if self.dice.percent(70) {
            quick::came_back(&cx, attempt).await?;
        }
        Ok(format!("{}, {said}", order.number))
    }

    /// Somebody answers the bank's question at last, or the bank makes up its mind about a payment that it kept.
    pub async fn authenticate(&mut self) -> Said {
        let open = self.cx().store().all(&CHALLENGED, &[]).await?;
        let Some(attempt) = self.dice.pick(&open).copied() else { return Ok("nobody is asked".into()) };
        let answers = ["authenticate", "authenticate", "fail_authentication", "approve", "decline"];
        let choice = *self.dice.pick(&answers).expect("some");
        let chosen = self.house.outside.gateway.choose(attempt, choice).is_ok();
        self.tell().await?;
        Ok(format!("{choice} {chosen}"))
    }

    /// The gateway tells what it has to tell.
    async fn tell(&mut self) -> Result<(), Problem> {
        let of = |name| move |posted| (name, posted);
        let mut events: Vec<Event> = self.house.outside.gateway.drain().into_iter().map(of("simulated")).collect();
        events.extend(self.house.outside.paypal.drain().into_iter().map(of(paypal::NAME)));
        for n in (1..events.len()).rev() {
            events.swap(n, self.dice.roll(n as u64 + 1) as usize);
        }
        for event in events {
            match self.dice.roll(100) {
                0..8 => {}
                8..16 => self.late.push(event),
                16..30 => {
                    self.accept(&event).await?;
                    self.accept(&event).await?;
                }
                _ => self.accept(&event).await?,
            }
        }
        Ok(())
    }

    /// What was delayed yesterday: too old by now to be believed, or told for the first time.
    pub async fn tell_late(&mut self) {
        let late = std::mem::take(&mut self.late);
        let count = late.len();
        let mut said = self.tell().await.map(|()| format!("{count} old ones"));
        for event in late {
            if said.is_ok()
                && let Err(e) = self.accept(&event).await
            {
                said = Err(e);
            }
        }
        self.came_of("events", said).await;
    }

    async fn accept(&self, (gateway, event): &Event) -> Result<(), Problem> {
        let verifier = match *gateway {
            paypal::NAME => self.house.outside.paypal.events(),
            _ => self.house.outside.gateway.events(),
        };
        match accept_event(self.cx(), gateway, verifier, &event.headers(), event.body.clone()).await {
            Err(p) if p.is("event_stale") => Ok(()),
            Err(p) => Err(p),
            Ok(_) => Ok(()),
        }
    }

    /// An operator gives money back: a part, the whole, or more than there is.
    pub async fn give_back(&mut self) -> Said {
        use app::use_cases::payments::refund_by_operator::{Refund, refund_by_operator};
        let paid = self.cx().store().all(&PAID, &[]).await?;
        let Some(order) = self.dice.pick(&paid).copied() else { return Ok("nothing is paid".into()) };
        let payments = store::payments::refundable(&mut self.cx().store(), order).await?;
        let Some(payment) = self.dice.pick(&payments) else { return Ok("no payment to give back".into()) };
        let left = payment.left_cents.as_cents();
        let cents = match self.dice.roll(10) {
            0..4 => left,
            4..9 => self.dice.roll(left.max(1) as u64) as i64,
            _ => left + 1,
        };
        let refund = Refund {
            order,
            payment: payment.id,
            amount: format!("{},{:02}", cents / 100, cents % 100),
            reason: "richiesta del cliente".into(),
            left_shown: Money::cents(left),
        };
        refund_by_operator(self.cx(), refund.clone()).await?;
        // A second click on a stale page.
        if self.dice.percent(20) && cents > 0 && refund_by_operator(self.cx(), refund).await.is_ok() {
            self.fail("a stale page gave money back again");
        }
        Ok(format!("{cents} of {left} cents"))
    }
}
