//! Text typed by people: bounded, normalised, without characters that cannot be seen.

use unicode_normalization::UnicodeNormalization;

refusals! {
    /// Why a text is refused.
    pub enum TextRefusal {
        /// Nothing but blanks where something is needed.
        Empty = "text-empty",
        /// More characters than the field holds.
        TooLong = "text-too-long",
        /// A NUL or another control character (a new line only in a multi-line text).
        Control = "text-control",
        /// A character that turns the direction of writing: it can make a text read as another.
        Bidi = "text-bidi",
        /// A character without width inside a word: two different texts would look the same.
        Invisible = "text-invisible",
        /// Characters outside any script (private use, unassigned by design).
        Unassigned = "text-unassigned",
    }
}

/// A text in NFC, without blanks at its ends, with single blanks inside.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(transparent)]
pub struct Text(String);

impl Text {
    /// A mandatory single-line text of at most `max` characters (not bytes).
    pub fn line(raw: &str, max: usize) -> Result<Text, TextRefusal> {
        Self::optional_line(raw, max)?.ok_or(TextRefusal::Empty)
    }
    /// A single-line text of at most `max` characters; `None` when only blanks were typed.
    pub fn optional_line(raw: &str, max: usize) -> Result<Option<Text>, TextRefusal> {
        bounded(raw, max)?;
        let joined: Vec<&str> =
            raw.split([' ', '\t', '\u{a0}', '\u{202f}', '\u{3000}']).filter(|w| !w.is_empty()).collect();
        let text: String = joined.join(" ").nfc().collect();
        finish(text, max, |_| false)
    }
    /// A text of several lines (`\r\n` becomes `\n`), of at most `max` characters.
    pub fn lines(raw: &str, max: usize) -> Result<Option<Text>, TextRefusal> {
        bounded(raw, max)?;
        let text: String = raw.replace("\r\n", "\n").trim_matches([' ', '\n', '\t']).nfc().collect();
        finish(text, max, |c| c == '\n' || c == '\t')
    }
    pub fn as_str(&self) -> &str {
        &self.0
    }
    pub fn into_string(self) -> String {
        self.0
    }
}
impl std::fmt::Display for Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Stops absurd inputs before any work is done on them: no character takes more than four bytes,
/// and decomposed accents at most triple the count.
fn bounded(raw: &str, max: usize) -> Result<(), TextRefusal> {
    if raw.len() > max.saturating_mul(12) + 64 { Err(TextRefusal::TooLong) } else { Ok(()) }
}

fn finish(text: String, max: usize, allowed: fn(char) -> bool) -> Result<Option<Text>, TextRefusal> {
    if let Some(refusal) = text.chars().find_map(|c| if allowed(c) { None } else { unseen(c) }) {
        return Err(refusal);
    }
    if text.chars().count() > max {
        return Err(TextRefusal::TooLong);
    }
    Ok((!text.is_empty()).then_some(Text(text)))
}

/// Why a character may not stand in a text; `None` for a good one.
pub fn unseen(c: char) -> Option<TextRefusal> {
    match c {
        c if c.is_control() => Some(TextRefusal::Control),
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            Some(TextRefusal::Bidi)
        }
        '\u{ad}'
        | '\u{34f}'
        | '\u{115f}'
        | '\u{1160}'
        | '\u{17b4}'
        | '\u{17b5}'
        | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200d}'
        | '\u{2028}'
        | '\u{2029}'
        | '\u{2060}'..='\u{2065}'
        | '\u{206a}'..='\u{206f}'
        | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}'
        | '\u{ffa0}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e0fff}' => Some(TextRefusal::Invisible),
        '\u{e000}'..='\u{f8ff}' | '\u{fffd}'..='\u{ffff}' | '\u{f0000}'..='\u{10ffff}' => Some(TextRefusal::Unassigned),
        _ => None,
    }
}

/// Folds a Latin text to ASCII: accents are dropped, `ß` is `ss`, `æ` is `ae`, and so on.
/// Characters with no Latin meaning become `None`.
pub fn fold_ascii(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    for c in text.nfd() {
        match c {
            c if c.is_ascii() => out.push(c),
            '\u{300}'..='\u{36f}' => {}
            '’' | '‘' | 'ʼ' | '`' | '´' | 'ʻ' => out.push('\''),
            '–' | '—' | '‐' | '‑' => out.push('-'),
            '\u{a0}' => out.push(' '),
            _ => out.push_str(latin(c)?),
        }
    }
    Some(out)
}

fn latin(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' => "ss",
        'ẞ' => "SS",
        'æ' => "ae",
        'Æ' => "AE",
        'œ' => "oe",
        'Œ' => "OE",
        'ø' => "o",
        'Ø' => "O",
        'đ' | 'ð' => "d",
        'Đ' | 'Ð' => "D",
        'ł' => "l",
        'Ł' => "L",
        'þ' => "th",
        'Þ' => "TH",
        'ħ' => "h",
        'Ħ' => "H",
        'ı' => "i",
        'ĸ' => "k",
        'ŋ' => "n",
        'Ŋ' => "N",
        'ŧ' => "t",
        'Ŧ' => "T",
        'ə' => "e",
        'Ə' => "E",
        _ => return None,
    })
}

/// Letters and digits of a folded text in upper case, nothing else: the key under which two
/// spellings of one name meet (`Sant'Àgata` and `SANT AGATA`). `None` outside the Latin script.
pub fn name_key(text: &str) -> Option<String> {
    Some(fold_ascii(text)?.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect())
}

/// How the answer to a secret question is compared (domain notes 1.7): its letters and digits with single blanks,
/// without case and accents, since years lie between the two times it is typed.
pub fn secret_answer_key(answer: &str) -> String {
    let bare = answer.nfd().filter(|c| !unicode_normalization::char::is_combining_mark(*c));
    let kept: String = bare.map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    kept.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn blanks_and_accents_are_normalised() {
        assert_eq!(Text::line("  Rossi \t De\u{a0}Luca ", 40).unwrap().as_str(), "Rossi De Luca");
        assert_eq!(Text::line("e\u{300}", 1).unwrap().as_str(), "è");
        assert_eq!(Text::optional_line(" \t ", 3), Ok(None));
        assert_eq!(Text::line(" ", 3), Err(TextRefusal::Empty));
        assert_eq!(Text::lines("uno\r\ndue\n", 20).unwrap().unwrap().as_str(), "uno\ndue");
    }
    #[test]
    fn length_counts_characters() {
        assert!(Text::line(&"è".repeat(50), 50).is_ok());
        assert_eq!(Text::line(&"è".repeat(51), 50), Err(TextRefusal::TooLong));
        assert_eq!(Text::line(&"x".repeat(10_000), 50), Err(TextRefusal::TooLong));
    }
    #[test]
    fn unseen_characters_are_refused() {
        for (raw, refusal) in [
            ("a\0b", TextRefusal::Control),
            ("a\nb", TextRefusal::Control),
            ("a\u{7f}", TextRefusal::Control),
            ("a\u{85}b", TextRefusal::Control),
            ("moc.\u{202e}elpmaxe", TextRefusal::Bidi),
            ("a\u{2066}b", TextRefusal::Bidi),
            ("ad\u{200b}min", TextRefusal::Invisible),
            ("ad\u{ad}min", TextRefusal::Invisible),
            ("\u{feff}x", TextRefusal::Invisible),
            ("a\u{2028}b", TextRefusal::Invisible),
            ("a\u{fffd}", TextRefusal::Unassigned),
            ("a\u{e001}", TextRefusal::Unassigned),
        ] {
            assert_eq!(Text::line(raw, 50), Err(refusal), "{raw:?}");
        }
        assert_eq!(Text::lines("a\u{b}b", 50), Err(TextRefusal::Control));
    }
    #[test]
    fn folding() {
        assert_eq!(fold_ascii("Nuñez Strauß Òrru D’Amico Łódź").as_deref(), Some("Nunez Strauss Orru D'Amico Lodz"));
        assert_eq!(fold_ascii("Иванов"), None);
        assert_eq!(name_key("Sant'Àgata  de' Goti").as_deref(), Some("SANTAGATADEGOTI"));
    }
    proptest! {
        #[test]
        fn accepted_text_is_stable(raw in "\\PC{0,60}") {
            if let Ok(Some(t)) = Text::optional_line(&raw, 60) {
                prop_assert!(t.as_str().chars().count() <= 60);
                prop_assert!(t.as_str().chars().all(|c| unseen(c).is_none()));
                prop_assert_eq!(Text::optional_line(t.as_str(), 60), Ok(Some(t.clone())));
            }
        }
        #[test]
        fn folding_gives_ascii(raw in "\\PC{0,40}") {
            prop_assert!(fold_ascii(&raw).is_none_or(|f| f.is_ascii()));
        }
    }

    #[test]
    fn answers_are_compared_as_people_mean_them() {
        for same in ["Via dell’Olmo, 3", " via  dell'olmo 3 ", "VIA DELL OLMO 3", "Via dell\u{2019}O\u{300}lmo 3"] {
            assert_eq!(secret_answer_key(same), "via dell olmo 3", "{same:?}");
        }
        assert_eq!(secret_answer_key("Nicolò"), secret_answer_key("nicolo"));
        assert_ne!(secret_answer_key("olmo 3"), secret_answer_key("olmo 4"));
        assert_eq!(secret_answer_key(" ?! "), "");
    }
}
