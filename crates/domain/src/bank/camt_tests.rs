use super::*;

const OURS: &str = "IT60X0542811101000000123456";

fn file(version: &str, body: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Document xmlns=\"{NAMESPACE}{version}\"><BkToCstmrStmt><GrpHdr><MsgId>M</MsgId></GrpHdr>{body}</BkToCstmrStmt></Document>"
    )
}
fn statement_of(entries: &str) -> String {
    format!(
        "<Stmt><Id>S-1</Id><CreDtTm>2026-10-02T06:00:00Z</CreDtTm><Acct><Id><IBAN>{OURS}</IBAN></Id></Acct>{entries}</Stmt>"
    )
}
fn entry(amount: &str, more: &str) -> String {
    format!(
        "<Ntry><Amt Ccy=\"EUR\">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><ValDt><Dt>2026-10-01</Dt></ValDt><AcctSvcrRef>REF1</AcctSvcrRef>{more}</Ntry>"
    )
}
fn parts(all: &[(&str, &str)]) -> String {
    let one = |(amount, reason): &(&str, &str)| {
        format!("<TxDtls><Amt Ccy=\"EUR\">{amount}</Amt><RmtInf><Ustrd>{reason}</Ustrd></RmtInf></TxDtls>")
    };
    format!("<NtryDtls>{}</NtryDtls>", all.iter().map(one).collect::<String>())
}
fn movements(entries: &str) -> Vec<Movement> {
    let text = file("08", &statement_of(entries));
    read(&text, OURS).unwrap_or_else(|e| panic!("{e}: {text}")).remove(0).movements
}
fn refused(text: &str) -> &'static str {
    read(text, OURS).expect_err("it is refused").code()
}

#[test]
fn a_transfer_with_its_payer_and_reason() {
    let details = "<NtryDtls><TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs>\
        <RltdPties><Dbtr><Pty><Nm>Giulia\n  Bianchi</Nm></Pty></Dbtr><DbtrAcct><Id><IBAN>IT60X0542811101000000123456</IBAN></Id></DbtrAcct></RltdPties>\
        <RmtInf><Ustrd>ORDINE 2026-00</Ustrd><Ustrd>4318</Ustrd></RmtInf></TxDtls></NtryDtls>";
    let found = movements(&entry("12.08", details));
    assert_eq!(found.len(), 1);
    let m = &found[0];
    assert_eq!((m.reference.as_str(), m.amount, m.currency.as_str()), ("REF1", Money::cents(1208), "EUR"));
    assert_eq!((m.payer.as_deref(), m.payer_account.as_deref()), (Some("Giulia Bianchi"), Some(OURS)));
    assert_eq!((m.reason.as_str(), m.value_day.iso().as_str()), ("ORDINE 2026-00 4318", "2026-10-01"));
    assert_eq!(m.aside, None);
    // Version 2: the state is a text, the name stands without <Pty>.
    let old = statement_of(&entry("12.08000", details)).replace("<Sts><Cd>BOOK</Cd></Sts>", "<Sts>BOOK</Sts>");
    let old = old.replace("<Pty>", "").replace("</Pty>", "");
    assert_eq!(read(&file("02", &old), OURS).unwrap()[0].movements, found);
}

#[test]
fn what_is_no_payment_is_set_aside_with_its_reason() {
    let plain = entry("12.08", "");
    let cases = [
        (plain.replace("CRDT", "DBIT"), Aside::Debit),
        (plain.replace("EUR", "CHF"), Aside::Currency),
        (plain.replace("BOOK", "PDNG"), Aside::NotBooked),
        (plain.replace("<Sts>", "<RvslInd>true</RvslInd><Sts>"), Aside::Reversal),
        (entry("12.08", &parts(&[("6.00", "a"), ("6.00", "b")])), Aside::PartsDiffer),
    ];
    for (text, why) in cases {
        let found = movements(&text);
        assert_eq!(found.iter().map(|m| m.aside).collect::<Vec<_>>(), [Some(why)]);
    }
    assert!(movements(&entry("0.00", "")).is_empty(), "a notice without money is no movement");
}

#[test]
fn a_collective_booking_is_as_many_movements() {
    let found = movements(&entry("20.00", &parts(&[("12.08", "2026-000001"), ("7.92", "2026-000002")])));
    let told: Vec<_> = found.iter().map(|m| (m.reference.as_str(), m.amount.as_cents(), m.reason.as_str())).collect();
    assert_eq!(told, [("REF1#1", 1208, "2026-000001"), ("REF1#2", 792, "2026-000002")]);
}

#[test]
fn without_a_reference_the_place_is_the_name() {
    let text = entry("1.00", "").replace("<AcctSvcrRef>REF1</AcctSvcrRef>", "");
    let found = movements(&format!("{text}{text}"));
    assert_eq!(found.iter().map(|m| m.reference.as_str()).collect::<Vec<_>>(), ["S-1#1", "S-1#2"]);
}

#[test]
fn balances_must_agree() {
    let balance = |code: &str, amount: &str| {
        format!(
            "<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy=\"EUR\">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>"
        )
    };
    let with = |closing: &str| {
        let entries = [entry("12.08", ""), entry("2.08", "").replace("CRDT", "DBIT")].concat();
        file("08", &statement_of(&[balance("OPBD", "100.00"), balance("CLBD", closing), entries].concat()))
    };
    assert_eq!(read(&with("110.00"), OURS).unwrap()[0].movements.len(), 2);
    assert_eq!(refused(&with("112.08")), "statement-unbalanced");
}

#[test]
fn a_file_that_is_not_ours_is_refused_with_the_reason() {
    let good = file("08", &statement_of(&entry("12.08", "")));
    assert!(read(&good, OURS).is_ok());
    let bombs = "<!DOCTYPE Document [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;\">]>";
    let cases = [
        (String::new(), "statement-not-xml"),
        ("data;importo\n1;2".into(), "statement-not-xml"),
        (good[..good.len() - 12].to_owned(), "statement-not-xml"),
        (good.replace("<Document", &format!("{bombs}<Document")), "statement-not-xml"),
        (good.replace("REF1", "&b;"), "statement-not-xml"),
        (good.replace("camt.053", "camt.052"), "statement-other-schema"),
        (good.replace(".001.08", ".001.99"), "statement-other-schema"),
        (good.replace(" xmlns=", " data-x="), "statement-other-schema"),
        (good.replace(OURS, "DE89370400440532013000"), "statement-other-account"),
        (good.replace(OURS, "IT60X0542811101000000123457"), "statement-wrong-element"),
        (good.replace("12.08", "-12.08"), "statement-wrong-element"),
        (good.replace("12.08", "12.081"), "statement-wrong-element"),
        (good.replace("12.08", "12,08"), "statement-wrong-element"),
        (good.replace("CRDT", "BOTH"), "statement-wrong-element"),
        (good.replace("2026-10-01", "2026-02-30"), "statement-wrong-element"),
        (good.replace(" Ccy=\"EUR\"", ""), "statement-wrong-element"),
        (good.replace("<Id>S-1</Id>", ""), "statement-wrong-element"),
        (file("08", ""), "statement-wrong-element"),
        (file("08", &statement_of(&entry("0.01", "").repeat(MOVEMENTS_MAX + 1))), "statement-too-many"),
    ];
    for (text, code) in cases {
        assert_eq!(refused(&text), code, "{}", &text[..text.len().min(300)]);
    }
}

proptest::proptest! {
    #[test]
    fn a_damaged_file_never_breaks_the_reader(at in 0usize..600, with in "\\PC{0,3}") {
        let good = file("08", &statement_of(&entry("12.08", &parts(&[("6.04", "a"), ("6.04", "b")]))));
        let at = at.min(good.len());
        let _ = read(&format!("{}{with}{}", &good[..at], &good[(at + 1).min(good.len())..]), OURS);
    }
}
