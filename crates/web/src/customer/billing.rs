//! Who is invoiced, in the words of pages.

use app::rows::AccountRow;
use domain::party::SubjectData;
use render::pages::wizard::Billing;
use serde::Deserialize;

/// The billing data of an account as they are now.
pub(crate) fn of_account(account: &AccountRow) -> Billing {
    words(Kept {
        name: account.display_name.clone(),
        fiscal_code: account.fiscal_code.clone(),
        vat_number: account.vat_number.clone(),
        email: account.email.clone(),
        details: serde_json::from_str(&account.details).ok(),
    })
}

/// The billing data as they were when the order was placed.
pub(crate) fn of_order(json: &str) -> Billing {
    words(serde_json::from_str(json).unwrap_or_default())
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Kept {
    name: String,
    fiscal_code: Option<String>,
    vat_number: Option<String>,
    email: String,
    #[serde(deserialize_with = "lenient")]
    details: Option<SubjectData>,
}

/// Old orders keep what was the shape of their day: what cannot be read is left out, not an error.
fn lenient<'de, D: serde::Deserializer<'de>>(d: D) -> Result<Option<SubjectData>, D::Error> {
    Ok(serde_json::from_value(serde_json::Value::deserialize(d)?).ok())
}

fn words(kept: Kept) -> Billing {
    let address = kept.details.as_ref().map_or_else(String::new, |d| {
        let a = &d.address;
        format!("{} {}, {} {} ({})", a.street, a.number, a.postal_code, a.municipality, a.province)
    });
    Billing {
        name: kept.name,
        fiscal_code: kept.fiscal_code,
        vat_number: kept.vat_number,
        address,
        recipient_code: kept
            .details
            .as_ref()
            .and_then(|d| d.invoicing.recipient_code.clone().or(d.invoicing.office_code.clone())),
        pec: kept.details.and_then(|d| d.invoicing.pec),
        email: kept.email,
    }
}
