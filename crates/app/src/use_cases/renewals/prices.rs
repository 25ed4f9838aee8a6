//! The price of a renewal: the one in force on the day, of the list that the service stands under.

use std::collections::HashMap;

use domain::{
    addon::Service,
    catalogue::Price,
    order::pricing::{Quote, quote},
    renewal::calendar,
    time::{Date, Timestamp},
};
use store::{Query, renewals as rows, renewals::DueRow};

use crate::{Cx, Problem};

/// The prices in force at a moment, by list and product.
pub struct Prices {
    retail: String,
    by_list: HashMap<(String, String), Price>,
}

/// What a renewal costs and how far it reaches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Renewal {
    pub quote: Quote,
    /// Last day of the service before and after it.
    pub end: Date,
    pub until: Date,
}

/// Why a renewal has no price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The history does not make sense: nobody is billed.
    Park(&'static str),
    /// There is nothing to renew any more.
    End(&'static str),
    /// The agreement renews nothing any more.
    AgreementClosed,
}

impl Prices {
    /// Those in force at `at`.
    ///
    /// # Errors
    /// The store's.
    pub async fn at(q: &mut impl Query, cx: &Cx, at: Timestamp) -> Result<Self, Problem> {
        let mut by_list = HashMap::new();
        // In the order of their validity: the last one stays.
        for row in rows::prices(q, at).await? {
            let price = Price {
                id: row.id,
                plan: row.product_code.clone(),
                valid_from: row.valid_from_at,
                unit_net: row.net_cents,
                vat_bp: row.vat_bp,
            };
            by_list.insert((row.price_list, row.product_code), price);
        }
        Ok(Self { retail: cx.settings().retail_price_list.clone(), by_list })
    }

    fn of(&self, list: &str, product: &str) -> Result<&Price, Trouble> {
        self.by_list.get(&(list.to_owned(), product.to_owned())).ok_or(Trouble::Park("no-price"))
    }

    /// The price of a plan of this list for one mailbox.
    ///
    /// # Errors
    /// [`Trouble::Park`] without a price in force.
    pub fn plan(&self, list: Option<&str>, plan: &str, years: i64) -> Result<Quote, Trouble> {
        Ok(quote(self.of(list.unwrap_or(&self.retail), plan)?, 1, years))
    }

    /// The price of so much extra space beside a plan that is sold to everybody.
    ///
    /// # Errors
    /// [`Trouble::Park`] without a price in force.
    pub fn extra_space(&self, gb: i64, years: i64) -> Result<Quote, Trouble> {
        Ok(quote(self.of(&self.retail, Service::ExtraSpace.as_str())?, gb, years))
    }

    /// What renewing this service costs.
    ///
    /// # Errors
    /// [`Trouble`] by name.
    pub fn renewal(&self, row: &DueRow) -> Result<Renewal, Trouble> {
        if !matches!(row.mailbox_state.as_str(), "activating" | "active" | "expired") {
            return Err(Trouble::End("mailbox-ended"));
        }
        let end = row.end().ok_or(Trouble::Park("service-missing"))?;
        if row.period_start != calendar::period_start(end) {
            return Err(Trouble::Park("term-disagrees"));
        }
        let renewal = match &row.addon_service {
            Some(service) => self.addon(row, service, end)?,
            None => {
                let quote = self.plan(row.agreement_list.as_deref(), &row.plan_code, row.years)?;
                Renewal { quote, end, until: calendar::renewed_end(end, row.years) }
            }
        };
        match row.validity() {
            Some(validity) if !validity.may_renew(end) => Err(Trouble::AgreementClosed),
            _ => Ok(renewal),
        }
    }

    /// An add-on follows its mailbox, which was renewed before it (domain notes 5.5).
    fn addon(&self, row: &DueRow, service: &str, end: Date) -> Result<Renewal, Trouble> {
        let comes_back = row.state == "lapsed";
        if row.addon_state.as_deref() != Some(if comes_back { "ended" } else { "active" }) {
            return Err(Trouble::Park("service-ended"));
        }
        let until = row.term_end;
        if until <= end {
            return Err(Trouble::End("mailbox-not-renewed"));
        }
        let years = (1..=6).find(|n| calendar::renewed_end(end, *n) >= until).ok_or(Trouble::Park("term-disagrees"))?;
        let price = self.of(row.addon_list.as_deref().unwrap_or_default(), service)?;
        Ok(Renewal { quote: quote(price, row.gb.unwrap_or_default(), years), end, until })
    }
}
