//! A SQLite file as source and as target of a copy.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, Transaction, TransactionBehavior};
use tokio::sync::mpsc::{Receiver, Sender};

use super::{
    CHUNK, Line, Piece, TableCopied, Tally, cell::Cells, columns, compare, not_empty, select, source_gone, target_gone,
};
use crate::{
    Error, FromRow, Options, Result, Row,
    engine::sqlite::{self, Role},
    schema::Table,
    value::Kind,
};

pub(super) async fn read(path: PathBuf, options: Options, tables: Vec<Table>, pipe: Sender<Piece>) -> Result<()> {
    let work = move || {
        let mut c = sqlite::open(&path, &options, Role::Reader)?;
        let snapshot = c.transaction()?;
        let mut done = Vec::new();
        for (number, table) in tables.iter().enumerate() {
            let tally = each_chunk(&snapshot, table, |lines| {
                pipe.blocking_send(Piece::Rows(number, lines)).map_err(|_| target_gone())
            })?;
            done.push(tally.finish(table));
        }
        pipe.blocking_send(Piece::End(done)).map_err(|_| target_gone())
    };
    tokio::task::spawn_blocking(work).await.map_err(Error::broken)?
}

fn each_chunk(c: &Connection, table: &Table, mut each: impl FnMut(Vec<Line>) -> Result<()>) -> Result<Tally> {
    let mut statement = c.prepare(&select(table, ""))?;
    let mut rows = statement.query([])?;
    let (mut tally, mut chunk) = (Tally::new(), Vec::with_capacity(CHUNK));
    while let Some(row) = rows.next()? {
        let line = Cells::from_row(&Row::Lite(row))?.0;
        tally.add(&line);
        chunk.push(line);
        if chunk.len() == CHUNK {
            each(std::mem::replace(&mut chunk, Vec::with_capacity(CHUNK)))?;
        }
    }
    if !chunk.is_empty() {
        each(chunk)?;
    }
    Ok(tally)
}

pub(super) async fn write(
    path: PathBuf,
    options: Options,
    tables: Vec<Table>,
    end: Receiver<Piece>,
) -> Result<Vec<TableCopied>> {
    tokio::task::spawn_blocking(move || write_all(&path, &options, &tables, end)).await.map_err(Error::broken)?
}

fn write_all(path: &Path, options: &Options, tables: &[Table], mut end: Receiver<Piece>) -> Result<Vec<TableCopied>> {
    // Foreign keys are off here and checked at the end, so that the order of the tables does not matter.
    let mut c = sqlite::open(path, options, Role::Maintenance)?;
    let tx = c.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for table in tables {
        if tx.prepare(&format!("SELECT 1 FROM \"{}\" LIMIT 1", table.name))?.exists([])? {
            return Err(not_empty(table));
        }
    }
    while let Some(piece) = end.blocking_recv() {
        match piece {
            Piece::Rows(number, lines) => insert(&tx, &tables[number], &lines)?,
            Piece::End(expected) => {
                let read_back = tables.iter().map(|t| Ok(each_chunk(&tx, t, |_| Ok(()))?.finish(t)));
                let copied = compare(expected, read_back.collect::<Result<_>>()?)?;
                if let Some(table) = sqlite::all_text::<String>(&tx, "PRAGMA foreign_key_check", &[])?.first() {
                    return Err(Error::Reference(table.clone()));
                }
                tx.commit()?;
                return Ok(copied);
            }
        }
    }
    Err(source_gone())
}

fn insert(tx: &Transaction<'_>, table: &Table, lines: &[Line]) -> Result<()> {
    let places: Vec<_> = (1..=table.columns.len()).map(|i| format!("?{i}")).collect();
    let sql = format!("INSERT INTO \"{}\" ({}) VALUES ({})", table.name, columns(table), places.join(", "));
    let mut statement = tx.prepare_cached(&sql)?;
    for line in lines {
        for (i, (cell, column)) in line.iter().zip(&table.columns).enumerate() {
            // A flag of the source is a number already.
            debug_assert!(column.kind != Kind::Flag && column.kind != Kind::Uuid);
            statement.raw_bind_parameter(i + 1, cell.bound(column.kind)?)?;
        }
        statement.raw_execute()?;
    }
    Ok(())
}
