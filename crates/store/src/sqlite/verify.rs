//! Whether a database holds together.

use std::path::Path;
use std::sync::Arc;

use rusqlite::Connection;

use super::rows::unsigned;
use super::{SqliteStore, audit, ledger, schema, words};
use crate::keys::Keyring;
use crate::{Against, Deriving, LogFault, RowsHeld, StoreError};

/// What was found sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sound {
    /// Streams in the database.
    pub streams: u64,
    /// Events in all of them.
    pub events: u64,
    /// Entries of the log.
    pub entries: u64,
}

impl SqliteStore {
    /// Checks that the whole database holds together and no stream has a gap. Reads everything:
    /// seconds for a large one.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] with the first thing found wrong.
    pub async fn verify(&self) -> Result<Sound, StoreError> {
        let ring = Arc::clone(&self.ring);
        self.readers.run(move |conn| verify(conn, &ring)).await
    }

    /// Holds what decides who may see a report, and whom it is found by, against its events. Reads and decrypts everything.
    ///
    /// # Errors
    /// [`StoreError::Log`] with the first row that differs, or what stopped reading.
    pub async fn rows_fit(&self, deriving: Deriving) -> Result<RowsHeld, StoreError> {
        let ring = Arc::clone(&self.ring);
        self.readers.run(move |conn| audit::reports_fit(conn, &ring, &deriving)).await
    }

    /// Holds what the program last noted beside its keyring about how far its log had come against this database. Gives how many
    /// entries that was, where there is such a note. And whether a key vouches for the log up to its last entry.
    ///
    /// # Errors
    /// [`StoreError::Log`] with [`LogFault::Cut`] or [`LogFault::Other`] when the log does not lead there, with
    /// [`LogFault::Unvouched`] when no key vouches for it.
    pub async fn reached_holds(&self) -> Result<Option<u64>, StoreError> {
        let ring = Arc::clone(&self.ring);
        let holds = move |conn: &Connection| {
            let reached = ledger::reached_holds(conn, &ring)?;
            ledger::vouched(conn, &ring)?;
            Ok(reached)
        };
        self.readers.run(holds).await
    }

    /// That a file of checkpoints elsewhere has what the program wrote into it.
    ///
    /// # Errors
    /// [`StoreError::Log`] with [`LogFault::Elsewhere`] when it has less.
    pub async fn elsewhere_holds(&self, file: &Path) -> Result<(), StoreError> {
        let file = file.to_path_buf();
        self.readers.run(move |conn| Ok(ledger::still_there(conn, &file)?)).await
    }

    /// Holds every checkpoint of a file that was kept elsewhere against this database. A database that is
    /// older than the file is no fault here: [`Against::ahead`](crate::Against::ahead) says so.
    ///
    /// # Errors
    /// [`StoreError::Log`] when one was signed with another key or over other entries, or the file cannot be read.
    pub async fn held_against(&self, file: &Path) -> Result<Against, StoreError> {
        let (ring, file) = (Arc::clone(&self.ring), file.to_path_buf());
        self.readers.run(move |conn| Ok(ledger::held_against(conn, &ring, &file)?)).await
    }
}

/// Asks SQLite whether its pages, indexes and references hold together, then checks that the
/// versions of every stream are 1, 2, 3… up to the version the stream says it has, and that the log
/// tells of every event, look, change of an account and erasure as it is stored, and that a key vouches for every session and link.
fn verify(conn: &Connection, ring: &Keyring) -> Result<Sound, StoreError> {
    let said: String = conn.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if said != "ok" {
        return Err(StoreError::Damaged { detail: said });
    }
    let loose: i64 = conn.query_row("SELECT count(*) FROM pragma_foreign_key_check", [], |row| row.get(0))?;
    if loose != 0 {
        return Err(StoreError::Damaged { detail: format!("{loose} rows refer to something that is not there") });
    }
    if let Some(detail) = audit::gaps(conn)? {
        return Err(StoreError::Damaged { detail });
    }
    let sql = "SELECT (SELECT count(*) FROM streams), (SELECT count(*) FROM events)";
    let (streams, events) = conn.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let damaged = |fault: LogFault| StoreError::Damaged { detail: fault.to_string() };
    let entries = ledger::check_rows(conn, ring).map_err(damaged)?;
    ledger::vouched(conn, ring)?;
    audit::tables_fit(conn).map_err(damaged)?;
    audit::erasures_fit(conn, ring)?;
    audit::accounts_fit(conn, ring)?;
    audit::sessions_fit(conn, ring)?;
    words::fit(conn, ring)?;
    schema::fit(conn)?;
    Ok(Sound { streams: unsigned(streams), events: unsigned(events), entries })
}
