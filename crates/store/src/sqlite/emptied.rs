//! Emptying the write-ahead log after an erasure, so that pages from before it are in no file.
//!
//! Whoever reads from before keeps SQLite from doing it. Then it stays due: that is noted in the transaction that finishes the
//! erasure, and taken back when the log was emptied. After each step, and at each opening, what is due is tried again.
//!
//! What is due names the erasure it is due for. Taken back is what was due when the emptying began and nothing else: another
//! erasure may have finished since, and its pages are in the log still.

use std::fs::File;
use std::io;
use std::path::Path;
use std::thread;
use std::time::Duration;

use rusqlite::{Connection, params};

use super::writer::Tx;
use super::{open, tokens};
use crate::{StoreError, fail};

/// What says in the settings that it is due.
const DUE: &str = "write-ahead-log-to-be-emptied";
/// How often it is tried while somebody waits for the answer.
const TRIES: u32 = 2;
/// How long SQLite waits for readers at each of them.
///
/// Meanwhile nobody writes, so it is short: what is due is tried again after each step.
const PATIENCE: Duration = Duration::from_millis(if cfg!(test) { 20 } else { 300 });
/// Between two tries: of two that empty it at once, one is refused without waiting.
const PAUSE: Duration = Duration::from_millis(100);

/// What was due when it was emptied.
#[derive(Debug)]
pub(super) struct Emptied(Option<String>);

/// Part of the transaction that finishes an erasure, the number of whose row no other erasure ever has.
pub(super) fn is_due(tx: &Tx, erasure: i64) -> Result<(), StoreError> {
    tokens::set_setting(tx, DUE, &format!("erasure {erasure} is finished"))
}

/// It was emptied. What came to be due meanwhile stays due.
pub(super) fn is_done(tx: &Tx, emptied: &Emptied) -> Result<(), StoreError> {
    tx.prepare_cached("DELETE FROM settings WHERE key = ?1 AND value = ?2")?.execute(params![DUE, emptied.0])?;
    if tokens::setting(tx, DUE)?.is_none() {
        tx.log_is_due.set(false);
    }
    Ok(())
}

/// Empties it while the writer goes on, and somebody waits for the answer.
///
/// # Errors
/// [`StoreError::NotEmptied`] where somebody reads from before all the while.
pub(super) fn beside_the_writer(path: &Path) -> Result<Emptied, StoreError> {
    let conn = open::beside_the_writer(path)?;
    conn.busy_timeout(PATIENCE)?;
    now(&conn, TRIES)
}

fn now(conn: &Connection, tries: u32) -> Result<Emptied, StoreError> {
    for tried in 0..tries {
        if tried > 0 {
            thread::sleep(PAUSE);
        }
        let due = tokens::setting(conn, DUE)?;
        // The first column says whether somebody was in the way; it is no error.
        let busy: bool = conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
        if !busy {
            // SQLite does not flush that the log is empty, for it may come back: not so with what was erased.
            if let Some(path) = conn.path() {
                flush(&format!("{path}-wal")).map_err(|why| StoreError::Disk { detail: why.to_string() })?;
            }
            fail::point("erasure-log-emptied");
            return Ok(Emptied(due));
        }
    }
    Err(StoreError::NotEmptied)
}

/// What an earlier erasure left due. Another program that reads does not keep this one from starting.
pub(super) fn at_the_opening(tx: &Tx) -> Result<(), StoreError> {
    if tokens::setting(tx, DUE)?.is_none() {
        return Ok(());
    }
    match now(tx, 1) {
        Ok(emptied) => is_done(tx, &emptied),
        Err(StoreError::NotEmptied) => {
            tracing::warn!("the write-ahead log is not emptied yet after an erasure: another program reads");
            tx.log_is_due.set(true);
            Ok(())
        }
        Err(why) => Err(why),
    }
}

/// What is due, without waiting for anybody: others wait for the writer.
pub(super) fn after_a_step(tx: &Tx) -> Result<(), StoreError> {
    if !tx.log_is_due.get() {
        return Ok(());
    }
    tx.busy_timeout(Duration::ZERO)?;
    let emptied = now(tx, 1).and_then(|emptied| is_done(tx, &emptied));
    tx.busy_timeout(open::PATIENCE)?;
    match emptied {
        Ok(()) => Ok(()),
        Err(StoreError::NotEmptied | StoreError::Busy | StoreError::DiskFull) => Ok(()),
        Err(why) => Err(why),
    }
}

/// SQLite's locks are on the database and on the index of the log, and not on the log itself: closing it here gives none up.
fn flush(path: &str) -> io::Result<()> {
    match File::open(path) {
        Ok(file) => file.sync_all(),
        Err(why) if why.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(why) => Err(why),
    }
}

#[cfg(test)]
#[path = "emptied_tests.rs"]
mod tests;
