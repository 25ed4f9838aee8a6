//! A new agreement, and changes of one from a day on: what it is open for, until when, its list, its renewals, its quota.

use std::collections::HashMap;

use domain::{
    agreement::{RenewalKind, Validity},
    audit::AuditLine,
    catalogue::price_in_force,
    money::Money,
    operator::Permission,
    time::Date,
};
use serde_json::json;
use store::{
    Query, WriteTx,
    agreements::{self, NewAgreement},
    catalogue,
    catalogue_office::{self as rows, AddonLoadRow, AgreementLineRow, NewVersion},
};
use uuid::Uuid;

use super::{AHEAD_MONTHS, operator, read_day};
use crate::{
    Cx, FieldProblem, Problem, audit,
    effects::{self, begin_agreement_version::BeginAgreementVersion},
    use_cases::operators::authorise,
};

/// The terms of an agreement as they were typed.
#[derive(Clone, Debug, Default)]
pub struct TypedTerms {
    pub from: String,
    pub until: String,
    pub purchases: bool,
    pub renewals: bool,
    pub price_list: String,
    pub renewal_kind: String,
    pub years: i64,
    pub quota: String,
}
/// What only a new agreement has.
#[derive(Clone, Debug, Default)]
pub struct TypedNew {
    pub code: String,
    pub body_name: String,
    pub domain: String,
}

/// What a change would mean.
#[derive(Clone, Debug)]
pub struct AgreementImpact {
    pub old: AgreementLineRow,
    pub new: NewVersion,
    pub mailboxes: i64,
    pub addons: AddonLoadRow,
    /// Renewals of the next 13 months from the day on, and the difference that list and years make, net.
    pub renewals: i64,
    pub difference: Money,
    /// What was looked at.
    pub seen: String,
}

fn read(code: &str, typed: &TypedTerms, lists: &[String], today: Date) -> Result<NewVersion, Problem> {
    let from = read_day(&typed.from, today, 0, "from");
    let until = match typed.until.trim() {
        "" => Ok(None),
        text => read_day(text, today, 0, "until").map(Some),
    };
    let quota = match typed.quota.trim() {
        "" => Ok(None),
        text => text.parse().ok().filter(|n| (1..=10_000_000).contains(n)).map(Some).ok_or("quota-bad"),
    };
    let mut wrong = Vec::new();
    if let (Ok(from), Ok(Some(until))) = (&from, &until)
        && until < from
    {
        wrong.push(FieldProblem::new("until", "day-order"));
    }
    if !lists.contains(&typed.price_list) {
        wrong.push(FieldProblem::new("price_list", "list-unknown"));
    }
    if RenewalKind::parse(&typed.renewal_kind).is_none() {
        wrong.push(FieldProblem::new("renewal_kind", "renewal-kind"));
    }
    if !(1..=5).contains(&typed.years) {
        wrong.push(FieldProblem::new("years", "years-range"));
    }
    match (from, until, quota) {
        (Ok(from), Ok(until), Ok(mailbox_quota)) if wrong.is_empty() => Ok(NewVersion {
            agreement: code.to_owned(),
            from,
            until,
            purchases: typed.purchases,
            renewals: typed.renewals,
            price_list: typed.price_list.clone(),
            renewal_kind: typed.renewal_kind.clone(),
            years: typed.years,
            mailbox_quota,
        }),
        (from, until, quota) => {
            let quota = quota.err().map(|code| FieldProblem::new("quota", code));
            wrong.extend([from.err(), until.err(), quota].into_iter().flatten());
            Err(Problem::invalid(wrong))
        }
    }
}

/// The lists that agreements may have.
async fn lists(q: &mut impl Query) -> Result<Vec<String>, Problem> {
    let all = rows::lists(q).await?;
    Ok(all.into_iter().filter(|l| l.channel == "agreement").map(|l| l.code).collect())
}

/// Looks at the impact; nothing is changed.
///
/// # Errors
/// `invalid` with the fields of the form; `NotFound`; `Forbidden`.
pub async fn look_at_change(cx: &Cx, code: &str, typed: &TypedTerms) -> Result<AgreementImpact, Problem> {
    authorise(cx, Permission::EditCatalogue)?;
    look(&mut cx.store(), cx, code, typed).await
}

async fn look(q: &mut impl Query, cx: &Cx, code: &str, typed: &TypedTerms) -> Result<AgreementImpact, Problem> {
    let today = cx.now().date();
    let old = rows::agreement(q, code).await?.ok_or_else(Problem::not_found)?;
    let new = read(code, typed, &lists(q).await?, today)?;
    let versions = rows::versions(q, code).await?;
    if versions.iter().any(|v| v.from_day == new.from) {
        return Err(Problem::invalid_field("from", "version-day-taken"));
    }
    let load = rows::load(q, code, (new.from, today.plus_months(AHEAD_MONTHS))).await?;
    let (mut renewals, mut difference, mut mailboxes) = (0, Money::ZERO, 0);
    let mut unit: HashMap<(&str, &str), Money> = HashMap::new();
    for list in [old.price_list.as_str(), new.price_list.as_str()] {
        let prices = catalogue::prices(q, list, new.from.start()).await?;
        for l in &load {
            let price = price_in_force(&prices, &l.plan_code, new.from.start());
            unit.insert((list, &l.plan_code), price.map_or(Money::ZERO, |p| p.unit_net));
        }
    }
    for l in &load {
        let yearly = |list: &str| unit.get(&(list, l.plan_code.as_str())).copied().unwrap_or(Money::ZERO);
        mailboxes += l.mailboxes;
        renewals += l.renewals;
        difference += (yearly(&new.price_list) * new.years - yearly(&old.price_list) * old.years) * l.renewals;
    }
    let addons = rows::addon_load(q, code).await?;
    let latest = versions.first().map_or(0, |v| v.made_at.micros());
    let seen = format!("{}.{latest}", versions.len());
    Ok(AgreementImpact { old, new, mailboxes, addons, renewals, difference, seen })
}

/// Keeps the change that was looked at; it begins on its day.
///
/// # Errors
/// As [`look_at_change`]; `catalogue-changed` when the agreement is no longer what was shown.
pub async fn change_agreement(cx: &Cx, code: String, typed: TypedTerms, seen: String) -> Result<(), Problem> {
    authorise(cx, Permission::EditCatalogue)?;
    let cx_in = cx.clone();
    cx.write(async move |tx| {
        let impact = look(tx, &cx_in, &code, &typed).await?;
        if impact.seen != seen {
            return Err(Problem::conflict("catalogue-changed"));
        }
        keep(tx, &cx_in, &impact.new, "agreement.changed").await
    })
    .await
}

async fn keep(tx: &mut WriteTx, cx: &Cx, v: &NewVersion, action: &'static str) -> Result<(), Problem> {
    rows::insert_version(tx, v, cx.now(), operator(cx)).await?;
    let today = cx.now().date();
    if v.from <= today {
        rows::begin_versions(tx, &v.agreement, today, cx.now()).await?;
    } else {
        let begin = BeginAgreementVersion { agreement: v.agreement.clone(), from: v.from };
        effects::enqueue(tx, cx, &[begin.asked()]).await?;
    }
    let details = json!({
        "agreement": v.agreement,
        "from": v.from.iso(),
        "until": v.until.map(|d| d.iso()),
        "purchases": v.purchases,
        "renewals": v.renewals,
        "price_list": v.price_list,
        "renewal_kind": v.renewal_kind,
        "years": v.years,
        "quota": v.mailbox_quota,
    });
    audit::record(tx, cx, &AuditLine::new(action, "agreement", Uuid::nil(), details)).await
}

/// A new agreement; in force from its first day on.
///
/// # Errors
/// `invalid` with the fields of the form (`code`: capital letters, digits and dashes, not taken); `Forbidden`.
pub async fn new_agreement(cx: &Cx, typed: TypedNew, terms: TypedTerms) -> Result<String, Problem> {
    authorise(cx, Permission::EditCatalogue)?;
    let code = typed.code.trim().to_uppercase();
    let good = (3..=24).contains(&code.len())
        && code.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-')
        && code.bytes().next().is_some_and(|b| b.is_ascii_uppercase());
    let mut wrong = Vec::new();
    if !good {
        wrong.push(FieldProblem::new("code", "agreement-code-bad"));
    }
    let body_name = typed.body_name.trim().to_owned();
    if !(2..=120).contains(&body_name.chars().count()) {
        wrong.push(FieldProblem::new("body_name", "body-name-missing"));
    }
    if !wrong.is_empty() {
        return Err(Problem::invalid(wrong));
    }
    let cx_in = cx.clone();
    cx.write(async move |tx| {
        let version = read(&code, &terms, &lists(tx).await?, cx_in.now().date())?;
        if !rows::served_domain(tx, &typed.domain).await? {
            return Err(Problem::invalid_field("domain", "domain-not-on-sale"));
        }
        let agreement = NewAgreement {
            code: &code,
            body_name: &body_name,
            domain: &typed.domain,
            validity: Validity {
                from: version.from,
                until: version.until,
                purchases: version.purchases,
                renewals: version.renewals,
            },
            price_list: &version.price_list,
            renewal_kind: &version.renewal_kind,
            years: version.years,
            invoiced: "body",
            mailbox_quota: version.mailbox_quota,
        };
        if agreements::put(tx, &agreement).await? == 0 {
            return Err(Problem::invalid_field("code", "agreement-code-taken"));
        }
        keep(tx, &cx_in, &version, "agreement.made").await?;
        Ok(code.clone())
    })
    .await
}
