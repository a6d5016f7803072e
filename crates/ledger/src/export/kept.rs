//! The bytes that an entry speaks for but does not hold.

use sha2::{Digest, Sha256};

use super::parse::{EntryLine, KeptText};
use crate::spelling;

/// What came of holding them against the entry.
pub(super) enum Held {
    Fits,
    Differs,
    Gone,
}

/// Holds the bytes against the entry: its text has their digest as one of its values. `None` when the
/// export says nothing of them.
pub(super) fn held_against(entry: &EntryLine<'_>) -> Option<Held> {
    let fits = match entry.kept {
        KeptText::LeftOut => return None,
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
/// backslash before it, so these bytes cannot stand anywhere else.
fn names(leaf: &[u8], digest: &[u8]) -> bool {
    let mut rest = leaf;
    while let Some(at) = rest.windows(2).position(|pair| pair == b":\"") {
        let Some(value) = rest.get(at + 2..) else {
            return false;
        };
        if value
            .strip_prefix(digest)
            .is_some_and(|after| after.starts_with(b"\""))
        {
            return true;
        }
        rest = value;
    }
    false
}
