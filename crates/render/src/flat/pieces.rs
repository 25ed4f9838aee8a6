//! A template as texts, tags and expressions.

/// A part of a template. Comments are dropped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Text(String),
    /// `{% … %}` without its signs. The line end behind it is dropped, as the engine does.
    Tag(String),
    /// `{{ … }}` without its signs.
    Expr(String),
}

impl Piece {
    pub(super) fn tag(&self) -> Option<&str> {
        match self {
            Self::Tag(t) => Some(t),
            _ => None,
        }
    }
    /// The first word of a tag.
    pub(super) fn verb(&self) -> &str {
        self.tag().and_then(|t| t.split_whitespace().next()).unwrap_or_default()
    }
}

/// The parts of a template; `None` when it uses what is not understood here: control of blanks, raw parts, a
/// sign that is not closed.
pub(super) fn pieces(source: &str) -> Option<Vec<Piece>> {
    let mut out = Vec::new();
    // The engine drops the line end of a file.
    let mut rest = source.strip_suffix('\n').unwrap_or(source);
    while let Some(at) = next_sign(rest) {
        if at > 0 {
            out.push(Piece::Text(rest[..at].into()));
        }
        let (sign, after) = rest[at..].split_at(2);
        let end =
            if sign == "{#" { after.find("#}")? } else { closing(after, if sign == "{%" { "%}" } else { "}}" })? };
        let inner = after[..end].trim();
        if inner.starts_with(['-', '+']) || inner.ends_with(['-', '+']) || inner == "raw" {
            return None;
        }
        rest = &after[end + 2..];
        match sign {
            "{{" => out.push(Piece::Expr(inner.into())),
            "{%" => out.push(Piece::Tag(inner.into())),
            _ => {}
        }
        if sign != "{{" {
            rest = rest.strip_prefix('\n').unwrap_or(rest);
        }
    }
    if !rest.is_empty() {
        out.push(Piece::Text(rest.into()));
    }
    Some(out)
}

fn next_sign(text: &str) -> Option<usize> {
    let opens = |at: &usize| matches!(text.as_bytes().get(at + 1), Some(b'{' | b'%' | b'#'));
    text.match_indices('{').map(|(at, _)| at).find(opens)
}

/// Where `sign` stands outside quotes.
fn closing(text: &str, sign: &str) -> Option<usize> {
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match quote {
            Some(q) if c == q => quote = None,
            None if c == '"' || c == '\'' => quote = Some(c),
            None if text[at..].starts_with(sign) => return Some(at),
            _ => {}
        }
    }
    None
}

/// The source of the parts again.
pub(super) fn text(pieces: &[Piece]) -> String {
    let mut out = String::new();
    let mut behind_tag = false;
    for piece in pieces {
        match piece {
            Piece::Text(text) => {
                // The engine drops one line end behind a tag: give it one, so that this one stays.
                if behind_tag && text.starts_with('\n') {
                    out.push('\n');
                }
                out.push_str(text);
            }
            Piece::Tag(tag) => out.extend(["{% ", tag, " %}"]),
            Piece::Expr(expression) => out.extend(["{{ ", expression, " }}"]),
        }
        behind_tag = matches!(piece, Piece::Tag(_));
    }
    out
}

/// Position of the tag that closes what was opened before `from`; `open` may be nested.
pub(super) fn end_of(pieces: &[Piece], from: usize, open: &str, close: &str) -> Option<usize> {
    let mut depth = 1;
    for (at, piece) in pieces.iter().enumerate().skip(from) {
        match piece.verb() {
            v if v == open => depth += 1,
            v if v == close => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(at);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_and_text_agree() {
        let source = "a{# c #}\n{% if x == \"%}\" %}\n\nb{{ t(\"}}\") }}\n{% endif %}";
        let parts = pieces(source).unwrap();
        assert_eq!(parts[1], Piece::Tag("if x == \"%}\"".into()));
        assert_eq!(parts[2], Piece::Text("\nb".into()));
        assert_eq!(text(&parts), "a{% if x == \"%}\" %}\n\nb{{ t(\"}}\") }}\n{% endif %}");
        assert_eq!(pieces("{%- if x %}"), None);
        assert_eq!(pieces("{{ x"), None);
    }
}
