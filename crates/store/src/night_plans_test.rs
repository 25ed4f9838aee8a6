//! What a night looks for is found along an index, so that a million mailboxes cost what the due ones do.

use domain::{id::PartyId, time::Date};
use uuid::Uuid;

use crate::{
    DatabaseUrl, EngineKind, Options, P, Sql, Store, args, expiry_notices, night, obligations, renewals, sms_notices,
    testing, usage,
};

/// A statement, its values, and its index on both engines.
struct Asked {
    text: [&'static str; 2],
    values: Vec<P<'static>>,
    index: [&'static str; 2],
}

fn asked<R>(sql: &'static Sql<R>, values: &[P<'static>], index: [&'static str; 2]) -> Asked {
    Asked { text: [sql.statement.sqlite, sql.statement.postgres], values: values.to_vec(), index }
}

fn all() -> Vec<Asked> {
    let (from, to) = (Date::from_days(20_100), Date::from_days(20_105));
    let (first, last) = (Uuid::nil(), Uuid::max());
    let mailboxes = ["sqlite_autoindex_mailboxes_1", "mailboxes_pkey"];
    vec![
        asked(&night::ENDED_COUNT, args![from, to], ["terms_end"; 2]),
        asked(&night::ENDED, args![from, first, to, 2000], ["terms_end"; 2]),
        asked(&night::GRACE_COUNT, args![from, to], ["terms_end"; 2]),
        asked(&night::GRACE_OVER, args![from, first, to, 200], ["terms_end"; 2]),
        asked(
            &night::EXPIRE,
            args![from, first, to, last, 0],
            ["SEARCH mailboxes USING COVERING INDEX", "mailboxes_pkey"],
        ),
        asked(&night::LIST, args![to, 30], ["sqlite_autoindex_nights_1", "nights_pkey"]),
        asked(&expiry_notices::MAILBOXES_DUE, args![from, first, to, -30, -30, -7], ["terms_end"; 2]),
        asked(&expiry_notices::MAILBOXES_NAMED, args![from, first, to, -30, -30, -7, 2000], ["terms_end"; 2]),
        asked(&expiry_notices::ADDONS_NAMED, args![from, first, to, -30, 2000], ["addons_end"; 2]),
        asked(&expiry_notices::SERVICE, args![PartyId::from_uuid(first)], mailboxes),
        asked(&obligations::LAPSE_ALL, args![first, "cancelled", 5], ["PRIMARY KEY", "obligations_pkey"]),
        asked(&usage::DUE, args![5, 50], ["mailbox_usage_due"; 2]),
        asked(&sms_notices::DUE, args![5, 50], ["sms_notices_due"; 2]),
        asked(&sms_notices::SUBJECT, args![PartyId::from_uuid(first)], ["addons_mailbox"; 2]),
        // The sorted rows of a customer's services are read whole.
        asked(&renewals::OF_LOGIN, args![PartyId::from_uuid(first), 200], ["terms_login"; 2]),
        asked(&renewals::OF_PARTY, args![PartyId::from_uuid(first), 200], ["mailboxes_party"; 2]),
        asked(&renewals::FOLLOWERS, args![PartyId::from_uuid(first), 200], ["addons_mailbox"; 2]),
    ]
}

/// Statistics in which every index finds one row of a million: of states too, on a day on which hardly anything is expired.
const ALL_ALIKE: &str = "ANALYZE; DELETE FROM sqlite_stat1; \
    INSERT INTO sqlite_stat1 (tbl, idx, stat) SELECT tbl_name, name, '1000000 1 1 1 1' FROM sqlite_schema WHERE type = 'index'";

#[tokio::test]
async fn what_a_night_looks_for_goes_along_an_index() {
    let db = testing::fresh(EngineKind::Sqlite).await;
    goes_along_an_index(&db.store).await;
    let DatabaseUrl::Sqlite(path) = &db.url else { unreachable!("made on SQLite") };
    rusqlite::Connection::open(path).unwrap().execute_batch(ALL_ALIKE).unwrap();
    goes_along_an_index(&Store::open(&db.url, Options::default()).await.unwrap()).await;
}

async fn goes_along_an_index(store: &Store) {
    for Asked { text: [text, _], values, index: [index, _] } in all() {
        let plan: Vec<(i64, i64, i64, String)> =
            store.all_text(&format!("EXPLAIN QUERY PLAN {text}"), &values).await.unwrap();
        let told: Vec<_> = plan.into_iter().map(|(_, _, _, step)| step).collect();
        // The key of a table without row numbers is named after itself.
        let found = told.iter().any(|step| step.contains(index) || step.contains("USING PRIMARY KEY"));
        assert!(found, "{index}: {told:#?}\n{text}");
        let scans = |step: &&String| step.starts_with("SCAN") && *step != "SCAN q";
        assert!(told.iter().find(scans).is_none(), "{told:#?}\n{text}");
        // One row of the other table each time, and not all that are in its state.
        assert!(!told.iter().any(|step| step.contains("mailboxes_state")), "{told:#?}\n{text}");
    }
}

/// Enough rows for PostgreSQL to prefer an index, with nothing that they refer to.
const MANY: &str = "SET session_replication_role = replica; \
    INSERT INTO mailboxes (id, version, address, domain, plan_code, state, state_at, party_id, login_id, order_id, holder_kind, holder_tax_key, holder_name, contact_email, space_mib, extra_space_mib, archive_mib, requested_at) \
    SELECT gen_random_uuid(), 1, 'x' || n, 'd', 'p', CASE WHEN n % 5 = 0 THEN 'expired' ELSE 'active' END, 0, gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'account', 'T', 'X', 'x', 1, 0, 0, n FROM generate_series(1, 20000) n; \
    INSERT INTO terms (mailbox_id, login_id, start_day, end_day, years, auto_renew) SELECT id, login_id, 1, 19000 + requested_at % 2000, 1, FALSE FROM mailboxes; \
    INSERT INTO obligations (service_id, period_start, service_kind, mailbox_id, due_day, way, state, tries) SELECT mailbox_id, end_day + 1, 'mailbox', mailbox_id, end_day, 'manual', 'open', 0 FROM terms; \
    INSERT INTO addons (id, mailbox_id, service, gb, start_day, end_day, free, state, price_list, order_id) SELECT gen_random_uuid(), mailbox_id, 'extra_space', 1, 1, end_day, FALSE, 'active', 'l', mailbox_id FROM terms; \
    INSERT INTO mailbox_usage (mailbox_id, due_at) SELECT id, requested_at FROM mailboxes; \
    INSERT INTO sms_notices (mailbox_id, due_at, told_unread) SELECT id, requested_at, 0 FROM mailboxes; \
    INSERT INTO nights (day, state, begun_at) SELECT 10000 + n, 'done', 0 FROM generate_series(1, 5000) n; \
    ANALYZE";

#[tokio::test]
async fn what_a_night_looks_for_goes_along_an_index_on_postgres() {
    let db = testing::fresh(EngineKind::Postgres).await;
    let (client, connection) = tokio_postgres::connect(&db.address(), tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    client.batch_execute(MANY).await.unwrap();
    for Asked { text: [_, text], values, index: [_, index] } in all() {
        let told: Vec<String> = db.store.all_text(&format!("EXPLAIN {text}"), &values).await.unwrap();
        assert!(told.iter().any(|step| step.contains(index)), "{index}: {told:#?}\n{text}");
        for table in
            ["terms", "mailboxes", "obligations", "addons", "notices_sent", "mailbox_usage", "sms_notices", "nights"]
        {
            // What has no rows yet is read whole.
            let whole = format!("Seq Scan on {table}");
            assert!(table == "notices_sent" || !told.iter().any(|s| s.contains(&whole)), "{told:#?}\n{text}");
        }
    }
}
