//! Somebody was told something, or not yet, and what came of it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::evidence::Means;

/// Was the child, parent or carer told?
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "told")]
pub enum Telling {
    /// Told.
    #[serde(rename = "yes")]
    Told {
        /// When.
        at: Timestamp,
        /// How.
        means: Means,
        /// What they asked and what was answered. Long text, may be empty.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        asked: String,
        /// What they say came of it, where the pack asks that and it was asked.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        then: Option<Then>,
    },
    /// Not told so far. Does not complete the duty: leaving it for good is a departure.
    #[serde(rename = "no")]
    NotTold {
        /// Why not. Long text.
        because: String,
    },
}

/// What whoever was told says came of it. It is asked, not proved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "says")]
pub enum Then {
    /// It is done.
    #[serde(rename = "done")]
    Done,
    /// It is not done.
    #[serde(rename = "not-done")]
    NotDone,
    /// Nobody knows yet.
    #[serde(rename = "not-known")]
    NotKnown,
    /// It is still to be done.
    #[serde(rename = "later")]
    Later {
        /// When, in their words. One line.
        when: String,
    },
}

impl Then {
    /// The answer to what the pack asks, in words.
    pub fn says(&self) -> String {
        match self {
            Self::Done => "Yes".to_owned(),
            Self::NotDone => "No".to_owned(),
            Self::NotKnown => "Not known yet".to_owned(),
            Self::Later { when } => format!("Not yet, it will be: {when}"),
        }
    }
}
