//! What is wrong with a pack or with facts: all of it at once, each with its place and what to do.

use std::fmt;

use serde::{Deserialize, Serialize};

/// One thing that is wrong, in the words of whoever wrote the text.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Problem {
    /// File of a pack; empty for facts.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub file: String,
    /// Line, counted from 1; 0 where there is none (facts that did not come as text).
    #[serde(default, skip_serializing_if = "is_zero")]
    pub line: u32,
    /// What or whom it is about, such as `person B` or `rule threats`; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub about: String,
    /// What is wrong: lower case, no full stop.
    pub says: String,
    /// What to do; empty only for facts, where `says` has it already ("must be …").
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub help: String,
}

/// What is wrong and what to do about it, while nobody knows yet where it stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Slip {
    pub says: String,
    pub help: String,
}

impl Slip {
    pub(crate) fn new(says: impl Into<String>, help: impl Into<String>) -> Self {
        Self { says: says.into(), help: help.into() }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
const fn is_zero(line: &u32) -> bool {
    *line == 0
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.file.is_empty() {
            write!(f, "{}", self.file)?;
            if self.line > 0 {
                write!(f, ":{}", self.line)?;
            }
            write!(f, ": ")?;
        }
        if !self.about.is_empty() {
            write!(f, "{}: ", self.about)?;
        }
        write!(f, "{}", self.says)?;
        if self.file.is_empty() && self.line > 0 {
            write!(f, ", line {}", self.line)?;
        }
        if !self.help.is_empty() {
            write!(f, "; {}", self.help)?;
        }
        Ok(())
    }
}
