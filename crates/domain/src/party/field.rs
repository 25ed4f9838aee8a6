//! The fields of a registry record, and which of them each kind of subject must fill in.

use serde::{Deserialize, Serialize};

use super::SubjectKind;

macro_rules! fields {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $missing:literal;)*) => {
        /// A field of the form. Its name is that of the form control and of the JSON key.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum Field { $($(#[$doc])* #[serde(rename = $name)] $variant,)* }
        impl Field {
            /// Every field, in the order of the form.
            pub const ALL: &'static [Field] = &[$(Field::$variant),*];
            /// Name of the form control.
            pub const fn name(self) -> &'static str {
                match self { $(Field::$variant => $name),* }
            }
            /// The refusal of an empty mandatory field: the words name the field.
            pub const fn missing(self) -> &'static str {
                match self { $(Field::$variant => $missing),* }
            }
        }
    };
}
fields! {
    FirstName = "first_name", "missing-first-name";
    LastName = "last_name", "missing-last-name";
    /// Company name, name of the body, of the professional's firm.
    Organisation = "organisation", "missing-organisation";
    /// Of the person, or of the one who represents the organisation.
    FiscalCode = "fiscal_code", "missing-fiscal-code";
    VatNumber = "vat_number", "missing-vat-number";
    /// «Senza partita IVA»: an association that registers as company (domain notes 1.2).
    WithoutVat = "without_vat", "missing-without-vat";
    /// Fiscal code of eleven digits.
    BodyCode = "body_code", "missing-body-code";
    BirthDate = "birth_date", "missing-birth-date";
    /// Municipality or state.
    BirthPlace = "birth_place", "missing-birth-place";
    Sex = "sex", "missing-sex";
    Street = "street", "missing-street";
    StreetNumber = "street_number", "missing-street-number";
    PostalCode = "postal_code", "missing-postal-code";
    Municipality = "municipality", "missing-municipality";
    Province = "province", "missing-province";
    /// `IT` or the code of a foreign state.
    Country = "country", "missing-country";
    /// PEC address for electronic invoices.
    InvoicePec = "invoice_pec", "missing-invoice-pec";
    /// Recipient code («codice destinatario»).
    InvoiceCode = "invoice_code", "invoice-one-needed";
    /// Office code («codice univoco ufficio») of a public body.
    OfficeCode = "office_code", "missing-office-code";
    Email = "email", "missing-email";
    EmailAgain = "email_again", "missing-email-again";
    Mobile = "mobile", "contact-phone-needed";
    Phone = "phone", "missing-phone";
}

impl Field {
    pub fn parse(name: &str) -> Option<Field> {
        Field::ALL.iter().copied().find(|f| f.name() == name)
    }
    /// Whether the field stands on the page of contacts.
    pub const fn is_contact(self) -> bool {
        matches!(self, Field::Email | Field::EmailAgain | Field::Mobile | Field::Phone)
    }
}

/// What a kind of subject does with a field (domain notes 1.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    Mandatory,
    Optional,
    /// Not shown; what is sent for it is not read.
    Hidden,
    /// Exactly one of the fields of the group: PEC or recipient code.
    OneOf,
    /// At least one of the fields of the group: telephone or mobile.
    AnyOf,
}

const M: Need = Need::Mandatory;
const O: Need = Need::Optional;
const H: Need = Need::Hidden;
const E: Need = Need::OneOf;
const A: Need = Need::AnyOf;

/// The matrix of domain notes 1.3. Columns: person, company, freelancer, sole trader, no profit,
/// public body, other.
#[rustfmt::skip]
const MATRIX: &[(Field, [Need; 7])] = &[
    (Field::FirstName,    [M, M, M, M, M, M, M]),
    (Field::LastName,     [M, M, M, M, M, M, M]),
    (Field::Organisation, [H, M, O, M, M, M, M]),
    (Field::FiscalCode,   [M, M, M, M, M, O, M]),
    (Field::VatNumber,    [H, M, M, M, O, O, O]),
    (Field::WithoutVat,   [H, O, H, H, H, H, H]),
    (Field::BodyCode,     [H, M, H, H, M, M, M]),
    (Field::BirthDate,    [M, O, M, M, O, H, O]),
    (Field::BirthPlace,   [M, O, M, M, O, H, O]),
    (Field::Sex,          [M, O, M, M, O, H, O]),
    (Field::Street,       [M, M, M, M, M, M, M]),
    (Field::StreetNumber, [M, M, M, M, M, M, M]),
    (Field::PostalCode,   [M, M, M, M, M, M, M]),
    (Field::Municipality, [M, M, M, M, M, M, M]),
    (Field::Province,     [M, M, M, M, M, M, M]),
    (Field::Country,      [M, M, M, M, M, M, M]),
    (Field::InvoicePec,   [O, E, E, E, O, H, O]),
    (Field::InvoiceCode,  [O, E, E, E, O, H, O]),
    (Field::OfficeCode,   [H, H, H, H, H, M, H]),
    (Field::Email,        [M, M, M, M, M, M, M]),
    (Field::EmailAgain,   [M, M, M, M, M, M, M]),
    (Field::Mobile,       [A, A, A, A, A, A, A]),
    (Field::Phone,        [A, A, A, A, A, A, A]),
];

/// What this kind of subject does with this field.
pub fn need(kind: SubjectKind, field: Field) -> Need {
    MATRIX.iter().find(|(f, _)| *f == field).map_or(Need::Hidden, |(_, row)| row[kind.column()])
}

/// The fields that a kind of subject sees, in the order of the form, with what is needed of each.
pub fn fields(kind: SubjectKind) -> impl Iterator<Item = (Field, Need)> {
    MATRIX.iter().map(move |(f, row)| (*f, row[kind.column()])).filter(|(_, n)| *n != Need::Hidden)
}
