//! A refusal in the words that a page has for it.

use anyhow::anyhow;
use app::{Cx, Problem};
use render::{Locale, Msg};

/// What a page would say, in English, without the name of the field.
pub fn in_words(cx: &Cx, problem: &Problem) -> anyhow::Error {
    let say = |code: &str| cx.renderer().words().say(Locale::En, &Msg::problem(code));
    match problem.fields.as_slice() {
        [] => anyhow!("{}", say(problem.code)),
        fields => anyhow!("{}", fields.iter().map(|f| say(&f.code)).collect::<Vec<_>>().join(" ")),
    }
}
