//! What lacked credit: as a query, as the hidden fields of the top-up, as the page that takes it up again.

use app::{
    Problem,
    queries::holder_area,
    use_cases::{
        addons::{bring_back::comeback, buy_addon::price},
        renewals::renew_with_credit::renewable_with_credit,
        wallet::wanted::Wanted,
    },
};
use domain::{addon::Service, money::Money, wallet::shortfall};
use render::Form;

use super::Member;
use crate::{FormData, answer::mendable};

/// The fields that carry it through the top-up.
pub(super) const FIELDS: [&str; 4] = ["service", "gb", "years", "addon"];

pub(super) fn read(asked: &FormData) -> Option<Wanted> {
    if let Some(service) = asked.some("service") {
        let service = Service::parse(service)?;
        return Some(Wanted::Addon { service, gb: service.amount(asked.number("gb").unwrap_or(1)) });
    }
    if let Some(addon) = asked.some("addon") {
        return Some(Wanted::Back { addon: addon.parse().ok()? });
    }
    asked.number("years").map(|years| Wanted::Renewal { years })
}

pub(super) fn carried(asked: &FormData) -> Form {
    FIELDS.into_iter().fold(Form::new(), |form, name| form.with(name, asked.get(name)))
}

fn pairs(wanted: Wanted) -> String {
    match wanted {
        Wanted::Addon { service, gb } => format!("service={}&gb={gb}", service.as_str()),
        Wanted::Renewal { years } => format!("years={years}"),
        Wanted::Back { addon } => format!("addon={addon}"),
    }
}

/// The page that takes it up again.
pub(super) fn page(wanted: Wanted) -> String {
    match wanted {
        Wanted::Addon { .. } => format!("/mailbox/addons/new?{}", pairs(wanted)),
        Wanted::Renewal { .. } => format!("/mailbox/renew?{}", pairs(wanted)),
        Wanted::Back { addon } => format!("/mailbox/addons/{addon}/back"),
    }
}

/// The top-up for it.
pub(super) fn top_up(wanted: Wanted) -> String {
    format!("/mailbox/credit?{}", pairs(wanted))
}

/// What it lacks at the price of this moment; nothing when it is enough, or cannot be bought.
pub(super) async fn missing(member: &Member, wanted: Wanted) -> Result<Option<Money>, Problem> {
    let found = match wanted {
        Wanted::Addon { service, gb } => for_addon(member, service, gb).await,
        Wanted::Renewal { years } => {
            let found = renewable_with_credit(&member.visit.cx, member.row.mailbox_id).await;
            found.map(|f| f.choices.into_iter().find(|c| c.quote.years == years).map(|c| c.missing_in_all))
        }
        Wanted::Back { addon } => {
            comeback(&member.visit.cx, member.row.mailbox_id, addon).await.map(|f| Some(f.missing))
        }
    };
    match found {
        Ok(missing) => Ok(missing.filter(|m| *m > Money::ZERO)),
        Err(problem) if mendable(&problem) || problem.is("not-found") => Ok(None),
        Err(problem) => Err(problem),
    }
}

async fn for_addon(member: &Member, service: Service, gb: i64) -> Result<Option<Money>, Problem> {
    let (buyer, offers) = holder_area::shop(&member.visit.cx, member.row.mailbox_id).await?;
    let Some(offer) = offers.iter().find(|o| o.service == service.as_str()) else { return Ok(None) };
    Ok(Some(shortfall(price(&member.visit.cx, &buyer, offer, gb)?.gross, buyer.available())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form;

    #[test]
    fn what_is_carried_is_read_again() {
        let read = |q: &str| read(&form::parse(q.as_bytes()).expect("a query"));
        let wanted = [
            Wanted::Addon { service: Service::ExtraSpace, gb: 3 },
            Wanted::Addon { service: Service::SmsNotice, gb: 1 },
            Wanted::Renewal { years: 2 },
            Wanted::Back { addon: domain::id::AddonId::from_uuid(uuid::Uuid::nil()) },
        ];
        for w in wanted {
            assert_eq!(read(&pairs(w)), Some(w));
        }
        for nonsense in ["", "service=gold&gb=1", "addon=mbx_1", "years=x"] {
            assert_eq!(read(nonsense), None, "{nonsense}");
        }
    }
}
