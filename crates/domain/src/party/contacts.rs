//! How a subject is reached: an e-mail typed twice, a telephone or a mobile (domain notes 1.2, 12.5).

use serde::{Deserialize, Serialize};

use super::{Field, FieldRefusal, Typed};
use crate::ident::{EmailAddress, EmailRefusal, Phone, PhoneRefusal};

/// Contacts that passed every check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contacts {
    pub email: String,
    /// E.164.
    pub phone: Option<String>,
    /// E.164 of a number that receives text messages.
    pub mobile: Option<String>,
}
impl Contacts {
    /// Lower-cased key under which e-mails are compared.
    pub fn email_key(&self) -> String {
        self.email.to_ascii_lowercase()
    }
}

/// Reads the contacts; answers every refusal at once.
///
/// # Errors
/// The refused fields in the order of the form.
pub fn check_contacts(typed: &Typed) -> Result<Contacts, Vec<FieldRefusal>> {
    let mut refused = Vec::new();
    let mut refuse = |field, code| refused.push(FieldRefusal { field, code });
    let email = match EmailAddress::parse_twice(typed.get(Field::Email), typed.get(Field::EmailAgain)) {
        Ok(email) => Some(email),
        Err(EmailRefusal::Empty) => {
            refuse(Field::Email, Field::Email.missing());
            None
        }
        Err(EmailRefusal::Differs) if typed.is_blank(Field::EmailAgain) => {
            refuse(Field::EmailAgain, Field::EmailAgain.missing());
            None
        }
        Err(EmailRefusal::Differs) => {
            refuse(Field::EmailAgain, EmailRefusal::Differs.code());
            None
        }
        Err(other) => {
            refuse(Field::Email, other.code());
            None
        }
    };
    let mut number = |field, parse: fn(&str) -> Result<Phone, PhoneRefusal>| {
        if typed.is_blank(field) {
            return None;
        }
        parse(typed.get(field)).map_err(|e| refuse(field, e.code())).ok()
    };
    let mobile = number(Field::Mobile, Phone::parse_mobile);
    let phone = number(Field::Phone, Phone::parse);
    if typed.is_blank(Field::Mobile) && typed.is_blank(Field::Phone) {
        refuse(Field::Mobile, Field::Mobile.missing());
    }
    match email {
        Some(email) if refused.is_empty() => Ok(Contacts {
            email: email.as_str().to_owned(),
            phone: phone.map(|p| p.as_str().to_owned()),
            mobile: mobile.map(|p| p.as_str().to_owned()),
        }),
        _ => Err(refused),
    }
}
