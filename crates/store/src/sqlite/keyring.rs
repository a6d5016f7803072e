//! What the one who runs the service does with the keys.

use std::sync::Arc;

use jiff::Timestamp;

use super::{SqliteStore, erase, erase_again, ledger};
use crate::{AccessEntry, Keys, Operation, StoreError, UserId};

/// A keyring as whoever runs the service sees it. No key is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyringState {
    /// Rises with every rotation.
    pub epoch: u32,
    /// Whether a passphrase opens it; else a key file does.
    pub by_passphrase: bool,
    /// Data keys in it, of reports and people.
    pub keys: usize,
    /// What checkpoints of the log are verified with (a vkey).
    pub log_key: String,
}

impl SqliteStore {
    /// What there is to know about the keys without having one.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`] when the key of the log cannot be used.
    pub fn keyring(&self) -> Result<KeyringState, StoreError> {
        let (epoch, by_passphrase) = self.ring.epoch();
        Ok(KeyringState {
            epoch,
            by_passphrase,
            keys: self.ring.parts(),
            log_key: ledger::verifier(&self.ring)?.to_string(),
        })
    }

    /// How many erasures were done after this database was copied, as the keyring says. Nothing of them can be read, and the next
    /// opening for writing does them again: index rows, list rows and the log.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn erasures_to_do_again(&self) -> Result<usize, StoreError> {
        let ring = Arc::clone(&self.ring);
        self.readers.run(move |conn| Ok(erase_again::owed(conn, &ring)?.len())).await
    }

    /// How many keys are here that were destroyed, as the log says: this keyring is a copy from before. Nothing is read with them,
    /// and the next opening for writing destroys them again.
    ///
    /// # Errors
    /// [`StoreError::Log`] where a row says so and the log does not.
    pub async fn keys_to_destroy_again(&self) -> Result<usize, StoreError> {
        let ring = Arc::clone(&self.ring);
        self.readers.run(move |conn| Ok(erase::unfinished(conn, &ring)?.1.len())).await
    }

    /// Wraps every key under a new epoch key; see [`Keys::with_passphrase`] for which kind. It is an
    /// entry of the log before it is done. Gives the number of the new epoch; older recovery shares no
    /// longer fit.
    ///
    /// # Errors
    /// [`StoreError::Keys`]. After one the old keyring is still there and whole; start again.
    pub async fn rotate_keys(&self, keys: &Keys, actor: UserId, now: Timestamp) -> Result<u32, StoreError> {
        let access = AccessEntry {
            kind: "keys-rotated".into(),
            op: Operation::Administer,
            stream: None,
            actor,
            purpose: "Rotation of the keys".into(),
            reason: None,
            at: now,
            repeats: false,
        };
        self.write::<_, StoreError, _>(Ok(()), move |tx| ledger::note(tx, &access)).await?;
        let (ring, keys) = (Arc::clone(&self.ring), keys.clone());
        let rotated = tokio::task::spawn_blocking(move || ring.rotate(&keys)).await;
        let rotated = rotated.map_err(|error| StoreError::Refused { detail: error.to_string() })?;
        Ok(rotated?)
    }
}
