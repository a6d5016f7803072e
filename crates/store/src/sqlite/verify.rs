//! Whether a database holds together.

use rusqlite::Connection;

use super::rows::unsigned;
use super::{audit, ledger};
use crate::keys::Keyring;
use crate::{LogFault, StoreError};

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

/// Asks SQLite whether its pages, indexes and references hold together, then checks that the
/// versions of every stream are 1, 2, 3… up to the version the stream says it has, and that the log
/// tells of every event, look, change of an account and erasure as it is stored.
pub(super) fn verify(conn: &Connection, ring: &Keyring) -> Result<Sound, StoreError> {
    let said: String = conn.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if said != "ok" {
        return Err(StoreError::Damaged { detail: said });
    }
    let loose: i64 =
        conn.query_row("SELECT count(*) FROM pragma_foreign_key_check", [], |row| {
            row.get(0)
        })?;
    if loose != 0 {
        return Err(StoreError::Damaged {
            detail: format!("{loose} rows refer to something that is not there"),
        });
    }
    let sql = "SELECT count(*) FROM streams LEFT JOIN (
                   SELECT stream, count(*) AS events, min(version) AS first, max(version) AS last
                   FROM events GROUP BY stream) AS found USING (stream)
               WHERE found.events IS NOT streams.version OR found.first IS NOT 1 OR found.last IS NOT streams.version";
    let gaps: i64 = conn.query_row(sql, [], |row| row.get(0))?;
    if gaps != 0 {
        return Err(StoreError::Damaged {
            detail: format!("{gaps} reports have gaps in their events"),
        });
    }
    let sql = "SELECT (SELECT count(*) FROM streams), (SELECT count(*) FROM events)";
    let (streams, events) = conn.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let damaged = |fault: LogFault| StoreError::Damaged {
        detail: fault.to_string(),
    };
    let entries = ledger::check_rows(conn, ring).map_err(damaged)?;
    audit::tables_fit(conn).map_err(damaged)?;
    audit::erasures_fit(conn, ring)?;
    audit::accounts_fit(conn, ring)?;
    Ok(Sound {
        streams: unsigned(streams),
        events: unsigned(events),
        entries,
    })
}
