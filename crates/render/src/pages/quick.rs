//! Payment by order number, without signing in (domain notes 2.7).

use domain::money::Money;
use serde::Serialize;

use super::{Challenge, wizard::Payment};
use crate::{Form, Msg, Page};

crate::register!(page: [QuickAsk, QuickOrder, QuickWait]);

/// `/pay`: asks for the two numbers.
#[derive(Clone, Debug, Serialize)]
pub struct QuickAsk {
    pub form: Form,
    pub challenge: Challenge,
}
impl Page for QuickAsk {
    const TEMPLATE: &'static str = "pages/quick/ask.html";
    fn samples() -> Vec<Self> {
        let typed = Form::new().with("number", "2026-004318").with("tax_number", "BNCGLI85A41H501F");
        vec![
            Self { form: Form::new(), challenge: Challenge::default() },
            Self { form: typed.with_problem(Msg::problem("quick-not-found")), challenge: "/captcha".into() },
            Self {
                form: Form::new().with_error("number", Msg::problem("quick-number-missing")),
                challenge: Challenge::default(),
            },
        ]
    }
    fn form(&self) -> Option<&Form> {
        Some(&self.form)
    }
}

/// What is due: number, amount and state, nothing else.
#[derive(Clone, Debug, Serialize)]
pub struct QuickOrder {
    pub number: String,
    pub due: Money,
    /// Code of the order's state, as in `order_state`.
    pub state: String,
    pub payable: bool,
    /// As it was typed: paying asks for it again.
    pub tax_number: String,
    pub paypal: bool,
    pub form: Form,
}
impl Page for QuickOrder {
    const TEMPLATE: &'static str = "pages/quick/order.html";
    fn samples() -> Vec<Self> {
        let due = Self {
            number: "2026-004318".into(),
            due: Money::cents(2416),
            state: "ATTESA_PAGAMENTO".into(),
            payable: true,
            tax_number: "BNCGLI85A41H501F".into(),
            paypal: false,
            form: Form::new(),
        };
        let refused = Form::new().with_problem(Msg::problem("payment-under-way"));
        vec![
            Self { paypal: true, ..due.clone() },
            Self { form: refused, ..due.clone() },
            Self { payable: false, state: "EVASO".into(), ..due.clone() },
            due,
        ]
    }
    fn form(&self) -> Option<&Form> {
        Some(&self.form)
    }
}

/// `/pay/{attempt}`: how it went.
#[derive(Clone, Debug, Serialize)]
pub struct QuickWait {
    pub attempt: String,
    pub number: String,
    pub due: Money,
    /// `waiting`, `paid`, `failed`, `closed`.
    pub standing: String,
    /// Where the payer can go on, when the gateway waits for them.
    pub go_on: Option<String>,
    /// Why it failed: one of [`Payment::FAILURES`].
    pub failed: Option<String>,
}
impl Page for QuickWait {
    const TEMPLATE: &'static str = "pages/quick/wait.html";
    fn samples() -> Vec<Self> {
        let of = |standing: &str| Self {
            attempt: "pay_0198".into(),
            number: "2026-004318".into(),
            due: Money::cents(2416),
            standing: standing.into(),
            go_on: None,
            failed: None,
        };
        vec![
            of("waiting"),
            Self { go_on: Some("/demo/gateway/pay_0198".into()), ..of("waiting") },
            Self { failed: Some(Payment::FAILURES[3].into()), ..of("failed") },
            of("paid"),
            of("closed"),
        ]
    }
}
