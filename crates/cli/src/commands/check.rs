//! `ceralacca check …`: judgements without a database.

use std::io::{BufRead, BufWriter, Write};

use anyhow::Result;
use domain::ident::tax_id::judge_tax_id_bytes;

/// Reads one identifier a line, writes one verdict a line. Lines need not be text.
///
/// # Errors
/// When the input cannot be read or the output not written.
pub fn tax_ids(mut input: impl BufRead, output: impl Write) -> Result<()> {
    let mut output = BufWriter::new(output);
    let mut line = Vec::new();
    while input.read_until(b'\n', &mut line)? > 0 {
        if line.last() == Some(&b'\n') {
            line.pop();
        }
        writeln!(output, "{}", judge_tax_id_bytes(&line))?;
        line.clear();
    }
    Ok(output.flush()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_verdict_a_line() {
        let mut out = Vec::new();
        tax_ids(&b"RCCMNL83S18D969H\n00743110158\n\xff\n\n00743110157"[..], &mut out).unwrap();
        let lines: Vec<&str> = std::str::from_utf8(&out).unwrap().lines().collect();
        assert_eq!(lines.len(), 5);
        assert_eq!(lines[0], "valid\tperson");
        assert_eq!(lines[1], "invalid\tbody-code-control");
        assert_eq!(lines[2], "invalid\tnot-text");
        assert!(lines[3].starts_with("invalid\t"));
        assert_eq!(lines[4], "valid\tbody");
    }
}
