//! Just enough of Rust's grammar to tell code from text: comments and literals are blanked out
//! of the code and kept aside with their lines.

/// A Rust file taken apart. All line numbers count from 1.
#[derive(Debug, Default)]
pub struct Scan {
    /// The file's lines with comments and the insides of literals replaced by spaces.
    pub code: Vec<String>,
    /// String literals: line where they begin, content as written.
    pub literals: Vec<(usize, String)>,
    /// Comments: line, text.
    pub comments: Vec<(usize, String)>,
    /// For each line of `code`, whether it belongs to a `#[cfg(test)]` item.
    pub test: Vec<bool>,
}

/// A function with a body.
#[derive(Debug, PartialEq)]
pub struct Function {
    pub name: String,
    pub line: usize,
    pub lines: usize,
}

struct Reader<'a> {
    chars: Vec<char>,
    at: usize,
    line: usize,
    out: String,
    scan: &'a mut Scan,
}

/// Takes a Rust source apart.
pub fn scan(text: &str) -> Scan {
    let mut scan = Scan::default();
    let mut reader = Reader {
        chars: text.chars().collect(),
        at: 0,
        line: 1,
        out: String::with_capacity(text.len()),
        scan: &mut scan,
    };
    reader.all();
    let out = reader.out;
    scan.code = out.lines().map(str::to_owned).collect();
    scan.test = test_lines(&out, scan.code.len());
    scan
}

impl Reader<'_> {
    fn peek(&self, ahead: usize) -> char {
        self.chars.get(self.at + ahead).copied().unwrap_or('\0')
    }
    /// Moves on by one character, writing it as code or as a blank.
    fn step(&mut self, as_code: bool) -> char {
        let c = self.peek(0);
        self.at += 1;
        if c == '\n' {
            self.line += 1;
            self.out.push('\n');
        } else {
            self.out.push(if as_code { c } else { ' ' });
        }
        c
    }
    fn all(&mut self) {
        while self.at < self.chars.len() {
            match (self.peek(0), self.peek(1)) {
                ('/', '/') => self.line_comment(),
                ('/', '*') => self.block_comment(),
                ('"', _) => self.string(),
                ('r', '"' | '#') if self.raw_hashes().is_some() => self.raw_string(),
                ('\'', _) => self.quote(),
                (c, _) if c == '_' || c.is_alphanumeric() => self.word(),
                _ => {
                    self.step(true);
                }
            }
        }
    }
    /// An identifier or number, so that the `r` of `for` is never taken for a raw string.
    fn word(&mut self) {
        while self.peek(0) == '_' || self.peek(0).is_alphanumeric() {
            let next = self.peek(1);
            let prefix = matches!(self.peek(0), 'b' | 'c') && next == 'r';
            self.step(true);
            if prefix && self.raw_hashes().is_some() {
                return;
            }
        }
    }
    fn line_comment(&mut self) {
        let (line, from) = (self.line, self.at);
        while self.at < self.chars.len() && self.peek(0) != '\n' {
            self.step(false);
        }
        let text: String = self.chars[from..self.at].iter().collect();
        self.scan.comments.push((line, text));
    }
    fn block_comment(&mut self) {
        let (line, from, mut depth) = (self.line, self.at, 0usize);
        while self.at < self.chars.len() {
            match (self.peek(0), self.peek(1)) {
                ('/', '*') => {
                    depth += 1;
                    self.step(false);
                }
                ('*', '/') => {
                    depth -= 1;
                    self.step(false);
                    if depth == 0 {
                        self.step(false);
                        break;
                    }
                }
                _ => {}
            }
            self.step(false);
        }
        let end = self.at.min(self.chars.len());
        self.scan.comments.push((line, self.chars[from..end].iter().collect()));
    }
    fn string(&mut self) {
        let line = self.line;
        self.step(true);
        let from = self.at;
        while self.at < self.chars.len() && self.peek(0) != '"' {
            if self.peek(0) == '\\' {
                self.step(false);
            }
            self.step(false);
        }
        let end = self.at.min(self.chars.len());
        self.scan.literals.push((line, self.chars[from..end].iter().collect()));
        self.step(true);
    }
    /// The number of hashes if a raw string begins at an `r` here.
    fn raw_hashes(&self) -> Option<usize> {
        if self.peek(0) != 'r' {
            return None;
        }
        let hashes = (1..).take_while(|n| self.peek(*n) == '#').count();
        (self.peek(hashes + 1) == '"').then_some(hashes)
    }
    fn raw_string(&mut self) {
        let hashes = self.raw_hashes().unwrap_or(0);
        let line = self.line;
        for _ in 0..hashes + 2 {
            self.step(true);
        }
        let from = self.at;
        while self.at < self.chars.len() {
            if self.peek(0) == '"' && (1..=hashes).all(|n| self.peek(n) == '#') {
                break;
            }
            self.step(false);
        }
        let end = self.at.min(self.chars.len());
        self.scan.literals.push((line, self.chars[from..end].iter().collect()));
        for _ in 0..=hashes {
            self.step(true);
        }
    }
    /// A character literal, or the tick of a lifetime.
    fn quote(&mut self) {
        if self.peek(1) == '\\' {
            self.step(true);
            self.step(false);
            self.step(false);
            while self.at < self.chars.len() && self.peek(0) != '\'' {
                self.step(false);
            }
            self.step(true);
        } else if self.peek(2) == '\'' {
            self.step(true);
            self.step(false);
            self.step(true);
        } else {
            self.step(true);
        }
    }
}

/// Where the block that opens at or after `from` ends; `None` if a `;` comes first.
fn block_end(code: &[char], from: usize) -> Option<usize> {
    let mut nested = 0i32;
    let mut braces = 0i32;
    for (i, c) in code.iter().enumerate().skip(from) {
        match c {
            '(' | '[' => nested += 1,
            ')' | ']' => nested -= 1,
            ';' if nested == 0 && braces == 0 => return None,
            '{' => braces += 1,
            '}' => {
                braces -= 1;
                if braces <= 0 {
                    return Some(i);
                }
            }
            _ => {}
        }
    }
    None
}

fn test_lines(code: &str, lines: usize) -> Vec<bool> {
    const MARK: &str = "#[cfg(test)]";
    let mut marked = vec![false; lines];
    let chars: Vec<char> = code.chars().collect();
    let starts: Vec<usize> = code.match_indices(MARK).map(|(i, _)| code[..i].chars().count()).collect();
    for start in starts {
        let Some(end) = block_end(&chars, start + MARK.len()) else { continue };
        let line = |at: usize| chars[..at].iter().filter(|c| **c == '\n').count();
        for l in line(start)..=line(end) {
            if let Some(m) = marked.get_mut(l) {
                *m = true;
            }
        }
    }
    marked
}

/// The functions with bodies, with the length from `fn` to the closing brace.
pub fn functions(scan: &Scan) -> Vec<Function> {
    let code = scan.code.join("\n");
    let chars: Vec<char> = code.chars().collect();
    let mut found = Vec::new();
    let (mut at, mut line) = (0, 1);
    while at < chars.len() {
        if chars[at] == '\n' {
            line += 1;
        }
        let alone = at == 0 || !(chars[at - 1].is_alphanumeric() || chars[at - 1] == '_');
        if alone && chars[at..].starts_with(&['f', 'n', ' ']) {
            let name: String = chars[at + 3..].iter().take_while(|c| c.is_alphanumeric() || **c == '_').collect();
            if !name.is_empty()
                && let Some(end) = block_end(&chars, at + 3 + name.len())
            {
                let lines = 1 + chars[at..end].iter().filter(|c| **c == '\n').count();
                found.push(Function { name, line, lines });
            }
        }
        at += 1;
    }
    found
}

/// Whether `word` stands in `line` with no letter, digit or underscore before it; `word` itself
/// decides how it ends.
pub fn names(line: &str, word: &str) -> bool {
    line.match_indices(word)
        .any(|(i, _)| !line[..i].chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == '_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_not_code() {
        let s = scan(
            "let a = \"SELECT { \\\" x\"; // { b\nlet c = r#\"raw \" }\"#; /* { /* n */ } */ let d = '{'; let e: &'a str;",
        );
        assert_eq!(s.literals, [(1, "SELECT { \\\" x".to_owned()), (2, "raw \" }".to_owned())]);
        assert_eq!(s.comments[0], (1, "// { b".to_owned()));
        assert!(!s.code.join("").contains(['{', '}']), "{:?}", s.code);
        assert!(s.code[1].contains("let e: &'a str;"));
    }

    #[test]
    fn byte_and_prefixed_strings() {
        let s = scan("f(b\"one\", br\"two\\\", c\"three\", for_r\"\", '\\'', '\\u{7d}', b'}')");
        let texts: Vec<&str> = s.literals.iter().map(|(_, t)| t.as_str()).collect();
        assert_eq!(texts, ["one", "two\\", "three", ""]);
        assert!(!s.code.join("").contains('}'));
    }

    #[test]
    fn lengths_of_functions() {
        let s = scan(
            "trait T { fn a(x: [u8; 3]); }\nfn b() {\n  if x { }\n}\nimpl X { pub fn c(&self) -> [u8; 2] { z } }\ntype F = fn (u8);",
        );
        let all = functions(&s);
        assert_eq!(all.len(), 2, "{all:?}");
        assert_eq!(all[0], Function { name: "b".into(), line: 2, lines: 3 });
        assert_eq!(all[1], Function { name: "c".into(), line: 5, lines: 1 });
    }

    #[test]
    fn tests_are_known() {
        let s = scan("fn a() {}\n#[cfg(test)]\nuse x;\n#[cfg(test)]\nmod tests {\n fn b() {}\n}\nfn c() {}");
        assert_eq!(s.test, [false, false, false, true, true, true, true, false]);
    }

    #[test]
    fn names_need_a_boundary() {
        assert!(names("use store::Sql;", "store::"));
        assert!(!names("restore::x", "store::"));
    }
}
