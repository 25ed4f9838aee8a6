//! Stored methods of payment (domain notes 2.7, 4.5).

use domain::{id::MethodId, money::Money, time::Date};
use serde::Serialize;

use crate::{Form, Page};

crate::register!(page: [Methods, RemoveMethod, Setup, SetupCard]);

/// A mailbox that renews by itself with a method.
#[derive(Clone, Debug, Serialize)]
pub struct Renews {
    pub id: String,
    pub address: String,
    pub end: Date,
}
impl Renews {
    fn samples() -> Vec<Self> {
        let of = |n: u8, address: &str| Self {
            id: format!("mbx_{n}"),
            address: address.into(),
            end: Date::from_days(20_900 + i32::from(n)),
        };
        vec![of(1, "contratti.bianchi@pec.example.it"), of(2, "un.nome.piuttosto.lungo@studi.pec.example.it")]
    }
}

/// A stored method.
#[derive(Clone, Debug, Serialize)]
pub struct Kept {
    pub id: String,
    /// `Visa 4242`, `PayPal an…@example.com`.
    pub label: String,
    /// `card`, `paypal`.
    pub means: String,
    /// The last day it is good for.
    pub expires: Option<Date>,
    pub expired: bool,
    /// The one that is used first.
    pub preferred: bool,
    pub services: Vec<Renews>,
}
impl Kept {
    fn sample(label: &str, means: &str, preferred: bool) -> Self {
        Self {
            id: MethodId::from_uuid(Default::default()).to_string(),
            label: label.into(),
            means: means.into(),
            expires: (means == "card").then(|| Date::from_days(21_183)),
            expired: false,
            preferred,
            services: Renews::samples(),
        }
    }
}

/// `/account/methods`.
#[derive(Clone, Debug, Serialize)]
pub struct Methods {
    pub methods: Vec<Kept>,
    /// PayPal is offered beside cards.
    pub paypal: bool,
    /// Credit of earlier payments, and the last day of what is lost first.
    pub credit: Option<(Money, Date)>,
    pub form: Form,
}
impl Page for Methods {
    const TEMPLATE: &'static str = "pages/customer/methods.html";
    const HERE: &'static str = "methods";
    fn samples() -> Vec<Self> {
        let old = Kept { expired: true, services: Vec::new(), ..Kept::sample("Mastercard 4444", "card", false) };
        let all =
            vec![Kept::sample("Visa 4242", "card", true), old, Kept::sample("PayPal an…@example.com", "paypal", false)];
        let none = Self { methods: Vec::new(), paypal: false, credit: None, form: Form::new() };
        let credit = Some((Money::cents(1208), Date::from_days(20_890)));
        vec![
            Self { methods: all.clone(), paypal: true, credit, form: Form::new() },
            Self { methods: all[..1].to_vec(), ..none.clone() },
            Self { form: Form::new().with_problem(crate::Msg::problem("payment-unavailable")), ..none.clone() },
            none,
        ]
    }
    fn form(&self) -> Option<&Form> {
        Some(&self.form)
    }
}

/// `/account/methods/{id}/remove`: what removing it means.
#[derive(Clone, Debug, Serialize)]
pub struct RemoveMethod {
    pub method: Kept,
}
impl Page for RemoveMethod {
    const TEMPLATE: &'static str = "pages/customer/method_remove.html";
    const HERE: &'static str = "methods";
    fn samples() -> Vec<Self> {
        let used = Kept::sample("Visa 4242", "card", true);
        vec![Self { method: Kept { services: Vec::new(), ..used.clone() } }, Self { method: used }]
    }
}

/// `/account/methods/setup/{id}`: waits for the gateway.
#[derive(Clone, Debug, Serialize)]
pub struct Setup {
    pub id: String,
    /// Where the customer can go on, when the gateway waits for them.
    pub go_on: Option<String>,
}
impl Page for Setup {
    const TEMPLATE: &'static str = "pages/customer/method_setup.html";
    const HERE: &'static str = "methods";
    fn samples() -> Vec<Self> {
        let waits = Self { id: "pay_0198".into(), go_on: None };
        vec![Self { go_on: Some("/demo/gateway/pay_0198".into()), ..waits.clone() }, waits]
    }
}

/// `/account/methods/setup/{id}/card`: the gateway's card fields.
#[derive(Clone, Debug, Serialize)]
pub struct SetupCard {
    /// Where the outcome is waited for.
    pub wait: String,
    pub script_url: String,
    pub publishable_key: String,
    pub client_secret: String,
}
impl Page for SetupCard {
    const TEMPLATE: &'static str = "pages/customer/method_card.html";
    const HERE: &'static str = "methods";
    fn samples() -> Vec<Self> {
        vec![Self {
            wait: "/account/methods/setup/pay_0198".into(),
            script_url: "https://js.gateway.example/v3/".into(),
            publishable_key: "pk_test_1".into(),
            client_secret: "seti_1_secret_2".into(),
        }]
    }
}
