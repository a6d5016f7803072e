//! Entries from before there was a log: one entry speaks for all of them.

use ledger::Frontier;
use rusqlite::Connection;
use sha2::{Digest as _, Sha256};

use super::super::rows::{signed, unsigned};
use super::super::writer::Tx;
use super::{add, size};
use crate::keys::hex;
use crate::line::Line;
use crate::{LogFault, Operation, StoreError};

pub(in super::super) const KIND: &str = "record-adopted";

/// The first entry of the log of a database that has events already. Blocks; at the opening only.
pub(in super::super) fn adopt(tx: &Tx) -> Result<(), StoreError> {
    let (count, body) = before(tx)?;
    if count == 0 || size(tx)? > 0 {
        return Ok(());
    }
    let leaf = leaf(count, &body);
    at_the_opening(tx, || add(tx, &leaf, None).map(drop))
}

/// A transaction of its own, before the writer takes any command. The keys that it needs are durable before it is.
pub(in super::super) fn at_the_opening(
    tx: &Tx,
    act: impl FnOnce() -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    tx.execute_batch("BEGIN IMMEDIATE")?;
    let grown = act().and_then(|()| tx.tail.borrow().grow(tx, &tx.ring));
    let committed = grown.and_then(|end: Option<Frontier>| {
        tx.ring.flush()?;
        tx.execute_batch("COMMIT")?;
        Ok(end)
    });
    if committed.is_err() && !tx.is_autocommit() {
        tx.execute_batch("ROLLBACK")?;
    }
    let end = committed?;
    tx.tail.borrow_mut().settle(end);
    Ok(())
}

fn leaf(count: u64, body: &str) -> String {
    Line::default()
        .text("body", body)
        .number("count", signed(count))
        .text("kind", KIND)
        .text("op", Operation::Administer.word())
        .number("v", 1)
        .end()
}

/// How many events are in no entry of their own, and a digest over them in their order.
fn before(conn: &Connection) -> Result<(u64, String), StoreError> {
    let sql = "SELECT stream, version, event_id, kind, recorded_at, actor, codec, body FROM events
               WHERE leaf_index IS NULL ORDER BY position";
    let mut statement = conn.prepare(sql)?;
    let mut rows = statement.query([])?;
    let (mut count, mut all) = (0, Sha256::new());
    while let Some(row) = rows.next()? {
        count += 1;
        let (stream, kind, actor): (String, String, String) = (row.get(0)?, row.get(3)?, row.get(5)?);
        let (id, body): (Vec<u8>, Vec<u8>) = (row.get(2)?, row.get(7)?);
        let numbers: [i64; 3] = [row.get(1)?, row.get(4)?, row.get(6)?];
        for part in [stream.as_bytes(), kind.as_bytes(), actor.as_bytes(), &id, &body] {
            all.update((part.len() as u64).to_be_bytes());
            all.update(part);
        }
        numbers.iter().for_each(|number| all.update(number.to_be_bytes()));
    }
    Ok((count, hex(&all.finalize())))
}

/// The events without an entry of their own are those that the first entry speaks for.
pub(super) fn check(conn: &Connection) -> Result<(), LogFault> {
    let broken = |detail: &str| LogFault::Broken { detail: detail.into() };
    let (count, body) = before(conn).map_err(|why| broken(&why.to_string()))?;
    let sql = "SELECT leaf FROM ledger_entries WHERE leaf_index = 0";
    let first: Option<String> = conn.query_row(sql, [], |row| row.get(0)).ok();
    let adopted = first.filter(|leaf| leaf.contains(KIND));
    let expected = (count > 0).then(|| leaf(unsigned(signed(count)), &body));
    if adopted == expected {
        return Ok(());
    }
    Err(broken("events from before there was a log were changed, or others were taken out of it"))
}
