//! A whole installation there and back.

use crate::{
    EngineKind, Error, Options, args,
    copy::{TableCopied, copy},
    engine::sqlite::{self, Role},
    testing::{self, BOTH, TestDb},
};

/// Rows of every kind of column: flags, ids, numbers at their ends, texts whose order depends on the collation, a
/// table that refers to itself against the order of its keys, and more rows than one chunk.
fn fill(db: &TestDb) {
    let path = db.folder().unwrap().join("test.db");
    let c = sqlite::open(&path, &Options::default(), Role::Writer).unwrap();
    let party = "INSERT INTO parties (id, version, kind, tax_key, display_name, first_name, last_name, fiscal_code, email, email_key, locale, details, created_at, updated_at)
        VALUES (X'01980000000000000000000000000001', 1, 'person', 'K', 'Niccolò «Ò»', 'Niccolò', '', NULL, 'a@b.it', 'a@b.it', 'it', '{}', -9223372036854775808, 9223372036854775807);
        INSERT INTO logins (id, version, party_id, number, username, state, created_at)
        VALUES (X'01980000000000000000000000000002', 1, X'01980000000000000000000000000001', 100001, 'x', 'active', 0);";
    let consents = "INSERT INTO consents (id, party_id, kind, given, text_version, at) VALUES
        (X'01980000000000000000000000000003', X'01980000000000000000000000000001', 'marketing', 1, '1', 1),
        (X'01980000000000000000000000000004', X'01980000000000000000000000000001', 'marketing', 0, '1', 2);";
    let order = "INSERT INTO orders (id, version, number, kind, state, state_at, party_id, login_id, years, net_cents, vat_cents, gross_cents, payment_method, billing, placed_at, pay_by_at)
        VALUES (X'01980000000000000000000000000005', 1, '1', 'purchase', 'paid', 0, X'01980000000000000000000000000001', X'01980000000000000000000000000002', 1, 100, 22, 122, 'card', '{}', 0, 0);
        INSERT INTO attempts (id, version, order_id, kind, refunds_id, gateway, state, amount_cents, created_at, checks) VALUES
        (X'01980000000000000000000000000009', 1, X'01980000000000000000000000000005', 'checkout', NULL, 'g', 'succeeded', 122, 0, 0),
        (X'01980000000000000000000000000006', 1, X'01980000000000000000000000000005', 'refund', X'01980000000000000000000000000009', 'g', 'succeeded', 1, 0, 0);";
    c.execute_batch(&format!("BEGIN; {party} {consents} {order} COMMIT;")).unwrap();
    for name in ["b", "A", "Z", "a", "é", "", "_", "10", "9"] {
        c.execute("INSERT INTO counters (name, next) VALUES (?1, 1)", [name]).unwrap();
    }
    let many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1203)
        INSERT INTO audit_lines (id, at, actor_kind, action, subject_kind, subject_id, details, trace, seq, hash)
        SELECT randomblob(16), i, 'system', 'x', 'order', zeroblob(16), '{}', '-', CASE WHEN i % 2 = 0 THEN i END, randomblob(i % 40) FROM n";
    c.execute_batch(many).unwrap();
}

fn rows(copied: &[TableCopied], table: &str) -> u64 {
    copied.iter().find(|t| t.table == table).unwrap().rows
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn there_and_back_with_equal_contents() {
    let source = testing::fresh(EngineKind::Sqlite).await;
    fill(&source);
    let options = Options::default();
    let mut previous = source.url.clone();
    let mut copies = Vec::new();
    let mut kept = Vec::new();
    for engine in [EngineKind::Postgres, EngineKind::Postgres, EngineKind::Sqlite, EngineKind::Sqlite] {
        // An empty database as well as a migrated one: the schema is the copy's own work.
        let target = if kept.is_empty() { testing::fresh(engine).await } else { testing::empty(engine).await };
        copies.push(copy(&previous, &target.url, &options).await.unwrap());
        previous = target.url.clone();
        kept.push(target);
    }
    assert!(copies.windows(2).all(|w| w[0] == w[1]), "{copies:#?}");
    let first = &copies[0];
    assert_eq!(
        ["parties", "consents", "attempts", "counters", "audit_lines"].map(|t| rows(first, t)),
        [1, 2, 2, 9, 1203]
    );
    let last = &kept.last().unwrap().store;
    let back: Vec<(String, i64)> =
        last.all_text("SELECT display_name, updated_at FROM parties", args![]).await.unwrap();
    assert_eq!(back, [("Niccolò «Ò»".to_owned(), i64::MAX)]);
    let same_row = "SELECT COUNT(*) FROM attempts WHERE refunds_id = X'01980000000000000000000000000009'";
    assert_eq!(last.all_text::<i64>(same_row, args![]).await, Ok(vec![1]));
    let deferrable = "SELECT COUNT(*) FROM pg_constraint WHERE condeferrable";
    assert_eq!(kept[1].store.all_text::<i64>(deferrable, args![]).await, Ok(vec![0]), "as the migrations made them");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_target_with_rows_is_refused_and_left_alone() {
    let source = testing::fresh(EngineKind::Sqlite).await;
    fill(&source);
    for engine in BOTH {
        let target = testing::fresh(engine).await;
        target.store.write(async |tx| crate::counters::take(tx, "order", 1, 5).await).await.unwrap();
        let refused = copy(&source.url, &target.url, &Options::default()).await;
        assert_eq!(refused, Err(Error::Broken("the target is not empty: counters has rows".into())), "{engine:?}");
        let parties = target.store.all_text::<i64>("SELECT COUNT(*) FROM parties", args![]).await;
        assert_eq!(parties, Ok(vec![0]), "{engine:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_source_that_cannot_be_kept_leaves_the_target_empty() {
    let source = testing::fresh(EngineKind::Sqlite).await;
    fill(&source);
    let path = source.folder().unwrap().join("test.db");
    let c = sqlite::open(&path, &Options::default(), Role::Maintenance).unwrap();
    // A reference to nothing, such as a tool with foreign keys switched off leaves behind.
    c.execute_batch("DELETE FROM parties").unwrap();
    for engine in BOTH {
        let target = testing::fresh(engine).await;
        let refused = copy(&source.url, &target.url, &Options::default()).await;
        assert!(matches!(refused, Err(Error::Reference(_))), "{engine:?}: {refused:?}");
        let left = target.store.all_text::<i64>("SELECT COUNT(*) FROM audit_lines", args![]).await;
        assert_eq!(left, Ok(vec![0]), "{engine:?}");
    }
}

#[tokio::test]
async fn a_source_that_is_missing_or_not_migrated_is_refused() {
    let target = testing::fresh(EngineKind::Sqlite).await;
    let missing = "sqlite:/nonexistent/x.db".parse().unwrap();
    let refused = copy(&missing, &target.url, &Options::default()).await;
    assert_eq!(refused, Err(Error::Broken("sqlite:/nonexistent/x.db does not exist".into())));
    let empty = testing::empty(EngineKind::Sqlite).await;
    let refused = copy(&empty.url, &target.url, &Options::default()).await;
    assert!(matches!(refused, Err(Error::Broken(text)) if text.contains("is not migrated: 0001_accounts")));
}
