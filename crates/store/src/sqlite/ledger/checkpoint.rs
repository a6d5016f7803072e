//! Signed heads of the log, in the database.

use jiff::Timestamp;
use ledger::{Checkpoint, KeyKind, SignedNote, SigningKey, VerifierKey};
use rusqlite::{Connection, OptionalExtension as _, params};

use super::super::rows::{At, signed, unsigned};
use super::super::writer::Tx;
use super::{frontier, seal};
use crate::keys::{Keyring, hex};
use crate::{KeptCheckpoint, LogFault, StoreError, limits};

/// The name of the log and of its key: the database it is of.
fn origin(ring: &Keyring) -> String {
    format!("waymark/{}", hex(&ring.database()))
}

fn signing(ring: &Keyring) -> Result<SigningKey, StoreError> {
    let unusable = || StoreError::Unreadable { what: "key of the log" };
    let seed = ring.log_seed().ok_or_else(unusable)?;
    SigningKey::new(&origin(ring), KeyKind::Log, seed.as_bytes()).map_err(|_| unusable())
}

/// What signatures of this log are checked with.
pub(in super::super) fn verifier(ring: &Keyring) -> Result<VerifierKey, StoreError> {
    Ok(signing(ring)?.verifier().clone())
}

/// Signs the head as it was committed before this transaction: what a checkpoint speaks of is on the
/// disk before the checkpoint is.
pub(in super::super) fn sign(tx: &Tx, now: Timestamp) -> Result<KeptCheckpoint, StoreError> {
    let head = tx.tail.borrow().head();
    if let Some(last) = last(tx)?.filter(|last| last.size == head.size) {
        return Ok(last);
    }
    let unsigned = |why: String| StoreError::Refused { detail: why };
    let checkpoint = Checkpoint { origin: origin(&tx.ring), size: head.size, root: head.root };
    let note = checkpoint.sign(&signing(&tx.ring)?).map_err(|why| unsigned(why.to_string()))?;
    let kept = KeptCheckpoint { size: head.size, at: now, note: note.to_string() };
    let sql = "INSERT INTO checkpoints (size, at, note) VALUES (?1, ?2, ?3)";
    tx.prepare_cached(sql)?.execute(params![signed(kept.size), At(now), kept.note])?;
    seal::one_more(tx, &tx.ring, head)?;
    Ok(kept)
}

fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<KeptCheckpoint> {
    Ok(KeptCheckpoint { size: unsigned(row.get(0)?), at: row.get::<_, At>(1)?.0, note: row.get(2)? })
}

/// The newest checkpoint.
pub(in super::super) fn last(conn: &Connection) -> Result<Option<KeptCheckpoint>, StoreError> {
    let sql = "SELECT size, at, note FROM checkpoints ORDER BY size DESC LIMIT 1";
    Ok(conn.prepare_cached(sql)?.query_row([], read).optional()?)
}

/// Checkpoints in order: at most `limit` of more than `after` entries.
pub(in super::super) fn kept(
    conn: &Connection,
    after: Option<u64>,
    limit: u32,
) -> Result<Vec<KeptCheckpoint>, StoreError> {
    let sql = "SELECT size, at, note FROM checkpoints WHERE size > ?1 ORDER BY size LIMIT ?2";
    let mut statement = conn.prepare_cached(sql)?;
    let after = after.map_or(-1, signed);
    let rows = statement.query_map(params![after, limit.min(limits::PAGE)], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Holds a signed head against the log as it is. Gives the size it speaks for.
pub(in super::super) fn check_note(
    conn: &Connection,
    key: &VerifierKey,
    note: &str,
    size: u64,
) -> Result<u64, LogFault> {
    let other = |said: u64, detail: String| LogFault::OtherKey { size: said, detail };
    let note: SignedNote = note.parse().map_err(|why| other(0, format!("{why}")))?;
    let said = Checkpoint::parse(note.text()).map_or(0, |read| read.size);
    let checkpoint = Checkpoint::open(&note, key).map_err(|why| other(said, why.to_string()))?;
    if checkpoint.size > size {
        return Err(LogFault::Behind { found: size, signed: checkpoint.size });
    }
    let then = frontier(conn, checkpoint.size).map_err(|why| LogFault::Broken { detail: why.to_string() })?;
    if then.root() != checkpoint.root {
        return Err(LogFault::Changed { size: checkpoint.size });
    }
    Ok(checkpoint.size)
}
