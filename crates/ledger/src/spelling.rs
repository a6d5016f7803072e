//! Bytes as text, each in one spelling only.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Standard base64 with padding.
pub(crate) fn encode(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// Takes the canonical spelling and no other.
pub(crate) fn decode(text: &[u8]) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

/// A hash as its 44 characters, without a text of its own.
pub(crate) fn hash_text(bytes: &[u8; 32]) -> [u8; 44] {
    let mut text = [0; 44];
    // 32 bytes are always 44 characters.
    let _ = STANDARD.encode_slice(bytes, &mut text);
    text
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |half: u8| DIGITS.get(usize::from(half)).map_or('0', |digit| char::from(*digit));
    let pairs = bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]);
    pairs.collect()
}
