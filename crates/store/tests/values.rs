//! Values, rows and parameters mean the same on both engines.

mod common;
use common::*;
use store::{Error, Options, P, Query, Result, Store, args, row, sql, testing::BOTH};
use uuid::Uuid;

row! { pub struct Wrong { pub id: Uuid, pub n: String } }
sql!(REVERSED = "SELECT id, n, t, b, f, maybe FROM things WHERE n = $2 AND id = $1", Thing);
sql!(TURNED_ROUND = "INSERT INTO things (id, n, t, b, f, maybe) VALUES ($6, $5, $4, $3, $2, $1)");
sql!(TWICE = "SELECT COUNT(*) FROM things WHERE n = $1 OR n + 1 = $1", i64);
sql!(WRONG_KIND = "SELECT id, n FROM things", Wrong);
sql!(NOT_NULL = "SELECT maybe FROM things", String);
sql!(BY_T = "SELECT COUNT(*) FROM things WHERE t = $1", i64);
sql!(NUMBERS = "SELECT n FROM things ORDER BY n", i64);

pub async fn get(q: &mut impl Query, id: Uuid, n: i64) -> Result<Option<Thing>> {
    q.opt(&REVERSED, args![id, n]).await
}
/// A handler's future must be Send.
fn send<T: Send>(t: T) -> T {
    t
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn there_and_back() {
    for engine in BOTH {
        let db = things(engine, Options::default()).await;
        let s = &db.store;
        let id = Uuid::from_u128(7);
        let text = String::from("perché 👋");
        let work = async {
            s.write(async move |tx| {
                let n = tx.run(&ADD, args![id, i64::MAX, &text, &[0u8, 159][..], true, None::<&str>]).await?;
                assert_eq!(get(tx, id, i64::MAX).await?.map(|t| t.t), Some("perché 👋".into()));
                Ok::<_, Error>(n)
            })
            .await
        };
        assert_eq!(send(work).await, Ok(1));
        let t = send(get(&mut &*s, id, i64::MAX)).await.unwrap().unwrap();
        assert_eq!(t, Thing { id, n: i64::MAX, t: "perché 👋".into(), b: vec![0, 159], f: true, maybe: None });
        assert_eq!(send(get(&mut s.clone(), id, 6)).await, Ok(None));
        let both = send(s.read(async move |tx| {
            Ok::<_, Error>((get(tx, id, i64::MAX).await?.is_some(), tx.one(&COUNT, args![]).await?))
        }));
        assert_eq!(both.await, Ok((true, 1)));
        assert_eq!(s.one(&BY_ID, args![Uuid::nil()]).await, Err(Error::WrongRows));
    }
}

/// `$2` is a name to SQLite, numbered by first appearance: bound by position, the values would be swapped.
#[tokio::test]
async fn parameters_are_bound_by_their_number() {
    for engine in BOTH {
        let db = things(engine, Options::default()).await;
        let id = Uuid::from_u128(1);
        let turned = async move |tx: &mut store::WriteTx| {
            tx.run(&TURNED_ROUND, args![Some("last"), false, &b"b"[..], "t", 5i64, id]).await
        };
        assert_eq!(db.store.write(turned).await, Ok(1));
        let expected = Thing { id, n: 5, t: "t".into(), b: b"b".into(), f: false, maybe: Some("last".into()) };
        assert_eq!(get(&mut &db.store, id, 5).await, Ok(Some(expected)));
        assert_eq!(db.store.one(&TWICE, args![6i64]).await, Ok(1), "one value used twice");
        for wrong in [args![], args![5i64, 6i64]] {
            assert!(matches!(db.store.one(&TWICE, wrong).await, Err(Error::Broken(_))), "{engine:?}: {wrong:?}");
        }
    }
}

#[tokio::test]
async fn values_of_the_wrong_kind_are_refused_not_converted() {
    for engine in BOTH {
        let db = things(engine, Options::default()).await;
        let s = &db.store;
        s.write(async |tx| add(tx, 1, 5).await).await.unwrap();
        assert!(matches!(s.all(&WRONG_KIND, args![]).await, Err(Error::Broken(_))), "a number read as a text");
        assert!(matches!(s.all(&NOT_NULL, args![]).await, Err(Error::Broken(_))), "NULL read as a text");
        let text_as_number =
            s.write(async |tx| tx.run(&ADD, args![Uuid::nil(), "x", "t", &b""[..], true, P::N]).await).await;
        assert!(matches!(text_as_number, Err(Error::Broken(_))), "{engine:?}: {text_as_number:?}");
        let nul = s.write(async |tx| tx.run(&ADD, args![Uuid::nil(), 1i64, "a\0b", &b""[..], true, P::N]).await).await;
        assert!(matches!(nul, Err(Error::Broken(_))), "{engine:?}: {nul:?}");
        assert!(matches!(s.one(&BY_T, args!["\0"]).await, Err(Error::Broken(_))));
        assert_eq!(count(s).await, 1);
    }
}

#[tokio::test]
async fn refusals_of_the_database_have_the_same_names() {
    for engine in BOTH {
        let db = things(engine, Options::default()).await;
        let s = &db.store;
        s.write(async |tx| add(tx, 1, 5).await).await.unwrap();
        let key = s.write(async |tx| add(tx, 1, 6).await).await.unwrap_err();
        assert!(key.is_duplicate_of("things.id"), "{engine:?}: {key:?}");
        let same_text =
            s.write(async |tx| tx.run(&ADD, args![Uuid::nil(), 5i64, "1", &b""[..], true, P::N]).await).await;
        assert_eq!(same_text, Err(Error::Duplicate("things.t,n".into())), "{engine:?}");
        let check = s.write(async |tx| add(tx, 2, -1).await).await.unwrap_err();
        assert!(check.is_check("things_n"), "{engine:?}: {check:?}");
    }
}

/// Lists are texts made at run time: they must not enter the driver's statement cache, which has no bound.
#[tokio::test]
async fn texts_made_at_run_time_are_not_kept_prepared() {
    for engine in BOTH {
        let db = things(engine, Options { connections: 1, ..Options::default() }).await;
        let s: &Store = &db.store;
        s.write(async |tx| add(tx, 1, 5).await).await.unwrap();
        for i in 0..20i64 {
            let sql = format!(
                "SELECT n FROM things WHERE n >= $1 AND f = $2 AND (maybe IS NULL OR maybe = $3) AND {i} = {i}"
            );
            assert_eq!(s.all_text::<i64>(&sql, args![5i64, true, P::N]).await, Ok(vec![5]), "{engine:?}");
        }
        if engine == store::EngineKind::Postgres {
            let kept = "SELECT COUNT(*) FROM pg_prepared_statements WHERE statement LIKE '%maybe = $3%'";
            assert_eq!(s.all_text::<i64>(kept, &[]).await, Ok(vec![0]));
            assert_eq!(s.all(&NUMBERS, args![]).await, Ok(vec![5]));
            let constants = "SELECT COUNT(*) FROM pg_prepared_statements WHERE statement LIKE '%ORDER BY n'";
            assert_eq!(s.all_text::<i64>(constants, &[]).await, Ok(vec![1]), "constants stay prepared");
        }
    }
}
