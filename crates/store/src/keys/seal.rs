//! The primitives, each from a well-kept crate, under names that say what they are for.
//!
//! AES-256-GCM-SIV (RFC 8452) encrypts, HKDF-SHA256 (RFC 5869) derives, HMAC-SHA256 (RFC 2104) makes
//! what can be looked up and not read back. The tests at the foot hold each to its RFC's vectors.

use std::fmt;

use aes_gcm_siv::aead::{Aead as _, KeyInit as _, Payload};
use aes_gcm_siv::{Aes256GcmSiv, Nonce};
use hkdf::Hkdf;
use hmac::{Hmac, Mac as _};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use zeroize::{Zeroize as _, ZeroizeOnDrop};

use super::error::KeyError;

/// Bytes of a nonce.
pub const NONCE: usize = 12;
/// Bytes that encryption adds.
pub const TAG: usize = 16;

/// A key of 32 bytes. Wiped from memory when it goes; never printed.
#[derive(Clone, ZeroizeOnDrop)]
pub struct Secret([u8; 32]);

impl Secret {
    /// A new one from the operating system.
    pub fn random() -> Result<Self, KeyError> {
        random().map(Self)
    }

    /// From bytes that were kept.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// From as many bytes as there have to be; wipes them.
    pub fn take(mut bytes: Vec<u8>) -> Option<Self> {
        let found = bytes.as_slice().try_into().ok().map(Self);
        bytes.zeroize();
        found
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// A key for one purpose: whoever has it learns neither this one nor that for another purpose.
    #[expect(clippy::expect_used, reason = "HKDF-SHA256 takes any key of 32 bytes and gives up to 8160")]
    pub fn derive(&self, purpose: &str) -> Self {
        let hkdf = Hkdf::<Sha256>::from_prk(&self.0).expect("32 bytes");
        let mut out = Self([0; 32]);
        hkdf.expand(purpose.as_bytes(), &mut out.0).expect("32 bytes");
        out
    }

    /// HMAC-SHA256: the same for the same input under this key, and nothing to go back by.
    #[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
    pub fn mac(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(&self.0).expect("any length");
        for part in parts {
            // Each with its length, so that two inputs never run into the same bytes.
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }

    /// Encrypts. The header is not encrypted and cannot be changed or left away either.
    #[expect(clippy::expect_used, reason = "only more than 64 GiB are refused")]
    pub fn seal(&self, nonce: &[u8; NONCE], header: &[u8], plain: &[u8]) -> Vec<u8> {
        let payload = Payload { msg: plain, aad: header };
        Aes256GcmSiv::new(&self.0.into()).encrypt(&Nonce::from(*nonce), payload).expect("a body is far below the limit")
    }

    /// Decrypts; nothing when key, nonce, header or a single bit is not what it was.
    pub fn open(&self, nonce: &[u8; NONCE], header: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        let payload = Payload { msg: sealed, aad: header };
        Aes256GcmSiv::new(&self.0.into()).decrypt(&Nonce::from(*nonce), payload).ok()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Bytes from the operating system.
pub fn random<const N: usize>() -> Result<[u8; N], KeyError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| KeyError::NoRandomness)?;
    Ok(bytes)
}

/// Whether two HMACs are the same, in a time that does not tell how much of them is.
pub fn same(one: &[u8; 32], other: &[u8; 32]) -> bool {
    one.ct_eq(other).into()
}

/// SHA-256.
pub fn digest(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    let digit = |n: u8| DIGITS.get(usize::from(n & 15)).copied().unwrap_or('0');
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(digit(byte >> 4));
        text.push(digit(*byte));
    }
    text
}

/// Bytes from hexadecimal, as many as are asked for and no others.
pub fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    let mut digits = text.chars().map(|digit| digit.to_digit(16));
    for byte in &mut bytes {
        let (high, low) = (digits.next()??, digits.next()??);
        *byte = u8::try_from(high << 4 | low).ok()?;
    }
    digits.next().is_none().then_some(bytes)
}

#[cfg(test)]
#[path = "seal_tests.rs"]
mod tests;
