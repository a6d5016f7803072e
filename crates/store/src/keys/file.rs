//! The keyring as text: a head of four lines, then a line for every data key.
//!
//! ```text
//! waymark-keyring 2
//! database 0f1e…                  the database it belongs to: 16 bytes
//! epoch 1 keyfile                 the number of the epoch, and how its key is come by
//! check 5a5a…                     HMAC under the epoch key: tells a wrong key from a damaged file
//! key 77aa… R1a2b/person/A 9c…    id (16 bytes), whose, nonce and wrapped key (12 + 32 + 16 bytes)
//! gone 31f0… R1a2b/place/P1 4d…   a key that was destroyed: id, whose, HMAC under the epoch key
//! ```
//!
//! All bytes are hexadecimal. Lines are added at the end; everything else writes the whole file anew and
//! puts it in the place of the old one. A last line without its end was never acknowledged and counts as
//! not written. The number after `waymark-keyring` is the form of the file; a later one is refused, and form 1, which had no
//! `gone`, is read.

use super::epoch::Means;
use super::gone::Told;
use super::owner::Owner;
use super::seal::{NONCE, Secret, TAG, hex, random, unhex};
use super::{KeyError, KeyId};
use std::path::Path;

/// The form of the file that this program writes.
const FORM: &str = "2";
/// The forms that it reads.
const READ: [&str; 2] = ["1", FORM];
/// Nonce, key, tag.
pub const WRAPPED: usize = NONCE + 32 + TAG;
/// Lines of the head.
const HEAD: usize = 4;

/// The first four lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The database it belongs to.
    pub database: [u8; 16],
    /// Rises with every rotation.
    pub epoch: u32,
    /// How the epoch key is come by.
    pub means: Means,
    /// Proves the epoch key.
    pub check: [u8; 32],
}

impl Head {
    /// For this epoch key.
    pub fn new(database: [u8; 16], epoch: u32, means: Means, key: &Secret) -> Self {
        let check = check(&database, epoch, key);
        Self { database, epoch, means, check }
    }

    /// Whether this is the epoch key.
    pub fn is_key(&self, key: &Secret) -> bool {
        use subtle::ConstantTimeEq as _;
        check(&self.database, self.epoch, key).ct_eq(&self.check).into()
    }

    /// As text.
    pub fn text(&self) -> String {
        format!(
            "waymark-keyring {FORM}\ndatabase {}\nepoch {} {}\ncheck {}\n",
            hex(&self.database),
            self.epoch,
            self.means.line(),
            hex(&self.check)
        )
    }
}

fn check(database: &[u8; 16], epoch: u32, key: &Secret) -> [u8; 32] {
    key.derive("waymark keyring check 1").mac(&[database, &epoch.to_be_bytes()])
}

/// A data key, wrapped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its name in the rows it encrypts.
    pub id: KeyId,
    /// Whose.
    pub owner: Owner,
    /// Nonce and ciphertext.
    pub wrapped: [u8; WRAPPED],
}

impl Entry {
    /// Wraps a key.
    pub fn wrap(wrapping: &Secret, id: KeyId, owner: Owner, key: &Secret) -> Result<Self, KeyError> {
        let nonce: [u8; NONCE] = random()?;
        let sealed = wrapping.seal(&nonce, &aad(&id, &owner), key.as_bytes());
        let mut wrapped = [0; WRAPPED];
        for (to, from) in wrapped.iter_mut().zip(nonce.into_iter().chain(sealed)) {
            *to = from;
        }
        Ok(Self { id, owner, wrapped })
    }

    /// The key; nothing when it was wrapped by another or the line was changed.
    pub fn unwrap(&self, wrapping: &Secret) -> Option<Secret> {
        let (nonce, sealed) = self.wrapped.split_at_checked(NONCE)?;
        let plain = wrapping.open(nonce.try_into().ok()?, &aad(&self.id, &self.owner), sealed)?;
        Secret::take(plain)
    }

    /// Its line.
    pub fn line(&self) -> String {
        format!("key {} {} {}\n", self.id, self.owner, hex(&self.wrapped))
    }

    fn read(line: &str) -> Option<Self> {
        let mut words = line.strip_prefix("key ")?.split(' ');
        let entry = Self {
            id: words.next()?.parse().ok()?,
            owner: words.next()?.parse().ok()?,
            wrapped: unhex(words.next()?)?,
        };
        words.next().is_none().then_some(entry)
    }
}

fn aad(id: &KeyId, owner: &Owner) -> Vec<u8> {
    format!("waymark data key 1 {id} {owner}").into_bytes()
}

/// What a keyring file says.
pub struct Parsed {
    /// The head.
    pub head: Head,
    /// Every key, each with the number of its line.
    pub entries: Vec<(usize, Entry)>,
    /// What is left of keys that were destroyed, with the numbers of their lines.
    pub gone: Vec<(usize, Told)>,
    /// The first line that says nothing, if there is one.
    pub bad: Option<usize>,
    /// Whether the last line lacks its end.
    pub is_torn: bool,
}

/// Reads the file. A damaged head is refused here; damaged lines after it are for the caller, who knows
/// whether anything was ever written under their keys.
pub fn parse(path: &Path, text: &str) -> Result<Parsed, KeyError> {
    let damaged = |line, detail| KeyError::Damaged { path: path.into(), line, detail };
    let (whole, torn) = match text.rsplit_once('\n') {
        Some((whole, torn)) => (whole, torn),
        None => ("", text),
    };
    let mut lines = whole.split('\n');
    let mut next = |line, name: &str, detail| {
        let found = lines.next().and_then(|text| text.strip_prefix(name));
        found.ok_or_else(|| damaged(line, detail))
    };
    let form = next(1, "waymark-keyring ", "this is no keyring")?;
    if !READ.contains(&form) {
        return Err(KeyError::Newer { path: path.into() });
    }
    let database = next(2, "database ", "the line of the database is missing")?;
    let epoch = next(3, "epoch ", "the line of the epoch is missing")?;
    let proof = next(4, "check ", "the line of the check is missing")?;
    let head = || {
        let (number, means) = epoch.split_once(' ')?;
        Some(Head {
            database: unhex(database)?,
            epoch: number.parse().ok()?,
            means: Means::read(means)?,
            check: unhex(proof)?,
        })
    };
    let head = head().ok_or_else(|| damaged(2, "the head of the keyring cannot be read"))?;
    let (mut entries, mut gone, mut bad) = (Vec::new(), Vec::new(), None);
    for (number, line) in (HEAD + 1..).zip(lines) {
        match (Entry::read(line), Told::read(line)) {
            (Some(entry), _) => entries.push((number, entry)),
            (_, Some(told)) => gone.push((number, told)),
            _ => bad = bad.or(Some(number)),
        }
    }
    Ok(Parsed { head, entries, gone, bad, is_torn: !torn.is_empty() })
}
