//! The days of a year: who does what, which processes end, how the clock goes.

use std::{
    collections::{BTreeSet, VecDeque},
    fmt::Write,
    path::Path,
};

use adapters::payment::simulated::Posted;
use app::{Cx, Problem, problem::ProblemKind};
use domain::{
    actor::Actor,
    id::{LoginId, MailboxId, PartyId},
    time::{DAY_US, Date, HOUR_US, MINUTE_US},
};
use store::{DatabaseUrl, EngineKind};
use testkit::{dice::Dice, fakes::Fault};

use crate::{house::House, town::Town, verdict::Verdict};

/// Deeds of a day on average.
const DEEDS: u64 = 8;
/// Percent of the deeds, and of the passes of the worker, in which the process ends.
const ENDS: u64 = 4;
/// Events that are told when something is wrong.
const TOLD: usize = 60;

/// A customer.
#[derive(Clone, Copy, Debug)]
pub struct Person {
    pub party: PartyId,
    pub login: LoginId,
}
impl Person {
    pub fn actor(self) -> Actor {
        Actor::Login { login: self.login, party: self.party }
    }
}

/// What came of a deed, in words without identifiers of their own.
pub type Said = Result<String, Problem>;

/// An event of a gateway, by the gateway's name.
pub type Event = (&'static str, Posted);

/// A year under way.
pub struct Year {
    pub house: House,
    pub dice: Dice,
    pub seed: u64,
    pub day: Date,
    pub people: Vec<Person>,
    /// The body whose members there are.
    pub body: Person,
    /// Mailboxes of members, as last read.
    pub members: Vec<MailboxId>,
    /// Those of them that asked for credit.
    pub savers: Vec<MailboxId>,
    /// Running number of names, people, references.
    pub made: usize,
    /// Events of the gateway that come on another day.
    pub late: Vec<Event>,
    /// Mailboxes whose content was counted today.
    pub counted: BTreeSet<MailboxId>,
    /// A price that somebody has removed by mistake: list, product, until when.
    pub lost: Option<(&'static str, &'static str, Date)>,
    /// Files of the bank so far.
    pub files: Vec<Vec<u8>>,
    pub verdict: Verdict,
    /// The clock goes wrong today.
    pub back: bool,
    /// The last pass of the reconcilers came to its end.
    pub asked: bool,
    /// The date of the last night that was run.
    pub ran: Date,
    log: VecDeque<String>,
    events: usize,
    digest: [u8; 32],
}

impl Year {
    pub fn new(
        house: House,
        dice: Dice,
        seed: u64,
        day: Date,
        (body, people): (Person, Vec<Person>),
        made: usize,
    ) -> Self {
        Self {
            house,
            dice,
            seed,
            day,
            people,
            body,
            members: Vec::new(),
            savers: Vec::new(),
            made,
            late: Vec::new(),
            counted: BTreeSet::new(),
            lost: None,
            files: Vec::new(),
            verdict: Verdict::new(day.at(0, 0)),
            back: false,
            asked: false,
            ran: day,
            log: VecDeque::new(),
            events: 0,
            digest: [0; 32],
        }
    }
    pub async fn begin(town: &Town, seed: u64) -> Self {
        let mut year = town.year(seed).await;
        year.read_members().await;
        year
    }
    pub fn cx(&self) -> &Cx {
        &self.house.cx
    }
    pub fn next(&mut self) -> usize {
        self.made += 1;
        self.made
    }
    /// All that happened, in one number, and how much it was.
    pub fn story(&self) -> (String, usize) {
        (self.digest.iter().fold(String::new(), |s, b| s + &format!("{b:02x}")), self.events)
    }

    /// Keeps an event for the case that something is wrong soon.
    pub fn note(&mut self, text: String) {
        let line = format!("{:?} {text}", self.house.now());
        let mut all = self.digest.to_vec();
        all.extend(line.as_bytes());
        self.digest = app::secrets::sha256(&all);
        self.events += 1;
        if std::env::var_os("CERALACCA_TEST_TELL").is_some() {
            println!("{line}");
        }
        if self.log.len() == TOLD {
            self.log.pop_front();
        }
        self.log.push_back(line);
    }

    /// Ends the test with all that is needed to see it again.
    pub fn fail(&self, wrong: &str) -> ! {
        let mut out = String::new();
        for line in &self.log {
            writeln!(out, "  {line}").expect("a string takes text");
        }
        self.keep();
        let test = match self.house.db.store.engine() {
            EngineKind::Sqlite => "on_sqlite",
            EngineKind::Postgres => "on_postgres",
        };
        panic!(
            "seed {seed}, day {day:?}: {wrong}\nthe last events:\n{out}again with: CERALACCA_TEST_SEED={seed} CERALACCA_TEST_YEARS=1 cargo test -p testkit --test year {test}",
            seed = self.seed,
            day = self.day,
        )
    }

    /// `CERALACCA_TEST_KEEP=file.db` keeps the rows of a year on SQLite that went wrong, to be asked.
    fn keep(&self) {
        if let (Some(file), DatabaseUrl::Sqlite(path)) =
            (std::env::var_os("CERALACCA_TEST_KEEP"), self.house.db.store.url())
        {
            let rows = rusqlite::Connection::open(path).expect("the file is there");
            rows.execute("VACUUM INTO ?1", [Path::new(&file).to_str()]).expect("a new file in a folder that is there");
        }
    }

    /// A refusal is an answer; a fault of ours is one only while the process is ending.
    pub async fn came_of(&mut self, deed: &str, said: Said) {
        let ended = self.house.fuse.blown();
        match said {
            Ok(text) => self.note(format!("{deed}: {text}")),
            Err(p) if p.kind != ProblemKind::Broken => self.note(format!("{deed}: refused, {p}")),
            Err(_) if ended => self.note(format!("{deed}: not answered")),
            Err(p) => self.fail(&format!("{deed}: {p}")),
        }
        if ended {
            self.house.again().await;
            self.note("the process has ended, another one begins".into());
        } else {
            self.house.fuse.disarm();
        }
    }
    /// Perhaps the process ends during what comes now.
    pub fn risk(&self) {
        if self.dice.percent(ENDS) {
            self.house.fuse.arm(1 + self.dice.roll(90) as i64);
        }
    }
    /// The worker's turn.
    pub async fn work(&mut self) {
        self.risk();
        let said = self.house.drain().await.map(|()| "done".to_owned());
        self.came_of("work", said).await;
    }

    /// One day from the morning to the morning of the next.
    pub async fn day(&mut self) {
        self.house.outside.clock.set(self.day.at(6, 0));
        self.weather();
        self.counted.clear();
        self.find_price().await;
        self.back = self.dice.percent(2);
        if self.back {
            self.note("the clock goes back by a day".into());
            self.house.outside.clock.advance_us(-DAY_US);
        }
        for n in 0..self.dice.roll(2 * DEEDS + 1) {
            self.house.outside.clock.advance_us(self.dice.roll(60 * MINUTE_US as u64) as i64);
            self.deed().await;
            if n % 4 == 3 {
                self.work().await;
            }
        }
        if self.back {
            self.house.outside.clock.advance_us(DAY_US);
        }
        self.house.outside.clock.advance_us(HOUR_US);
        self.tell_late().await;
        self.work().await;
        self.night().await;
        self.day = self.day.plus_days(1);
        if self.dice.percent(2) {
            let days = 1 + self.dice.roll(4) as i32;
            self.note(format!("the clock jumps over {days} days"));
            self.day = self.day.plus_days(days);
        }
    }

    /// Servers that are down for a day.
    fn weather(&mut self) {
        let (mail, plane) = (self.dice.percent(3), self.dice.percent(3));
        self.house.outside.letters.faults.set_down(mail);
        self.house.outside.plane.faults.set_down(plane);
        if self.dice.percent(10) {
            self.house.outside.letters.faults.push(Fault::AnswerLost);
        }
        if mail || plane {
            self.note(format!("down: mail {mail}, mailboxes {plane}"));
        }
    }

    /// The last day is over: everything comes to rest, and the account is made up.
    pub async fn end(mut self) -> String {
        self.house.outside.letters.faults.set_down(false);
        self.house.outside.plane.faults.set_down(false);
        for _ in 0..3 {
            self.house.outside.clock.advance_us(DAY_US);
            self.tell_late().await;
            let said = self.house.drain().await.map(|()| "rest".to_owned());
            self.came_of("work", said).await;
            let said = self.house.reconcile(true).await.map(|()| "rest".to_owned());
            self.came_of("reconcile", said).await;
        }
        self.judge_all().await;
        let (digest, events) = self.story();
        let engine = self.house.db.store.engine();
        format!(
            "seed {} on {engine:?}: {events} events, {} ends of the process, {} mails, {}; story {}",
            self.seed,
            self.house.lives,
            self.house.outside.letters.count(),
            self.verdict,
            &digest[..12],
        )
    }
}
