//! Digests over what was said and known, so that it can be shown later to be the same.

use serde::Serialize;
use sha2::{Digest, Sha256};

/// `sha256:` and 64 hexadecimal digits over the value as JSON. Maps are ordered, so the same value has the same digest.
pub fn digest<T: Serialize>(value: &T) -> String {
    // INVARIANT (serialisable): everything digested has text for keys and no failing parts, so this always writes.
    let bytes = serde_json::to_vec(value).unwrap_or_default();
    let mut text = String::from("sha256:");
    for byte in Sha256::digest(&bytes) {
        text.push_str(&format!("{byte:02x}"));
    }
    text
}
