//! Opening the database: permissions, lock, settings, layout; every refusal before any change.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::schema::{self, Unfit};
use crate::{OpenError, StoreError};

/// The oldest SQLite that will do: earlier ones could damage a WAL database when one connection
/// writes while another resets the log.
const OLDEST: (i32, &str) = (3_051_003, "3.51.3");

/// How long to wait for another program that holds the database, such as a backup.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);

/// Prepared statements kept by each connection: every one this crate has, with room.
const STATEMENTS: usize = 128;

/// The lock that makes this the one writing process.
pub(super) struct Lock(File);

impl Drop for Lock {
    fn drop(&mut self) {
        // Said outright: closing alone would leave the lock with a process that is just being
        // started and has this one's files open for a moment.
        let _ = self.0.unlock();
    }
}

/// Refuses to run on an SQLite older than [`OLDEST`].
pub(super) fn check_sqlite(number: i32, version: &str) -> Result<(), OpenError> {
    if number < OLDEST.0 {
        return Err(OpenError::SqliteTooOld { found: version.to_owned(), needed: OLDEST.1 });
    }
    Ok(())
}

/// Opens for writing, creating what is missing. Gives the connection and the lock to hold.
pub(super) fn writer(path: &Path) -> Result<(Connection, Lock), OpenError> {
    check_sqlite(rusqlite::version_number(), rusqlite::version())?;
    let fail = |error| from_io(path, &error);
    private_directory(path)?;
    let lock = lock(path)?;
    private_file(path)?;
    private_options().open(path).map_err(fail)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags).map_err(|error| from_sqlite(path, &error))?;
    let settled = settle(&conn).and_then(|()| {
        if conn.is_readonly("main")? {
            return Ok(Err(OpenError::ReadOnly { path: path.into() }));
        }
        if let Err(unfit) = schema::check_ours(&conn, schema::STEPS)? {
            return Ok(Err(from_unfit(path, unfit)));
        }
        let mode: String = conn.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
        if mode != "wal" {
            let detail = format!("its disk allows no write-ahead log (journal mode {mode})");
            return Ok(Err(OpenError::Other { path: path.into(), detail }));
        }
        conn.pragma_update(None, "synchronous", "FULL")?;
        // The writer folds the log itself, and hears when that fails.
        conn.pragma_update(None, "wal_autocheckpoint", 0)?;
        // What is removed is overwritten.
        conn.pragma_update(None, "secure_delete", true)?;
        Ok(schema::migrate(&conn, schema::STEPS)?.map_err(|unfit| from_unfit(path, unfit)))
    });
    settled.map_err(|error| from_sqlite(path, &error))??;
    Ok((conn, lock))
}

/// Opens one more reading connection of a database that is open already.
pub(super) fn reader(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags)?;
    settle(&conn)?;
    conn.pragma_update(None, "query_only", true)?;
    Ok(conn)
}

/// A connection that may empty the write-ahead log of a database that this process has open.
pub(super) fn beside_the_writer(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags)?;
    settle(&conn)?;
    Ok(conn)
}

/// Opens an existing database for reading, beside whoever writes to it.
pub(super) fn for_reading(path: &Path) -> Result<Connection, OpenError> {
    check_sqlite(rusqlite::version_number(), rusqlite::version())?;
    // Of a folder that may not be looked into nobody can say that it is empty.
    match path.try_exists() {
        Ok(true) => {}
        Ok(false) => return Err(OpenError::Missing { path: path.into() }),
        Err(error) => {
            return Err(OpenError::Other { path: path.into(), detail: error.to_string() });
        }
    }
    refuse_open_to_others(path, 0o600)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let opened = Connection::open_with_flags(path, flags).and_then(|conn| {
        settle(&conn)?;
        conn.pragma_update(None, "query_only", true)?;
        let fit = schema::check(&conn, schema::STEPS)?;
        Ok((conn, fit))
    });
    let (conn, fit) = opened.map_err(|error| from_sqlite(path, &error))?;
    fit.map_err(|unfit| from_unfit(path, unfit))?;
    Ok(conn)
}

/// Settings of every connection.
fn settle(conn: &Connection) -> rusqlite::Result<()> {
    conn.busy_timeout(PATIENCE)?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS);
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    // Statements are planned for what they say and not for what is bound to them; else the planner looks at that, and a
    // statement that was put back is prepared anew each time it is used.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    conn.pragma_update(None, "foreign_keys", true)?;
    conn.pragma_update(None, "trusted_schema", false)?;
    conn.pragma_update(None, "cell_size_check", true)?;
    // Sorting, and a savepoint that grows large, would open a temporary file: readable, and not to be had when the system
    // has no more files to give.
    conn.pragma_update(None, "temp_store", "MEMORY")?;
    // Where fsync alone does not reach the platter (macOS); elsewhere it changes nothing.
    conn.pragma_update(None, "fullfsync", true)?;
    conn.pragma_update(None, "checkpoint_fullfsync", true)
}

/// Makes the directory when it is missing, refuses one that others can enter.
fn private_directory(path: &Path) -> Result<(), OpenError> {
    let directory = match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    };
    if !directory.exists() {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(directory).map_err(|error| from_io(directory, &error))?;
    }
    refuse_open_to_others(directory, 0o700)
}

/// Refuses an existing file that others can read or that its owner made read-only.
fn private_file(path: &Path) -> Result<(), OpenError> {
    match fs::metadata(path) {
        Ok(found) if found.permissions().readonly() => Err(OpenError::ReadOnly { path: path.into() }),
        Ok(_) => refuse_open_to_others(path, 0o600),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(from_io(path, &error)),
    }
}

#[cfg(unix)]
fn refuse_open_to_others(path: &Path, wanted: u32) -> Result<(), OpenError> {
    use std::os::unix::fs::PermissionsExt;
    let found = fs::metadata(path).map_err(|error| from_io(path, &error))?;
    let mode = found.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(OpenError::TooOpen { path: path.into(), mode, wanted });
    }
    Ok(())
}

#[cfg(not(unix))]
fn refuse_open_to_others(_path: &Path, _wanted: u32) -> Result<(), OpenError> {
    // Elsewhere the directory's inherited access list decides; a service account's own is private.
    Ok(())
}

fn private_options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Takes the [`Lock`]. It is on a file beside the database because SQLite's own locks on the
/// database come and go with each transaction; the system gives it up when the process ends,
/// however it ends.
fn lock(path: &Path) -> Result<Lock, OpenError> {
    let beside = beside(path, ".lock");
    let fail = |error: io::Error| from_io(&beside, &error);
    let mut file = private_options().open(&beside).map_err(fail)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(fs::TryLockError::WouldBlock) => {
            let mut by = String::new();
            let known = file.read_to_string(&mut by).is_ok() && !by.trim().is_empty();
            return Err(OpenError::InUse { path: path.into(), by: known.then(|| by.trim().to_owned()) });
        }
        Err(fs::TryLockError::Error(error)) => return Err(fail(error)),
    }
    file.set_len(0).and_then(|()| writeln!(file, "{}", std::process::id())).map_err(fail)?;
    Ok(Lock(file))
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

fn from_io(path: &Path, error: &io::Error) -> OpenError {
    let path = path.to_path_buf();
    match error.kind() {
        ErrorKind::ReadOnlyFilesystem | ErrorKind::PermissionDenied => OpenError::ReadOnly { path },
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => OpenError::DiskFull { path },
        _ => OpenError::Other { path, detail: error.to_string() },
    }
}

fn from_sqlite(path: &Path, error: &rusqlite::Error) -> OpenError {
    let path = path.to_path_buf();
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => OpenError::NotADatabase { path },
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => OpenError::ReadOnly { path },
        Some(ErrorCode::DiskFull) => OpenError::DiskFull { path },
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => OpenError::InUse { path, by: None },
        _ => OpenError::Other { path, detail: error.to_string() },
    }
}

fn from_unfit(path: &Path, unfit: Unfit) -> OpenError {
    let path = path.to_path_buf();
    let known = schema::newest(schema::STEPS);
    match unfit {
        Unfit::NotOurs => OpenError::NotOurs { path },
        Unfit::Newer { found } => OpenError::NewerSchema { path, found, known },
        Unfit::Older { found } => OpenError::OlderSchema { path, found, known },
        Unfit::Step { to, detail } => OpenError::Migration { path, to, detail },
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::StatementStatus;

    use super::*;

    /// SQLite would look at what is bound, to plan for it, and so prepare a statement anew each time it is used with
    /// something else.
    #[test]
    fn a_statement_is_prepared_once_whatever_it_is_used_with() {
        let conn = Connection::open_in_memory().unwrap();
        settle(&conn).unwrap();
        schema::migrate(&conn, schema::STEPS).unwrap().unwrap();
        let by_text = "SELECT body FROM events WHERE stream = ?1 AND version >= ?2 ORDER BY version";
        let by_key = "SELECT user FROM sessions WHERE token_hash = ?1 AND user <> ?2";
        for sql in [by_text, by_key] {
            for value in ["a", "b", "c"] {
                let mut statement = conn.prepare_cached(sql).unwrap();
                let mut rows = statement.query([value, "1"]).unwrap();
                assert!(rows.next().unwrap().is_none());
            }
            let statement = conn.prepare_cached(sql).unwrap();
            assert_eq!(statement.get_status(StatementStatus::RePrepare), 0, "{sql}");
        }
    }

    /// Not only the writer: what a list is sorted by would go through a file otherwise.
    #[test]
    fn no_connection_sorts_through_a_file() {
        let directory = tempfile::TempDir::new().unwrap();
        let path = directory.path().join("data/waymark.db");
        let (writing, _lock) = writer(&path).unwrap();
        let reader = for_reading(&path).unwrap();
        for conn in [writing, reader, beside_the_writer(&path).unwrap()] {
            let kept: u32 = conn.pragma_query_value(None, "temp_store", |row| row.get(0)).unwrap();
            assert_eq!(kept, 2, "in memory");
        }
    }

    #[test]
    fn an_sqlite_that_is_too_old_is_refused() {
        assert_eq!(check_sqlite(3_051_003, "3.51.3"), Ok(()));
        assert_eq!(check_sqlite(rusqlite::version_number(), rusqlite::version()), Ok(()));
        let error = check_sqlite(3_051_002, "3.51.2").unwrap_err();
        assert_eq!(error.to_string(), "this program was built with SQLite 3.51.2, but 3.51.3 or later is needed");
    }

    #[test]
    fn what_the_system_says_is_said_in_the_readers_words() {
        let path = PathBuf::from("waymark.db");
        for (kind, expected) in [
            (ErrorKind::ReadOnlyFilesystem, OpenError::ReadOnly { path: path.clone() }),
            (ErrorKind::PermissionDenied, OpenError::ReadOnly { path: path.clone() }),
            (ErrorKind::StorageFull, OpenError::DiskFull { path: path.clone() }),
        ] {
            assert_eq!(from_io(&path, &kind.into()), expected);
        }
        for (code, expected) in [
            (rusqlite::ffi::SQLITE_FULL, OpenError::DiskFull { path: path.clone() }),
            (rusqlite::ffi::SQLITE_READONLY, OpenError::ReadOnly { path: path.clone() }),
            (rusqlite::ffi::SQLITE_NOTADB, OpenError::NotADatabase { path: path.clone() }),
            (rusqlite::ffi::SQLITE_BUSY, OpenError::InUse { path: path.clone(), by: None }),
        ] {
            let error = rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(code), None);
            assert_eq!(from_sqlite(&path, &error), expected);
        }
    }
}
