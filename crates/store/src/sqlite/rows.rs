//! Between Rust values and columns: times, ids, counts; and what SQLite's errors mean.

use jiff::Timestamp;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSqlOutput, ValueRef};
use rusqlite::{Error, ErrorCode, ToSql, ffi};

use crate::{EventId, StoreError, StreamId, TokenHash, UserId};

/// A moment as microseconds since 1970 in UTC: one integer, ordered, and what PostgreSQL keeps.
pub(super) struct At(pub Timestamp);

impl ToSql for At {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.0.as_microsecond().into())
    }
}

impl FromSql for At {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Timestamp::from_microsecond(value.as_i64()?).map(At).map_err(FromSqlError::other)
    }
}

macro_rules! text_column {
    ($name:ident) => {
        impl ToSql for $name {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                Ok(self.as_str().into())
            }
        }
        impl FromSql for $name {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                value.as_str()?.parse().map_err(FromSqlError::other)
            }
        }
    };
}
text_column!(StreamId);
text_column!(UserId);

macro_rules! bytes_column {
    ($name:ident) => {
        impl ToSql for $name {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                Ok(self.as_bytes().as_slice().into())
            }
        }
        impl FromSql for $name {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                FromSql::column_result(value).map($name::from_bytes)
            }
        }
    };
}
bytes_column!(EventId);
bytes_column!(TokenHash);

/// A version or count as SQLite's signed integer. Limits keep every real one far below the edge.
pub(super) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// The other way; a negative number cannot get past the table's checks.
pub(super) fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

impl From<Error> for StoreError {
    fn from(error: Error) -> Self {
        let detail = error.to_string();
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::DiskFull,
            Some(ErrorCode::ReadOnly) => Self::ReadOnly,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged { detail },
            Some(ErrorCode::SystemIoFailure | ErrorCode::CannotOpen) => Self::Disk { detail },
            _ => match error {
                Error::FromSqlConversionFailure(..)
                | Error::InvalidColumnType(..)
                | Error::IntegralValueOutOfRange(..) => Self::Unreadable { what: "row" },
                _ => Self::Refused { detail },
            },
        }
    }
}

/// Says what is in use when a unique column refuses, and what is missing when a reference does.
pub(super) fn unless_unique(what: &'static str) -> impl FnOnce(Error) -> StoreError {
    move |error| match error.sqlite_extended_error_code() {
        Some(ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY) => StoreError::Duplicate { what },
        _ => error.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sqlite(code: i32) -> StoreError {
        Error::SqliteFailure(ffi::Error::new(code), Some("it said so".into())).into()
    }

    #[test]
    fn each_sqlite_error_means_one_thing_to_the_reader() {
        assert_eq!(sqlite(ffi::SQLITE_FULL), StoreError::DiskFull);
        assert_eq!(sqlite(ffi::SQLITE_READONLY), StoreError::ReadOnly);
        assert_eq!(sqlite(ffi::SQLITE_READONLY_DBMOVED), StoreError::ReadOnly);
        assert_eq!(sqlite(ffi::SQLITE_BUSY), StoreError::Busy);
        for (code, fatal) in [
            (ffi::SQLITE_CORRUPT, true),
            (ffi::SQLITE_NOTADB, true),
            (ffi::SQLITE_IOERR_FSYNC, true),
            (ffi::SQLITE_IOERR_WRITE, true),
            (ffi::SQLITE_FULL, false),
            (ffi::SQLITE_CONSTRAINT, false),
        ] {
            assert_eq!(sqlite(code).is_fatal(), fatal, "{code}");
        }
    }
}
