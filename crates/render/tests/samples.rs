//! The test that replaces a compiler for templates and words: every template, with every sample,
//! in every language, strictly; then the rules of HTML, mails and short messages.

mod html;

use std::collections::BTreeSet;

use render::{Brand, Chrome, Drawn, Locale, Options, Registry, Renderer, SampleKind, Wax, fits_sms};

fn renderer() -> Renderer {
    Renderer::new(Options::default()).expect("embedded templates compile")
}

#[test]
fn every_sample_renders_in_every_language() {
    let renderer = renderer();
    let mut wrong = Vec::new();
    for locale in Locale::ALL {
        for sample in Registry::all().samples {
            let name = format!("{} #{} ({})", sample.name, sample.index, locale.code());
            match sample.draw(&renderer, &Chrome::sample(locale)) {
                Err(e) => wrong.push(format!("{name}: {e}")),
                Ok(Drawn::Page(page)) => {
                    wrong.extend(html::page_faults(&page, locale.code()).map(|f| format!("{name}: {f}")))
                }
                Ok(Drawn::Mail(letter)) => {
                    wrong.extend(html::mail_faults(&letter.html, locale.code()).map(|f| format!("{name}: {f}")));
                    wrong.extend(text_faults(&letter.subject, &letter.text).map(|f| format!("{name}: {f}")));
                }
                Ok(Drawn::Sms(text)) if !fits_sms(&text) => {
                    wrong.push(format!("{name}: not 160 GSM characters: {text}"))
                }
                Ok(Drawn::Sms(_)) => {}
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn text_faults<'a>(subject: &'a str, text: &'a str) -> impl Iterator<Item = String> + 'a {
    let long = text
        .lines()
        .filter(|l| l.chars().count() > 78 && l.trim().contains(char::is_whitespace))
        .map(|l| format!("longer than 78 columns: {l}"));
    let subject_fault = (subject.is_empty() || subject.chars().count() > 150 || subject.contains(['\n', '\r']))
        .then(|| format!("subject: {subject:?}"));
    let markup = ["<p", "<b>", "&amp;", "&#"].into_iter().filter(|m| text.contains(m));
    long.chain(subject_fault).chain(markup.map(|m| format!("markup {m} in the text mail")))
}

#[test]
fn pages_render_for_visitors_and_with_nothing_around() {
    let renderer = renderer();
    for sample in Registry::all().samples.iter().filter(|s| s.kind == SampleKind::Page) {
        sample
            .draw(&renderer, &Chrome::bare(Locale::It))
            .unwrap_or_else(|e| panic!("{} #{}: {e}", sample.name, sample.index));
    }
}

#[test]
fn every_template_has_a_sample() {
    let renderer = renderer();
    let sampled: BTreeSet<String> = Registry::all()
        .samples
        .iter()
        .flat_map(|s| match s.kind {
            SampleKind::Page => vec![format!("pages/{}.html", s.name)],
            SampleKind::Mail => vec![format!("mails/{}.html", s.name), format!("mails/{}.txt", s.name)],
            SampleKind::Sms => vec![format!("sms/{}.txt", s.name)],
        })
        .collect();
    let orphans: Vec<_> = renderer
        .sources()
        .keys()
        .filter(|n| ["pages/", "mails/", "sms/"].iter().any(|f| n.starts_with(f)) && !sampled.contains(*n))
        .collect();
    assert!(orphans.is_empty(), "no context and samples for {orphans:?}");
}

#[test]
fn templates_have_no_inline_style_or_script() {
    let renderer = renderer();
    let mut wrong = Vec::new();
    for (name, source) in
        renderer.sources().iter().filter(|(n, _)| !n.starts_with("mails/") && !n.ends_with("/mail.html"))
    {
        for bad in [" style=\"", "<style", " onclick=", " onchange=", " onsubmit=", "javascript:", "<script>"] {
            if source.contains(bad) {
                wrong.push(format!("{name}: {bad}"));
            }
        }
        let raw_control =
            |tag: &str| name.starts_with("pages/") && source.contains(tag) && !source.contains("{# raw control");
        for tag in ["<textarea"] {
            if raw_control(tag) {
                wrong.push(format!("{name}: {tag} outside the field macros"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn another_wax_colours_every_page_and_mail() {
    let wax = Wax::parse("#1B4B82").expect("white can be read on it");
    let brand = Brand { wax, wax_sheet: wax.sheet_address(), ..Brand::sample() };
    let renderer = Renderer::new(Options { brand, ..Options::default() }).expect("embedded templates compile");
    let (mut pages, mut mails) = (0, 0);
    for sample in Registry::all().samples {
        match sample.draw(&renderer, &Chrome::sample(Locale::It)).expect("every sample is drawn") {
            Drawn::Page(html) => {
                let linked = html.contains("brand-1B4B82.css\">");
                assert!(linked || !html.contains("<head>"), "{} has the built colour", sample.name);
                pages += usize::from(linked);
            }
            Drawn::Mail(letter) => {
                assert!(letter.html.contains("#1B4B82") && !letter.html.contains("#8F1D2C"), "{}", sample.name);
                mails += 1;
            }
            Drawn::Sms(_) => {}
        }
    }
    assert!(pages > 50 && mails > 20, "{pages} pages, {mails} mails");
}

#[test]
fn flat_pages_say_what_their_sources_say() {
    let flat = renderer();
    let plain = Renderer::new(Options { flat: false, ..Options::default() }).expect("embedded templates compile");
    let mut wrong = Vec::new();
    for (sample, locale) in Registry::all().samples.iter().flat_map(|s| Locale::ALL.map(|l| (s, l))) {
        for chrome in [Chrome::sample(locale), Chrome::bare(locale)] {
            let drawn = |renderer| sample.draw(renderer, &chrome).map(|d| format!("{d:?}"));
            let (short, long) = (drawn(&flat).unwrap(), drawn(&plain).unwrap());
            if short != long {
                let at = short.bytes().zip(long.bytes()).take_while(|(a, b)| a == b).count();
                let near = |text: &str| text.get(at.saturating_sub(60)..(at + 60).min(text.len())).map(str::to_owned);
                wrong.push(format!("{} #{}: {:?} for {:?}", sample.name, sample.index, near(&short), near(&long)));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
