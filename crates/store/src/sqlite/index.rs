//! Finding people whose names are encrypted: HMACs of what they can be found by.

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension as _, params, params_from_iter};

use super::erase;
use super::rows::unsigned;
use super::ties;
use crate::keys::Keyring;
use crate::{Candidates, Findable, Found, Search, StoreError, StreamId, Subject, limits};

/// What the HMAC of a term is made for.
const TERM: &str = "term";

/// Keeps what a subject can be found by from now on. Nothing of one whose key was destroyed: whoever
/// looked at it before must not bring it back.
pub(super) fn put(conn: &Connection, ring: &Keyring, stream: &StreamId, findable: &Findable) -> Result<(), StoreError> {
    remove(conn, stream, Some(&findable.subject))?;
    let subject = findable.subject.to_string();
    let sql = "INSERT OR IGNORE INTO blind_index (term, stream, subject) VALUES (?1, ?2, ?3)";
    let mut statement = conn.prepare_cached(sql)?;
    for term in terms(conn, ring, stream, findable)? {
        statement.execute(params![term, stream, subject])?;
    }
    Ok(())
}

/// What is kept for it: an HMAC for each term.
pub(super) fn terms(
    conn: &Connection,
    ring: &Keyring,
    stream: &StreamId,
    findable: &Findable,
) -> Result<Vec<[u8; 32]>, StoreError> {
    if is_erased(conn, ring, stream, &findable.subject)? {
        return Ok(Vec::new());
    }
    let blind = |term: &String| ring.blind(TERM, term.as_bytes());
    Ok(findable.terms.iter().map(blind).collect())
}

/// Whether the words of a subject were erased, and none were written since.
fn is_erased(conn: &Connection, ring: &Keyring, stream: &StreamId, subject: &Subject) -> Result<bool, StoreError> {
    let sql = "SELECT 1 FROM erased_keys WHERE stream = ?1 AND subject = ?2 LIMIT 1";
    let mut statement = conn.prepare_cached(sql)?;
    let erased = statement.query_row(params![stream, subject.to_string()], |_| Ok(())).optional()?.is_some();
    if !erased {
        return Ok(false);
    }
    for id in ring.ids_of(stream, Some(subject)) {
        if !erase::came_back(conn, &id.to_string())? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whom any of the terms finds, those found by most terms first. What somebody may not see is left out
/// before anything is counted or cut off, so that it cannot be told from what is not there.
pub(super) fn find(conn: &Connection, ring: &Keyring, search: &Search) -> Result<Candidates, StoreError> {
    limits::search(search)?;
    let blind = |term: &String| Value::Blob(ring.blind(TERM, term.as_bytes()).into());
    let mut values: Vec<Value> = search.terms.iter().map(blind).collect();
    let places = vec!["?"; values.len()].join(", ");
    let (may_see, seen) = ties::seen_by(&search.seen_by);
    values.extend(seen);
    let except = search.except.as_ref().map_or("", StreamId::as_str);
    values.push(Value::Text(except.to_owned()));
    let limit = search.limit.min(limits::CANDIDATES);
    let sql = format!(
        "SELECT stream, subject, count(*) AS hits FROM blind_index JOIN projections ON projections.report = stream
         WHERE term IN ({places}) AND {may_see} AND stream <> ?
         GROUP BY stream, subject ORDER BY hits DESC, stream, subject LIMIT {}",
        limit + 1
    );
    let mut statement = conn.prepare(&sql)?;
    let mut rows = statement.query(params_from_iter(values))?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let subject: String = row.get(1)?;
        found.push(Found {
            stream: row.get(0)?,
            subject: subject.parse().map_err(|_| StoreError::Unreadable { what: "subject" })?,
            terms: unsigned(row.get(2)?),
        });
    }
    let more = found.len() > limit as usize;
    found.truncate(limit as usize);
    Ok(Candidates { found, more })
}

/// Removes what a subject, or everybody in a report, could be found by.
pub(super) fn remove(conn: &Connection, stream: &StreamId, subject: Option<&Subject>) -> Result<(), StoreError> {
    let sql = "DELETE FROM blind_index WHERE stream = ?1 AND (?2 IS NULL OR subject = ?2)";
    let subject = subject.map(ToString::to_string);
    conn.prepare_cached(sql)?.execute(params![stream, subject])?;
    Ok(())
}
