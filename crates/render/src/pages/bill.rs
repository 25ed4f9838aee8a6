//! How prices come about, out of their quotes.

use domain::{
    addon::{
        Service, Unit,
        pricing::{AddonQuote, Basis},
    },
    money::Money,
    order::pricing::{DerivationLine, Quote},
};

use super::{Bill, BillLine};
use crate::{Locale, Msg};

impl Bill {
    /// The derivation of a quote; `plan` is the name that people read.
    pub fn of(quote: &Quote, plan: &str, locale: Locale) -> Self {
        let mut bill = Bill {
            lines: Vec::new(),
            net: quote.net,
            vat_rate_bp: quote.vat_bp,
            vat_exact: None,
            vat: quote.vat,
            gross: quote.gross,
        };
        for line in quote.derivation() {
            match line {
                DerivationLine::Product { plan: code, quantity, years, unit_net, amount } => {
                    bill.lines.push(product((&code, plan), quantity, years, unit_net, amount));
                }
                DerivationLine::Vat { exact_micros, rounded: true, .. } => {
                    bill.vat_exact = Some(exact_euros(exact_micros, locale));
                }
                DerivationLine::Vat { .. } | DerivationLine::Net { .. } | DerivationLine::Gross { .. } => {}
            }
        }
        bill
    }
    /// Both as one: what is to be paid together. Each is rounded by itself, so no exact amount is told.
    #[must_use]
    pub fn and(mut self, other: Bill) -> Self {
        self.lines.extend(other.lines);
        self.net += other.net;
        self.vat += other.vat;
        self.gross += other.gross;
        self.vat_exact = None;
        self
    }
    /// How the price of an add-on comes about (domain notes 5.3, 5.4).
    pub fn of_addon(quote: &AddonQuote, service: Service, locale: Locale) -> Self {
        let words = |basis: &str| match service.unit() {
            Unit::Gb => Msg::new(format!("bill-addon-{basis}")),
            Unit::One => Msg::new(format!("bill-service-{basis}")),
        };
        let how = match quote.basis {
            Basis::Free => words("free").arg("until", quote.until),
            Basis::Years(years) => words("years").arg("years", years),
            Basis::OnceMore => words("once-more"),
            Basis::Months(months) => words("months").arg("months", months),
        };
        let label = Msg::new(format!("addon-{}-gb", service.as_str())).arg("gb", quote.gb);
        let exact_micros = quote.net.as_cents() * quote.vat_bp;
        Bill {
            lines: vec![BillLine {
                label,
                detail: Some(how.arg("gb", quote.gb).arg("unit", quote.unit_net)),
                amount: quote.net,
            }],
            net: quote.net,
            vat_rate_bp: quote.vat_bp,
            vat_exact: (exact_micros % 10_000 != 0).then(|| exact_euros(exact_micros, locale)),
            vat: quote.vat,
            gross: quote.gross,
        }
    }
    pub(crate) fn sample_sms() -> Self {
        let how = Msg::new("bill-service-years").arg("years", 1).arg("gb", 1).arg("unit", Money::cents(600));
        let label = Msg::new("addon-sms_notice-gb").arg("gb", 1);
        let amount = Money::cents(600);
        Bill {
            lines: vec![BillLine { label, detail: Some(how), amount }],
            net: amount,
            vat_rate_bp: 2200,
            vat_exact: None,
            vat: Money::cents(132),
            gross: Money::cents(732),
        }
    }
    pub(crate) fn sample_addon() -> Self {
        let how = Msg::new("bill-addon-years").arg("years", 1).arg("gb", 1).arg("unit", Money::cents(250));
        Bill {
            lines: vec![BillLine {
                label: Msg::new("addon-extra_space-gb").arg("gb", 1),
                detail: Some(how),
                amount: Money::cents(250),
            }],
            net: Money::cents(250),
            vat_rate_bp: 2200,
            vat_exact: None,
            vat: Money::cents(55),
            gross: Money::cents(305),
        }
    }
}

/// A plan under the name that people read, or an add-on that is renewed with it.
fn product((code, plan): (&str, &str), quantity: i64, years: i64, unit: Money, amount: Money) -> BillLine {
    let (label, how) = match Service::parse(code) {
        Some(service) => {
            let how = match service.unit() {
                Unit::Gb => "renewal-how-gb",
                Unit::One => "renewal-how-once",
            };
            (Msg::new(format!("addon-{}-gb", service.as_str())).arg("gb", quantity), Msg::new(how))
        }
        None => (Msg::new("bill-mailboxes").arg("plan", plan).arg("count", quantity), Msg::new("bill-product")),
    };
    let detail = Some(how.arg("quantity", quantity).arg("years", years).arg("unit", unit));
    BillLine { label, detail, amount }
}

/// Millionths of a euro as people read them: `€7,8408`, without zeros at the end.
fn exact_euros(micros: i64, locale: Locale) -> String {
    let whole = locale.money(Money::cents(micros / 10_000));
    let rest = format!("{:04}", micros % 10_000);
    format!("{whole}{}", rest.trim_end_matches('0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_vat_is_told_without_useless_zeros() {
        assert_eq!(exact_euros(7_840_800, Locale::It), "€7,8408");
        assert_eq!(exact_euros(4_356_000, Locale::It), "€4,356");
        assert_eq!(exact_euros(4_356_000, Locale::En), "€4.356");
    }
}
