//! The 2,000 mailboxes with which each year begins: bought, paid and given during the year before, through the same
//! use cases. Made once for an engine; each year begins with a copy.

use std::sync::Arc;

use adapters::payment::simulated::Simulated;
use app::{clock::ManualClock, fixtures, use_cases::agreements::name_body::name_body};
use domain::time::Date;
use store::{
    EngineKind,
    fuse::Fuse,
    testing::{self, TestDb},
};
use testkit::{builders, dice::Dice, fakes::FakePlane};

use crate::{
    house::{House, Letterbox, Outside, gateway_settings, options},
    paypal::Paypal,
    year::{Person, Year},
};

/// Mailboxes of customers, and as many of members of the body.
const EACH: usize = 1_000;
/// Mailboxes of one order.
const AT_ONCE: usize = 10;
const CUSTOMERS: usize = 40;

/// The day on which the years begin: a month with a night of 25 hours is ahead.
pub fn first_day() -> Date {
    Date::new(2026, 10, 1).expect("a day of the calendar")
}

/// What the years have in common.
pub struct Town {
    db: TestDb,
    gateway: Arc<Simulated>,
    paypal: Arc<Paypal>,
    plane: Arc<FakePlane>,
    people: Vec<Person>,
    /// The body of the agreement.
    body: Person,
    /// Running number of names and people.
    made: usize,
}

impl Town {
    pub async fn build(engine: EngineKind) -> Self {
        let fuse = Fuse::new();
        let db = testing::fresh_with(engine, options(&fuse)).await;
        let begin = first_day().plus_days(-365);
        let clock = Arc::new(ManualClock::new(begin.at(9, 0)));
        let outside = Outside {
            letters: Arc::new(Letterbox::new(clock.clone())),
            sms: Arc::default(),
            plane: Arc::default(),
            gateway: Arc::new(Simulated::new(gateway_settings(&clock))),
            paypal: Arc::new(Paypal::new(gateway_settings(&clock))),
            clock,
        };
        let house = House::new(db, outside, fuse, 0);
        fixtures::load_catalogue(&house.cx).await.expect("the sample catalogue loads");
        fixtures::load_agreement(&house.cx).await.expect("the sample agreement loads");
        let body = builders::customer_of(&house.cx, 190_000, builders::BODY_CODE).await;
        name_body(&house.cx, fixtures::AGREEMENT, builders::BODY_CODE).await.expect("the record is there");
        let body = Person { party: body.party, login: body.login };
        let mut year = Year::new(house, Dice::new(7), 0, begin, (body, Vec::new()), 0);
        year.settle_in(CUSTOMERS, EACH, AT_ONCE).await;
        let Year { house, people, made, .. } = year;
        house.db.store.close().await;
        let Outside { gateway, paypal, plane, .. } = house.outside;
        Self { db: house.db, gateway, paypal, plane, people, body, made }
    }

    /// A copy to live a year in.
    pub async fn year(&self, seed: u64) -> Year {
        let fuse = Fuse::new();
        let db = testing::twin(&self.db, options(&fuse)).await;
        let day = first_day();
        let clock = Arc::new(ManualClock::new(day.at(6, 0)));
        let outside = Outside {
            letters: Arc::new(Letterbox::new(clock.clone())),
            sms: Arc::default(),
            plane: Arc::new(self.plane.twin()),
            gateway: Arc::new(self.gateway.twin(gateway_settings(&clock))),
            paypal: Arc::new(self.paypal.twin(gateway_settings(&clock))),
            clock,
        };
        let house = House::new(db, outside, fuse, seed);
        Year::new(house, Dice::new(seed), seed, day, (self.body, self.people.clone()), self.made)
    }
}
