//! A limit on everything that is kept, so that no one request can fill the disk or the memory.
//!
//! The checks are here and not in a backend: all backends refuse the same, before anything waits
//! in a queue.

use crate::{AccessEntry, Append, Change, Identity, Passkey, ProjectionRow, Search, StoreError, User, sign_in_key};

/// Bytes in the body of one event. The longest thing an officer writes is an account of a few
/// thousand words; advice with its grounds stays under 100 KB.
pub const BODY: usize = 1 << 20;

/// Events in one append. One command of the record gives a handful; starting a linked report
/// that carries 60 people across gives the most.
pub const EVENTS_PER_APPEND: usize = 512;

/// Terms that one subject is found by. A name, three numbers and a date give a dozen.
pub const TERMS: usize = 128;

/// Subjects whose terms one append changes: everybody in the largest report.
pub const FINDABLE: usize = 128;

/// Terms that one search asks by: what somebody is found by, and what they are found by where names or day and
/// month were taken for each other.
pub const LOOKUPS: usize = 256;

/// Candidates that one search gives at most: all of them are decrypted and looked at.
pub const CANDIDATES: u32 = 200;

/// Streams changed together in one append.
pub const STREAMS_PER_APPEND: usize = 16;

/// Events in one stream. A report of this length could no longer be folded within a page's time.
pub const EVENTS_PER_STREAM: u64 = 100_000;

/// Characters in a short text: a name, a unit, a kind, a key.
pub const TEXT: usize = 200;

/// Characters in the value of a setting and in a password hash.
pub const VALUE: usize = 65_536;

/// States one worklist can ask for; a record has about ten.
pub const STATES: usize = 32;

/// People of one kind tied to a report: named, with a conflict of interest, or who opened it in an emergency.
pub const TIES: usize = 200;

/// Rows in one page of any list. A longer limit is cut to this.
pub const PAGE: u32 = 500;

/// Passkeys of one user: a phone, a computer and a key for each drawer are far fewer.
pub const PASSKEYS: usize = 20;

/// Bytes in the id of a passkey, the longest that the standard allows.
pub const CREDENTIAL: usize = 1023;

/// Characters in the address of a provider and in the id it gives somebody; OpenID Connect allows 255.
pub const SUBJECT: usize = 255;

/// Characters in a reason somebody gives for an access or an erasure.
pub const REASON: usize = 2_000;

/// Keys for which failed sign-ins are counted. Beyond it the weakest counter gives way, so names
/// made up by an attacker cannot push out the counter of a name under attack.
pub const FAILURE_KEYS: u32 = 10_000;

/// Refuses a short text that is empty or longer than [`TEXT`] characters.
///
/// # Errors
/// [`StoreError::Empty`] or [`StoreError::TooLong`], naming `what`.
pub fn text(what: &'static str, value: &str) -> Result<(), StoreError> {
    if value.is_empty() {
        return Err(StoreError::Empty { what });
    }
    at_most(what, value.chars().count(), TEXT)
}

/// Refuses more than `limit`.
///
/// # Errors
/// [`StoreError::TooLong`], naming `what`.
pub fn at_most(what: &'static str, length: usize, limit: usize) -> Result<(), StoreError> {
    if length > limit {
        return Err(StoreError::TooLong { what, limit });
    }
    Ok(())
}

/// Refuses an append that no version of its streams could make right.
///
/// # Errors
/// [`StoreError::Empty`], [`StoreError::TooLong`], or [`StoreError::Contradiction`] when a stream
/// is named twice or a worklist row belongs to another stream or to none.
pub fn append(together: &[Append], key: Option<&str>) -> Result<(), StoreError> {
    at_most("list of streams", together.len(), STREAMS_PER_APPEND)?;
    if let Some(key) = key {
        text("idempotency key", key)?;
    }
    for (at, append) in together.iter().enumerate() {
        if together.iter().skip(at + 1).any(|other| other.stream == append.stream) {
            return Err(StoreError::Contradiction { what: "one append names the same stream twice" });
        }
        at_most("list of events", append.events.len(), EVENTS_PER_APPEND)?;
        for event in &append.events {
            text("event kind", &event.kind)?;
            text("actor", &event.actor)?;
            at_most("event", event.body.len(), BODY)?;
        }
        at_most("list of people found", append.findable.len(), FINDABLE)?;
        for findable in &append.findable {
            at_most("list of terms", findable.terms.len(), TERMS)?;
            findable.terms.iter().try_for_each(|term| text("term", term))?;
        }
        if let Some(row) = &append.projection {
            projection(append, row)?;
        }
    }
    Ok(())
}

/// Refuses a search by too many terms.
///
/// # Errors
/// [`StoreError::TooLong`].
pub fn search(search: &Search) -> Result<(), StoreError> {
    at_most("list of terms", search.terms.len(), LOOKUPS)
}

fn projection(append: &Append, row: &ProjectionRow) -> Result<(), StoreError> {
    if row.report_id != append.stream {
        return Err(StoreError::Contradiction { what: "the worklist row is of another report" });
    }
    if append.expected_version == 0 && append.events.is_empty() {
        return Err(StoreError::Contradiction { what: "a worklist row needs a report with events" });
    }
    text("reference", &row.reference)?;
    text("unit", &row.unit)?;
    text("state", &row.state)?;
    text("class", &row.class)?;
    text("digest of the derivation", &row.derived_by)
}

/// Refuses an access whose texts are empty or too long.
///
/// # Errors
/// [`StoreError::Empty`] or [`StoreError::TooLong`].
pub fn access(access: &AccessEntry) -> Result<(), StoreError> {
    text("kind", &access.kind)?;
    text("purpose", &access.purpose)?;
    access.reason.as_deref().map_or(Ok(()), reason)
}

/// Refuses a reason that is empty or too long.
///
/// # Errors
/// [`StoreError::Empty`] or [`StoreError::TooLong`].
pub fn reason(words: &str) -> Result<(), StoreError> {
    if words.trim().is_empty() {
        return Err(StoreError::Empty { what: "reason" });
    }
    at_most("reason", words.chars().count(), REASON)
}

/// Refuses a user whose texts are empty or too long.
///
/// # Errors
/// [`StoreError::Empty`] or [`StoreError::TooLong`].
pub fn user(user: &User) -> Result<(), StoreError> {
    text("name", &user.name)?;
    text("sign-in name", &sign_in_key(&user.sign_in_name))?;
    text("role", &user.role)?;
    text("unit", &user.unit)?;
    at_most("password hash", user.password_hash.as_ref().map_or(0, String::len), VALUE)
}

/// Refuses a passkey whose parts are empty or too long.
///
/// # Errors
/// [`StoreError::Empty`] or [`StoreError::TooLong`].
pub fn passkey(passkey: &Passkey) -> Result<(), StoreError> {
    text("name of a passkey", &passkey.name)?;
    if passkey.credential.is_empty() {
        return Err(StoreError::Empty { what: "passkey" });
    }
    at_most("id of a passkey", passkey.credential.len(), CREDENTIAL)?;
    at_most("passkey", passkey.checks.len(), VALUE)
}

/// Refuses an identity whose parts are empty or too long.
///
/// # Errors
/// [`StoreError::Empty`] or [`StoreError::TooLong`].
pub fn identity(identity: &Identity) -> Result<(), StoreError> {
    for (what, value) in [("issuer", &identity.issuer), ("subject", &identity.subject)] {
        if value.is_empty() {
            return Err(StoreError::Empty { what });
        }
        at_most(what, value.chars().count(), SUBJECT)?;
    }
    Ok(())
}

/// Refuses a change whose kind is empty or whose words are too long.
///
/// # Errors
/// [`StoreError::Empty`] or [`StoreError::TooLong`].
pub fn way_in_change(change: &Change) -> Result<(), StoreError> {
    text("kind of change", &change.kind)?;
    at_most("detail of a change", change.detail.chars().count(), TEXT)
}
