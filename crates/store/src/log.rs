//! The log as callers see it: its head, its entries, and what is added to it besides events.

use jiff::Timestamp;
use ledger::Hash;
use thiserror::Error;

use crate::store::Answer;
use crate::{AccessesOf, Erase, Erased, Operation, Pieces, StreamId, UserId};

/// How far the log is exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// As far as the newest checkpoint speaks for it: nothing in it is unsigned.
    Signed,
    /// To its last entry.
    All,
}

/// How many entries the log has, and one hash for all of them in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LedgerHead {
    /// Entries.
    pub size: u64,
    /// The hash over them.
    pub root: Hash,
}

/// A signed head of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptCheckpoint {
    /// Entries it speaks for.
    pub size: u64,
    /// When it was made.
    pub at: Timestamp,
    /// The signed note (C2SP), with the end of its last line.
    pub note: String,
}

/// Something somebody is about to do with personal data that enters nothing into a report: look, search,
/// export, print, say that two people are one. Noted before it is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessEntry {
    /// What, as the word of an [`AccessKind`](crate::AccessKind).
    pub kind: String,
    /// Which of the operations of the law it is.
    pub op: Operation,
    /// The report, where it is about one.
    pub stream: Option<StreamId>,
    /// Who.
    pub actor: UserId,
    /// Why, from a list that the caller has. It is readable in the database and in the log: what
    /// somebody typed belongs into `reason`.
    pub purpose: String,
    /// Why in words of their own: encrypted, and in the log only as a digest of what is stored.
    pub reason: Option<String>,
    /// When.
    pub at: Timestamp,
    /// Whether the same again within [`REPEAT_WINDOW`](crate::REPEAT_WINDOW) adds to this one's count.
    /// One with a reason is always an entry of its own.
    pub repeats: bool,
}

/// An access as it was noted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotedAccess {
    /// Rises with every entry; pages of the log start before one.
    pub id: u64,
    /// Its place in the log; nothing for one from before there was a log.
    pub leaf: Option<u64>,
    /// What, as one word.
    pub kind: String,
    /// Which operation, as the word of the log.
    pub op: String,
    /// The report.
    pub stream: Option<StreamId>,
    /// Who.
    pub actor: UserId,
    /// Why.
    pub purpose: String,
    /// Why in words, as far as there are any and they were not erased with the log's key of that month.
    pub reason: Option<String>,
    /// The first time.
    pub first_at: Timestamp,
    /// The last time.
    pub last_at: Timestamp,
    /// How many times.
    pub count: u64,
}

/// Which accesses are wanted; what is left out lets everything through.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AccessFilter {
    /// To this report.
    pub report: Option<StreamId>,
    /// By this user.
    pub actor: Option<UserId>,
    /// Of this operation; where it is left out, of all but signing in, which is no look.
    pub op: Option<Operation>,
    /// Not over before this moment.
    pub from: Option<Timestamp>,
    /// Begun before this moment.
    pub until: Option<Timestamp>,
    /// With these words in the purpose, in small or capital letters.
    pub purpose: Option<String>,
    /// To no report that this user has a conflict of interest with: who reads the list.
    pub reader: Option<UserId>,
}

/// An event of a report by which somebody else was given something: a referral, a meeting, something told. To whom, and
/// why, are words of the event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disclosed {
    /// Its place in the log; pages of the list start before one.
    pub leaf: u64,
    /// What, as the word of the event.
    pub kind: String,
    /// Who gave it.
    pub actor: UserId,
    /// The report.
    pub stream: StreamId,
    /// Its place in the report, where the words are.
    pub version: u64,
    /// When it was entered.
    pub at: Timestamp,
}

/// Something that was done to the service itself: to an account, to a way in, to the keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Administered {
    /// Its place in the log; pages of the list start before one.
    pub leaf: u64,
    /// What, as one word: `account-` and the word of a [`Change`](crate::Change), or another.
    pub kind: String,
    /// Who did it; nobody when it was the settings, a provider or the program.
    pub actor: Option<UserId>,
    /// Whose account it is about.
    pub about: Option<UserId>,
    /// When; nothing for the entry that stands for the time before there was a log.
    pub at: Option<Timestamp>,
    /// Which, in words, as far as there are any and they were not erased with the log's key of that month.
    pub words: Option<String>,
}

/// Which of them are wanted; what is left out lets everything through.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AdministeredFilter {
    /// By this person, or about their account.
    pub person: Option<UserId>,
    /// Not before this moment.
    pub from: Option<Timestamp>,
    /// Before this moment.
    pub until: Option<Timestamp>,
}

/// How a database stands to a file of checkpoints that was kept elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Against {
    /// Checkpoints of the file that hold.
    pub held: u64,
    /// Entries of the log.
    pub entries: u64,
    /// Entries that the furthest of those that hold speaks for; 0 where none does.
    pub reached: u64,
    /// Entries that the newest checkpoint speaks for, where that is more than there are: the file is of a
    /// later time than the database.
    pub ahead: Option<u64>,
}

/// What is wrong with the log of a database that is being opened.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum LogFault {
    /// The last checkpoint speaks of more entries than there are.
    #[error("the log has {found} entries, but {signed} were signed: its end was cut off, or an old copy was put back")]
    Behind {
        /// Entries in the database.
        found: u64,
        /// Entries that the checkpoint speaks for.
        signed: u64,
    },
    /// The entries under a checkpoint are not those it was made over.
    #[error("the first {size} entries of the log are not those that were signed: something among them was changed")]
    Changed {
        /// Entries that the checkpoint speaks for.
        size: u64,
    },
    /// No key vouches for the log as it stands.
    #[error(
        "the log has {size} entries, and no key vouches for it as it is: entries were added, changed or taken away behind the \
         program (it had {said} by its own account)"
    )]
    Unvouched {
        /// Entries in the database.
        size: u64,
        /// Entries that what should vouch for them says; 0 where there is nothing.
        said: u64,
    },
    /// The file beside the keyring speaks of more entries than there are.
    #[error(
        "the log has {found} entries, and had {reached} when the program last wrote to it, as {file} says: its end was cut off, or \
         an old copy was put back"
    )]
    Cut {
        /// Entries in the database.
        found: u64,
        /// Entries that the file speaks of.
        reached: u64,
        /// The file.
        file: String,
    },
    /// The entries are not those that the file beside the keyring was written over.
    #[error(
        "the first {size} entries of the log are not those that the program wrote, as {file} says: something among them was \
         changed, or its end was cut off and replaced"
    )]
    Other {
        /// Entries that the file speaks of.
        size: u64,
        /// The file.
        file: String,
    },
    /// The file elsewhere has less than the program wrote into it.
    #[error(
        "{file} speaks for {reaches} entries of the log, and the program had written a checkpoint of {written} entries into it: it was \
         removed, emptied, or an older one was put in its place"
    )]
    Elsewhere {
        /// The file.
        file: String,
        /// Entries that the last checkpoint written into it speaks for.
        written: u64,
        /// Entries that the last one in it speaks for; 0 where there is none.
        reaches: u64,
    },
    /// A checkpoint was signed with another key.
    #[error("the checkpoint of {size} entries was not signed with the key of this log: {detail}")]
    OtherKey {
        /// Entries it speaks for; 0 when it cannot be read.
        size: u64,
        /// What does not fit.
        detail: String,
    },
    /// Entries, nodes and events do not belong together.
    #[error("the log does not hold together: {detail}")]
    Broken {
        /// What was found.
        detail: String,
    },
    /// A row that decides who may do what is not what the log says.
    #[error("{what}: the database has {found}, the log says {said}")]
    Row {
        /// Which row, in words.
        what: String,
        /// What is there.
        found: String,
        /// What the log says, and where.
        said: String,
    },
    /// Tables, triggers or indexes are not those that the program made.
    #[error("the database is not laid out as the program left it: {detail}")]
    Layout {
        /// What differs.
        detail: String,
    },
    /// The file of checkpoints could not be read or written.
    #[error("the checkpoints at {path} could not be read or written: {detail}")]
    File {
        /// The file.
        path: String,
        /// What was said.
        detail: String,
    },
}

impl LogFault {
    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match self {
            Self::Behind { .. } => {
                "keep a copy of this database, then put back the newest one; if an older one is put back on purpose, move the \
                 file of checkpoints aside, keep it, and record what is missing"
            }
            Self::Cut { .. } | Self::Other { .. } => {
                "keep a copy of this database and of that file for whoever looks into it, then put back the newest database; if an older \
                 one is put back on purpose, move the file aside, keep it, and record what is missing"
            }
            Self::Changed { .. } | Self::Broken { .. } | Self::Unvouched { .. } => {
                "keep a copy of the database for whoever looks into it, then restore the last backup that verifies: waymark audit verify"
            }
            Self::Row { .. } | Self::Layout { .. } => {
                "keep a copy of the database for whoever looks into it, find out who can write to its file, then restore the last \
                 backup that verifies, or put the row right by the pages: what they write follows from the log"
            }
            Self::Elsewhere { .. } => {
                "find out who can write to that file and put a copy of it back; if it is gone for good, set a file of another name as \
                 checkpoints, and record that the signed heads of before are missing"
            }
            Self::OtherKey { .. } => {
                "check that the keyring and the file of checkpoints are those of this database; keep copies of both"
            }
            Self::File { .. } => "check the path, and that the user that runs Waymark may add to the file",
        }
    }
}

/// The log of a store, and what is only ever done through it.
pub trait Log: Send + Sync {
    /// The head of the log as it is.
    fn ledger_head(&self) -> Answer<'_, LedgerHead>;

    /// Signs the head of the log and adds it to the file of checkpoints, where there is one. The same
    /// head is signed once.
    fn checkpoint(&self, now: Timestamp) -> Answer<'_, KeptCheckpoint>;

    /// Checkpoints in order: at most `limit` of more than `after` entries.
    fn checkpoints(&self, after: Option<u64>, limit: u32) -> Answer<'_, Vec<KeptCheckpoint>>;

    /// The newest checkpoint.
    fn last_checkpoint(&self) -> Answer<'_, Option<KeptCheckpoint>>;

    /// Notes what somebody is about to do, before it is done. When this fails, it is not done. Gives
    /// the entry as it stands now.
    fn note_access(&self, access: AccessEntry) -> Answer<'_, NotedAccess>;

    /// Accesses of every kind, newest first: at most `limit` with an id below `before`.
    fn accesses(&self, of: &AccessesOf, before: Option<u64>, limit: u32) -> Answer<'_, Vec<NotedAccess>>;

    /// Accesses over all reports and users that a filter lets through, newest first: at most `limit` with
    /// an id below `before`.
    fn looks(&self, filter: &AccessFilter, before: Option<u64>, limit: u32) -> Answer<'_, Vec<NotedAccess>>;

    /// Events by which somebody else was given something, that a filter lets through (its purpose and operation aside),
    /// newest first: at most `limit` before the place `before` in the log.
    fn disclosed(&self, filter: &AccessFilter, before: Option<u64>, limit: u32) -> Answer<'_, Vec<Disclosed>>;

    /// The reports that a user has a conflict of interest with, erased ones too, in order of their ids.
    fn conflicts_of(&self, user: &UserId) -> Answer<'_, Vec<StreamId>>;

    /// What was done to the service itself, newest first: at most `limit` before the place `before` in the log.
    fn administered(
        &self,
        filter: &AdministeredFilter,
        before: Option<u64>,
        limit: u32,
    ) -> Answer<'_, Vec<Administered>>;

    /// The newest checkpoint, and whether the log still leads to it.
    fn last_checkpoint_holds(&self) -> Answer<'_, Option<(KeptCheckpoint, bool)>>;

    /// The log as lines (docs/audit-export.md), each with its end, a piece at a time: it is read while it is given, only as fast, and
    /// as it is when the reading begins.
    fn ledger_export(&self, extent: Extent) -> Answer<'_, Pieces>;

    /// Erases the words of one subject of a report, or a whole report: destroys their keys, and removes
    /// what they could be found by. Events stay in their places without words; the log still verifies.
    /// What was begun is finished at the next opening whatever happens; to have it finished now, see
    /// this answer through.
    ///
    /// # Errors
    /// [`StoreError::NotFound`](crate::StoreError::NotFound) when there is no such report, or it was
    /// erased already.
    fn erase(&self, erase: Erase) -> Answer<'_, Erased>;

    /// A number that changes when keys are destroyed, and not before: what was read while it was another one may hold words
    /// that are erased by now.
    fn keys_destroyed(&self) -> u64;

    /// What was erased of the report with this id or, once, this reference.
    fn erasures(&self, report: &str) -> Answer<'_, Vec<Erased>>;

    /// Erasures over all reports that a filter lets through (its purpose and operation aside), newest first: at most `limit`
    /// before the place `before` in the log.
    fn all_erasures(&self, filter: &AccessFilter, before: Option<u64>, limit: u32) -> Answer<'_, Vec<Erased>>;
}
