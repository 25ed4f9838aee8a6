//! What customers, holders and operators do.

use app::{
    Problem, fixtures,
    queries::holder_area,
    use_cases::{
        addons::buy_addon::{self, BuyAddon, buy_addon},
        agreements::{
            change_renewal::change_renewal,
            give_mailbox::{GiveMailbox, give_mailbox},
        },
        orders::{
            assign_holders::{RowHolder, assign_holders},
            cancel_order::cancel_order,
            cart,
            check_name::TypedName,
            place_order::{PlaceOrder, place_order},
            set_names::{NamesOutcome, set_names},
            start_cart::{StartCart, start_cart},
            withdraw::{Statement, withdraw},
        },
        payments::{Means, ask_now::ask_now},
        renewals::unpark::unpark,
        wallet::{
            start_top_up::{StartTopUp, start_top_up},
            wanted::Wanted,
        },
    },
};
use domain::{
    actor::Actor,
    addon::Service,
    id::{LoginId, MailboxId, OrderId, PartyId},
    ident::fiscal::control_letter,
    money::Money,
    order::cart::HolderChoice,
    party::Typed,
    time::{DAY_US, Date},
};
use store::{args, catalogue::NewPrice, row, sql};
use uuid::Uuid;

use testkit::builders::{self, MEMBER, MEMBER_PASSWORD};

use crate::year::{Person, Said, Year};

row! {
    /// An order, and who may act for it.
    pub struct OrderRow { pub id: OrderId, pub number: String, pub login_id: LoginId, pub party_id: PartyId, pub mailbox_id: Option<MailboxId> }
}
impl OrderRow {
    pub fn actor(&self) -> Actor {
        match self.mailbox_id {
            Some(mailbox) => Actor::Mailbox { mailbox },
            None => Actor::Login { login: self.login_id, party: self.party_id },
        }
    }
}

sql!(MEMBERS = "SELECT mailbox_id FROM agreement_mailboxes ORDER BY mailbox_id", MailboxId);
sql!(
    AWAITING = "SELECT id, number, login_id, party_id, mailbox_id FROM orders WHERE state = 'awaiting_payment' ORDER BY placed_at DESC, id LIMIT 40",
    OrderRow
);
sql!(
    RECENT = "SELECT id, number, login_id, party_id, mailbox_id FROM orders WHERE placed_at > $1 AND kind = 'purchase' AND gross_cents > 0 ORDER BY number LIMIT 60",
    OrderRow
);
row! {
    /// A parked account.
    pub struct ParkedRow { pub service_id: Uuid, pub period_start: Date, pub reason: String }
}
sql!(
    PARKED = "SELECT service_id, period_start, reason FROM obligations WHERE state = 'parked' ORDER BY due_day, service_id LIMIT 20",
    ParkedRow
);
sql!(RENEWAL_KIND = "UPDATE agreements SET renewal_kind = $2 WHERE code = $1");
sql!(OPEN_AGREEMENT = "UPDATE agreements SET purchases = $2 WHERE code = $1");

/// What somebody does, and how often of a hundred times.
#[derive(Clone, Copy, Debug)]
enum Deed {
    Order,
    Pay,
    PayByNumber,
    Challenge,
    Statement,
    DecideMovement,
    BookByHand,
    Cancel,
    Withdraw,
    GiveBack,
    TransferMade,
    TopUp,
    BuyAddon,
    Join,
    NewPrice,
    OpenAgreement,
    ChangeRenewal,
    Unpark,
    RenewMembers,
    RenewByHand,
    SwitchRenewal,
    AddMethod,
    PreferMethod,
    RemoveMethod,
    Fill,
    LosePrice,
}
const DEEDS: [(Deed, u64); 26] = [
    (Deed::Order, 11),
    (Deed::Pay, 17),
    (Deed::PayByNumber, 4),
    (Deed::Challenge, 6),
    (Deed::Statement, 6),
    (Deed::DecideMovement, 4),
    (Deed::BookByHand, 3),
    (Deed::Cancel, 3),
    (Deed::Withdraw, 3),
    (Deed::GiveBack, 5),
    (Deed::TransferMade, 2),
    (Deed::TopUp, 14),
    (Deed::BuyAddon, 16),
    (Deed::Join, 4),
    (Deed::NewPrice, 1),
    (Deed::OpenAgreement, 1),
    (Deed::ChangeRenewal, 3),
    (Deed::Unpark, 3),
    (Deed::RenewMembers, 3),
    (Deed::RenewByHand, 10),
    (Deed::SwitchRenewal, 5),
    (Deed::AddMethod, 4),
    (Deed::PreferMethod, 1),
    (Deed::RemoveMethod, 2),
    (Deed::Fill, 3),
    (Deed::LosePrice, 1),
];

impl Year {
    pub async fn read_members(&mut self) {
        self.members = self.cx().store().all(&MEMBERS, &[]).await.expect("readable");
    }

    /// Somebody does something.
    pub async fn deed(&mut self) {
        let mut at = self.dice.roll(DEEDS.iter().map(|(_, weight)| weight).sum());
        let deed = DEEDS.into_iter().find(|(_, weight)| {
            let found = at < *weight;
            at = at.saturating_sub(*weight);
            found
        });
        let deed = deed.expect("the roll lies below the sum").0;
        self.risk();
        let said = match deed {
            Deed::Order => self.order_something().await,
            Deed::Pay => self.pay_something().await,
            Deed::PayByNumber => self.pay_by_number().await,
            Deed::Challenge => self.authenticate().await,
            Deed::Statement => self.statement().await,
            Deed::DecideMovement => self.decide_movement().await,
            Deed::BookByHand => self.book_by_hand().await,
            Deed::Cancel => self.cancel().await,
            Deed::Withdraw => self.withdraw().await,
            Deed::GiveBack => self.give_back().await,
            Deed::TransferMade => self.transfer_made().await,
            Deed::TopUp => self.top_up().await,
            Deed::BuyAddon => self.buy_addon().await,
            Deed::Join => self.join().await,
            Deed::NewPrice => self.new_price().await,
            Deed::OpenAgreement => self.open_agreement().await,
            Deed::ChangeRenewal => self.change_renewal().await,
            Deed::Unpark => self.unpark().await,
            Deed::RenewMembers => self.renew_members().await,
            Deed::RenewByHand => self.renew_by_hand().await,
            Deed::SwitchRenewal => self.switch_renewal().await,
            Deed::AddMethod => self.add_method().await,
            Deed::PreferMethod => self.prefer_method().await,
            Deed::RemoveMethod => self.remove_method().await,
            Deed::Fill => self.fill().await,
            Deed::LosePrice => self.lose_price().await,
        };
        self.came_of(&format!("{deed:?}"), said).await;
    }

    /// One of the orders that wait for money.
    pub async fn awaiting(&self) -> Result<Option<OrderRow>, Problem> {
        let waiting = self.cx().store().all(&AWAITING, &[]).await?;
        Ok(self.dice.pick(&waiting).cloned())
    }

    async fn order_something(&mut self) -> Said {
        if self.dice.percent(20) {
            let n = self.next();
            // Registering is not what is tried here.
            self.house.fuse.disarm();
            let new = builders::customer_of(self.cx(), 300_000 + n as i64, &format!("SIM{n:013}")).await;
            self.people.push(Person { party: new.party, login: new.login });
        }
        let person = *self.dice.pick(&self.people).expect("there are customers");
        let count = 1 + self.dice.roll(3) as usize;
        let plan = *self.dice.pick(&["standard", "standard", "pro", "premium"]).expect("some");
        let method = *self.dice.pick(&["card", "card", "card", "paypal", "bank_transfer"]).expect("some");
        self.order(person, plan, count, method).await.map(|(_, text)| text)
    }

    /// An order of so many new mailboxes; sometimes of one that somebody has.
    pub async fn order(
        &mut self,
        person: Person,
        plan: &str,
        count: usize,
        method: &str,
    ) -> Result<(OrderId, String), Problem> {
        let cx = self.cx().by(person.actor());
        let start = StartCart { plan: plan.into(), quantity: count as i64, token: None };
        let token = start_cart(&cx, start).await?;
        let first = self.made;
        self.made += count;
        let taken = self.seed > 0 && self.dice.percent(10);
        let name =
            |n: usize| if taken && n == 0 { "casella.1".to_owned() } else { format!("casella.{}", first + n + 1) };
        let typed: Vec<_> =
            (0..count).map(|n| TypedName { name: name(n), domain: fixtures::DOMAINS[0].into() }).collect();
        if set_names(&cx, &token, &typed).await? != NamesOutcome::Saved {
            return Err(Problem::refused("name-taken"));
        }
        let row =
            |n| RowHolder { holder: Some(HolderChoice::Account), password_email: format!("{}@example.org", name(n)) };
        assign_holders(&cx, &token, &(0..count).map(row).collect::<Vec<_>>()).await?;
        let years = 1 + self.dice.roll(2) as i64 * i64::from(self.seed > 0);
        let cart = cart::open(&cx, &token).await?;
        let (_, quote) = cart::price(&cx, &cart, years).await?;
        let confirm = PlaceOrder {
            token,
            version: cart.version,
            years,
            payment_method: method.into(),
            shown: quote.gross,
            accept_conditions: true,
            accept_unfair_terms: true,
            ip: None,
            user_agent: None,
        };
        let placed = place_order(&cx, confirm.clone()).await?;
        // A second click, or another tab.
        if self.dice.percent(10) {
            let again = place_order(&cx, confirm).await?;
            if again.order != placed.order || !again.already {
                self.fail("a cart became two orders");
            }
        }
        Ok((placed.order, format!("{count} of {plan} for {:?} by {method}", quote.gross)))
    }

    async fn cancel(&mut self) -> Said {
        let Some(order) = self.awaiting().await? else { return Ok("nothing waits".into()) };
        cancel_order(&self.cx().by(order.actor()), order.id).await?;
        Ok(order.number)
    }

    async fn withdraw(&mut self) -> Said {
        let since = self.house.now().plus_us(-20 * DAY_US);
        let recent = self.cx().store().all(&RECENT, args![since]).await?;
        let Some(order) = self.dice.pick(&recent).cloned() else { return Ok("nothing is recent".into()) };
        let statement = Statement {
            order: order.id,
            name: "Giulia Bianchi".into(),
            email: "giulia@example.org".into(),
            content_saved: true,
            ip: None,
            user_agent: None,
        };
        let cx = self.cx().by(order.actor());
        withdraw(&cx, statement.clone()).await?;
        if self.dice.percent(20) {
            withdraw(&cx, statement).await?;
        }
        Ok(order.number)
    }

    /// A form's key.
    fn key(&mut self) -> String {
        format!("form-{:08}", self.next())
    }

    /// A member; often one who has asked for credit before.
    fn member(&self) -> MailboxId {
        let among = if self.dice.percent(70) && !self.savers.is_empty() { &self.savers } else { &self.members };
        *self.dice.pick(among).expect("there are members")
    }

    async fn top_up(&mut self) -> Said {
        let mailbox = self.member();
        let cx = self.cx().by(Actor::Mailbox { mailbox });
        let wanted = self.dice.percent(30).then_some(Wanted::Addon { service: Service::ExtraSpace, gb: 1 });
        let amount = self.dice.pick(&["5", "5,00", "10", "25", "100", "500", "4,99"]).expect("some").to_string();
        let input = StartTopUp { mailbox, amount, wanted, key: self.key() };
        let order = start_top_up(&cx, input.clone()).await?;
        self.savers.push(mailbox);
        if self.dice.percent(20) && start_top_up(&cx, input.clone()).await? != order {
            self.fail("a form sent twice began two top-ups");
        }
        if self.dice.percent(80) {
            return Ok(format!("{} €, {}", input.amount, self.checkout(Actor::Mailbox { mailbox }, order).await?));
        }
        Ok(format!("{} €, not paid now", input.amount))
    }

    async fn buy_addon(&mut self) -> Said {
        let mailbox = self.member();
        let cx = self.cx().by(Actor::Mailbox { mailbox });
        let (buyer, offers) = holder_area::shop(&cx, mailbox).await?;
        let Some(offer) = self.dice.pick(&offers) else { return Ok("nothing is offered".into()) };
        let counted = 1 + self.dice.roll(2) as i64;
        let gb = Service::parse(&offer.service).map_or(counted, |service| service.amount(counted));
        let quote = buy_addon::price(&cx, &buyer, offer, gb)?;
        let other = i64::from(self.dice.percent(5));
        let input = BuyAddon {
            mailbox,
            service: offer.service.clone(),
            gb,
            shown: quote.gross + Money::cents(other),
            have_gb: offer.have_gb + i64::from(self.dice.percent(5)),
            key: self.key(),
        };
        let bought = buy_addon(&cx, input.clone()).await?;
        if self.dice.percent(20) {
            let again = buy_addon(&cx, input).await?;
            if again.order != bought.order || !again.already {
                self.fail("a form sent twice bought twice");
            }
        }
        Ok(format!("{gb} GB of {} for {:?}", offer.service, quote.gross))
    }

    async fn join(&mut self) -> Said {
        let mailbox = self.give().await?;
        self.members.push(mailbox);
        Ok("a member".into())
    }

    /// A mailbox for somebody whom the body names for the first time.
    pub async fn give(&mut self) -> Result<MailboxId, Problem> {
        let n = self.next();
        let given = GiveMailbox {
            agreement: fixtures::AGREEMENT.into(),
            plan: if n.is_multiple_of(4) { "pro" } else { "standard" }.into(),
            name: format!("iscritto.{n}"),
            member: member(n as i32),
            password: Some(MEMBER_PASSWORD.into()),
        };
        give_mailbox(self.cx(), given).await
    }

    async fn new_price(&mut self) -> Said {
        let (list, product) = *self
            .dice
            .pick(&[("retail", "standard"), ("retail", "pro"), ("ordgeo", "extra_space"), ("ordgeo", "legal_storage")])
            .expect("some");
        let cents = 200 + self.dice.roll(1_000) as i64;
        let (cx, valid_from) = (self.cx().clone(), self.house.now().plus_days(self.dice.roll(10) as i64));
        let id = cx.new_id();
        let put = cx.write(async move |tx| {
            let unit_net = Money::cents(cents);
            let price = NewPrice { id, list, plan: product, valid_from, unit_net, vat_bp: 2200 };
            Ok(store::catalogue::put_price(tx, &price).await?)
        });
        put.await.map(|_| format!("{product} of {list} {cents} cents"))
    }

    async fn change_renewal(&mut self) -> Said {
        let (mailbox, word) = (self.member(), *self.dice.pick(&["by_body", "by_holder"]).expect("some"));
        change_renewal(&self.cx().by(self.body.actor()), fixtures::AGREEMENT, mailbox, word).await?;
        Ok(word.into())
    }

    /// An operator lets a parked account be looked at again.
    async fn unpark(&mut self) -> Said {
        let parked = self.cx().store().all(&PARKED, &[]).await?;
        let Some(row) = self.dice.pick(&parked) else { return Ok("nothing is parked".into()) };
        unpark(self.cx(), row.service_id, row.period_start).await?;
        Ok(row.reason.clone())
    }

    /// The agreement is closed for what is new, and opened again.
    async fn open_agreement(&mut self) -> Said {
        let open = self.dice.percent(75);
        let put =
            self.cx().write(async move |tx| Ok(tx.run(&OPEN_AGREEMENT, args![fixtures::AGREEMENT, open]).await?));
        put.await.map(|_| format!("open {open}"))
    }

    /// The year before: everybody orders and pays as the sun shines.
    pub async fn settle_in(&mut self, customers: usize, each: usize, at_once: usize) {
        for _ in 0..customers {
            let n = self.next();
            let new = builders::customer_of(self.cx(), 200_000 + n as i64, &format!("SIM{n:013}")).await;
            self.people.push(Person { party: new.party, login: new.login });
        }
        self.price_of_plans().await;
        let (mut sold, mut given) = (0, 0);
        for day in 1..=360 {
            self.house.outside.clock.set(self.day.plus_days(day).at(10, 0));
            while sold < each * day as usize / 360 {
                let person = self.people[(sold / at_once) % self.people.len()];
                let means = if (sold / at_once).is_multiple_of(5) { Means::Paypal } else { Means::Card };
                let (order, _) = self.order(person, "standard", at_once, means.as_str()).await.expect("an order");
                let mood = *self
                    .dice
                    .pick(&["approve", "approve", "approve_then_decline", "approve_then_challenge"])
                    .expect("some");
                self.pay(person.actor(), order, means, mood).await.expect("a payment");
                ask_now(&self.cx().by(person.actor()), order).await.expect("whoever pays comes back");
                sold += at_once;
            }
            while given < each * day as usize / 360 {
                self.give().await.expect("the agreement has room");
                given += 1;
            }
            self.house.drain().await.expect("the worker reads and writes");
            let kind = if day % 2 == 0 { "by_body" } else { "by_holder" };
            let put =
                self.cx().write(async move |tx| Ok(tx.run(&RENEWAL_KIND, args![fixtures::AGREEMENT, kind]).await?));
            put.await.expect("the agreement changes");
        }
    }
    /// What members who renew by themselves pay.
    async fn price_of_plans(&self) {
        let (cx, valid_from) = (self.cx().clone(), self.house.now());
        let ids = [cx.new_id(), cx.new_id()];
        let put = cx.write(async move |tx| {
            for (id, plan) in ids.into_iter().zip(["standard", "pro"]) {
                let unit_net = Money::cents(700);
                let price = NewPrice { id, list: "ordgeo", plan, valid_from, unit_net, vat_bp: 2200 };
                store::catalogue::put_price(tx, &price).await?;
            }
            Ok(())
        });
        put.await.expect("prices are written");
    }
}

/// Mario Rossi, born somewhere else in time each time.
fn member(n: i32) -> Typed {
    let born = Date::new(1950, 1, 1).expect("a day of the calendar").plus_days(n);
    let (year, month, day) = born.ymd();
    let letter = b"ABCDEHLMPRST"[month as usize - 1] as char;
    let mut code = format!("RSSMRA{:02}{letter}{day:02}C566?", year % 100).into_bytes();
    let whole: &[u8; 16] = code.as_slice().try_into().expect("sixteen characters");
    code[15] = control_letter(whole);
    let code = String::from_utf8(code).expect("letters and digits");
    let born = format!("{day}/{month}/{year}");
    let pairs = MEMBER.map(|(field, value)| match field {
        "fiscal_code" => (field, code.as_str()),
        "birth_date" => (field, born.as_str()),
        _ => (field, value),
    });
    Typed::from_pairs(pairs)
}
