//! Finding people whose names are encrypted: HMACs of what they can be found by.

use rusqlite::{Connection, params, params_from_iter};

use super::rows::unsigned;
use crate::keys::Keyring;
use crate::{Found, StoreError, StreamId, Subject, limits};

/// What the HMAC of a term is made for.
const TERM: &str = "term";

/// Adds what a subject can be found by.
pub(super) fn add(
    conn: &Connection,
    ring: &Keyring,
    stream: &StreamId,
    subject: &Subject,
    terms: &[String],
) -> Result<(), StoreError> {
    let sql = "INSERT OR IGNORE INTO blind_index (term, stream, subject) VALUES (?1, ?2, ?3)";
    let mut statement = conn.prepare_cached(sql)?;
    let subject = subject.to_string();
    for term in terms {
        statement.execute(params![ring.blind(TERM, term.as_bytes()), stream, subject])?;
    }
    Ok(())
}

/// Whom any of the terms finds, those found by most terms first.
pub(super) fn find(
    conn: &Connection,
    ring: &Keyring,
    terms: &[String],
    limit: u32,
) -> Result<Vec<Found>, StoreError> {
    limits::at_most("list of terms", terms.len(), limits::TERMS)?;
    let blind: Vec<[u8; 32]> = terms
        .iter()
        .map(|term| ring.blind(TERM, term.as_bytes()))
        .collect();
    let places = vec!["?"; blind.len()].join(", ");
    let sql = format!(
        "SELECT stream, subject, count(*) AS hits FROM blind_index WHERE term IN ({places})
         GROUP BY stream, subject ORDER BY hits DESC, stream, subject LIMIT {}",
        limit.min(limits::CANDIDATES)
    );
    let mut statement = conn.prepare(&sql)?;
    let mut rows = statement.query(params_from_iter(blind))?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let subject: String = row.get(1)?;
        found.push(Found {
            stream: row.get(0)?,
            subject: subject
                .parse()
                .map_err(|_| StoreError::Unreadable { what: "subject" })?,
            terms: unsigned(row.get(2)?),
        });
    }
    Ok(found)
}

/// Removes what a subject, or everybody in a report, could be found by.
pub(super) fn remove(
    conn: &Connection,
    stream: &StreamId,
    subject: Option<&Subject>,
) -> Result<(), StoreError> {
    let sql = "DELETE FROM blind_index WHERE stream = ?1 AND (?2 IS NULL OR subject = ?2)";
    let subject = subject.map(ToString::to_string);
    conn.prepare_cached(sql)?
        .execute(params![stream, subject])?;
    Ok(())
}
