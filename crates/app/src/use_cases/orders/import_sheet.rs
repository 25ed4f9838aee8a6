//! Reads the CSV file of an order (domain notes 2.5): its letters, its separator, its columns, its lines.

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
/// Columns without which a file says nothing.
const NEEDED: [&str; 3] = ["nome", "dominio", "email"];
/// The largest file that is read, in bytes.
pub const MAX_BYTES: usize = 96 * 1024;
/// Letters of a cell; no field of the registry is longer.
const MAX_CELL: usize = 320;

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
pub fn text(bytes: &[u8]) -> Result<String, Problem> {
    if bytes.len() > MAX_BYTES {
        return Err(whole(FieldProblem::new("lines", "import-too-large").with("kib", MAX_BYTES / 1024)));
    }
    if bytes.contains(&0) || bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"%PDF") {
        return Err(whole(FieldProblem::new("lines", "import-not-text")));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    Ok(match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|b| windows_1252(*b)).collect(),
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
pub fn rows(text: &str, max: i64) -> Result<Vec<SheetRow>, Problem> {
    let text = text.trim_start_matches('\u{feff}');
    let head = text.lines().next().unwrap_or_default();
    let delimiter = if head.matches(';').count() >= head.matches(',').count() { b';' } else { b',' };
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut records = reader.records();
    let header = match records.next() {
        Some(Ok(header)) if header.iter().any(|c| !c.trim().is_empty()) => columns(&header)?,
        _ => return Err(whole(FieldProblem::new("lines", "import-empty"))),
    };
    let mut out = Vec::new();
    for record in records {
        let record = record.map_err(|_| whole(FieldProblem::new("lines", "import-not-text")))?;
        let line = record.position().map_or(0, |p| line_of(text, p.byte() as usize));
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

/// The line on which a record begins, from 1. The reader may stand before the end of the line above.
fn line_of(text: &str, byte: usize) -> usize {
    let ends = text.as_bytes()[byte..].iter().take_while(|b| matches!(b, b'\r' | b'\n')).count();
    1 + text.as_bytes()[..byte + ends].iter().filter(|b| **b == b'\n').count()
}

fn bounded(cell: &str) -> String {
    cell.trim().chars().take(MAX_CELL + 1).collect()
}

fn columns(header: &csv::StringRecord) -> Result<Vec<&'static str>, Problem> {
    let mut out: Vec<&'static str> = Vec::with_capacity(header.len());
    for cell in header {
        let name = cell.trim().to_lowercase().replace([' ', '-'], "_");
        let shown: String = cell.trim().chars().take(40).collect();
        let Some(known) = COLUMNS.iter().copied().find(|c| *c == name) else {
            return Err(whole(FieldProblem::new("lines", "import-column-unknown").with("column", shown)));
        };
        if out.contains(&known) {
            return Err(whole(FieldProblem::new("lines", "import-column-twice").with("column", known)));
        }
        out.push(known);
    }
    match NEEDED.iter().find(|c| !out.contains(c)) {
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
