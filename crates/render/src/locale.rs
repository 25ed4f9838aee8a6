use serde::{Deserialize, Serialize};

/// A language of the interface. Italian is the source, English is complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Locale {
    #[default]
    It,
    En,
}
impl Locale {
    /// All languages, source first.
    pub const ALL: [Locale; 2] = [Locale::It, Locale::En];

    /// The code in `lang` attributes, columns and folder names.
    pub const fn code(self) -> &'static str {
        match self {
            Locale::It => "it",
            Locale::En => "en",
        }
    }
    /// The code, as columns keep it.
    pub const fn tag(self) -> &'static str {
        self.code()
    }
    /// From a stored or asked-for code; Italian when it is not known.
    pub fn from_tag(tag: &str) -> Self {
        Self::parse(tag).unwrap_or_default()
    }
    /// The language offered in the footer.
    pub const fn other(self) -> Locale {
        match self {
            Locale::It => Locale::En,
            Locale::En => Locale::It,
        }
    }
    /// Reads a code, also with a region (`en-GB`); `None` for languages we do not speak.
    pub fn parse(code: &str) -> Option<Locale> {
        let language = code.trim().split(['-', '_']).next().unwrap_or_default();
        Locale::ALL.into_iter().find(|l| language.eq_ignore_ascii_case(l.code()))
    }
    /// The first language of an `Accept-Language` header that we speak, by its quality.
    pub fn from_accept_language(header: &str) -> Option<Locale> {
        let mut best: Option<(Locale, f32)> = None;
        for part in header.split(',').take(20) {
            let mut pieces = part.split(';');
            let Some(locale) = pieces.next().and_then(Locale::parse) else { continue };
            let quality = pieces.find_map(|p| p.trim().strip_prefix("q=")?.parse::<f32>().ok()).unwrap_or(1.0);
            if quality > 0.0 && best.is_none_or(|(_, q)| quality > q) {
                best = Some((locale, quality));
            }
        }
        best.map(|(l, _)| l)
    }
    pub(crate) const fn index(self) -> usize {
        self as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accept_language_by_quality() {
        assert_eq!(Locale::from_accept_language("en-GB,en;q=0.9,it;q=0.8"), Some(Locale::En));
        assert_eq!(Locale::from_accept_language("de, it;q=0.5, en;q=0.4"), Some(Locale::It));
        assert_eq!(Locale::from_accept_language("en;q=0, it;q=0.1"), Some(Locale::It));
        assert_eq!(Locale::from_accept_language("de,fr"), None);
        assert_eq!(Locale::from_accept_language(""), None);
        assert_eq!(Locale::from_accept_language(";;;q=x,\u{0}"), None);
    }
}
