//! Bodies of events: encrypted on the way in, decrypted on the way out.
//!
//! Codec 2 is AES-256-GCM-SIV under a key that HKDF makes from the subject's data key, with the header of
//! the event as additional data: a body moved to another event, report or moment does not open. Before
//! that the body is padded to a multiple of [`BLOCK`], because the length of an answer tells which
//! one it is.

use rusqlite::{Connection, OptionalExtension as _, Row};

use super::erase;
use super::rows::{At, unsigned};
use crate::keys::{KeyId, Keyring, NONCE, Owner, Secret, digest, hex, random};
use crate::line::Line;
use crate::{EventId, KeyError, NewEvent, StoreError, StoredEvent, StreamId, Subject, fail};

/// Body is the caller's bytes as they came. Never written any more. No number is reused.
pub(super) const PLAIN: i64 = 1;
/// Body is padded and encrypted.
pub(super) const SEALED: i64 = 2;

/// Bodies are a whole number of these, before encryption.
const BLOCK: usize = 256;

/// What HKDF makes the encrypting key for.
pub(super) const ENCRYPTS: &str = "waymark event encryption 1";
/// What HKDF makes the commitment for.
pub(super) const COMMITS: &str = "waymark key commitment 1";

/// A body as it is stored.
pub(super) struct Sealed {
    pub key_id: KeyId,
    pub nonce: [u8; NONCE],
    pub commitment: [u8; 32],
    pub body: Vec<u8>,
    /// Its line in the log.
    pub leaf: String,
}

/// What stands beside a stored body.
pub(super) struct Kept {
    pub key_id: Option<String>,
    pub nonce: Option<[u8; NONCE]>,
    pub commitment: Option<[u8; 32]>,
}

/// What says which event it is. It is stored readable, and the encryption vouches for it.
struct Header<'a> {
    stream: &'a StreamId,
    version: u64,
    event: EventId,
    kind: &'a str,
    at: i64,
    actor: &'a str,
}

impl Header<'_> {
    fn line(&self, key: &str) -> Line {
        Line::default()
            .text("actor", self.actor)
            .number("at", self.at)
            .number("codec", SEALED)
            .text("event", &hex(self.event.as_bytes()))
            .text("key", key)
            .text("kind", self.kind)
            .text("stream", self.stream.as_str())
            .number("v", 1)
            .number("version", super::rows::signed(self.version))
    }
}

/// Encrypts a new event under the key of its subject.
pub(super) fn seal(ring: &Keyring, stream: &StreamId, version: u64, event: &NewEvent) -> Result<Sealed, StoreError> {
    seal_under(ring.key_for(stream, &event.subject)?, stream, version, event)
}

/// The same where its subject has a key already; nothing where one would have to be made.
pub(super) fn seal_ahead(
    ring: &Keyring,
    stream: &StreamId,
    version: u64,
    event: &NewEvent,
) -> Result<Option<Sealed>, StoreError> {
    let key = ring.current_key(stream, &event.subject);
    key.map(|key| seal_under(key, stream, version, event)).transpose()
}

fn seal_under(
    (key_id, key): (KeyId, Secret),
    stream: &StreamId,
    version: u64,
    event: &NewEvent,
) -> Result<Sealed, StoreError> {
    let commitment = commitment(&key);
    let header = Header {
        stream,
        version,
        event: event.event_id,
        kind: &event.kind,
        at: event.recorded_at.as_microsecond(),
        actor: &event.actor,
    };
    let nonce = random()?;
    let line = header.line(&hex(&commitment));
    let body = key.derive(ENCRYPTS).seal(&nonce, line.clone().end().as_bytes(), &padded(&event.body));
    let leaf = line.text("body", &hex(&digest(&body))).text("op", event.operation.word()).end();
    fail::point("sealed");
    Ok(Sealed { key_id, nonce, commitment, body, leaf })
}

/// Decrypts the body of an event in its place, or says whose words were erased.
pub(super) fn open(conn: &Connection, ring: &Keyring, event: &mut StoredEvent, kept: &Kept) -> Result<(), StoreError> {
    let unreadable = || StoreError::Unreadable { what: "event" };
    let name = kept.key_id.as_deref().ok_or_else(unreadable)?;
    let id: KeyId = name.parse().map_err(|_| unreadable())?;
    let key = match ring.key_or_newer(&id) {
        Some(_) if ring.is_only_read() && erase::came_back(conn, name)? => None,
        found => found,
    };
    let Some(key) = key else {
        event.body = Vec::new();
        event.erased = Some(erased(conn, ring, &id)?);
        return Ok(());
    };
    let header = Header {
        stream: &event.stream,
        version: event.version,
        event: event.event_id,
        kind: &event.kind,
        at: event.recorded_at.as_microsecond(),
        actor: &event.actor,
    };
    let commitment = commitment(&key);
    let header = header.line(&hex(&commitment)).end();
    let nonce = kept.nonce.ok_or_else(unreadable)?;
    let opened = key
        .derive(ENCRYPTS)
        .open(&nonce, header.as_bytes(), &event.body)
        .filter(|_| kept.commitment == Some(commitment))
        .and_then(unpadded);
    event.body = opened.ok_or_else(|| StoreError::Damaged {
        detail: format!("entry {} of {} is not what was stored: it was changed or moved", event.version, event.stream),
    })?;
    Ok(())
}

/// The line in the log that a stored event must have, but for its operation. The columns are stream,
/// version, event_id, kind, recorded_at, actor, key_commitment, body.
pub(super) fn stored_line(row: &Row<'_>) -> rusqlite::Result<Line> {
    let (stream, kind, actor): (StreamId, String, String) = (row.get(0)?, row.get(3)?, row.get(5)?);
    let (commitment, body): ([u8; 32], Vec<u8>) = (row.get(6)?, row.get(7)?);
    let header = Header {
        stream: &stream,
        version: unsigned(row.get(1)?),
        event: row.get(2)?,
        kind: &kind,
        at: row.get::<_, At>(4)?.0.as_microsecond(),
        actor: &actor,
    };
    let line = header.line(&hex(&commitment));
    Ok(line.text("body", &hex(&digest(&body))))
}

/// Whose key this was, which is not in the keyring: it was destroyed on purpose, as this database says or, when the database is
/// from before that, the keyring.
pub(super) fn erased(conn: &Connection, ring: &Keyring, key: &KeyId) -> Result<Subject, StoreError> {
    let mut statement = conn.prepare_cached("SELECT subject FROM erased_keys WHERE key_id = ?1")?;
    let found: Option<String> = statement.query_row([key.to_string()], |row| row.get(0)).optional()?;
    if let Some(text) = found {
        return text.parse().map_err(|_| StoreError::Unreadable { what: "erasure" });
    }
    match ring.gone(key) {
        Some(Owner::Part(_, subject)) => Ok(subject),
        _ => Err(KeyError::Behind { path: ring.path().into() }.into()),
    }
}

fn commitment(key: &Secret) -> [u8; 32] {
    *key.derive(COMMITS).as_bytes()
}

/// One byte 0x80, then zeros up to a whole number of blocks.
pub(super) fn padded(body: &[u8]) -> Vec<u8> {
    let whole = (body.len() / BLOCK + 1) * BLOCK;
    let mut padded = Vec::with_capacity(whole);
    padded.extend_from_slice(body);
    padded.push(0x80);
    padded.resize(whole, 0);
    padded
}

/// The other way.
pub(super) fn unpadded(mut body: Vec<u8>) -> Option<Vec<u8>> {
    let end = body.iter().rposition(|byte| *byte != 0)?;
    (body.get(end) == Some(&0x80)).then(|| body.truncate(end))?;
    Some(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn padding_hides_the_length_and_comes_off_again() {
        for length in [0, 1, 2, 254, 255, 256, 257, 1000] {
            for fill in [0, 0x80, 7] {
                let body = vec![fill; length];
                let padded = padded(&body);
                assert_eq!(padded.len() % BLOCK, 0);
                assert_eq!(unpadded(padded), Some(body));
            }
        }
        assert_eq!(padded(b"yes").len(), padded(b"no").len());
        assert_eq!(unpadded(vec![0; BLOCK]), None);
        assert_eq!(unpadded(vec![1; BLOCK]), None);
    }
}
