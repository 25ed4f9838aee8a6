//! The plan and the extra space of a renewal (domain notes 6.2, 6.4): what can be chosen, what it costs and takes away,
//! and whether what lies in the mailbox fits.

use domain::{
    catalogue::Plan,
    id::MailboxId,
    mailbox::usage::GOOD_FOR_US,
    money::Money,
    order::pricing::Quote,
    renewal::plan_change::{Fit, Loss, MIB_PER_GB, Present, Wish, fit, losses, most_extra_gb},
    time::{Date, Timestamp},
};
use store::{
    Query, catalogue,
    renewals::{self as rows, DueRow, StandRow},
};

use super::{
    place_renewal::{own, renewable_row},
    prices::Prices,
};
use crate::{
    Cx, FieldProblem, Problem,
    effects::{self, Effect, count_usage::CountUsage},
};

/// So many minutes apart the mail servers are asked again for the same page.
const ASK_AGAIN_US: i64 = 5 * domain::time::MINUTE_US;

/// What was chosen so far; nothing keeps what is.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// Code of the plan.
    pub plan: Option<String>,
    /// Extra space in all.
    pub extra_gb: Option<i64>,
}

/// A plan with which the mailbox can be renewed.
#[derive(Clone, Debug)]
pub struct PlanOffer {
    pub plan: Plan,
    /// One price for each number of years that stays within the horizon.
    pub quotes: Vec<Quote>,
    /// Most extra space that is sold with it.
    pub most_gb: i64,
}

/// What can be chosen, and what the choice comes to.
#[derive(Clone, Debug)]
pub struct Offered {
    pub address: String,
    /// Last day of the period that is paid.
    pub end: Date,
    /// The plan that it has.
    pub plan_now: String,
    pub plans: Vec<PlanOffer>,
    /// Which of them is chosen.
    pub chosen: usize,
    /// Extra space after the renewal; nothing where none is sold and none is there.
    pub extra_gb: Option<i64>,
    /// Its prices, beside those of the plan; none without extra space.
    pub extra: Vec<Quote>,
    pub losses: Vec<Loss>,
    pub fit: Fit,
    /// What lies in it, in KiB, and when the mail servers said so.
    pub used: Option<(i64, Timestamp)>,
    /// With what it can be paid today.
    pub methods: Vec<&'static str>,
    /// The last day for it, when only immediate methods are in time.
    pub immediate_until: Option<Date>,
}

impl Offered {
    /// The chosen plan.
    pub fn offer(&self) -> &PlanOffer {
        &self.plans[self.chosen]
    }
    /// The chosen plan, when it is another one.
    pub fn new_plan(&self) -> Option<&str> {
        Some(self.offer().plan.code.as_str()).filter(|code| *code != self.plan_now)
    }
    /// The prices for a number of years: of the plan, and of the extra space.
    pub fn priced(&self, years: i64) -> Option<(&Quote, Option<&Quote>)> {
        let plan = self.offer().quotes.iter().find(|q| q.years == years)?;
        Some((plan, self.extra.iter().find(|q| q.years == years)))
    }
    /// What is renewed, for people.
    pub fn name(&self) -> String {
        named(&self.offer().plan.name, self.extra_gb)
    }
}

/// `Standard + 1 GB`.
pub(super) fn named(plan: &str, extra_gb: Option<i64>) -> String {
    match extra_gb {
        Some(gb) if gb > 0 => format!("{plan} + {gb} GB"),
        _ => plan.to_owned(),
    }
}

/// What is to be paid for a plan and its extra space, VAT included.
pub fn gross(plan: &Quote, extra: Option<&Quote>) -> Money {
    plan.gross + extra.map_or(Money::ZERO, |e| e.gross)
}

/// What the acting login can choose for a renewal, and what this choice comes to.
///
/// # Errors
/// Those of [`super::place_renewal::renewable`]; `invalid` with the fields `plan`, `extra_gb`.
pub async fn offered(cx: &Cx, mailbox: MailboxId, choice: &Choice) -> Result<Offered, Problem> {
    let q = &mut cx.store();
    let row = own(q, cx, mailbox).await?;
    offered_row(q, cx, &row, choice).await
}

pub(super) async fn offered_row(
    q: &mut impl Query,
    cx: &Cx,
    row: &DueRow,
    choice: &Choice,
) -> Result<Offered, Problem> {
    let base = renewable_row(q, cx, row).await?;
    let stand = rows::stand(q, row.mailbox_id).await?.ok_or_else(Problem::not_found)?;
    let years: Vec<i64> = base.quotes.iter().map(|q| q.years).collect();
    let plans = plans(q, cx, row, &stand, base.quotes).await?;
    let code = choice.plan.as_deref().unwrap_or(&row.plan_code);
    let chosen = plans.iter().position(|o| o.plan.code == code);
    let chosen = chosen.ok_or_else(|| Problem::invalid_field("plan", "plan-not-on-sale"))?;
    let offer = &plans[chosen];
    let extra_gb = extra_gb(offer, &stand, choice)?;
    let extra = match extra_gb {
        Some(gb) if gb > 0 => {
            let prices = Prices::at(q, cx, cx.now()).await?;
            let quotes: Result<Vec<Quote>, _> = years.iter().map(|years| prices.extra_space(gb, *years)).collect();
            quotes.map_err(|_| Problem::invalid_field("extra_gb", "plan-not-on-sale"))?
        }
        _ => Vec::new(),
    };
    let fresh = stand.used_kib.zip(stand.counted_at).filter(|(_, at)| at.plus_us(GOOD_FOR_US) > cx.now());
    let present = Present {
        plan: plans.iter().find(|o| o.plan.code == row.plan_code).map_or(&offer.plan, |o| &o.plan),
        space_mib: stand.space_mib + stand.extra_gb * MIB_PER_GB,
        archive_mib: stand.archive_mib,
        used_kib: fresh.map(|(kib, _)| kib),
    };
    let wish = Wish { plan: &offer.plan, extra_gb: extra_gb.unwrap_or(0), sold_gb: offer.most_gb };
    Ok(Offered {
        address: base.address,
        end: base.end,
        plan_now: row.plan_code.clone(),
        losses: losses(&present, &wish),
        fit: fit(&present, &wish),
        plans,
        chosen,
        extra_gb,
        extra,
        used: fresh,
        methods: base.methods,
        immediate_until: base.immediate_until,
    })
}

/// The plan that it has, as it was sold to it, and those on sale to everybody. A mailbox under an agreement keeps its own
/// (domain notes 2.1).
async fn plans(
    q: &mut impl Query,
    cx: &Cx,
    row: &DueRow,
    stand: &StandRow,
    own: Vec<Quote>,
) -> Result<Vec<PlanOffer>, Problem> {
    let (now, today) = (cx.now(), cx.now().date());
    let free = row.agreement_list.is_none();
    let prices = Prices::at(q, cx, now).await?;
    let sold = match free {
        true => rows::most_extra(q, &cx.settings().retail_price_list, now).await?,
        false => Vec::new(),
    };
    let mut out = Vec::new();
    for mut plan in catalogue::plans(q).await? {
        let listed = sold.iter().find(|s| s.plan_code == plan.code).map_or(0, |s| s.max_gb);
        if plan.code == row.plan_code {
            (plan.space_mib, plan.archive_mib) = (stand.space_mib, stand.archive_mib);
            let most_gb = most_extra_gb(&plan, listed);
            out.push(PlanOffer { plan, quotes: own.clone(), most_gb });
        } else if free && plan.on_sale(today) {
            let quotes: Result<Vec<Quote>, _> = own.iter().map(|q| prices.plan(None, &plan.code, q.years)).collect();
            // What has no price is not on sale.
            let Ok(quotes) = quotes else { continue };
            let most_gb = most_extra_gb(&plan, listed);
            out.push(PlanOffer { plan, quotes, most_gb });
        }
    }
    Ok(out)
}

/// The extra space that is chosen; who has said nothing keeps what he has, as far as it is sold with the plan.
fn extra_gb(offer: &PlanOffer, stand: &StandRow, choice: &Choice) -> Result<Option<i64>, Problem> {
    if offer.most_gb == 0 && stand.extra_gb == 0 {
        return match choice.extra_gb {
            None | Some(0) => Ok(None),
            Some(_) => Err(too_much(offer)),
        };
    }
    match choice.extra_gb {
        None => Ok(Some(stand.extra_gb.min(offer.most_gb))),
        Some(gb) if (0..=offer.most_gb).contains(&gb) => Ok(Some(gb)),
        Some(_) => Err(too_much(offer)),
    }
}

fn too_much(offer: &PlanOffer) -> Problem {
    let field = match offer.most_gb {
        0 => FieldProblem::new("extra_gb", "renewal-extra-none"),
        most => FieldProblem::new("extra_gb", "renewal-extra-too-much").with("most", most),
    };
    Problem::invalid(vec![field])
}

/// What stands against confirming the choice.
pub(super) fn against(offered: &Offered, accept_losses: bool) -> Vec<FieldProblem> {
    let mut wrong = Vec::new();
    match offered.fit {
        Fit::Fits => {}
        Fit::NeedsExtra { gb } => {
            wrong.push(FieldProblem::new("plan", "plan-needs-extra").with("gb", gb));
        }
        Fit::TooFull { most_mib } => {
            wrong.push(FieldProblem::new("plan", "plan-too-full").with("most", gigabytes(most_mib)));
        }
        Fit::Unknown => wrong.push(FieldProblem::new("plan", "plan-usage-unknown")),
    }
    if !offered.losses.is_empty() && !accept_losses {
        wrong.push(FieldProblem::new("losses", "losses-not-accepted"));
    }
    wrong
}

/// `2 GB`; odd sizes in MB.
fn gigabytes(mib: i64) -> String {
    if mib % MIB_PER_GB == 0 { format!("{} GB", mib / MIB_PER_GB) } else { format!("{mib} MB") }
}

/// Asks the mail servers what lies in a mailbox of the acting login, at most once in five minutes.
///
/// # Errors
/// `NotFound`; the store's.
pub async fn ask_usage(cx: &Cx, mailbox: MailboxId) -> Result<(), Problem> {
    own(&mut cx.store(), cx, mailbox).await?;
    let key = format!("count:{mailbox}:{}", cx.now().micros() / ASK_AGAIN_US);
    let wish = CountUsage { mailboxes: vec![mailbox] }.request(("mailbox", mailbox.uuid()), Some(key), cx.now());
    let this = cx.clone();
    cx.write(async move |tx| effects::enqueue(tx, &this, std::slice::from_ref(&wish)).await).await
}
