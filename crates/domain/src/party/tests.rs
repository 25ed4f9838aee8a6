use proptest::prelude::*;

use super::*;
use crate::time::Date;

fn today() -> Date {
    Date::parse_iso("2026-10-01").unwrap()
}

/// Everything that any kind could ask, right for Mario Rossi; hidden fields are not read.
fn full() -> Typed {
    Typed::from_pairs([
        ("first_name", "Mario"),
        ("last_name", "Rossi"),
        ("organisation", "Forniture Rossi S.r.l."),
        ("fiscal_code", "rssmra80a01h501u"),
        ("vat_number", "IT 00743110157"),
        ("body_code", "01573850516"),
        ("birth_date", "1/1/1980"),
        ("birth_place", "Roma"),
        ("sex", "M"),
        ("street", "Via Appia Nuova"),
        ("street_number", "12/B"),
        ("postal_code", "00183"),
        ("municipality", "roma"),
        ("province", "rm"),
        ("country", "IT"),
        ("invoice_code", "m5uxcr1"),
        ("office_code", "UF1A2B"),
        ("email", "mario@example.it"),
        ("email_again", "Mario@example.it"),
        ("mobile", "333 1234567"),
    ])
}
fn refusals(kind: SubjectKind, typed: &Typed) -> Vec<(&'static str, &'static str)> {
    check_subject(kind, typed, today()).err().unwrap_or_default().iter().map(|r| (r.field.name(), r.code)).collect()
}

#[test]
fn every_kind_accepts_what_it_asks() {
    for kind in SubjectKind::ALL {
        assert_eq!(refusals(kind, &full()), [], "{kind:?}");
        let data = check_subject(kind, &full(), today()).unwrap();
        assert_eq!(data.kind, kind);
        // Read again from what is shown, it is the same.
        assert_eq!(check_subject(kind, &data.to_typed(), today()).as_ref(), Ok(&data), "{kind:?}");
        let json = serde_json::to_string(&data).unwrap();
        assert_eq!(serde_json::from_str::<SubjectData>(&json).unwrap(), data);
    }
}

#[test]
fn the_matrix_drives_the_validation() {
    for kind in SubjectKind::ALL {
        for field in Field::ALL.iter().copied().filter(|f| !f.is_contact()) {
            let mut typed = full();
            // A company's own code may be left empty: it is the VAT number.
            let skip = kind == SubjectKind::Company && field == Field::BodyCode;
            typed.set(field, " ");
            let told: Vec<_> = refusals(kind, &typed).into_iter().filter(|(f, _)| *f == field.name()).collect();
            match need(kind, field) {
                Need::Mandatory if !skip => assert_eq!(told, [(field.name(), field.missing())], "{kind:?} {field:?}"),
                Need::OneOf if field == Field::InvoiceCode => assert_eq!(told.len(), 1, "{kind:?}"),
                // Birth is optional as a whole only.
                Need::Optional if matches!(field, Field::BirthDate | Field::BirthPlace | Field::Sex) => {
                    assert_eq!(told, [(field.name(), field.missing())]);
                }
                _ => assert_eq!(told, [], "{kind:?} {field:?}"),
            }
        }
    }
}

#[test]
fn hidden_fields_are_not_read() {
    for kind in SubjectKind::ALL {
        for field in Field::ALL.iter().copied().filter(|f| need(kind, *f) == Need::Hidden) {
            let typed = full().with(field, "\u{202e}not at all\0");
            assert_eq!(refusals(kind, &typed), [], "{kind:?} {field:?}");
        }
    }
    let person = check_subject(SubjectKind::Person, &full(), today()).unwrap();
    assert_eq!((person.vat_number, person.organisation, person.body_code), (None, None, None));
}

#[test]
fn keys_and_names() {
    let key = |kind| check_subject(kind, &full(), today()).unwrap().tax_key().to_owned();
    assert_eq!(key(SubjectKind::Person), "RSSMRA80A01H501U");
    assert_eq!(key(SubjectKind::Freelancer), "00743110157");
    assert_eq!(key(SubjectKind::SoleTrader), "00743110157");
    for kind in [SubjectKind::Company, SubjectKind::Nonprofit, SubjectKind::PublicBody, SubjectKind::Other] {
        assert_eq!(key(kind), "01573850516", "{kind:?}");
    }
    let name = |kind| check_subject(kind, &full(), today()).unwrap().display_name();
    assert_eq!(name(SubjectKind::Person), "Mario Rossi");
    assert_eq!(name(SubjectKind::Company), "Forniture Rossi S.r.l.");
}

#[test]
fn a_company_without_its_own_code_has_its_vat_number() {
    let data = check_subject(SubjectKind::Company, &full().with(Field::BodyCode, ""), today()).unwrap();
    assert_eq!(data.body_code, data.vat_number);
}

#[test]
fn an_association_without_vat_registers_as_company() {
    let typed = full().with(Field::WithoutVat, "yes").with(Field::VatNumber, "").with(Field::InvoiceCode, "");
    let data = check_subject(SubjectKind::Company, &typed, today()).unwrap();
    assert_eq!((data.vat_number.as_deref(), data.tax_key()), (None, "01573850516"));
    assert_eq!(check_subject(SubjectKind::Company, &data.to_typed(), today()), Ok(data));
    let without_code = typed.clone().with(Field::BodyCode, "");
    assert_eq!(refusals(SubjectKind::Company, &without_code), [("body_code", "missing-body-code")]);
    let both = full().with(Field::WithoutVat, "yes");
    assert_eq!(refusals(SubjectKind::Company, &both), [("vat_number", "vat-number-and-without")]);
}

#[test]
fn an_invoice_goes_one_way() {
    let pec = full().with(Field::InvoicePec, "azienda@pec.example.it");
    assert_eq!(refusals(SubjectKind::Company, &pec), [("invoice_code", "invoice-one-only")]);
    let zeros = pec.clone().with(Field::InvoiceCode, "0000000");
    assert_eq!(refusals(SubjectKind::Company, &zeros), []);
    let none = full().with(Field::InvoiceCode, "0000000");
    assert_eq!(refusals(SubjectKind::Company, &none), [("invoice_code", "invoice-one-needed")]);
    assert_eq!(refusals(SubjectKind::Person, &none), []);
}

#[test]
fn the_code_and_the_data_must_agree() {
    let typed = full().with(Field::FirstName, "Luigi").with(Field::Sex, "F").with(Field::BirthDate, "1980-01-02");
    assert_eq!(
        refusals(SubjectKind::Person, &typed),
        [
            ("first_name", "fiscal-code-other-first-name"),
            ("birth_date", "fiscal-code-other-birth-date"),
            ("sex", "fiscal-code-other-sex"),
        ]
    );
}

#[test]
fn places_and_postcodes() {
    let at = |field, value: &str| refusals(SubjectKind::Person, &full().with(field, value));
    assert_eq!(at(Field::PostalCode, "0018"), [("postal_code", "place-postal-code")]);
    assert_eq!(at(Field::Province, "XX"), [("province", "place-province")]);
    assert_eq!(at(Field::Province, "MI"), [("municipality", "place-municipality-elsewhere")]);
    assert_eq!(at(Field::Municipality, "Atlantide"), [("municipality", "place-municipality")]);
    assert_eq!(at(Field::Country, "Atlantide"), [("country", "place-state")]);
    let abroad = full()
        .with(Field::Country, "Z110")
        .with(Field::PostalCode, "75001")
        .with(Field::Municipality, "Paris")
        .with(Field::Province, "");
    let data = check_subject(SubjectKind::Person, &abroad, today()).unwrap();
    assert_eq!((data.address.country.as_str(), data.address.province.as_str()), ("Z110", "EE"));
}

#[test]
fn dates_as_people_write_them() {
    let at = |value: &str| refusals(SubjectKind::Person, &full().with(Field::BirthDate, value));
    for good in ["01/01/1980", "1/1/1980", " 1980-01-01 ", "1-1-1980", "01.01.1980"] {
        assert_eq!(at(good), [], "{good}");
    }
    for bad in ["1/1/80", "31/02/1980", "1980", "ieri", "1/1/1980/1", "0001/1/1980", "١/١/١٩٨٠"] {
        assert_eq!(at(bad), [("birth_date", "birth-date-shape")], "{bad}");
    }
    assert_eq!(at("2080-01-01"), [("birth_date", "birth-date-future")]);
    assert_eq!(at("1880-01-01"), [("birth_date", "birth-date-old")]);
}

#[test]
fn names_carry_no_links_and_nothing_unseen() {
    let at = |value: &str| refusals(SubjectKind::Freelancer, &full().with(Field::FirstName, value));
    for bad in ["http://evil.example", "Mario evil.example", "Mario <b>", "Mario 2", "-", "m@rio", "=1+1"] {
        assert_eq!(at(bad)[0], ("first_name", "name-characters"), "{bad}");
    }
    assert_eq!(at("Ma\0rio")[0], ("first_name", "text-control"));
    assert_eq!(at("Ma\u{202e}rio")[0], ("first_name", "text-bidi"));
    assert_eq!(at("Ma\u{200b}rio")[0], ("first_name", "text-invisible"));
    assert_eq!(at(&"Mario ".repeat(2_000))[0], ("first_name", "text-too-long"));
    let other = full().with(Field::FiscalCode, "");
    for good in ["Anna Maria", "D’Andrea", "Jean-Luc", "Àgata", "G. Mario", "王"] {
        let told = refusals(SubjectKind::PublicBody, &other.clone().with(Field::FirstName, good));
        assert_eq!(told, [], "{good}");
    }
}

#[test]
fn contacts() {
    let good = check_contacts(&full()).unwrap();
    assert_eq!(good.email_key(), "mario@example.it");
    assert_eq!((good.mobile.as_deref(), good.phone), (Some("+393331234567"), None));
    let told = |typed: &Typed| -> Vec<_> {
        check_contacts(typed).err().unwrap_or_default().iter().map(|r| (r.field.name(), r.code)).collect()
    };
    assert_eq!(told(&full().with(Field::EmailAgain, "maria@example.it")), [("email_again", "email-differs")]);
    assert_eq!(told(&full().with(Field::EmailAgain, "")), [("email_again", "missing-email-again")]);
    assert_eq!(told(&full().with(Field::Mobile, "")), [("mobile", "contact-phone-needed")]);
    assert_eq!(told(&full().with(Field::Mobile, "06 69881234")), [("mobile", "phone-not-mobile")]);
    let fixed = full().with(Field::Mobile, "").with(Field::Phone, "06 69881234");
    assert_eq!(check_contacts(&fixed).unwrap().phone.as_deref(), Some("+390669881234"));
    let none = Typed::new();
    assert_eq!(told(&none), [("email", "missing-email"), ("mobile", "contact-phone-needed")]);
    for bad in ["mario@example.it\r\nBcc: all@example.it", "mario@example.it\0", "mario@exam\u{202e}ple.it", "mario"] {
        let typed = full().with(Field::Email, bad).with(Field::EmailAgain, bad);
        assert_eq!(told(&typed).len(), 1, "{bad:?}");
    }
}

#[test]
fn a_certified_address_is_taken() {
    let typed = full().with(Field::Email, "m@pec.it").with(Field::EmailAgain, "m@pec.it");
    assert_eq!(check_contacts(&typed).unwrap().email, "m@pec.it");
}

#[test]
fn names_and_numbers_never_change_online() {
    for field in [Field::FirstName, Field::LastName, Field::FiscalCode, Field::VatNumber, Field::BodyCode] {
        assert_eq!(change(field), Change::ChangeOfHolder);
    }
    assert_eq!(change(Field::Email), Change::Proven);
    assert_eq!(change(Field::Organisation), Change::Support);
    assert_eq!(change(Field::Street), Change::Free);
}

#[test]
fn every_field_is_in_the_matrix_and_reads_back() {
    for field in Field::ALL.iter().copied() {
        assert_eq!(Field::parse(field.name()), Some(field));
        assert!(SubjectKind::ALL.into_iter().any(|k| need(k, field) != Need::Hidden), "{field:?}");
        assert_eq!(serde_json::to_value(field).unwrap(), field.name());
    }
    assert!(SubjectKind::ALL.into_iter().all(|k| SubjectKind::parse(k.as_str()) == Some(k)));
    assert!(SubjectType::ALL.into_iter().all(|k| SubjectType::parse(k.as_str()) == Some(k)));
}

proptest! {
    #[test]
    fn anything_typed_is_answered(field in 0..Field::ALL.len(), value in "\\PC{0,40}", kind in 0..7usize) {
        let kind = SubjectKind::ALL[kind];
        let typed = full().with(Field::ALL[field], value);
        if let Ok(data) = check_subject(kind, &typed, today()) {
            prop_assert!(!data.tax_key().is_empty());
            prop_assert_eq!(check_subject(kind, &data.to_typed(), today()), Ok(data));
        }
        let _ = check_contacts(&typed);
    }
}
