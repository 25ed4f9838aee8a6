use proptest::prelude::*;

use super::*;

fn d(s: &str) -> Date {
    Date::parse_iso(s).unwrap()
}
const TODAY: &str = "2026-11-22";

/// Codes on which two well-known programs disagree (notes on law C2), with the right answer.
#[test]
fn disputed_codes() {
    use FiscalCodeRefusal as R;
    for (code, expected) in [
        ("RCCMNL83S18D969H", Ok(Sex::M)),
        ("RCCMNL83S58D969L", Ok(Sex::F)),
        ("RCCMNL83S1UD969E", Ok(Sex::M)),
        ("RCCMNL83SLUDVSVE", Ok(Sex::M)),
        ("RCCMNL83S81D969V", Err(R::Day)),
        ("RCCMNL83S99D969R", Err(R::Day)),
        ("RCCMNL83S40D969S", Err(R::Day)),
        ("RCCMNL83S72D969Z", Err(R::Day)),
        ("RCCMNL83S18Z999G", Err(R::Place)),
        ("RCCMNL83S18A000K", Err(R::Place)),
        ("RSSNNA90E47Z110T", Ok(Sex::F)),
        ("FOXIOX90E07H501F", Ok(Sex::M)),
        ("DLRGMR90E07H501E", Ok(Sex::M)),
        ("RSSMRA79B11C566R", Ok(Sex::M)),
        ("RSSMRA80A01H501U", Ok(Sex::M)),
    ] {
        assert_eq!(FiscalCode::parse(code).map(|c| c.sex()), expected, "{code}");
    }
}
#[test]
fn refusals_name_the_fault() {
    use FiscalCodeRefusal as R;
    for (code, expected) in [
        ("", R::Length),
        ("RCCMNL83S18D969", R::Length),
        ("RCCMNL83S18D969HX", R::Length),
        ("00743110157", R::Length),
        ("RCCMNL83S18D969A", R::Control),
        ("RCCMNL83F18D969H", R::Month),
        ("RCC1NL83S18D969H", R::Shape),
        ("RCCMNLA3S18D969H", R::Shape),
        ("RCCMNL83S18D96OH", R::Shape),
        ("RCCMNL83S181969H", R::Shape),
        ("RCCMNL83S18D9691", R::Shape),
        ("RCCMNL８3S18D969H", R::NotAscii),
        ("RССMNL83S18D969H", R::NotAscii),
        ("RCCMNL83S18\u{a0}D969H", R::NotAscii),
        ("RCCMNL-83S18D969H", R::Length),
    ] {
        assert_eq!(FiscalCode::parse(code), Err(expected), "{code}");
    }
    assert_eq!(FiscalCode::parse(" rccmnl83s18 d969h\t").map(|c| c.to_string()).as_deref(), Ok("RCCMNL83S18D969H"));
}
fn sealed(first15: &str) -> String {
    let mut code = [b'A'; 16];
    code[..15].copy_from_slice(first15.as_bytes());
    code[15] = control_letter(&code);
    String::from_utf8(code.to_vec()).unwrap()
}
#[test]
fn days_that_do_not_exist() {
    use FiscalCodeRefusal as R;
    for (body, expected) in [
        ("RCCMNL83B30D969", Err(R::Date)),
        ("RCCMNL83B71D969", Err(R::Date)),
        ("RCCMNL83D31D969", Err(R::Date)),
        ("RCCMNL83B29D969", Err(R::Date)),
        ("RCCMNL84B29D969", Ok(())),
        ("RCCMNL00B29D969", Ok(())),
        ("RCCMNL83S32D969", Err(R::Day)),
        ("RCCMNL83S00D969", Err(R::Day)),
    ] {
        assert_eq!(FiscalCode::parse(&sealed(body)).map(|_| ()), expected, "{body}");
    }
}
#[test]
fn birth_and_place() {
    let code = FiscalCode::parse("RCCMNL83S1UD969E").unwrap();
    assert_eq!(code.birth_date(d(TODAY)), d("1983-11-18"));
    assert_eq!(code.place_code(), "D969");
    assert!(code.is_omocode());
    assert_eq!(code.base(), FiscalCode::parse("RCCMNL83S18D969H").unwrap().base());
    // Born "in the future" of this century means the last one.
    let old = FiscalCode::parse(&sealed("RCCMNL26T31D969")).unwrap();
    assert_eq!(old.birth_date(d(TODAY)), d("1926-12-31"));
    assert_eq!(old.birth_date(d("2026-12-31")), d("2026-12-31"));
    assert!(old.is_born_on(d("1926-12-31")) && !old.is_born_on(d("1926-12-30")));
    assert_eq!(FiscalCode::parse(&sealed("RCCMNL00B29D969")).unwrap().birth_date(d(TODAY)), d("2000-02-29"));
    // A place that had ended: accepted, with a warning.
    let late = FiscalCode::parse(&sealed("RCCMNL99A01Z105")).unwrap();
    assert!(!late.place(d("1999-01-01")).1);
    assert_eq!(late.place(d("1999-01-01")).0.name, "Cecoslovacchia");
}

/// A random code of a real place; returns body, digits and birth.
fn any_code() -> impl Strategy<Value = (String, i16, i8, i8, bool)> {
    let place = (0usize..9_000).prop_map(|n| {
        let all = places::provinces();
        let inside = places::municipalities(all[n % all.len()].0);
        inside[n % inside.len()].code
    });
    ("[A-Z]{6}", 1926i16..2026, 1i8..=12, 1i8..=28, any::<bool>(), place).prop_map(
        |(names, y, m, day, woman, place)| {
            let written = if woman { day + 40 } else { day };
            let month = MONTHS[m as usize - 1] as char;
            (format!("{names}{:02}{month}{written:02}{place}", y % 100), y, m, day, woman)
        },
    )
}
fn disguise(body: &str, mask: u8) -> String {
    let mut b = body.as_bytes().to_vec();
    for (bit, at) in DIGIT_PLACES.iter().enumerate() {
        if mask & (1 << bit) != 0 {
            b[*at] = b"LMNPQRSTUV"[(b[*at] - b'0') as usize];
        }
    }
    String::from_utf8(b).unwrap()
}
proptest! {
    #[test]
    fn every_disguise_reads_the_same((body, y, m, day, woman) in any_code(), mask in 0u8..128) {
        let plain = FiscalCode::parse(&sealed(&body)).unwrap();
        let code = FiscalCode::parse(&sealed(&disguise(&body, mask))).unwrap();
        prop_assert_eq!(code.base(), plain.base());
        prop_assert_eq!(code.is_omocode(), mask != 0);
        prop_assert_eq!(code.sex(), if woman { Sex::F } else { Sex::M });
        prop_assert!(code.is_born_on(Date::new(y, m, day).unwrap()));
        prop_assert_eq!(code.place_code(), &body[11..15]);
    }
    #[test]
    fn one_wrong_character_never_keeps_the_letter((body, ..) in any_code(), at in 0usize..16, to in "[A-Z0-9]") {
        let good = sealed(&body);
        let mut bad = good.clone();
        bad.replace_range(at..=at, &to);
        prop_assert_eq!(FiscalCode::parse(&bad).is_ok(), bad == good, "{} for {}", bad, good);
    }
    #[test]
    fn nothing_panics(raw in "\\PC{0,24}") {
        let _ = FiscalCode::parse(&raw);
    }
    #[test]
    fn nothing_panics_on_near_codes(raw in "[A-Z]{6}[0-9L-V]{2}[A-Z][0-9L-V]{2}[A-Z][0-9L-V]{3}[A-Z]") {
        if let Ok(code) = FiscalCode::parse(&raw) {
            let birth = code.birth_date(d(TODAY));
            prop_assert!(code.is_born_on(birth));
            code.place(birth);
        }
    }
}
