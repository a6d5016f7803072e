//! Erasing in three steps, each whole or not there: say so, destroy the keys, remove what was derived.
//!
//! Before the first step is committed nothing has happened. After it the erasure is going to be: whatever
//! ends the program, the next opening goes on with it ([`finish_all`]). The database itself never
//! had a readable word, so the keys are what counts; index and list rows are overwritten with zeros
//! (`secure_delete`) and the write-ahead log is emptied afterwards.

use rusqlite::{Connection, OptionalExtension as _, Params, Row, params};

use super::ledger;
use super::rows::{At, signed, unsigned};
use super::writer::Tx;
use super::{audit, emptied, index, words};
use crate::keys::{KeyId, Keyring, digest, hex};
use crate::line::Line;
use crate::{AccessFilter, Erase, Erased, Operation, StoreError, StreamId, Subject, limits};

const COLUMNS: &str = "id, stream, subject, reference, actor, at, leaf, done_at IS NOT NULL";

/// An erasure that was meant, with the keys it destroys.
pub(super) struct Meant {
    id: i64,
    erased: Erased,
    pub keys: Vec<KeyId>,
}

fn read(row: &Row<'_>) -> rusqlite::Result<(i64, Option<String>, Erased)> {
    let erased = Erased {
        stream: row.get(1)?,
        subject: None,
        reference: row.get(3)?,
        actor: row.get(4)?,
        reason: None,
        at: row.get::<_, At>(5)?.0,
        leaf: unsigned(row.get(6)?),
        is_done: row.get(7)?,
    };
    Ok((row.get(0)?, row.get(2)?, erased))
}

fn whole(read: (i64, Option<String>, Erased)) -> Result<(i64, Erased), StoreError> {
    let (id, subject, erased) = read;
    let subject = subject.map(|text| text.parse()).transpose();
    let subject = subject.map_err(|_| StoreError::Unreadable { what: "erasure" })?;
    Ok((id, Erased { subject, ..erased }))
}

/// What [`read_whole`] takes, of a table that is called by another name.
pub(super) fn columns(table: &str) -> String {
    let names = COLUMNS.split(", ").map(|name| format!("{table}.{name}"));
    names.collect::<Vec<_>>().join(", ")
}

/// An erasure from its row.
pub(super) fn read_whole(row: &Row<'_>) -> Result<Erased, StoreError> {
    Ok(whole(read(row)?)?.1)
}

/// The entry that says that an erasure begins: by whom, when, the digest of why, and of what.
pub(super) fn begun(actor: &str, at: i64, body: &str, (stream, subject): (&str, Option<&str>)) -> String {
    Line::default()
        .text("actor", actor)
        .number("at", at)
        .text("body", body)
        .text("kind", "erasure-begun")
        .text("op", Operation::Erase.word())
        .text("stream", stream)
        .maybe("subject", subject)
        .number("v", 1)
        .end()
}

/// What stays beside the events and follows from none of them any more, as an HMAC: the reference, and of a report that is
/// erased whole, who is tied to it. Ids are few enough to be tried.
pub(super) fn left(conn: &Connection, ring: &Keyring, erased: &Erased) -> Result<String, StoreError> {
    let mut text =
        Line::default().maybe("reference", erased.reference.as_deref()).text("stream", erased.stream.as_str()).end();
    if erased.subject.is_none() {
        let sql = "SELECT tie, user, until FROM report_ties WHERE report = ?1 ORDER BY tie, user";
        let mut statement = conn.prepare_cached(sql)?;
        let mut rows = statement.query([&erased.stream])?;
        while let Some(row) = rows.next()? {
            let line = Line::default()
                .text("tie", &row.get::<_, String>(0)?)
                .text("user", &row.get::<_, String>(1)?)
                .number("until", row.get::<_, Option<i64>>(2)?.unwrap_or(0));
            text.push_str(&line.end());
        }
    }
    Ok(ring.blind_text("left after an erasure", &text))
}

/// The first step: the erasure is an entry of the log, and its keys are named.
pub(super) fn mean(tx: &Tx, erase: &Erase) -> Result<Meant, StoreError> {
    if !exists(tx, &erase.stream)? || is_erased(tx, &erase.stream)? {
        return Err(StoreError::NotFound { what: "report" });
    }
    let keys = tx.ring.ids_of(&erase.stream, erase.subject.as_ref());
    let whose = |key| (key, tx.ring.subject_of(&key).unwrap_or_default());
    mean_with(tx, erase, &keys.into_iter().map(whose).collect::<Vec<_>>())
}

/// The same for keys that may be gone already, each with whose words it opened.
pub(super) fn mean_with(tx: &Tx, erase: &Erase, keys: &[(KeyId, Subject)]) -> Result<Meant, StoreError> {
    let words = words::seal(&tx.ring, erase.at, &erase.reason)?;
    let subject = erase.subject.as_ref().map(ToString::to_string);
    let leaf = begun(
        erase.actor.as_str(),
        erase.at.as_microsecond(),
        &hex(&digest(&words.sealed)),
        (erase.stream.as_str(), subject.as_deref()),
    );
    let leaf = ledger::add(tx, &leaf, Some(&words))?;
    let sql = format!(
        "INSERT INTO erasures (stream, subject, reference, actor, at, leaf)
         VALUES (?1, ?2, (SELECT reference FROM projections WHERE report = ?1), ?3, ?4, ?5)
         RETURNING {COLUMNS}"
    );
    let values = params![erase.stream, subject, erase.actor, At(erase.at), signed(leaf)];
    let row = tx.prepare_cached(&sql)?.query_row(values, read)?;
    let sql = "INSERT OR IGNORE INTO erased_keys (key_id, stream, subject) VALUES (?1, ?2, ?3)";
    let mut insert = tx.prepare_cached(sql)?;
    for (key, of) in keys {
        insert.execute(params![key.to_string(), erase.stream, of.to_string()])?;
    }
    let keys = keys.iter().map(|(key, _)| *key).collect();
    let (id, erased) = whole(row)?;
    let erased = Erased { reason: Some(erase.reason.clone()), ..erased };
    Ok(Meant { id, erased, keys })
}

/// The last step: nothing derived from the words is left, and the log says that it is done.
pub(super) fn finish(tx: &Tx, meant: &Meant) -> Result<Erased, StoreError> {
    let erased = &meant.erased;
    index::remove(tx, &erased.stream, erased.subject.as_ref())?;
    if erased.subject.is_none() {
        for sql in ["DELETE FROM projections WHERE report = ?1", "DELETE FROM idempotency WHERE stream = ?1"] {
            tx.prepare_cached(sql)?.execute([&erased.stream])?;
        }
    }
    let leaf = Line::default()
        .text("actor", erased.actor.as_str())
        .number("at", erased.at.as_microsecond())
        .number("count", signed(meant.keys.len() as u64))
        .number("entry", signed(erased.leaf))
        .text("kind", "erasure-finished")
        .text("left", &left(tx, &tx.ring, erased)?)
        .text("op", Operation::Erase.word())
        .text("stream", erased.stream.as_str())
        .maybe("subject", erased.subject.as_ref().map(ToString::to_string).as_deref())
        .number("v", 1)
        .end();
    ledger::add(tx, &leaf, None)?;
    emptied::is_due(tx, meant.id)?;
    tx.prepare_cached("UPDATE erasures SET done_at = at WHERE id = ?1")?.execute([meant.id])?;
    Ok(Erased { is_done: true, ..erased.clone() })
}

/// What a crash left unfinished, and keys that a copy of the keyring brought back. INVARIANT (told in the log): no key is
/// destroyed because of a row that somebody put there.
pub(super) fn unfinished(conn: &Connection, ring: &Keyring) -> Result<(Vec<Meant>, Vec<KeyId>), StoreError> {
    let mut back = Vec::new();
    let mut statement = conn.prepare("SELECT key_id, stream, subject FROM erased_keys")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (key, stream, subject): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        if let Ok(key) = key.parse::<KeyId>()
            && ring.has(&key)
        {
            audit::is_told(conn, &stream, Some(&subject))?;
            back.push(key);
        }
    }
    let sql = format!("SELECT {COLUMNS} FROM erasures WHERE done_at IS NULL ORDER BY id");
    let mut statement = conn.prepare(&sql)?;
    let rows = statement.query_map([], read)?.collect::<Result<Vec<_>, _>>()?;
    let mut meant = Vec::new();
    for row in rows {
        let (id, erased) = whole(row)?;
        let subject = erased.subject.as_ref().map(ToString::to_string);
        audit::is_told(conn, erased.stream.as_str(), subject.as_deref())?;
        let keys = named(conn, &erased)?;
        meant.push(Meant { id, erased, keys });
    }
    Ok((meant, back))
}

/// Whether a key that is there was destroyed, as row and log say: a copy of the keyring from before brought it back. The next
/// opening for writing destroys it again; until then nothing is read with it.
pub(super) fn came_back(conn: &Connection, key: &str) -> Result<bool, StoreError> {
    let sql = "SELECT stream, subject FROM erased_keys WHERE key_id = ?1";
    let whose = conn.prepare_cached(sql)?.query_row([key], |row| Ok((row.get(0)?, row.get(1)?)));
    let whose: Option<(String, String)> = whose.optional()?;
    // A row that the log does not tell of is for a full check to name.
    Ok(whose.is_some_and(|(stream, subject)| audit::is_told(conn, &stream, Some(&subject)).is_ok()))
}

fn named(conn: &Connection, erased: &Erased) -> Result<Vec<KeyId>, StoreError> {
    let sql = "SELECT key_id FROM erased_keys WHERE stream = ?1 AND (?2 IS NULL OR subject = ?2) ORDER BY key_id";
    let subject = erased.subject.as_ref().map(ToString::to_string);
    let mut statement = conn.prepare_cached(sql)?;
    let rows = statement.query_map(params![erased.stream, subject], |row| row.get::<_, String>(0))?;
    let keys: Vec<String> = rows.collect::<Result<_, _>>()?;
    Ok(keys.iter().filter_map(|key| key.parse().ok()).collect())
}

/// At the opening, before anything else is written: what was meant is done.
pub(super) fn finish_all(tx: &Tx) -> Result<(), StoreError> {
    let (meant, back) = unfinished(tx, &tx.ring)?;
    tx.ring.destroy(&back)?;
    for meant in &meant {
        ledger::at_the_opening(tx, || finish(tx, meant).map(drop))?;
        tracing::info!(stream = %meant.erased.stream, "an erasure that was cut off is finished");
    }
    Ok(())
}

/// Whether the whole report was erased, or is being.
pub(super) fn is_erased(conn: &Connection, stream: &StreamId) -> Result<bool, StoreError> {
    let sql = "SELECT 1 FROM erasures WHERE stream = ?1 AND subject IS NULL";
    let mut statement = conn.prepare_cached(sql)?;
    Ok(statement.query_row([stream], |_| Ok(())).optional()?.is_some())
}

fn exists(conn: &Connection, stream: &StreamId) -> Result<bool, StoreError> {
    let mut statement = conn.prepare_cached("SELECT 1 FROM streams WHERE stream = ?1")?;
    Ok(statement.query_row([stream], |_| Ok(())).optional()?.is_some())
}

/// What was erased of a report, in order: by its id, or by the reference it had.
pub(super) fn of(conn: &Connection, ring: &Keyring, report: &str) -> Result<Vec<Erased>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM erasures WHERE stream = ?1 OR reference = ?1 ORDER BY id");
    with_reasons(conn, ring, &sql, [report])
}

/// Erasures of all reports that the filter lets through, newest first: at most `limit` before the place `before` in the log.
pub(super) fn all(
    conn: &Connection,
    ring: &Keyring,
    filter: &AccessFilter,
    before: Option<u64>,
    limit: u32,
) -> Result<Vec<Erased>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM erasures WHERE leaf < ?1
           AND (?2 IS NULL OR stream = ?2) AND (?3 IS NULL OR actor = ?3)
           AND (?4 IS NULL OR at >= ?4) AND (?5 IS NULL OR at < ?5)
           AND (?6 IS NULL OR NOT EXISTS (SELECT 1 FROM report_ties AS t
                                          WHERE t.user = ?6 AND t.tie = 'conflict' AND t.report = erasures.stream))
         ORDER BY leaf DESC LIMIT ?7"
    );
    let values = params![
        before.map_or(i64::MAX, signed),
        filter.report,
        filter.actor,
        filter.from.map(|at| at.as_microsecond()),
        filter.until.map(|at| at.as_microsecond()),
        filter.reader,
        limit.min(limits::PAGE)
    ];
    with_reasons(conn, ring, &sql, values)
}

fn with_reasons(conn: &Connection, ring: &Keyring, sql: &str, values: impl Params) -> Result<Vec<Erased>, StoreError> {
    let mut statement = conn.prepare_cached(sql)?;
    let rows = statement.query_map(values, read)?.collect::<Result<Vec<_>, _>>()?;
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        let (_, mut erased) = whole(row)?;
        if let Some(words) = ledger::words_of(conn, erased.leaf)? {
            erased.reason = words::shown(conn, ring, erased.at, &words)?;
        }
        found.push(erased);
    }
    Ok(found)
}
