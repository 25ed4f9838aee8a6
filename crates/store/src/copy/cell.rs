//! A value of any column, in one form for both engines.

use rusqlite::types::ValueRef;
use sha2::{Digest, Sha256};
use tokio_postgres::types::Type;
use uuid::Uuid;

use crate::{
    Column, Error, FromRow, Result, Row,
    value::{Kind, P},
};

/// A flag is the number 0 or 1, a UUID its 16 bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cell {
    Null,
    Int(i64),
    Text(String),
    Bytes(Vec<u8>),
}

impl Cell {
    /// Each value with its kind and length, so that no two rows look alike.
    pub fn hash_into(&self, hash: &mut Sha256) {
        let mut sized = |kind: u8, bytes: &[u8]| {
            hash.update([kind]);
            hash.update((bytes.len() as u64).to_le_bytes());
            hash.update(bytes);
        };
        match self {
            Cell::Null => sized(0, &[]),
            Cell::Int(v) => sized(1, &v.to_le_bytes()),
            Cell::Text(v) => sized(2, v.as_bytes()),
            Cell::Bytes(v) => sized(3, v),
        }
    }
    /// As it is bound to a column of this kind.
    pub fn bound(&self, kind: Kind) -> Result<P<'_>> {
        Ok(match (self, kind) {
            (Cell::Null, _) => P::N,
            (Cell::Int(v), Kind::Int) => P::I(*v),
            (Cell::Int(v @ (0 | 1)), Kind::Flag) => P::F(*v == 1),
            (Cell::Text(v), Kind::Text) => P::T(v),
            (Cell::Bytes(v), Kind::Bytes) => P::B(v),
            (Cell::Bytes(v), Kind::Uuid) => P::U(Uuid::from_slice(v).map_err(Error::broken)?),
            (cell, kind) => return Err(Error::Broken(format!("{cell:?} in a column of kind {kind:?}"))),
        })
    }
}

/// A row of any table.
pub(super) struct Cells(pub Vec<Cell>);

impl FromRow for Cells {
    const COLUMNS: &'static [Column] = &[];
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let cells = match row {
            Row::Lite(r) => (0..r.as_ref().column_count()).map(|i| lite_cell(r, i)).collect::<Result<_>>(),
            Row::Pg(r) => (0..r.len()).map(|i| pg_cell(r, i)).collect(),
        };
        cells.map(Cells)
    }
}

fn lite_cell(r: &rusqlite::Row<'_>, i: usize) -> Result<Cell> {
    Ok(match r.get_ref(i)? {
        ValueRef::Null => Cell::Null,
        ValueRef::Integer(v) => Cell::Int(v),
        ValueRef::Text(v) => Cell::Text(String::from_utf8(v.to_vec()).map_err(Error::broken)?),
        ValueRef::Blob(v) => Cell::Bytes(v.to_vec()),
        ValueRef::Real(v) => return Err(Error::Broken(format!("{v}: the store has no real numbers"))),
    })
}

fn pg_cell(r: &tokio_postgres::Row, i: usize) -> Result<Cell> {
    let cell = match *r.columns()[i].type_() {
        Type::INT8 => r.try_get::<_, Option<i64>>(i)?.map(Cell::Int),
        Type::BOOL => r.try_get::<_, Option<bool>>(i)?.map(|v| Cell::Int(v.into())),
        Type::TEXT => r.try_get::<_, Option<String>>(i)?.map(Cell::Text),
        Type::BYTEA => r.try_get::<_, Option<Vec<u8>>>(i)?.map(Cell::Bytes),
        Type::UUID => r.try_get::<_, Option<Uuid>>(i)?.map(|v| Cell::Bytes(v.as_bytes().to_vec())),
        ref t => return Err(Error::Broken(format!("the store has no {t}"))),
    };
    Ok(cell.unwrap_or(Cell::Null))
}
