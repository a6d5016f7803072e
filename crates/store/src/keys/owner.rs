//! Whose key it is: one part of one report, or one purpose of the store itself.

use std::fmt;
use std::str::FromStr;

use crate::{IdError, StreamId, Subject};

/// Names one data key in the keyring. Its text is `log`, `index` or `STREAM/SUBJECT`: opaque ids and
/// pseudonyms, so that whoever reads the file learns how many people a report has and not who.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Owner {
    /// Signs the heads of the log.
    Log,
    /// Makes what is looked up without being readable.
    Index,
    /// The words of one report about one subject.
    Part(StreamId, Subject),
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Log => f.write_str("log"),
            Self::Index => f.write_str("index"),
            Self::Part(stream, subject) => write!(f, "{stream}/{subject}"),
        }
    }
}

impl FromStr for Owner {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        Ok(match text {
            "log" => Self::Log,
            "index" => Self::Index,
            part => {
                let (stream, subject) = part.split_once('/').ok_or(IdError::Text)?;
                Self::Part(stream.parse()?, subject.parse()?)
            }
        })
    }
}
