//! No list of the back office ends silently: each goes on behind its first page, without gaps or repetitions.

use domain::{
    id::{AuditId, EffectId, StatementId},
    operator::Role,
    time::Date,
};
use store::{args, sql};
use testkit::{TestApp, browser::Browser};
use uuid::Uuid;

use crate::{
    office::enrolled,
    transfers::{ordered, shop},
};

sql!(
    ACTED = "INSERT INTO audit_lines (id, at, actor_kind, action, subject_kind, subject_id, details, trace) VALUES ($1, $2, 'system', $3, 'order', $4, '{}', 'test')"
);
sql!(
    SENT = "INSERT INTO messages (id, effect_id, channel, template, locale, recipient, subject, subject_id, outcome, detail, at) VALUES ($1, $1, 'email', 't', 'it', 'a@example.org', $3, $4, 'sent', '', $2)"
);
sql!(
    EFFECT = "INSERT INTO effects (id, kind, subject_kind, subject_id, payload, state, run_at, attempts, last_error, trace, created_at, finished_at) VALUES ($1, $3, 'order', $4, '{}', $5, $2, 1, 'x', 'test', $2, $2)"
);
sql!(
    PAYMENT = "INSERT INTO attempts (id, version, order_id, kind, gateway, gateway_ref, state, amount_cents, created_at, checks, quick) VALUES ($1, 1, $4, 'checkout', 'simulated', $3, 'failed', 100, $2, 0, FALSE)"
);
sql!(
    STATEMENT = "INSERT INTO bank_statements (id, account, reference, file_sha256, movements, taken_at) VALUES ($1, 'IT60', $3, $4, 0, $2)"
);
sql!(NIGHT = "INSERT INTO nights (day, state, begun_at, ended_at) VALUES ($1, 'done', 0, 1)");
sql!(DONE_EFFECTS = "UPDATE effects SET state = 'done' WHERE state = 'stuck'");

/// Follows a list to its end; answers its first cells, page by page, and how often it went on.
async fn walk(desk: &mut Browser, path: &str, rows: &str, next: &str) -> (Vec<String>, usize) {
    let (mut seen, mut pages, mut at) = (Vec::new(), 0, path.to_owned());
    loop {
        let page = desk.get(&at).await;
        seen.extend(page.texts(rows));
        let Some(on) = page.attrs(next, "href").into_iter().find(|h| h.contains('?')) else { break };
        pages += 1;
        assert!(pages < 20, "it ends");
        at = on.split('#').next().expect("an address").to_owned();
    }
    (seen, pages)
}

fn each_once(seen: &[String], wanted: impl Iterator<Item = String>) {
    for one in wanted {
        assert_eq!(seen.iter().filter(|s| **s == one).count(), 1, "{one} in {seen:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_shows_all_that_happened_page_by_page() {
    let app = TestApp::new().await;
    let customer = shop(&app).await;
    let (id, _) = ordered(&app, &customer, "contratti.bianchi").await;
    app.settle().await;
    let (cx, order) = (app.cx.clone(), id.uuid());
    let written = app.cx.write(async move |tx| {
        let new = || -> Uuid {
            let id: AuditId = cx.new_id();
            id.uuid()
        };
        let start = cx.now().micros();
        for n in 0..130_i64 {
            // Many of one moment: the identifier tells them apart.
            let at = start + n / 50;
            tx.run(&ACTED, args![new(), at, &format!("test.acted_{n}"), order]).await?;
            tx.run(&EFFECT, args![new(), at, &format!("test_effect_{n}"), order, "done"]).await?;
            tx.run(&PAYMENT, args![new(), at, &format!("ref-{n}"), order]).await?;
            if n < 40 {
                tx.run(&SENT, args![new(), at, &format!("Oggetto {n}"), order]).await?;
            }
        }
        Ok(())
    });
    written.await.expect("they are written");
    let mut desk = enrolled(&app, "conti", Role::Accounting).await;
    let path = format!("/office/orders/{id}");
    let (seen, pages) =
        walk(&mut desk, &path, "table[aria-labelledby=history] tbody th", "nav a[href*='history=']").await;
    assert_eq!(pages, 1, "100 and the rest");
    each_once(&seen, (0..130).map(|n| format!("test.acted_{n}")).chain((0..40).map(|n| format!("Oggetto {n}"))));
    let (seen, _) = walk(&mut desk, &path, "table[aria-labelledby=effects] tbody th", "nav a[href*='effects=']").await;
    each_once(&seen, (0..130).map(|n| format!("test_effect_{n}")));
    let (seen, _) =
        walk(&mut desk, &path, "table[aria-labelledby=payments] td.cl-any", "nav a[href*='payments=']").await;
    each_once(&seen, (0..130).map(|n| format!("ref-{n}")));
    let second = desk.get(&desk_link(&mut desk_page(&app, &path).await, "history=")).await;
    second.must_have("Torna all’inizio");
    for nonsense in ["history=x", "effects=1.zzz", "payments=-1", "history=99999999999999999999.0"] {
        assert!(desk.get(&format!("{path}?{nonsense}")).await.status.is_success(), "{nonsense}");
    }
    app.finish().await;
}

async fn desk_page(app: &TestApp, path: &str) -> testkit::browser::Page {
    enrolled(app, "altra", Role::Viewer).await.get(path).await
}
fn desk_link(page: &mut testkit::browser::Page, has: &str) -> String {
    let found = page.attrs("nav a", "href").into_iter().find(|h| h.contains(has)).expect("it goes on");
    found.split('#').next().expect("an address").to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stuck_effects_statements_and_nights_go_on() {
    let app = TestApp::new().await;
    let cx = app.cx.clone();
    let written = app.cx.write(async move |tx| {
        let start = cx.now().micros();
        for n in 0..120_i64 {
            let (effect, statement): (EffectId, StatementId) = (cx.new_id(), cx.new_id());
            let at = start + n / 7;
            tx.run(&EFFECT, args![effect, at, &format!("test_effect_{n}"), Uuid::nil(), "stuck"]).await?;
            if n < 45 {
                tx.run(&STATEMENT, args![statement, at, &format!("2026-{n:02}"), [0_u8; 32].as_slice()]).await?;
            }
            if n < 70 {
                tx.run(&NIGHT, args![Date::new(2026, 3, 1).expect("a day").plus_days(n as i32)]).await?;
            }
        }
        Ok(())
    });
    written.await.expect("they are written");
    let mut desk = enrolled(&app, "capo", Role::Admin).await;
    let (seen, pages) = walk(&mut desk, "/office/effects", "tbody th span", ".cl-pager a[href*=after]").await;
    assert_eq!((seen.len(), pages), (120, 1));
    each_once(&seen, (0..120).map(|n| format!("test_effect_{n}")));
    // What stands behind the first page is decided about like the rest.
    let second = desk.get("/office/effects").await.attrs(".cl-pager a", "href").remove(0);
    let second = desk.get(&second).await;
    let last = second.attrs("tbody a[href$=give-up]", "href").pop().expect("a row");
    desk.get(&last).await.must_have("test_effect_119");
    let (seen, pages) = walk(&mut desk, "/office/transfers/statement", "tbody th", ".cl-pager a[href*=after]").await;
    assert_eq!((seen.len(), pages), (45, 2));
    each_once(&seen, (0..45).map(|n| format!("2026-{n:02}")));
    let (seen, pages) =
        walk(&mut desk, "/office/night", "table[aria-labelledby=earlier-title] tbody th", "nav a[href*='earlier=']")
            .await;
    assert_eq!((seen.len(), pages), (69, 2), "the latest stands above");
    assert!(desk.get("/office/night?earlier=2026-03-01").await.has("Torna all’inizio"));
    let done = app.cx.write(async move |tx| Ok(tx.run(&DONE_EFFECTS, &[]).await?)).await;
    assert_eq!(done.expect("written"), 120);
    app.finish().await;
}
