//! Stored methods, prices that somebody loses, and mailboxes that fill up.

use app::{
    Problem,
    conversations::open_setup::open_setup,
    effects::{self, Effect, count_usage::CountUsage},
    use_cases::{
        methods::{ask_setup::ask_setup, prefer_method::prefer_method, remove_method::remove_method},
        payments::Means,
    },
};
use domain::id::{MailboxId, MethodId};
use store::{args, methods, row, sql};

use crate::year::{Person, Said, Year};

row! {
    pub struct SpaceRow { pub id: MailboxId, pub address: String, pub mib: i64 }
}
sql!(
    LIVING = "SELECT id, address, space_mib + extra_space_mib AS mib FROM mailboxes WHERE state IN ('active', 'expired') ORDER BY id LIMIT 1 OFFSET $1",
    SpaceRow
);
/// Prices begin so much later, which is after the end of every year.
const NEVER_US: i64 = 9_000_000_000_000_000;
sql!(
    LOSE = "UPDATE prices SET valid_from_at = valid_from_at + $3 WHERE price_list = $1 AND product_code = $2 AND valid_from_at < $3"
);
sql!(
    FIND = "UPDATE prices SET valid_from_at = valid_from_at - $3 WHERE price_list = $1 AND product_code = $2 AND valid_from_at >= $3"
);

impl Year {
    async fn somebodys_method(&self) -> Result<(Person, Option<MethodId>), Problem> {
        let person = *self.dice.pick(&self.people).expect("there are customers");
        let kept = methods::kept(&mut self.cx().store(), person.login, 50).await?;
        Ok((person, self.dice.pick(&kept).map(|m| m.id)))
    }

    /// A customer stores a method without a payment, often in the place of another one.
    pub async fn add_method(&mut self) -> Said {
        let (person, known) = self.somebodys_method().await?;
        let replaces = known.filter(|_| self.dice.percent(60));
        let means = if self.dice.percent(40) { Means::Paypal } else { Means::Card };
        let moods = ["approve", "approve", "approve", "approve_then_decline", "silent", "challenge", "decline", "-"];
        let mood = *self.dice.pick(&moods).expect("some");
        let cx = self.cx().by(person.actor());
        let url = open_setup(&cx, &self.house.ports, means, replaces).await?;
        let Some((setup, said)) = self.at_the_page(&url, means, mood).await? else { return Ok("waits".into()) };
        if self.dice.percent(70) {
            ask_setup(&cx, setup).await?;
        }
        Ok(format!("{said}, in the place of another: {}", replaces.is_some()))
    }

    pub async fn prefer_method(&mut self) -> Said {
        let (person, Some(method)) = self.somebodys_method().await? else { return Ok("has none".into()) };
        prefer_method(&self.cx().by(person.actor()), method).await?;
        Ok("another is used first".into())
    }

    pub async fn remove_method(&mut self) -> Said {
        let (person, Some(method)) = self.somebodys_method().await? else { return Ok("has none".into()) };
        let cx = self.cx().by(person.actor());
        remove_method(&cx, method).await?;
        if self.dice.percent(20) && remove_method(&cx, method).await.is_ok() {
            self.fail("a method was removed twice");
        }
        Ok("removed".into())
    }

    /// A mailbox holds more or less than before, and is counted.
    pub async fn fill(&mut self) -> Said {
        let at = self.dice.roll(1_500) as i64;
        let Some(mailbox) = self.cx().store().opt(&LIVING, args![at]).await? else { return Ok("nobody".into()) };
        if !self.counted.insert(mailbox.id) {
            return Ok("is counted already".into());
        }
        let percent = *self.dice.pick(&[10, 50, 69, 70, 92, 99, 100, 110]).expect("some");
        self.house.outside.plane.set_used_kib(&mailbox.address, mailbox.mib * 1024 * percent / 100 + 1);
        let cx = self.cx().clone();
        let id = mailbox.id;
        let wish = CountUsage { mailboxes: vec![id] }.request(("mailbox", id.uuid()), None, cx.now());
        self.cx().write(async move |tx| effects::enqueue(tx, &cx, std::slice::from_ref(&wish)).await).await?;
        Ok(format!("{} to {percent}", mailbox.address))
    }

    /// A price is gone by mistake: whoever renews for it meanwhile cannot be billed.
    pub async fn lose_price(&mut self) -> Said {
        if self.lost.is_some() {
            return Ok("one is lost already".into());
        }
        let all = [("retail", "standard"), ("ordgeo", "standard"), ("ordgeo", "pro"), ("ordgeo", "extra_space")];
        let (list, product) = *self.dice.pick(&all).expect("some");
        // It may be gone also when nobody was told.
        self.lost = Some((list, product, self.day.plus_days(1 + self.dice.roll(4) as i32)));
        let put = self.cx().write(async move |tx| Ok(tx.run(&LOSE, args![list, product, NEVER_US]).await?));
        put.await?;
        Ok(format!("{product} of {list}"))
    }
    /// Somebody has noticed.
    pub async fn find_price(&mut self) {
        let Some((list, product, _)) = self.lost.filter(|(_, _, until)| *until < self.day) else { return };
        let put = self.cx().write(async move |tx| Ok(tx.run(&FIND, args![list, product, NEVER_US]).await?));
        put.await.expect("prices are written");
        self.lost = None;
        self.note(format!("{product} of {list} has its price again"));
    }
}
