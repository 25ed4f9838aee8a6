//! What has to be known of an expression: its names, its arguments.

/// A call whose arguments are known by text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Call<'a> {
    /// `k.orders` or `days`.
    pub(super) path: &'a str,
    pub(super) positional: Vec<&'a str>,
    pub(super) named: Vec<(&'a str, &'a str)>,
}

/// The expression as one call of a macro, nothing around it.
pub(super) fn call(expression: &str) -> Option<Call<'_>> {
    let (path, rest) = expression.split_once('(')?;
    let parts = split(rest, ')')?;
    let (&[inside, ""], false, true) = (&*parts, path.is_empty(), path.chars().all(|c| c == '.' || is_word(c))) else {
        return None;
    };
    let mut call = Call { path, positional: Vec::new(), named: Vec::new() };
    for argument in split(inside, ',')?.into_iter().map(str::trim).filter(|a| !a.is_empty()) {
        match argument.split_once('=') {
            Some((name, value)) if name.chars().all(is_word) && !value.starts_with('=') => {
                call.named.push((name, value))
            }
            _ => call.positional.push(argument),
        }
    }
    Some(call)
}

/// Cuts at a sign that stands outside quotes and brackets. `None` when these are not closed.
pub(super) fn split(text: &str, sign: char) -> Option<Vec<&str>> {
    let (mut parts, mut from, mut depth, mut quote) = (Vec::new(), 0, 0_i32, None);
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(q), _) if c == q => quote = None,
            (Some(_), '\\') => return None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, _) if c == sign && depth == 0 => {
                parts.push(&text[from..at]);
                from = at + c.len_utf8();
            }
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') => depth -= 1,
            _ => {}
        }
    }
    parts.push(&text[from..]);
    (quote.is_none() && depth == 0).then_some(parts)
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Passes each variable of an expression or tag through `change`: not attributes, filters, tests, named
/// arguments, nor what stands in quotes.
pub(super) fn variables(text: &str, mut change: impl FnMut(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut quote, mut rest) = (None, text);
    let mut before = String::new();
    while let Some(c) = rest.chars().next() {
        if quote.is_some() || !is_word(c) {
            match quote {
                Some(q) if c == q => quote = None,
                None if c == '"' || c == '\'' => quote = Some(c),
                _ => {}
            }
            out.push(c);
            if !c.is_whitespace() {
                before = c.to_string();
            }
            rest = &rest[c.len_utf8()..];
            continue;
        }
        let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        let (word, tail) = rest.split_at(end);
        let next = tail.trim_start();
        let named = next.starts_with('=') && !next.starts_with("==") && (before == "(" || before == ",");
        let variable = !matches!(before.as_str(), "." | "|" | "is") && !named && !c.is_ascii_digit();
        match variable.then(|| change(word)).flatten() {
            Some(other) => out.push_str(&other),
            None => out.push_str(word),
        }
        if !(before == "is" && word == "not") {
            word.clone_into(&mut before);
        }
        rest = tail;
    }
    out
}

/// Whether an expression or tag has this variable.
pub(super) fn mentions(text: &str, name: &str) -> bool {
    let mut found = false;
    variables(text, |word| {
        found |= word == name;
        None
    });
    found
}

/// Whether a text can stand wherever its value is asked for: a literal, the words of a key, or a path such as `c.flash`.
pub(super) fn is_plain(text: &str) -> bool {
    let literal = |text: &str| {
        text.len() >= 2
            && text.starts_with('"')
            && text.ends_with('"')
            && !text[1..text.len() - 1].contains(['"', '\\', '%', '{', '}'])
    };
    let words = text.strip_prefix("t(").and_then(|rest| rest.strip_suffix(')'));
    literal(text)
        || words.is_some_and(literal)
        || text.split('.').all(|word| !word.is_empty() && word.chars().all(is_word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_taken_apart() {
        let c = call("k.orders([p.order, (1, 2)], t(\"a,b\"), class=\"x=y\")").unwrap();
        assert_eq!(c.path, "k.orders");
        assert_eq!(c.positional, ["[p.order, (1, 2)]", "t(\"a,b\")"]);
        assert_eq!(c.named, [("class", "\"x=y\"")]);
        assert_eq!(call("a(1) ~ b(2)"), None);
        assert_eq!(call("a(x == 1)").unwrap().positional, ["x == 1"]);
        assert_eq!(call("a(1)|safe"), None);
    }

    #[test]
    fn only_variables_are_changed() {
        let x = |text: &str| variables(text, |w| (w == "x").then(|| "p.y".to_owned()));
        assert_eq!(x("x.x + a.x|x(x, x=x) ~ \"x\" is x"), "p.y.x + a.x|x(p.y, x=p.y) ~ \"x\" is x");
        assert_eq!(x("if x == 1 and not x is not x"), "if p.y == 1 and not p.y is not x");
        assert!(mentions("for a in x", "x") && !mentions("y.x", "x"));
    }
}
