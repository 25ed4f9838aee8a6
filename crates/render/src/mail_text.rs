//! Plain-text mails: subject line, paragraphs wrapped at 72 columns.

const WIDTH: usize = 72;

/// Splits a rendered text mail into its subject (first line) and its wrapped body.
pub(crate) fn split(rendered: &str) -> (String, String) {
    let (subject, body) = rendered.trim_start().split_once('\n').unwrap_or((rendered, ""));
    (subject.trim().to_owned(), wrap(body))
}

/// Wraps each line at 72 columns, keeps its indentation, and joins runs of empty lines into one.
/// An address never breaks: it stands alone on its line even when it is longer.
pub(crate) fn wrap(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 64);
    let mut blank = true;
    for line in text.lines().map(str::trim_end) {
        if line.is_empty() {
            if !blank {
                out.push('\n');
            }
            blank = true;
            continue;
        }
        blank = false;
        // The signature mark is "-- " with its blank.
        if line == "--" {
            out.push_str("-- \n");
            continue;
        }
        wrap_line(line, &mut out);
    }
    while out.ends_with("\n\n") {
        out.pop();
    }
    out
}

fn wrap_line(line: &str, out: &mut String) {
    let indent: String = line.chars().take_while(|c| *c == ' ').collect();
    let mut column = 0;
    for word in line.split_whitespace() {
        let length = word.chars().count();
        if column == 0 {
            out.push_str(&indent);
            column = indent.len();
        } else if column + 1 + length > WIDTH {
            out.push('\n');
            out.push_str(&indent);
            column = indent.len();
        } else {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += length;
    }
    out.push('\n');
}

/// Does the text fit one short message: at most 160 characters of the GSM alphabet, where
/// brackets, braces, caret, tilde, backslash, bar and the euro sign count twice?
pub fn fits_sms(text: &str) -> bool {
    const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
    let mut length = 0;
    for c in text.chars() {
        length += match c {
            '^' | '{' | '}' | '\\' | '[' | '~' | ']' | '|' | '€' => 2,
            c if BASIC.contains(c) => 1,
            _ => return false,
        };
    }
    length <= 160
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_wrap_and_links_stand() {
        let link = format!("https://www.example.it/{}", "x".repeat(80));
        let text = wrap(&format!("{}\n\n\n\n    {link}\n--\nfine", "parola ".repeat(30)));
        assert!(text.lines().filter(|l| !l.contains("https")).all(|l| l.chars().count() <= WIDTH));
        assert!(text.contains(&format!("\n\n    {link}\n-- \nfine")));
    }
    #[test]
    fn the_first_line_is_the_subject() {
        assert_eq!(split("\n Oggetto \n\nTesto\n"), ("Oggetto".into(), "Testo\n".into()));
    }
    #[test]
    fn sms_length_and_alphabet() {
        assert!(fits_sms(&"a".repeat(160)));
        assert!(!fits_sms(&"a".repeat(161)));
        assert!(!fits_sms(&"€".repeat(81)));
        assert!(!fits_sms("curly ’ apostrophe"));
    }
}
