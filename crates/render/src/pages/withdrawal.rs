//! Withdrawal from a contract: where it is, the statement, its confirmation.

use domain::{money::Money, time::Date};
use serde::Serialize;

use crate::{Form, Msg, Page};

crate::register!(page: [Withdrawals, Withdraw]);

/// An order that can still be withdrawn from.
#[derive(Clone, Debug, Serialize)]
pub struct OpenOrder {
    pub id: String,
    pub number: String,
    pub placed: Date,
    pub last_day: Date,
    pub gross: Money,
}

/// «Recesso»: what it is, and the orders within its days.
#[derive(Clone, Debug, Serialize)]
pub struct Withdrawals {
    pub orders: Vec<OpenOrder>,
}
impl Page for Withdrawals {
    const TEMPLATE: &'static str = "pages/withdrawal/list.html";
    const HERE: &'static str = "orders";
    fn samples() -> Vec<Self> {
        let order = OpenOrder {
            id: "ord_0198".into(),
            number: "2026-004318".into(),
            placed: Date::from_days(20_727),
            last_day: Date::from_days(20_741),
            gross: Money::cents(2416),
        };
        vec![Withdrawals { orders: vec![order] }, Withdrawals { orders: vec![] }]
    }
}

/// The statement, and the same again to be confirmed.
#[derive(Clone, Debug, Serialize)]
pub struct Withdraw {
    pub id: String,
    pub number: String,
    pub placed: Date,
    pub last_day: Date,
    pub addresses: Vec<String>,
    /// What goes back; `None` when nothing was paid.
    pub refund: Option<Money>,
    pub refund_due: Date,
    pub ends_mailboxes: bool,
    /// The second page: what was stated, and the button that withdraws.
    pub confirm: bool,
    pub form: Form,
}
impl Page for Withdraw {
    const TEMPLATE: &'static str = "pages/withdrawal/statement.html";
    const HERE: &'static str = "orders";
    fn samples() -> Vec<Self> {
        let ask = Withdraw {
            id: "ord_0198".into(),
            number: "2026-004318".into(),
            placed: Date::from_days(20_727),
            last_day: Date::from_days(20_741),
            addresses: vec!["contratti.bianchi@pec.example.it".into()],
            refund: Some(Money::cents(2416)),
            refund_due: Date::from_days(20_747),
            ends_mailboxes: true,
            confirm: false,
            form: Form::new().with("name", "Giulia Bianchi").with("email", "giulia.bianchi@example.com"),
        };
        let wrong = Withdraw {
            form: ask
                .form
                .clone()
                .with_error("email", Msg::problem("email-shape"))
                .with_error("saved", Msg::problem("withdrawal-content")),
            ..ask.clone()
        };
        let unpaid = Withdraw { refund: None, ends_mailboxes: false, ..ask.clone() };
        vec![
            ask.clone(),
            wrong,
            unpaid.clone(),
            Withdraw { confirm: true, ..ask },
            Withdraw { confirm: true, ..unpaid },
        ]
    }
    fn form(&self) -> Option<&Form> {
        Some(&self.form)
    }
}
