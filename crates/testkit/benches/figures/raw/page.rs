//! A page with one template and one joined read on the worker's own connection: what axum and SQLite allow.

use std::{cell::RefCell, path::PathBuf};

use askama::Template;
use axum::{
    Router,
    extract::{Query, State},
    response::Html,
    routing::get,
};
use rusqlite::{Connection, OpenFlags};

use crate::seed;

thread_local!(static CONNECTION: RefCell<Option<Connection>> = const { RefCell::new(None) });

struct Service {
    name: &'static str,
    gb: i64,
    starts: i64,
    ends: i64,
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r##"<!doctype html><html lang="it"><head><meta charset="utf-8"><title>{{ address }}</title><link rel="stylesheet" href="/app.css"></head><body>
<header><nav><a href="/">Home</a><a href="/a">Caselle</a><a href="/b">Ordini</a><a href="/c">Profilo</a></nav><p>{{ name }}</p></header>
<main><h1>{{ address }}</h1><dl><dt>Piano</dt><dd>{{ plan }}</dd><dt>Scadenza</dt><dd>{{ end }}</dd><dt>Spazio</dt><dd>{{ space }} MiB</dd></dl>
<table><thead><tr><th>Servizio</th><th>GB</th><th>Inizio</th><th>Fine</th><th>Stato</th><th></th></tr></thead><tbody>
{% for r in rows %}<tr><td>{{ r.name }}</td><td>{{ r.gb }}</td><td>{{ r.starts }}</td><td>{{ r.ends }}</td><td>attivo</td><td><form method="post" action="/m/{{ r.gb }}"><input type="hidden" name="csrf" value="0123456789abcdef0123456789abcdef"><button>Rinnova</button></form></td></tr>
{% endfor %}</tbody></table></main><footer><p>Gestore di posta elettronica certificata</p></footer></body></html>"##
)]
struct Page {
    address: String,
    name: String,
    plan: String,
    end: i64,
    space: i64,
    rows: Vec<Service>,
}

#[derive(serde::Deserialize)]
struct Asked {
    id: u64,
}

async fn page(State(database): State<PathBuf>, Query(asked): Query<Asked>) -> Html<String> {
    let (address, name, plan, space, end) = read(&database, asked.id);
    let rows = (0..12).map(|i| Service { name: "Spazio extra inbox", gb: i, starts: 20_000 + i, ends: 20_365 + i });
    Html(Page { address, name, plan, end, space, rows: rows.collect() }.render().expect("plain values"))
}

fn read(database: &PathBuf, id: u64) -> (String, String, String, i64, i64) {
    CONNECTION.with(|c| {
        let mut c = c.borrow_mut();
        let c = c.get_or_insert_with(|| {
            let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            let c = Connection::open_with_flags(database, flags).expect("the file is there");
            c.execute_batch("PRAGMA cache_size=-65536").expect("a pragma");
            c
        });
        let text = "SELECT m.address, m.holder_name, m.plan_code, m.space_mib, t.end_day \
                    FROM mailboxes m JOIN terms t ON t.mailbox_id = m.id WHERE m.id = ?1";
        let mut statement = c.prepare_cached(text).expect("the schema is ours");
        let row = statement.query_row([seed::mailbox(id).into_bytes()], |r| {
            Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?))
        });
        row.expect("every mailbox is there")
    })
}

/// Serves `/m?id=N` until the process is ended.
pub async fn serve(database: PathBuf, port: u16) {
    let app = Router::new().route("/m", get(page)).with_state(database);
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await.expect("the port is free");
    axum::serve(listener, app).await.expect("the server runs");
}
