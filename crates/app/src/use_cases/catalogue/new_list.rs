//! A new price list: empty, or with what another one sells on a day. Nobody buys from it before an agreement names it.

use domain::{addon::Strategy, audit::AuditLine, catalogue::price_in_force, operator::Permission, time::Date};
use serde_json::json;
use store::{
    WriteTx,
    catalogue::{self, NewPrice},
    catalogue_office as rows, offers, price_lists,
};
use uuid::Uuid;

use super::{good_code, operator, read_day, read_name};
use crate::{Cx, FieldProblem, Problem, audit, use_cases::operators::authorise};

/// Where lists are sold.
pub const CHANNELS: [&str; 2] = ["agreement", "retail"];

/// A list as it was typed.
#[derive(Clone, Debug, Default)]
pub struct TypedList {
    pub code: String,
    pub name: String,
    pub channel: String,
    /// Empty when it sells no add-ons.
    pub addon_rule: String,
    /// Code of the list to copy, and the day whose prices and offers are taken; empty for none.
    pub copy_of: String,
    pub day: String,
}

/// What was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewList {
    pub code: String,
    pub prices: u64,
    pub offers: u64,
}

/// Makes a price list. Copied prices and offers are in force in it from the day on whose state they are.
///
/// # Errors
/// `invalid` with the fields of the form (`code`: small letters, digits and dashes, not taken; `addon_rule`: needed where
/// add-ons are copied); `Forbidden`.
pub async fn new_list(cx: &Cx, typed: TypedList) -> Result<NewList, Problem> {
    authorise(cx, Permission::EditCatalogue)?;
    let cx_in = cx.clone();
    let asked = read(typed, cx.now().date())?;
    cx.write(async move |tx| make(tx, &cx_in, &asked).await).await
}

struct Asked {
    code: String,
    name: String,
    channel: String,
    rule: Option<Strategy>,
    copy: Option<(String, Date)>,
}

fn read(typed: TypedList, today: Date) -> Result<Asked, Problem> {
    let code = typed.code.trim().to_lowercase();
    let mut wrong = Vec::new();
    if !good_code(&code) {
        wrong.push(FieldProblem::new("code", "list-code-bad"));
    }
    let name = read_name(&typed.name).map_err(|p| wrong.push(p)).unwrap_or_default();
    if !CHANNELS.contains(&typed.channel.as_str()) {
        wrong.push(FieldProblem::new("channel", "list-channel"));
    }
    let rule = Strategy::parse(&typed.addon_rule);
    if rule.is_none() && !typed.addon_rule.is_empty() {
        wrong.push(FieldProblem::new("addon_rule", "list-rule"));
    }
    let copy = match typed.copy_of.as_str() {
        "" => None,
        source => match read_day(&typed.day, today, 0, "day") {
            Ok(day) => Some((source.to_owned(), day)),
            Err(problem) => {
                wrong.push(problem);
                None
            }
        },
    };
    if wrong.is_empty() {
        Ok(Asked { code, name, channel: typed.channel, rule, copy })
    } else {
        Err(Problem::invalid(wrong))
    }
}

async fn make(tx: &mut WriteTx, cx: &Cx, a: &Asked) -> Result<NewList, Problem> {
    if price_lists::put(tx, &a.code, &a.name, &a.channel, a.rule.map(Strategy::as_str)).await? == 0 {
        return Err(Problem::invalid_field("code", "list-code-taken"));
    }
    let (mut prices, mut copied) = (0, 0);
    if let Some((source, day)) = &a.copy {
        if !rows::lists(tx).await?.iter().any(|l| l.code == *source) {
            return Err(Problem::invalid_field("copy_of", "list-unknown-here"));
        }
        prices = copy_prices(tx, cx, (source, &a.code), *day).await?;
        copied = offers::copy(tx, (source, &a.code), *day, cx.now(), operator(cx)).await?;
        if copied > 0 && a.rule.is_none() {
            return Err(Problem::invalid_field("addon_rule", "list-rule-missing"));
        }
    }
    let details = json!({
        "list": a.code,
        "name": a.name,
        "channel": a.channel,
        "addon_rule": a.rule.map(Strategy::as_str),
        "copy_of": a.copy.as_ref().map(|(source, _)| source),
        "day": a.copy.as_ref().map(|(_, day)| day.iso()),
        "prices": prices,
        "offers": copied,
    });
    audit::record(tx, cx, &AuditLine::new("price_list.made", "price_list", Uuid::nil(), details)).await?;
    Ok(NewList { code: a.code.clone(), prices, offers: copied })
}

/// The prices in force on the day; products are few.
async fn copy_prices(tx: &mut WriteTx, cx: &Cx, (source, list): (&str, &str), day: Date) -> Result<u64, Problem> {
    let known = catalogue::prices(tx, source, day.start()).await?;
    let mut copied = 0;
    for product in price_lists::products(tx).await? {
        let Some(price) = price_in_force(&known, &product.code, day.start()) else { continue };
        let new = NewPrice {
            id: cx.new_id(),
            list,
            plan: &product.code,
            valid_from: day.start(),
            unit_net: price.unit_net,
            vat_bp: price.vat_bp,
        };
        copied += catalogue::put_price(tx, &new).await?;
    }
    Ok(copied)
}
