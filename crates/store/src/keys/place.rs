//! Where the keys are, and what opens them.

use std::fmt;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

/// What is kept apart from a database: its keys, what opens them, and a file of checkpoints of its log.
///
/// The folder must not be the one of the database and must not go into the same backup: whoever has both
/// and the key file has everything.
#[derive(Clone)]
pub struct Keys {
    folder: PathBuf,
    passphrase: Option<Zeroizing<String>>,
    checkpoints: Option<PathBuf>,
}

impl Keys {
    /// In this folder, which is made when it is missing. A new keyring gets a key file beside it.
    #[must_use]
    pub fn at(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into(), passphrase: None, checkpoints: None }
    }

    /// Opened with a passphrase: nothing on the disk opens the keyring then, so a stolen machine that
    /// is switched off gives nothing away. A new keyring is made for it.
    #[must_use]
    pub fn with_passphrase(mut self, passphrase: impl Into<String>) -> Self {
        self.passphrase = Some(Zeroizing::new(passphrase.into()));
        self
    }

    /// Adds every checkpoint of the log to this file, and holds the database against it when it is opened:
    /// whoever can change the database, or puts an old copy in its place, should not be able to change
    /// this. On another machine, or a disk that can only be added to.
    #[must_use]
    pub fn with_checkpoints(mut self, file: impl Into<PathBuf>) -> Self {
        self.checkpoints = Some(file.into());
        self
    }

    /// The file of checkpoints.
    #[must_use]
    pub fn checkpoints(&self) -> Option<&Path> {
        self.checkpoints.as_deref()
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The keyring in it.
    #[must_use]
    pub fn ring(&self) -> PathBuf {
        self.folder.join("keyring")
    }

    pub(super) fn passphrase(&self) -> Option<&str> {
        self.passphrase.as_ref().map(|words| words.as_str())
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys")
            .field("folder", &self.folder)
            .field("passphrase", &self.passphrase.as_ref().map(|_| "…"))
            .finish()
    }
}
