//! Payments by card: the gateway has its moods, and its events come twice, in any order, late, or never.

use adapters::payment::simulated::{Fault, Posted};
use app::{Problem, conversations::open_checkout::open_checkout, use_cases::payments::accept_event::accept_event};
use domain::{
    actor::Actor,
    id::{AttemptId, OrderId},
    money::Money,
};
use ports::payment::{PaymentGateway, PlayGateway};
use store::sql;

use crate::year::{Said, Year};

sql!(
    CHALLENGED = "SELECT id FROM attempts WHERE gateway = 'simulated' AND kind = 'checkout' AND state IN ('opened', 'pending') ORDER BY created_at DESC, id LIMIT 20",
    AttemptId
);
sql!(
    PAID = "SELECT id FROM orders WHERE state = 'completed' AND gross_cents > 0 ORDER BY paid_at DESC, id LIMIT 60",
    OrderId
);

impl Year {
    /// Somebody pays one of the orders that wait, or tries to.
    pub async fn pay_by_card(&mut self) -> Said {
        let Some(order) = self.awaiting().await? else { return Ok("nothing waits".into()) };
        let came = self.checkout(order.actor(), order.id).await?;
        Ok(format!("{}, {came}", order.number))
    }

    /// One visit to the gateway's page.
    pub async fn checkout(&mut self, actor: Actor, order: OrderId) -> Said {
        match self.dice.roll(100) {
            0..5 => self.house.outside.gateway.fail_next(Fault::LostAnswer),
            5..8 => self.house.outside.gateway.fail_next(Fault::Unavailable),
            _ => {}
        }
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
        self.pay(actor, order, mood).await
    }

    /// Opens the page and makes a choice there.
    pub async fn pay(&mut self, actor: Actor, order: OrderId, mood: &str) -> Said {
        let url = open_checkout(&self.cx().by(actor), &self.house.ports, order, app::use_cases::payments::Means::Card)
            .await?;
        let attempt = url.split(['/', '?']).find_map(|part| part.parse::<AttemptId>().ok());
        let Some(attempt) = attempt else { return Ok("is told to wait".into()) };
        // What the page does not offer now, nobody can choose.
        let chosen = self.house.outside.gateway.choose(attempt, mood).is_ok();
        self.tell().await?;
        Ok(if chosen { mood.to_owned() } else { "leaves the page".to_owned() })
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
        let mut events = self.house.outside.gateway.drain();
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

    async fn accept(&self, event: &Posted) -> Result<(), Problem> {
        let verifier = self.house.outside.gateway.events();
        match accept_event(self.cx(), "simulated", verifier, &event.headers(), event.body.clone()).await {
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
