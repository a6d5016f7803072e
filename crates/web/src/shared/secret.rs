//! Random tokens, what is kept of them, and the token every form carries.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac as _};
use sha2::{Digest as _, Sha256};
use store::{TokenHash, UserId};
use subtle::ConstantTimeEq as _;

/// The operating system gave no randomness: nothing can be signed or handed out.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("the operating system gave no random numbers")]
pub struct NoRandomness;

/// A fresh token of 256 bits, 43 letters of base64url.
///
/// # Errors
/// When the operating system has no randomness to give.
pub fn token() -> Result<String, NoRandomness> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).map_err(|_| NoRandomness)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// True for anything that [`token`] could have made. What a browser sends is looked at no further otherwise.
pub fn looks_like_token(text: &str) -> bool {
    text.len() == 43 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

/// What is stored of a token, so that somebody who reads the database cannot use it: its SHA-256.
pub fn digest(token: &str) -> TokenHash {
    TokenHash::from_bytes(Sha256::digest(token.as_bytes()).into())
}

/// A digest in hexadecimal, to name a session on a page.
pub fn hex(hash: &TokenHash) -> String {
    hash.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Names something on a page by its bytes, one way: 32 hexadecimal digits from which nobody gets them back.
pub fn name_of(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// An id for a new user.
///
/// # Errors
/// When the operating system has no randomness to give.
pub fn user_id() -> Result<UserId, NoRandomness> {
    let mut bytes = [0_u8; 12];
    getrandom::fill(&mut bytes).map_err(|_| NoRandomness)?;
    // base64url is made of the letters that ids may have.
    UserId::new(format!("U{}", URL_SAFE_NO_PAD.encode(bytes))).map_err(|_| NoRandomness)
}

/// What a form must bring back: bound to the visitor's own token and different on every page, so that
/// the length of a compressed page gives nothing away.
///
/// # Errors
/// When the operating system has no randomness to give.
pub fn form_token(visitor: &str) -> Result<String, NoRandomness> {
    let mut pad = [0_u8; 32];
    getrandom::fill(&mut pad).map_err(|_| NoRandomness)?;
    let hidden: Vec<u8> = pad.iter().zip(mark(visitor)).map(|(pad, byte)| pad ^ byte).collect();
    Ok(URL_SAFE_NO_PAD.encode([pad.as_slice(), &hidden].concat()))
}

/// True when a form brought back what [`form_token`] made for this visitor.
pub fn form_token_holds(visitor: &str, sent: &str) -> bool {
    let Ok(bytes) = URL_SAFE_NO_PAD.decode(sent) else {
        return false;
    };
    let Some((pad, hidden)) = bytes.split_at_checked(32) else {
        return false;
    };
    let plain: Vec<u8> = pad.iter().zip(hidden).map(|(pad, byte)| pad ^ byte).collect();
    hidden.len() == 32 && bool::from(plain.ct_eq(&mark(visitor)))
}

fn mark(visitor: &str) -> [u8; 32] {
    // HMAC-SHA-256 takes keys of one block of 64 bytes; tokens are shorter, the rest stays zero.
    let mut key = hmac::digest::Key::<Hmac<Sha256>>::default();
    for (to, from) in key.iter_mut().zip(visitor.bytes()) {
        *to = from;
    }
    let mut mac = <Hmac<Sha256> as KeyInit>::new(&key);
    mac.update(b"waymark form v1");
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_differ_and_look_like_tokens() {
        let (one, two) = (token().unwrap(), token().unwrap());
        assert_ne!(one, two);
        assert!(looks_like_token(&one));
        assert!(!looks_like_token(""));
        assert!(!looks_like_token(&format!("{one}=")));
        assert_ne!(digest(&one), digest(&two));
    }

    #[test]
    fn a_form_token_serves_one_visitor() {
        let (one, two) = (token().unwrap(), token().unwrap());
        let form = form_token(&one).unwrap();
        assert_ne!(form, form_token(&one).unwrap(), "a new one on every page");
        assert!(form_token_holds(&one, &form));
        assert!(!form_token_holds(&two, &form));
        for broken in ["", "a", &one, form.trim_start_matches(|c| form.starts_with(c)), &format!("{form}AAAA")] {
            assert!(!form_token_holds(&one, broken), "{broken}");
        }
    }
}
