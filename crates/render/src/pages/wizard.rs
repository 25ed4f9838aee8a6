//! The steps of an order: names, holders, check and confirm, payment.

use domain::{money::Money, time::Date};
use serde::Serialize;

use super::{Bill, BillLine, customer::Served, payments::Transfer};
use crate::{Form, Fragment, Msg, Page, Tone};

crate::register!(page: [Names, Import, Holders, Review, Payment]);

/// A cell of an imported file that is wrong.
#[derive(Clone, Debug, Serialize)]
pub struct ImportFault {
    pub line: i64,
    pub column: String,
    /// As it was typed.
    pub value: String,
    pub words: Msg,
}

/// The rows of an order out of a CSV file.
#[derive(Clone, Debug, Serialize)]
pub struct Import {
    pub columns: Vec<String>,
    pub faults: Vec<ImportFault>,
    pub max_rows: i64,
    pub max_kib: i64,
    pub side: Side,
    pub form: Form,
}
impl Page for Import {
    const TEMPLATE: &'static str = "pages/wizard/import.html";
    fn samples() -> Vec<Self> {
        let ask = Import {
            columns: ["nome", "dominio", "codice_fiscale", "email"].map(Into::into).into(),
            faults: vec![],
            max_rows: 99,
            max_kib: 96,
            side: Side::sample(),
            form: Form::new(),
        };
        let fault = |line, column: &str, value: &str, words| ImportFault {
            line,
            column: column.into(),
            value: value.into(),
            words,
        };
        let wrong = Import {
            faults: vec![
                fault(2, "nome", "nicolò.rossi", Msg::problem("import-formula")),
                fault(
                    14,
                    "email",
                    "una.persona.con.un.indirizzo.molto.lungo(at)example.org",
                    Msg::problem("email-shape"),
                ),
                fault(15, "nome", "", Msg::problem("import-name-repeated").arg("line", 14)),
            ],
            form: Form::new()
                .with("lines", "nome;dominio;email\nnicolò.rossi;pec.example.it;x@example.org")
                .with_error("lines", Msg::problem("import-faults").arg("count", 3)),
            ..ask.clone()
        };
        vec![ask, wrong]
    }
    fn form(&self) -> Option<&Form> {
        Some(&self.form)
    }
}

/// What stands at the side of each step.
#[derive(Clone, Debug, Serialize)]
pub struct Side {
    pub plan: String,
    pub quantity: i64,
    pub years: i64,
    pub bill: Bill,
}
impl Side {
    fn sample() -> Self {
        Self { plan: "Standard".into(), quantity: 2, years: 1, bill: sample_bill() }
    }
}

pub(super) fn sample_bill() -> Bill {
    Bill {
        lines: vec![BillLine {
            label: Msg::new("bill-mailboxes").arg("plan", "Standard").arg("count", 2),
            detail: Some(Msg::new("bill-product").arg("quantity", 2).arg("years", 1).arg("unit", Money::cents(990))),
            amount: Money::cents(1980),
        }],
        net: Money::cents(1980),
        vat_rate_bp: 2200,
        vat_exact: Some("€4,356".into()),
        vat: Money::cents(436),
        gross: Money::cents(2416),
    }
}

/// The answer for one name of the first step.
#[derive(Clone, Debug, Serialize)]
pub struct NameRow {
    /// From 1; the fields are `name-N`, `domain-N`, `pick-N`.
    pub n: i64,
    /// What was found out: `Ok` when free; errors stand at the field.
    pub answer: Option<(Tone, Msg)>,
    /// Free names on the same domain, then the same name on other domains: addresses.
    pub variants: Vec<String>,
    pub other_domains: Vec<String>,
    /// A name near one that breaks a rule.
    pub suggestion: Option<String>,
}
impl NameRow {
    /// A row that was not asked about.
    pub fn unasked(n: i64) -> Self {
        Self { n, answer: None, variants: vec![], other_domains: vec![], suggestion: None }
    }
}

/// Step 1: a name and a domain for each mailbox.
#[derive(Clone, Debug, Serialize)]
pub struct Names {
    pub rows: Vec<NameRow>,
    pub domains: Vec<String>,
    pub form: Form,
    pub side: Side,
}
impl Page for Names {
    const TEMPLATE: &'static str = "pages/wizard/names.html";
    fn samples() -> Vec<Self> {
        let domains = vec!["pec.example.it".to_owned(), "studi.pec.example.it".into(), "imprese.pec.example.it".into()];
        let empty = Names {
            rows: vec![NameRow::unasked(1)],
            domains: domains.clone(),
            form: Form::new(),
            side: Side::sample(),
        };
        let free = Msg::new("name-free").arg("address", "contratti.bianchi@pec.example.it");
        let taken = Msg::problem("name-taken").arg("row", 2).arg("address", "marco.rossi@pec.example.it");
        let refused = Names {
            rows: vec![
                NameRow { answer: Some((Tone::Ok, free)), ..NameRow::unasked(1) },
                NameRow {
                    variants: ["m.rossi", "rossi.marco", "marco_rossi"].map(|n| format!("{n}@pec.example.it")).into(),
                    other_domains: vec!["marco.rossi@studi.pec.example.it".into()],
                    ..NameRow::unasked(2)
                },
                NameRow { suggestion: Some("nicolo.rossi".into()), ..NameRow::unasked(3) },
            ],
            domains,
            form: Form::new()
                .with("name-1", "contratti.bianchi")
                .with("name-2", "marco.rossi")
                .with("name-3", "nicolò rossi")
                .with_error("name-2", taken)
                .with_error("name-3", Msg::problem("mailbox-name-characters")),
            side: Side::sample(),
        };
        let many = Names { rows: (1..=99).map(NameRow::unasked).collect(), ..empty.clone() };
        vec![empty, refused, many]
    }
    fn form(&self) -> Option<&Form> {
        Some(&self.form)
    }
}

/// One row of the first step by itself: the answer to «is it free?».
#[derive(Clone, Debug, Serialize)]
pub struct NameCheck {
    pub row: NameRow,
    pub domains: Vec<String>,
    pub form: Form,
}
impl Fragment for NameCheck {
    const TEMPLATE: &'static str = "fragments/name_check.html";
}

/// A profile that can be chosen.
#[derive(Clone, Debug, Serialize)]
pub struct ProfileChoice {
    pub id: String,
    pub name: String,
    pub tax_key: String,
}

/// A mailbox of the second step.
#[derive(Clone, Debug, Serialize)]
pub struct HolderRow {
    /// From 1; the fields are `holder-N` (`account`, `profile`, `new`), `profile-N`, `email-N`.
    pub n: i64,
    pub address: String,
}

/// Step 2: who holds each mailbox, and where the link for its password goes.
#[derive(Clone, Debug, Serialize)]
pub struct Holders {
    pub rows: Vec<HolderRow>,
    pub account_name: String,
    pub profiles: Vec<ProfileChoice>,
    pub form: Form,
    pub side: Side,
}
impl Page for Holders {
    const TEMPLATE: &'static str = "pages/wizard/holders.html";
    fn samples() -> Vec<Self> {
        let rows = ["contratti.bianchi@pec.example.it", "marco.rossi@studi.pec.example.it"];
        let rows: Vec<HolderRow> = rows.iter().zip(1..).map(|(a, n)| HolderRow { n, address: (*a).into() }).collect();
        let profile = |n: i64, name: &str, key: &str| ProfileChoice {
            id: format!("hld_{n}"),
            name: name.into(),
            tax_key: key.into(),
        };
        let first = Holders {
            rows: rows[..1].to_vec(),
            account_name: "Giulia Bianchi".into(),
            profiles: vec![],
            form: Form::new().with("holder-1", "account").with("email-1", "giulia.bianchi@example.com"),
            side: Side::sample(),
        };
        let wrong = Holders {
            rows,
            profiles: vec![
                profile(1, "Marco Rossi", "RSSMRC80A01H501U"),
                profile(2, "Officine Rossi S.r.l.", "01573850516"),
            ],
            form: Form::new()
                .with("holder-1", "profile")
                .with("profile-1", "hld_2")
                .with("email-2", "marco@")
                .with_error("holder-2", Msg::problem("holder-missing").arg("row", 2))
                .with_error("email-2", Msg::problem("email-domain")),
            ..first.clone()
        };
        vec![first, wrong]
    }
    fn form(&self) -> Option<&Form> {
        Some(&self.form)
    }
}

/// A mailbox of the order form.
#[derive(Clone, Debug, Serialize)]
pub struct ReviewRow {
    pub n: i64,
    pub address: String,
    pub holder: String,
    pub email: String,
}

/// A length of the paid period.
#[derive(Clone, Debug, Serialize)]
pub struct YearChoice {
    pub years: i64,
    pub end: Date,
    pub net: Money,
    pub gross: Money,
}

/// Who is invoiced, in the words of the page.
#[derive(Clone, Debug, Serialize)]
pub struct Billing {
    pub name: String,
    pub fiscal_code: Option<String>,
    pub vat_number: Option<String>,
    pub address: String,
    pub recipient_code: Option<String>,
    pub pec: Option<String>,
    pub email: String,
}
impl Billing {
    pub(crate) fn sample() -> Self {
        Self {
            name: "Giulia Bianchi".into(),
            fiscal_code: Some("BNCGLI85M41H501T".into()),
            vat_number: None,
            address: "Via dei Coronari 18, 00186 Roma (RM)".into(),
            recipient_code: None,
            pec: None,
            email: "giulia.bianchi@example.com".into(),
        }
    }
}

/// Step 3: everything on one page, then the button that binds.
#[derive(Clone, Debug, Serialize)]
pub struct Review {
    pub plan: String,
    pub rows: Vec<ReviewRow>,
    pub billing: Billing,
    pub years: Vec<YearChoice>,
    /// The chosen number of years.
    pub chosen: i64,
    pub methods: Vec<String>,
    pub bill: Bill,
    /// Since when the price is valid.
    pub price_since: Date,
    /// Version of the cart, sent back with the form.
    pub version: i64,
    /// Last day for paying, if the order is placed today.
    pub pay_by: Date,
    /// Fields `years`, `method`, `conditions`, `unfair_terms`.
    pub form: Form,
}
impl Page for Review {
    const TEMPLATE: &'static str = "pages/wizard/review.html";
    fn samples() -> Vec<Self> {
        let row = |n, address: &str, holder: &str| ReviewRow {
            n,
            address: address.into(),
            holder: holder.into(),
            email: "giulia.bianchi@example.com".into(),
        };
        let usual = Review {
            plan: "Standard".into(),
            rows: vec![
                row(1, "contratti.bianchi@pec.example.it", "Giulia Bianchi"),
                row(2, "marco.rossi@studi.pec.example.it", "Marco Rossi"),
            ],
            billing: Billing::sample(),
            years: (1..=5)
                .map(|y| YearChoice {
                    years: y,
                    end: Date::from_days(20_727 + 365 * y as i32),
                    net: Money::cents(1980 * y),
                    gross: Money::cents(2416 * y),
                })
                .collect(),
            chosen: 1,
            methods: vec!["card".into(), "paypal".into(), "bank_transfer".into()],
            bill: sample_bill(),
            price_since: Date::from_days(20_332),
            version: 4,
            pay_by: Date::from_days(20_757),
            form: Form::new().with("years", "1").with("method", "card"),
        };
        let company = Billing {
            name: "Officine Rossi S.r.l.".into(),
            vat_number: Some("01573850516".into()),
            recipient_code: Some("ABC1234".into()),
            ..Billing::sample()
        };
        let wrong = Review {
            billing: company,
            form: usual
                .form
                .clone()
                .with_problem(
                    Msg::problem("price-changed").arg("shown", Money::cents(2416)).arg("now", Money::cents(2660)),
                )
                .with_error("conditions", Msg::problem("conditions-not-accepted"))
                .with_error("unfair_terms", Msg::problem("unfair-terms-not-accepted")),
            ..usual.clone()
        };
        vec![usual, wrong]
    }
    fn form(&self) -> Option<&Form> {
        Some(&self.form)
    }
}

/// Credit of earlier payments, as far as an order needs it.
#[derive(Clone, Debug, Serialize)]
pub struct UsableCredit {
    /// All that the customer has.
    pub held: Money,
    /// What would be used.
    pub used: Money,
    /// It pays the whole order.
    pub whole: bool,
    /// The last day of what is lost first.
    pub until: Date,
}
impl UsableCredit {
    fn sample(held: i64, due: i64) -> Self {
        let used = held.min(due);
        Self { held: Money::cents(held), used: Money::cents(used), whole: used == due, until: Date::from_days(20_890) }
    }
}

/// Step 4: pay the order that has just been placed, or was left unpaid.
#[derive(Clone, Debug, Serialize)]
pub struct Payment {
    /// Identifier of the order.
    pub order: String,
    pub number: String,
    /// `purchase`, `renewal`, `topup`.
    pub kind: String,
    /// Code of the order's state, as in `order_state`.
    pub state: String,
    /// What is still to be paid.
    pub due: Money,
    /// What has come of it.
    pub received: Option<Money>,
    /// Where a bank transfer goes, where they are taken.
    pub transfer: Option<Transfer>,
    /// The last day for it, when only immediate methods are in time.
    pub immediate_until: Option<Date>,
    pub pay_by: Date,
    pub method: String,
    /// PayPal is offered beside the card.
    pub paypal: bool,
    /// Credit of earlier payments that can be used for it.
    pub credit: Option<UsableCredit>,
    pub addresses: Vec<String>,
    /// Of an order that brings no new mailboxes.
    pub served: Served,
    /// A payment is under way whose outcome is not known: no second one is offered.
    pub waiting: bool,
    /// Why the last try failed: one of [`Payment::FAILURES`].
    pub failed: Option<String>,
    pub form: Form,
}
impl Payment {
    /// The failures for which there are words; the first one is for all others.
    pub const FAILURES: [&'static str; 13] = [
        "other",
        "authentication_failed",
        "authentication_required",
        "card_declined",
        "closed_unpaid",
        "expired_card",
        "fraud_suspected",
        "incorrect_details",
        "insufficient_funds",
        "limit_exceeded",
        "lost_or_stolen",
        "method_unusable",
        "try_again_later",
    ];
    /// The code of a failed attempt as one of those.
    pub fn failure(code: &str) -> &'static str {
        Self::FAILURES.into_iter().find(|known| *known == code).unwrap_or(Self::FAILURES[0])
    }
}
impl Page for Payment {
    const TEMPLATE: &'static str = "pages/wizard/payment.html";
    fn samples() -> Vec<Self> {
        let due = Payment {
            order: "ord_0198".into(),
            number: "2026-004318".into(),
            kind: "purchase".into(),
            state: "ATTESA_PAGAMENTO".into(),
            due: Money::cents(2416),
            received: None,
            transfer: Some(Transfer::sample()),
            immediate_until: None,
            pay_by: Date::from_days(20_757),
            method: "card".into(),
            paypal: false,
            credit: None,
            addresses: vec!["contratti.bianchi@pec.example.it".into(), "marco.rossi@studi.pec.example.it".into()],
            served: Served::default(),
            waiting: false,
            failed: None,
            form: Form::new(),
        };
        let renewal = |state: &str| Payment {
            kind: "renewal".into(),
            state: state.into(),
            addresses: vec![],
            served: Served::sample(4975),
            ..due.clone()
        };
        let failed = |code: &&str| Payment { failed: Some((*code).into()), ..due.clone() };
        let mut samples: Vec<_> = Payment::FAILURES.iter().map(failed).collect();
        samples.extend([
            Payment { waiting: true, ..due.clone() },
            Payment { transfer: None, ..due.clone() },
            Payment { method: "bank_transfer".into(), ..due.clone() },
            Payment {
                method: "bank_transfer".into(),
                transfer: None,
                immediate_until: Some(due.pay_by),
                paypal: true,
                ..due.clone()
            },
            Payment { paypal: true, ..due.clone() },
            Payment { paypal: true, method: "paypal".into(), ..due.clone() },
            Payment { credit: Some(UsableCredit::sample(5000, 2416)), ..due.clone() },
            Payment { credit: Some(UsableCredit::sample(1000, 2416)), paypal: true, ..due.clone() },
            Payment {
                method: "bank_transfer".into(),
                due: Money::cents(416),
                received: Some(Money::cents(2000)),
                ..due.clone()
            },
            Payment { state: "IN_ATTIVAZIONE".into(), ..due.clone() },
            Payment { state: "ATTIVAZIONE_KO".into(), ..due.clone() },
            Payment { state: "EVASO".into(), ..due.clone() },
            Payment { state: "ANNULLATO".into(), ..due.clone() },
        ]);
        samples.extend(["PAGATO", "EVASO", "ANNULLATO", "ATTESA_PAGAMENTO"].map(renewal));
        samples.push(due);
        samples
    }
    fn form(&self) -> Option<&Form> {
        Some(&self.form)
    }
}
