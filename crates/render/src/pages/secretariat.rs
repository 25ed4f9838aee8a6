//! The desk of a body's secretariat, inside the account of the body: agreements, members' mailboxes, files of members.

use domain::{
    money::Money,
    time::{Date, Timestamp},
};
use serde::Serialize;

use super::{Bill, BillLine, Pager, customer::Chip};
use crate::{Form, Msg, Page};

crate::register!(page: [Agreements, Members, Member, Upload, Refused, Preview, Progress, Renewals]);

/// An agreement of the body.
#[derive(Clone, Debug, Serialize)]
pub struct AgreementLine {
    pub code: String,
    pub body: String,
    pub domain: String,
    pub from: Date,
    pub until: Option<Date>,
    /// New mailboxes can be given today.
    pub open: bool,
    /// Mailboxes are renewed.
    pub renews: bool,
    pub by_body: bool,
    pub years: i64,
    pub quota: Option<i64>,
}
impl AgreementLine {
    fn sample() -> Self {
        Self {
            code: "ORDGEO".into(),
            body: "Ordine dei Geometri di Esempio".into(),
            domain: "pec.ordine.example.it".into(),
            from: Date::from_days(16_801),
            until: None,
            open: true,
            renews: true,
            by_body: true,
            years: 1,
            quota: Some(5_000),
        }
    }
    fn closed() -> Self {
        Self {
            code: "ORDGEO-2019".into(),
            until: Some(Date::from_days(20_800)),
            open: false,
            by_body: false,
            years: 3,
            quota: None,
            ..Self::sample()
        }
    }
}

/// The same with its mailboxes, on pages that tell how many there are.
#[derive(Clone, Debug, Serialize)]
pub struct CountedAgreement {
    #[serde(flatten)]
    pub line: AgreementLine,
    pub mailboxes: i64,
    /// Of these, those that end within 90 days or have ended.
    pub ending: i64,
}
impl CountedAgreement {
    fn sample() -> Self {
        Self { line: AgreementLine::sample(), mailboxes: 4_812, ending: 137 }
    }
    fn closed() -> Self {
        Self { line: AgreementLine::closed(), mailboxes: 1, ending: 0 }
    }
}

/// `/account/agreements`.
#[derive(Clone, Debug, Serialize)]
pub struct Agreements {
    pub rows: Vec<CountedAgreement>,
}
impl Page for Agreements {
    const TEMPLATE: &'static str = "pages/secretariat/agreements.html";
    const HERE: &'static str = "agreements";
    fn samples() -> Vec<Self> {
        vec![Self { rows: vec![CountedAgreement::sample(), CountedAgreement::closed()] }]
    }
}

/// A member's mailbox.
#[derive(Clone, Debug, Serialize)]
pub struct MemberLine {
    pub id: String,
    pub address: String,
    pub holder: String,
    pub tax_key: String,
    pub plan: String,
    /// Code of the state, as in `mailbox_state`.
    pub state: String,
    pub start: Date,
    pub end: Date,
    pub days_left: i64,
    pub years: i64,
    pub by_body: bool,
    /// Its holder gave notice for the end of the period.
    pub noticed: bool,
}
impl MemberLine {
    fn sample(n: i64, address: &str, state: &str, days_left: i64) -> Self {
        Self {
            id: format!("mbx_{n}"),
            address: address.into(),
            holder: "Maria Antonietta Quattrocchi Della Rovere".into(),
            tax_key: "RSSNNA90E47Z110T".into(),
            plan: "Standard".into(),
            state: state.into(),
            start: Date::from_days(20_727),
            end: Date::from_days(21_092),
            days_left,
            years: 1,
            by_body: n % 2 == 1,
            noticed: n == 2,
        }
    }
    fn samples() -> Vec<Self> {
        vec![
            Self::sample(1, "a.quattrocchi@pec.ordine.example.it", "ATTIVA", 300),
            Self::sample(2, "mario.rossi@pec.ordine.example.it", "IN_SCADENZA", 12),
            Self::sample(3, "giovanna.dellarovere.studio.associato@pec.ordine.example.it", "SCADUTA", -3),
            Self::sample(4, "z.nuovo@pec.ordine.example.it", "IN_ATTIVAZIONE", 365),
        ]
    }
}

/// `/account/agreements/{code}`: the members' mailboxes.
#[derive(Clone, Debug, Serialize)]
pub struct Members {
    pub agreement: CountedAgreement,
    pub rows: Vec<MemberLine>,
    /// `q`, `state`, `plan`, `renewal`, `ending`.
    pub form: Form,
    /// Code and name.
    pub plans: Vec<(String, String)>,
    pub chips: Vec<Chip>,
    pub pager: Pager,
    /// The list as CSV.
    pub export: String,
    /// Is there any mailbox at all?
    pub any: bool,
}
impl Page for Members {
    const TEMPLATE: &'static str = "pages/secretariat/members.html";
    const HERE: &'static str = "agreements";
    fn samples() -> Vec<Self> {
        let full = Self {
            agreement: CountedAgreement::sample(),
            rows: MemberLine::samples(),
            form: Form::new(),
            plans: vec![("standard".into(), "Standard".into()), ("pro".into(), "Pro".into())],
            chips: vec![],
            pager: Pager { rows: 4, newer: None, older: Some("?after=x".into()) },
            export: "/account/agreements/ORDGEO/members.csv".into(),
            any: true,
        };
        let filtered = Self {
            agreement: CountedAgreement::closed(),
            rows: vec![],
            form: Form::new().with("q", "rossi").with("state", "expired"),
            chips: vec![Chip {
                words: Msg::new("mailboxes-chip-search").arg("text", "rossi"),
                without: "?state=expired".into(),
            }],
            pager: Pager::default(),
            ..full.clone()
        };
        let empty = Self { rows: vec![], any: false, pager: Pager::default(), ..full.clone() };
        vec![full, filtered, empty]
    }
}

/// `/account/agreements/{code}/members/{id}`: one of them, and who renews it.
#[derive(Clone, Debug, Serialize)]
pub struct Member {
    pub agreement: AgreementLine,
    pub line: MemberLine,
    /// Field `renewal`.
    pub form: Form,
}
impl Page for Member {
    const TEMPLATE: &'static str = "pages/secretariat/member.html";
    const HERE: &'static str = "agreements";
    fn samples() -> Vec<Self> {
        let page = |n: usize, form: Form| {
            let line = MemberLine::samples().swap_remove(n);
            Self { agreement: AgreementLine::sample(), form, line }
        };
        let wrong = Form::new().with_error("renewal", Msg::problem("renewal-kind"));
        vec![
            page(1, Form::new().with("renewal", "by_holder")),
            page(2, Form::new().with("renewal", "by_body")),
            page(0, wrong),
        ]
    }
    fn form(&self) -> Option<&Form> {
        Some(&self.form)
    }
}

/// A file that was uploaded before.
#[derive(Clone, Debug, Serialize)]
pub struct UploadLine {
    pub id: String,
    /// `refused`, `checked`, `running`, `done`, `dropped`.
    pub state: String,
    pub at: Timestamp,
    pub members: i64,
    pub made: i64,
    pub failed: i64,
}

/// `/account/agreements/{code}/import`: a file of members.
#[derive(Clone, Debug, Serialize)]
pub struct Upload {
    pub agreement: AgreementLine,
    pub columns: Vec<String>,
    pub plans: Vec<String>,
    pub max_rows: i64,
    pub max_mib: i64,
    pub before: Vec<UploadLine>,
    /// Field `file`.
    pub form: Form,
}
impl Page for Upload {
    const TEMPLATE: &'static str = "pages/secretariat/upload.html";
    const HERE: &'static str = "agreements";
    fn samples() -> Vec<Self> {
        let line = |n: i64, state: &str, made, failed| UploadLine {
            id: format!("imp_{n}"),
            state: state.into(),
            at: Timestamp::from_micros(1_790_000_000_000_000 - n * 86_400_000_000),
            members: 5_000,
            made,
            failed,
        };
        let empty = Self {
            agreement: AgreementLine::sample(),
            columns: ["nome", "codice_fiscale", "nome_titolare", "cognome_titolare", "email"].map(String::from).into(),
            plans: vec!["Standard".into(), "Pro".into()],
            max_rows: 10_000,
            max_mib: 4,
            before: vec![],
            form: Form::new(),
        };
        let before = vec![
            line(1, "running", 1_240, 0),
            line(2, "checked", 0, 0),
            line(3, "refused", 0, 12),
            line(4, "done", 4_999, 1),
            line(5, "dropped", 0, 0),
        ];
        let wrong = Form::new().with_error("file", Msg::problem("import-column-missing").arg("column", "email"));
        let closed = Self { agreement: AgreementLine::closed(), ..empty.clone() };
        vec![empty.clone(), Self { before, form: wrong, ..empty }, closed]
    }
    fn form(&self) -> Option<&Form> {
        Some(&self.form)
    }
}

/// A cell that is wrong.
#[derive(Clone, Debug, Serialize)]
pub struct MemberFault {
    pub line: i64,
    /// Empty where the line as a whole could not be made.
    pub column: String,
    pub value: String,
    pub words: Msg,
}
impl MemberFault {
    fn samples() -> Vec<Self> {
        let fault =
            |line, column: &str, value: &str, words| Self { line, column: column.into(), value: value.into(), words };
        vec![
            fault(2, "codice_fiscale", "RSSMRA80A01H501X", Msg::problem("fiscal-code-control")),
            fault(17, "nome", "mario.rossi", Msg::problem("import-name-repeated").arg("line", 2)),
            fault(4_021, "email", "", Msg::problem("missing-email")),
        ]
    }
}

/// A file in which something is wrong: nothing was made.
#[derive(Clone, Debug, Serialize)]
pub struct Refused {
    pub agreement: AgreementLine,
    pub id: String,
    pub members: i64,
    /// Lines that are wrong.
    pub wrong: i64,
    pub windows: bool,
    pub faults: Vec<MemberFault>,
    /// Address of the next ones.
    pub more: Option<String>,
}
impl Page for Refused {
    const TEMPLATE: &'static str = "pages/secretariat/refused.html";
    const HERE: &'static str = "agreements";
    fn samples() -> Vec<Self> {
        vec![Self {
            agreement: AgreementLine::sample(),
            id: "imp_1".into(),
            members: 5_000,
            wrong: 3,
            windows: true,
            faults: MemberFault::samples(),
            more: Some("?after=4021".into()),
        }]
    }
}

/// A line of a file that would be made.
#[derive(Clone, Debug, Serialize)]
pub struct PreviewLine {
    pub line: i64,
    pub address: String,
    pub holder: String,
    pub plan: String,
}

/// A file that is right: what would be made of it.
#[derive(Clone, Debug, Serialize)]
pub struct Preview {
    pub agreement: CountedAgreement,
    pub id: String,
    pub members: i64,
    pub windows: bool,
    /// Name of the plan and how many.
    pub plans: Vec<(String, i64)>,
    /// Last day of the paid period of a mailbox that is made today.
    pub end: Date,
    pub first: Vec<PreviewLine>,
    pub form: Form,
}
impl Page for Preview {
    const TEMPLATE: &'static str = "pages/secretariat/preview.html";
    const HERE: &'static str = "agreements";
    fn samples() -> Vec<Self> {
        let line = |line, address: &str, holder: &str| PreviewLine {
            line,
            address: address.into(),
            holder: holder.into(),
            plan: "Standard".into(),
        };
        let full = Self {
            agreement: CountedAgreement::sample(),
            id: "imp_1".into(),
            members: 188,
            windows: true,
            plans: vec![("Standard".into(), 180), ("Pro".into(), 8)],
            end: Date::from_days(21_092),
            first: vec![
                line(2, "anna.rossi@pec.ordine.example.it", "Anna Rossi"),
                line(3, "giovanna.dellarovere.studio.associato@pec.ordine.example.it", "Giovanna Della Rovere"),
            ],
            form: Form::new(),
        };
        let one = Self {
            agreement: CountedAgreement {
                line: AgreementLine { quota: None, ..AgreementLine::sample() },
                ..CountedAgreement::sample()
            },
            members: 1,
            windows: false,
            plans: vec![("Standard".into(), 1)],
            form: Form::new().with_problem(Msg::problem("members-old")),
            ..full.clone()
        };
        vec![full, one]
    }
    fn form(&self) -> Option<&Form> {
        Some(&self.form)
    }
}

/// A file that is worked off, or was.
#[derive(Clone, Debug, Serialize)]
pub struct Progress {
    pub agreement: AgreementLine,
    pub id: String,
    /// `running`, `done`, `dropped`.
    pub state: String,
    pub members: i64,
    pub made: i64,
    pub failed: i64,
    pub percent: i64,
    pub faults: Vec<MemberFault>,
    /// Address of the next ones.
    pub more: Option<String>,
}
impl Page for Progress {
    const TEMPLATE: &'static str = "pages/secretariat/progress.html";
    const HERE: &'static str = "agreements";
    fn samples() -> Vec<Self> {
        let page = |state: &str, made: i64, failed, faults| Self {
            agreement: AgreementLine::sample(),
            id: "imp_1".into(),
            state: state.into(),
            members: 5_000,
            made,
            failed,
            percent: made / 50,
            faults,
            more: None,
        };
        let lost = MemberFault {
            line: 17,
            column: String::new(),
            value: String::new(),
            words: Msg::problem("agreement-closed"),
        };
        vec![
            page("running", 1_240, 0, vec![]),
            page("done", 5_000, 0, vec![]),
            page("done", 4_999, 1, vec![lost]),
            page("dropped", 0, 0, vec![]),
        ]
    }
}

/// `/account/agreements/{code}/renew`: what the body would pay now.
#[derive(Clone, Debug, Serialize)]
pub struct Renewals {
    pub agreement: AgreementLine,
    /// Days, or `all`.
    pub within: String,
    pub count: i64,
    pub years: i64,
    /// Mailboxes that end by then and are not renewed.
    pub left_out: i64,
    pub bill: Option<Bill>,
    /// The sum in cents, sent back with the confirmation.
    pub shown: i64,
    pub methods: Vec<String>,
    /// The last day for it, when only immediate methods are in time.
    pub immediate_until: Option<Date>,
    pub first: Vec<MemberLine>,
    /// Field `method`.
    pub form: Form,
}
impl Page for Renewals {
    const TEMPLATE: &'static str = "pages/secretariat/renewals.html";
    const HERE: &'static str = "agreements";
    fn samples() -> Vec<Self> {
        let line = |plan: &str, count: i64, unit: i64| BillLine {
            label: Msg::new("bill-mailboxes").arg("plan", plan).arg("count", count),
            detail: Some(
                Msg::new("bill-product").arg("quantity", count).arg("years", 1).arg("unit", Money::cents(unit)),
            ),
            amount: Money::cents(unit * count),
        };
        let bill = Bill {
            lines: vec![line("Standard", 137, 500), line("Pro", 1, 1500)],
            net: Money::cents(70_000),
            vat_rate_bp: 2200,
            vat_exact: None,
            vat: Money::cents(15_400),
            gross: Money::cents(85_400),
        };
        let full = Self {
            agreement: AgreementLine::sample(),
            within: "90".into(),
            count: 138,
            years: 1,
            left_out: 3,
            bill: Some(bill),
            shown: 85_400,
            methods: ["card", "bank_transfer"].map(String::from).into(),
            immediate_until: None,
            first: MemberLine::samples().into_iter().take(3).collect(),
            form: Form::new(),
        };
        let changed = Form::new().with_problem(Msg::problem("renewals-changed"));
        let none =
            Self { count: 0, left_out: 0, bill: None, shown: 0, first: vec![], within: "all".into(), ..full.clone() };
        vec![full.clone(), Self { form: changed, left_out: 0, ..full }, none]
    }
    fn form(&self) -> Option<&Form> {
        Some(&self.form)
    }
}
