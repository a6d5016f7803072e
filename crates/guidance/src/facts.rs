//! What is put in: the facts of one report, as asked and answered so far.
//!
//! The shape is the contract shared by pages, command line and programs. A fact that is absent was
//! never asked; `"not-known"` was asked and nobody can say yet. Neither ever counts as "no".

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The value of one fact as it is written: a word, a list of words, or whole years.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// Whole years of age at the time of the act, 0 to 120.
    Years(u8),
    /// One word of a closed list, such as `"yes"`, `"not-known"` or `"school"`.
    Word(String),
    /// Several words, such as the parts a person took, or the ids of a device's users.
    Words(Vec<String>),
}

impl Value {
    /// A value of one word.
    pub fn word(word: &str) -> Self {
        Self::Word(word.to_owned())
    }

    /// The word, when this is one.
    pub fn as_word(&self) -> Option<&str> {
        match self {
            Self::Word(word) => Some(word),
            _ => None,
        }
    }
}

/// One person or device with what has been answered about it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entity {
    /// Letters, digits, `-` and `_`, 1 to 32 of them; unique within people and within devices.
    pub id: String,
    /// Answers by the name of the fact, without scope: `age`, `threatened`, `holds_evidence`.
    #[serde(flatten)]
    pub facts: BTreeMap<String, Value>,
}

/// Everything known of one report, in the shape of the contract.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// Ids of duties that are complete so far, such as `vpa:A`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub done: Vec<String>,
    /// Answers about the report as a whole.
    #[serde(default)]
    pub report: BTreeMap<String, Value>,
    /// Everybody in the matter.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub person: Vec<Entity>,
    /// Every device.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub device: Vec<Entity>,
}
