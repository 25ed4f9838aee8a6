//! The part of a subject's data that is kept as one JSON text: what is never searched by.

use serde::{Deserialize, Serialize};

use super::{Address, Birth, Invoicing, SubjectData, SubjectKind};

/// Column `details` of registry records and holder profiles.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    pub body_code: Option<String>,
    pub birth: Option<Birth>,
    pub address: Address,
    #[serde(default)]
    pub invoicing: Invoicing,
}

/// The columns of a subject beside `details`.
#[derive(Clone, Copy, Debug)]
pub struct Columns<'a> {
    pub kind: &'a str,
    pub first_name: &'a str,
    pub last_name: &'a str,
    pub organisation: Option<&'a str>,
    pub fiscal_code: Option<&'a str>,
    pub vat_number: Option<&'a str>,
}

impl SubjectData {
    /// What goes into the column `details`.
    pub fn details_json(&self) -> String {
        let details = Details {
            body_code: self.body_code.clone(),
            birth: self.birth.clone(),
            address: self.address.clone(),
            invoicing: self.invoicing.clone(),
        };
        serde_json::to_string(&details).expect("details are plain data")
    }
    /// The data again, from a row. `None` when the row was not written by this program.
    pub fn from_columns(columns: Columns<'_>, details_json: &str) -> Option<SubjectData> {
        let details: Details = serde_json::from_str(details_json).ok()?;
        let text = |o: Option<&str>| o.map(str::to_owned);
        Some(SubjectData {
            kind: SubjectKind::parse(columns.kind)?,
            first_name: columns.first_name.to_owned(),
            last_name: columns.last_name.to_owned(),
            organisation: text(columns.organisation),
            fiscal_code: text(columns.fiscal_code),
            body_code: details.body_code,
            vat_number: text(columns.vat_number),
            birth: details.birth,
            address: details.address,
            invoicing: details.invoicing,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ident::Sex, time::Date};

    #[test]
    fn data_come_back_from_a_row() {
        let data = SubjectData {
            kind: SubjectKind::Freelancer,
            first_name: "Anna".into(),
            last_name: "Rossi".into(),
            organisation: None,
            fiscal_code: Some("RSSNNA90E47Z110T".into()),
            body_code: None,
            vat_number: Some("00743110157".into()),
            birth: Date::new(1990, 5, 7).map(|date| Birth { date, place: "Francia".into(), sex: Sex::F }),
            address: Address {
                street: "Via Roma".into(),
                number: "1".into(),
                postal_code: "00184".into(),
                municipality: "Roma".into(),
                province: "RM".into(),
                country: "IT".into(),
            },
            invoicing: Invoicing { pec: Some("anna@pec.example.it".into()), ..Invoicing::default() },
        };
        let columns = Columns {
            kind: data.kind.as_str(),
            first_name: &data.first_name,
            last_name: &data.last_name,
            organisation: data.organisation.as_deref(),
            fiscal_code: data.fiscal_code.as_deref(),
            vat_number: data.vat_number.as_deref(),
        };
        assert_eq!(SubjectData::from_columns(columns, &data.details_json()), Some(data.clone()));
        assert_eq!(SubjectData::from_columns(columns, "{}"), None);
        assert_eq!(SubjectData::from_columns(Columns { kind: "ghost", ..columns }, &data.details_json()), None);
    }
}
