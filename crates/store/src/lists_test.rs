//! Lists find their rows along one of several indexes, by what is asked: each way answers the same rows.

use domain::{
    id::{LoginId, MailboxId},
    time::Date,
};
use uuid::Uuid;

use crate::{
    DatabaseUrl, EngineKind, WriteTx, checks, housekeeping,
    lists::{self, From, MailboxFilter},
    mailboxes::MailboxListRow,
    secretariat::{self, BodyFilter, BodyMailboxRow},
    testing::{self, TestDb},
};

/// Mailboxes of one login, every second under an agreement, with nothing that they refer to but their plans.
const ROWS: &str = "INSERT INTO products (code, kind, position, name, space_mib, archive_mib, archive_extendable, sms_notice, multi_user, legal_storage, sold_from_day) \
    SELECT code, 'mailbox_plan', 1, code, 1, 0, :no, :no, :no, :no, 0 FROM (SELECT 'standard' AS code UNION SELECT 'pro') AS c; \
    INSERT INTO mailboxes (id, version, address, domain, plan_code, state, state_at, party_id, login_id, order_id, holder_kind, holder_tax_key, holder_name, contact_email, space_mib, extra_space_mib, archive_mib, requested_at, agreement_code) \
    SELECT id, 1, 'm' || (n * 37 % 1000) || '@d' || n, 'd', CASE WHEN n % 3 = 0 THEN 'pro' ELSE 'standard' END, \
    CASE n % 7 WHEN 0 THEN 'activating' WHEN 1 THEN 'expired' WHEN 2 THEN 'cancelled' WHEN 3 THEN 'terminated' ELSE 'active' END, 0, :one, :one, :one, \
    CASE WHEN n % 2 = 0 THEN 'account' ELSE 'profile' END, 'T' || n, CASE WHEN n % 5 = 0 THEN 'Rossi ' ELSE 'Bianchi ' END || n, 'x', 1, 0, 0, n, \
    CASE WHEN n % 2 = 0 THEN 'A' END FROM (:numbers) AS numbers; \
    INSERT INTO terms (mailbox_id, login_id, start_day, end_day, years, auto_renew, notice, agreement_code) \
    SELECT id, login_id, 1, 20000 + requested_at * 13 % 50, 1, :no, requested_at % 4 = 0, agreement_code FROM mailboxes; \
    INSERT INTO agreement_mailboxes (mailbox_id, agreement_code, renewal_kind, address) \
    SELECT id, 'A', CASE WHEN requested_at % 6 = 0 THEN 'by_body' ELSE 'by_holder' END, address FROM mailboxes WHERE agreement_code = 'A'";

async fn filled(engine: EngineKind, count: usize) -> TestDb {
    let db = testing::fresh(engine).await;
    if let DatabaseUrl::Sqlite(path) = &db.url {
        let numbers = format!(
            "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < {count}) SELECT n, unhex(printf('%032x', n)) AS id FROM c"
        );
        let text = ROWS.replace(":numbers", &numbers).replace(":no", "0").replace(":one", "unhex(printf('%032x', 1))");
        let c = rusqlite::Connection::open(path).unwrap();
        c.execute_batch(&format!("PRAGMA foreign_keys = OFF; {text}")).unwrap();
    } else {
        let id = |n: &str| format!("CAST(lpad(to_hex({n}), 32, '0') AS UUID)");
        let numbers = format!("SELECT n, {} AS id FROM generate_series(1, {count}) n", id("n"));
        let text = ROWS.replace(":numbers", &numbers).replace(":no", "FALSE").replace(":one", &id("1"));
        let (client, connection) = tokio_postgres::connect(&db.address(), tokio_postgres::NoTls).await.unwrap();
        tokio::spawn(connection);
        client.batch_execute(&format!("SET session_replication_role = replica; {text}")).await.unwrap();
    }
    db
}

pub(crate) fn login(n: u128) -> LoginId {
    LoginId::from_uuid(Uuid::from_u128(n))
}
/// Enough rows of many logins and agreements for PostgreSQL to prefer an index.
pub(crate) async fn many_on_postgres() -> TestDb {
    let db = filled(EngineKind::Postgres, 20_000).await;
    let (client, connection) = tokio_postgres::connect(&db.address(), tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    let spread = "SET session_replication_role = replica; \
        UPDATE mailboxes SET login_id = CAST(lpad(to_hex(requested_at % 50 + 1), 32, '0') AS UUID), agreement_code = 'A' || requested_at % 20; \
        UPDATE terms t SET login_id = m.login_id, agreement_code = m.agreement_code FROM mailboxes m WHERE m.id = t.mailbox_id; \
        DELETE FROM agreement_mailboxes; \
        INSERT INTO agreement_mailboxes (mailbox_id, agreement_code, renewal_kind, address) \
        SELECT id, agreement_code, CASE WHEN requested_at % 300 < 20 THEN 'by_body' ELSE 'by_holder' END, address FROM mailboxes; ANALYZE";
    client.batch_execute(spread).await.unwrap();
    db
}

fn word(w: &str) -> Option<String> {
    Some(w.to_owned())
}

/// All pages one after the other, forwards, then back to the first.
macro_rules! pages {
    ($list:expr, $key:expr) => {{
        const PAGE: usize = 7;
        let (mut all, mut from) = (Vec::new(), From::Start);
        loop {
            let mut page = $list(from, PAGE as u64).await.unwrap();
            let more = page.len() > PAGE;
            page.truncate(PAGE);
            let last = page.last().cloned();
            all.extend(page);
            match last.filter(|_| more) {
                Some(last) => from = From::After($key(last)),
                None => break,
            }
        }
        if let Some(last) = all.last().cloned() {
            let mut back = $list(From::Before($key(last)), all.len() as u64).await.unwrap();
            back.reverse();
            assert_eq!(ids(&back), ids(&all[..all.len() - 1]), "backwards");
        }
        all
    }};
}
trait Has {
    fn its(&self) -> MailboxId;
}
impl Has for MailboxListRow {
    fn its(&self) -> MailboxId {
        self.id
    }
}
impl Has for BodyMailboxRow {
    fn its(&self) -> MailboxId {
        self.id
    }
}
fn ids<T: Has>(rows: &[T]) -> Vec<MailboxId> {
    rows.iter().map(Has::its).collect()
}

async fn customers(engine: EngineKind, count: usize) {
    let db = filled(engine, count).await;
    let login = login(1);
    let day = Some(Date::from_days(20_020));
    let all = MailboxFilter::default();
    let whole = lists::mailboxes(&mut db.store.clone(), login, &all, From::Start, count as u64).await.unwrap();
    assert_eq!(whole.len(), count);
    for descending in [false, true] {
        let base = || MailboxFilter { descending, ..MailboxFilter::default() };
        type Wanted = Box<dyn Fn(&MailboxListRow) -> bool>;
        let cases: Vec<(MailboxFilter, Wanted)> = vec![
            (base(), Box::new(|_| true)),
            (MailboxFilter { search: "ROSSI".into(), ..base() }, Box::new(|m| m.holder_name.starts_with("Rossi"))),
            (MailboxFilter { search: "m37@".into(), ..base() }, Box::new(|m| m.address.contains("m37@"))),
            (MailboxFilter { search: "nobody".into(), ..base() }, Box::new(|_| false)),
            (MailboxFilter { state: word("active"), ..base() }, Box::new(|m| m.state == "active")),
            (
                MailboxFilter { state: word("expired"), plan: word("pro"), holder_kind: word("profile"), ..base() },
                Box::new(|m| m.state == "expired" && m.plan_code == "pro" && m.holder_kind == "profile"),
            ),
            (
                MailboxFilter { search: "bianchi".into(), noticed: true, ..base() },
                Box::new(|m| m.holder_name.starts_with('B') && m.notice && ["active", "expired"].contains(&&*m.state)),
            ),
            (
                MailboxFilter { plan: word("pro"), expiring_by: day, ..base() },
                Box::new(move |m| m.plan_code == "pro" && m.state == "active" && Some(m.end_day) <= day),
            ),
        ];
        for (filter, wanted) in cases {
            let list = async |from, limit| lists::mailboxes(&mut db.store.clone(), login, &filter, from, limit).await;
            let found = pages!(list, |m: MailboxListRow| (m.end_day, m.id));
            let mut expected: Vec<_> = whole.iter().filter(|m| wanted(m)).cloned().collect();
            if descending {
                expected.reverse();
            }
            assert_eq!(ids(&found), ids(&expected), "{engine:?} {filter:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_customers_mailboxes_are_the_same_whichever_way_they_are_found() {
    // Up to a thousand are found first and sorted.
    customers(EngineKind::Sqlite, 400).await;
    customers(EngineKind::Sqlite, 4_000).await;
    customers(EngineKind::Postgres, 400).await;
}

async fn members(engine: EngineKind, count: usize) {
    let db = filled(engine, count).await;
    let all = BodyFilter::default();
    let whole = secretariat::mailboxes(&mut db.store.clone(), "A", &all, From::Start, count as u64).await.unwrap();
    assert_eq!(whole.len(), count / 2);
    let day = Some(Date::from_days(20_020));
    let lives = |m: &BodyMailboxRow| ["active", "expired"].contains(&&*m.state);
    let ends = move |m: &BodyMailboxRow| lives(m) && Some(m.end_day) <= day;
    type Wanted = Box<dyn Fn(&BodyMailboxRow) -> bool>;
    let cases: Vec<(BodyFilter, Wanted)> = vec![
        (BodyFilter { search: "rossi".into(), ..all.clone() }, Box::new(|m| m.holder_name.starts_with("Rossi"))),
        (BodyFilter { search: "t12".into(), ..all.clone() }, Box::new(|m| m.holder_tax_key.starts_with("T12"))),
        (
            BodyFilter { state: word("expired"), plan: word("pro"), ..all.clone() },
            Box::new(|m| m.state == "expired" && m.plan_code == "pro"),
        ),
        (BodyFilter { renewal: word("by_body"), ..all.clone() }, Box::new(|m| m.renewal_kind == "by_body")),
        (BodyFilter { ending_by: day, ..all.clone() }, Box::new(ends)),
        (
            BodyFilter { ending_by: day, renewal: word("by_body"), search: "bianchi".into(), ..all.clone() },
            Box::new(move |m| ends(m) && m.renewal_kind == "by_body" && m.holder_name.starts_with('B')),
        ),
    ];
    for (filter, wanted) in cases {
        let list = async |from: From<(String, MailboxId)>, limit| {
            let from = match &from {
                From::Start => From::Start,
                From::After((address, id)) => From::After((address.as_str(), *id)),
                From::Before((address, id)) => From::Before((address.as_str(), *id)),
            };
            secretariat::mailboxes(&mut db.store.clone(), "A", &filter, from, limit).await
        };
        let found = pages!(list, |m: BodyMailboxRow| (m.address, m.id));
        let expected: Vec<_> = whole.iter().filter(|m| wanted(m)).cloned().collect();
        assert_eq!(ids(&found), ids(&expected), "{engine:?} {filter:?}");
    }
    let living = whole.iter().filter(|m| lives(m) || m.state == "activating").count();
    let expected = (living as i64, whole.iter().filter(|m| ends(m)).count() as i64);
    assert_eq!(counts(&db).await, expected);
    // A version that does not know these columns gave them: until it is mended, they are counted nowhere.
    let forget = db.store.write(async move |tx| {
        for table in ["mailboxes", "terms"] {
            let text = format!("UPDATE {table} SET agreement_code = NULL RETURNING CAST(1 AS BIGINT) AS one");
            assert_eq!(tx.all_text::<i64>(&text, &[]).await?.len(), count);
        }
        Ok::<_, crate::Error>(())
    });
    forget.await.unwrap();
    assert_eq!(counts(&db).await, (0, 0));
    let mend = async |tx: &mut WriteTx| housekeeping::say_agreements(tx, MailboxId::from_uuid(Uuid::nil())).await;
    let mended = db.store.write(mend);
    assert_eq!(mended.await.unwrap(), count as u64);
    assert_eq!(counts(&db).await, expected);
    assert_eq!(checks::unsaid(&mut db.store.clone()).await.unwrap(), 0);
}
async fn counts(db: &TestDb) -> (i64, i64) {
    let found = secretariat::counts(&mut db.store.clone(), "A", Date::from_days(20_020)).await.unwrap();
    (found.mailboxes, found.ending)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn members_are_the_same_whichever_way_they_are_found() {
    // Where more than two thousand end by the day, the list goes along the addresses.
    members(EngineKind::Sqlite, 400).await;
    members(EngineKind::Sqlite, 10_000).await;
    members(EngineKind::Postgres, 400).await;
}
