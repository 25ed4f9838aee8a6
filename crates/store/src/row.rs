//! Rows: a struct written once, whose fields are the columns in their order.

use crate::{
    error::Result,
    value::{Kind, Value},
};

/// One row of a result, on either engine.
pub enum Row<'r> {
    #[doc(hidden)]
    Lite(&'r rusqlite::Row<'r>),
    #[doc(hidden)]
    Pg(&'r tokio_postgres::Row),
}

/// A column that a row type expects; the all-statements test compares it with what the engines answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Empty when the name does not matter (tuples and single values).
    pub name: &'static str,
    pub kind: Kind,
    pub nullable: bool,
}

/// A type that can be read from a row. Written by [`row!`](crate::row), or one value, or a tuple of values.
pub trait FromRow: Sized + Send + 'static {
    const COLUMNS: &'static [Column];
    fn from_row(row: &Row<'_>) -> Result<Self>;
}

/// Reads the columns one after the other.
#[doc(hidden)]
pub struct Columns<'a, 'r>(pub &'a Row<'r>, pub usize);
impl Columns<'_, '_> {
    pub fn take<T: Value>(&mut self) -> Result<T> {
        let i = self.1;
        self.1 += 1;
        T::read(self.0, i)
    }
}

/// Declares a row type: the names and the order of the fields are those of the columns.
///
/// ```
/// store::row! {
///     /// A mailbox in a list.
///     pub struct MailboxRow { pub id: uuid::Uuid, pub address: String, pub spare: Option<i64> }
/// }
/// ```
#[macro_export]
macro_rules! row {
    ($(#[$meta:meta])* $vis:vis struct $name:ident { $($(#[$fm:meta])* $fvis:vis $field:ident : $t:ty),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq)]
        $vis struct $name { $($(#[$fm])* $fvis $field: $t),* }
        impl $crate::FromRow for $name {
            const COLUMNS: &'static [$crate::Column] = &[$($crate::Column {
                name: stringify!($field),
                kind: <$t as $crate::Value>::KIND,
                nullable: <$t as $crate::Value>::NULLABLE,
            }),*];
            fn from_row(row: &$crate::Row<'_>) -> $crate::Result<Self> {
                let mut columns = $crate::row::Columns(row, 0);
                Ok(Self { $($field: columns.take()?),* })
            }
        }
    };
}

const fn nameless<T: Value>() -> Column {
    Column { name: "", kind: T::KIND, nullable: T::NULLABLE }
}
impl<T: Value> FromRow for T {
    const COLUMNS: &'static [Column] = &[nameless::<T>()];
    fn from_row(row: &Row<'_>) -> Result<Self> {
        T::read(row, 0)
    }
}
macro_rules! tuples {
    ($($($t:ident)*;)*) => {$(
        impl<$($t: Value),*> FromRow for ($($t,)*) {
            const COLUMNS: &'static [Column] = &[$(nameless::<$t>()),*];
            fn from_row(row: &Row<'_>) -> Result<Self> {
                let mut columns = Columns(row, 0);
                Ok(($(columns.take::<$t>()?,)*))
            }
        }
    )*};
}
tuples! { A; A B; A B C; A B C D; A B C D E; A B C D E F; }
