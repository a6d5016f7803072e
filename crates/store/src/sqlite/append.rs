//! Events: appended by compare-and-swap, loaded in order.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::projections;
use super::rows::{At, signed, unless_unique, unsigned};
use crate::{
    Append, AppendError, Appended, NewEvent, StoreError, StoredEvent, StreamHead, StreamId, limits,
};

/// Body is the caller's bytes as they came. Later forms get numbers of their own; none is reused.
const CODEC_PLAIN: i64 = 1;

pub(super) fn append_all(
    conn: &Connection,
    together: &[Append],
    key: Option<&str>,
) -> Result<Vec<Appended>, AppendError> {
    if let Some(key) = key {
        let first = first_answer(conn, key)?;
        if !first.is_empty() {
            return Ok(first);
        }
    }
    let mut answers = Vec::with_capacity(together.len());
    for (ordinal, append) in together.iter().enumerate() {
        let version = append_one(conn, append)?;
        if let Some(key) = key {
            remember(conn, key, ordinal, &append.stream, version)?;
        }
        answers.push(Appended {
            stream: append.stream.clone(),
            version,
            repeated: false,
        });
    }
    Ok(answers)
}

fn append_one(conn: &Connection, append: &Append) -> Result<u64, AppendError> {
    let current = version(conn, &append.stream)?;
    if current != append.expected_version {
        return Err(AppendError::Conflict {
            stream: append.stream.clone(),
            current,
        });
    }
    let after = current + append.events.len() as u64;
    if after > limits::EVENTS_PER_STREAM {
        let limit = usize::try_from(limits::EVENTS_PER_STREAM).unwrap_or(usize::MAX);
        return Err(StoreError::TooLong {
            what: "report",
            limit,
        }
        .into());
    }
    if after > current {
        let sql = "INSERT INTO streams (stream, version) VALUES (?1, ?2)
                   ON CONFLICT (stream) DO UPDATE SET version = excluded.version";
        let mut statement = conn.prepare_cached(sql).map_err(StoreError::from)?;
        statement
            .execute(params![append.stream, signed(after)])
            .map_err(StoreError::from)?;
    }
    for (version, event) in (current + 1..).zip(&append.events) {
        insert(conn, &append.stream, version, event)?;
    }
    if let Some(row) = &append.projection {
        projections::put(conn, row)?;
    }
    Ok(after)
}

fn insert(
    conn: &Connection,
    stream: &StreamId,
    version: u64,
    event: &NewEvent,
) -> Result<(), StoreError> {
    let sql =
        "INSERT INTO events (stream, version, event_id, kind, recorded_at, actor, codec, body)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    let values = params![
        stream,
        signed(version),
        event.event_id,
        event.kind,
        At(event.recorded_at),
        event.actor,
        CODEC_PLAIN,
        event.body,
    ];
    conn.prepare_cached(sql)?
        .execute(values)
        .map_err(unless_unique("event id"))?;
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
    let rows = statement.query_map([key], |row| {
        Ok(Appended {
            stream: row.get(0)?,
            version: unsigned(row.get(1)?),
            repeated: true,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn remember(
    conn: &Connection,
    key: &str,
    ordinal: usize,
    stream: &StreamId,
    version: u64,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO idempotency (key, ordinal, stream, version) VALUES (?1, ?2, ?3, ?4)";
    conn.prepare_cached(sql)?.execute(params![
        key,
        signed(ordinal as u64),
        stream,
        signed(version)
    ])?;
    Ok(())
}

pub(super) fn load(
    conn: &Connection,
    stream: &StreamId,
    from_version: u64,
) -> Result<Vec<StoredEvent>, StoreError> {
    let sql = "SELECT version, event_id, kind, recorded_at, actor, codec, body
               FROM events WHERE stream = ?1 AND version >= ?2 ORDER BY version";
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query(params![stream, signed(from_version)])?;
    let mut events = Vec::new();
    while let Some(row) = rows.next()? {
        events.push(stored(stream, row)?);
    }
    Ok(events)
}

fn stored(stream: &StreamId, row: &Row<'_>) -> Result<StoredEvent, StoreError> {
    if row.get::<_, i64>(5)? != CODEC_PLAIN {
        return Err(StoreError::Unreadable { what: "event" });
    }
    Ok(StoredEvent {
        stream: stream.clone(),
        version: unsigned(row.get(0)?),
        event_id: row.get(1)?,
        kind: row.get(2)?,
        recorded_at: row.get::<_, At>(3)?.0,
        actor: row.get(4)?,
        body: row.get(6)?,
    })
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
        Ok(StreamHead {
            stream: row.get(0)?,
            version: unsigned(row.get(1)?),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn next_reference(conn: &Connection, year: u16) -> Result<String, StoreError> {
    let sql = "INSERT INTO report_numbers (year, last) VALUES (?1, 1)
               ON CONFLICT (year) DO UPDATE SET last = last + 1 RETURNING last";
    let last: i64 = conn
        .prepare_cached(sql)?
        .query_row([year], |row| row.get(0))?;
    Ok(format!("WM-{year:04}-{last:06}"))
}
