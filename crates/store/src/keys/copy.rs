//! A copy of a keyring, to be kept elsewhere: its files as they are at one moment, found whole before they are given.

use zeroize::Zeroizing;

use super::epoch::{Means, key_file};
use super::place::Keys;
use super::ring::State;
use super::{KeyError, Owner, disk};

/// Times that it is read again when the keyring was replaced in between.
const TRIES: usize = 5;

/// What a copy of a keyring has in it. Whoever has it and a copy of the database has everything: it is to be
/// encrypted before it is written anywhere.
pub struct KeyringCopy {
    /// The epoch of the keys.
    pub epoch: u32,
    /// Data keys of reports in it.
    pub keys: usize,
    /// Name in the folder of the keys, and contents.
    pub files: Vec<(String, Zeroizing<Vec<u8>>)>,
}

impl KeyringCopy {
    /// Reads the files beside whoever writes to them. Every key in them was tried.
    ///
    /// # Errors
    /// [`KeyError`]; also for a keyring that can be used and has a line that cannot be read: a copy of that must not
    /// take the place of a good one.
    pub fn read(keys: &Keys) -> Result<Self, KeyError> {
        let path = keys.ring();
        for _ in 0..TRIES {
            let text = disk::read(&path)?.ok_or_else(|| KeyError::Missing { path: path.clone() })?;
            // A line without its end was never acknowledged.
            let whole = text.rfind('\n').map_or(0, |end| end + 1);
            let text = Zeroizing::new(text.get(..whole).unwrap_or_default().to_owned());
            let state = match State::of(keys, &text) {
                Ok(state) => state,
                // A rotation puts the keyring in its place and then removes the old key: look again.
                Err(error) if disk::read(&path)?.is_none_or(|now| now.starts_with(&*text)) => {
                    return Err(error);
                }
                Err(_) => continue,
            };
            if let Some(line) = state.bad {
                return Err(KeyError::Damaged { path, line, detail: "a key cannot be read; no copy was made of it" });
            }
            let epoch = state.head.epoch;
            let mut files = vec![("keyring".to_owned(), Zeroizing::new(text.as_bytes().to_vec()))];
            if state.head.means == Means::KeyFile {
                let file = key_file(keys.folder(), epoch);
                let key = disk::read(&file)?;
                let Some(key) = key else { continue };
                files.push((format!("epoch-{epoch}.key"), Zeroizing::new(key.into_bytes())));
            }
            let parts = state.current.keys();
            let keys = parts.filter(|owner| matches!(owner, Owner::Part(..))).count();
            return Ok(Self { epoch, keys, files });
        }
        Err(KeyError::Disk { path, detail: "it was replaced again and again while it was read; try again".into() })
    }
}
