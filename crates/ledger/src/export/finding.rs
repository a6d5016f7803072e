//! What is wrong with a log, in words.

use std::fmt;

use super::words::{count, entries};

/// Something that is not as it was signed. Entries are named by their place, counted from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// An entry does not fit its hash, and the hashes above speak for the hash.
    Changed {
        /// Which.
        entry: u64,
    },
    /// Two entries stand in each other's place.
    Swapped {
        /// The first.
        entry: u64,
        /// The other.
        other: u64,
    },
    /// Entries are not there.
    Missing {
        /// The first.
        from: u64,
        /// The last.
        to: u64,
    },
    /// An entry stands where another should.
    OutOfPlace {
        /// Which stands there.
        entry: u64,
        /// Which should.
        expected: u64,
    },
    /// A hash kept over entries does not follow from them, and they are as they were.
    Hash {
        /// The first entry under it.
        from: u64,
        /// The last.
        to: u64,
    },
    /// Among these entries something was changed together with its own hash: the hash kept over them
    /// does not follow from them any more.
    Among {
        /// The first.
        from: u64,
        /// The last.
        to: u64,
    },
    /// An entry has fewer or more hashes with it than its place asks for.
    Hashes {
        /// Which.
        entry: u64,
    },
    /// What an entry speaks for was changed.
    Kept {
        /// Which.
        entry: u64,
    },
    /// An entry names words, and a whole export says nothing of them: whether they are there and as they were is not to be seen.
    LeftOut {
        /// Which.
        entry: u64,
    },
    /// What an entry speaks for is not there any more.
    Gone {
        /// Which.
        entry: u64,
    },
    /// An entry is not in the log that was signed, or was changed.
    NotInLog {
        /// Which.
        entry: u64,
    },
    /// The entries do not lead to the head that was signed, nor do the hashes kept with them: they were
    /// rewritten together.
    Rewritten {
        /// The first after the last head that fits.
        from: u64,
        /// The last one that was signed for.
        to: u64,
    },
    /// There are fewer entries than the log had.
    Cut {
        /// How many there are.
        entries: u64,
        /// How many there were.
        size: u64,
    },
    /// A checkpoint kept elsewhere speaks of more entries than the log has.
    Behind {
        /// How many there are.
        entries: u64,
        /// How many were signed.
        size: u64,
    },
    /// Signed with another key, or of another log.
    Key {
        /// In words.
        says: String,
    },
    /// A signature of log or witness does not fit the checkpoint it stands under.
    Signature {
        /// Entries that the checkpoint speaks for.
        size: u64,
        /// Whose.
        name: String,
    },
    /// Nothing signed speaks for any entry.
    Unsigned,
    /// There are more entries than the export says it has.
    More {
        /// The first beyond.
        entry: u64,
    },
    /// The export stops before its last line.
    Unfinished {
        /// Lines of entries up to there.
        entries: u64,
    },
    /// Fewer or more lines of entries than the last line says.
    Lines {
        /// How many there are.
        found: u64,
        /// How many it says.
        said: u64,
    },
}

impl Finding {
    /// The first entry that it is about, where it is about entries.
    pub fn entry(&self) -> Option<u64> {
        match *self {
            Self::Changed { entry }
            | Self::Swapped { entry, .. }
            | Self::OutOfPlace { entry, .. }
            | Self::Hashes { entry }
            | Self::Kept { entry }
            | Self::Gone { entry }
            | Self::LeftOut { entry }
            | Self::NotInLog { entry }
            | Self::More { entry } => Some(entry),
            Self::Missing { from, .. }
            | Self::Hash { from, .. }
            | Self::Among { from, .. }
            | Self::Rewritten { from, .. } => Some(from),
            Self::Cut { entries, .. } | Self::Behind { entries, .. } => Some(entries),
            Self::Key { .. }
            | Self::Signature { .. }
            | Self::Unsigned
            | Self::Unfinished { .. }
            | Self::Lines { .. } => None,
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Changed { entry } => write!(f, "entry {} was changed", count(*entry)),
            Self::Swapped { entry, other } => {
                write!(f, "the entries {} and {} were swapped", count(*entry), count(*other))
            }
            Self::Missing { from, to } if from == to => {
                write!(f, "entry {} is missing", count(*from))
            }
            Self::Missing { from, to } => write!(f, "{} are missing", entries(*from, *to)),
            Self::OutOfPlace { entry, expected } => {
                let (entry, expected) = (count(*entry), count(*expected));
                write!(f, "entry {entry} stands where entry {expected} should")
            }
            Self::Hash { from, to } => {
                write!(f, "the hash kept over {} was changed; what it is over was not", entries(*from, *to))
            }
            Self::Among { from, to } => {
                write!(f, "{}: changed together with the hash kept, the hashes above do not fit", entries(*from, *to))
            }
            Self::Hashes { entry } => {
                write!(f, "the hashes kept with entry {} are not as many as belong there", count(*entry))
            }
            Self::Kept { entry } => write!(f, "the words kept with entry {} were changed", count(*entry)),
            Self::Gone { entry } => {
                write!(f, "the words kept with entry {} are gone", count(*entry))
            }
            Self::LeftOut { entry } => {
                write!(f, "the export says nothing of the words kept with entry {}", count(*entry))
            }
            Self::NotInLog { entry } => {
                write!(f, "entry {} was changed, or was never in this log", count(*entry))
            }
            Self::Rewritten { from, to } => {
                write!(
                    f,
                    "{}: rewritten together with every hash over them, they are not those that were signed",
                    entries(*from, *to)
                )
            }
            Self::Cut { entries: 0, size } => write!(f, "the log was cut off whole: it had {} entries", count(*size)),
            Self::Cut { entries, size } => {
                write!(f, "the log was cut after entry {}: it had {} entries", count(*entries - 1), count(*size))
            }
            Self::Behind { entries, size } => {
                let (size, entries) = (count(*size), count(*entries));
                write!(
                    f,
                    "this is an older backup, or its end was cut off with its checkpoints: the checkpoint of {size} entries is ahead of the {entries} here"
                )
            }
            Self::Key { says } => f.write_str(says),
            Self::Signature { size, name } => {
                write!(f, "the signature of {name} under the checkpoint of {} entries does not fit it", count(*size))
            }
            Self::Unsigned => f.write_str("there is no checkpoint: nothing signed speaks for these entries"),
            Self::More { entry } => {
                write!(f, "entry {} is one more than the export says it has", count(*entry))
            }
            Self::Unfinished { entries } => {
                write!(f, "the export was cut short: it stops after {} entries", count(*entries))
            }
            Self::Lines { found, said } => {
                write!(f, "the export has {} entries and says {}", count(*found), count(*said))
            }
        }
    }
}
