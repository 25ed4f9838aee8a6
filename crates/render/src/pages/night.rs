//! The nightly run in the back office: how far it is, what came of it, what one would do.

use domain::{
    money::Money,
    time::{Date, Timestamp},
};
use serde::Serialize;

use crate::Page;

crate::register!(page: [OfficeNight, OfficeDryRun, OfficeParked]);

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
                step("later", "waiting", None, 0, &[("unknown-word", 3)]),
            ],
            earlier: vec![line(1, "done"), line(2, "superseded")],
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
