//! Events: appended by compare-and-swap, loaded in order.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::codec::{self, Kept, Sealed};
use super::rows::{At, signed, unless_unique, unsigned};
use super::writer::{Tx, Writer};
use super::{binding, erase, index, ledger, projections};
use crate::keys::Keyring;
use crate::{
    AccessEntry, Append, AppendError, Appended, EventId, NewEvent, NotedAccess, StoreError, StoredEvent, StreamHead,
    StreamId, limits,
};

/// What is appended together, made ready by whoever sends it: every writer waits for the one that keeps it.
pub(super) struct Step {
    together: Vec<Append>,
    key: Option<String>,
    /// Events that are encrypted already, for the versions they have if their streams are as expected.
    ahead: HashMap<EventId, Sealed>,
}

impl Step {
    /// Checks it, and encrypts what it can. INVARIANT (keys first): no key is made here, for whether anything may be written
    /// under one only the writer finds out.
    pub(super) fn ready(ring: &Keyring, together: Vec<Append>, key: Option<String>) -> Result<Self, StoreError> {
        limits::append(&together, key.as_deref())?;
        let mut ahead = HashMap::new();
        for append in &together {
            for (place, event) in (1..).zip(&append.events) {
                // No stream gets as far as where there are no numbers any more: the writer refuses it.
                let Some(version) = append.expected_version.checked_add(place) else {
                    break;
                };
                let sealed = codec::seal_ahead(ring, &append.stream, version, event)?;
                ahead.extend(sealed.map(|sealed| (event.event_id, sealed)));
            }
        }
        Ok(Self {
            together,
            // A key is made from what was typed: looked up as an HMAC, it gives nothing back.
            key: key.map(|key| ring.blind_text(binding::IDEMPOTENCY, &key)),
            ahead,
        })
    }

    /// Keeps it.
    pub(super) fn keep(mut self, conn: &Tx) -> Result<Vec<Appended>, AppendError> {
        append_all(conn, &self.together, self.key.as_deref(), &mut self.ahead)
    }
}

/// Notes a look and keeps a step, one right after the other.
pub(super) async fn noting(
    writer: &Writer,
    look: AccessEntry,
    step: Result<Step, StoreError>,
) -> Result<(NotedAccess, Result<Vec<Appended>, AppendError>), StoreError> {
    limits::access(&look)?;
    let note = move |tx: &Tx| ledger::note(tx, &look);
    match step {
        Ok(step) => writer.run_both(note, move |tx| step.keep(tx)).await,
        Err(why) => Ok((writer.run(note).await?, Err(why.into()))),
    }
}

fn append_all(
    conn: &Tx,
    together: &[Append],
    key: Option<&str>,
    ahead: &mut HashMap<EventId, Sealed>,
) -> Result<Vec<Appended>, AppendError> {
    if let Some(key) = key {
        let first = first_answer(conn, key)?;
        if !first.is_empty() {
            return Ok(first);
        }
    }
    let mut answers = Vec::with_capacity(together.len());
    for (ordinal, append) in together.iter().enumerate() {
        let version = append_one(conn, append, ahead)?;
        if let Some(key) = key {
            remember(conn, key, ordinal, &append.stream, version)?;
        }
        answers.push(Appended { stream: append.stream.clone(), version, repeated: false });
    }
    Ok(answers)
}

fn append_one(conn: &Tx, append: &Append, ahead: &mut HashMap<EventId, Sealed>) -> Result<u64, AppendError> {
    let current = version(conn, &append.stream)?;
    if current != append.expected_version {
        return Err(AppendError::Conflict { stream: append.stream.clone(), current });
    }
    if erase::is_erased(conn, &append.stream)? {
        return Err(StoreError::NotFound { what: "report" }.into());
    }
    let after = current + append.events.len() as u64;
    if after > limits::EVENTS_PER_STREAM {
        let limit = usize::try_from(limits::EVENTS_PER_STREAM).unwrap_or(usize::MAX);
        return Err(StoreError::TooLong { what: "report", limit }.into());
    }
    if after > current {
        let sql = "INSERT INTO streams (stream, version) VALUES (?1, ?2)
                   ON CONFLICT (stream) DO UPDATE SET version = excluded.version";
        let mut statement = conn.prepare_cached(sql).map_err(StoreError::from)?;
        statement.execute(params![append.stream, signed(after)]).map_err(StoreError::from)?;
    }
    for (version, event) in (current + 1..).zip(&append.events) {
        let sealed = match ahead.remove(&event.event_id) {
            // Under a key that was destroyed meanwhile nobody could read it.
            Some(sealed) if conn.ring.has(&sealed.key_id) => sealed,
            _ => codec::seal(&conn.ring, &append.stream, version, event)?,
        };
        insert(conn, &append.stream, version, event, sealed)?;
    }
    if let Some(row) = &append.projection {
        projections::put(conn, row)?;
    }
    for findable in &append.findable {
        index::put(conn, &conn.ring, &append.stream, findable)?;
    }
    Ok(after)
}

fn insert(conn: &Tx, stream: &StreamId, version: u64, event: &NewEvent, sealed: Sealed) -> Result<(), StoreError> {
    let sql =
        "INSERT INTO events (stream, version, event_id, kind, recorded_at, actor, codec, body, key_id, nonce, key_commitment,
                             leaf_index)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
    let leaf = ledger::add(conn, &sealed.leaf, None)?;
    let values = params![
        stream,
        signed(version),
        event.event_id,
        event.kind,
        At(event.recorded_at),
        event.actor,
        codec::SEALED,
        sealed.body,
        sealed.key_id.to_string(),
        sealed.nonce,
        sealed.commitment,
        signed(leaf),
    ];
    conn.prepare_cached(sql)?.execute(values).map_err(unless_unique("event id"))?;
    Ok(())
}

fn version(conn: &Connection, stream: &StreamId) -> Result<u64, StoreError> {
    let mut statement = conn.prepare_cached("SELECT version FROM streams WHERE stream = ?1")?;
    let found: Option<i64> = statement.query_row([stream], |row| row.get(0)).optional()?;
    Ok(found.map_or(0, unsigned))
}

fn first_answer(conn: &Connection, key: &str) -> Result<Vec<Appended>, StoreError> {
    let sql = "SELECT stream, version FROM idempotency WHERE key = ?1 ORDER BY ordinal";
    let mut statement = conn.prepare_cached(sql)?;
    let rows = statement
        .query_map([key], |row| Ok(Appended { stream: row.get(0)?, version: unsigned(row.get(1)?), repeated: true }))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn remember(conn: &Connection, key: &str, ordinal: usize, stream: &StreamId, version: u64) -> Result<(), StoreError> {
    let sql = "INSERT INTO idempotency (key, ordinal, stream, version) VALUES (?1, ?2, ?3, ?4)";
    conn.prepare_cached(sql)?.execute(params![key, signed(ordinal as u64), stream, signed(version)])?;
    Ok(())
}

pub(super) fn load(
    conn: &Connection,
    ring: &Keyring,
    stream: &StreamId,
    from_version: u64,
) -> Result<Vec<StoredEvent>, StoreError> {
    let sql =
        "SELECT version, event_id, kind, recorded_at, actor, codec, body, key_id, nonce, key_commitment, leaf_index
               FROM events WHERE stream = ?1 AND version >= ?2 ORDER BY version";
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query(params![stream, signed(from_version)])?;
    let mut events = Vec::new();
    while let Some(row) = rows.next()? {
        events.push(stored(conn, ring, stream, row)?);
    }
    Ok(events)
}

fn stored(conn: &Connection, ring: &Keyring, stream: &StreamId, row: &Row<'_>) -> Result<StoredEvent, StoreError> {
    let mut event = StoredEvent {
        stream: stream.clone(),
        version: unsigned(row.get(0)?),
        event_id: row.get(1)?,
        kind: row.get(2)?,
        recorded_at: row.get::<_, At>(3)?.0,
        actor: row.get(4)?,
        body: row.get(6)?,
        erased: None,
    };
    match row.get::<_, i64>(5)? {
        // Readable rows are from before there was a log: one in the log was put in the place of another.
        codec::PLAIN if row.get::<_, Option<i64>>(10)?.is_none() => {}
        codec::SEALED => {
            let kept = Kept { key_id: row.get(7)?, nonce: row.get(8)?, commitment: row.get(9)? };
            codec::open(conn, ring, &mut event, &kept)?;
        }
        _ => return Err(StoreError::Unreadable { what: "event" }),
    }
    Ok(event)
}

pub(super) fn all_streams(
    conn: &Connection,
    after: Option<&StreamId>,
    limit: u32,
) -> Result<Vec<StreamHead>, StoreError> {
    // Every id is longer than the empty text, which therefore comes before them all.
    let after = after.map_or("", StreamId::as_str);
    let sql = "SELECT stream, version FROM streams WHERE stream > ?1 ORDER BY stream LIMIT ?2";
    let mut statement = conn.prepare_cached(sql)?;
    let rows = statement.query_map(params![after, limit.min(limits::PAGE)], |row| {
        Ok(StreamHead { stream: row.get(0)?, version: unsigned(row.get(1)?) })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn next_reference(conn: &Connection, year: u16) -> Result<String, StoreError> {
    let sql = "INSERT INTO report_numbers (year, last) VALUES (?1, 1)
               ON CONFLICT (year) DO UPDATE SET last = last + 1 RETURNING last";
    let last: i64 = conn.prepare_cached(sql)?.query_row([year], |row| row.get(0))?;
    Ok(format!("WM-{year:04}-{last:06}"))
}

#[cfg(test)]
#[path = "append_tests.rs"]
mod tests;
