//! Words that go with an entry of the log: why somebody looked, why something was erased.
//!
//! They are under a key of the month they were written in, not of a report: why a report was erased has
//! to outlive it. When the log's own time is over, the keys of old months are destroyed and the log
//! still verifies.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use rusqlite::Connection;

use super::codec::{COMMITS, ENCRYPTS, erased, padded, unpadded};
use super::ledger::Words;
use super::rows::At;
use crate::keys::{KeyId, Keyring, Secret, hex, random};
use crate::line::Line;
use crate::{LogFault, StoreError, StreamId, Subject};

/// Whose key the words of a month are under: no report has an id that begins like this.
fn month(at: Timestamp) -> Result<StreamId, StoreError> {
    let name = at.to_zoned_datetime(TimeZone::UTC).strftime("_log-%Y-%m").to_string();
    StreamId::new(name).map_err(|_| StoreError::Unreadable { what: "time" })
}

fn header(at: Timestamp, commitment: &Secret) -> String {
    Line::default()
        .number("at", at.as_microsecond())
        .text("key", &hex(commitment.as_bytes()))
        .text("kind", "words")
        .number("v", 1)
        .end()
}

/// Encrypts words of this moment.
pub(super) fn seal(ring: &Keyring, at: Timestamp, words: &str) -> Result<Words, StoreError> {
    let (key_id, key) = ring.key_for(&month(at)?, &Subject::Report)?;
    let nonce = random()?;
    let header = header(at, &key.derive(COMMITS));
    Ok(Words {
        key_id: key_id.to_string(),
        nonce,
        sealed: key.derive(ENCRYPTS).seal(&nonce, header.as_bytes(), &padded(words.as_bytes())),
    })
}

/// What a page has in the place of words that were changed in the database: one such row keeps nobody from reading the others.
const CHANGED: &str = "(These words cannot be read: they were changed in the database, or their key is missing.)";

/// Decrypts them for a page.
pub(super) fn shown(
    conn: &Connection,
    ring: &Keyring,
    at: Timestamp,
    words: &Words,
) -> Result<Option<String>, StoreError> {
    match open(conn, ring, at, words) {
        Err(StoreError::Damaged { .. } | StoreError::Unreadable { .. } | StoreError::Keys(_)) => {
            tracing::error!("words of an entry of the log cannot be read");
            Ok(Some(CHANGED.to_owned()))
        }
        opened => opened,
    }
}

/// That all of them open, or are under keys that were destroyed: what is stored beside them decides that and is in no entry.
pub(super) fn fit(conn: &Connection, ring: &Keyring) -> Result<(), StoreError> {
    let sql = "SELECT leaf_index, CASE WHEN json_valid(leaf) THEN leaf ->> '$.at' END, key_id, nonce, words FROM ledger_entries
               WHERE words IS NOT NULL ORDER BY leaf_index";
    let mut statement = conn.prepare(sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let read = || -> rusqlite::Result<(Timestamp, Words)> {
            let words = Words { key_id: row.get(2)?, nonce: row.get(3)?, sealed: row.get(4)? };
            Ok((row.get::<_, At>(1)?.0, words))
        };
        let opened = read().map_err(StoreError::from).and_then(|(at, words)| open(conn, ring, at, &words));
        // A keyring that is a copy from before has no key of that month; one that has it has the right one.
        let is_missing = matches!(&opened, Err(StoreError::Keys(_)))
            && read()
                .is_ok_and(|(at, _)| month(at).is_ok_and(|month| ring.current_key(&month, &Subject::Report).is_none()));
        if opened.is_err() && !is_missing {
            let index: i64 = row.get(0)?;
            let what = format!("the words of entry {index} of the log");
            let (found, said) =
                ("some that do not open".to_owned(), "that they are those that were written".to_owned());
            return Err(LogFault::Row { what, found, said }.into());
        }
    }
    Ok(())
}

/// Decrypts them; nothing when the key of their month was destroyed.
pub(super) fn open(
    conn: &Connection,
    ring: &Keyring,
    at: Timestamp,
    words: &Words,
) -> Result<Option<String>, StoreError> {
    let id: KeyId = words.key_id.parse().map_err(|_| StoreError::Unreadable { what: "key" })?;
    let Some(key) = ring.key_or_newer(&id) else {
        return erased(conn, ring, &id).map(|_| None);
    };
    let header = header(at, &key.derive(COMMITS));
    let opened = key
        .derive(ENCRYPTS)
        .open(&words.nonce, header.as_bytes(), &words.sealed)
        .and_then(unpadded)
        .and_then(|bytes| String::from_utf8(bytes).ok());
    opened.map(Some).ok_or_else(|| StoreError::Damaged {
        detail: "the words of an entry of the log are not what was stored".into(),
    })
}
