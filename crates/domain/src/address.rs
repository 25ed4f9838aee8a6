//! The permanent register of addresses: who may take one, and what to offer when it is taken.

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

/// Longest local part (domain notes 2.4).
const LOCAL_MAX: usize = 64;

/// Names close to a taken one, best first, without repetitions: initials, the parts turned
/// round, other separators, usual endings, numbers. The caller keeps the first free ones.
pub fn variants(local: &str) -> Vec<String> {
    let parts: Vec<&str> = local.split(['.', '-', '_']).filter(|p| !p.is_empty()).collect();
    let mut out = Vec::new();
    if let [first, .., last] = &parts[..] {
        out.push(format!("{}.{}", &first.chars().next().map(String::from).unwrap_or_default(), last));
        out.push(format!("{local}.pec"));
        out.push(parts.iter().rev().copied().collect::<Vec<_>>().join("."));
        for separator in ["", "-", "_"] {
            out.push(parts.join(separator));
        }
    } else {
        out.extend(["pec", "posta", "ufficio"].map(|end| format!("{local}.{end}")));
        out.push(format!("pec.{local}"));
    }
    out.push(format!("{local}.studio"));
    out.extend((1..=9).map(|n| format!("{local}{n}")));
    let mut seen = std::collections::HashSet::from([local.to_owned()]);
    out.retain(|v| v.is_ascii() && (2..=LOCAL_MAX).contains(&v.len()) && seen.insert(v.clone()));
    out
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
    fn variants_are_near_and_never_the_name_itself() {
        let v = variants("marco.rossi");
        assert_eq!(&v[..5], ["m.rossi", "marco.rossi.pec", "rossi.marco", "marcorossi", "marco-rossi"]);
        assert!(!v.contains(&"marco.rossi".to_owned()));
        let unique: std::collections::HashSet<_> = v.iter().collect();
        assert_eq!(unique.len(), v.len());
        assert_eq!(variants("comune")[0], "comune.pec");
        assert!(variants("a-a").iter().all(|x| x.len() >= 2));
        assert!(variants(&"x".repeat(64)).iter().all(|x| x.len() <= 64));
    }

    #[test]
    fn words_of_the_store() {
        for s in [RegisterState::Held, RegisterState::Assigned, RegisterState::Released] {
            assert_eq!(RegisterState::parse(s.as_str()), Some(s));
        }
        assert_eq!(RegisterState::parse("free"), None);
    }
}
