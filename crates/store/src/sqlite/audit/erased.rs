//! Whether what is kept of erasures is what the log says: a row too few would let erased words come back with an old copy of
//! the keyring, one too many would destroy words that nobody decided to erase.

use rusqlite::{Connection, OptionalExtension as _, params};

use super::super::erase;
use super::super::rows::unsigned;
use super::tables::body;
use crate::keys::Keyring;
use crate::{LogFault, StoreError};

const NO_ENTRY: &str = "no entry that says so";

/// Entries that say that an erasure is finished, each with the one that says that it began.
const FINISHED: &str = "WITH finished AS MATERIALIZED (
        SELECT leaf_index AS last, leaf ->> '$.entry' AS begun, leaf ->> '$.at' AS at, leaf ->> '$.count' AS keys,
               leaf ->> '$.left' AS kept
        FROM ledger_entries WHERE instr(leaf, '\"kind\":\"erasure-finished\"') > 0 AND json_valid(leaf))";

/// The first thing that differs. What needs the keys is held against them where they are given.
pub(in super::super) fn fit(conn: &Connection, ring: &Keyring) -> Result<(), StoreError> {
    rows(conn, ring)?;
    missing(conn)?;
    reappeared(conn)?;
    keys_told(conn)?;
    keys_counted(conn)?;
    keys_in_use(conn)
}

/// That the log says of this part of a report, or of the whole of it, that it is erased.
pub(in super::super) fn is_told(conn: &Connection, stream: &str, subject: Option<&str>) -> Result<(), StoreError> {
    let sql = "SELECT x.actor, x.at, x.stream, x.subject, e.leaf
               FROM erasures AS x JOIN ledger_entries AS e ON e.leaf_index = x.leaf
               WHERE x.stream = ?1 AND (x.subject IS NULL OR x.subject = ?2)";
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query(params![stream, subject])?;
    while let Some(row) = rows.next()? {
        let (of, part): (String, Option<String>) = (row.get(2)?, row.get(3)?);
        let leaf: String = row.get(4)?;
        let actor: String = row.get(0)?;
        let why = body(&leaf).unwrap_or_default();
        if erase::begun(&actor, row.get(1)?, why, (&of, part.as_deref())) == leaf {
            return Ok(());
        }
    }
    Err(differs(what(stream, subject), "that it is erased", NO_ENTRY))
}

fn what(stream: &str, subject: Option<&str>) -> String {
    match subject {
        Some(part) => format!("what is kept of an erasure in report {stream} ({part})"),
        None => format!("what is kept of the erasure of report {stream}"),
    }
}

fn differs(what: String, found: &str, said: &str) -> StoreError {
    LogFault::Row { what, found: found.to_owned(), said: said.to_owned() }.into()
}

/// Each erasure is the one that its entry tells of, and done when an entry says so.
fn rows(conn: &Connection, ring: &Keyring) -> Result<(), StoreError> {
    let sql = format!(
        "{FINISHED} SELECT {}, e.leaf, finished.at, finished.kept, finished.last, x.done_at
         FROM erasures AS x LEFT JOIN ledger_entries AS e ON e.leaf_index = x.leaf
         LEFT JOIN finished ON finished.begun = x.leaf ORDER BY x.leaf, x.id",
        erase::columns("x")
    );
    let mut statement = conn.prepare(&sql)?;
    let mut rows = statement.query([])?;
    let mut before = None;
    while let Some(row) = rows.next()? {
        let erased = erase::read_whole(row)?;
        let subject = erased.subject.as_ref().map(ToString::to_string);
        let of = (erased.stream.as_str(), subject.as_deref());
        let named = || what(of.0, of.1);
        let leaf: String = row.get::<_, Option<String>>(8)?.unwrap_or_default();
        let at = erased.at.as_microsecond();
        let why = body(&leaf).unwrap_or_default();
        let told = erase::begun(erased.actor.as_str(), at, why, of);
        if told != leaf || before == Some(erased.leaf) {
            let said = format!("something else in entry {}", erased.leaf);
            let found = format!("that {} erased it", erased.actor);
            return Err(differs(named(), &found, &said));
        }
        before = Some(erased.leaf);
        let (finished, done): (Option<i64>, Option<i64>) = (row.get(9)?, row.get(12)?);
        if finished != done {
            let words = |done: Option<i64>| match done {
                Some(_) => "that it is finished",
                None => "that it is not finished",
            };
            return Err(differs(named(), words(done), words(finished)));
        }
        let kept: Option<String> = row.get(10)?;
        if let Some(kept) = kept
            && kept != erase::left(conn, ring, &erased)?
        {
            let last = unsigned(row.get(11)?);
            let found = "another reference, or others who are named, shut out or let in";
            let said = format!("that they were not these when entry {last} was written");
            return Err(differs(named(), found, &said));
        }
    }
    Ok(())
}

/// No erasure that the log tells of was taken out.
fn missing(conn: &Connection) -> Result<(), StoreError> {
    let sql = "SELECT leaf_index, CASE WHEN json_valid(leaf) THEN leaf ->> '$.stream' END FROM ledger_entries AS e
               WHERE instr(leaf, '\"kind\":\"erasure-begun\"') > 0
                 AND NOT EXISTS (SELECT 1 FROM erasures WHERE erasures.leaf = e.leaf_index) ORDER BY leaf_index LIMIT 1";
    let found = conn.query_row(sql, [], |row| Ok((row.get(0)?, row.get::<_, Option<String>>(1)?)));
    let Some((index, stream)) = found.optional()? else {
        return Ok(());
    };
    let said = format!("that it was begun, in entry {}", unsigned(index));
    Err(differs(what(&stream.unwrap_or_default(), None), "nothing", &said))
}

/// Nothing that was derived from a report which is erased whole has come back.
fn reappeared(conn: &Connection) -> Result<(), StoreError> {
    let sql = "SELECT stream FROM erasures AS x WHERE subject IS NULL AND done_at IS NOT NULL
               AND (EXISTS (SELECT 1 FROM projections WHERE report = x.stream)
                    OR EXISTS (SELECT 1 FROM idempotency WHERE stream = x.stream)
                    OR EXISTS (SELECT 1 FROM blind_index WHERE stream = x.stream)) ORDER BY id LIMIT 1";
    first(conn, sql, |stream, _| {
        let found = "a row in a list or in the index of people";
        differs(what(&stream, None), found, "that the whole report is erased")
    })
}

/// Every key that is held to be destroyed is of something that was erased.
fn keys_told(conn: &Connection) -> Result<(), StoreError> {
    let sql = "SELECT stream, subject FROM erased_keys AS k WHERE NOT EXISTS
                   (SELECT 1 FROM erasures AS x WHERE x.stream = k.stream AND (x.subject IS NULL OR x.subject = k.subject))
               ORDER BY stream, subject LIMIT 1";
    first(conn, sql, |stream, subject| {
        let found = "a key that is to be destroyed";
        differs(what(&stream, subject.as_deref()), found, NO_ENTRY)
    })
}

/// As many keys as were destroyed. An erasure that a crash cut off counts keys of an earlier one once more, so that of
/// several there are bounds; of one there is a number.
fn keys_counted(conn: &Connection) -> Result<(), StoreError> {
    let too_few = format!(
        "{FINISHED}, there AS MATERIALIZED (SELECT stream, subject, count(*) AS keys FROM erased_keys GROUP BY stream, subject)
         SELECT x.stream, x.subject FROM erasures AS x JOIN finished ON finished.begun = x.leaf
         LEFT JOIN there ON there.stream = x.stream AND (x.subject IS NULL OR there.subject = x.subject)
         GROUP BY x.id HAVING coalesce(sum(there.keys), 0) < finished.keys ORDER BY x.id LIMIT 1"
    );
    let number = |found: &'static str| {
        move |stream: String, subject: Option<String>| {
            let said = "another number of them where it says that the erasure is finished";
            differs(what(&stream, subject.as_deref()), found, said)
        }
    };
    first(conn, &too_few, number("fewer keys that were destroyed"))?;
    let too_many = format!(
        "{FINISHED}, there AS MATERIALIZED (SELECT stream, count(*) AS keys FROM erased_keys GROUP BY stream)
         SELECT x.stream, NULL FROM erasures AS x LEFT JOIN finished ON finished.begun = x.leaf
         JOIN there ON there.stream = x.stream
         GROUP BY x.stream HAVING count(finished.begun) = count(*) AND sum(finished.keys) < max(there.keys)
         ORDER BY x.stream LIMIT 1"
    );
    first(conn, &too_many, number("more keys that are to be destroyed"))
}

/// Whatever is erased whole is under keys that are gone, and nothing is under one of these that was written afterwards.
fn keys_in_use(conn: &Connection) -> Result<(), StoreError> {
    let sql = "SELECT x.stream, NULL FROM erasures AS x JOIN events ON events.stream = x.stream
               WHERE x.subject IS NULL AND x.done_at IS NOT NULL AND events.key_id IS NOT NULL
                 AND NOT EXISTS (SELECT 1 FROM erased_keys AS k WHERE k.key_id = events.key_id) ORDER BY x.id LIMIT 1";
    first(conn, sql, |stream, _| {
        let found = "entries under a key that was not destroyed";
        differs(what(&stream, None), found, "that the whole report is erased")
    })?;
    // What an officer adds while an erasure of one part is under way may still go under its key.
    let sql = format!(
        "{FINISHED}, used AS MATERIALIZED (SELECT key_id, min(stream) AS first, max(stream) AS stream, max(leaf_index) AS newest
              FROM events WHERE key_id IN (SELECT key_id FROM erased_keys) GROUP BY key_id),
         until AS MATERIALIZED (SELECT x.stream, x.subject, coalesce(finished.last, 9223372036854775807) AS last
              FROM erasures AS x LEFT JOIN finished ON finished.begun = x.leaf)
         SELECT k.stream, k.subject FROM used JOIN erased_keys AS k USING (key_id)
         LEFT JOIN until ON until.stream = k.stream AND (until.subject IS NULL OR until.subject = k.subject)
         GROUP BY k.key_id HAVING used.newest > max(until.last) OR used.first <> k.stream OR used.stream <> k.stream LIMIT 1"
    );
    first(conn, &sql, |stream, subject| {
        let found = "a key that is to be destroyed";
        let said = "an event under it that is younger than the erasure, or of another report";
        differs(what(&stream, subject.as_deref()), found, said)
    })
}

/// What a statement finds first, as a fault.
fn first(
    conn: &Connection,
    sql: &str,
    fault: impl FnOnce(String, Option<String>) -> StoreError,
) -> Result<(), StoreError> {
    let mut statement = conn.prepare(sql)?;
    let several = statement.column_count() > 1;
    let found = statement.query_row([], |row| {
        let subject = if several { row.get(1)? } else { None };
        Ok((row.get(0)?, subject))
    });
    match found.optional()? {
        Some((stream, subject)) => Err(fault(stream, subject)),
        None => Ok(()),
    }
}
