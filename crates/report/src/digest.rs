//! Digests over what was said and known, so that it can be shown later to be the same.

use serde::Serialize;
use sha2::{Digest, Sha256};

/// `sha256:` and 64 hexadecimal digits over the value as JSON. Maps are ordered, so the same value has the same digest.
pub fn digest<T: Serialize>(value: &T) -> String {
    // INVARIANT (serialisable): everything digested has text for keys and no failing parts, so this always writes.
    let bytes = serde_json::to_vec(value).unwrap_or_default();
    let mut text = String::from("sha256:");
    for byte in Sha256::digest(&bytes) {
        let digits = [byte >> 4, byte & 15].map(|half| char::from_digit(half.into(), 16));
        text.extend(digits.into_iter().flatten());
    }
    text
}
