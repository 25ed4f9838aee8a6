//! The credit of the holder of a mailbox under an agreement: top-ups, statement, outcomes, orders (domain notes 4.1,
//! 4.2).

use domain::{money::Money, time::Timestamp};
use serde::Serialize;

use super::{
    Bill, Pager,
    holder_area::{ADDRESS, Credit, END},
};
use crate::{Form, Msg, Page};

crate::register!(page: [TopUp, WaitTopUp, Statement, Operations, MemberOrder]);

/// «Ricarica».
#[derive(Clone, Debug, Serialize)]
pub struct TopUp {
    pub credit: Credit,
    /// What a purchase lacks, if one led here, and the amount proposed for it.
    pub missing: Option<Money>,
    pub proposed: Option<Money>,
    pub quick: Vec<Money>,
    pub key: String,
    /// Fields `amount`, and those of what led here: `service`, `gb`, `years`, `addon`.
    pub form: Form,
}
impl Page for TopUp {
    const TEMPLATE: &'static str = "pages/mailbox_area/top_up.html";
    fn form(&self) -> Option<&Form> {
        Some(&self.form)
    }
    fn samples() -> Vec<Self> {
        let usual = Self {
            credit: Credit::sample(),
            missing: None,
            proposed: None,
            quick: domain::wallet::QUICK.into(),
            key: "0123456789abcdef".into(),
            form: Form::new(),
        };
        let cents = |n| Some(Money::cents(n));
        vec![
            Self { missing: cents(67), proposed: cents(500), ..usual.clone() },
            Self { missing: cents(1234), proposed: cents(1234), ..usual.clone() },
            Self {
                form: Form::new().with("amount", "4").with_error("amount", Msg::problem("topup-out-of-range")),
                ..usual.clone()
            },
            usual,
        ]
    }
}

/// The bank has not answered about a top-up yet.
#[derive(Clone, Debug, Serialize)]
pub struct WaitTopUp {
    pub credit: Credit,
    pub order: String,
    pub number: String,
    pub gross: Money,
    /// Where the holder can go on paying.
    pub go_on: Option<String>,
}
impl Page for WaitTopUp {
    const TEMPLATE: &'static str = "pages/mailbox_area/wait.html";
    fn samples() -> Vec<Self> {
        let silent = Self {
            credit: Credit::sample(),
            order: "ord_0198".into(),
            number: "2016-004318".into(),
            gross: Money::cents(500),
            go_on: None,
        };
        vec![Self { go_on: Some("/demo/gateway/pay_0198".into()), ..silent.clone() }, silent]
    }
}

/// A line of the statement.
#[derive(Clone, Debug, Serialize)]
pub struct StatementLine {
    pub at: Timestamp,
    /// Cause of the entry: `payment`, `purchase`, …
    pub kind: String,
    pub service: Option<String>,
    pub gb: Option<i64>,
    pub order: Option<String>,
    pub number: Option<String>,
    pub amount: Money,
    pub balance: Money,
}

/// The statement of the credit with its running balance.
#[derive(Clone, Debug, Serialize)]
pub struct Statement {
    pub credit: Credit,
    pub rows: Vec<StatementLine>,
    pub pager: Pager,
}
impl Page for Statement {
    const TEMPLATE: &'static str = "pages/mailbox_area/statement.html";
    fn samples() -> Vec<Self> {
        let line = |kind: &str, amount: i64, balance: i64| StatementLine {
            at: Timestamp::from_micros(1_475_312_400_000_000),
            kind: kind.into(),
            service: (kind == "purchase").then(|| "extra_space".into()),
            gb: (kind == "purchase").then_some(1),
            order: (kind != "correction").then(|| "ord_0198".into()),
            number: (kind != "correction").then(|| "2016-004318".into()),
            amount: Money::cents(amount),
            balance: Money::cents(balance),
        };
        let rows = vec![
            line("correction", 100, 643),
            line("purchase", -305, 543),
            line("refund", -100, 848),
            line("payment", 948, 948),
        ];
        let pager = Pager { rows: 4, newer: None, older: Some("/mailbox/credit/statement?after=1".into()) };
        let full = Self { credit: Credit::sample(), rows, pager };
        vec![Self { rows: vec![], pager: Pager::default(), ..full.clone() }, full]
    }
}

/// A line of the outcomes.
#[derive(Clone, Debug, Serialize)]
pub struct OperationLine {
    pub at: Timestamp,
    pub address: String,
    pub kind: String,
    pub outcome: String,
    pub message: Msg,
    pub order: Option<String>,
    pub amount: Option<Money>,
}

/// «Esito Operazioni».
#[derive(Clone, Debug, Serialize)]
pub struct Operations {
    pub credit: Credit,
    pub rows: Vec<OperationLine>,
    pub kinds: Vec<String>,
    pub pager: Pager,
    /// Fields `kind`, `outcome`, `from`, `until`.
    pub form: Form,
}
/// The kinds of outcomes, as they are stored.
pub const OPERATION_KINDS: [&str; 7] =
    ["data_change", "password", "top_up", "addon_purchase", "activation", "renewal", "deactivation"];
impl Page for Operations {
    const TEMPLATE: &'static str = "pages/mailbox_area/operations.html";
    const HERE: &'static str = "operations";
    fn samples() -> Vec<Self> {
        let line = |kind: &str, outcome: &str, message: Msg, amount: Option<i64>| OperationLine {
            at: Timestamp::from_micros(1_475_312_400_000_000),
            address: ADDRESS.into(),
            kind: kind.into(),
            outcome: outcome.into(),
            message,
            order: amount.map(|_| "ord_0198".into()),
            amount: amount.map(Money::cents),
        };
        let sold =
            |verb: &str, service: &str| Msg::new(format!("operation-{verb}-{service}")).arg("gb", 1).arg("until", END);
        let mut rows = vec![
            line("data_change", "ok", Msg::new("operation-data-changed"), None),
            line("password", "ok", Msg::new("operation-password-changed"), None),
            line("top_up", "running", Msg::new("operation-topup-running"), Some(500)),
            line("top_up", "ok", Msg::new("operation-topup-ok"), Some(500)),
            line("top_up", "ko", Msg::new("operation-topup-declined"), Some(500)),
            line("top_up", "ko", Msg::new("operation-topup-given-up"), Some(500)),
        ];
        for service in ["extra_space", "extra_archive", "legal_storage", "sms_notice"] {
            rows.push(line("addon_purchase", "ok", sold("bought", service), Some(305)));
            rows.push(line("activation", "ok", sold("activated", service), Some(0)));
        }
        let full = Self {
            credit: Credit::sample(),
            kinds: OPERATION_KINDS.map(String::from).into(),
            pager: Pager { rows: rows.len() as i64, newer: Some("/mailbox/operations?before=1".into()), older: None },
            rows,
            form: Form::new(),
        };
        vec![Self { rows: vec![], pager: Pager::default(), ..full.clone() }, full]
    }
}

/// An order that was made in the area.
#[derive(Clone, Debug, Serialize)]
pub struct MemberOrder {
    pub credit: Credit,
    pub number: String,
    pub kind: String,
    pub state: String,
    pub placed: Timestamp,
    pub address: String,
    pub gross: Money,
    /// How the price came about; a top-up has none.
    pub bill: Option<Bill>,
}
impl Page for MemberOrder {
    const TEMPLATE: &'static str = "pages/mailbox_area/order.html";
    const HERE: &'static str = "operations";
    fn samples() -> Vec<Self> {
        let bought = Self {
            credit: Credit::sample(),
            number: "2016-004318".into(),
            kind: "addon".into(),
            state: "EVASO".into(),
            placed: Timestamp::from_micros(1_475_312_400_000_000),
            address: ADDRESS.into(),
            gross: Money::cents(305),
            bill: Some(Bill::sample_addon()),
        };
        vec![Self { kind: "topup".into(), bill: None, state: "ANNULLATO".into(), ..bought.clone() }, bought]
    }
}
