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
use crate::keys::{KeyId, Keyring, Secret, hex, random};
use crate::line::Line;
use crate::{StoreError, StreamId, Subject};

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
