//! What may be changed of a registry record, and how (domain notes 1.8).

use super::Field;

/// The way a datum changes once the record exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// By the customer, at once.
    Free,
    /// By the customer, after the new address has been proven with a code.
    Proven,
    /// Through support, with papers: company name.
    Support,
    /// Never on this record: another person or number is a change of holder.
    ChangeOfHolder,
}

/// How this field changes.
pub const fn change(field: Field) -> Change {
    match field {
        Field::FirstName
        | Field::LastName
        | Field::FiscalCode
        | Field::VatNumber
        | Field::WithoutVat
        | Field::BodyCode
        | Field::BirthDate
        | Field::BirthPlace
        | Field::Sex => Change::ChangeOfHolder,
        Field::Organisation => Change::Support,
        Field::Email | Field::EmailAgain => Change::Proven,
        Field::Street
        | Field::StreetNumber
        | Field::PostalCode
        | Field::Municipality
        | Field::Province
        | Field::Country
        | Field::InvoicePec
        | Field::InvoiceCode
        | Field::OfficeCode
        | Field::Mobile
        | Field::Phone => Change::Free,
    }
}
