//! The texts that people accept or acknowledge.

/// What a legal text is about. Each is kept in versions that never change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextKind {
    /// General terms of contract.
    Conditions,
    /// The clauses of them that are approved apart (civil code 1341, 1342).
    UnfairTerms,
    PrivacyNotice,
    Marketing,
    /// Information on the right of withdrawal.
    Withdrawal,
}
impl TextKind {
    pub const ALL: [Self; 5] =
        [Self::Conditions, Self::UnfairTerms, Self::PrivacyNotice, Self::Marketing, Self::Withdrawal];

    /// The word of the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Conditions => "conditions",
            Self::UnfairTerms => "unfair_terms",
            Self::PrivacyNotice => "privacy_notice",
            Self::Marketing => "marketing",
            Self::Withdrawal => "withdrawal",
        }
    }
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.as_str() == word)
    }
    /// The word of the address, `/legal/<slug>`. Never changed: orders and mails link to it.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Conditions => "terms",
            Self::UnfairTerms => "unfair-terms",
            Self::PrivacyNotice => "privacy",
            Self::Marketing => "marketing",
            Self::Withdrawal => "withdrawal",
        }
    }
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.slug() == slug)
    }
}

/// The title that a paragraph begins with («6. Durata.»), and the rest: for bold letters, the words stay as they are.
pub fn heading(paragraph: &str) -> (Option<&str>, &str) {
    let Some((number, rest)) = paragraph.split_once(". ") else { return (None, paragraph) };
    if number.is_empty() || !number.bytes().all(|b| b.is_ascii_digit()) {
        return (None, paragraph);
    }
    match rest.split_once(". ") {
        Some((title, words)) if title.chars().count() <= 60 => {
            let end = paragraph.len() - words.len();
            (Some(paragraph[..end].trim_end()), words)
        }
        _ => (None, paragraph),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_slugs_lead_back() {
        for kind in TextKind::ALL {
            assert_eq!(TextKind::parse(kind.as_str()), Some(kind));
            assert_eq!(TextKind::from_slug(kind.slug()), Some(kind));
        }
        assert_eq!(TextKind::parse("terms"), None);
        assert_eq!(TextKind::from_slug("conditions"), None);
    }
    #[test]
    fn a_heading_loses_no_word() {
        assert_eq!(heading("6. Durata. Il servizio dura. Sempre."), (Some("6. Durata."), "Il servizio dura. Sempre."));
        assert_eq!(heading("Trattiamo i dati. Sempre."), (None, "Trattiamo i dati. Sempre."));
        assert_eq!(heading("14. Foro"), (None, "14. Foro"));
        for odd in ["", ". . ", "1. ", "1. . x", "3. Perché no. Sì"] {
            let (head, rest) = heading(odd);
            let all = head.map(|h| format!("{h} {rest}")).unwrap_or_else(|| rest.to_owned());
            assert_eq!(all, odd);
        }
    }
}
