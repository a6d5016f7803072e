//! Ed25519 keys of logs and witnesses, in the forms of C2SP signed-note.

use std::fmt;
use std::str::FromStr;

use ed25519_dalek::{Signer as _, VerifyingKey};
use sha2::{Digest, Sha256};

use crate::note::Signature;
use crate::spelling;

/// What a key signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyKind {
    /// Notes themselves: the key of a log. Signature type 1.
    Log,
    /// Notes with the time at which they were seen (cosignature/v1): the key of a witness.
    /// Signature type 4.
    Witness,
}

impl KeyKind {
    const fn byte(self) -> u8 {
        match self {
            Self::Log => 1,
            Self::Witness => 4,
        }
    }
}

/// Why something is not a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The text has another form.
    #[error("not a key: a key is written NAME+ID+BASE64, as in waymark.example/log+1a2b3c4d+AQ…")]
    Form,
    /// The name is empty or has spaces or a plus.
    #[error("the name of a key may not be empty, be over 255 bytes, or have spaces or “+” in it")]
    Name,
    /// The id does not belong to name and key.
    #[error("the key was mistyped or cut: its name, its id and the key do not belong together")]
    Id,
    /// A kind of key that is not known here.
    #[error("this kind of key is not known here: Ed25519 of a log (type 1) or of a witness (type 4) is needed")]
    Kind,
    /// The bytes are no usable point.
    #[error("the key is not a usable Ed25519 public key")]
    Weak,
}

/// The public key of a log or of a witness, with its name: what signatures are checked with.
/// Written in the form of a vkey, `NAME+ID+BASE64`.
#[derive(Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    kind: KeyKind,
    id: u32,
    key: VerifyingKey,
}

impl VerifierKey {
    /// A key from its parts.
    ///
    /// # Errors
    /// [`KeyError::Name`] or [`KeyError::Weak`].
    pub fn new(name: &str, kind: KeyKind, public: &[u8; 32]) -> Result<Self, KeyError> {
        check_name(name)?;
        let key = VerifyingKey::from_bytes(public).map_err(|_| KeyError::Weak)?;
        if key.is_weak() {
            return Err(KeyError::Weak);
        }
        let hash = Sha256::new().chain_update(name).chain_update(b"\n");
        let hash = hash.chain_update([kind.byte()]).chain_update(public);
        let hash: [u8; 32] = hash.finalize().into();
        let [a, b, c, d, ..] = hash;
        Ok(Self { name: name.to_owned(), kind, id: u32::from_be_bytes([a, b, c, d]), key })
    }

    /// Its name. The name of a log's key is the origin of the log.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The short id that signatures are marked with.
    pub fn id(&self) -> u32 {
        self.id
    }

    /// What it signs.
    pub fn kind(&self) -> KeyKind {
        self.kind
    }

    /// The 32 bytes of the key.
    pub fn public(&self) -> &[u8; 32] {
        self.key.as_bytes()
    }

    /// Whether a signature is marked as one of this key.
    pub fn marked(&self, signature: &Signature) -> bool {
        signature.id == self.id && signature.name == self.name
    }

    /// Strict verification: a point or a number in another spelling is refused, so that
    /// two verifiers never disagree.
    pub(crate) fn holds(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        let signature = ed25519_dalek::Signature::from_bytes(signature);
        self.key.verify_strict(message, &signature).is_ok()
    }
}

impl FromStr for VerifierKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(KeyError::Form);
        };
        let key = spelling::decode(key.as_bytes()).ok_or(KeyError::Form)?;
        let (kind, public) = match key.split_first() {
            Some((1, public)) => (KeyKind::Log, public),
            Some((4, public)) => (KeyKind::Witness, public),
            Some(_) => return Err(KeyError::Kind),
            None => return Err(KeyError::Form),
        };
        let public = public.try_into().map_err(|_| KeyError::Form)?;
        let key = Self::new(name, kind, public)?;
        if id == format!("{:08x}", key.id) { Ok(key) } else { Err(KeyError::Id) }
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut key = vec![self.kind.byte()];
        key.extend_from_slice(self.public());
        write!(f, "{}+{:08x}+{}", self.name, self.id, spelling::encode(&key))
    }
}

impl fmt::Debug for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifierKey({self})")
    }
}

/// The secret key of a log or of a witness. Wiped from memory when dropped, and never printed.
pub struct SigningKey {
    secret: ed25519_dalek::SigningKey,
    verifier: VerifierKey,
}

impl SigningKey {
    /// A key from 32 secret bytes, which have to come from a good source of chance.
    ///
    /// # Errors
    /// [`KeyError::Name`].
    pub fn new(name: &str, kind: KeyKind, seed: &[u8; 32]) -> Result<Self, KeyError> {
        let secret = ed25519_dalek::SigningKey::from_bytes(seed);
        let verifier = VerifierKey::new(name, kind, secret.verifying_key().as_bytes())?;
        Ok(Self { secret, verifier })
    }

    /// The public key that belongs to it.
    pub fn verifier(&self) -> &VerifierKey {
        &self.verifier
    }

    pub(crate) fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.secret.sign(message).to_bytes()
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey(of {})", self.verifier)
    }
}

/// Names as signed notes allow them; the length is our own limit.
pub(crate) fn check_name(name: &str) -> Result<(), KeyError> {
    let odd = |c: char| c.is_whitespace() || c == '+' || c < ' ';
    if name.is_empty() || name.len() > 255 || name.contains(odd) {
        return Err(KeyError::Name);
    }
    Ok(())
}
