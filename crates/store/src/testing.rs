//! Fresh databases for tests, on both engines.
//!
//! PostgreSQL is the server of `CERALACCA_TEST_POSTGRES` (an address of a superuser), or the private one that
//! `scripts/test-postgres` starts. Each test gets a database of its own, copied from a template that holds the
//! migrated schema; it is dropped with the [`TestDb`]. `scripts/test-postgres stop` removes the private server.

use std::{
    path::Path,
    process::Command,
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering::Relaxed},
    },
};

use sha2::{Digest, Sha256};
use tokio_postgres::{Client, NoTls};

use crate::{DatabaseUrl, EngineKind, Options, Store, migrate::MIGRATIONS};

/// A database that is removed when dropped.
pub struct TestDb {
    pub store: Store,
    pub url: DatabaseUrl,
    kept: Kept,
}
enum Kept {
    Folder(tempfile::TempDir),
    Database(String),
}

/// The two engines, for tests that run on each.
pub const BOTH: [EngineKind; 2] = [EngineKind::Sqlite, EngineKind::Postgres];

/// A fresh database with the current schema.
pub async fn fresh(engine: EngineKind) -> TestDb {
    fresh_with(engine, Options::default()).await
}

/// The same with options.
pub async fn fresh_with(engine: EngineKind, options: Options) -> TestDb {
    let db = match engine {
        EngineKind::Sqlite => return migrated(empty_with(engine, options).await).await,
        EngineKind::Postgres => postgres_copy(&template().await, options).await,
    };
    // The template of an earlier build may miss the last migrations.
    migrated(db).await
}

/// A fresh database without any table.
pub async fn empty(engine: EngineKind) -> TestDb {
    empty_with(engine, Options::default()).await
}

/// The same with options.
pub async fn empty_with(engine: EngineKind, options: Options) -> TestDb {
    match engine {
        EngineKind::Sqlite => {
            let folder = tempfile::tempdir().expect("the folder for temporary files is writable");
            let url = DatabaseUrl::Sqlite(folder.path().join("test.db"));
            let store = Store::open(&url, options).await.expect("a fresh file opens");
            TestDb { store, url, kept: Kept::Folder(folder) }
        }
        EngineKind::Postgres => postgres_copy("template0", options).await,
    }
}

/// A copy of a database whose store was closed.
pub async fn twin(of: &TestDb, options: Options) -> TestDb {
    match &of.kept {
        Kept::Database(name) => postgres_copy(name, options).await,
        Kept::Folder(from) => {
            let folder = tempfile::tempdir().expect("the folder for temporary files is writable");
            for file in ["test.db", "test.db-wal"] {
                let file_from = from.path().join(file);
                if file_from.exists() {
                    std::fs::copy(file_from, folder.path().join(file)).expect("there is room on the disk");
                }
            }
            let url = DatabaseUrl::Sqlite(folder.path().join("test.db"));
            let store = Store::open(&url, options).await.expect("a copied file opens");
            TestDb { store, url, kept: Kept::Folder(folder) }
        }
    }
}

impl TestDb {
    /// The same database opened again, as by a process that starts after another one ended.
    pub async fn reopen(&mut self, options: Options) {
        self.store = Store::open(&self.url, options).await.expect("the database opens again");
    }
    /// The folder of a SQLite database, for tests that look at its files.
    pub fn folder(&self) -> Option<&Path> {
        match &self.kept {
            Kept::Folder(f) => Some(f.path()),
            Kept::Database(_) => None,
        }
    }
    /// The address of a PostgreSQL database, for programs that stand beside the store.
    ///
    /// # Panics
    /// On SQLite.
    pub fn address(&self) -> String {
        match &self.kept {
            Kept::Database(name) => postgres_address(name),
            Kept::Folder(_) => panic!("a SQLite database has a folder"),
        }
    }
}

async fn migrated(db: TestDb) -> TestDb {
    db.store.migrate().await.expect("the migrations run on a fresh database");
    db
}

/// The address of the test server's database `name`.
pub fn postgres_address(name: &str) -> String {
    static SERVER: OnceLock<String> = OnceLock::new();
    let server = SERVER.get_or_init(|| std::env::var("CERALACCA_TEST_POSTGRES").unwrap_or_else(|_| start_server()));
    let (base, query) = server.split_once('?').unwrap_or((server, "sslmode=disable"));
    let (host, _) = base.rsplit_once('/').expect("an address ends with the name of a database");
    format!("{host}/{name}?{query}")
}

fn start_server() -> String {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scripts/test-postgres");
    let out = Command::new(script).output().expect("scripts/test-postgres is executable");
    let text = |b: &[u8]| String::from_utf8_lossy(b).trim().to_owned();
    assert!(out.status.success(), "no PostgreSQL for tests: {}", text(&out.stderr));
    text(&out.stdout)
}

/// A connection of the superuser, with its driver on the current runtime.
pub async fn admin() -> Client {
    let address = postgres_address("postgres").replace("sslmode=verify-full", "sslmode=require");
    let (client, connection) = tokio_postgres::connect(&address, NoTls).await.expect("the test server answers");
    tokio::spawn(connection);
    client
}

/// The database to copy, made once for each state of the migrations.
async fn template() -> String {
    let mut hash = Sha256::new();
    MIGRATIONS.iter().for_each(|m| hash.update(m.postgres));
    let name = format!("template_{}", &hex::encode(hash.finalize())[..16]);
    let admin = admin().await;
    // The lock goes with the connection, at the end of this function.
    admin.execute("SELECT pg_advisory_lock(7)", &[]).await.expect("locks are free of charge");
    let there = admin.query("SELECT 1 FROM pg_database WHERE datname = $1", &[&name]).await.expect("a catalogue");
    if there.is_empty() {
        let draft = postgres_copy("template0", Options::default()).await;
        let Kept::Database(database) = &draft.kept else { unreachable!("made on PostgreSQL") };
        draft.store.migrate().await.expect("the migrations run on a fresh database");
        draft.store.close().await;
        let rename = format!(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'; \
             ALTER DATABASE {database} RENAME TO {name}"
        );
        for sql in rename.split("; ") {
            admin.batch_execute(sql).await.expect("nobody else uses it");
        }
    }
    name
}

async fn postgres_copy(template: &str, options: Options) -> TestDb {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let name = format!("test_{}_{}", std::process::id(), COUNT.fetch_add(1, Relaxed));
    let admin = admin().await;
    admin.batch_execute(&format!("DROP DATABASE IF EXISTS {name}")).await.expect("left by an earlier process");
    let create = format!("CREATE DATABASE {name} TEMPLATE {template}");
    admin.batch_execute(&create).await.expect("the template has no connections");
    let url: DatabaseUrl = postgres_address(&name).parse().expect("made of a good address");
    let store = Store::open(&url, options).await.expect("a fresh database opens");
    TestDb { store, url, kept: Kept::Database(name) }
}

impl Drop for TestDb {
    fn drop(&mut self) {
        let Kept::Database(name) = &self.kept else { return };
        let drop_it = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
        // On a thread of its own, since a test's runtime may be ending.
        let work = move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(async { Ok::<_, std::io::Error>(admin().await.batch_execute(&drop_it).await) })
        };
        // A database that stays behind is dropped with the server.
        let _ = std::thread::spawn(work).join();
    }
}
