//! Accesses: reads, searches, exports, prints and matches, noted before they are done.
//!
//! The first of a run of repeats is an entry of the log at once. How many there were in the end is an
//! entry too, added when the window is over: by the next access of anybody, or the next checkpoint. In
//! between the count is a number in a table like any other, and says at most how often somebody who
//! is in the log already looked again within a quarter of an hour.

use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::super::rows::{At, signed, unsigned};
use super::super::words;
use super::super::writer::Tx;
use super::{Words, add};
use crate::keys::{Keyring, digest, hex};
use crate::line::Line;
use crate::{AccessEntry, AccessesOf, NotedAccess, REPEAT_WINDOW, StoreError, limits};

/// Windows closed by one access: a step stays short however many have gathered.
const CLOSED_AT_ONCE: u32 = 50;

/// What [`read`] takes.
pub(in super::super) const COLUMNS: &str = "id, leaf_index, kind, op, report, user, purpose, first_at, last_at, count";

/// An access from its row.
pub(in super::super) fn read(row: &Row<'_>) -> rusqlite::Result<NotedAccess> {
    Ok(NotedAccess {
        id: unsigned(row.get(0)?),
        leaf: row.get::<_, Option<i64>>(1)?.map(unsigned),
        kind: row.get(2)?,
        op: row.get(3)?,
        stream: row.get(4)?,
        actor: row.get(5)?,
        purpose: row.get(6)?,
        reason: None,
        first_at: row.get::<_, At>(7)?.0,
        last_at: row.get::<_, At>(8)?.0,
        count: unsigned(row.get(9)?),
    })
}

/// Notes an access.
pub(in super::super) fn note(tx: &Tx, access: &AccessEntry) -> Result<NotedAccess, StoreError> {
    let at = access.at.as_microsecond();
    settle_counts(tx, at)?;
    if access.repeats && access.reason.is_none() {
        // Counted from the first, not the last: an entry cannot stretch over a whole shift.
        let sql = format!(
            "UPDATE accesses SET count = count + 1, last_at = max(last_at, ?5)
             WHERE id = (SELECT id FROM accesses WHERE user = ?1 AND kind = ?2 AND report IS ?3 AND purpose = ?4
                         AND first_at > ?6 AND first_at <= ?5
                         AND NOT EXISTS (SELECT 1 FROM ledger_entries
                                         WHERE ledger_entries.leaf_index = accesses.leaf_index AND words IS NOT NULL)
                         ORDER BY first_at DESC LIMIT 1)
             RETURNING {COLUMNS}, counted_at IS NOT NULL"
        );
        let start = at.saturating_sub(window());
        let values = params![access.actor, access.kind, access.stream, access.purpose, at, start];
        let repeated =
            tx.prepare_cached(&sql)?.query_row(values, |row| Ok((read(row)?, row.get::<_, bool>(10)?))).optional()?;
        if let Some((repeated, is_counted)) = repeated {
            // Noted late, after somebody else's had closed the window: what the log says is put right at once.
            if is_counted {
                note_count(tx, &repeated)?;
            }
            return Ok(repeated);
        }
    }
    let reason = access.reason.as_deref();
    let words = reason.map(|reason| words::seal(&tx.ring, access.at, reason)).transpose()?;
    let sealed = words.as_ref().map(|words| hex(&digest(&words.sealed)));
    let leaf = Line::default()
        .text("actor", access.actor.as_str())
        .number("at", at)
        .maybe("body", sealed.as_deref())
        .text("kind", &access.kind)
        .text("op", access.op.word())
        .text("purpose", &access.purpose)
        .maybe("stream", access.stream.as_ref().map(crate::StreamId::as_str))
        .number("v", 1)
        .end();
    let index = add(tx, &leaf, words.as_ref())?;
    let sql = format!(
        "INSERT INTO accesses (leaf_index, kind, op, report, user, purpose, first_at, last_at, count)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7, 1) RETURNING {COLUMNS}"
    );
    let values = params![signed(index), access.kind, access.op.word(), access.stream, access.actor, access.purpose, at];
    let mut noted = tx.prepare_cached(&sql)?.query_row(values, read)?;
    noted.reason.clone_from(&access.reason);
    Ok(noted)
}

fn window() -> i64 {
    i64::try_from(REPEAT_WINDOW.as_micros()).unwrap_or(i64::MAX)
}

/// Adds an entry for every run of repeats whose window is over. Tells whether that were all.
pub(in super::super) fn settle_counts(tx: &Tx, now: i64) -> Result<bool, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM accesses WHERE counted_at IS NULL AND count > 1 AND first_at <= ?1 LIMIT {CLOSED_AT_ONCE}"
    );
    let over: Vec<NotedAccess> = {
        let mut statement = tx.prepare_cached(&sql)?;
        statement.query_map([now.saturating_sub(window())], read)?.collect::<Result<_, _>>()?
    };
    for access in &over {
        note_count(tx, access)?;
    }
    Ok(over.len() < CLOSED_AT_ONCE as usize)
}

fn note_count(tx: &Tx, access: &NotedAccess) -> Result<(), StoreError> {
    let index = add(tx, &counted(access), None)?;
    tx.prepare_cached("UPDATE accesses SET counted_at = ?2 WHERE id = ?1")?
        .execute(params![signed(access.id), signed(index)])?;
    Ok(())
}

/// The entry that says how often there was a look in the end.
pub(in super::super) fn counted(access: &NotedAccess) -> String {
    let leaf = Line::default()
        .text("actor", access.actor.as_str())
        .number("at", access.last_at.as_microsecond())
        .number("count", signed(access.count))
        .text("kind", "repeats-counted")
        .text("op", &access.op)
        .text("purpose", &access.purpose)
        .maybe("stream", access.stream.as_ref().map(crate::StreamId::as_str))
        .number("v", 1);
    // One from before there was a log has no entry to point to.
    match access.leaf {
        Some(first) => leaf.number("entry", signed(first)).end(),
        None => leaf.end(),
    }
}

/// Accesses, newest first: at most `limit` with an id below `before`.
pub(in super::super) fn list(
    conn: &Connection,
    ring: &Keyring,
    of: &AccessesOf,
    before: Option<u64>,
    limit: u32,
) -> Result<Vec<NotedAccess>, StoreError> {
    let (column, whose) = match of {
        AccessesOf::Report(report) => ("report", report.as_str()),
        AccessesOf::User(user) => ("user", user.as_str()),
    };
    let sql = format!(
        "SELECT {COLUMNS} FROM accesses WHERE {column} = ?1 AND id < ?2
         ORDER BY id DESC LIMIT ?3"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let before = before.map_or(i64::MAX, signed);
    let rows = statement.query_map(params![whose, before, limit.min(limits::PAGE)], read)?;
    let mut found: Vec<NotedAccess> = rows.collect::<Result<_, _>>()?;
    for access in &mut found {
        access.reason = reason(conn, ring, access)?;
    }
    Ok(found)
}

/// The words of an access.
pub(in super::super) fn reason(
    conn: &Connection,
    ring: &Keyring,
    access: &NotedAccess,
) -> Result<Option<String>, StoreError> {
    let words = match access.leaf {
        Some(leaf) => words_of(conn, leaf)?,
        None => None,
    };
    match words {
        Some(words) => words::shown(conn, ring, access.first_at, &words),
        None => Ok(None),
    }
}

/// The words that go with an entry of the log, as they are kept.
pub(in super::super) fn words_of(conn: &Connection, leaf: u64) -> Result<Option<Words>, StoreError> {
    let sql = "SELECT key_id, nonce, words FROM ledger_entries WHERE leaf_index = ?1 AND words IS NOT NULL";
    let mut statement = conn.prepare_cached(sql)?;
    let found = statement.query_row([signed(leaf)], |row| {
        // What somebody put there opens nothing, and is no reason to show nothing else.
        let nonce = row.get(1).unwrap_or_default();
        Ok(Words { key_id: row.get(0).unwrap_or_default(), nonce, sealed: row.get(2)? })
    });
    Ok(found.optional()?)
}
