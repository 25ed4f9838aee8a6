//! Notice of termination: what it does and when, its confirmation, its way back.

use domain::time::{Date, Timestamp};
use serde::Serialize;

use crate::{Form, Msg, Page};

crate::register!(page: [Terminate, TerminateOwn]);

/// A notice as pages tell it.
#[derive(Clone, Debug, Serialize)]
pub struct Given {
    pub at: Timestamp,
    pub at_once: bool,
}
impl Given {
    pub(super) fn sample() -> Self {
        Self { at: Date::from_days(20_733).at(18, 4), at_once: false }
    }
}

/// The order that a mailbox was bought with, while it can be withdrawn from.
#[derive(Clone, Debug, Serialize)]
pub struct Withdrawable {
    pub order: String,
    pub last_day: Date,
}

/// The page, for an account.
#[derive(Clone, Debug, Serialize)]
pub struct Terminate {
    /// Where its form goes; `/back` behind it takes the notice back.
    pub action: String,
    /// The card of the mailbox.
    pub card: String,
    pub address: String,
    pub plan: String,
    /// Last day of the paid period, and the last one on which the mailbox is read and receives.
    pub end: Date,
    pub reads_until: Date,
    /// What can be chosen.
    pub at_end: bool,
    pub at_once: bool,
    /// The notice at work, and whether it can still be taken back.
    pub given: Option<Given>,
    pub back: bool,
    pub withdrawal: Option<Withdrawable>,
    pub under_agreement: bool,
    /// Fields `kind`, `address`, `saved`.
    pub form: Form,
}
impl Page for Terminate {
    const TEMPLATE: &'static str = "pages/termination/account.html";
    const HERE: &'static str = "mailboxes";
    fn samples() -> Vec<Self> {
        let ask = Terminate {
            action: "/account/mailboxes/mbx_0198/terminate".into(),
            card: "/account/mailboxes/mbx_0198".into(),
            address: "studio.bianchi@pec.example.it".into(),
            plan: "Standard".into(),
            end: Date::from_days(21_092),
            reads_until: Date::from_days(21_182),
            at_end: true,
            at_once: true,
            given: None,
            back: false,
            withdrawal: None,
            under_agreement: false,
            form: Form::new().with("kind", "at_end"),
        };
        let wrong = Terminate {
            withdrawal: Some(Withdrawable { order: "ord_0198".into(), last_day: Date::from_days(20_741) }),
            form: Form::new()
                .with("kind", "at_once")
                .with("address", "studio@pec.example.it")
                .with_error("address", Msg::problem("termination-address"))
                .with_error("saved", Msg::problem("termination-content")),
            ..ask.clone()
        };
        let refused = Terminate { form: Form::new().with_problem(Msg::problem("termination-charging")), ..ask.clone() };
        let given = Terminate { given: Some(Given::sample()), back: true, at_end: false, ..ask.clone() };
        let over = Terminate { back: false, ..given.clone() };
        let member = Terminate { under_agreement: true, ..ask.clone() };
        let expired = Terminate { at_end: false, ..ask.clone() };
        vec![ask, wrong, refused, given, over, member, expired]
    }
    fn form(&self) -> Option<&Form> {
        Some(&self.form)
    }
}

/// The same for who signed in with the mailbox.
#[derive(Clone, Debug, Serialize)]
pub struct TerminateOwn {
    #[serde(flatten)]
    pub page: Terminate,
}
impl Page for TerminateOwn {
    const TEMPLATE: &'static str = "pages/termination/own.html";
    const HERE: &'static str = "card";
    fn samples() -> Vec<Self> {
        let own = |p: Terminate| Terminate { action: "/mailbox/terminate".into(), card: "/mailbox".into(), ..p };
        let samples = Terminate::samples().into_iter().map(own);
        samples.map(|page| Self { page: Terminate { at_once: false, withdrawal: None, ..page } }).collect()
    }
    fn form(&self) -> Option<&Form> {
        Some(&self.page.form)
    }
}
