//! The nightly run in the back office: how far it is, what came of it, what one would do.

use domain::{
    money::Money,
    time::{Date, Timestamp},
};
use serde::Serialize;

use super::{Further, Pager, customer::Chip};
use crate::{Form, Msg, Page};

crate::register!(page: [OfficeNight, OfficeDryRun, OfficeParked, OfficeLooks]);

/// A step of a night.
#[derive(Clone, Debug, Serialize)]
pub struct NightStep {
    /// Its word, `night-step-…`.
    pub step: String,
    /// `waiting`, `running` or `done`.
    pub state: String,
    pub due: Option<i64>,
    pub seen: i64,
    pub per_second: Option<i64>,
    /// Minutes that the rest takes, begun ones counted.
    pub left_minutes: Option<i64>,
    /// Words `night-outcome-…` with how many.
    pub outcomes: Vec<(String, i64)>,
}
/// A night in the list.
#[derive(Clone, Debug, Serialize)]
pub struct NightLine {
    pub day: Date,
    pub path: String,
    /// `running`, `paused`, `done` or `superseded`.
    pub state: String,
    pub begun_at: Timestamp,
    pub ended_at: Option<Timestamp>,
}

/// `/office/night` and `/office/night/{day}`.
#[derive(Clone, Debug, Serialize)]
pub struct OfficeNight {
    /// The night that is shown; none before the first.
    pub night: Option<NightLine>,
    pub steps: Vec<NightStep>,
    pub earlier: Vec<NightLine>,
    /// Where the earlier ones go on.
    pub further: Further,
    pub may_run: bool,
    pub dry_run: String,
    /// Whether something waits for an operator.
    pub parked: bool,
}
impl Page for OfficeNight {
    const TEMPLATE: &'static str = "pages/office/night.html";
    const HERE: &'static str = "night";
    fn samples() -> Vec<Self> {
        let at = Timestamp::from_micros(1_790_000_000_000_000);
        let line = |n: i32, state: &str| NightLine {
            day: at.date().plus_days(-n),
            path: format!("/office/night/{}", at.date().plus_days(-n).iso()),
            state: state.into(),
            begun_at: at.plus_days(i64::from(-n)),
            ended_at: (state == "done").then(|| at.plus_days(i64::from(-n)).plus_minutes(4)),
        };
        let step = |name: &str, state: &str, due, seen, outcomes: &[(&str, i64)]| NightStep {
            step: name.into(),
            state: state.into(),
            due,
            seen,
            per_second: (seen > 0).then_some(28_400),
            left_minutes: (state == "running").then_some(2),
            outcomes: outcomes.iter().map(|(word, n)| ((*word).to_owned(), *n)).collect(),
        };
        let page = |state: &str, may_run| Self {
            night: Some(line(0, state)),
            steps: vec![
                step("expire", "done", Some(12_408), 12_408, &[("expired", 12_408)]),
                step(
                    "remove",
                    if state == "done" { "done" } else { "running" },
                    Some(4_000),
                    1_200,
                    &[("cancelled", 1_200)],
                ),
                step("renew", "done", Some(9_122), 9_122, &[("renewed", 9_000), ("short", 122)]),
                step("later", "waiting", None, 0, &[("unknown-word", 3)]),
            ],
            earlier: vec![line(1, "done"), line(2, "superseded")],
            further: Further {
                start: None,
                more: (state == "done").then(|| "/office/night?earlier=2026-08-22#earlier-title".into()),
            },
            may_run,
            dry_run: "/office/night/dry-run".into(),
            parked: state == "paused",
        };
        let none = Self { night: None, steps: vec![], earlier: vec![], ..page("done", true) };
        vec![none, page("running", true), page("paused", true), page("done", false)]
    }
}

/// A service that a dry run names.
#[derive(Clone, Debug, Serialize)]
pub struct DryRunLine {
    pub step: String,
    pub name: String,
    pub day: Date,
    pub outcome: String,
    pub amount: Option<Money>,
}
/// How many services come to an outcome, and what they are charged.
#[derive(Clone, Debug, Serialize)]
pub struct DryRunTotal {
    pub step: String,
    pub outcome: String,
    pub count: i64,
    pub sum: Option<Money>,
}

/// `/office/night/dry-run`.
#[derive(Clone, Debug, Serialize)]
pub struct OfficeDryRun {
    pub day: Date,
    pub totals: Vec<DryRunTotal>,
    /// The first of them.
    pub lines: Vec<DryRunLine>,
    /// There are more than are shown.
    pub more: bool,
}
impl Page for OfficeDryRun {
    const TEMPLATE: &'static str = "pages/office/night_dry_run.html";
    const HERE: &'static str = "night";
    fn samples() -> Vec<Self> {
        let day = Timestamp::from_micros(1_790_000_000_000_000).date();
        let line = |name: &str, amount| DryRunLine {
            step: "expire".into(),
            name: name.into(),
            day: day.plus_days(-1),
            outcome: "expired".into(),
            amount,
        };
        let total = |step: &str, outcome: &str, sum| DryRunTotal {
            step: step.into(),
            outcome: outcome.into(),
            count: 12_408,
            sum,
        };
        let full = Self {
            day,
            totals: vec![total("expire", "expired", None), total("remove", "cancelled", Some(Money::cents(241_600)))],
            lines: vec![
                line("studio.bianchi@pec.example.it", None),
                line("uncommonly.long.address.of.a.mailbox@pec.example.it", Some(Money::cents(604))),
            ],
            more: true,
        };
        vec![Self { totals: vec![], lines: vec![], more: false, ..full.clone() }, full]
    }
}

/// Something that no night bills before an operator has looked at it.
#[derive(Clone, Debug, Serialize)]
pub struct ParkedLine {
    pub service: String,
    /// First day of the period that is owed, as its address has it.
    pub period: String,
    /// `mailbox` or `addon`.
    pub kind: String,
    pub address: String,
    pub holder: String,
    pub due: Date,
    /// Its word, `parked-…`.
    pub reason: String,
    /// The night that stopped it.
    pub since: Option<Date>,
}

/// `/office/night/parked`.
#[derive(Clone, Debug, Serialize)]
pub struct OfficeParked {
    pub rows: Vec<ParkedLine>,
    /// Address of the next page.
    pub next: Option<String>,
    pub may_run: bool,
}
impl Page for OfficeParked {
    const TEMPLATE: &'static str = "pages/office/night_parked.html";
    const HERE: &'static str = "night";
    fn samples() -> Vec<Self> {
        let day = Timestamp::from_micros(1_790_000_000_000_000).date();
        let line = |kind: &str, reason: &str, since| ParkedLine {
            service: "0199a0b0-0000-7000-8000-000000000001".into(),
            period: day.iso(),
            kind: kind.into(),
            address: "un.nome.piuttosto.lungo@studi.pec.example.it".into(),
            holder: "Giulia Bianchi".into(),
            due: day,
            reason: reason.into(),
            since,
        };
        let rows = vec![
            line("mailbox", "no-price", Some(day)),
            line("mailbox", "term-disagrees", Some(day)),
            line("addon", "service-missing", None),
            line("addon", "service-ended", Some(day)),
            line("mailbox", "other", Some(day)),
        ];
        let next = Some("/office/night/parked?after=2026-09-21.0199a0b0-0000-7000-8000-000000000001".to_owned());
        vec![
            Self { rows: rows.clone(), next, may_run: true },
            Self { rows, next: None, may_run: false },
            Self { rows: Vec::new(), next: None, may_run: true },
        ]
    }
}

/// What came of an obligation that a night looked at.
#[derive(Clone, Debug, Serialize)]
pub struct LookLine {
    /// Its word, `look-…`.
    pub outcome: String,
    pub address: String,
    /// The mailboxes of that address in the search.
    pub found: String,
    /// Name of the add-on; the mailbox itself without one.
    pub addon: Option<String>,
    pub holder: String,
    /// First day of the period that is owed.
    pub period: Date,
    /// Its word, `look-reason-…` or `parked-…`, or what a gateway said.
    pub reason: Option<String>,
    /// When it is looked at again.
    pub next: Option<Date>,
    /// Identifier and number of the order that stands for it.
    pub order: Option<(String, String)>,
    pub amount: Option<Money>,
}

/// `/office/night/{day}/obligations`.
#[derive(Clone, Debug, Serialize)]
pub struct OfficeLooks {
    pub day: Date,
    /// Address of the night, and of this list.
    pub night: String,
    pub path: String,
    pub outcomes: Vec<String>,
    pub rows: Vec<LookLine>,
    pub chips: Vec<Chip>,
    /// Of a list; what is found by an address stands on one page.
    pub pager: Option<Pager>,
    /// More mailboxes begin with the typed text than so many, which were looked at.
    pub cut: Option<i64>,
    pub export: String,
    /// Fields `q`, `outcome`.
    pub form: Form,
}
impl Page for OfficeLooks {
    const TEMPLATE: &'static str = "pages/office/night_looks.html";
    const HERE: &'static str = "night";
    fn samples() -> Vec<Self> {
        let day = Timestamp::from_micros(1_790_000_000_000_000).date();
        let order = || Some(("ord_0198".to_owned(), "2026-004318".to_owned()));
        let line = |outcome: &str, reason: Option<&str>, next: Option<i32>, order: Option<(String, String)>| LookLine {
            outcome: outcome.into(),
            address: "un.nome.piuttosto.lungo@studi.pec.example.it".into(),
            found: "/office/search?kind=mailboxes&q=un.nome".into(),
            addon: (outcome == "short" || outcome == "lapsed").then(|| "Spazio extra inbox".into()),
            holder: "Giulia Bianchi".into(),
            period: day.plus_days(7),
            reason: reason.map(str::to_owned),
            next: next.map(|n| day.plus_days(n)),
            amount: order.is_some().then(|| Money::cents(1208)),
            order,
        };
        let rows = vec![
            line("failed", Some("card_declined"), Some(2), order()),
            line("failed", Some("no-method"), None, order()),
            line("short", None, Some(2), None),
            line("parked", Some("no-price"), None, None),
            line("waiting", None, Some(1), order()),
            line("charging", None, None, order()),
            line("not-renewed", None, Some(98), None),
            line("lapsed", Some("credit-short"), None, None),
            line("charged", None, None, order()),
            line("renewed", None, None, order()),
        ];
        let path = "/office/night/2026-09-21/obligations".to_owned();
        let all = Self {
            day,
            night: "/office/night/2026-09-21".into(),
            outcomes: rows.iter().skip(1).map(|r| r.outcome.clone()).collect(),
            chips: vec![],
            pager: Some(Pager {
                rows: rows.len() as i64,
                newer: None,
                older: Some(format!("{path}?after=8.0199a0b0-0000-7000-8000-000000000001.2026-09-28")),
            }),
            cut: None,
            export: format!("{path}.csv"),
            form: Form::new(),
            path: path.clone(),
            rows,
        };
        let chip = |words: Msg| Chip { words, without: path.clone() };
        let searched = Self {
            rows: vec![line("renewed", None, None, order())],
            chips: vec![chip(Msg::new("mailboxes-chip-search").arg("text", "un.nome")), chip(Msg::new("look-renewed"))],
            pager: None,
            cut: Some(50),
            form: Form::new().with("q", "un.nome").with("outcome", "renewed"),
            ..all.clone()
        };
        let nothing = Self { rows: vec![], cut: None, ..searched.clone() };
        let empty = Self { rows: vec![], pager: Some(Pager::default()), ..all.clone() };
        vec![all, searched, nothing, empty]
    }
}
