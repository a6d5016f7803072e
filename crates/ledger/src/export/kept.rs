//! The bytes that an entry speaks for but does not hold.

use sha2::{Digest, Sha256};

use super::parse::{EntryLine, KeptText};
use crate::spelling;

/// What came of holding them against the entry.
pub(super) enum Held {
    Fits,
    Differs,
    Gone,
    /// The entry names words, and the export says nothing of them.
    LeftOut,
}

/// What stands before the digest of words in an entry.
const WORDS: &[u8] = b"\"body\":\"";
/// In the entry that stands for the time before there was a log: what its digest is over are many events.
const OF_MANY: &[u8] = b"\"kind\":\"record-adopted\"";

/// Holds the bytes against the entry: its text has their digest as one of its values. `None` when it speaks for none.
pub(super) fn held_against(entry: &EntryLine<'_>) -> Option<Held> {
    let fits = match entry.kept {
        KeptText::LeftOut => {
            let holds = |text: &[u8]| memchr::memmem::find(entry.leaf, text).is_some();
            return (holds(WORDS) && !holds(OF_MANY)).then_some(Held::LeftOut);
        }
        KeptText::Gone => return Some(Held::Gone),
        KeptText::Digest(digest) => names(entry.leaf, digest),
        KeptText::Bytes(text) => spelling::decode(text).is_some_and(|bytes| {
            let digest: [u8; 32] = Sha256::digest(bytes).into();
            names(entry.leaf, spelling::hex(&digest).as_bytes())
        }),
    };
    Some(if fits { Held::Fits } else { Held::Differs })
}

/// Whether one of the values in a line of JSON is this text. A quotation mark inside a value has a
/// backslash before it, so `:"` cannot stand anywhere else.
///
/// A value this long covers one of the bytes that lie its length apart: only those are looked at, and from
/// each the way back to the quotation mark that opens the value it is in.
fn names(leaf: &[u8], digest: &[u8]) -> bool {
    let length = digest.len().max(1);
    (length - 1..leaf.len()).step_by(length).any(|at| {
        let back = leaf.get(at.saturating_sub(length)..=at).unwrap_or(&[]);
        let Some(open) = memchr::memrchr(b'"', back) else {
            return false;
        };
        let value = at + 1 - back.len() + open + 1;
        leaf.split_at_checked(value).is_some_and(|(until, rest)| {
            let after = rest.strip_prefix(digest);
            until.ends_with(b":\"") && after.is_some_and(|after| after.starts_with(b"\""))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn a_value_is_found_wherever_it_stands_and_nothing_that_is_no_whole_value() {
        let digest = "0123456789abcdef";
        for before in 0..40 {
            let front = "x".repeat(before);
            let line = |value: &str| format!("{{\"a\":\"{front}\",\"b\":\"{value}\",\"c\":1}}");
            assert!(names(line(digest).as_bytes(), digest.as_bytes()), "{before}");
            for other in ["123456789abcdef", "0123456789abcde", "0123456789abcdeff", "00123456789abcdef", ""] {
                assert!(!names(line(other).as_bytes(), digest.as_bytes()), "{before} {other}");
            }
            let key = format!("{{\"{front}\":1,\"{digest}\":\"{front}\"}}");
            assert!(!names(key.as_bytes(), digest.as_bytes()), "{before}: a key is no value");
        }
    }
}
