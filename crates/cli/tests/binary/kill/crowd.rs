//! People who buy and pay over HTTP, whatever becomes of the server meanwhile.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use app::Cx;
use testkit::{
    browser::{Browser, Page, Unanswered},
    builders,
    dice::Dice,
    peers::bank::{Bank, Card},
};
use tokio::task::JoinHandle;

use crate::house::pause;

pub const DOMAIN: &str = "pec.example.it";

/// What people saw.
#[derive(Default)]
pub struct Seen {
    /// Orders whose confirmation was answered.
    pub confirmed: BTreeSet<String>,
    /// Requests without an answer.
    pub unanswered: usize,
    /// Answers by class: 2xx and 3xx, 4xx, 5xx.
    pub statuses: HashMap<u16, usize>,
    pub paid: usize,
    pub declined: usize,
}

pub struct Crowd {
    sessions: Vec<String>,
    seen: Mutex<Seen>,
    home: AtomicBool,
    seed: u64,
}

impl Crowd {
    /// Registers so many people and signs them in.
    pub async fn gather(cx: &Cx, people: usize, seed: u64) -> Self {
        let mut sessions = Vec::new();
        for n in 0..people {
            let customer = builders::customer_of(cx, 100_001 + n as i64, &format!("KLLNNA90E47Z{n:03}T")).await;
            sessions.push(builders::session(cx, customer.login).await);
        }
        Self { sessions, seen: Mutex::default(), home: AtomicBool::new(false), seed }
    }
    /// Everybody begins to buy.
    pub fn set_off(self: Arc<Self>, address: &str, bank: &Arc<Bank>) -> Vec<JoinHandle<()>> {
        let person = |(n, session): (usize, &String)| {
            let mut browser = Browser::over_http(address);
            browser.set_cookie(web::cookies::SESSION, session);
            let dice = Dice::new(self.seed.wrapping_add(n as u64 * 7919));
            let person =
                Person { crowd: self.clone(), bank: bank.clone(), browser, dice, name: format!("p{n}"), bought: 0 };
            tokio::spawn(person.live())
        };
        self.sessions.iter().enumerate().map(person).collect()
    }
    pub fn go_home(&self) {
        self.home.store(true, Ordering::SeqCst);
    }
    pub fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().expect("nobody panics with it")
    }
}

struct Person {
    crowd: Arc<Crowd>,
    bank: Arc<Bank>,
    browser: Browser,
    dice: Dice,
    name: String,
    bought: usize,
}

impl Person {
    async fn live(mut self) {
        while !self.crowd.home.load(Ordering::SeqCst) {
            let bought = self.buy().await;
            self.note_orders();
            if bought.is_err() {
                self.crowd.seen().unanswered += 1;
                pause(Duration::from_millis(50 + self.dice.roll(100))).await;
            }
        }
    }

    /// One purchase from wherever the cart stands; after a crash it is taken up again.
    async fn buy(&mut self) -> Result<(), Unanswered> {
        let mut page = self.browser.try_get("/order/names").await?;
        let mut started = false;
        for _ in 0..12 {
            *self.crowd.seen().statuses.entry(page.status.as_u16()).or_default() += 1;
            self.note_orders();
            if page.status.is_server_error() {
                return Err(Unanswered);
            }
            page = match page.path.as_str() {
                // The cart of the last purchase became an order: a new one begins.
                path if path == "/" || (path.starts_with("/order/payment/") && !started) => self.start().await?,
                "/order/names" => self.names(&page).await?,
                "/order/holders" => self.holders(&page).await?,
                "/order/review" => self.confirm(&page).await?,
                path if path.starts_with("/order/payment/") => return self.pay(page).await,
                other => panic!("{} does not expect {other} ({}):\n{}", self.name, page.status, page.text()),
            };
            started = true;
        }
        Ok(())
    }
    async fn start(&mut self) -> Result<Page, Unanswered> {
        let shop = self.browser.try_get("/").await?;
        if shop.status != 200 {
            return Err(Unanswered);
        }
        self.browser.try_submit(&shop, "/order/start", &[("plan", "standard"), ("quantity", "1")]).await
    }
    async fn names(&mut self, page: &Page) -> Result<Page, Unanswered> {
        self.bought += 1;
        let name = format!("{}.{}", self.name, self.bought);
        self.browser.try_submit(page, "/order/names", &[("name-1", &name), ("domain-1", DOMAIN)]).await
    }
    async fn holders(&mut self, page: &Page) -> Result<Page, Unanswered> {
        let email = format!("{}@example.org", self.name);
        self.browser.try_submit(page, "/order/holders", &[("holder-1", "account"), ("email-1", &email)]).await
    }
    /// The button that binds; pressed twice now and then.
    async fn confirm(&mut self, page: &Page) -> Result<Page, Unanswered> {
        let fields = [("conditions", "yes"), ("unfair_terms", "yes"), ("years", "1"), ("method", "card")];
        let fields = [&fields[..], &[("confirm", "yes")]].concat();
        if self.dice.percent(20) {
            let mut other_tab = self.browser.clone();
            let (one, _) = tokio::join!(
                self.browser.try_submit(page, "/order/review", &fields),
                other_tab.try_submit(page, "/order/review", &fields)
            );
            return one;
        }
        self.browser.try_submit(page, "/order/review", &fields).await
    }

    /// Whoever was sent to the payment of an order has it confirmed.
    fn note_orders(&mut self) {
        let trail = std::mem::take(&mut self.browser.trail);
        let orders = trail.iter().filter_map(|path| {
            let id = path.strip_prefix("/order/payment/")?.split('/').next()?;
            id.starts_with("ord_").then(|| id.to_owned())
        });
        self.crowd.seen().confirmed.extend(orders);
    }

    async fn pay(&mut self, page: Page) -> Result<(), Unanswered> {
        // Some change their mind.
        if self.dice.percent(5) || page.attrs("form", "action").iter().all(|a| !a.contains("/order/payment/ord_")) {
            return Ok(());
        }
        let at_bank = self.browser.try_submit(&page, "/order/payment/ord_", &[]).await?;
        let Some(secret) = at_bank.attrs("#card-form", "data-secret").pop() else { return Ok(()) };
        if self.dice.percent(10) {
            self.crowd.seen().declined += usize::from(self.bank.pay(&secret, Card::Declined).is_ok());
            if self.dice.percent(50) {
                return Ok(());
            }
        }
        if self.dice.percent(95) && self.bank.pay(&secret, Card::Good).is_ok() {
            self.crowd.seen().paid += 1;
        }
        let action = at_bank.attrs("#card-form", "action").pop().expect("the card's form leads somewhere");
        self.browser.try_get(&action).await.map(drop)
    }
}
