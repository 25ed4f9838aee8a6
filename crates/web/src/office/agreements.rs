//! `/office/agreements`: agreements, new ones, and their changes from a day on.

use app::{
    Problem,
    queries::catalogue as queries,
    rows::{AgreementLineRow, VersionRow},
    use_cases::{
        agreements::name_body::name_body,
        catalogue::change_agreement::{
            AgreementImpact, TypedNew, TypedTerms, change_agreement, look_at_change, new_agreement,
        },
    },
};
use axum::extract::Path;
use domain::{agreement::RenewalKind, operator::Permission, time::Date};
use render::{
    Form, Msg, Tone,
    pages::catalogue::{AgreementPage, AgreementPreview, AgreementRow, Agreements, Change, NewAgreement, Terms},
};

use crate::{
    Answer, FormData, Operator,
    answer::{mendable, with_problem},
};

const PAGE: &str = "/office/agreements";
/// The fields of the terms, as a preview carries them.
const FIELDS: [&str; 8] = ["from", "until", "purchases", "renewals", "price_list", "renewal_kind", "years", "quota"];

fn by_body(word: &str) -> bool {
    RenewalKind::parse(word) == Some(RenewalKind::ByBody)
}

fn row(a: AgreementLineRow) -> AgreementRow {
    AgreementRow {
        code: a.code,
        body: a.body_name,
        domain: a.domain,
        record: a.body_record,
        terms: Terms {
            from: a.valid_from_day,
            until: a.valid_until_day,
            purchases: a.purchases,
            renewals: a.renewals,
            list: a.price_list,
            by_body: by_body(&a.renewal_kind),
            years: a.years,
            quota: a.mailbox_quota,
        },
    }
}

/// What a change says.
pub(super) fn version_terms(v: VersionRow) -> Terms {
    Terms {
        from: v.from_day,
        until: v.valid_until_day,
        purchases: v.purchases,
        renewals: v.renewals,
        list: v.price_list,
        by_body: by_body(&v.renewal_kind),
        years: v.years,
        quota: v.mailbox_quota,
    }
}

/// The first day of an agreement, which began on `founded`, is not taken back.
fn change(v: VersionRow, founded: Date, today: Date) -> Change {
    let begun = v.begun_at.is_some();
    Change { back: !begun && v.from_day > today && v.from_day != founded, begun, terms: version_terms(v) }
}

pub(super) async fn list(operator: Operator) -> Answer {
    let rows = queries::agreements(&operator.visit.cx).await?.into_iter().map(row).collect();
    operator.visit.page(&Agreements { rows, may_edit: operator.role.may(Permission::EditCatalogue) })
}

pub(super) async fn show(operator: Operator, Path(code): Path<String>) -> Answer {
    page(&operator, &code, None).await
}

async fn lists(operator: &Operator) -> Result<Vec<(String, String)>, Problem> {
    let found = queries::catalogue(&operator.visit.cx).await?.lists;
    Ok(found.into_iter().filter(|l| l.channel == "agreement").map(|l| (l.code, l.name)).collect())
}

/// Without a form the one that is shown holds what is in force.
async fn page(operator: &Operator, code: &str, form: Option<Form>) -> Answer {
    let (found, versions) = queries::agreement(&operator.visit.cx, code).await?;
    let (founded, today) = (found.valid_from_day, operator.visit.cx.now().date());
    let row = row(found);
    let form = form.unwrap_or_else(|| now(&row.terms));
    operator.visit.page(&AgreementPage {
        changes: versions.into_iter().map(|v| change(v, founded, today)).collect(),
        lists: lists(operator).await?,
        may_edit: operator.role.may(Permission::EditCatalogue),
        row,
        form,
    })
}

fn now(t: &Terms) -> Form {
    let mut pairs = vec![
        ("until", t.until.map(|d| d.iso()).unwrap_or_default()),
        ("price_list", t.list.clone()),
        ("renewal_kind", if t.by_body { RenewalKind::ByBody } else { RenewalKind::ByHolder }.as_str().to_owned()),
        ("years", t.years.to_string()),
        ("quota", t.quota.map(|n| n.to_string()).unwrap_or_default()),
    ];
    let ticked = [("purchases", t.purchases), ("renewals", t.renewals)];
    pairs.extend(ticked.into_iter().filter(|(_, on)| *on).map(|(name, _)| (name, "yes".to_owned())));
    Form::from_pairs(pairs)
}

fn terms(form: &FormData) -> TypedTerms {
    let text = |name: &str| form.get(name).to_owned();
    TypedTerms {
        from: text("from"),
        until: text("until"),
        purchases: form.has("purchases"),
        renewals: form.has("renewals"),
        price_list: text("price_list"),
        renewal_kind: text("renewal_kind"),
        years: form.number("years").unwrap_or(0),
        quota: text("quota"),
    }
}

/// The first press shows what would change, the second confirms it.
pub(super) async fn take(operator: Operator, Path(code): Path<String>, form: FormData) -> Answer {
    operator.must(Permission::EditCatalogue)?;
    let (visit, typed) = (&operator.visit, terms(&form));
    if form.get("choice") != "confirm" {
        return match look_at_change(&visit.cx, &code, &typed).await {
            Ok(impact) => preview(&operator, &form, impact),
            Err(p) if mendable(&p) => page(&operator, &code, Some(with_problem(form.shown(), &p))).await,
            Err(p) => Err(p.into()),
        };
    }
    visit.step_up(&form).await?;
    match change_agreement(&visit.cx, code.clone(), typed, form.get("seen").to_owned()).await {
        Ok(()) => {
            let day = Date::parse_iso(form.get("from")).unwrap_or_else(|| visit.cx.now().date());
            let said = Msg::new("agr-changed").arg("code", code.clone()).arg("day", day);
            visit.go_saying(&format!("{PAGE}/{code}"), Tone::Ok, said)
        }
        Err(p) if mendable(&p) => page(&operator, &code, Some(with_problem(form.shown(), &p))).await,
        Err(p) => Err(p.into()),
    }
}

fn preview(operator: &Operator, form: &FormData, i: AgreementImpact) -> Answer {
    let typed = FIELDS.iter().filter(|n| form.has(n)).map(|n| ((*n).to_owned(), form.get(n).to_owned()));
    operator.visit.page(&AgreementPreview {
        row: row(i.old),
        new: Terms {
            from: i.new.from,
            until: i.new.until,
            purchases: i.new.purchases,
            renewals: i.new.renewals,
            list: i.new.price_list,
            by_body: by_body(&i.new.renewal_kind),
            years: i.new.years,
            quota: i.new.mailbox_quota,
        },
        typed: typed.collect(),
        mailboxes: i.mailboxes,
        addons: i.addons.active,
        free_addons: i.addons.free,
        renewals: i.renewals,
        difference: i.difference,
        seen: i.seen,
    })
}

pub(super) async fn ask_new(operator: Operator) -> Answer {
    operator.must(Permission::EditCatalogue)?;
    let form = Form::from_pairs([("years", "1"), ("purchases", "yes"), ("renewals", "yes")]);
    new_page(&operator, form).await
}

async fn new_page(operator: &Operator, form: Form) -> Answer {
    let domains = queries::domains(&operator.visit.cx).await?.into_iter().map(|d| (d.clone(), d)).collect();
    operator.visit.page(&NewAgreement { lists: lists(operator).await?, domains, form })
}

pub(super) async fn make(operator: Operator, form: FormData) -> Answer {
    operator.must(Permission::EditCatalogue)?;
    let visit = &operator.visit;
    visit.step_up(&form).await?;
    let text = |name: &str| form.get(name).to_owned();
    let new = TypedNew { code: text("code"), body_name: text("body_name"), domain: text("domain") };
    match new_agreement(&visit.cx, new, terms(&form)).await {
        Ok(code) => {
            visit.go_saying(&format!("{PAGE}/{code}"), Tone::Ok, Msg::new("agr-made").arg("code", code.clone()))
        }
        Err(p) if mendable(&p) => new_page(&operator, with_problem(form.shown(), &p)).await,
        Err(p) => Err(p.into()),
    }
}

pub(super) async fn name(operator: Operator, Path(code): Path<String>, form: FormData) -> Answer {
    operator.must(Permission::EditCatalogue)?;
    let visit = &operator.visit;
    visit.step_up(&form).await?;
    match name_body(&visit.cx, &code, form.get("body")).await {
        Ok(()) => {
            let said = Msg::new("agr-body-named").arg("code", code.clone());
            visit.go_saying(&format!("{PAGE}/{code}"), Tone::Ok, said)
        }
        Err(p) if mendable(&p) => page(&operator, &code, Some(with_problem(form.shown(), &p))).await,
        Err(p) => Err(p.into()),
    }
}
