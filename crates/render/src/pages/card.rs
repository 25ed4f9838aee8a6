//! The card of a mailbox: its period, its space, how it is entered, how it ends and comes back.

use domain::time::{Date, Timestamp};
use serde::Serialize;

use super::{
    Moment, When,
    customer::{OrderLine, sample_orders},
    terminations::Given,
};
use crate::{Msg, Page};

crate::register!(page: [Card]);

/// The card of a mailbox (domain notes 4.3).
#[derive(Clone, Debug, Serialize)]
pub struct Card {
    // The template engine goes along these names one after the other: what is asked for most comes first.
    /// What can be done about the address of a mailbox that is gone; `None` while it is there.
    pub again: Option<Again>,
    pub ending: Ending,
    /// `None` when the mail servers did not tell lately.
    pub used: Option<Used>,
    pub id: String,
    pub state: String,
    pub order: OrderLine,
    pub address: String,
    /// Days to the end of the period; negative when it is past.
    pub days_left: i64,
    pub renewal: RenewalLinks,
    pub auto_renew: bool,
    pub plan: String,
    pub holder: String,
    pub holder_profile: Option<String>,
    pub has_password: bool,
    pub password_changed: Option<Date>,
    pub end: Date,
    pub years: i64,
    /// Space in bytes, extra included.
    pub space: u64,
    /// The mail servers have told once.
    pub counted: bool,
    /// Space that it gives back.
    pub falls: Option<Falls>,
    /// Archive in bytes; 0 when the plan has none.
    pub archive: u64,
    /// Masked.
    pub contact_email: String,
    pub contact_mobile: Option<String>,
    pub history: Vec<Moment>,
}
/// How the mailbox ends.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Ending {
    /// The notice of termination at work, or by which it was closed.
    pub given: Option<Given>,
    /// The last day on which it is read and receives.
    pub reads_until: Option<Date>,
    /// Notice can be given, or is there to be looked at.
    pub link: bool,
    /// It can still be taken back.
    pub back: bool,
    /// Somebody else has to give it.
    pub not_holder: bool,
}
/// «Acquista di nuovo».
#[derive(Clone, Debug, Serialize)]
pub struct Again {
    /// Why not: the words of the refusal.
    pub refused: Option<Msg>,
}
/// What can be done about the renewal, where the customer may do it.
#[derive(Clone, Debug, Default, Serialize)]
pub struct RenewalLinks {
    /// It can be renewed by hand.
    pub renew: bool,
    /// Identifier of the renewal order that waits for its payment.
    pub pending: Option<String>,
    /// Automatic renewal can be switched.
    pub switch: bool,
}
/// What lies in a mailbox, and when the mail servers said so.
#[derive(Clone, Debug, Serialize)]
pub struct Used {
    pub bytes: u64,
    pub percent: i64,
    pub at: Timestamp,
}
/// The space that a mailbox comes down to once what lies in it fits, and the last day before it does so anyway.
#[derive(Clone, Debug, Serialize)]
pub struct Falls {
    pub bytes: u64,
    pub after: Date,
}
impl Page for Card {
    const TEMPLATE: &'static str = "pages/customer/card.html";
    const HERE: &'static str = "mailboxes";
    fn samples() -> Vec<Self> {
        let moment = Moment::sample;
        let card = Card {
            again: None,
            id: "mbx_0198".into(),
            address: "studio.bianchi@pec.example.it".into(),
            state: "IN_SCADENZA".into(),
            plan: "Standard".into(),
            holder: "Giulia Bianchi".into(),
            holder_profile: None,
            end: Date::from_days(20_739),
            days_left: 12,
            auto_renew: false,
            renewal: RenewalLinks { renew: true, pending: None, switch: true },
            years: 1,
            space: 1 << 30,
            used: Some(Used { bytes: 320 << 20, percent: 31, at: Date::from_days(20_727).at(9, 12) }),
            counted: true,
            falls: None,
            archive: 0,
            has_password: true,
            password_changed: Some(Date::from_days(20_600)),
            contact_email: "g****@example.com".into(),
            contact_mobile: Some("+39 *** *** 4417".into()),
            order: sample_orders().remove(1),
            history: vec![
                moment(20_829, When::Next, "card-moment-deleted"),
                moment(20_739, When::Next, "card-moment-expiry"),
                moment(20_727, When::Now, "card-moment-active"),
                moment(20_374, When::Past, "card-moment-activated"),
            ],
            ending: Ending { link: true, reads_until: Some(Date::from_days(20_829)), ..Ending::default() },
        };
        let waiting = Card {
            state: "IN_ATTIVAZIONE".into(),
            days_left: 365,
            auto_renew: true,
            renewal: RenewalLinks { renew: false, pending: Some("ord_0199".into()), switch: true },
            has_password: false,
            password_changed: None,
            contact_mobile: None,
            holder: "Officine Rossi S.r.l.".into(),
            holder_profile: Some("hld_1".into()),
            archive: 3 << 30,
            used: None,
            history: vec![],
            ..card.clone()
        };
        let holding = |bytes, percent| Some(Used { bytes, percent, at: Date::from_days(20_727).at(9, 12) });
        let expired = Card { state: "SCADUTA".into(), days_left: -4, used: holding(1200 << 20, 117), ..card.clone() };
        let nearly = Card { state: "ATTIVA".into(), days_left: 200, used: holding(950 << 20, 92), ..card.clone() };
        let silent = Card { used: None, ..nearly.clone() };
        let fresh = Card { counted: false, ..silent.clone() };
        let mut all = Self::ended(&card, &expired, &nearly);
        let falls = Some(Falls { bytes: 1 << 30, after: Date::from_days(20_760) });
        let kept = Card { space: 2 << 30, used: holding(1200 << 20, 58), falls, ..nearly.clone() };
        all.extend([card, waiting, expired, nearly, silent, fresh, kept]);
        all
    }
}
impl Card {
    /// Under notice, ended by it, somebody else's, gone.
    fn ended(card: &Card, expired: &Card, nearly: &Card) -> Vec<Self> {
        let moment = Moment::sample;
        let given = Ending { given: Some(Given::sample()), back: true, ..card.ending.clone() };
        let noticed = Card {
            renewal: RenewalLinks::default(),
            ending: given.clone(),
            history: vec![moment(20_739, When::Next, "card-moment-noticed-end")],
            ..card.clone()
        };
        let ended = Card {
            renewal: RenewalLinks { renew: true, ..RenewalLinks::default() },
            ending: Ending { back: false, ..given },
            ..expired.clone()
        };
        let other = Card { ending: Ending { not_holder: true, ..Ending::default() }, ..nearly.clone() };
        let gone = |state: &str, given, refused| Card {
            state: state.into(),
            renewal: RenewalLinks::default(),
            days_left: -120,
            used: None,
            history: vec![moment(20_829, When::Now, "card-moment-closed")],
            again: Some(Again { refused }),
            ending: Ending { given, ..Ending::default() },
            ..card.clone()
        };
        let removed = gone("CANCELLATA", None, None);
        let at_once = Some(Given { at_once: true, ..Given::sample() });
        let refused = gone("DISDETTA", at_once, Some(Msg::problem("again-taken")));
        vec![noticed, ended, other, removed, refused]
    }
}
