//! The store on a fresh SQLite file: values, groups, refusals, and that handlers can use it.
use store::{Error, Options, Query, Result, Store, WriteTx, args, row, sql};
use uuid::Uuid;

row! { pub struct Thing { pub id: Uuid, pub n: i64, pub t: String, pub b: Vec<u8>, pub f: bool, pub maybe: Option<String> } }
sql!(
    MAKE = "CREATE TABLE things (id BLOB PRIMARY KEY, n INTEGER NOT NULL, t TEXT NOT NULL, b BLOB NOT NULL, f INTEGER NOT NULL CHECK (f IN (0, 1)), maybe TEXT, CHECK (n >= 0)) STRICT"
);
sql!(ADD = "INSERT INTO things (id, n, t, b, f, maybe) VALUES ($1, $2, $3, $4, $5, $6)");
sql!(GET = "SELECT id, n, t, b, f, maybe FROM things WHERE n = $2 AND id = $1", Thing);
sql!(COUNT = "SELECT COUNT(*) FROM things", i64);

pub async fn get(q: &mut impl Query, id: Uuid, n: i64) -> Result<Option<Thing>> {
    q.opt(&GET, args![id, n]).await
}
async fn add(tx: &mut WriteTx, id: u128, n: i64) -> Result<u64> {
    tx.run(&ADD, args![Uuid::from_u128(id), n, "perché", &[0u8, 159][..], true, None::<&str>]).await
}
/// A handler's future must be Send.
fn send<T: Send>(t: T) -> T {
    t
}
async fn fresh() -> (tempfile::TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", dir.path().join("x.db").display()).parse().unwrap();
    let s = Store::open(&url, Options::default()).await.unwrap();
    s.write(async |tx| tx.run(&MAKE, args![]).await).await.unwrap();
    (dir, s)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn there_and_back() {
    let (_dir, s) = fresh().await;
    let id = Uuid::from_u128(7);
    let text = String::from("perché");
    let work = async {
        s.write(async move |tx| {
            let n = tx.run(&ADD, args![id, 5i64, &text, &[0u8, 159][..], true, None::<&str>]).await?;
            assert_eq!(get(tx, id, 5).await?.map(|t| t.t), Some("perché".into()));
            Ok::<_, Error>(n)
        })
        .await
    };
    assert_eq!(send(work).await, Ok(1));
    let t = send(get(&mut &s, id, 5)).await.unwrap().unwrap();
    assert_eq!(t, Thing { id, n: 5, t: "perché".into(), b: vec![0, 159], f: true, maybe: None });
    assert_eq!(send(get(&mut s.clone(), id, 6)).await, Ok(None));
    let both =
        send(s.read(async move |tx| Ok::<_, Error>((get(tx, id, 5).await?.is_some(), tx.one(&COUNT, args![]).await?))))
            .await;
    assert_eq!(both, Ok((true, 1)));
    s.close().await;
    assert!(matches!(s.write(async |tx| add(tx, 8, 1).await).await, Err(Error::Broken(_))));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refusal_in_a_group_undoes_itself_alone() {
    let (_dir, s) = fresh().await;
    let writes = (0..40u128).map(|i| {
        let s = s.clone();
        tokio::spawn(async move {
            s.write(async move |tx| {
                add(tx, i, 1).await?;
                if i % 4 == 1 { add(tx, i, 1).await } else { Ok(0) }
            })
            .await
        })
    });
    for (i, w) in writes.collect::<Vec<_>>().into_iter().enumerate() {
        let expected = if i % 4 == 1 { Err(Error::Duplicate("things.id".into())) } else { Ok(0) };
        assert_eq!(w.await.unwrap(), expected);
    }
    assert_eq!(s.one(&COUNT, args![]).await, Ok(30));
    let check = s.write(async |tx| add(tx, 99, -1).await).await;
    assert_eq!(check, Err(Error::Check("n >= 0".into())));
}
