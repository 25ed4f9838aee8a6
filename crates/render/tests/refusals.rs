//! Every refusal of the domain has words in both languages.

use render::{Locale, Options, Renderer};

#[test]
fn every_refusal_of_an_identifier_has_words() {
    let renderer = Renderer::new(Options::default()).expect("embedded words are read");
    for locale in Locale::ALL {
        let fields = domain::party::Field::ALL.iter().map(|f| f.missing());
        let login = domain::login::LoginRefusal::ALL.iter().map(|r| r.code());
        let codes = domain::ident::all_refusal_codes().into_iter();
        let withdrawal = domain::order::withdrawal::WithdrawalRefusal::ALL.iter().map(|r| r.code());
        for code in codes.chain(withdrawal).chain(fields).chain(login).chain(domain::party::REFUSALS.iter().copied()) {
            let key = format!("problem-{code}");
            assert!(renderer.words().has(locale, &key), "no words for {key} ({})", locale.code());
        }
    }
}
