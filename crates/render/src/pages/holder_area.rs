//! The area of the holder of a mailbox under an agreement: mailboxes, add-ons, data (domain notes 4.1, from S4).

use domain::{money::Money, time::Date};
use serde::Serialize;

use super::{
    Bill,
    profile::{Choice, Difference, Fact},
};
use crate::{Form, Msg, Page};

crate::register!(page: [Mailboxes, MemberCard, Compare, NewAddon, MemberData]);

/// «Il tuo credito residuo», on every page of the area.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Credit {
    /// What may be spent.
    pub available: Money,
    /// What is promised for something.
    pub held: Money,
}
impl Credit {
    pub(crate) fn sample() -> Self {
        Self { available: Money::cents(848), held: Money::ZERO }
    }
}

pub(super) const ADDRESS: &str = "mario.rossi@pec.ordine.example.it";
pub(super) const END: Date = Date::from_days(17_255);

/// A mailbox of the holder.
#[derive(Clone, Debug, Serialize)]
pub struct MailboxRow {
    pub address: String,
    pub plan: String,
    /// Code of the state, as in `mailbox_state`.
    pub state: String,
    pub end: Date,
    /// Its holder gave notice for that day.
    pub noticed: bool,
    /// The one that is signed in: its card can be opened.
    pub own: bool,
}

/// «Lista caselle PEC».
#[derive(Clone, Debug, Serialize)]
pub struct Mailboxes {
    pub credit: Credit,
    pub rows: Vec<MailboxRow>,
}
impl Page for Mailboxes {
    const TEMPLATE: &'static str = "pages/mailbox_area/mailboxes.html";
    const HERE: &'static str = "mailboxes";
    fn samples() -> Vec<Self> {
        let row = |address: &str, state: &str, own| MailboxRow {
            address: address.into(),
            plan: "Standard".into(),
            state: state.into(),
            end: END,
            noticed: false,
            own,
        };
        let other = "studio.rossi.e.associati.ingegneria@pec.ordine.example.it";
        let credit = Credit { held: Money::cents(305), ..Credit::sample() };
        let noticed = MailboxRow { noticed: true, ..row("rossi@pec.ordine.example.it", "IN_SCADENZA", false) };
        vec![Self { credit, rows: vec![row(ADDRESS, "ATTIVA", true), row(other, "SCADUTA", false), noticed] }]
    }
}

/// An add-on of the mailbox.
#[derive(Clone, Debug, Serialize)]
pub struct AddonLine {
    pub service: String,
    pub gb: i64,
    pub start: Date,
    pub end: Date,
    pub active: bool,
    pub free: bool,
    /// Identifier of its order.
    pub order: String,
    /// Its own identifier, where it ended and may come back.
    pub back: Option<String>,
    /// Of «avviso SMS» that runs: the masked number that it tells; empty without one.
    pub told: Option<String>,
}

/// The card of the mailbox with every field of S4.
#[derive(Clone, Debug, Serialize)]
pub struct MemberCard {
    pub credit: Credit,
    pub address: String,
    pub state: String,
    pub end: Date,
    pub plan: String,
    /// Bytes of the plan, and GB bought beside it.
    pub base: u64,
    pub extra_gb: i64,
    /// Bytes; 0 when there is none.
    pub archive: u64,
    pub requested: Date,
    pub certified_on: Option<Date>,
    /// «Data disdetta»: when notice was given, or when it ended at once.
    pub terminated: Option<Date>,
    /// Notice is at work.
    pub noticed: bool,
    /// Notice can be given, or is there to be looked at.
    pub may_terminate: bool,
    pub body: String,
    /// `by_body` or `by_holder`.
    pub renewal_kind: String,
    pub years: i64,
    /// The holder may renew it by hand now.
    pub renew: bool,
    /// Why he may not, as a code of a problem.
    pub renew_refused: Option<String>,
    /// Whether the credit renews it by itself, where the holder may say so.
    pub auto: Option<bool>,
    pub addons: Vec<AddonLine>,
}
impl Page for MemberCard {
    const TEMPLATE: &'static str = "pages/mailbox_area/member_card.html";
    const HERE: &'static str = "mailboxes";
    fn samples() -> Vec<Self> {
        let empty = Self {
            credit: Credit::sample(),
            address: ADDRESS.into(),
            state: "ATTIVA".into(),
            end: END,
            plan: "Standard".into(),
            base: 1 << 30,
            extra_gb: 0,
            archive: 0,
            requested: END.plus_years(-1),
            certified_on: Some(END.plus_years(-1)),
            terminated: None,
            noticed: false,
            may_terminate: true,
            body: "Ordine dei Geometri di Esempio".into(),
            renewal_kind: "by_body".into(),
            years: 1,
            renew: false,
            renew_refused: None,
            auto: None,
            addons: vec![],
        };
        let line = |service: &str, active, free| AddonLine {
            service: service.into(),
            gb: 2,
            start: END.plus_months(-6),
            end: END,
            active,
            free,
            order: "ord_0198".into(),
            back: (!active).then(|| "add_0198".into()),
            told: None,
        };
        let sms = |number: &str| AddonLine { gb: 1, told: Some(number.to_owned()), ..line("sms_notice", true, false) };
        let full = Self {
            extra_gb: 2,
            archive: 2 << 30,
            state: "SCADUTA".into(),
            certified_on: None,
            terminated: Some(END),
            noticed: true,
            renewal_kind: "by_holder".into(),
            years: 3,
            renew: true,
            auto: Some(true),
            addons: vec![
                line("extra_space", true, false),
                line("extra_archive", true, true),
                line("legal_storage", false, true),
                sms("+39•••••••567"),
                sms(""),
            ],
            ..empty.clone()
        };
        let parked = Self { renew: false, renew_refused: Some("renewal-parked".into()), auto: None, ..full.clone() };
        vec![Self { state: "IN_SCADENZA".into(), ..empty.clone() }, empty, parked, full]
    }
}

/// An add-on that can be bought.
#[derive(Clone, Debug, Serialize)]
pub struct Offer {
    pub service: String,
    /// One GB for a year, or the whole of it.
    pub net: Money,
    pub gross: Money,
    pub have_gb: i64,
    pub max_gb: i64,
    /// It is counted in GB; otherwise a mailbox has it once.
    pub by_gb: bool,
}
fn offers() -> Vec<Offer> {
    let offer = |service: &str, cents: i64, have_gb| Offer {
        service: service.into(),
        net: Money::cents(cents),
        gross: Money::cents(cents) + Money::cents(cents).vat(2200),
        have_gb,
        max_gb: 5,
        by_gb: true,
    };
    let sms = |have_gb| Offer { max_gb: 1, by_gb: false, ..offer("sms_notice", 600, have_gb) };
    let by_gb = [("extra_space", 250, 0), ("extra_archive", 300, 2), ("legal_storage", 400, 0)];
    by_gb.map(|(service, cents, have)| offer(service, cents, have)).into_iter().chain([sms(0), sms(1)]).collect()
}

/// «Tabella comparativa Servizi Aggiuntivi».
#[derive(Clone, Debug, Serialize)]
pub struct Compare {
    pub credit: Credit,
    pub address: String,
    pub plan: String,
    /// `three_months` or `monthly`.
    pub rule: String,
    pub rows: Vec<Offer>,
}
impl Page for Compare {
    const TEMPLATE: &'static str = "pages/mailbox_area/compare.html";
    const HERE: &'static str = "mailboxes";
    fn samples() -> Vec<Self> {
        let full = Self {
            credit: Credit::sample(),
            address: ADDRESS.into(),
            plan: "Standard".into(),
            rule: "three_months".into(),
            rows: offers(),
        };
        vec![Self { rows: vec![], rule: "monthly".into(), ..full.clone() }, full]
    }
}

/// What was chosen, priced.
#[derive(Clone, Debug, Serialize)]
pub struct AddonTotal {
    pub service: String,
    pub gb: i64,
    pub bill: Bill,
    pub free: bool,
    pub until: Date,
    /// What the renewal will take; nothing when it will not be renewed.
    pub renewal: Option<Money>,
    /// GB of it that the mailbox has now, sent back with the form.
    pub have_gb: i64,
    /// What the credit lacks; zero when it is enough.
    pub missing: Money,
    pub credit_after: Money,
}

/// «Acquista nuovo Servizio Aggiuntivo».
#[derive(Clone, Debug, Serialize)]
pub struct NewAddon {
    pub credit: Credit,
    pub address: String,
    pub offers: Vec<Offer>,
    pub rule: String,
    /// What is chosen is counted in GB.
    pub chosen_by_gb: bool,
    /// What is chosen tells by a text message, and the record has no mobile.
    pub mobile_needed: bool,
    /// Key of the form.
    pub key: String,
    pub total: Option<AddonTotal>,
    /// Fields `service`, `gb`.
    pub form: Form,
}
impl Page for NewAddon {
    const TEMPLATE: &'static str = "pages/mailbox_area/new_addon.html";
    const HERE: &'static str = "mailboxes";
    fn form(&self) -> Option<&Form> {
        Some(&self.form)
    }
    fn samples() -> Vec<Self> {
        let total = AddonTotal {
            service: "extra_space".into(),
            gb: 1,
            bill: Bill::sample_addon(),
            free: false,
            until: END,
            renewal: Some(Money::cents(305)),
            have_gb: 0,
            missing: Money::ZERO,
            credit_after: Money::cents(543),
        };
        let form = Form::new().with("service", "extra_space").with("gb", "1");
        let enough = Self {
            credit: Credit::sample(),
            address: ADDRESS.into(),
            offers: offers(),
            rule: "three_months".into(),
            chosen_by_gb: true,
            mobile_needed: false,
            key: "0123456789abcdef".into(),
            total: Some(total.clone()),
            form: form.clone(),
        };
        let poor = Credit { available: Money::cents(238), ..Credit::sample() };
        let short = AddonTotal { missing: Money::cents(67), ..total.clone() };
        let free = AddonTotal { free: true, renewal: None, ..total.clone() };
        let form_sms = Form::new().with("service", "sms_notice").with("gb", "1");
        let sms = Self {
            chosen_by_gb: false,
            total: Some(AddonTotal { service: "sms_notice".into(), bill: Bill::sample_sms(), ..total }),
            form: form_sms.clone(),
            ..enough.clone()
        };
        vec![
            Self {
                total: None,
                mobile_needed: true,
                form: form_sms.with_error("service", Msg::problem("addon-mobile-needed")),
                ..sms.clone()
            },
            sms,
            Self { total: Some(short), credit: poor, ..enough.clone() },
            Self { total: Some(free), ..enough.clone() },
            Self {
                total: None,
                form: form.with_error("gb", Msg::problem("addon-amount").arg("room", "5")),
                ..enough.clone()
            },
            enough,
        ]
    }
}

/// «I tuoi dati».
#[derive(Clone, Debug, Serialize)]
pub struct MemberData {
    pub credit: Credit,
    pub locked: Vec<Fact>,
    pub email: String,
    /// A new e-mail that waits for its code.
    pub pending: Option<String>,
    /// The record has an account of its own: it is changed there.
    pub elsewhere: bool,
    pub version: i64,
    pub provinces: Vec<Choice>,
    pub countries: Vec<Choice>,
    /// What was changed elsewhere while the form was open.
    pub conflict: Vec<Difference>,
    /// The fields of all the page's forms.
    pub form: Form,
}
impl Page for MemberData {
    const TEMPLATE: &'static str = "pages/mailbox_area/data.html";
    const HERE: &'static str = "data";
    fn form(&self) -> Option<&Form> {
        Some(&self.form)
    }
    fn samples() -> Vec<Self> {
        let form = Form::new().with("street", "Via Roma").with("province", "RM").with("country", "IT");
        let usual = Self {
            credit: Credit::sample(),
            locked: vec![
                Fact::new("profile-first-name", "Mario"),
                Fact::new("profile-last-name", "Rossi"),
                Fact::new("profile-fiscal-code", "RSSMRA79B11C566R"),
            ],
            email: "mario.rossi@example.it".into(),
            pending: None,
            elsewhere: false,
            version: 1,
            provinces: vec![Choice("RM".into(), "Roma (RM)".into())],
            countries: vec![Choice("IT".into(), "Italia".into())],
            conflict: vec![],
            form: form.clone(),
        };
        vec![
            Self { elsewhere: true, ..usual.clone() },
            Self {
                pending: Some("nuova@example.it".into()),
                form: form.with_error("street", Msg::problem("field-missing")),
                ..usual.clone()
            },
            usual,
        ]
    }
}
