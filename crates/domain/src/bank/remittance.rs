//! The order that a reason of payment names. The instructions say «only the order number» (domain notes 2.7);
//! people write more, and banks break lines wherever they like.

/// What a reason of payment names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    /// One order number, in our spelling.
    One(String),
    Nothing,
    /// Several different ones: a person has to look.
    Several,
}

/// Finds `2026-004318` in «Pagamento ordine n. 2026 004318». A year, six digits, and nothing but blanks or a
/// dash between them; longer rows of digits are none.
pub fn order_number(reason: &str) -> Named {
    let mut found = scan(reason, true);
    if found.is_empty() {
        // A line broken inside the number: `2026-00` `4318`.
        found = scan(&reason.split_whitespace().collect::<String>(), false);
    }
    found.sort();
    found.dedup();
    match found.len() {
        0 => Named::Nothing,
        1 => Named::One(found.remove(0)),
        _ => Named::Several,
    }
}

/// A row of digits, and what stands between it and the one before.
struct Row<'a> {
    digits: &'a str,
    before: &'a str,
}

fn scan(text: &str, blanks: bool) -> Vec<String> {
    let rows = rows(text);
    let joins = |s: &str| s.chars().all(|c| "-‐‑–—".contains(c) || (blanks && c.is_whitespace()));
    let year = |s: &str| s.len() == 4 && s.starts_with("20");
    let mut found = Vec::new();
    for (n, row) in rows.iter().enumerate() {
        // `03/10/2026` ends in a year that begins no number.
        let of_date = n > 0 && matches!(row.before, "/" | "." | "-");
        if row.digits.len() == 10 && row.digits.starts_with("20") {
            found.push(format!("{}-{}", &row.digits[..4], &row.digits[4..]));
        } else if year(row.digits) && !of_date {
            let next = rows.get(n + 1).filter(|next| next.digits.len() == 6 && joins(next.before));
            found.extend(next.map(|next| format!("{}-{}", row.digits, next.digits)));
        }
    }
    found
}

fn rows(text: &str) -> Vec<Row<'_>> {
    let (mut rows, mut from) = (Vec::new(), 0);
    while let Some(start) = text[from..].find(|c: char| c.is_ascii_digit()) {
        let start = from + start;
        let end = text[start..].find(|c: char| !c.is_ascii_digit()).map_or(text.len(), |n| start + n);
        rows.push(Row { digits: &text[start..end], before: &text[from..start] });
        from = end;
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_as_people_write_them() {
        let good = [
            "2026-004318",
            "2026004318",
            "ordine n. 2026-004318",
            "Ord.n°2026-004318 caselle PEC",
            "PAGAMENTO ORDINE 2026 004318",
            "2026 - 004318",
            "2026–004318",
            "ORDINE 2026-00\n4318",
            "integrazione 2026-004318, 2026-004318",
            "/INV/2026-004318",
            "12,08 EUR 2026-004318 del 03/10/2026 102030",
        ];
        for reason in good {
            assert_eq!(order_number(reason), Named::One("2026-004318".into()), "{reason}");
        }
    }

    #[test]
    fn what_is_no_number_is_left_alone() {
        for reason in [
            "",
            "rinnovo pec",
            "2026",
            "1926-004318",
            "20260043189",
            "12026-004318",
            "2026-0043",
            "2026/004318",
            "CRO 20260043181234",
        ] {
            assert_eq!(order_number(reason), Named::Nothing, "{reason}");
        }
        assert_eq!(order_number("2026-004318 e 2026-004319"), Named::Several);
        assert_eq!(order_number("2026004318 2026004319"), Named::Several);
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_answered(text in "\\PC*") {
            let _ = order_number(&text);
        }
        #[test]
        fn every_number_is_found_inside_words(n in 0u32..1_000_000, before in "[a-z ]{0,20}", after in "[a-z ,.]{0,20}") {
            let number = format!("2026-{n:06}");
            proptest::prop_assert_eq!(order_number(&format!("{before}{number}{after}")), Named::One(number));
        }
    }
}
