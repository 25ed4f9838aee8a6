//! What surrounds a page: brand, navigation, who is signed in, the demo bar, the result of the last action.

use domain::time::Date;
use serde::{Deserialize, Serialize};

use crate::{Locale, Msg, Tone, Wax};

/// The provider, as configured. The same for all requests.
#[derive(Clone, Debug, Serialize)]
pub struct Brand {
    /// Name of the provider.
    pub name: String,
    /// Address of this installation without a final slash, for links in mails.
    pub base_url: String,
    pub support_email: String,
    /// Printed as it is, if there is a telephone line.
    pub support_phone: Option<String>,
    /// Where mail is read; `None` hides the links.
    pub webmail_url: Option<String>,
    /// Where the mailbox is set up; `None` hides the links.
    pub mail_management_url: Option<String>,
    /// Colour of the seal, in mails.
    pub wax: Wax,
    /// Address of the sheet with that colour, when it is not the built one.
    pub wax_sheet: Option<String>,
}
impl Brand {
    /// The invented provider of demo and tests.
    pub fn sample() -> Self {
        Self {
            name: "Postacerta Demo".into(),
            base_url: "https://www.example.it".into(),
            support_email: "assistenza@example.it".into(),
            support_phone: Some("06 0000000".into()),
            webmail_url: Some("https://webmail.example.it/".into()),
            mail_management_url: Some("https://gestione.example.it/".into()),
            wax: Wax::default(),
            wax_sheet: None,
        }
    }
}

/// The part of the site that somebody signed in to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Area {
    Account,
    Mailbox,
    Office,
}
impl Area {
    /// Its first page.
    pub const fn home(self) -> &'static str {
        match self {
            Self::Account => "/account",
            Self::Mailbox => "/mailbox",
            Self::Office => "/office",
        }
    }
}

/// Who is signed in, as the header shows it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Who {
    pub area: Area,
    /// Name of the person or the company.
    pub name: String,
    /// Mailbox address in the mailbox area, role in the back office, else empty.
    pub detail: String,
    /// The account of a body with agreements: its secretariat's pages are in the navigation.
    pub of_body: bool,
}

/// The bar on top of every page of a demonstration.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DemoBar {
    pub today: Date,
    /// Messages (mail and SMS) sent so far.
    pub messages: i64,
}

/// The result of the last action, shown once on the next page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Flash {
    pub tone: Tone,
    pub msg: Msg,
}

/// The frame of one answer. Built by `web`, once per request.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Chrome {
    pub locale: Locale,
    /// Path of the page, without query.
    pub path: String,
    pub who: Option<Who>,
    pub demo: Option<DemoBar>,
    pub flash: Option<Flash>,
    /// Token that every form repeats.
    pub csrf: String,
}
impl Chrome {
    /// The frame of the samples.
    pub fn sample(locale: Locale) -> Self {
        Self {
            locale,
            path: "/".into(),
            who: Some(Who {
                area: Area::Account,
                name: "Giulia Bianchi".into(),
                detail: "giulia.bianchi@pec.example.it".into(),
                of_body: true,
            }),
            demo: Date::new(2026, 10, 1).map(|today| DemoBar { today, messages: 3 }),
            flash: None,
            csrf: "sample-token".into(),
        }
    }
    /// A frame that knows nothing, for pages shown when something broke.
    pub fn bare(locale: Locale) -> Self {
        Self { locale, path: "/".into(), who: None, demo: None, flash: None, csrf: String::new() }
    }
}
