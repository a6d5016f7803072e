//! What is left in the keyring of a key that was destroyed: its name, so that a copy of the database from before the
//! erasure can be told from one whose keys were lost.

use std::collections::BTreeMap;

use subtle::ConstantTimeEq as _;

use super::owner::Owner;
use super::seal::{Secret, hex, unhex};
use super::{KeyError, KeyId, Keyring};

/// Destroyed keys, and whose they were.
pub type Gone = BTreeMap<KeyId, Owner>;

impl Keyring {
    /// Whose words this key opened, when it was destroyed on purpose.
    pub fn gone(&self, id: &KeyId) -> Option<Owner> {
        self.read().gone.get(id).cloned()
    }

    /// Notes keys that were destroyed before the keyring kept their names.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn note_gone(&self, gone: Gone) -> Result<(), KeyError> {
        if gone.is_empty() {
            return Ok(());
        }
        let mut state = self.write();
        state.gone.extend(gone);
        self.rewrite(&mut state)
    }

    /// Every key that was destroyed on purpose.
    pub fn all_gone(&self) -> Gone {
        self.read().gone.clone()
    }
}

/// Whoever has no epoch key cannot make a lost key look like one that was destroyed.
fn mac(wrapping: &Secret, id: &KeyId, owner: &Owner) -> [u8; 32] {
    wrapping.derive("waymark destroyed key 1").mac(&[id.to_string().as_bytes(), owner.to_string().as_bytes()])
}

/// Its line.
pub fn line(wrapping: &Secret, id: &KeyId, owner: &Owner) -> String {
    format!("gone {id} {owner} {}\n", hex(&mac(wrapping, id, owner)))
}

/// A line as it was read, not yet believed.
pub struct Told {
    id: KeyId,
    owner: Owner,
    mac: [u8; 32],
}

impl Told {
    /// Reads the line; nothing when it is another.
    pub fn read(line: &str) -> Option<Self> {
        let mut words = line.strip_prefix("gone ")?.split(' ');
        let told =
            Self { id: words.next()?.parse().ok()?, owner: words.next()?.parse().ok()?, mac: unhex(words.next()?)? };
        words.next().is_none().then_some(told)
    }

    /// The key and whose it was, when this keyring's own epoch key vouches for it.
    pub fn believed(self, wrapping: &Secret) -> Option<(KeyId, Owner)> {
        let expected = mac(wrapping, &self.id, &self.owner);
        bool::from(expected.ct_eq(&self.mac)).then_some((self.id, self.owner))
    }
}
