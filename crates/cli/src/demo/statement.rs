//! A statement file as a bank would send it today: the transfers that are awaited, and others for the desk.

use app::{Cx, Problem, queries::transfers, use_cases::transfers::account};

/// Orders that are paid by one file.
const ORDERS: i64 = 20;

/// The file. Downloaded again it is another statement; what it pays keeps its reference, so that it is known again.
///
/// # Errors
/// When the store cannot be read, or no account is configured.
pub(super) async fn sample(cx: &Cx) -> Result<String, Problem> {
    let iban = &account(cx.settings())?.iban;
    let (now, today) = (cx.now(), cx.now().date().iso());
    let mut entries = String::new();
    for order in transfers::awaited(cx, ORDERS).await? {
        let cents = order.gross_cents.as_cents();
        let reason = format!("Ordine n. {}", order.number);
        let name = format!("TRN{}", order.number.replace('-', ""));
        entries += &entry(&name, ("EUR", cents), "CRDT", &today, &order.display_name, &reason);
    }
    let place = now.micros() / 1_000_000;
    let others = [
        (("EUR", 3500), "CRDT", "Carla Verdi", "Rinnovo casella PEC, grazie"),
        (("CHF", 1208), "CRDT", "Beat Müller", "PEC"),
        (("EUR", 250), "DBIT", "", "Canone del conto"),
    ];
    for (n, (amount, direction, payer, reason)) in others.into_iter().enumerate() {
        entries += &entry(&format!("TRN{place}{n}"), amount, direction, &today, payer, reason);
    }
    let made = now.rfc3339();
    Ok(format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\">\n\
         <BkToCstmrStmt><GrpHdr><MsgId>{place}</MsgId><CreDtTm>{made}</CreDtTm></GrpHdr>\n<Stmt><Id>{today}/{place}</Id>\
         <CreDtTm>{made}</CreDtTm><Acct><Id><IBAN>{iban}</IBAN></Id></Acct>\n{entries}</Stmt></BkToCstmrStmt>\n</Document>\n"
    ))
}

fn entry(name: &str, amount: (&str, i64), direction: &str, day: &str, payer: &str, reason: &str) -> String {
    let (currency, cents) = amount;
    let (euros, cents) = (cents / 100, cents % 100);
    let (payer, reason) = (escaped(payer), escaped(reason));
    format!(
        "<Ntry><Amt Ccy=\"{currency}\">{euros}.{cents:02}</Amt><CdtDbtInd>{direction}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>\
         <BookgDt><Dt>{day}</Dt></BookgDt><ValDt><Dt>{day}</Dt></ValDt><AcctSvcrRef>{name}</AcctSvcrRef>\
         <NtryDtls><TxDtls><RltdPties><Dbtr><Pty><Nm>{payer}</Nm></Pty></Dbtr></RltdPties>\
         <RmtInf><Ustrd>{reason}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>\n"
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
