//! Changing the epoch key: rotation, recovery from shares, new shares.
//!
//! The whole keyring is one file that is replaced at once, and each epoch's key file has a name of its
//! own. So at every moment the keyring on the disk has its key on the disk, and a rotation that was cut
//! off needs nothing but another one: what it left behind is removed at the next opening.

use std::path::Path;

use super::epoch::{Means, key_file, write_key_file};
use super::file::{Entry, Head, parse};
use super::place::Keys;
use super::ring::{Keyring, wrapping};
use super::seal::Secret;
use super::shares::{Share, combine, split};
use super::{KeyError, disk};
use crate::fail;

impl Keyring {
    /// Wraps every key under a new epoch key. With a passphrase the new one is under that, else it is in
    /// a key file. Old copies of the keyring are worthless once the old epoch key is gone everywhere.
    pub fn rotate(&self, keys: &Keys) -> Result<u32, KeyError> {
        let mut state = self.write();
        let old = state.head.epoch;
        let epoch = old + 1;
        let key = Secret::random()?;
        let means = match keys.passphrase() {
            Some(words) => Means::under(words, epoch, &key)?,
            None => {
                write_key_file(&key_file(self.folder(), epoch), &key)?;
                fail::point("rotation-key-written");
                Means::KeyFile
            }
        };
        let under = wrapping(&key);
        let mut entries = Vec::with_capacity(state.entries.len());
        for entry in state.entries.values() {
            let data = entry.unwrap(&state.wrapping).ok_or_else(|| self.unreadable())?;
            entries.push(Entry::wrap(&under, entry.id, entry.owner.clone(), &data)?);
        }
        state.head = Head::new(state.head.database, epoch, means, &key);
        state.wrapping = under;
        state.entries = entries.into_iter().map(|entry| (entry.id, entry)).collect();
        self.rewrite(&mut state)?;
        disk::shred(&key_file(self.folder(), old))?;
        fail::point("rotation-old-removed");
        Ok(epoch)
    }

    fn unreadable(&self) -> KeyError {
        KeyError::Damaged { path: self.path().into(), line: 5, detail: "a key cannot be read; nothing was changed" }
    }
}

/// Removes the key files of epochs that are over, or never began.
pub(super) fn tidy(folder: &Path, epoch: u32) -> Result<(), KeyError> {
    for other in [epoch.saturating_sub(1), epoch + 1] {
        disk::shred(&key_file(folder, other))?;
    }
    Ok(())
}

/// Splits the epoch key of a keyring that can be opened. Each call makes a set of its own; shares of
/// different sets do not go together.
pub fn shares(keys: &Keys, needed: u8, all: u8) -> Result<Vec<Share>, KeyError> {
    let (head, _) = read(keys)?;
    let key = head.means.key(keys.folder(), keys.passphrase(), head.epoch, &keys.ring())?;
    if !head.is_key(&key) {
        return Err(KeyError::WrongKey { what: "key file", path: keys.ring() });
    }
    split(&key, head.epoch, needed, all)
}

/// Makes a keyring usable again whose key file or passphrase was lost: with a passphrase it is under
/// that from now on, else a key file is written anew.
pub fn recover(keys: &Keys, shares: &[Share]) -> Result<u32, KeyError> {
    let (head, text) = read(keys)?;
    let (epoch, key) = combine(shares)?;
    if epoch != head.epoch {
        return Err(KeyError::Shares {
            detail: "they are of another epoch: after a rotation only the shares printed then fit",
        });
    }
    if !head.is_key(&key) {
        return Err(KeyError::Shares {
            detail: "together they do not open this keyring: one of them is of another keyring or another set",
        });
    }
    let means = match keys.passphrase() {
        Some(words) => Means::under(words, epoch, &key)?,
        None => {
            write_key_file(&key_file(keys.folder(), epoch), &key)?;
            Means::KeyFile
        }
    };
    if means != head.means {
        let new = Head::new(head.database, epoch, means, &key);
        disk::replace(&keys.ring(), text.replacen(&head.text(), &new.text(), 1).as_bytes())?;
    }
    Ok(epoch)
}

fn read(keys: &Keys) -> Result<(Head, String), KeyError> {
    let path = keys.ring();
    let missing = || KeyError::Missing { path: path.clone() };
    if !path.exists() {
        return Err(missing());
    }
    disk::refuse_open_to_others(keys.folder(), 0o700)?;
    let text = disk::read(&path)?.ok_or_else(missing)?;
    Ok((parse(&path, &text)?.head, text))
}
