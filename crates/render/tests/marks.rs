//! What is drawn in Rust instead of in a template.

use domain::time::Date;
use render::{
    Chrome, Locale, Msg, Options, Page, Renderer,
    pages::{Moment, When, card::Card},
};

fn drawn(card: &Card, locale: Locale) -> String {
    Renderer::new(Options::default()).unwrap().page(&Chrome::sample(locale), card).unwrap()
}

#[test]
fn a_timeline_says_when_and_escapes_what_it_is_told() {
    let moment = |day: i32, kind, words| Moment { day: Date::from_days(day), kind, words };
    let card = Card {
        history: vec![
            moment(20_739, When::Next, Msg::new("card-moment-expiry")),
            moment(20_727, When::Now, Msg::new("card-moment-active")),
            moment(20_374, When::Past, Msg::new("time-today").arg("day", "<b>")),
        ],
        ..Card::samples().remove(0)
    };
    let it = drawn(&card, Locale::It);
    for line in [
        "<ol class=\"cl-time\"><li class=\"next\"><time datetime=\"2026-10-13\">13/10/2026, previsto</time>Scadenza",
        "<li class=\"now\"><time datetime=\"2026-10-01\">Oggi, 1/10/2026</time><b>Attiva</b></li>",
        "<li><time datetime=\"2025-10-13\">13/10/2025</time>Oggi, &lt;b&gt;</li></ol>",
    ] {
        assert!(it.contains(line), "{line} in {it}");
    }
    let en = drawn(&card, Locale::En);
    assert!(en.contains("<li class=\"now\"><time datetime=\"2026-10-01\">Today, 1/10/2026</time>"), "{en}");
}

#[test]
fn the_navigation_of_a_body_has_its_agreements_twice() {
    let card = Card::samples().remove(0);
    let mut chrome = Chrome::sample(Locale::It);
    let renderer = Renderer::new(Options::default()).unwrap();
    for (of_body, times) in [(true, 2), (false, 0), (true, 2)] {
        chrome.who.as_mut().unwrap().of_body = of_body;
        let html = renderer.page(&chrome, &card).unwrap();
        let found = html.matches("account&#x2f;agreements\"").count();
        assert_eq!(found, times, "for the narrow and the wide screen");
        assert_eq!(html.matches("account&#x2f;mailboxes\" aria-current=\"page\"").count(), 2);
    }
}
