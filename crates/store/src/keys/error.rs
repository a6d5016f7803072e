//! What can be wrong with the keyring, and what to do.

use std::path::PathBuf;

use thiserror::Error;

/// Why the keys could not be used. Nothing is changed by whatever gives one of these.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum KeyError {
    /// The database is encrypted and the keyring is not where it should be.
    #[error("the keyring of this database is not at {}", path.display())]
    Missing {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// The file that opens the keyring is not there.
    #[error("the key file {} is not there", path.display())]
    NoKeyFile {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// The keyring is opened by a passphrase, and none was given.
    #[error("the keyring is opened with a passphrase, and none was given")]
    PassphraseNeeded,
    /// A passphrase was given for a keyring that a key file opens: whoever gave it believes what is not so.
    #[error("a passphrase was given, but a key file on the disk opens the keyring")]
    PassphraseNotUsed,
    /// A passphrase was given that cannot be one.
    #[error("the passphrase is shorter than {shortest} characters")]
    PassphraseTooShort {
        /// The least that is taken.
        shortest: usize,
    },
    /// The passphrase or key file does not open this keyring.
    #[error("the {what} does not open the keyring at {}", path.display())]
    WrongKey {
        /// `passphrase` or `key file`.
        what: &'static str,
        /// The keyring.
        path: PathBuf,
    },
    /// The keyring was made for another database.
    #[error("the keyring at {} belongs to another database", path.display())]
    OtherDatabase {
        /// The keyring.
        path: PathBuf,
    },
    /// The database holds words under keys that the keyring does not have.
    #[error("the keyring at {} is older than the database: keys of its newest entries are not in it", path.display())]
    Behind {
        /// The keyring.
        path: PathBuf,
    },
    /// Others on this machine can read the keys.
    #[error("{} can be opened by other users of this machine (permissions {mode:03o})", path.display())]
    TooOpen {
        /// The file or folder.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
        /// What they should be.
        wanted: u32,
    },
    /// The keyring does not hold together.
    #[error("{}, line {line}: {detail}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong there.
        detail: &'static str,
    },
    /// Written by a later version of this program.
    #[error("the keyring at {} was written by a newer Waymark", path.display())]
    Newer {
        /// The keyring.
        path: PathBuf,
    },
    /// The disk has no room for a new key. Nothing of it was written.
    #[error("there is no room on the disk for {}", path.display())]
    Full {
        /// The keyring.
        path: PathBuf,
    },
    /// The system could not read or write.
    #[error("{} could not be read or written: {detail}", path.display())]
    Disk {
        /// The file or folder.
        path: PathBuf,
        /// What was said.
        detail: String,
    },
    /// Recovery shares that do not do what they were given for.
    #[error("the recovery shares cannot be used: {detail}")]
    Shares {
        /// What is wrong with them.
        detail: &'static str,
    },
    /// The operating system gives no randomness.
    #[error("the operating system has no randomness to give")]
    NoRandomness,
}

impl KeyError {
    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> String {
        match self {
            Self::Missing { .. } => "name its folder in the setting `keys`, or put back the last copy of it; without \
                 it nothing in the database can be read"
                .into(),
            Self::NoKeyFile { .. } => {
                "put it back, or make it anew from the recovery shares: waymark keys recover".into()
            }
            Self::PassphraseNeeded => {
                "give it in the file that the environment names as WAYMARK_PASSPHRASE_FILE".into()
            }
            Self::PassphraseNotUsed => {
                "start without it, or put the keyring under it: waymark keys rotate, with the passphrase in the file \
                 that the environment names as WAYMARK_NEW_PASSPHRASE_FILE"
                    .into()
            }
            Self::PassphraseTooShort { .. } => {
                "choose a longer one: four or five words that do not belong together".into()
            }
            Self::WrongKey { .. } => "use the one that was in use when the keyring was last written; after a rotation \
                 older ones no longer fit. With the recovery shares: waymark keys recover"
                .into(),
            Self::OtherDatabase { .. } => {
                "name the folder of the right one in the setting `keys`; two databases never share one".into()
            }
            Self::Behind { .. } => {
                "put back the newest copy of the keyring, then start again; nothing was changed".into()
            }
            Self::TooOpen { path, wanted, .. } => {
                format!("it holds the keys to everything: run  chmod {wanted:o} {}", path.display())
            }
            Self::Damaged { .. } => "keep a copy of the file, then put back the last good one".into(),
            Self::Newer { .. } => "start that newer version".into(),
            Self::Full { .. } => "free some space, then try again".into(),
            Self::Disk { .. } => "check the disk, and that the folder belongs to the user that runs Waymark".into(),
            Self::Shares { .. } => {
                "type them as they were printed, a line each; with too few of them nothing can be done".into()
            }
            Self::NoRandomness => "start again when the system is up; this happens only very early in its start".into(),
        }
    }
}
