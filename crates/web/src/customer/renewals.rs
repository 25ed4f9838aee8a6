//! Renewing a mailbox by hand, switching automatic renewal, and what will be charged and when.

use app::{
    Problem,
    queries::{
        self,
        renewals::{self, MONTHS},
    },
    use_cases::{
        orders::place_order::payment_methods,
        renewals::{
            auto_renew::set_auto_renew,
            choose_plan::{self, Choice, Offered, PlanOffer},
            place_renewal::{PlaceRenewal, place_renewal},
        },
    },
};
use axum::extract::Path;
use domain::{
    id::MailboxId,
    money::Money,
    renewal::{
        calendar,
        plan_change::{Fit, Loss},
    },
};
use render::{
    Form, Locale, Msg, Tone,
    pages::{
        Bill,
        holder_renewals::CreditSum,
        renewals::{AutoRenew, Coming, ComingLine, ExtraPick, Holding, PlanPick, Renew},
        wizard::YearChoice,
    },
};

use super::mailboxes::harmless;
use crate::{
    Answer, Customer, FormData,
    answer::{mendable, with_problem},
    customer::billing,
    mailbox_area::plain,
    secretariat::download,
    visit::Visit,
};

fn mailbox(id: &str) -> Result<MailboxId, Problem> {
    id.parse().map_err(|_| Problem::not_found())
}

pub(super) async fn ask(customer: Customer, Path(id): Path<String>) -> Answer {
    let methods = payment_methods(customer.visit.cx.settings());
    let form = Form::new().with("years", "1").with("method", methods[0]);
    page(&customer, mailbox(&id)?, form, &Choice::default()).await
}

/// What the form says of plan and extra space; nonsense is no amount.
fn choice(form: &FormData) -> Choice {
    Choice {
        plan: form.some("plan").map(str::to_owned),
        extra_gb: form.some("extra_gb").map(|gb| gb.parse().unwrap_or(-1)),
    }
}

pub(super) async fn submit(customer: Customer, Path(id): Path<String>, form: FormData) -> Answer {
    let (id, choice) = (mailbox(&id)?, choice(&form));
    if !form.has("confirm") {
        return page(&customer, id, form.shown(), &choice).await;
    }
    let visit = &customer.visit;
    let input = PlaceRenewal {
        mailbox: id,
        years: form.number("years").unwrap_or(0),
        choice: choice.clone(),
        accept_losses: form.has("losses"),
        payment_method: form.get("method").into(),
        shown: Money::cents(form.number("shown").unwrap_or(-1)),
        accept_conditions: form.has("conditions"),
        accept_unfair_terms: form.has("unfair_terms"),
        ip: Some(visit.ip.clone()).filter(|ip| !ip.is_empty()),
        user_agent: Some(visit.user_agent.clone()).filter(|ua| !ua.is_empty()),
    };
    match place_renewal(&visit.cx, input).await {
        Ok(order) => visit.go(&format!("/order/payment/{order}")),
        Err(problem) if problem.is("price-changed") => {
            let money = |name: &str| Money::cents(problem.args.get(name).and_then(|v| v.parse().ok()).unwrap_or(0));
            let said = Msg::problem("price-changed").arg("shown", money("shown")).arg("now", money("now"));
            page(&customer, id, form.shown().with_problem(said), &choice).await
        }
        Err(problem) if mendable(&problem) => page(&customer, id, with_problem(form.shown(), &problem), &choice).await,
        Err(problem) => Err(problem.into()),
    }
}

/// Where it cannot be renewed by hand the card says why. What cannot be chosen gives way to what is.
async fn page(customer: &Customer, id: MailboxId, mut form: Form, choice: &Choice) -> Answer {
    let visit = &customer.visit;
    let mut found = choose_plan::offered(&visit.cx, id, choice).await;
    if let Err(problem) = &found
        && !problem.fields.is_empty()
    {
        if !form.has_errors() {
            form = with_problem(form, problem);
        }
        let plan = choice.plan.clone().filter(|_| problem.fields.iter().all(|f| f.field != "plan"));
        found = choose_plan::offered(&visit.cx, id, &Choice { plan, extra_gb: None }).await;
    }
    match found {
        Ok(found) => draw(customer, id, form, found).await,
        Err(problem) if mendable(&problem) => {
            visit.go_saying(&format!("/account/mailboxes/{id}"), Tone::Err, Msg::problem(problem.code))
        }
        Err(problem) => Err(problem.into()),
    }
}

async fn draw(customer: &Customer, id: MailboxId, form: Form, found: Offered) -> Answer {
    let visit = &customer.visit;
    if found.fit == Fit::Unknown {
        choose_plan::ask_usage(&visit.cx, id).await?;
    }
    let account = queries::shop::account(&visit.cx, customer.party).await?;
    let asked = form.value("years").parse().unwrap_or(1);
    let offer = found.offer();
    let years: Vec<YearChoice> = offer.quotes.iter().filter_map(|q| year(&found, q.years)).collect();
    let chosen = years.iter().find(|y| y.years == asked).unwrap_or(&years[0]).years;
    let Some((quote, extra)) = found.priced(chosen) else { return Err(Problem::not_found().into()) };
    let bill = Bill::of(quote, &offer.plan.name, visit.locale);
    let bill = match extra {
        Some(extra) => bill.and(Bill::of(extra, "", visit.locale)),
        None => bill,
    };
    let form = match found.extra_gb {
        Some(gb) if !form.has_errors() => form.with("extra_gb", gb.to_string()),
        _ => form,
    };
    let less = !found.losses.is_empty();
    visit.page(&Renew {
        id: id.to_string(),
        plan: found.plans.iter().find(|o| o.plan.code == found.plan_now).map_or("", |o| &o.plan.name).into(),
        plans: found.plans.iter().filter_map(|o| pick(o, &found.plan_now, chosen)).collect(),
        picked: offer.plan.code.clone(),
        extra: found.extra_gb.map(|gb| ExtraPick { gb, most: offer.most_gb, gross: extra.map(|q| q.gross) }),
        losses: found.losses.iter().map(|l| loss(*l, visit.locale)).collect(),
        against: against(found.fit, visit.locale),
        used: found.used.filter(|_| less).map(|(kib, at)| Holding { bytes: (kib.max(0) as u64) << 10, at }),
        address: found.address.clone(),
        end: found.end,
        billing: billing::of_account(&account),
        years,
        chosen,
        methods: found.methods.into_iter().map(String::from).collect(),
        immediate_until: found.immediate_until,
        bill,
        form,
    })
}

/// A number of years of the chosen plan, its extra space included.
fn year(found: &Offered, years: i64) -> Option<YearChoice> {
    let (plan, extra) = found.priced(years)?;
    Some(YearChoice {
        years,
        end: calendar::renewed_end(found.end, years),
        net: plan.net + extra.map_or(Money::ZERO, |e| e.net),
        gross: choose_plan::gross(plan, extra),
    })
}

fn pick(offer: &PlanOffer, now: &str, years: i64) -> Option<PlanPick> {
    let quote = offer.quotes.iter().find(|q| q.years == years)?;
    Some(PlanPick {
        code: offer.plan.code.clone(),
        name: offer.plan.name.clone(),
        present: offer.plan.code == now,
        space: bytes(offer.plan.space_mib),
        archive: bytes(offer.plan.archive_mib),
        net: quote.net,
        gross: quote.gross,
    })
}

fn bytes(mib: i64) -> u64 {
    (mib.max(0) as u64) << 20
}

fn loss(loss: Loss, locale: Locale) -> Msg {
    let size = |mib| locale.size(bytes(mib));
    match loss {
        Loss::Archive { mib } => Msg::new("renew-loss-archive").arg("from", size(mib)),
        Loss::SmallerArchive { from_mib, to_mib } => {
            Msg::new("renew-loss-smaller-archive").arg("from", size(from_mib)).arg("to", size(to_mib))
        }
        Loss::Space { from_mib, to_mib } => {
            Msg::new("renew-loss-space").arg("from", size(from_mib)).arg("to", size(to_mib))
        }
        Loss::SmsNotice => Msg::new("renew-loss-sms"),
        Loss::MultiUser => Msg::new("renew-loss-multi-user"),
        Loss::LegalStorage => Msg::new("renew-loss-legal-storage"),
    }
}

fn against(fit: Fit, locale: Locale) -> Option<Msg> {
    match fit {
        Fit::Fits => None,
        Fit::NeedsExtra { gb } => Some(Msg::problem("plan-needs-extra").arg("gb", gb)),
        Fit::TooFull { most_mib } => Some(Msg::problem("plan-too-full").arg("most", locale.size(bytes(most_mib)))),
        Fit::Unknown => Some(Msg::problem("plan-usage-unknown")),
    }
}

pub(super) async fn ask_switch(customer: Customer, Path(id): Path<String>) -> Answer {
    switch_page(&customer, mailbox(&id)?, Form::new()).await
}

/// The form says which way, so that a second tab does not switch it back.
pub(super) async fn switch(customer: Customer, Path(id): Path<String>, form: FormData) -> Answer {
    let (id, on) = (mailbox(&id)?, form.get("on") == "1");
    let visit = &customer.visit;
    match set_auto_renew(&visit.cx, id, on).await {
        Ok(()) => {
            let said = Msg::new(if on { "auto-renew-done-on" } else { "auto-renew-done-off" });
            visit.go_saying(&format!("/account/mailboxes/{id}"), Tone::Ok, said)
        }
        Err(problem) if mendable(&problem) => switch_page(&customer, id, with_problem(form.shown(), &problem)).await,
        Err(problem) => Err(problem.into()),
    }
}

async fn switch_page(customer: &Customer, id: MailboxId, form: Form) -> Answer {
    let visit = &customer.visit;
    let card = queries::mailboxes::card(&visit.cx, customer.login, id).await?;
    if !renewals::doings(&card, visit.cx.now().date()).switch {
        return Err(Problem::not_found().into());
    }
    let (id, address) = (id.to_string(), card.address);
    visit.page(&AutoRenew { id, address, on: card.auto_renew, end: card.end_day, form })
}

pub(super) async fn coming(customer: Customer) -> Answer {
    let visit = &customer.visit;
    let ahead = renewals::coming(&visit.cx, customer.login).await?.on_a_page();
    let until = visit.cx.now().date().plus_months(MONTHS);
    let href = |c: &renewals::Coming| Some(format!("/account/mailboxes/{}", c.mailbox));
    visit.page(&Coming { rows: coming_lines(ahead.rows, href), until, more: ahead.more })
}

pub(super) async fn coming_file(customer: Customer) -> Answer {
    let visit = &customer.visit;
    let ahead = renewals::coming(&visit.cx, customer.login).await?;
    in_a_file(visit, coming_lines(ahead.rows, |_| None))
}

/// All charges, as spreadsheets read them.
pub(crate) fn in_a_file(visit: &Visit, lines: Vec<ComingLine>) -> Answer {
    let words = visit.cx.renderer().words();
    let said = |msg: Msg| words.say(visit.locale, &msg);
    let mut csv = csv::WriterBuilder::new().delimiter(b';').from_writer(vec![]);
    let heads = ["day", "address", "service", "amount", "way", "until", "note"];
    csv.write_record(heads.map(|head| said(Msg::new(format!("coming-file-{head}"))))).map_err(Problem::broken)?;
    for line in lines {
        let note = match (line.trouble, line.missing) {
            (Some(word), _) => said(Msg::new(format!("coming-trouble-{word}"))),
            (None, Some(missing)) => said(Msg::new("coming-missing").arg("missing", missing)),
            (None, None) => String::new(),
        };
        let way = line.method.unwrap_or_else(|| said(Msg::new(format!("coming-way-{}", line.way))));
        let amount = line.gross.map(plain).unwrap_or_default();
        let until = line.until.map(|day| day.iso()).unwrap_or_default();
        let cells = [line.day.iso(), line.address, said(line.service), amount, way, until, note];
        csv.write_record(cells.each_ref().map(|cell| harmless(cell))).map_err(Problem::broken)?;
    }
    download("addebiti.csv", csv)
}

/// The lines of a page, each with the page of its mailbox where there is one.
pub(crate) fn coming_lines(
    rows: Vec<renewals::Coming>,
    href: impl Fn(&renewals::Coming) -> Option<String>,
) -> Vec<ComingLine> {
    let line = |c: renewals::Coming| ComingLine {
        href: href(&c),
        address: c.address,
        service: match &c.addon {
            Some((word, gb)) => Msg::new(format!("addon-{word}-gb")).arg("gb", *gb),
            None => Msg::new("renewal-plan").arg("plan", c.plan.clone()),
        },
        day: c.day,
        way: c.way.as_str().into(),
        how: c
            .quote
            .as_ref()
            .map(|q| Msg::new("renewal-how").arg("quantity", q.quantity).arg("years", q.years).arg("unit", q.unit_net)),
        gross: c.quote.map(|q| q.gross),
        until: c.until,
        method: c.method,
        missing: c.missing,
        trouble: c.trouble.map(str::to_owned),
    };
    rows.into_iter().map(line).collect()
}

pub(crate) fn credit_sum(c: renewals::CreditAhead) -> CreditSum {
    CreditSum { needed: c.needed, held: c.held, short: c.short }
}
