//! The data of a subject, checked by the matrix: for registry records and holder profiles alike.

use serde::{Deserialize, Serialize};

use super::{Field, FieldRefusal, Need, SubjectKind, Typed, fields};
use crate::{
    ident::{
        BodyCode, EmailAddress, EmailRefusal, FiscalCode, InvoiceCode, InvoiceCodeRefusal, OfficeCode, Text,
        fiscal::Sex,
        fiscal_match::{self, Mismatch},
        places::{self, PlaceRefusal},
    },
    time::Date,
};

/// A subject whose data passed every check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubjectData {
    pub kind: SubjectKind,
    pub first_name: String,
    pub last_name: String,
    pub organisation: Option<String>,
    /// Sixteen characters: of the person, or of who represents the organisation.
    pub fiscal_code: Option<String>,
    /// Eleven digits: of the body.
    pub body_code: Option<String>,
    pub vat_number: Option<String>,
    pub birth: Option<Birth>,
    pub address: Address,
    pub invoicing: Invoicing,
}

/// When, where, and as what somebody was born.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Birth {
    pub date: Date,
    /// As typed: a municipality or a state.
    pub place: String,
    pub sex: Sex,
}

/// Residence, or registered office.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    pub street: String,
    pub number: String,
    pub postal_code: String,
    pub municipality: String,
    /// Two letters; `EE` abroad.
    pub province: String,
    /// `IT`, or the code of a foreign state.
    pub country: String,
}

/// Where electronic invoices go.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invoicing {
    pub pec: Option<String>,
    pub recipient_code: Option<String>,
    pub office_code: Option<String>,
}

impl SubjectData {
    /// The natural key of a record: the fiscal code of a person, the fiscal code of a body, else
    /// the VAT number (domain notes 1.2, 12.6).
    pub fn tax_key(&self) -> &str {
        let key = match self.kind {
            SubjectKind::Person => self.fiscal_code.as_deref(),
            SubjectKind::Freelancer | SubjectKind::SoleTrader => self.vat_number.as_deref(),
            SubjectKind::Company | SubjectKind::Nonprofit | SubjectKind::PublicBody | SubjectKind::Other => {
                self.body_code.as_deref().or(self.vat_number.as_deref())
            }
        };
        key.expect("the matrix makes the key of each kind mandatory")
    }
    /// The name under which the subject is shown and sorted.
    pub fn display_name(&self) -> String {
        self.organisation.clone().unwrap_or_else(|| self.person_name())
    }
    /// First and last name of the person, or of who represents the organisation.
    pub fn person_name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
    }
    /// The fields as a form shows them again.
    pub fn to_typed(&self) -> Typed {
        let text = |o: &Option<String>| o.clone().unwrap_or_default();
        let mut t = Typed::new()
            .with(Field::FirstName, &self.first_name)
            .with(Field::LastName, &self.last_name)
            .with(Field::Organisation, text(&self.organisation))
            .with(Field::FiscalCode, text(&self.fiscal_code))
            .with(Field::VatNumber, text(&self.vat_number))
            .with(Field::BodyCode, text(&self.body_code))
            .with(Field::Street, &self.address.street)
            .with(Field::StreetNumber, &self.address.number)
            .with(Field::PostalCode, &self.address.postal_code)
            .with(Field::Municipality, &self.address.municipality)
            .with(Field::Province, &self.address.province)
            .with(Field::Country, &self.address.country)
            .with(Field::InvoicePec, text(&self.invoicing.pec))
            .with(Field::InvoiceCode, text(&self.invoicing.recipient_code))
            .with(Field::OfficeCode, text(&self.invoicing.office_code));
        if self.kind == SubjectKind::Company && self.vat_number.is_none() {
            t.set(Field::WithoutVat, "yes");
        }
        if let Some(birth) = &self.birth {
            t.set(Field::BirthDate, birth.date.iso());
            t.set(Field::BirthPlace, &birth.place);
            t.set(Field::Sex, if birth.sex == Sex::F { "F" } else { "M" });
        }
        t
    }
}

/// Reads the data of a subject of this kind; `today` bounds the date of birth.
///
/// # Errors
/// Every refused field, in the order of the form.
pub fn check_subject(kind: SubjectKind, typed: &Typed, today: Date) -> Result<SubjectData, Vec<FieldRefusal>> {
    let mut check = Check { kind, typed, today, refused: Vec::new() };
    let first_name = check.name(Field::FirstName);
    let last_name = check.name(Field::LastName);
    let organisation = check.line(Field::Organisation, 120);
    let code = check.with(Field::FiscalCode, |raw| FiscalCode::parse(raw).map_err(|e| e.code()));
    let (vat_number, body_code) = check.numbers();
    let birth = check.birth();
    let address = check.address();
    let invoicing = check.invoicing(vat_number.is_some() || kind != SubjectKind::Company);
    if let Some(code) = code {
        check.agrees(&code, &first_name, &last_name, birth.as_ref());
    }
    check.finish()?;
    Ok(SubjectData {
        kind,
        first_name: first_name.unwrap_or_default(),
        last_name: last_name.unwrap_or_default(),
        organisation,
        fiscal_code: code.map(|c| c.as_str().to_owned()),
        body_code,
        vat_number,
        birth,
        address,
        invoicing,
    })
}

struct Check<'a> {
    kind: SubjectKind,
    typed: &'a Typed,
    today: Date,
    refused: Vec<FieldRefusal>,
}

impl Check<'_> {
    fn refuse(&mut self, field: Field, code: &'static str) {
        // One refusal a field: the first says what to do next.
        if !self.refused.iter().any(|r| r.field == field) {
            self.refused.push(FieldRefusal { field, code });
        }
    }
    fn need(&self, field: Field) -> Need {
        super::need(self.kind, field)
    }
    /// Reads a field that is shown and not blank; refuses a blank mandatory one.
    fn with<T>(&mut self, field: Field, read: impl FnOnce(&str) -> Result<T, &'static str>) -> Option<T> {
        let need = self.need(field);
        if need == Need::Hidden {
            return None;
        }
        let typed = self.typed;
        if typed.is_blank(field) {
            if need == Need::Mandatory {
                self.refuse(field, field.missing());
            }
            return None;
        }
        read(typed.get(field)).map_err(|code| self.refuse(field, code)).ok()
    }
    fn line(&mut self, field: Field, max: usize) -> Option<String> {
        self.with(field, |raw| Text::line(raw, max).map(Text::into_string).map_err(|e| e.code()))
    }
    /// A name of a person goes into mails: letters and what joins them, so that it carries no link.
    fn name(&mut self, field: Field) -> Option<String> {
        self.with(field, |raw| {
            let text = Text::line(raw, 60).map_err(|e| e.code())?;
            let good = |c: char| c.is_alphabetic() || is_mark(c) || " '’.-".contains(c);
            let letters = text.as_str().chars().any(char::is_alphabetic);
            if letters && text.as_str().chars().all(good) && !looks_like_a_domain(text.as_str()) {
                Ok(text.into_string())
            } else {
                Err("name-characters")
            }
        })
    }
    /// VAT number and eleven-digit code. An association registered as company ticks «without VAT»;
    /// a company's code left empty is its VAT number, as it mostly is (domain notes 1.2, 1.3).
    fn numbers(&mut self) -> (Option<String>, Option<String>) {
        let without = self.need(Field::WithoutVat) == Need::Optional && self.typed.ticked(Field::WithoutVat);
        let vat = if without {
            if !self.typed.is_blank(Field::VatNumber) {
                self.refuse(Field::VatNumber, "vat-number-and-without");
            }
            None
        } else {
            self.with(Field::VatNumber, |raw| BodyCode::parse_vat(raw).map_err(|e| e.code()))
        };
        let same = self.kind == SubjectKind::Company && !without && self.typed.is_blank(Field::BodyCode);
        let body = match vat {
            Some(vat) if same => Some(vat),
            _ if same => None,
            _ => self.with(Field::BodyCode, |raw| BodyCode::parse(raw).map_err(|e| e.code())),
        };
        (vat.map(|v| v.as_str().to_owned()), body.map(|b| b.as_str().to_owned()))
    }
    fn birth(&mut self) -> Option<Birth> {
        let today = self.today;
        let date = self.with(Field::BirthDate, |raw| {
            let date = parse_day(raw).ok_or("birth-date-shape")?;
            match date {
                d if d > today => Err("birth-date-future"),
                d if d < today.plus_years(-120) => Err("birth-date-old"),
                d => Ok(d),
            }
        });
        let place = self.with(Field::BirthPlace, |raw| {
            let text = Text::line(raw, 80).map_err(|e| e.code())?;
            let bare = text.as_str().split(['(', ',']).next().unwrap_or_default();
            let known = [text.as_str(), bare].iter().any(|t| !places::ever_named(t).is_empty());
            if known { Ok(text.into_string()) } else { Err("birth-place-unknown") }
        });
        let sex = self.with(Field::Sex, |raw| match raw.trim() {
            "M" => Ok(Sex::M),
            "F" => Ok(Sex::F),
            _ => Err(Field::Sex.missing()),
        });
        match (date, place, sex) {
            (Some(date), Some(place), Some(sex)) => Some(Birth { date, place, sex }),
            (None, None, None) => None,
            // Where birth is optional it is all or nothing.
            (date, place, sex) => {
                for (field, given) in [
                    (Field::BirthDate, date.is_some()),
                    (Field::BirthPlace, place.is_some()),
                    (Field::Sex, sex.is_some()),
                ] {
                    if !given {
                        self.refuse(field, field.missing());
                    }
                }
                None
            }
        }
    }
    fn address(&mut self) -> Address {
        let country = self
            .with(Field::Country, |raw| match raw.trim() {
                "IT" => Ok("IT".to_owned()),
                code => places::state(code).map(|p| p.code.to_owned()).map_err(|e| e.code()),
            })
            .unwrap_or_else(|| "IT".into());
        let street = self.line(Field::Street, 100).unwrap_or_default();
        let number = self.line(Field::StreetNumber, 12).unwrap_or_default();
        if country != "IT" {
            let postal_code = self.line(Field::PostalCode, 12).unwrap_or_default();
            let municipality = self.line(Field::Municipality, 80).unwrap_or_default();
            return Address { street, number, postal_code, municipality, province: places::ABROAD.into(), country };
        }
        let postal_code =
            self.with(Field::PostalCode, |raw| places::postal_code(raw).map_err(|e| e.code())).unwrap_or_default();
        let province =
            self.with(Field::Province, |raw| places::province(raw).map_err(|e| e.code())).unwrap_or_default();
        let municipality = self.municipality(province);
        Address { street, number, postal_code, municipality, province: province.to_owned(), country }
    }
    fn municipality(&mut self, province: &str) -> String {
        let found = self.with(Field::Municipality, |raw| {
            let text = Text::line(raw, 80).map_err(|e| e.code())?;
            if province.is_empty() {
                // The province is refused already; a municipality that exists nowhere is still told.
                let lives = places::ever_named(text.as_str()).iter().any(|p| p.to.is_none() && !p.is_foreign());
                return if lives { Ok(text.into_string()) } else { Err(PlaceRefusal::Municipality.code()) };
            }
            places::municipality(text.as_str(), province).map(|p| p.name.to_owned()).map_err(|e| e.code())
        });
        found.unwrap_or_default()
    }
    /// `needed`: a company without VAT has no channel for invoices and is not asked for one.
    fn invoicing(&mut self, needed: bool) -> Invoicing {
        let pec = self.with(Field::InvoicePec, |raw| match EmailAddress::parse(raw) {
            Ok(address) => Ok(address.as_str().to_owned()),
            Err(EmailRefusal::Empty) => Err(Field::InvoicePec.missing()),
            Err(other) => Err(other.code()),
        });
        let recipient = self.with(Field::InvoiceCode, |raw| InvoiceCode::parse(raw).map_err(|e| e.code()));
        let office_code = self
            .with(Field::OfficeCode, |raw| OfficeCode::parse(raw).map_err(|e| e.code()).map(|c| c.as_str().to_owned()));
        let channel = recipient.as_ref().is_some_and(InvoiceCode::is_channel);
        if pec.is_some() && channel {
            self.refuse(Field::InvoiceCode, InvoiceCodeRefusal::OneOnly.code());
        }
        let blank = self.typed.is_blank(Field::InvoicePec) && (self.typed.is_blank(Field::InvoiceCode) || !channel);
        let wrong = self.refused.iter().any(|r| r.field == Field::InvoiceCode);
        if needed && self.need(Field::InvoiceCode) == Need::OneOf && blank && !wrong {
            self.refuse(Field::InvoiceCode, InvoiceCodeRefusal::OneNeeded.code());
        }
        Invoicing { pec, recipient_code: recipient.filter(|_| channel).map(|c| c.as_str().to_owned()), office_code }
    }
    /// The typed data against the fiscal code, part by part.
    fn agrees(&mut self, code: &FiscalCode, first: &Option<String>, last: &Option<String>, birth: Option<&Birth>) {
        let typed = fiscal_match::Typed {
            last_name: last.as_deref(),
            first_name: first.as_deref(),
            sex: birth.map(|b| b.sex),
            birth: birth.map(|b| b.date),
            birth_place: birth.map(|b| b.place.as_str()),
        };
        for mismatch in fiscal_match::mismatches(code, typed) {
            let field = match mismatch {
                Mismatch::LastName => Field::LastName,
                Mismatch::FirstName => Field::FirstName,
                Mismatch::BirthDate => Field::BirthDate,
                Mismatch::Sex => Field::Sex,
                Mismatch::BirthPlace => Field::BirthPlace,
            };
            self.refuse(field, mismatch.code());
        }
    }
    fn finish(&mut self) -> Result<(), Vec<FieldRefusal>> {
        if self.refused.is_empty() {
            return Ok(());
        }
        let order: Vec<Field> = fields(self.kind).map(|(f, _)| f).collect();
        self.refused.sort_by_key(|r| order.iter().position(|f| *f == r.field));
        Err(std::mem::take(&mut self.refused))
    }
}

/// Combining marks that NFC leaves: no letters by themselves.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

/// `evil.example`: a dot with letters on both sides and no blank after it.
fn looks_like_a_domain(name: &str) -> bool {
    name.split('.').collect::<Vec<_>>().windows(2).any(|w| {
        w[0].chars().last().is_some_and(char::is_alphabetic)
            && w[1].chars().take_while(|c| c.is_alphabetic()).count() > 1
    })
}

/// `2026-10-01`, or `1/10/2026` as Italians write it.
pub(super) fn parse_day(raw: &str) -> Option<Date> {
    let raw = raw.trim();
    if let Some(date) = Date::parse_iso(raw) {
        return Some(date);
    }
    let mut parts = raw.split(['/', '-', '.']).map(str::trim);
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 || ![day, month].iter().all(|p| (1..=2).contains(&p.len())) {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}
