//! Every refusal of the domain has words in both languages.

use render::{Locale, Options, Renderer};

#[test]
fn every_refusal_of_an_identifier_has_words() {
    let renderer = Renderer::new(Options::default()).expect("embedded words are read");
    for locale in Locale::ALL {
        for code in domain::ident::all_refusal_codes() {
            let key = format!("problem-{code}");
            assert!(renderer.words().has(locale, &key), "no words for {key} ({})", locale.code());
        }
    }
}
