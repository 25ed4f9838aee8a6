//! The runner of the migrations.

use crate::{
    EngineKind, Error, Options, Store, args,
    engine::sqlite::{self, Role},
    migrate::{MIGRATIONS, Migration},
    testing::{self, BOTH},
};

const fn step(number: u32, name: &'static str, sql: &'static str) -> Migration {
    Migration { number, name, sqlite: sql, postgres: sql }
}
static ONE: [Migration; 1] = [step(1, "0001_a", "CREATE TABLE a (x INTEGER PRIMARY KEY); CREATE TABLE b (x INTEGER)")];
static TWO: [Migration; 2] = [
    step(1, "0001_a", "CREATE TABLE a (x INTEGER PRIMARY KEY); CREATE TABLE b (x INTEGER)"),
    step(2, "0002_c", "CREATE TABLE c (x INTEGER)"),
];
static CHANGED: [Migration; 1] = [step(1, "0001_a", "CREATE TABLE a (y INTEGER PRIMARY KEY)")];
static FAILING: [Migration; 2] = [
    step(1, "0001_a", "CREATE TABLE a (x INTEGER PRIMARY KEY); CREATE TABLE b (x INTEGER)"),
    step(2, "0002_bad", "CREATE TABLE d (x INTEGER); CREATE TABLE a (x INTEGER)"),
];

async fn has_table(s: &Store, name: &str) -> bool {
    s.all_text::<i64>(&format!("SELECT COUNT(*) FROM {name}"), args![]).await.is_ok()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_step_is_taken_once_also_by_several_at_once() {
    for engine in BOTH {
        let db = testing::empty(engine).await;
        assert_eq!(db.store.pending_migrations().await.unwrap().len(), MIGRATIONS.len());
        let runs = (0..4).map(|_| {
            let s = db.store.clone();
            tokio::spawn(async move { s.migrate_with(&ONE).await })
        });
        let mut taken = Vec::new();
        for run in runs.collect::<Vec<_>>() {
            taken.extend(run.await.unwrap().unwrap());
        }
        assert_eq!(taken, ["0001_a"], "{engine:?}");
        assert_eq!(db.store.migrate_with(&TWO).await, Ok(vec!["0002_c"]));
        assert_eq!(db.store.migrate_with(&TWO).await, Ok(vec![]));
    }
}

#[tokio::test]
async fn a_changed_step_and_a_newer_database_are_refused() {
    for engine in BOTH {
        let db = testing::empty(engine).await;
        db.store.migrate_with(&TWO).await.unwrap();
        let newer = Error::Broken("the database is newer than this program: it has 0002_c".into());
        assert_eq!(db.store.migrate_with(&ONE).await, Err(newer), "{engine:?}");
        let db = testing::empty(engine).await;
        db.store.migrate_with(&ONE).await.unwrap();
        let changed = Error::Broken("migration 0001_a was changed after it was applied".into());
        assert_eq!(db.store.migrate_with(&CHANGED).await, Err(changed.clone()), "{engine:?}");
        assert!(db.store.pending_migrations().await.is_err());
    }
}

#[tokio::test]
async fn a_step_that_fails_leaves_nothing_behind() {
    for engine in BOTH {
        let db = testing::empty(engine).await;
        let failed = db.store.migrate_with(&FAILING).await;
        assert!(matches!(failed, Err(Error::Broken(text)) if text.starts_with("migration 0002_bad: ")), "{engine:?}");
        assert!(has_table(&db.store, "b").await, "the step before it stays");
        assert!(!has_table(&db.store, "d").await, "{engine:?}");
    }
}

#[tokio::test]
async fn a_step_that_breaks_a_reference_is_refused() {
    static BREAKS: [Migration; 2] = [
        step(
            1,
            "0001_p",
            "CREATE TABLE p (x INTEGER PRIMARY KEY); CREATE TABLE q (x INTEGER REFERENCES p (x)); INSERT INTO p VALUES (1); INSERT INTO q VALUES (1)",
        ),
        step(2, "0002_lose", "DELETE FROM p"),
    ];
    for engine in [EngineKind::Sqlite, EngineKind::Postgres] {
        let db = testing::empty(engine).await;
        assert!(db.store.migrate_with(&BREAKS).await.is_err(), "{engine:?}");
        assert_eq!(db.store.all_text::<i64>("SELECT COUNT(*) FROM p", args![]).await, Ok(vec![1]), "{engine:?}");
    }
}

/// An add-on with all that it refers to, and what refers to it, in the schema before «avviso SMS».
const OLD_ADDON: &str = "\
    INSERT INTO price_lists (code, name, channel, addon_rule) VALUES ('l', 'L', 'agreement', 'monthly'); \
    INSERT INTO products (code, kind, position, name, space_mib, archive_mib, archive_extendable, sms_notice, multi_user, legal_storage, sold_from_day) VALUES ('p', 'mailbox_plan', 1, 'P', 1, 0, FALSE, FALSE, FALSE, FALSE, 1); \
    INSERT INTO parties (id, version, kind, tax_key, display_name, first_name, last_name, email, email_key, details, locale, created_at, updated_at) VALUES (:id, 1, 'person', 'T', 'X', 'X', 'X', 'x', 'x', '{}', 'it', 0, 0); \
    INSERT INTO logins (id, version, party_id, number, username, state, created_at) VALUES (:id, 1, :id, 1, 'u', 'active', 0); \
    INSERT INTO mail_domains (name, position, on_sale, served) VALUES ('d', 1, FALSE, TRUE); \
    INSERT INTO orders (id, version, number, kind, state, state_at, party_id, login_id, years, net_cents, vat_cents, gross_cents, payment_method, billing, placed_at, pay_by_at) VALUES (:id, 1, 'n', 'addon', 'completed', 0, :id, :id, 1, 1, 0, 1, 'wallet', '{}', 0, 0); \
    INSERT INTO mailboxes (id, version, address, domain, plan_code, state, state_at, party_id, login_id, order_id, holder_kind, holder_tax_key, holder_name, contact_email, space_mib, extra_space_mib, archive_mib, requested_at) VALUES (:id, 1, 'x@d', 'd', 'p', 'active', 0, :id, :id, :id, 'account', 'T', 'X', 'x', 1, 0, 0, 0); \
    INSERT INTO addons (id, mailbox_id, service, gb, start_day, end_day, free, state, price_list, order_id) VALUES (:id, :id, 'extra_space', 3, 20000, 20365, FALSE, 'active', 'l', :id); \
    INSERT INTO topups (order_id, kept_until_at, addon_id) VALUES (:id, 0, :id);";
/// Another of the same mailbox.
const NEW_ADDON: &str = "INSERT INTO addons (id, mailbox_id, service, gb, start_day, end_day, free, state, price_list, order_id) \
    SELECT :other, mailbox_id, ':service', 1, 1, 2, FALSE, 'active', 'l', order_id FROM addons WHERE id = :id";

/// A text of several statements, past the store.
async fn batch(db: &testing::TestDb, text: &str) -> Result<(), String> {
    match db.folder() {
        Some(folder) => {
            let text = text.replace(":id", "X'00000000000000000000000000000007'").replace(":other", "X'08'");
            let c = sqlite::open(&folder.join("test.db"), &Options::default(), Role::Maintenance).unwrap();
            c.execute_batch(&format!("PRAGMA foreign_keys = ON; {text}")).map_err(|e| e.to_string())
        }
        None => {
            let text = text.replace(":id", "CAST('00000000-0000-0000-0000-000000000007' AS UUID)");
            let text = text.replace(":other", "gen_random_uuid()");
            let (client, connection) = tokio_postgres::connect(&db.address(), tokio_postgres::NoTls).await.unwrap();
            tokio::spawn(connection);
            client.batch_execute(&text).await.map_err(|e| format!("{e:?}"))
        }
    }
}

#[tokio::test]
async fn addons_survive_a_new_service() {
    for engine in BOTH {
        let db = testing::empty(engine).await;
        let before = MIGRATIONS.iter().position(|m| m.name == "0027_sms_notice").unwrap();
        db.store.migrate_with(&MIGRATIONS[..before]).await.unwrap();
        batch(&db, OLD_ADDON).await.unwrap();
        let sms = NEW_ADDON.replace(":service", "sms_notice");
        assert!(batch(&db, &sms).await.is_err(), "{engine:?}: not yet");
        assert!(db.store.migrate().await.unwrap().contains(&"0027_sms_notice"));
        let kept = "SELECT a.service || ' ' || CAST(a.gb AS TEXT) || ' ' || CAST(a.end_day AS TEXT) || ' ' || a.state FROM addons a JOIN topups t ON t.addon_id = a.id";
        assert_eq!(db.store.all_text::<String>(kept, args![]).await.unwrap(), ["extra_space 3 20365 active"]);
        let gone = batch(&db, "DELETE FROM addons WHERE id = :id").await;
        assert!(gone.is_err(), "{engine:?}: the top-up refers to it");
        batch(&db, "DELETE FROM topups; UPDATE addons SET state = 'ended'").await.unwrap();
        assert!(batch(&db, &NEW_ADDON.replace(":service", "gold")).await.is_err(), "{engine:?}");
        batch(&db, &sms).await.unwrap();
    }
}
