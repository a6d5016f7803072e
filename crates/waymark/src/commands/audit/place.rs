//! Where a log is: its database, its keys, and what is kept beside it.

use std::path::{Path, PathBuf};

use ledger::VerifierKey;
use store::{Keys, LogFile, StoreError};

use crate::cli::Where;
use crate::settings::{DATABASE, KEYS, Settings};
use crate::stop::Stop;

/// The log of one database.
#[derive(Clone)]
pub struct Place {
    /// The database.
    pub database: PathBuf,
    /// Its keys, and the file of its checkpoints.
    pub keys: Keys,
    /// The folder of the guidance in force; nothing for the one built in.
    pub guidance: Option<PathBuf>,
}

impl Place {
    /// What the command line names.
    ///
    /// # Errors
    /// Settings that cannot be read, or nothing named.
    pub fn of(at: &Where) -> Result<Self, Stop> {
        Self::named(at)?
            .ok_or_else(|| Stop::input("say where the log is: --config FILE, or --dir DIR for the folder of a demo"))
    }

    /// What the command line names, if it names anything.
    ///
    /// # Errors
    /// Settings that cannot be read.
    pub fn named(at: &Where) -> Result<Option<Self>, Stop> {
        Ok(match (&at.config, &at.dir) {
            (Some(config), _) => {
                let settings = Settings::read(config)?;
                let keys = settings.keys()?;
                let guidance = settings.pack().map(Path::to_owned);
                Some(Self { database: settings.database, keys, guidance })
            }
            (None, Some(dir)) => {
                let (database, keys) = (dir.join(DATABASE), Keys::at(dir.join(KEYS)));
                Some(Self { database, keys, guidance: None })
            }
            (None, None) => None,
        })
    }

    /// The log as it is in the file, right or not.
    ///
    /// # Errors
    /// A file that is no database of ours.
    pub fn log(&self) -> Result<LogFile, Stop> {
        LogFile::open(&self.database).map_err(|error| crate::server::cannot_open(&error))
    }

    /// Whether there is a database at all.
    ///
    /// # Errors
    /// There is none, which may be a name that was mistyped; or nobody may look.
    pub fn is_there(&self) -> Result<(), Stop> {
        if self.database.try_exists().unwrap_or(false) {
            return Ok(());
        }
        self.log().map(drop)
    }

    /// The public key of the log.
    ///
    /// # Errors
    /// A keyring that cannot be opened.
    pub fn key(&self) -> Result<VerifierKey, Stop> {
        // Of a database that is not there nobody misses the keys.
        self.is_there()?;
        LogFile::key(&self.keys).map_err(|error| unreadable(&error))
    }

    /// A file beside the database.
    pub fn beside(&self, ending: &str) -> PathBuf {
        let mut name = self.database.clone().into_os_string();
        name.push(ending);
        PathBuf::from(name)
    }

    /// The file of checkpoints kept elsewhere, where one is set.
    pub fn checkpoints(&self) -> Option<&Path> {
        self.keys.checkpoints()
    }
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        unreadable(&error)
    }
}

/// What stopped reading.
pub fn unreadable(error: &StoreError) -> Stop {
    let says = format!("{error}; {}", error.help());
    match error {
        // What was typed, and not the database.
        StoreError::Empty { .. } | StoreError::TooLong { .. } => Stop::input(says),
        StoreError::Keys(error) => crate::commands::keys::wrong(error),
        _ => Stop::failed(says),
    }
}
