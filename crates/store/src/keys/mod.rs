//! Keys: one for every part of every report, kept apart from the data, so that destroying a key erases
//! what was written under it wherever a copy of the data may be.
//!
//! # The chain
//!
//! - A passphrase (through Argon2id) or a key file gives the **epoch key**.
//! - The epoch key wraps a **data key** for each subject of each report (what happened; one person's
//!   identity; who reported it; a place), one that signs the log, and one for what is looked up
//!   without being readable. They stand in the keyring file ([`file`] has its form).
//! - From a data key, HKDF makes the key that encrypts and the **commitment** to it that the log holds:
//!   AES-GCM-SIV alone would let somebody craft a body that opens under two keys.
//!
//! # What holds
//!
//! 1. A data key is on the disk before the commit that uses it is acknowledged ([`Keyring::flush`]).
//! 2. Only wrapped keys are in memory between uses; every key is wiped when it goes.
//! 3. A keyring belongs to one database, and says so before it is changed.
//! 4. A key that was destroyed is in no file of this folder. Blocks that the disk has not overwritten
//!    yet hold it wrapped under the epoch key of that time: a rotation makes them worthless as well.

mod copy;
mod disk;
mod epoch;
mod error;
mod file;
mod gone;
mod owner;
mod place;
mod ring;
mod rotate;
mod seal;
mod shares;

use std::fmt;
use std::str::FromStr;

pub use copy::KeyringCopy;
pub use epoch::SHORTEST_PASSPHRASE;
pub use error::KeyError;
pub use owner::Owner;
pub use place::Keys;
pub use ring::Keyring;
pub use rotate::{recover, shares};
pub use seal::{NONCE, Secret, digest, hex, random, same, unhex};
pub use shares::Share;

use crate::IdError;

/// Names a data key in the rows that it encrypts: 16 random bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyId([u8; 16]);

impl KeyId {
    fn random() -> Result<Self, KeyError> {
        random().map(Self)
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

impl FromStr for KeyId {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        unhex(text).map(Self).ok_or(IdError::Text)
    }
}
