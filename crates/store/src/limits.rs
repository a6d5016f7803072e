//! A limit on everything that is kept, so that no one request can fill the disk or the memory.

use crate::StoreError;

/// Bytes in the body of one event. The longest thing an officer writes is an account of a few
/// thousand words; advice with its grounds stays under 100 KB.
pub const BODY: usize = 1 << 20;

/// Events in one append. One command of the record gives a handful; starting a linked report
/// that carries 60 people across gives the most.
pub const EVENTS_PER_APPEND: usize = 512;

/// Streams changed together in one append.
pub const STREAMS_PER_APPEND: usize = 16;

/// Events in one stream. A report of this length could no longer be folded within a page's time.
pub const EVENTS_PER_STREAM: u64 = 100_000;

/// Characters in a short text: a name, a unit, a kind, a key.
pub const TEXT: usize = 200;

/// Characters in the value of a setting and in a password hash.
pub const VALUE: usize = 65_536;

/// Rows in one page of any list. A longer limit is cut to this.
pub const PAGE: u32 = 500;

/// Keys for which failed sign-ins are counted. Beyond it the weakest counter gives way, so names
/// made up by an attacker cannot push out the counter of a name under attack.
pub const FAILURE_KEYS: u32 = 10_000;

/// Refuses a short text that is empty or longer than [`TEXT`] characters.
pub(crate) fn text(what: &'static str, value: &str) -> Result<(), StoreError> {
    if value.is_empty() {
        return Err(StoreError::Empty { what });
    }
    longest(what, value.chars().count(), TEXT)
}

/// Refuses what is longer than `limit`.
pub(crate) fn longest(what: &'static str, length: usize, limit: usize) -> Result<(), StoreError> {
    if length > limit {
        return Err(StoreError::TooLong { what, limit });
    }
    Ok(())
}
