//! `/office/night/{day}/obligations`: what came of each obligation that a night looked at.

use app::{
    Problem,
    night::looks::{self, MAILBOXES, OUTCOMES, PAGE, Place},
    rows::{From, LookRow},
};
use axum::extract::{Path, RawQuery};
use domain::time::Date;
use render::{
    Msg,
    pages::{
        Pager,
        customer::Chip,
        night::{LookLine, OfficeLooks},
    },
};

use crate::{
    Answer, FormData, Operator, customer::mailboxes::harmless, form, secretariat::download, visit::form_encoded,
};

/// Most lines of one export, and how many are read at a time.
const EXPORT_MAX: u64 = 100_000;
const EXPORT_PAGE: u64 = 500;

/// What the address asks for; nonsense is no filter.
struct Asked {
    day: Date,
    path: String,
    search: String,
    outcome: Option<&'static str>,
    form: FormData,
}

fn asked(day: &str, query: Option<String>) -> Result<Asked, Problem> {
    let form: FormData = query.and_then(|q| form::parse(q.as_bytes())).unwrap_or_default();
    let day = Date::parse_iso(day).ok_or_else(Problem::not_found)?;
    Ok(Asked {
        day,
        path: format!("/office/night/{}/obligations", day.iso()),
        search: form.get("q").trim().chars().take(120).collect(),
        outcome: OUTCOMES.into_iter().find(|o| *o == form.get("outcome")),
        form,
    })
}

impl Asked {
    /// The address of the list with this filter left out and this place put in.
    fn address(&self, suffix: &str, without: &str, place: Option<(&str, String)>) -> String {
        let kept = [("q", self.search.as_str()), ("outcome", self.outcome.unwrap_or_default())];
        let kept = kept.into_iter().filter(|(name, value)| *name != without && !value.is_empty());
        let mut pairs: Vec<String> = kept.map(|(name, value)| format!("{name}={}", form_encoded(value))).collect();
        pairs.extend(place.map(|(name, at)| format!("{name}={at}")));
        let path = format!("{}{suffix}", self.path);
        if pairs.is_empty() { path } else { format!("{path}?{}", pairs.join("&")) }
    }

    fn chips(&self) -> Vec<Chip> {
        let chip = |name: &str, words: Msg| Chip { words, without: self.address("", name, None) };
        let search = Msg::new("mailboxes-chip-search").arg("text", self.search.clone());
        let search = (!self.search.is_empty()).then(|| chip("q", search));
        search.into_iter().chain(self.outcome.map(|o| chip("outcome", Msg::new(format!("look-{o}"))))).collect()
    }
}

/// `outcome.service.period`: the place of a row in the list.
fn place_of(r: &LookRow) -> String {
    format!("{}.{}.{}", r.outcome, r.service_id, r.period_start.iso())
}
fn position(text: &str) -> Option<Place> {
    let mut parts = text.split('.');
    let outcome = parts.next()?;
    let n = OUTCOMES.iter().position(|o| *o == outcome)?;
    Some((n, parts.next()?.parse().ok()?, Date::parse_iso(parts.next()?)?))
}

fn line(r: LookRow) -> LookLine {
    LookLine {
        found: format!("/office/search?kind=mailboxes&q={}", form_encoded(&r.address)),
        outcome: r.outcome,
        address: r.address,
        addon: r.addon_name,
        holder: r.holder_name,
        period: r.period_start,
        reason: r.reason,
        next: r.next_day,
        order: r.order_id.map(|id| (id.to_string(), r.order_number.unwrap_or_default())),
        amount: r.gross_cents,
    }
}

pub(super) async fn list(operator: Operator, Path(day): Path<String>, RawQuery(query): RawQuery) -> Answer {
    let (asked, cx) = (asked(&day, query)?, &operator.visit.cx);
    let (rows, pager, cut) = if asked.search.is_empty() {
        let from = match (position(asked.form.get("after")), position(asked.form.get("before"))) {
            (Some(place), _) => From::After(place),
            (_, Some(place)) => From::Before(place),
            _ => From::Start,
        };
        let page = looks::page(cx, asked.day, asked.outcome, from, PAGE).await?;
        let link = |name: &str, row: Option<&LookRow>| row.map(|r| asked.address("", "", Some((name, place_of(r)))));
        let pager = Pager {
            rows: page.rows.len() as i64,
            newer: link("before", page.rows.first().filter(|_| page.newer)),
            older: link("after", page.rows.last().filter(|_| page.older)),
        };
        (page.rows, Some(pager), None)
    } else {
        let found = looks::search(cx, asked.day, asked.outcome, &asked.search).await?;
        (found.rows, None, found.more.then_some(MAILBOXES as i64))
    };
    operator.visit.page(&OfficeLooks {
        day: asked.day,
        night: format!("/office/night/{}", asked.day.iso()),
        outcomes: OUTCOMES.map(str::to_owned).into(),
        rows: rows.into_iter().map(line).collect(),
        chips: asked.chips(),
        pager,
        cut,
        export: asked.address(".csv", "", None),
        form: asked.form.shown(),
        path: asked.path,
    })
}

pub(super) async fn export(operator: Operator, Path(day): Path<String>, RawQuery(query): RawQuery) -> Answer {
    let (asked, visit) = (asked(&day, query)?, &operator.visit);
    let words = visit.cx.renderer().words();
    let say = |key: &str| words.say(visit.locale, &Msg::new(key));
    let mut csv = csv::WriterBuilder::new().delimiter(b';').from_writer(vec![]);
    let heads = [
        "mailboxes-address",
        "night-service",
        "parked-holder",
        "night-outcome",
        "parked-reason",
        "looks-period",
        "looks-next",
        "looks-order",
        "night-sum",
    ];
    csv.write_record(heads.map(&say)).map_err(Problem::broken)?;
    let mut written = 0;
    let mut from = From::Start;
    loop {
        let rows = if asked.search.is_empty() {
            looks::page(&visit.cx, asked.day, asked.outcome, from, EXPORT_PAGE).await?.rows
        } else {
            looks::search(&visit.cx, asked.day, asked.outcome, &asked.search).await?.rows
        };
        let last = rows.last().and_then(|r| position(&place_of(r)));
        written += rows.len() as u64;
        for r in rows {
            let cells = cells(r, &say);
            csv.write_record(cells.each_ref().map(|c| harmless(c))).map_err(Problem::broken)?;
        }
        match last {
            Some(last) if asked.search.is_empty() && written < EXPORT_MAX => from = From::After(last),
            _ => break,
        }
    }
    looks::exported(&visit.cx, asked.day, written).await?;
    download(&format!("rinnovi-{}.csv", asked.day.iso()), csv)
}

fn cells(r: LookRow, say: &impl Fn(&str) -> String) -> [String; 9] {
    let cents = |m: domain::money::Money| format!("{},{:02}", m.as_cents() / 100, m.as_cents() % 100);
    [
        r.address,
        r.addon_name.unwrap_or_else(|| say("parked-kind-mailbox")),
        r.holder_name,
        say(&format!("look-{}", r.outcome)),
        r.reason.unwrap_or_default(),
        r.period_start.iso(),
        r.next_day.map(|d| d.iso()).unwrap_or_default(),
        r.order_number.unwrap_or_default(),
        r.gross_cents.map(cents).unwrap_or_default(),
    ]
}
