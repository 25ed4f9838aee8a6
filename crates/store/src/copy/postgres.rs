//! A PostgreSQL database as source and as target of a copy.

use std::pin::{Pin, pin};

use deadpool_postgres::{Pool, Transaction};
use futures_util::TryStreamExt;
use tokio::sync::mpsc::{Receiver, Sender};
use tokio_postgres::{
    IsolationLevel,
    binary_copy::BinaryCopyInWriter,
    types::{ToSql, Type},
};

use super::{
    CHUNK, Line, Piece, TableCopied, Tally, cell::Cells, columns, compare, not_empty, select, source_gone, target_gone,
};
use crate::{
    FromRow, Result, Row,
    schema::Table,
    value::{Kind, P},
};

const BY_BYTES: &str = " COLLATE \"C\"";
/// A copy may take as long as it takes.
const NO_LIMITS: &str = "SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0";

pub(super) async fn read(pool: &Pool, tables: Vec<Table>, pipe: Sender<Piece>) -> Result<()> {
    let mut c = pool.get().await?;
    let snapshot =
        c.build_transaction().isolation_level(IsolationLevel::RepeatableRead).read_only(true).start().await?;
    snapshot.batch_execute(NO_LIMITS).await?;
    let mut done = Vec::new();
    for (number, table) in tables.iter().enumerate() {
        let tally = each_chunk(&snapshot, table, async |lines| {
            pipe.send(Piece::Rows(number, lines)).await.map_err(|_| target_gone())
        });
        done.push(tally.await?.finish(table));
    }
    snapshot.commit().await?;
    pipe.send(Piece::End(done)).await.map_err(|_| target_gone())
}

async fn each_chunk(
    tx: &Transaction<'_>,
    table: &Table,
    mut each: impl AsyncFnMut(Vec<Line>) -> Result<()>,
) -> Result<Tally> {
    let mut rows = pin!(tx.query_raw(&select(table, BY_BYTES), std::iter::empty::<P<'_>>()).await?);
    let (mut tally, mut chunk) = (Tally::new(), Vec::with_capacity(CHUNK));
    while let Some(row) = rows.try_next().await? {
        let line = Cells::from_row(&Row::Pg(&row))?.0;
        tally.add(&line);
        chunk.push(line);
        if chunk.len() == CHUNK {
            each(std::mem::replace(&mut chunk, Vec::with_capacity(CHUNK))).await?;
        }
    }
    if !chunk.is_empty() {
        each(chunk).await?;
    }
    Ok(tally)
}

pub(super) async fn write(pool: &Pool, tables: Vec<Table>, mut end: Receiver<Piece>) -> Result<Vec<TableCopied>> {
    let mut c = pool.get().await?;
    let tx = c.transaction().await?;
    tx.batch_execute(NO_LIMITS).await?;
    for table in &tables {
        if !tx.query(&format!("SELECT 1 FROM \"{}\" LIMIT 1", table.name), &[]).await?.is_empty() {
            return Err(not_empty(table));
        }
    }
    let references = references(&tx).await?;
    alter(&tx, &references, "DEFERRABLE INITIALLY DEFERRED").await?;
    let mut open: Option<(usize, Pin<Box<BinaryCopyInWriter>>)> = None;
    while let Some(piece) = end.recv().await {
        let number = match &piece {
            Piece::Rows(number, _) => Some(*number),
            Piece::End(_) => None,
        };
        if let Some((_, mut copying)) = open.take_if(|(n, _)| Some(*n) != number) {
            copying.as_mut().finish().await?;
        }
        match piece {
            Piece::Rows(number, lines) => {
                let table = &tables[number];
                let (_, copying) = match &mut open {
                    Some(same) => same,
                    none => none.insert((number, start(&tx, table).await?)),
                };
                send(copying.as_mut(), table, &lines).await?;
            }
            Piece::End(expected) => {
                // The checks that were put off run now, row by row, before anything is kept.
                tx.batch_execute("SET CONSTRAINTS ALL IMMEDIATE").await?;
                alter(&tx, &references, "NOT DEFERRABLE").await?;
                let mut found = Vec::new();
                for table in &tables {
                    found.push(each_chunk(&tx, table, async |_| Ok(())).await?.finish(table));
                }
                let copied = compare(expected, found)?;
                tx.commit().await?;
                return Ok(copied);
            }
        }
    }
    Err(source_gone())
}

async fn references(tx: &Transaction<'_>) -> Result<Vec<(String, String)>> {
    let sql = "SELECT CAST(t.relname AS TEXT), CAST(c.conname AS TEXT) FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid \
        WHERE c.contype = 'f' AND t.relnamespace = CAST(current_schema() AS regnamespace)";
    Ok(tx.query(sql, &[]).await?.iter().map(|r| (r.get(0), r.get(1))).collect())
}

/// A table may refer to itself, so no order of rows is right: the checks wait for the end.
async fn alter(tx: &Transaction<'_>, references: &[(String, String)], how: &str) -> Result<()> {
    for (table, name) in references {
        tx.batch_execute(&format!("ALTER TABLE \"{table}\" ALTER CONSTRAINT \"{name}\" {how}")).await?;
    }
    Ok(())
}

async fn start(tx: &Transaction<'_>, table: &Table) -> Result<Pin<Box<BinaryCopyInWriter>>> {
    let types: Vec<Type> = table.columns.iter().map(|c| type_of(c.kind)).collect();
    let sql = format!("COPY \"{}\" ({}) FROM STDIN BINARY", table.name, columns(table));
    let sink = tx.copy_in(&sql).await?;
    Ok(Box::pin(BinaryCopyInWriter::new(sink, &types)))
}

async fn send(mut to: Pin<&mut BinaryCopyInWriter>, table: &Table, lines: &[Line]) -> Result<()> {
    for line in lines {
        let bound = line.iter().zip(&table.columns).map(|(cell, column)| cell.bound(column.kind));
        let bound = bound.collect::<Result<Vec<P<'_>>>>()?;
        let values: Vec<&(dyn ToSql + Sync)> = bound.iter().map(|p| p as &(dyn ToSql + Sync)).collect();
        to.as_mut().write(&values).await?;
    }
    Ok(())
}

fn type_of(kind: Kind) -> Type {
    match kind {
        Kind::Int => Type::INT8,
        Kind::Text => Type::TEXT,
        Kind::Bytes => Type::BYTEA,
        Kind::Uuid => Type::UUID,
        Kind::Flag => Type::BOOL,
    }
}
