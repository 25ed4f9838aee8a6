//! Values: five kinds that mean the same on both engines, bound by [`P`] and read by [`Value`].

use bytes::BytesMut;
use domain::{
    id::Id,
    money::Money,
    time::{Date, Timestamp},
};
use rusqlite::types::{ToSqlOutput, ValueRef};
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};
use uuid::Uuid;

use crate::{
    error::{Error, Result},
    row::Row,
};

/// One bound value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum P<'a> {
    /// INTEGER, BIGINT: numbers, cents, `_at` in microseconds, `_day` in days.
    I(i64),
    /// TEXT. A NUL inside is refused on both engines, since PostgreSQL cannot keep it.
    T(&'a str),
    /// BLOB, BYTEA.
    B(&'a [u8]),
    /// BLOB of 16 bytes, UUID.
    U(Uuid),
    /// INTEGER 0 or 1, BOOLEAN.
    F(bool),
    /// NULL of any kind.
    N,
}

impl From<i64> for P<'_> {
    fn from(v: i64) -> Self {
        P::I(v)
    }
}
impl From<i32> for P<'_> {
    fn from(v: i32) -> Self {
        P::I(v.into())
    }
}
impl From<u32> for P<'_> {
    fn from(v: u32) -> Self {
        P::I(v.into())
    }
}
impl From<bool> for P<'_> {
    fn from(v: bool) -> Self {
        P::F(v)
    }
}
impl From<Uuid> for P<'_> {
    fn from(v: Uuid) -> Self {
        P::U(v)
    }
}
impl<T> From<Id<T>> for P<'_> {
    fn from(v: Id<T>) -> Self {
        P::U(v.uuid())
    }
}
impl From<Timestamp> for P<'_> {
    fn from(v: Timestamp) -> Self {
        P::I(v.micros())
    }
}
impl From<Date> for P<'_> {
    fn from(v: Date) -> Self {
        P::I(v.days().into())
    }
}
impl From<Money> for P<'_> {
    fn from(v: Money) -> Self {
        P::I(v.as_cents())
    }
}
impl<'a> From<&'a str> for P<'a> {
    fn from(v: &'a str) -> Self {
        P::T(v)
    }
}
impl<'a> From<&'a String> for P<'a> {
    fn from(v: &'a String) -> Self {
        P::T(v)
    }
}
impl<'a> From<&'a [u8]> for P<'a> {
    fn from(v: &'a [u8]) -> Self {
        P::B(v)
    }
}
impl<'a> From<&'a Vec<u8>> for P<'a> {
    fn from(v: &'a Vec<u8>) -> Self {
        P::B(v)
    }
}
impl<'a, const N: usize> From<&'a [u8; N]> for P<'a> {
    fn from(v: &'a [u8; N]) -> Self {
        P::B(v)
    }
}
impl<'a, T: Into<P<'a>>> From<Option<T>> for P<'a> {
    fn from(v: Option<T>) -> Self {
        v.map_or(P::N, Into::into)
    }
}
/// A reference to an optional text: `&row.note` binds without `as_deref()`.
impl<'a> From<&'a Option<String>> for P<'a> {
    fn from(v: &'a Option<String>) -> Self {
        v.as_deref().map_or(P::N, P::T)
    }
}

/// A bound value that lends nothing.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Kept {
    T(String),
    B(Vec<u8>),
    /// Lends nothing as it is.
    Plain(P<'static>),
}
impl Kept {
    pub fn lend(&self) -> P<'_> {
        match self {
            Kept::T(v) => P::T(v),
            Kept::B(v) => P::B(v),
            Kept::Plain(v) => *v,
        }
    }
}
impl From<P<'_>> for Kept {
    fn from(v: P<'_>) -> Kept {
        match v {
            P::T(v) => Kept::T(v.to_owned()),
            P::B(v) => Kept::B(v.to_owned()),
            P::I(v) => Kept::Plain(P::I(v)),
            P::U(v) => Kept::Plain(P::U(v)),
            P::F(v) => Kept::Plain(P::F(v)),
            P::N => Kept::Plain(P::N),
        }
    }
}

/// The values of a statement: `args![id, "text", &owned, None::<i64>]`, in the order of their numbers.
#[macro_export]
macro_rules! args {
    ($($e:expr),* $(,)?) => { &[$($crate::P::from($e)),*] as &[$crate::P<'_>] };
}

impl P<'_> {
    pub(crate) fn postgres_type(&self) -> Type {
        match self {
            P::I(_) => Type::INT8,
            P::T(_) => Type::TEXT,
            P::B(_) => Type::BYTEA,
            P::U(_) => Type::UUID,
            P::F(_) => Type::BOOL,
            P::N => Type::UNKNOWN,
        }
    }
}

impl rusqlite::ToSql for P<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            P::I(v) => ToSqlOutput::from(*v),
            P::F(v) => ToSqlOutput::from(i64::from(*v)),
            P::N => ToSqlOutput::Borrowed(ValueRef::Null),
            P::T(v) if v.as_bytes().contains(&0) => {
                return Err(rusqlite::Error::ToSqlConversionFailure("NUL inside a text".into()));
            }
            P::T(v) => ToSqlOutput::Borrowed(ValueRef::Text(v.as_bytes())),
            P::B(v) => ToSqlOutput::Borrowed(ValueRef::Blob(v)),
            P::U(v) => ToSqlOutput::Borrowed(ValueRef::Blob(v.as_bytes())),
        })
    }
}

impl ToSql for P<'_> {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut BytesMut,
    ) -> std::result::Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match (self, ty) {
            (P::N, _) => Ok(IsNull::Yes),
            (P::T(v), _) if v.as_bytes().contains(&0) => Err("NUL inside a text".into()),
            (P::I(v), &Type::INT8) => v.to_sql(ty, out),
            (P::T(v), &Type::TEXT) => v.to_sql(ty, out),
            (P::B(v), &Type::BYTEA) => v.to_sql(ty, out),
            (P::F(v), &Type::BOOL) => v.to_sql(ty, out),
            (P::U(v), &Type::UUID) => v.to_sql(ty, out),
            (p, t) => Err(format!("{p:?} bound to {t}").into()),
        }
    }
    fn accepts(_: &Type) -> bool {
        true
    }
    to_sql_checked!();
}

/// The kind of a column, as the all-statements test compares it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Int,
    Text,
    Bytes,
    Uuid,
    Flag,
}

/// What a field of a row can be.
pub trait Value: Sized + Send + 'static {
    const KIND: Kind;
    const NULLABLE: bool = false;
    /// Reads column `i`; a value of another kind is refused, never converted.
    fn read(row: &Row<'_>, i: usize) -> Result<Self>;
}

macro_rules! plain {
    ($($t:ty, $kind:ident;)*) => {$(
        impl Value for $t {
            const KIND: Kind = Kind::$kind;
            fn read(row: &Row<'_>, i: usize) -> Result<Self> {
                match row {
                    Row::Lite(r) => Ok(r.get(i)?),
                    Row::Pg(r) => Ok(r.try_get(i)?),
                }
            }
        }
    )*};
}
plain! { i64, Int; String, Text; Vec<u8>, Bytes; }

impl Value for bool {
    const KIND: Kind = Kind::Flag;
    fn read(row: &Row<'_>, i: usize) -> Result<Self> {
        match row {
            Row::Lite(r) => match r.get::<_, i64>(i)? {
                0 => Ok(false),
                1 => Ok(true),
                n => Err(Error::Broken(format!("{n} in a flag"))),
            },
            Row::Pg(r) => Ok(r.try_get(i)?),
        }
    }
}
impl Value for Uuid {
    const KIND: Kind = Kind::Uuid;
    fn read(row: &Row<'_>, i: usize) -> Result<Self> {
        match row {
            Row::Lite(r) => Ok(Uuid::from_bytes(r.get(i)?)),
            Row::Pg(r) => Ok(r.try_get(i)?),
        }
    }
}
impl<T: 'static> Value for Id<T> {
    const KIND: Kind = Kind::Uuid;
    fn read(row: &Row<'_>, i: usize) -> Result<Self> {
        Uuid::read(row, i).map(Id::from_uuid)
    }
}
impl Value for Timestamp {
    const KIND: Kind = Kind::Int;
    fn read(row: &Row<'_>, i: usize) -> Result<Self> {
        i64::read(row, i).map(Timestamp::from_micros)
    }
}
impl Value for Date {
    const KIND: Kind = Kind::Int;
    fn read(row: &Row<'_>, i: usize) -> Result<Self> {
        let days = i64::read(row, i)?;
        days.try_into().map(Date::from_days).map_err(|_| Error::Broken(format!("{days} as a date")))
    }
}
impl Value for Money {
    const KIND: Kind = Kind::Int;
    fn read(row: &Row<'_>, i: usize) -> Result<Self> {
        i64::read(row, i).map(Money::cents)
    }
}
impl<T: Value> Value for Option<T> {
    const KIND: Kind = T::KIND;
    const NULLABLE: bool = true;
    fn read(row: &Row<'_>, i: usize) -> Result<Self> {
        let null = match row {
            Row::Lite(r) => r.get_ref(i)? == ValueRef::Null,
            Row::Pg(r) => r.try_get::<_, NullProbe>(i)?.0,
        };
        if null { Ok(None) } else { T::read(row, i).map(Some) }
    }
}

/// Tells whether a column of any type is NULL.
struct NullProbe(bool);
impl FromSql<'_> for NullProbe {
    fn from_sql(_: &Type, _: &[u8]) -> std::result::Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(NullProbe(false))
    }
    fn from_sql_null(_: &Type) -> std::result::Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(NullProbe(true))
    }
    fn accepts(_: &Type) -> bool {
        true
    }
}
