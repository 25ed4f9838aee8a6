//! The back office's page of an order, and the transfers back that somebody has to make.

use domain::{
    money::Money,
    time::{Date, Timestamp},
};
use serde::Serialize;

use super::{Further, Pager};
use crate::{Form, Msg, Page};

crate::register!(page: [DeskOrder, RefundPage, Outgoing, RefundMade, Search]);

/// A payment or refund.
#[derive(Clone, Debug, Serialize)]
pub struct PaymentLine {
    pub id: String,
    /// `checkout`, `off_session`, `refund`.
    pub kind: String,
    pub gateway: String,
    pub reference: Option<String>,
    /// `created`, `opened`, `pending`, `succeeded`, `failed`, `unknown`.
    pub state: String,
    pub amount: Money,
    pub at: Timestamp,
    pub failure: Option<String>,
    /// What may still go back of it.
    pub left: Option<Money>,
    /// A transfer back that somebody has to make; where to, as far as the bank told.
    pub outgoing: bool,
    pub account: Option<String>,
}
impl PaymentLine {
    fn sample(n: i64, kind: &str, gateway: &str, state: &str, left: Option<i64>) -> Self {
        Self {
            id: format!("pay_{n}"),
            kind: kind.into(),
            gateway: gateway.into(),
            reference: Some("0306909606202610".into()),
            state: state.into(),
            amount: Money::cents(2416),
            at: Timestamp::from_micros(1_790_000_000_000_000),
            failure: (state == "failed").then(|| "card_declined".into()),
            left: left.map(Money::cents),
            outgoing: kind == "refund" && state == "pending",
            account: (gateway == "bank_transfer").then(|| "IT60 X054 2811 1010 0000 0123 456".into()),
        }
    }
}
/// Something that happened.
#[derive(Clone, Debug, Serialize)]
pub struct Happened {
    pub at: Timestamp,
    /// `audit` or `message`.
    pub kind: String,
    /// The dotted verb, or the subject of a message.
    pub what: String,
    /// Who acted, or whom a message went to.
    pub who: String,
    pub details: String,
}
/// An effect of the order.
#[derive(Clone, Debug, Serialize)]
pub struct OrderEffectLine {
    pub id: String,
    pub kind: String,
    /// `ready`, `running`, `done`, `stuck`, `cancelled`.
    pub state: String,
    pub run_at: Timestamp,
    pub attempts: i64,
    pub error: Option<String>,
}

/// A notice of termination.
#[derive(Clone, Debug, Serialize)]
pub struct NoticeLine {
    pub address: String,
    /// `at_end` or `at_once`; `given`, `taken_back`, `renewed`, `done`; `login` or `mailbox`.
    pub kind: String,
    pub state: String,
    pub by: String,
    pub at: Timestamp,
    pub end: Date,
}
impl NoticeLine {
    fn sample(state: &str) -> Self {
        Self {
            address: "contratti.bianchi@pec.example.it".into(),
            kind: "at_end".into(),
            state: state.into(),
            by: "login".into(),
            at: Timestamp::from_micros(1_790_000_000_000_000),
            end: Date::from_days(21_092),
        }
    }
}

fn sample_further(list: &str, behind: bool) -> Further {
    let page = "/office/orders/ord_0198";
    Further { start: behind.then(|| format!("{page}#{list}")), more: Some(format!("{page}?{list}=0.0#{list}")) }
}

/// `/office/orders/{id}`.
#[derive(Clone, Debug, Serialize)]
pub struct DeskOrder {
    pub id: String,
    pub number: String,
    /// Code of the state, as in `order_state`.
    pub state: String,
    pub customer: String,
    pub tax_key: String,
    pub username: String,
    pub email: String,
    /// What will be charged to the customer.
    pub coming: String,
    pub gross: Money,
    /// What came so far of an order that waits for the rest.
    pub deposit: Option<Money>,
    pub method: String,
    pub placed: Timestamp,
    pub pay_by: Date,
    pub addresses: Vec<String>,
    /// Notices of termination of its mailboxes, the newest first.
    pub notices: Vec<NoticeLine>,
    pub payments: Vec<PaymentLine>,
    pub effects: Vec<OrderEffectLine>,
    pub history: Vec<Happened>,
    /// Where each of the lists goes on.
    pub payments_further: Further,
    pub effects_further: Further,
    pub history_further: Further,
    pub may_move_money: bool,
    pub may_retry: bool,
}
impl OrderEffectLine {
    fn sample(attempts: i64, state: &str) -> Self {
        Self {
            id: format!("eff_{attempts}"),
            kind: "send_notice".into(),
            state: state.into(),
            run_at: Timestamp::from_micros(1_790_000_000_000_000),
            attempts,
            error: (state == "stuck").then(|| "550 <no such user>".into()),
        }
    }
}
impl Page for DeskOrder {
    const TEMPLATE: &'static str = "pages/office/order.html";
    const HERE: &'static str = "search";
    fn samples() -> Vec<Self> {
        let at = Timestamp::from_micros(1_790_000_000_000_000);
        let payment = PaymentLine::sample;
        let effect = OrderEffectLine::sample;
        let happened = |kind: &str, what: &str| Happened {
            at,
            kind: kind.into(),
            what: what.into(),
            who: "operator sara.conti".into(),
            details: "{\"order\":\"ord_0198\",\"amount_cents\":2416}".into(),
        };
        let whole = Self {
            id: "ord_0198".into(),
            number: "2026-004318".into(),
            state: "EVASO".into(),
            customer: "Officine Rossi S.r.l.".into(),
            tax_key: "01573850516".into(),
            username: "100001@postacerta.example".into(),
            email: "amministrazione@officinerossi.example".into(),
            coming: "/office/customers/par_0198/renewals".into(),
            gross: Money::cents(2416),
            deposit: None,
            method: "bank_transfer".into(),
            placed: at,
            pay_by: Date::from_days(20_757),
            addresses: vec!["contratti.bianchi@pec.example.it".into()],
            notices: ["given", "taken_back"].map(NoticeLine::sample).into(),
            payments: vec![
                payment(4, "refund", "bank_transfer", "pending", None),
                payment(3, "checkout", "bank_transfer", "succeeded", Some(1416)),
                payment(2, "checkout", "simulated", "failed", None),
                payment(1, "off_session", "simulated", "unknown", None),
            ],
            effects: vec![
                effect(64, "stuck"),
                effect(0, "ready"),
                effect(1, "done"),
                effect(1, "running"),
                effect(0, "cancelled"),
            ],
            history: vec![
                happened("audit", "payment.succeeded"),
                happened("message", "Conferma dell’ordine 2026-004318"),
            ],
            payments_further: Further::default(),
            effects_further: sample_further("effects", false),
            history_further: sample_further("history", true),
            may_move_money: true,
            may_retry: true,
        };
        let waiting = Self {
            state: "ATTESA_PAGAMENTO".into(),
            deposit: Some(Money::cents(1000)),
            payments: vec![],
            effects: vec![],
            history: vec![],
            effects_further: Further::default(),
            history_further: Further::default(),
            may_move_money: false,
            may_retry: false,
            ..whole.clone()
        };
        vec![whole, waiting]
    }
}

/// `/office/orders/{id}/refund/{payment}`: how much of a payment goes back, and why.
#[derive(Clone, Debug, Serialize)]
pub struct RefundPage {
    pub order: String,
    pub number: String,
    pub payment: String,
    pub gateway: String,
    /// What may still go back; sent back with the form.
    pub left: Money,
    /// Fields `amount`, `reason`.
    pub form: Form,
}
impl Page for RefundPage {
    const TEMPLATE: &'static str = "pages/office/refund.html";
    const HERE: &'static str = "search";
    fn samples() -> Vec<Self> {
        let page = |gateway: &str, form| Self {
            order: "ord_0198".into(),
            number: "2026-004318".into(),
            payment: "pay_0198".into(),
            gateway: gateway.into(),
            left: Money::cents(2416),
            form,
        };
        let wrong = Form::new()
            .with("amount", "99")
            .with_error("amount", Msg::problem("refund-too-much"))
            .with_error("reason", Msg::problem("missing"));
        vec![page("bank_transfer", Form::new().with("amount", "24,16")), page("simulated", wrong)]
    }
    fn form(&self) -> Option<&Form> {
        Some(&self.form)
    }
}

/// `/office/refunds/{id}`: a transfer back was made.
#[derive(Clone, Debug, Serialize)]
pub struct RefundMade {
    pub line: OutgoingLine,
    /// Field `reference`.
    pub form: Form,
}
impl Page for RefundMade {
    const TEMPLATE: &'static str = "pages/office/refund_made.html";
    const HERE: &'static str = "refunds";
    fn samples() -> Vec<Self> {
        let line = || OutgoingLine::sample(Some("IT60 X054 2811 1010 0000 0123 456"));
        let wrong = Form::new().with_error("reference", Msg::problem("movement-known"));
        vec![Self { line: line(), form: Form::new() }, Self { line: OutgoingLine::sample(None), form: wrong }]
    }
    fn form(&self) -> Option<&Form> {
        Some(&self.form)
    }
}

/// A transfer back.
#[derive(Clone, Debug, Serialize)]
pub struct OutgoingLine {
    /// Identifier of the refund.
    pub id: String,
    pub order: String,
    pub number: String,
    pub customer: String,
    pub amount: Money,
    pub asked: Timestamp,
    pub account: Option<String>,
}
impl OutgoingLine {
    fn sample(account: Option<&str>) -> Self {
        Self {
            id: "pay_0198".into(),
            order: "ord_0198".into(),
            number: "2026-004318".into(),
            customer: "Giulia Bianchi".into(),
            amount: Money::cents(1208),
            asked: Timestamp::from_micros(1_790_000_000_000_000),
            account: account.map(str::to_owned),
        }
    }
}

/// `/office/refunds`: transfers back that somebody has to make.
#[derive(Clone, Debug, Serialize)]
pub struct Outgoing {
    pub rows: Vec<OutgoingLine>,
    pub pager: Pager,
    pub may_move_money: bool,
}
impl Page for Outgoing {
    const TEMPLATE: &'static str = "pages/office/refunds.html";
    const HERE: &'static str = "refunds";
    fn samples() -> Vec<Self> {
        let some = Some("IT60 X054 2811 1010 0000 0123 456");
        let rows = vec![OutgoingLine::sample(None), OutgoingLine::sample(some)];
        let pager = Pager { rows: 2, newer: None, older: Some("/office/refunds?after=0.pay_0198".into()) };
        let none = Pager { rows: 0, newer: None, older: None };
        vec![Self { rows, pager, may_move_money: true }, Self { rows: vec![], pager: none, may_move_money: false }]
    }
}

/// Something that was found.
#[derive(Clone, Debug, Serialize)]
pub struct Hit {
    /// Where it is shown.
    pub href: String,
    pub title: String,
    /// Name of the customer, or the fiscal code of one.
    pub whose: String,
    /// All orders of the customer.
    pub customer: String,
    /// What will be charged to this customer or for this mailbox.
    pub coming: Option<String>,
    /// Code of an order's or a mailbox's state; else a word of its own kind.
    pub state: String,
    pub amount: Option<Money>,
    pub at: Timestamp,
}

/// `/office/search`: one box for everything.
#[derive(Clone, Debug, Serialize)]
pub struct Search {
    /// `customers`, `mailboxes`, `orders`, `payments`.
    pub kind: String,
    /// The other lists: their kinds with their addresses.
    pub kinds: Vec<(String, String)>,
    /// Was anything looked for?
    pub asked: bool,
    /// The customer to whom the list is narrowed: name, fiscal code, e-mail.
    pub customer: Option<(String, String, String)>,
    pub rows: Vec<Hit>,
    pub pager: Pager,
    /// Field `q`.
    pub form: Form,
}
impl Page for Search {
    const TEMPLATE: &'static str = "pages/office/search.html";
    const HERE: &'static str = "search";
    fn samples() -> Vec<Self> {
        let hit = |title: &str, state: &str, amount: Option<i64>| Hit {
            href: "/office/orders/ord_0198".into(),
            title: title.into(),
            whose: "Giulia Bianchi".into(),
            customer: "/office/search?kind=orders&party=par_0198".into(),
            coming: amount.is_none().then(|| "/office/customers/par_0198/renewals".into()),
            state: state.into(),
            amount: amount.map(Money::cents),
            at: Timestamp::from_micros(1_790_000_000_000_000),
        };
        let page = |kind: &str, rows: Vec<Hit>, asked| Self {
            kind: kind.into(),
            kinds: ["customers", "mailboxes", "orders", "payments"]
                .map(|k| (k.to_owned(), format!("/office/search?kind={k}&q=x")))
                .into(),
            asked,
            customer: None,
            pager: Pager { rows: rows.len() as i64, newer: None, older: None },
            rows,
            form: Form::new().with("q", if asked { "bianchi" } else { "" }),
        };
        let narrowed = Self {
            customer: Some(("Giulia Bianchi".into(), "BNCGLI85A41H501F".into(), "giulia@example.it".into())),
            ..page("mailboxes", vec![hit("contratti.bianchi@pec.example.it", "ATTIVA", None)], true)
        };
        let payments = ["succeeded", "failed", "unknown"].map(|s| hit("pi_3abc", s, Some(1208)));
        vec![
            page("customers", vec![], false),
            page("customers", vec![], true),
            page("customers", vec![hit("Giulia Bianchi", "person", None)], true),
            page("orders", vec![hit("2026-004318", "EVASO", Some(1208))], true),
            page("payments", payments.into(), true),
            narrowed,
        ]
    }
}
