//! What can go wrong, in the words of the person who has to do something about it.
//!
//! `Display` says what was wrong; `help()` says what to do. Both are meant for whoever runs the
//! service; an officer's page shows its own sentence and the log keeps these.

use std::path::PathBuf;

use thiserror::Error;

use crate::{KeyError, LogFault, StreamId, UserId};

/// Why a store could not be opened.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The SQLite linked into this program is older than the store relies on.
    #[error("this program was built with SQLite {found}, but {needed} or later is needed")]
    SqliteTooOld {
        /// The version found, like `3.45.1`.
        found: String,
        /// The oldest version that will do.
        needed: &'static str,
    },
    /// Another process has the database open for writing.
    #[error("{} is in use by another Waymark{}", path.display(), owner(by.as_deref()))]
    InUse {
        /// The database.
        path: PathBuf,
        /// The process id the other one left in its lock file.
        by: Option<String>,
    },
    /// The file or its directory can be read or written by others on this machine.
    #[error("{} can be opened by other users of this machine (permissions {mode:03o})", path.display())]
    TooOpen {
        /// The file or directory.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
        /// What they should be: 600 for a file, 700 for a directory.
        wanted: u32,
    },
    /// The file is there but it is not an SQLite database.
    #[error("{} is not a database, or it is damaged at its very start", path.display())]
    NotADatabase {
        /// The file.
        path: PathBuf,
    },
    /// An SQLite database that another program made.
    #[error("{} is a database, but not one of Waymark's", path.display())]
    NotOurs {
        /// The file.
        path: PathBuf,
    },
    /// Written by a later version of this program.
    #[error("{} was written by a newer Waymark (layout {found}; this one knows up to {known})", path.display())]
    NewerSchema {
        /// The file.
        path: PathBuf,
        /// The layout found.
        found: u32,
        /// The newest layout this program knows.
        known: u32,
    },
    /// Opened for reading only, and the layout is older than this program reads.
    #[error("{} has an older layout ({found}; this Waymark reads {known})", path.display())]
    OlderSchema {
        /// The file.
        path: PathBuf,
        /// The layout found.
        found: u32,
        /// The layout this program reads.
        known: u32,
    },
    /// The file or the disk it is on does not take writes.
    #[error("{} cannot be written to: it is read-only", path.display())]
    ReadOnly {
        /// The file or directory.
        path: PathBuf,
    },
    /// No space was left while opening.
    #[error("the disk that holds {} is full", path.display())]
    DiskFull {
        /// The file.
        path: PathBuf,
    },
    /// Opened for reading, but there is nothing there.
    #[error("there is no database at {}", path.display())]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// A step from one layout to the next failed; the layout before it is untouched.
    #[error("{} could not be brought to layout {to}: {detail}", path.display())]
    Migration {
        /// The file.
        path: PathBuf,
        /// The layout that could not be reached.
        to: u32,
        /// What SQLite said.
        detail: String,
    },
    /// The keys cannot be used.
    #[error(transparent)]
    Keys(#[from] KeyError),
    /// The log was tampered with, or cut, or an old copy was put back.
    #[error(transparent)]
    Log(#[from] LogFault),
    /// Anything else the system or SQLite said.
    #[error("{} could not be opened: {detail}", path.display())]
    Other {
        /// The file.
        path: PathBuf,
        /// What was said.
        detail: String,
    },
}

fn owner(by: Option<&str>) -> String {
    by.map(|id| format!(" (process {id})")).unwrap_or_default()
}

impl OpenError {
    /// What to do about it, as one or two sentences.
    #[must_use]
    pub fn help(&self) -> String {
        match self {
            Self::SqliteTooOld { .. } => "use the SQLite that comes with Waymark: build it without \
                 LIBSQLITE3_SYS_USE_PKG_CONFIG, older ones can damage a database"
                .into(),
            Self::InUse { .. } => "stop the other one first; two must never write to one database".into(),
            Self::TooOpen { path, wanted, .. } => {
                format!("it holds reports about children: run  chmod {wanted:o} {}", path.display())
            }
            Self::NotADatabase { .. } => "check the path; if it is the right one, restore the last backup".into(),
            Self::NotOurs { .. } => "check the path, nothing was changed in that file".into(),
            Self::NewerSchema { .. } => "start that newer version, or restore a backup made before it ran".into(),
            Self::OlderSchema { .. } => {
                "start the service once with this version: it brings the layout up to date".into()
            }
            Self::ReadOnly { .. } => {
                "give the user that runs Waymark the right to write to it, or mount the disk for writing".into()
            }
            Self::DiskFull { .. } => "free some space on that disk, then start again; nothing was lost".into(),
            Self::Missing { .. } => "check the path, or start the service once to create it".into(),
            Self::Migration { .. } => {
                "nothing was changed; keep a copy of the file and start the version that was used before".into()
            }
            Self::Keys(error) => error.help(),
            Self::Log(fault) => fault.help().into(),
            Self::Other { .. } => "check that the directory exists and belongs to the user that runs Waymark".into(),
        }
    }
}

/// Why the store could not answer.
///
/// Cloneable because commands that share one commit share its failure.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum StoreError {
    /// A disk error met while writing: the store takes no more writes until it is started anew.
    ///
    /// Whether the command that met the error was kept is only known after the restart.
    #[error("the store has stopped taking writes after a disk error: {why}")]
    Stopped {
        /// The error that stopped it.
        why: String,
    },
    /// No space left; the command was not kept.
    #[error("the disk is full, nothing was saved")]
    DiskFull,
    /// The store was opened for reading, or its file or disk became read-only.
    #[error("the store is read-only, nothing was saved")]
    ReadOnly,
    /// Another program holds the database; the command was not kept.
    #[error("the database is held by another program, nothing was saved")]
    Busy,
    /// Something was erased, its keys are gone, and the write-ahead log could not be emptied of what was derived from it.
    #[error(
        "it is erased, but another program was reading: rows derived from it may still stand in the write-ahead log"
    )]
    NotEmptied,
    /// The database file does not hold together.
    #[error("the database is damaged: {detail}")]
    Damaged {
        /// What was found.
        detail: String,
    },
    /// The system could not read or write the file.
    #[error("the disk could not be read or written: {detail}")]
    Disk {
        /// What was said.
        detail: String,
    },
    /// Something that must be unique is there already.
    #[error("this {what} is already in use")]
    Duplicate {
        /// What it is, like `sign-in name`.
        what: &'static str,
    },
    /// What the command refers to is not there.
    #[error("there is no such {what}")]
    NotFound {
        /// What it is, like `user`.
        what: &'static str,
    },
    /// A text that must say something is empty.
    #[error("the {what} is empty")]
    Empty {
        /// What it is.
        what: &'static str,
    },
    /// Longer or more than the store takes.
    #[error("the {what} is longer than {limit}")]
    TooLong {
        /// What it is.
        what: &'static str,
        /// The most that is taken: characters, bytes or pieces.
        limit: usize,
    },
    /// The command contradicts itself.
    #[error("{what}")]
    Contradiction {
        /// How.
        what: &'static str,
    },
    /// An account, or a way in of it, is not what the program left: somebody wrote to the database. It lets nobody in, and nothing
    /// is added to it until it is put right.
    #[error("account {user} was changed outside Waymark, in its database")]
    ChangedOutside {
        /// Whose it is.
        user: UserId,
    },
    /// A stored row this version cannot read.
    #[error("a stored {what} cannot be read by this version")]
    Unreadable {
        /// What it is.
        what: &'static str,
    },
    /// The keys cannot be used.
    #[error(transparent)]
    Keys(#[from] KeyError),
    /// The file of checkpoints could not be added to. The step itself was kept.
    #[error(transparent)]
    Log(#[from] LogFault),
    /// Anything else SQLite said: a fault of this program.
    #[error("the database refused the command: {detail}")]
    Refused {
        /// What was said.
        detail: String,
    },
}

impl StoreError {
    /// What to do about it, for whoever runs the service.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match self {
            Self::Stopped { .. } | Self::Disk { .. } => {
                "check the disk and the system log, then start Waymark again; everything that was acknowledged is kept"
            }
            Self::DiskFull => "free some space, then try again",
            Self::ReadOnly => "start Waymark with the right to write to its database, then try again",
            Self::Busy => "close the other program that has the database open, then try again",
            Self::NotEmptied => {
                "nothing: the log is emptied after the first step that finds nobody reading, or at the next start"
            }
            Self::Damaged { .. } => "stop Waymark, keep a copy of the file, restore the last backup",
            Self::Duplicate { .. } | Self::Empty { .. } | Self::TooLong { .. } => "change it, then try again",
            Self::ChangedOutside { .. } => {
                "find out who can write to the database; a supervisor puts the account right under People, or restore the last backup that verifies"
            }
            Self::NotFound { .. } => "it may have been removed meanwhile: look again",
            Self::Unreadable { .. } => "start the newer version that wrote it",
            Self::Log(fault) => fault.help(),
            Self::Keys(_) => "check the folder of the keys and its disk, then start Waymark again",
            Self::Contradiction { .. } | Self::Refused { .. } => "this is a fault of Waymark: report it with the log",
        }
    }

    /// Whether the disk or the file can no longer be trusted, so that writing must stop.
    pub(crate) fn is_fatal(&self) -> bool {
        matches!(
            self,
            Self::Stopped { .. } | Self::Damaged { .. } | Self::Disk { .. } | Self::Keys(KeyError::Disk { .. })
        )
    }
}

/// Why an append was not kept.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum AppendError {
    /// Somebody else wrote to the stream first; nothing of the append was kept.
    #[error("report {stream} has moved on to version {current}")]
    Conflict {
        /// The stream that has moved on.
        stream: StreamId,
        /// Its version now: load what is new and decide again.
        current: u64,
    },
    /// The store could not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}
