//! The back office's pages about bank transfers: movements, booking by hand, statement files.

use domain::{
    money::Money,
    time::{Date, Timestamp},
};
use serde::Serialize;

use super::{Further, Pager};
use crate::{Form, Msg, Page};

crate::register!(page: [Movements, MovementPage, BookTransfer, Statements]);

/// A movement of the account.
#[derive(Clone, Debug, Serialize)]
pub struct MovementLine {
    pub id: String,
    pub reference: String,
    /// `unmatched`, `new`, `booked`, `aside`, `unknown`, `given_back`.
    pub state: String,
    /// Why it is not booked: a code with words.
    pub why: Option<String>,
    pub amount: Money,
    pub currency: String,
    pub value_day: Date,
    pub payer: Option<String>,
    pub reason: String,
    /// Number of the order on which it is booked.
    pub order: Option<String>,
}
impl MovementLine {
    fn sample(state: &str, why: Option<&str>, order: Option<&str>) -> Self {
        Self {
            id: "mov_0199c0ffee00700080000000000000aa".into(),
            reference: "0306909606202610".into(),
            state: state.into(),
            why: why.map(str::to_owned),
            amount: Money::cents(1208),
            currency: "EUR".into(),
            value_day: Date::from_days(20_727),
            payer: Some("Giulia Bianchi".into()),
            reason: "Pagamento casella PEC ordine di ottobre".into(),
            order: order.map(str::to_owned),
        }
    }
}

/// `/office/transfers`.
#[derive(Clone, Debug, Serialize)]
pub struct Movements {
    pub rows: Vec<MovementLine>,
    pub states: Vec<String>,
    /// The state that is shown; empty for all.
    pub state: String,
    pub pager: Pager,
    pub may_book: bool,
}
impl Page for Movements {
    const TEMPLATE: &'static str = "pages/office/movements.html";
    const HERE: &'static str = "transfers";
    fn samples() -> Vec<Self> {
        let states: Vec<String> =
            ["unmatched", "new", "booked", "aside", "unknown", "given_back"].map(String::from).into();
        let line = MovementLine::sample;
        let why = |w| line("unmatched", Some(w), None);
        let aside = |w| MovementLine { currency: "CHF".into(), payer: None, ..line("aside", Some(w), None) };
        let rows = vec![
            why("no_number"),
            why("several_orders"),
            why("no_such_order"),
            why("card_only"),
            why("same_reference"),
            line("new", None, None),
            line("booked", None, Some("2026-004318")),
            aside("debit"),
            aside("currency"),
            aside("not_booked"),
            aside("reversal"),
            aside("parts_differ"),
            line("unknown", Some("no_number"), None),
            line("given_back", Some("no_number"), None),
        ];
        let pager = Pager { rows: 13, newer: None, older: Some("/office/transfers?after=1.mov_1".into()) };
        let page = |rows, state: &str, pager, may_book| Self {
            rows,
            states: states.clone(),
            state: state.into(),
            pager,
            may_book,
        };
        vec![page(rows, "", pager, true), page(vec![], "unmatched", Pager::default(), false)]
    }
}

/// `/office/transfers/{id}`: one movement, and what can be done about it.
#[derive(Clone, Debug, Serialize)]
pub struct MovementPage {
    pub line: MovementLine,
    pub payer_account: Option<String>,
    pub taken: Timestamp,
    pub by_hand: bool,
    /// What an operator wrote.
    pub note: Option<String>,
    /// Identifier of the order on which it is booked.
    pub order_id: Option<String>,
    /// Sent back with each choice.
    pub version: i64,
    /// It waits for a choice, and the operator may make it.
    pub open: bool,
    /// Fields `order`, `note`.
    pub form: Form,
}
impl Page for MovementPage {
    const TEMPLATE: &'static str = "pages/office/movement.html";
    const HERE: &'static str = "transfers";
    fn samples() -> Vec<Self> {
        let open = Self {
            line: MovementLine::sample("unmatched", Some("several_orders"), None),
            payer_account: Some("IT60 X054 2811 1010 0000 0123 456".into()),
            taken: Timestamp::from_micros(1_790_000_000_000_000),
            by_hand: false,
            note: None,
            order_id: None,
            version: 2,
            open: true,
            form: Form::new(),
        };
        let wrong = open.form.clone().with("order", "2026-1").with_error("order", Msg::problem("order-unknown"));
        let booked = Self {
            line: MovementLine::sample("booked", None, Some("2026-004318")),
            order_id: Some("ord_0198".into()),
            by_hand: true,
            payer_account: None,
            open: false,
            ..open.clone()
        };
        let left = Self {
            line: MovementLine::sample("unknown", Some("no_number"), None),
            note: Some("Chiesto alla banca il 3/10".into()),
            ..open.clone()
        };
        vec![Self { form: wrong, ..open.clone() }, open, booked, left]
    }
    fn form(&self) -> Option<&Form> {
        Some(&self.form)
    }
}

/// `/office/transfers/book`: a transfer booked by hand.
#[derive(Clone, Debug, Serialize)]
pub struct BookTransfer {
    /// Fields `order`, `amount`, `value_day`, `reference`, `payer`.
    pub form: Form,
}
impl Page for BookTransfer {
    const TEMPLATE: &'static str = "pages/office/transfer_book.html";
    const HERE: &'static str = "transfers";
    fn samples() -> Vec<Self> {
        let wrong = Form::new()
            .with("order", "2026-004318")
            .with("amount", "12,080")
            .with_error("amount", Msg::problem("amount-bad"))
            .with_error("value_day", Msg::problem("day-future"))
            .with_error("reference", Msg::problem("movement-known"));
        vec![Self { form: Form::new() }, Self { form: wrong }]
    }
    fn form(&self) -> Option<&Form> {
        Some(&self.form)
    }
}

/// A statement that was taken.
#[derive(Clone, Debug, Serialize)]
pub struct StatementLine {
    pub reference: String,
    pub taken: Timestamp,
    pub movements: i64,
    pub booked: i64,
    pub waiting: i64,
    /// Movements that still look for their orders.
    pub fresh: i64,
}

/// `/office/transfers/statement`: a statement file is taken, and those that were.
#[derive(Clone, Debug, Serialize)]
pub struct Statements {
    pub rows: Vec<StatementLine>,
    pub further: Further,
    pub max_mib: i64,
    /// Address of a sample file; only in the demonstration.
    pub sample: Option<String>,
    /// Field `file`.
    pub form: Form,
}
impl Page for Statements {
    const TEMPLATE: &'static str = "pages/office/statements.html";
    const HERE: &'static str = "transfers";
    fn samples() -> Vec<Self> {
        let line = |fresh| StatementLine {
            reference: "2026-10-02/1".into(),
            taken: Timestamp::from_micros(1_790_000_000_000_000),
            movements: 14,
            booked: 11,
            waiting: 2,
            fresh,
        };
        let page = |rows: Vec<StatementLine>, sample: Option<&str>, form| {
            let more = (!rows.is_empty()).then(|| "/office/transfers/statement?after=0.stm_0198#taken".to_owned());
            let further = Further { start: None, more };
            Self { rows, further, max_mib: 5, sample: sample.map(Into::into), form }
        };
        let wrong = Msg::problem("statement-wrong-element").arg("element", "CdtDbtInd").arg("row", "18");
        vec![
            page(vec![], None, Form::new()),
            page(vec![line(1), line(0)], Some("/demo/statement.xml"), Form::new().with_error("file", wrong)),
        ]
    }
    fn form(&self) -> Option<&Form> {
        Some(&self.form)
    }
}
