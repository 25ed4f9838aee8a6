//! The permanent register of addresses: who may take one, and what becomes of it afterwards.

use serde::{Deserialize, Serialize};

/// What the register says of an address; no entry means that nobody ever had it, or that it
/// was only held by an order that was given up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisterEntry {
    pub state: RegisterState,
    /// Fiscal code or VAT number of the one who holds it now, or held it last.
    pub holder_tax_key: String,
    /// The former holder, while somebody (the same one) is buying it again.
    pub former_tax_key: Option<String>,
}

/// State of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RegisterState {
    /// By an order that is not paid yet.
    Held,
    /// By a living mailbox: active, or expired within 90 days.
    Assigned,
    /// The mailbox was cancelled: only its former holder may buy it again.
    Released,
}
impl RegisterState {
    /// The word the store keeps.
    pub fn as_str(self) -> &'static str {
        match self {
            RegisterState::Held => "held",
            RegisterState::Assigned => "assigned",
            RegisterState::Released => "released",
        }
    }
    /// Reads the store's word.
    pub fn parse(s: &str) -> Option<Self> {
        [Self::Held, Self::Assigned, Self::Released].into_iter().find(|state| state.as_str() == s)
    }
}

/// The answer to «is this address free?» (domain notes 2.4: `LIBERA`, `OCCUPATA`, `RISERVATA_EX_TITOLARE`).
/// `NON_VALIDA` is decided before, by the rules of names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Availability {
    Free,
    Taken,
    /// Free for this holder only, because the address was his.
    FreeForFormerHolder,
}
impl Availability {
    pub fn can_be_bought(self) -> bool {
        self != Availability::Taken
    }
}

/// Judges an address for a holder; `holder` is `None` while it is not known who will hold it.
/// To everybody but the former holder a released address is simply taken.
pub fn availability(entry: Option<&RegisterEntry>, holder: Option<&str>) -> Availability {
    match entry {
        None => Availability::Free,
        Some(e) if e.state == RegisterState::Released && holder == Some(e.holder_tax_key.as_str()) => {
            Availability::FreeForFormerHolder
        }
        Some(_) => Availability::Taken,
    }
}

/// What becomes of the entry when the order that holds it is cancelled or expires.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AfterRelease {
    /// Nobody had it before: free for all again.
    Forget,
    /// It goes back to waiting for its former holder.
    BackToFormer { tax_key: String },
}

/// Releases a held entry; `None` when the entry is not a held one and must stay.
pub fn release(entry: &RegisterEntry) -> Option<AfterRelease> {
    if entry.state != RegisterState::Held {
        return None;
    }
    Some(match &entry.former_tax_key {
        Some(tax_key) => AfterRelease::BackToFormer { tax_key: tax_key.clone() },
        None => AfterRelease::Forget,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(state: RegisterState, former: Option<&str>) -> RegisterEntry {
        RegisterEntry { state, holder_tax_key: "RSSMRA80A01H501U".into(), former_tax_key: former.map(Into::into) }
    }

    #[test]
    fn a_released_address_is_free_for_its_former_holder_only() {
        let released = entry(RegisterState::Released, None);
        assert_eq!(availability(Some(&released), Some("RSSMRA80A01H501U")), Availability::FreeForFormerHolder);
        assert_eq!(availability(Some(&released), Some("00743110157")), Availability::Taken);
        assert_eq!(availability(Some(&released), None), Availability::Taken);
        assert_eq!(availability(None, None), Availability::Free);
    }

    #[test]
    fn held_and_assigned_are_taken_even_for_the_same_holder() {
        for state in [RegisterState::Held, RegisterState::Assigned] {
            assert_eq!(availability(Some(&entry(state, None)), Some("RSSMRA80A01H501U")), Availability::Taken);
        }
    }

    #[test]
    fn an_order_given_up_gives_the_name_back_to_whom_it_belonged() {
        assert_eq!(release(&entry(RegisterState::Held, None)), Some(AfterRelease::Forget));
        assert_eq!(
            release(&entry(RegisterState::Held, Some("RSSMRA80A01H501U"))),
            Some(AfterRelease::BackToFormer { tax_key: "RSSMRA80A01H501U".into() })
        );
        assert_eq!(release(&entry(RegisterState::Assigned, None)), None, "a living mailbox keeps its name");
    }

    #[test]
    fn words_of_the_store() {
        for s in [RegisterState::Held, RegisterState::Assigned, RegisterState::Released] {
            assert_eq!(RegisterState::parse(s.as_str()), Some(s));
        }
        assert_eq!(RegisterState::parse("free"), None);
    }
}
