//! The customer area: home, mailboxes, the card of one, orders, the page of one.

use domain::{
    money::Money,
    time::{Date, Timestamp},
};
use serde::Serialize;

use super::{Bill, Moment, Pager, When, wizard::Billing};
use crate::{Form, Msg, Page};

crate::register!(page: [Home, Mailboxes, Orders, Order, CancelOrder]);

/// A mailbox in a list.
#[derive(Clone, Debug, Serialize)]
pub struct MailboxLine {
    pub id: String,
    pub address: String,
    pub plan: String,
    /// Code of the state, as in `mailbox_state`.
    pub state: String,
    pub holder: String,
    pub end: Date,
    /// Days to the end of the period, when it is near or past.
    pub days_left: Option<i64>,
    pub auto_renew: bool,
    /// Its holder gave notice for the end of the period.
    pub noticed: bool,
}

/// An order in a list.
#[derive(Clone, Debug, Serialize)]
pub struct OrderLine {
    pub id: String,
    pub number: String,
    /// `purchase`, …
    pub kind: String,
    pub state: String,
    pub placed: Date,
    pub gross: Money,
    pub mailboxes: i64,
}

fn sample_mailboxes() -> Vec<MailboxLine> {
    let line = |n: i64, address: &str, state: &str, days: Option<i64>| MailboxLine {
        id: format!("mbx_{n}"),
        address: address.into(),
        plan: "Standard".into(),
        state: state.into(),
        holder: "Giulia Bianchi".into(),
        end: Date::from_days(21_092),
        days_left: days,
        auto_renew: n % 2 == 0,
        noticed: false,
    };
    let noticed = MailboxLine {
        noticed: true,
        auto_renew: false,
        ..line(5, "archivio.bianchi@pec.example.it", "IN_SCADENZA", Some(40))
    };
    vec![
        line(1, "studio.bianchi@pec.example.it", "IN_SCADENZA", Some(12)),
        line(2, "contratti.bianchi@pec.example.it", "ATTIVA", None),
        line(3, "amministrazione.e.contabilita.bianchi@imprese.pec.example.it", "SCADUTA", Some(-4)),
        line(4, "perizie.bianchi@studi.pec.example.it", "IN_ATTIVAZIONE", None),
        noticed,
        line(6, "vecchia.bianchi@pec.example.it", "CANCELLATA", None),
    ]
}

pub(super) fn sample_orders() -> Vec<OrderLine> {
    let line = |n: i64, state: &str| OrderLine {
        id: format!("ord_{n}"),
        number: format!("2026-{:06}", 4318 + n),
        kind: "purchase".into(),
        state: state.into(),
        placed: Date::from_days(20_727),
        gross: Money::cents(2416),
        mailboxes: n,
    };
    vec![line(1, "ATTESA_PAGAMENTO"), line(2, "EVASO"), line(99, "ANNULLATO")]
}

/// An order that waits to be taken up again.
#[derive(Clone, Debug, Serialize)]
pub struct Begun {
    pub quantity: i64,
    pub plan: String,
    /// Day on which it is forgotten.
    pub until: Date,
}

/// The first page of the area.
#[derive(Clone, Debug, Serialize)]
pub struct Home {
    pub name: String,
    /// Living mailboxes: active, being activated, expired.
    pub mailboxes: i64,
    pub activating: i64,
    pub expiring: i64,
    pub expired: i64,
    pub unpaid_orders: i64,
    pub holders: i64,
    pub first: Vec<MailboxLine>,
    pub orders: Vec<OrderLine>,
    /// An order that was begun and not confirmed.
    pub begun: Option<Begun>,
}
impl Page for Home {
    const TEMPLATE: &'static str = "pages/customer/home.html";
    const HERE: &'static str = "home";
    fn samples() -> Vec<Self> {
        let full = Home {
            name: "Giulia Bianchi".into(),
            mailboxes: 4,
            activating: 1,
            expiring: 1,
            expired: 1,
            unpaid_orders: 1,
            holders: 2,
            first: sample_mailboxes(),
            orders: sample_orders(),
            begun: Some(Begun { quantity: 3, plan: "Standard".into(), until: Date::from_days(20_757) }),
        };
        let empty = Home {
            begun: None,
            mailboxes: 0,
            activating: 0,
            expiring: 0,
            expired: 0,
            unpaid_orders: 0,
            holders: 0,
            first: vec![],
            orders: vec![],
            ..full.clone()
        };
        vec![full, empty]
    }
}

/// A filter that is in force, with the address of the list without it.
#[derive(Clone, Debug, Serialize)]
pub struct Chip {
    pub words: Msg,
    pub without: String,
}

/// The list of mailboxes.
#[derive(Clone, Debug, Serialize)]
pub struct Mailboxes {
    pub rows: Vec<MailboxLine>,
    /// `q`, `state`, `plan`, `holder`, `expiring`.
    pub form: Form,
    /// Code and name.
    pub plans: Vec<(String, String)>,
    pub chips: Vec<Chip>,
    pub pager: Pager,
    /// Sorted with the last to expire first.
    pub descending: bool,
    /// The list in the other order, and as CSV.
    pub other_order: String,
    pub export: String,
    /// Is there any mailbox at all?
    pub any: bool,
}
impl Page for Mailboxes {
    const TEMPLATE: &'static str = "pages/customer/mailboxes.html";
    const HERE: &'static str = "mailboxes";
    fn samples() -> Vec<Self> {
        let full = Mailboxes {
            rows: sample_mailboxes(),
            form: Form::new(),
            plans: vec![("standard".into(), "Standard".into()), ("pro".into(), "Pro".into())],
            chips: vec![],
            pager: Pager { rows: 6, newer: None, older: Some("?after=x".into()) },
            descending: false,
            other_order: "?sort=-end".into(),
            export: "/account/mailboxes.csv".into(),
            any: true,
        };
        let filtered = Mailboxes {
            rows: vec![],
            form: Form::new().with("q", "rossi").with("state", "expired"),
            chips: vec![Chip {
                words: Msg::new("mailboxes-chip-search").arg("text", "rossi"),
                without: "?state=expired".into(),
            }],
            pager: Pager::default(),
            descending: true,
            ..full.clone()
        };
        let empty = Mailboxes { rows: vec![], any: false, pager: Pager::default(), ..full.clone() };
        vec![full, filtered, empty]
    }
}

/// The list of orders.
#[derive(Clone, Debug, Serialize)]
pub struct Orders {
    pub rows: Vec<OrderLine>,
    /// `q`, `state`, `from`, `until`.
    pub form: Form,
    /// Codes of the states, with the words of the store as values.
    pub states: Vec<(String, String)>,
    pub pager: Pager,
    pub any: bool,
}
impl Page for Orders {
    const TEMPLATE: &'static str = "pages/customer/orders.html";
    const HERE: &'static str = "orders";
    fn samples() -> Vec<Self> {
        let full = Orders {
            rows: sample_orders(),
            form: Form::new(),
            states: vec![("awaiting_payment".into(), "ATTESA_PAGAMENTO".into()), ("completed".into(), "EVASO".into())],
            pager: Pager { rows: 3, newer: Some("?before=x".into()), older: Some("?after=y".into()) },
            any: true,
        };
        let none =
            Orders { rows: vec![], form: Form::new().with("q", "2025-"), pager: Pager::default(), ..full.clone() };
        let empty = Orders { any: false, form: Form::new(), ..none.clone() };
        vec![full, none, empty]
    }
    fn form(&self) -> Option<&Form> {
        Some(&self.form)
    }
}

/// A mailbox on the page of an order.
#[derive(Clone, Debug, Serialize)]
pub struct OrderedMailbox {
    pub address: String,
    pub holder: String,
    pub email: String,
    /// Identifier of its card, once it exists.
    pub card: Option<String>,
    pub state: Option<String>,
}

/// The mailboxes that an order renews or serves, when it brings no new ones.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Served {
    pub named: Vec<ServedMailbox>,
    /// How many there are beside the named ones.
    pub beside: i64,
}
/// One of them.
#[derive(Clone, Debug, Serialize)]
pub struct ServedMailbox {
    pub address: String,
    /// Identifier of its card, where the reader may see it.
    pub card: Option<String>,
}
impl Served {
    pub(crate) fn sample(beside: i64) -> Self {
        let one =
            |address: &str, card: Option<&str>| ServedMailbox { address: address.into(), card: card.map(Into::into) };
        Self {
            named: vec![
                one("contratti.bianchi@pec.example.it", Some("mbx_0198")),
                one("marco.rossi@studi.pec.example.it", None),
            ],
            beside,
        }
    }
}

/// A text that was accepted with the order.
#[derive(Clone, Debug, Serialize)]
pub struct Accepted {
    /// `conditions`, `unfair_terms`.
    pub kind: String,
    pub version: String,
    pub at: Timestamp,
    /// Where the accepted words stand, for ever.
    pub text: Option<String>,
}

impl Accepted {
    fn samples() -> Vec<Self> {
        let of = |kind: &str| Self {
            kind: kind.into(),
            version: "2026-01".into(),
            at: Date::from_days(20_727).at(9, 12),
            text: Some("/legal/terms/2026-01/it".into()),
        };
        vec![of("conditions"), of("unfair_terms")]
    }
}

/// That the contract of the order was withdrawn from.
#[derive(Clone, Debug, Serialize)]
pub struct Withdrawn {
    pub at: Timestamp,
    /// `None` when nothing had been paid.
    pub refund: Option<Money>,
    pub due: Date,
    /// Has the money gone back?
    pub returned: bool,
}
impl Withdrawn {
    fn sample() -> Self {
        Self {
            at: Date::from_days(20_733).at(18, 4),
            refund: Some(Money::cents(2416)),
            due: Date::from_days(20_747),
            returned: false,
        }
    }
}

/// The page of an order.
#[derive(Clone, Debug, Serialize)]
pub struct Order {
    pub id: String,
    pub number: String,
    pub kind: String,
    pub state: String,
    pub placed: Timestamp,
    pub pay_by: Date,
    pub years: i64,
    /// What is still to be paid, and what has come of it.
    pub due: Money,
    pub received: Option<Money>,
    pub method: String,
    pub payable: bool,
    /// The last day for it, when only immediate methods are in time.
    pub immediate_until: Option<Date>,
    /// A payment is under way whose outcome is not known.
    pub waiting: bool,
    pub mailboxes: Vec<OrderedMailbox>,
    pub served: Served,
    pub bill: Bill,
    pub price_since: Date,
    pub billing: Billing,
    pub accepted: Vec<Accepted>,
    pub history: Vec<Moment>,
    pub withdrawn: Option<Withdrawn>,
    /// Can it be withdrawn from today?
    pub withdrawable: bool,
}
impl Order {
    /// Samples of orders that renew: late, and paid.
    fn renewals(&self) -> [Self; 2] {
        let placed = Moment::sample(20_727, When::Past, "order-moment-placed");
        let late = Order {
            kind: "renewal".into(),
            method: "bank_transfer".into(),
            immediate_until: Some(self.pay_by),
            mailboxes: vec![],
            served: Served::sample(4975),
            history: vec![Moment::sample(20_757, When::Next, "order-moment-expired-other"), placed.clone()],
            withdrawable: false,
            ..self.clone()
        };
        let renewed = Order {
            state: "EVASO".into(),
            payable: false,
            immediate_until: None,
            served: Served::sample(0),
            history: vec![Moment::sample(20_728, When::Past, "order-moment-paid"), placed],
            ..late.clone()
        };
        [late, renewed]
    }
}
impl Page for Order {
    const TEMPLATE: &'static str = "pages/customer/order.html";
    const HERE: &'static str = "orders";
    fn samples() -> Vec<Self> {
        let moment = Moment::sample;
        let mailbox = |address: &str, card: Option<&str>| OrderedMailbox {
            address: address.into(),
            holder: "Giulia Bianchi".into(),
            email: "giulia.bianchi@example.com".into(),
            card: card.map(Into::into),
            state: card.map(|_| "ATTIVA".into()),
        };
        let due = Order {
            id: "ord_0198".into(),
            number: "2026-004318".into(),
            kind: "purchase".into(),
            state: "ATTESA_PAGAMENTO".into(),
            placed: Date::from_days(20_727).at(9, 12),
            pay_by: Date::from_days(20_757),
            years: 1,
            due: Money::cents(2416),
            received: None,
            method: "card".into(),
            payable: true,
            immediate_until: None,
            waiting: false,
            mailboxes: vec![mailbox("contratti.bianchi@pec.example.it", None)],
            served: Served::default(),
            bill: Bill {
                lines: vec![],
                net: Money::cents(1980),
                vat_rate_bp: 2200,
                vat_exact: Some("€4,356".into()),
                vat: Money::cents(436),
                gross: Money::cents(2416),
            },
            price_since: Date::from_days(20_332),
            billing: Billing::sample(),
            accepted: Accepted::samples(),
            history: vec![
                moment(20_757, When::Next, "order-moment-expired"),
                moment(20_727, When::Past, "order-moment-placed"),
            ],
            withdrawn: None,
            withdrawable: true,
        };
        let done = Order {
            state: "EVASO".into(),
            payable: false,
            mailboxes: vec![mailbox("contratti.bianchi@pec.example.it", Some("mbx_0198"))],
            history: vec![moment(20_727, When::Past, "order-moment-completed")],
            ..due.clone()
        };
        let withdrawn = Order { withdrawn: Some(Withdrawn::sample()), withdrawable: false, ..done.clone() };
        let short = Order { due: Money::cents(416), received: Some(Money::cents(2000)), ..due.clone() };
        let waiting = Order { waiting: true, payable: false, ..due.clone() };
        let [late, renewed] = due.renewals();
        vec![renewed, waiting, due, late, short, done, withdrawn]
    }
}

/// «Annullare l’ordine …?»
#[derive(Clone, Debug, Serialize)]
pub struct CancelOrder {
    pub id: String,
    pub number: String,
    pub gross: Money,
    pub addresses: Vec<String>,
    /// Of a renewal: the mailboxes that it would have renewed.
    pub served: Served,
    pub form: Form,
}
impl Page for CancelOrder {
    const TEMPLATE: &'static str = "pages/customer/cancel_order.html";
    const HERE: &'static str = "orders";
    fn samples() -> Vec<Self> {
        let ask = CancelOrder {
            id: "ord_0198".into(),
            number: "2026-004318".into(),
            gross: Money::cents(2416),
            addresses: vec!["contratti.bianchi@pec.example.it".into()],
            served: Served::default(),
            form: Form::new(),
        };
        let refused =
            CancelOrder { form: Form::new().with_problem(Msg::problem("order-outcome-unknown")), ..ask.clone() };
        let renewal = CancelOrder { addresses: vec![], served: Served::sample(12), ..ask.clone() };
        vec![ask, refused, renewal]
    }
    fn form(&self) -> Option<&Form> {
        Some(&self.form)
    }
}
