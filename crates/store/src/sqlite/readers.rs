//! Reading connections: a few, read-only, used on blocking threads.
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
        Self {
            path,
            permits: Arc::new(Semaphore::new(READERS)),
            idle: Arc::new(Mutex::new(vec![first])),
        }
    }

    /// The database.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Runs a read on a connection of its own.
    pub(super) async fn run<T, F>(&self, read: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        let ended = |_| StoreError::Refused {
            detail: "the reader has ended".into(),
        };
        let permit = Arc::clone(&self.permits)
            .acquire_owned()
            .await
            .map_err(|_| ended(()))?;
        let (idle, path) = (Arc::clone(&self.idle), self.path.clone());
        let reading = tokio::task::spawn_blocking(move || {
            let taken = idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let conn = match taken {
                Some(conn) => conn,
                None => open::reader(&path)?,
            };
            let result = snapshot(&conn, read);
            // A connection that failed is not used again.
            if result.is_ok() {
                idle.lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push(conn);
            }
            drop(permit);
            result
        });
        reading.await.map_err(|error| StoreError::Refused {
            detail: error.to_string(),
        })?
    }
}

/// All statements of one read see the same moment.
fn snapshot<T>(
    conn: &Connection,
    read: impl FnOnce(&Connection) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    conn.prepare_cached("BEGIN")?.execute([])?;
    let result = read(conn);
    conn.prepare_cached("COMMIT")?.execute([])?;
    result
}
