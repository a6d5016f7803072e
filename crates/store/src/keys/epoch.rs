//! The epoch key, which wraps every data key: where it comes from, and that it is the right one.

use std::path::{Path, PathBuf};

use argon2::{Algorithm, Argon2, Params, Version};
use zeroize::Zeroizing;

use super::disk;
use super::error::KeyError;
use super::seal::{NONCE, Secret, TAG, hex, random, unhex};

/// Argon2id at the second choice of RFC 9106 (64 MiB, three passes): some tenths of a second, once at
/// each start.
const MEMORY: u32 = 65_536;
const PASSES: u32 = 3;
const LANES: u32 = 4;
/// What one start may be asked to spend, so that a changed header cannot stop the machine.
const MOST_MEMORY: u32 = 1 << 20;
const MOST_PASSES: u32 = 16;

/// Characters a passphrase has at least.
pub const SHORTEST_PASSPHRASE: usize = 20;

const WRAPPED: usize = NONCE + 32 + TAG;

/// How the epoch key is come by, as the head of the keyring says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Means {
    /// A file beside the keyring or elsewhere.
    KeyFile,
    /// A passphrase; the epoch key stands in the head under what Argon2id makes of it.
    Passphrase {
        /// Kibibytes, passes, lanes.
        cost: (u32, u32, u32),
        /// Salt.
        salt: [u8; 16],
        /// Nonce and epoch key, encrypted.
        wrapped: [u8; WRAPPED],
    },
}

impl Means {
    /// One line of the head: `keyfile`, or `passphrase argon2id MEMORY PASSES LANES SALT WRAPPED`.
    pub fn line(&self) -> String {
        match self {
            Self::KeyFile => "keyfile".to_owned(),
            Self::Passphrase { cost: (memory, passes, lanes), salt, wrapped } => {
                format!("passphrase argon2id {memory} {passes} {lanes} {} {}", hex(salt), hex(wrapped))
            }
        }
    }

    /// The other way.
    pub fn read(line: &str) -> Option<Self> {
        let words: Vec<&str> = line.split(' ').collect();
        match words.as_slice() {
            ["keyfile"] => Some(Self::KeyFile),
            ["passphrase", "argon2id", memory, passes, lanes, salt, wrapped] => {
                let cost: (u32, u32, u32) = (memory.parse().ok()?, passes.parse().ok()?, lanes.parse().ok()?);
                let fits = cost.0 <= MOST_MEMORY && cost.1 <= MOST_PASSES && cost.2 <= 64;
                fits.then_some(Self::Passphrase { cost, salt: unhex(salt)?, wrapped: unhex(wrapped)? })
            }
            _ => None,
        }
    }

    /// Puts an epoch key under a passphrase.
    pub fn under(passphrase: &str, epoch: u32, key: &Secret) -> Result<Self, KeyError> {
        if passphrase.chars().count() < SHORTEST_PASSPHRASE {
            return Err(KeyError::PassphraseTooShort { shortest: SHORTEST_PASSPHRASE });
        }
        let (cost, salt) = ((MEMORY, PASSES, LANES), random()?);
        let stretched = stretch(passphrase, &salt, cost).ok_or(KeyError::NoRandomness)?;
        let nonce: [u8; NONCE] = random()?;
        let sealed = stretched.seal(&nonce, &aad(epoch), key.as_bytes());
        let mut wrapped = [0; WRAPPED];
        for (to, from) in wrapped.iter_mut().zip(nonce.into_iter().chain(sealed)) {
            *to = from;
        }
        Ok(Self::Passphrase { cost, salt, wrapped })
    }

    /// The epoch key. `ring` is for the words of the errors.
    pub fn key(&self, folder: &Path, passphrase: Option<&str>, epoch: u32, ring: &Path) -> Result<Secret, KeyError> {
        match self {
            Self::KeyFile if passphrase.is_some() => Err(KeyError::PassphraseNotUsed),
            Self::KeyFile => read_key_file(&key_file(folder, epoch)),
            Self::Passphrase { cost, salt, wrapped } => {
                let passphrase = passphrase.ok_or(KeyError::PassphraseNeeded)?;
                let opened = || {
                    let (nonce, sealed) = wrapped.split_at_checked(NONCE)?;
                    let stretched = stretch(passphrase, salt, *cost)?;
                    let plain = stretched.open(nonce.try_into().ok()?, &aad(epoch), sealed)?;
                    Secret::take(plain)
                };
                opened().ok_or_else(|| KeyError::WrongKey { what: "passphrase", path: ring.into() })
            }
        }
    }
}

fn aad(epoch: u32) -> Vec<u8> {
    format!("waymark epoch key {epoch}").into_bytes()
}

fn stretch(passphrase: &str, salt: &[u8; 16], cost: (u32, u32, u32)) -> Option<Secret> {
    let params = Params::new(cost.0, cost.1, cost.2, Some(32)).ok()?;
    let mut out = Zeroizing::new([0; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(passphrase.as_bytes(), salt, out.as_mut())
        .ok()?;
    Some(Secret::from_bytes(*out))
}

/// The file of an epoch's key. Each epoch has a file of its own, so that at every moment of a rotation
/// the keyring on the disk has its key on the disk.
pub fn key_file(folder: &Path, epoch: u32) -> PathBuf {
    folder.join(format!("epoch-{epoch}.key"))
}

/// Writes a key file, durably.
pub fn write_key_file(path: &Path, key: &Secret) -> Result<(), KeyError> {
    let text = Zeroizing::new(format!("waymark-epoch-key 1 {}\n", hex(key.as_bytes())));
    disk::replace(path, text.as_bytes())
}

fn read_key_file(path: &Path) -> Result<Secret, KeyError> {
    let Some(text) = disk::read(path)? else {
        return Err(KeyError::NoKeyFile { path: path.into() });
    };
    let text = Zeroizing::new(text);
    let key = text.trim_end().strip_prefix("waymark-epoch-key 1 ");
    let key = key.and_then(unhex).map(Secret::from_bytes);
    key.ok_or_else(|| KeyError::Damaged { path: path.into(), line: 1, detail: "this is no key file" })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 9106, section 5.3 fixes Argon2id with secret and data; the crate holds that. This holds our
    /// parameters: a keyring written today has to open for ever.
    #[test]
    fn a_passphrase_gives_the_same_key_for_ever() {
        let key = stretch("plainly made-up words for a test", &[1; 16], (64, 2, 1)).unwrap();
        assert_eq!(hex(key.as_bytes()), "e7a129bfd613a6a00bab8336f7e6f32b8c26701ce76702b5cee27c1927cdc38c");
    }

    #[test]
    fn a_head_line_reads_back_and_asks_for_no_more_than_is_reasonable() {
        let means = Means::Passphrase { cost: (64, 2, 1), salt: [3; 16], wrapped: [4; WRAPPED] };
        assert_eq!(Means::read(&means.line()), Some(means.clone()));
        assert_eq!(Means::read("keyfile"), Some(Means::KeyFile));
        let greedy = means.line().replace(" 64 2 1 ", " 4000000000 2 1 ");
        for bad in ["", "key file", "passphrase", greedy.as_str()] {
            assert_eq!(Means::read(bad), None, "{bad}");
        }
    }
}
