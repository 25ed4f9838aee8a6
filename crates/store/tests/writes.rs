//! Write transactions on both engines: all or nothing, whatever happens to closure and caller.

mod common;
use common::*;
use domain::ledger::{AccountKey, AccountKind};
use store::{Batch, EngineKind, Error, Options, Store, WriteTx, args, sql, testing::BOTH};
use uuid::Uuid;

sql!(SLOW = sqlite "SELECT CAST(1 AS INTEGER)", postgres "SELECT CAST(1 AS BIGINT) FROM pg_sleep(20)", i64);

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_refusal_undoes_itself_alone() {
    for engine in BOTH {
        let db = things(engine, Options::default()).await;
        let writes = (0..40u128).map(|i| {
            let s = db.store.clone();
            tokio::spawn(async move {
                s.write(async move |tx| {
                    add(tx, i, 1).await?;
                    if i % 4 == 1 { add(tx, i, 2).await } else { Ok(()) }
                })
                .await
            })
        });
        for (i, w) in writes.collect::<Vec<_>>().into_iter().enumerate() {
            let expected = if i % 4 == 1 { Err(Error::Duplicate("things.id".into())) } else { Ok(()) };
            assert_eq!(w.await.unwrap(), expected, "{engine:?} {i}");
        }
        assert_eq!(count(&db.store).await, 30);
    }
}

#[tokio::test]
async fn after_an_error_nothing_is_kept_even_if_the_closure_goes_on() {
    for engine in BOTH {
        let db = things(engine, Options::default()).await;
        let stubborn = async |tx: &mut WriteTx| {
            add(tx, 1, 1).await?;
            assert!(add(tx, 1, 2).await.is_err());
            assert!(add(tx, 2, 1).await.is_err(), "no statement runs after an error");
            Ok::<_, Error>(())
        };
        assert_eq!(db.store.write(stubborn).await, Err(Error::Duplicate("things.id".into())), "{engine:?}");
        let wrong = db.store.write(async |tx| {
            add(tx, 1, 1).await?;
            tx.exactly_one(&SET_N, args![id(9), 1i64]).await
        });
        assert_eq!(wrong.await, Err(Error::WrongRows), "{engine:?}");
        assert_eq!(count(&db.store).await, 0);
    }
}

#[tokio::test]
async fn a_panic_in_a_closure_is_answered_and_rolled_back() {
    for engine in BOTH {
        let db = things(engine, Options { connections: 1, ..Options::default() }).await;
        let panics = db.store.write(async |tx| {
            add(tx, 1, 1).await?;
            if tx.run(&SET_N, args![id(1), 2i64]).await? == 1 {
                panic!("on purpose");
            }
            Ok::<_, Error>(())
        });
        assert_eq!(panics.await, Err(Error::Broken("a transaction panicked".into())), "{engine:?}");
        assert_eq!(db.store.write(async |tx| add(tx, 2, 1).await).await, Ok(()), "the store goes on");
        assert_eq!(count(&db.store).await, 1);
    }
}

#[tokio::test]
async fn a_closure_that_awaits_something_foreign_is_refused() {
    for engine in BOTH {
        let db = things(engine, Options { connections: 1, ..Options::default() }).await;
        let foreign = Err(Error::Broken("a transaction awaited something else than its statements".into()));
        let network = db.store.write(async |tx| {
            add(tx, 1, 1).await?;
            std::future::pending::<()>().await;
            add(tx, 2, 1).await
        });
        assert_eq!(network.await, foreign, "{engine:?}");
        let read = db.store.read(async |tx| {
            tx.one(&COUNT, args![]).await?;
            tokio::task::yield_now().await;
            Ok::<_, Error>(())
        });
        assert_eq!(read.await, foreign, "{engine:?}");
        assert_eq!(db.store.write(async |tx| add(tx, 3, 1).await).await, Ok(()));
        assert_eq!(count(&db.store).await, 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_caller_that_goes_away_never_cuts_a_write_in_half() {
    for engine in BOTH {
        let db = things(engine, Options { connections: 1, ..Options::default() }).await;
        let work = db.store.write(async |tx| {
            add(tx, 1, 1).await?;
            add(tx, 2, 1).await
        });
        // Polled until it waits for its answer, then dropped.
        let mut work = Box::pin(work);
        assert!(still_waits(&mut work).await);
        drop(work);
        assert_eq!(db.store.write(async |tx| add(tx, 3, 1).await).await, Ok(()));
        db.store.close().await;
        let reopened = Store::open(&db.url, Options::default()).await.unwrap();
        assert_eq!(count(&reopened).await, 3, "{engine:?}");
    }
}

#[tokio::test]
async fn a_batch_keeps_its_order_and_counts() {
    for engine in BOTH {
        let db = things(engine, Options::default()).await;
        let text = String::from("b");
        let ordered = db.store.write(async move |tx| {
            let mut batch = Batch::new();
            batch.add(&ADD, args![id(1), 1i64, "a", &b""[..], true, None::<&str>], 1);
            batch.add(&SET_N, args![id(1), 7i64], 1);
            batch.add(&ADD, args![id(2), 1i64, &text, &b""[..], true, None::<&str>], 1);
            batch.add_any(&SET_N, args![id(9), 7i64]);
            tx.batch(batch).await
        });
        assert_eq!(ordered.await, Ok(()), "{engine:?}");
        assert_eq!(db.store.one(&BY_ID, args![id(1)]).await.unwrap().n, 7);
        let miscounted = db
            .store
            .write(async |tx| tx.batch(vec![(&SET_N, args![id(1), 8i64], 1), (&SET_N, args![id(9), 8i64], 1)]).await);
        assert_eq!(miscounted.await, Err(Error::WrongRows), "{engine:?}");
        assert_eq!(db.store.one(&BY_ID, args![id(1)]).await.unwrap().n, 7, "rolled back");
    }
}

/// What may leave later leaves in its order, before whatever is asked next, and its refusal loses the transaction.
#[tokio::test]
async fn later_writes_are_seen_by_what_follows_and_told_when_they_are_wrong() {
    for engine in BOTH {
        let db = things(engine, Options { connections: 1, ..Options::default() }).await;
        let write = |at: u128, changed: u128| {
            let text = at.to_string();
            db.store.write(async move |tx| {
                tx.later(Batch::one(&ADD, args![id(at), 1i64, &text, &b"x"[..], true, None::<&str>], 1)).await?;
                tx.later(Batch::one(&SET_N, args![id(changed), 7i64], 1)).await?;
                let seen = tx.one(&BY_ID, args![id(at)]).await?;
                tx.later(Batch::one(&SET_N, args![id(at), seen.n + 1], 1)).await?;
                tx.later(Batch::one(&SET_N, args![id(at), seen.n + 2], 1)).await?;
                Ok::<_, Error>(seen.n)
            })
        };
        assert_eq!(write(1, 1).await, Ok(7), "{engine:?}");
        assert_eq!(db.store.one(&BY_ID, args![id(1)]).await.unwrap().n, 9, "what waits leaves with the COMMIT");
        assert_eq!(write(2, 99).await, Err(Error::WrongRows), "{engine:?}: told by what is asked next");
        assert_eq!(write(1, 1).await, Err(Error::Duplicate("things.id".into())), "{engine:?}");
        let certain = db.store.write(async |tx| {
            tx.later(Batch::one(&ADD, args![id(3), 1i64, "3", &b""[..], true, None::<&str>], 1)).await?;
            tx.later(Batch::one(&ADD, args![id(1), 1i64, "1", &b""[..], true, None::<&str>], 1)).await
        });
        assert_eq!(certain.await, Err(Error::Duplicate("things.id".into())), "{engine:?}: told by the COMMIT");
        let miscounted = db.store.write(async |tx| tx.later(Batch::one(&SET_N, args![id(9), 1i64], 1)).await);
        assert_eq!(miscounted.await, Err(Error::WrongRows), "{engine:?}: told by the COMMIT");
        let given_up = db.store.write(async |tx| {
            tx.later(Batch::one(&SET_N, args![id(1), 1i64], 1)).await?;
            Err::<(), _>(Error::Full)
        });
        assert_eq!(given_up.await, Err(Error::Full));
        let before_a_batch = db.store.write(async |tx| {
            tx.later(Batch::one(&ADD, args![id(4), 1i64, "4", &b""[..], true, None::<&str>], 1)).await?;
            tx.batch_commit(Batch::one(&SET_N, args![id(4), 5i64], 1)).await
        });
        assert_eq!(before_a_batch.await, Ok(()), "{engine:?}");
        assert_eq!(db.store.one(&BY_ID, args![id(4)]).await.unwrap().n, 5);
        assert_eq!(db.store.one(&BY_ID, args![id(1)]).await.unwrap().n, 9, "rolled back");
        assert_eq!(count(&db.store).await, 2);
    }
}

/// COMMIT behind a failed statement answers success although it rolled back.
#[tokio::test]
async fn a_failed_pipelined_commit_is_an_error() {
    for engine in BOTH {
        let db = things(engine, Options { connections: 1, ..Options::default() }).await;
        db.store.write(async |tx| add(tx, 1, 10).await).await.unwrap();
        let buy = |price: i64, at: u128| {
            let text = at.to_string();
            db.store.write(async move |tx| {
                let mut batch = Batch::new();
                batch.add(&ADD, args![id(at), 1i64, &text, &b""[..], true, None::<&str>], 1);
                batch.add_any(&TAKE_N, args![id(1), price]);
                tx.batch_commit(batch).await
            })
        };
        assert_eq!(buy(11, 2).await, Err(Error::Check("things_n".into())), "{engine:?}");
        assert_eq!(count(&db.store).await, 1, "nothing of it is kept");
        assert_eq!(buy(10, 3).await, Ok(()));
        assert_eq!(db.store.one(&BY_ID, args![id(1)]).await.unwrap().n, 0);
        // A guarded update must be counted before COMMIT, whatever the engine.
        let guarded = db.store.write(async |tx| {
            add(tx, 4, 1).await?;
            tx.batch_commit([(&SET_N, args![id(99), 1i64], 1)]).await
        });
        assert_eq!(guarded.await, Err(Error::WrongRows), "{engine:?}");
        assert_eq!(count(&db.store).await, 2);
        let after = db.store.write(async |tx| {
            tx.batch_commit([(&SET_N, args![id(1), 5i64], 1)]).await?;
            add(tx, 5, 1).await
        });
        assert!(matches!(after.await, Err(Error::Broken(_))), "{engine:?}: nothing runs behind COMMIT");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn increments_are_never_lost() {
    for engine in BOTH {
        let db = things(engine, Options::default()).await;
        db.store.write(async |tx| add(tx, 1, 0).await).await.unwrap();
        let tasks = (0..100).map(|_| {
            let s = db.store.clone();
            tokio::spawn(async move {
                s.write(async |tx| {
                    let n = tx.one(&BY_ID, args![id(1)]).await?.n;
                    tx.exactly_one(&SET_N, args![id(1), n + 1]).await
                })
                .await
            })
        });
        for t in tasks.collect::<Vec<_>>() {
            assert_eq!(t.await.unwrap(), Ok(()), "{engine:?}");
        }
        assert_eq!(db.store.one(&BY_ID, args![id(1)]).await.unwrap().n, 100, "{engine:?}");
    }
}

/// Each sees what the one before it did, nobody is run again, and nobody is answered before the disk has it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn writes_in_turn_follow_each_other_and_are_kept_when_they_are_answered() {
    sql!(
        /// COMMIT comes behind it.
        LOG_END = sqlite "SELECT CAST(0 AS INTEGER)",
        postgres "SELECT CAST(pg_current_wal_insert_lsn() - '0/0' AS BIGINT)",
        i64
    );
    sql!(
        ON_DISK = sqlite "SELECT CAST(1 AS INTEGER)",
        postgres "SELECT CAST(pg_current_wal_flush_lsn() - '0/0' AS BIGINT)",
        i64
    );
    const WRITES: i64 = 40;
    for engine in BOTH {
        let db = things(engine, Options::default()).await;
        db.store.write(async |tx| add(tx, 1, 0).await).await.unwrap();
        // The server of the tests waits for no disk unless it is asked to.
        let url = match engine {
            EngineKind::Sqlite => db.url.clone(),
            EngineKind::Postgres => {
                let address = db.address();
                let sep = if address.contains('?') { '&' } else { '?' };
                format!("{address}{sep}options=-csynchronous_commit%3Don").parse().unwrap()
            }
        };
        let store = Store::open(&url, Options { connections: 4, ..Options::default() }).await.unwrap();
        let writes = (0..WRITES).map(|n| {
            let s = store.clone();
            tokio::spawn(async move {
                let refused = n % 10 == 9;
                let written = s.write_in_turn(id(1), async move |tx| {
                    let now = tx.one(&BY_ID, args![id(1)]).await?;
                    tx.exactly_one(&SET_N, args![id(1), now.n + 1]).await?;
                    if refused { Err(Error::WrongRows) } else { tx.one(&LOG_END, args![]).await }
                });
                match written.await {
                    Ok(end) => {
                        let kept = s.one(&ON_DISK, args![]).await.unwrap();
                        assert!(kept > end, "{engine:?}: written up to {end}, on the disk up to {kept}");
                    }
                    Err(e) => assert!(refused, "{engine:?}: {e}"),
                }
            })
        });
        for w in writes.collect::<Vec<_>>() {
            w.await.unwrap();
        }
        let thing = store.one(&BY_ID, args![id(1)]).await.unwrap();
        assert_eq!((thing.n, store.stats().reruns), (WRITES - WRITES / 10, 0), "{engine:?}");
    }
}

/// What waits to be written leaves before them, and each has its own kind of rows.
#[tokio::test]
async fn two_reads_are_answered_each_in_its_own_kind() {
    for engine in BOTH {
        let db = things(engine, Options::default()).await;
        let read = db.store.write(async |tx| {
            add(tx, 1, 5).await?;
            tx.later(Batch::one(&SET_N, args![id(1), 7i64], 1)).await?;
            let (count, found) = tx.two((&COUNT, args![]), (&BY_ID, args![id(1)])).await?;
            let (none, again) = tx.two((&BY_ID, args![id(2)]), (&COUNT, args![])).await?;
            Ok::<_, Error>((count, found[0].n, none.len(), again))
        });
        assert_eq!(read.await, Ok((vec![1], 7, 0, vec![1])), "{engine:?}");
        let late = db.store.write(async |tx| {
            tx.later(Batch::one(&SET_N, args![id(9), 7i64], 1)).await?;
            tx.two((&COUNT, args![]), (&COUNT, args![])).await
        });
        assert_eq!(late.await, Err(Error::WrongRows), "{engine:?}: what left before was wrong");
    }
}

/// Two stores on one database, the second one writing inside the first one's transaction.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_conflict_is_run_again_and_answered_after_the_last_try() {
    let db = things(EngineKind::Postgres, Options::default()).await;
    db.store.write(async |tx| add(tx, 1, 0).await).await.unwrap();
    for (reruns, expected) in [(50, Ok(())), (0, Err(Error::Conflict))] {
        let first = Store::open(&db.url, Options { reruns, ..Options::default() }).await.unwrap();
        let other = db.store.clone();
        let met = std::sync::atomic::AtomicBool::new(false);
        let r = first.write(async move |tx| {
            let n = tx.one(&BY_ID, args![id(1)]).await?.n;
            if !met.swap(true, std::sync::atomic::Ordering::Relaxed) {
                let other = other.clone();
                let write = move || {
                    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                    runtime.block_on(other.write(async |tx| tx.exactly_one(&TAKE_N, args![id(1), -10i64]).await))
                };
                std::thread::spawn(write).join().unwrap()?;
            }
            tx.exactly_one(&SET_N, args![id(1), n + 1]).await
        });
        assert_eq!(r.await, expected);
        assert_eq!(first.stats().reruns, u64::from(reruns > 0));
    }
    assert_eq!(db.store.one(&BY_ID, args![id(1)]).await.unwrap().n, 21);
}

#[tokio::test]
async fn a_statement_that_takes_too_long_is_busy() {
    let options = Options { statement_timeout_ms: 50, connections: 1, ..Options::default() };
    let db = things(EngineKind::Postgres, options).await;
    assert!(matches!(db.store.one(&SLOW, args![]).await, Err(Error::Busy { .. })));
    let inside = db.store.write(async |tx| {
        add(tx, 1, 1).await?;
        tx.one(&SLOW, args![]).await
    });
    assert!(matches!(inside.await, Err(Error::Busy { .. })));
    assert_eq!(count(&db.store).await, 0);
}

/// The pool would hand out a connection whose transaction is still open.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dropped_read_leaves_no_transaction_behind() {
    let db = things(EngineKind::Postgres, Options { connections: 2, ..Options::default() }).await;
    {
        let mut read = Box::pin(db.store.one(&SLOW, args![]));
        assert!(still_waits(&mut read).await);
    }
    db.store.write(async |tx| add(tx, 1, 1).await).await.unwrap();
    let open = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%'";
    assert_eq!(db.store.all_text::<i64>(open, &[]).await, Ok(vec![0]));
    assert_eq!(count(&db.store).await, 1);
}

#[tokio::test]
async fn a_closed_store_says_so() {
    for engine in BOTH {
        let db = things(engine, Options::default()).await;
        db.store.close().await;
        let late = db.store.write(async |tx| add(tx, 1, 1).await).await;
        assert_eq!(late, Err(Error::Broken("the store is closed".into())), "{engine:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn blocks_of_numbers_never_overlap() {
    for engine in BOTH {
        let db = store::testing::fresh(engine).await;
        let takers = (0..20).map(|_| {
            let s = db.store.clone();
            tokio::spawn(async move { s.take_block("order", 100, 5).await })
        });
        let mut numbers = Vec::new();
        for t in takers.collect::<Vec<_>>() {
            numbers.extend(t.await.unwrap().unwrap());
        }
        numbers.sort_unstable();
        assert_eq!(numbers, (100..200).collect::<Vec<i64>>(), "{engine:?}");
    }
}

/// As an administrator, a restart or a broken network would.
async fn end_all_connections(db: &store::testing::TestDb) {
    let name = db.url.to_string();
    let name = name.rsplit('/').next().unwrap();
    let kill = format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");
    store::testing::admin().await.batch_execute(&kill).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lost_connections_are_replaced() {
    let db = things(EngineKind::Postgres, Options { connections: 3, ..Options::default() }).await;
    for i in 0..5u128 {
        // All three connections are open and idle.
        let reads = (0..3).map(|_| db.store.one(&COUNT, args![]));
        futures_util::future::join_all(reads).await;
        end_all_connections(&db).await;
        assert_eq!(db.store.write(async move |tx| add(tx, i, 1).await).await, Ok(()));
        end_all_connections(&db).await;
        assert_eq!(db.store.one(&COUNT, args![]).await, Ok(i as i64 + 1));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_lost_half_way_is_run_again() {
    let db = std::sync::Arc::new(things(EngineKind::Postgres, Options::default()).await);
    let (inside, met) = (db.clone(), std::sync::atomic::AtomicBool::new(false));
    let written = db.store.write(async move |tx| {
        add(tx, 1, 1).await?;
        if !met.swap(true, std::sync::atomic::Ordering::Relaxed) {
            let db = inside.clone();
            let kill = move || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                runtime.block_on(end_all_connections(&db));
            };
            std::thread::spawn(kill).join().unwrap();
        }
        add(tx, 2, 1).await
    });
    assert_eq!(written.await, Ok(()));
    assert_eq!((count(&db.store).await, db.store.stats().reruns), (2, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_queue_is_busy() {
    let options = Options { queue_length: 1, queue_deadline_ms: 50, ..Options::default() };
    let db = things(EngineKind::Postgres, options).await;
    let gate = Gate::default();
    let first = occupy(&db.store, &gate);
    let second = db.store.write(async |tx| add(tx, 1, 1).await).await;
    assert!(matches!(second, Err(Error::Busy { retry_after_ms: 1.. })), "{second:?}");
    gate.open();
    assert_eq!(first.await.unwrap(), Ok(()));
    assert_eq!((count(&db.store).await, db.store.stats().refused_busy), (0, 1));
}

/// Whoever pays the first euro into an account makes it; several may at once.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_account_that_several_make_at_once_is_there_once() {
    for engine in BOTH {
        let db = store::testing::fresh(engine).await;
        for owner in 1..=20 {
            let makes = (0..8).map(|_| {
                let s = db.store.clone();
                let key = AccountKey { kind: AccountKind::CustomerCredit, owner: id(owner) };
                tokio::spawn(
                    async move { s.write(async move |tx| store::ledger::ensure_accounts(tx, &[key]).await).await },
                )
            });
            for made in makes.collect::<Vec<_>>() {
                assert_eq!(made.await.unwrap(), Ok(()), "{engine:?} {owner}");
            }
        }
    }
}
