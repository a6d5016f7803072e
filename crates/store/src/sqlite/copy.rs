//! A copy of everything at one moment, for backups, and where the record stands.

use std::fs::OpenOptions;
use std::path::Path;

use jiff::Timestamp;
use rusqlite::Connection;

use super::rows::unsigned;
use super::{SqliteStore, open};
use crate::StoreError;

/// Where the record stands at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Reports and whatever else has a stream.
    pub streams: u64,
    /// Events in all of them: the position of the log.
    pub events: u64,
    /// When the newest event was entered, by the clock of that time.
    pub newest: Option<Timestamp>,
    /// Bytes of the database, without its write-ahead log.
    pub bytes: u64,
}

/// The SQLite that is linked in, like `3.51.3`.
#[must_use]
pub fn sqlite_version() -> &'static str {
    rusqlite::version()
}

impl SqliteStore {
    /// Writes everything that was kept at one moment into a new database file, readable for its
    /// owner alone, while others go on writing here. Rows only: pages that nothing uses any more
    /// are left out. The file is not flushed to the disk. Gives where the copy stands.
    ///
    /// # Errors
    /// [`StoreError::Disk`] when the file is there already or cannot be made,
    /// [`StoreError::DiskFull`]; what was written by then is left for the caller to remove.
    pub async fn copy_to(&self, to: &Path) -> Result<Standing, StoreError> {
        let (from, to) = (self.readers.path().to_path_buf(), to.to_path_buf());
        let copying = tokio::task::spawn_blocking(move || {
            private_and_empty(&to)?;
            let conn = open::reader(&from)?;
            // VACUUM INTO writes nothing here, but a connection that may only query refuses it.
            conn.pragma_update(None, "query_only", false)?;
            let name = to
                .to_str()
                .ok_or_else(|| StoreError::Disk { detail: format!("{} is not a name in UTF-8", to.display()) })?;
            conn.execute("VACUUM INTO ?1", [name])?;
            // Asked of the copy: the database has moved on since.
            standing(&open::reader(&to)?)
        });
        copying.await.map_err(|error| StoreError::Refused { detail: error.to_string() })?
    }

    /// Where the record stands.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn standing(&self) -> Result<Standing, StoreError> {
        self.readers.run(standing).await
    }
}

/// SQLite writes into an empty file that is there, and so keeps its permissions.
fn private_and_empty(path: &Path) -> Result<(), StoreError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(|_| ()).map_err(|error| StoreError::Disk { detail: format!("{}: {error}", path.display()) })
}

fn standing(conn: &Connection) -> Result<Standing, StoreError> {
    let sql = "SELECT (SELECT count(*) FROM streams), count(*), max(recorded_at),
                      (SELECT page_count * page_size FROM pragma_page_count, pragma_page_size)
               FROM events";
    let (streams, events, newest, bytes): (i64, i64, Option<i64>, i64) =
        conn.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
    let newest = newest.map(Timestamp::from_microsecond).transpose();
    Ok(Standing {
        streams: unsigned(streams),
        events: unsigned(events),
        newest: newest.map_err(|_| StoreError::Unreadable { what: "time" })?,
        bytes: unsigned(bytes),
    })
}
