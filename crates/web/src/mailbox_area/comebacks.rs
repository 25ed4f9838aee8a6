//! «Riattiva»: an add-on that ended since the credit was short comes back.

use app::{
    Problem,
    use_cases::addons::bring_back::{BringBack, bring_back, comeback},
};
use axum::extract::Path;
use domain::{
    addon::{Service, by_gb},
    id::AddonId,
    money::Money,
};
use render::{
    Form, Msg, Tone,
    pages::{Bill, holder_renewals::AddonBack},
};

use super::{Member, form_key, refused};
use crate::{Answer, FormData, answer::mendable};

const CARD: &str = "/mailbox/card";

fn addon(id: &str) -> Result<AddonId, Problem> {
    id.parse().map_err(|_| Problem::not_found())
}

pub(super) async fn ask(member: Member, Path(id): Path<String>) -> Answer {
    let key = form_key(&member.visit);
    page(&member, addon(&id)?, Form::new(), key).await
}

pub(super) async fn take(member: Member, Path(id): Path<String>, form: FormData) -> Answer {
    let (visit, id) = (&member.visit, addon(&id)?);
    let key = form.get("key").to_owned();
    let input = BringBack {
        mailbox: member.row.mailbox_id,
        addon: id,
        shown: Money::cents(form.number("shown").unwrap_or(-1)),
        key: key.clone(),
    };
    match bring_back(&visit.cx, input).await {
        Ok(()) => visit.go_saying(CARD, Tone::Ok, Msg::new("area-again-done")),
        // The page says what is lacking, and the way to it.
        Err(problem) if problem.is("credit-short") => page(&member, id, form.shown(), key).await,
        Err(problem) if mendable(&problem) => page(&member, id, refused(form.shown(), &problem), form_key(visit)).await,
        Err(problem) => Err(problem.into()),
    }
}

/// Where it does not come back the card says why, and what to do instead.
async fn page(member: &Member, id: AddonId, form: Form, key: String) -> Answer {
    let visit = &member.visit;
    let found = match comeback(&visit.cx, member.row.mailbox_id, id).await {
        Ok(found) => found,
        Err(problem) if mendable(&problem) => return visit.go_saying(CARD, Tone::Err, Msg::problem(problem.code)),
        Err(problem) => return Err(problem.into()),
    };
    let service = Service::parse(&found.service).ok_or_else(|| Problem::broken("word of an add-on"))?;
    visit.page(&AddonBack {
        credit: member.credit(),
        address: found.address,
        id: id.to_string(),
        by_gb: by_gb(&found.service),
        service: found.service,
        gb: found.quote.gb,
        end: found.end,
        last_day: found.last_day,
        until: found.quote.until,
        bill: Bill::of_addon(&found.quote, service, visit.locale),
        missing: found.missing,
        left: found.held - found.quote.gross,
        key,
        form,
    })
}
