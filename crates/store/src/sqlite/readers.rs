//! Reading connections: a few, read-only. What reads many rows uses one on a blocking thread; what reads the one row or two
//! that every page needs, where it is asked (docs/decisions/0033).
//!
//! In WAL mode readers never wait for the writer nor it for them, and each read sees everything
//! that was committed, and so acknowledged, before it began.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;
use tokio::sync::Semaphore;

use super::open;
use crate::StoreError;

/// Connections at most. Reads take well under a millisecond: a few keep every core busy.
const READERS: usize = 4;

pub(super) struct Readers {
    path: PathBuf,
    permits: Arc<Semaphore>,
    idle: Arc<Mutex<Vec<Connection>>>,
}

impl Readers {
    /// With one connection opened already: a database that cannot be read is found at the start.
    pub(super) fn new(path: PathBuf, first: Connection) -> Self {
        Self { path, permits: Arc::new(Semaphore::new(READERS)), idle: Arc::new(Mutex::new(vec![first])) }
    }

    /// The database.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Runs a read on a connection and a thread of its own.
    pub(super) async fn run<T, F>(&self, read: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        let permit = Arc::clone(&self.permits).acquire_owned().await.map_err(|_| ended())?;
        let (idle, path) = (Arc::clone(&self.idle), self.path.clone());
        let reading = tokio::task::spawn_blocking(move || {
            let result = on_one(&idle, &path, read);
            drop(permit);
            result
        });
        reading.await.map_err(|error| StoreError::Refused { detail: error.to_string() })?
    }

    /// Runs a read of a row or two on a connection of its own, here: handed to another thread, it would wait for that thread
    /// several times as long as for its answer.
    pub(super) async fn run_here<T, F>(&self, read: F) -> Result<T, StoreError>
    where
        F: FnOnce(&Connection) -> Result<T, StoreError>,
    {
        let _permit = self.permits.acquire().await.map_err(|_| ended())?;
        on_one(&self.idle, &self.path, read)
    }
}

fn ended() -> StoreError {
    StoreError::Refused { detail: "the reader has ended".into() }
}

/// Reads on an idle connection, or on a new one where there is none.
fn on_one<T>(
    idle: &Mutex<Vec<Connection>>,
    path: &Path,
    read: impl FnOnce(&Connection) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let taken = idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
    let conn = match taken {
        Some(conn) => conn,
        None => open::reader(path)?,
    };
    let result = snapshot(&conn, read);
    // A connection that failed is not used again.
    if result.is_ok() {
        idle.lock().unwrap_or_else(PoisonError::into_inner).push(conn);
    }
    result
}

/// All statements of one read see the same moment.
fn snapshot<T>(conn: &Connection, read: impl FnOnce(&Connection) -> Result<T, StoreError>) -> Result<T, StoreError> {
    conn.prepare_cached("BEGIN")?.execute([])?;
    let result = read(conn);
    conn.prepare_cached("COMMIT")?.execute([])?;
    result
}
