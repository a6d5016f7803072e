//! Whether a database holds together.

use std::path::Path;
use std::sync::Arc;

use rusqlite::Connection;

use super::rows::unsigned;
use super::{SqliteStore, audit, ledger};
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
    let sql = "SELECT count(*) FROM streams LEFT JOIN (
                   SELECT stream, count(*) AS events, min(version) AS first, max(version) AS last
                   FROM events GROUP BY stream) AS found USING (stream)
               WHERE found.events IS NOT streams.version OR found.first IS NOT 1 OR found.last IS NOT streams.version";
    let gaps: i64 = conn.query_row(sql, [], |row| row.get(0))?;
    if gaps != 0 {
        return Err(StoreError::Damaged { detail: format!("{gaps} reports have gaps in their events") });
    }
    let sql = "SELECT (SELECT count(*) FROM streams), (SELECT count(*) FROM events)";
    let (streams, events) = conn.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let damaged = |fault: LogFault| StoreError::Damaged { detail: fault.to_string() };
    let entries = ledger::check_rows(conn, ring).map_err(damaged)?;
    audit::tables_fit(conn).map_err(damaged)?;
    audit::erasures_fit(conn, ring)?;
    audit::accounts_fit(conn, ring)?;
    audit::sessions_fit(conn, ring)?;
    Ok(Sound { streams: unsigned(streams), events: unsigned(events), entries })
}
