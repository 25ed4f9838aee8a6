//! Reads CSV files that people make with spreadsheets (domain notes 2.5): letters, separator, columns, lines.

use domain::order::cart::MAX_QUANTITY;

use crate::{FieldProblem, Problem};

/// The columns, in the order of the template. Those of domain notes 2.5, then what organisations may have besides.
pub const COLUMNS: [&str; 17] = [
    "nome",
    "dominio",
    "tipo_titolare",
    "codice_fiscale",
    "partita_iva",
    "nome_titolare",
    "cognome_titolare",
    "ragione_sociale",
    "indirizzo",
    "cap",
    "comune",
    "provincia",
    "email",
    "cellulare",
    "codice_fiscale_rappresentante",
    "codice_destinatario",
    "pec_fatture",
];
/// The file of an order's rows; what is not asked for here says whose mailbox it is.
pub const ORDER: Layout =
    Layout { columns: &COLUMNS, needed: &["nome", "dominio", "email"], max_rows: MAX_QUANTITY, max_bytes: MAX_BYTES };
/// The largest file of an order that is read, in bytes.
pub const MAX_BYTES: usize = 96 * 1024;
/// Letters of a cell; no field of the registry is longer.
const MAX_CELL: usize = 320;

/// What a kind of file holds, and how much of it.
#[derive(Clone, Copy, Debug)]
pub struct Layout {
    /// In the order of the template.
    pub columns: &'static [&'static str],
    /// Columns without which a file says nothing.
    pub needed: &'static [&'static str],
    pub max_rows: i64,
    pub max_bytes: usize,
}

/// The text of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    pub text: String,
    /// It was no UTF-8: its letters were taken for those of Windows.
    pub windows: bool,
}

/// One line of the file, its cells by column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetRow {
    /// Number of the line in the file, the header being 1.
    pub line: usize,
    cells: Vec<(&'static str, String)>,
}
impl SheetRow {
    /// The text of a column; empty when the file has no such column.
    pub fn get(&self, column: &str) -> &str {
        self.cells.iter().find(|(name, _)| *name == column).map_or("", |(_, text)| text.as_str())
    }
}

/// The text of a file: UTF-8 with or without its mark, else the letters of Windows (a superset of Latin-1).
///
/// # Errors
/// `import-too-large`; `import-not-text` for what is no text at all, as a spreadsheet's own format.
pub fn text(bytes: &[u8], layout: &Layout) -> Result<Text, Problem> {
    if bytes.len() > layout.max_bytes {
        return Err(whole(FieldProblem::new("lines", "import-too-large").with("kib", layout.max_bytes / 1024)));
    }
    if bytes.contains(&0) || bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"%PDF") {
        return Err(whole(FieldProblem::new("lines", "import-not-text")));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    Ok(match std::str::from_utf8(bytes) {
        Ok(text) => Text { text: text.to_owned(), windows: false },
        Err(_) => Text { text: bytes.iter().map(|b| windows_1252(*b)).collect(), windows: true },
    })
}

fn windows_1252(byte: u8) -> char {
    match byte {
        0x80 => '€',
        0x91 | 0x92 => '’',
        0x93 | 0x94 => '"',
        0x96 | 0x97 => '-',
        // The rest of that block is signs that no name holds: refused as such where it stands.
        0x81..=0x9f => char::REPLACEMENT_CHARACTER,
        b => char::from(b),
    }
}

fn whole(problem: FieldProblem) -> Problem {
    Problem::invalid(vec![problem])
}

/// The lines of a text, separated by `;` or `,` as its header is.
///
/// # Errors
/// About the whole file, at the field `lines`: `import-empty`, `import-column-unknown`, `import-column-twice`,
/// `import-column-missing`, `import-too-many`, `import-cells`.
pub fn rows(text: &str, layout: &Layout) -> Result<Vec<SheetRow>, Problem> {
    let max = layout.max_rows;
    let text = text.trim_start_matches('\u{feff}');
    let head = text.lines().next().unwrap_or_default();
    let delimiter = if head.matches(';').count() >= head.matches(',').count() { b';' } else { b',' };
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut records = reader.records();
    let header = match records.next() {
        Some(Ok(header)) if header.iter().any(|c| !c.trim().is_empty()) => columns(&header, layout)?,
        _ => return Err(whole(FieldProblem::new("lines", "import-empty"))),
    };
    let mut out = Vec::new();
    let mut lines = Lines { text, byte: 0, line: 1 };
    for record in records {
        let record = record.map_err(|_| whole(FieldProblem::new("lines", "import-not-text")))?;
        let line = record.position().map_or(0, |p| lines.at(p.byte() as usize));
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        if record.len() > header.len() && record.iter().skip(header.len()).any(|c| !c.trim().is_empty()) {
            return Err(whole(FieldProblem::new("lines", "import-cells").with("line", line)));
        }
        if out.len() as i64 == max {
            return Err(whole(FieldProblem::new("lines", "import-too-many").with("max", max)));
        }
        let cells = header.iter().zip(record.iter()).map(|(name, cell)| (*name, bounded(cell))).collect();
        out.push(SheetRow { line, cells });
    }
    if out.is_empty() { Err(whole(FieldProblem::new("lines", "import-empty"))) } else { Ok(out) }
}

/// Counts lines from 1 as the reader goes on. It may stand before the end of the line above.
struct Lines<'a> {
    text: &'a str,
    byte: usize,
    line: usize,
}
impl Lines<'_> {
    /// The line on which the record at this byte begins.
    fn at(&mut self, byte: usize) -> usize {
        let bytes = self.text.as_bytes();
        let ends = bytes[byte..].iter().take_while(|b| matches!(b, b'\r' | b'\n')).count();
        self.line += bytes[self.byte..byte + ends].iter().filter(|b| **b == b'\n').count();
        self.byte = byte + ends;
        self.line
    }
}

fn bounded(cell: &str) -> String {
    cell.trim().chars().take(MAX_CELL + 1).collect()
}

fn columns(header: &csv::StringRecord, layout: &Layout) -> Result<Vec<&'static str>, Problem> {
    let mut out: Vec<&'static str> = Vec::with_capacity(header.len());
    for cell in header {
        let name = cell.trim().to_lowercase().replace([' ', '-'], "_");
        let shown: String = cell.trim().chars().take(40).collect();
        let Some(known) = layout.columns.iter().copied().find(|c| *c == name) else {
            return Err(whole(FieldProblem::new("lines", "import-column-unknown").with("column", shown)));
        };
        if out.contains(&known) {
            return Err(whole(FieldProblem::new("lines", "import-column-twice").with("column", known)));
        }
        out.push(known);
    }
    match layout.needed.iter().find(|c| !out.contains(c)) {
        Some(missing) => Err(whole(FieldProblem::new("lines", "import-column-missing").with("column", missing))),
        None => Ok(out),
    }
}

/// Would a spreadsheet take this cell for a formula? A telephone number with its prefix is none.
pub fn is_formula(column: &str, cell: &str) -> bool {
    let phone = column == "cellulare" && cell.starts_with('+') && !cell.contains(|c: char| c.is_alphabetic());
    cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && !phone
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8]) -> Result<String, Problem> {
        super::text(bytes, &ORDER).map(|t| t.text)
    }
    fn rows(text: &str, max_rows: i64) -> Result<Vec<SheetRow>, Problem> {
        super::rows(text, &Layout { max_rows, ..ORDER })
    }
    fn code(problem: Problem) -> String {
        problem.fields[0].code.clone()
    }

    #[test]
    fn files_of_every_spreadsheet_are_read() {
        let plain = "nome;dominio;email;nome_titolare\r\na.b;pec.example.it;x@example.org;Nicolò\r\n";
        let utf8 = rows(&text(plain.as_bytes()).unwrap(), 99).unwrap();
        let marked = [b"\xef\xbb\xbf".as_slice(), plain.as_bytes()].concat();
        let latin: Vec<u8> = plain.chars().map(|c| c as u8).collect();
        assert_eq!(rows(&text(&marked).unwrap(), 99).unwrap(), utf8);
        assert_eq!(rows(&text(&latin).unwrap(), 99).unwrap(), utf8);
        assert_eq!((utf8[0].get("nome_titolare"), utf8[0].line), ("Nicolò", 2));
        let commas = "Nome,Dominio,Email\n\"a.b\",pec.example.it,x@example.org\n,,\n\nc.d,pec.example.it,y@example.org";
        let read = rows(commas, 99).unwrap();
        assert_eq!(read.iter().map(|r| (r.get("nome"), r.line)).collect::<Vec<_>>(), [("a.b", 2), ("c.d", 5)]);
        assert_eq!(text(b"nome;D\x92Angelo").unwrap(), "nome;D’Angelo");
        assert!(super::text(&latin, &ORDER).unwrap().windows && !super::text(&marked, &ORDER).unwrap().windows);
    }
    #[test]
    fn what_is_no_such_file_is_told() {
        let refused = |t: &str| code(rows(t, 2).unwrap_err());
        assert_eq!(refused(""), "import-empty");
        assert_eq!(refused("nome;dominio;email\n;;\n"), "import-empty");
        assert_eq!(refused("nome;dominio\na;b"), "import-column-missing");
        assert_eq!(refused("nome;dominio;email;iban\na;b;c;d"), "import-column-unknown");
        assert_eq!(refused("nome;dominio;email;NOME\na;b;c;d"), "import-column-twice");
        assert_eq!(refused("nome;dominio;email\na;b;c\na;b;c\na;b;c"), "import-too-many");
        assert_eq!(refused("nome;dominio;email\na;b;c;d"), "import-cells");
        assert_eq!(code(text(b"nome;\0").unwrap_err()), "import-not-text");
        assert_eq!(code(text(b"PK\x03\x04xlsx").unwrap_err()), "import-not-text");
        assert_eq!(code(text(&vec![b'a'; MAX_BYTES + 1]).unwrap_err()), "import-too-large");
    }
    #[test]
    fn formulas_are_known() {
        assert!(
            is_formula("nome", "=1+1") && is_formula("ragione_sociale", "@SUM(A1)") && is_formula("cellulare", "=x")
        );
        assert!(is_formula("cellulare", "+cmd|' /C calc'!A0"));
        assert!(!is_formula("cellulare", "+39 333 1234567") && !is_formula("nome", "a.b"));
    }
}
