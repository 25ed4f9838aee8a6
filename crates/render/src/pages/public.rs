//! The shop window, the legal texts, support, and plain messages (errors included).

use domain::{money::Money, time::Date};
use serde::Serialize;

use crate::{Form, Msg, Page, Tone};

crate::register!(page: [Shop, Legal, Accessibility, Support, Message]);

/// A plan on sale, as the comparison table heads it.
#[derive(Clone, Debug, Serialize)]
pub struct Plan {
    pub code: String,
    pub name: String,
    pub audience: Msg,
    /// Price of a year for one mailbox.
    pub net: Money,
    pub gross: Money,
}

/// One cell of the comparison: `yes` puts a check mark, `no` is quiet.
#[derive(Clone, Debug, Serialize)]
pub struct Cell {
    pub yes: bool,
    pub no: bool,
    pub words: Msg,
}
impl Cell {
    pub fn plain(words: Msg) -> Self {
        Self { yes: false, no: false, words }
    }
    pub fn yes(words: Msg) -> Self {
        Self { yes: true, no: false, words }
    }
    pub fn no() -> Self {
        Self { yes: false, no: true, words: Msg::new("shop-no") }
    }
}

/// One row of the comparison, with a cell per plan.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub label: Msg,
    pub cells: Vec<Cell>,
}

/// The answer to «is this name free?».
#[derive(Clone, Debug, Serialize)]
pub struct NameAnswer {
    pub address: String,
    /// `Ok` free, `Err` taken or not valid, `Info` when nobody could be asked.
    pub tone: Tone,
    pub words: Msg,
    /// Free names to take instead.
    pub others: Vec<String>,
}

/// The product page.
#[derive(Clone, Debug, Serialize)]
pub struct Shop {
    pub plans: Vec<Plan>,
    pub rows: Vec<Row>,
    /// Certified domains, the usual one first.
    pub domains: Vec<String>,
    /// Fields `name` and `domain` of the check, `plan` and `quantity` of the purchase.
    pub form: Form,
    pub answer: Option<NameAnswer>,
    /// What the chosen plan and quantity cost for one year.
    pub total: Total,
}

/// The sum above the button.
#[derive(Clone, Debug, Serialize)]
pub struct Total {
    pub plan: String,
    pub quantity: i64,
    pub net: Money,
    pub gross: Money,
}

impl Page for Shop {
    const TEMPLATE: &'static str = "pages/public/shop.html";
    const HERE: &'static str = "shop";
    fn samples() -> Vec<Self> {
        let plan = |code: &str, name: &str, net: i64, gross: i64| Plan {
            code: code.into(),
            name: name.into(),
            audience: Msg::new(format!("shop-audience-{code}")),
            net: Money::cents(net),
            gross: Money::cents(gross),
        };
        let size = |gb: i64| Msg::new("shop-gb").arg("gb", gb);
        let yes = || Cell::yes(Msg::new("shop-yes"));
        let row = |key: &str, cells: [Cell; 3]| Row { label: Msg::new(key), cells: cells.into() };
        let shop = Shop {
            plans: vec![
                plan("standard", "Standard", 990, 1208),
                plan("pro", "Pro", 2400, 2928),
                plan("premium", "Premium", 3900, 4758),
            ],
            rows: vec![
                row("shop-row-inbox", [1, 2, 2].map(|n| Cell::plain(size(n)))),
                row("shop-row-archive", [Cell::no(), Cell::yes(size(3)), Cell::yes(size(8))]),
                row(
                    "shop-row-extra",
                    [
                        Cell::plain(Msg::new("shop-extra-up-to").arg("gb", 2)),
                        Cell::plain(Msg::new("shop-extra-unlimited")),
                        Cell::plain(Msg::new("shop-extra-unlimited")),
                    ],
                ),
                row("shop-row-sms", [Cell::no(), yes(), yes()]),
                row("shop-row-shared", [Cell::no(), yes(), yes()]),
                row("shop-row-preservation", [0; 3].map(|_| Cell::yes(Msg::new("shop-included")))),
            ],
            domains: vec!["pec.example.it".into(), "studi.pec.example.it".into(), "imprese.pec.example.it".into()],
            form: Form::new().with("plan", "standard").with("quantity", "1"),
            answer: None,
            total: Total { plan: "Standard".into(), quantity: 1, net: Money::cents(990), gross: Money::cents(1208) },
        };
        let answer = |tone, key: &str, others: Vec<String>| {
            let address = "marco.rossi@pec.example.it";
            Some(NameAnswer { address: address.into(), tone, words: Msg::new(key).arg("address", address), others })
        };
        let checked = |answer| Shop {
            answer,
            form: shop.form.clone().with("name", "marco.rossi").with("domain", "pec.example.it"),
            ..shop.clone()
        };
        vec![
            checked(answer(Tone::Ok, "name-free", vec![])),
            checked(answer(Tone::Err, "name-taken", vec!["m.rossi@pec.example.it".into()])),
            checked(answer(Tone::Info, "name-unknown", vec![])),
            Shop {
                form: shop
                    .form
                    .clone()
                    .with("quantity", "0")
                    .with_error("quantity", Msg::problem("quantity-out-of-range")),
                ..shop.clone()
            },
            shop,
        ]
    }
    fn form(&self) -> Option<&Form> {
        Some(&self.form)
    }
}

/// A paragraph of a legal text: its title in bold letters, if it has one.
#[derive(Clone, Debug, Serialize)]
pub struct Paragraph {
    pub head: Option<String>,
    pub words: String,
}

/// A version of a text in the list of all.
#[derive(Clone, Debug, Serialize)]
pub struct TextVersion {
    pub version: String,
    /// `it`, `en`.
    pub locale: String,
    pub since: Date,
    pub href: String,
    /// Is it the one on this page?
    pub here: bool,
}

/// A text that people accept, word by word as its hash was taken.
#[derive(Clone, Debug, Serialize)]
pub struct Legal {
    pub title: String,
    /// Language of the text, which is that of the acceptance and not always that of the page.
    pub locale: String,
    pub paragraphs: Vec<Paragraph>,
    pub version: String,
    pub since: Date,
    pub in_force: bool,
    /// SHA-256 of the text, hexadecimal.
    pub sha256: String,
    /// The text alone, as the hash was taken of it.
    pub download: String,
    pub versions: Vec<TextVersion>,
}
impl Page for Legal {
    const TEMPLATE: &'static str = "pages/public/legal.html";
    fn samples() -> Vec<Self> {
        let version = |version: &str, locale: &str, here| TextVersion {
            version: version.into(),
            locale: locale.into(),
            since: Date::from_days(20_332),
            href: format!("/legal/terms/{version}/{locale}"),
            here,
        };
        let paragraph = |head: Option<&str>, words: &str| Paragraph { head: head.map(Into::into), words: words.into() };
        let now = Legal {
            title: "Condizioni generali di contratto".into(),
            locale: "it".into(),
            paragraphs: vec![
                paragraph(Some("1. Oggetto."), "Il gestore fornisce caselle di posta elettronica certificata."),
                paragraph(Some("2. Conclusione."), "Il contratto si conclude quando il cliente conferma l’ordine."),
                paragraph(None, "Un capoverso senza titolo."),
            ],
            version: "2026-01".into(),
            since: Date::from_days(20_332),
            in_force: true,
            sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".into(),
            download: "/legal/terms/2026-01/it.txt".into(),
            versions: vec![version("2026-01", "it", true), version("2026-01", "en", false)],
        };
        let old = Legal {
            in_force: false,
            versions: vec![version("2026-11", "it", false), version("2026-01", "it", true)],
            ..now.clone()
        };
        vec![now, old]
    }
}

/// What is known about the accessibility of the site.
#[derive(Clone, Debug, Serialize)]
pub struct Accessibility {}
impl Page for Accessibility {
    const TEMPLATE: &'static str = "pages/public/accessibility.html";
    fn samples() -> Vec<Self> {
        vec![Accessibility {}]
    }
}

/// How to reach the provider.
#[derive(Clone, Debug, Serialize)]
pub struct Support {}
impl Page for Support {
    const TEMPLATE: &'static str = "pages/public/support.html";
    const HERE: &'static str = "support";
    fn samples() -> Vec<Self> {
        vec![Support {}]
    }
}

/// A way on from a message.
#[derive(Clone, Debug, Serialize)]
pub struct WayOn {
    pub href: String,
    pub words: Msg,
}

/// A page that only says something: an error, or that something is done.
#[derive(Clone, Debug, Serialize)]
pub struct Message {
    pub title: Msg,
    pub paragraphs: Vec<Msg>,
    /// The first is the button, the others are links.
    pub ways: Vec<WayOn>,
    /// What to name when asking for help; empty when there is nothing to ask.
    pub reference: String,
}
impl Message {
    /// A message with the title `message-<name>-title` and the text `message-<name>-text`.
    pub fn named(name: &str) -> Self {
        Self {
            title: Msg::new(format!("message-{name}-title")),
            paragraphs: vec![Msg::new(format!("message-{name}-text"))],
            ways: vec![],
            reference: String::new(),
        }
    }
    /// The same with a way on.
    pub fn way(mut self, href: &str, words: Msg) -> Self {
        self.ways.push(WayOn { href: href.into(), words });
        self
    }
    /// The same with the reference of the request, for support.
    pub fn reference(mut self, reference: impl Into<String>) -> Self {
        self.reference = reference.into();
        self
    }
}
impl Page for Message {
    const TEMPLATE: &'static str = "pages/public/message.html";
    fn samples() -> Vec<Self> {
        let home = || Msg::new("message-way-home");
        let names = [
            "not-found",
            "forbidden",
            "bad-request",
            "bad-text",
            "too-large",
            "wrong-type",
            "wrong-method",
            "busy",
            "broken",
            "form-expired",
            "refused",
            "timeout",
        ];
        names.map(|n| Message::named(n).way("/", home()).reference("req_0198")).into()
    }
}
