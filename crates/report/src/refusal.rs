//! A refusal: everything that is wrong at once, in the words of whoever filled in the form.

use guidance::Value;
use serde::Serialize;

use crate::fact::Statement;
use crate::id::FactName;

/// One thing that is wrong, for the error summary and the field it belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Wrong {
    /// Name of the form's field, such as `finding` or `person.A.age`; empty where it is about no single field.
    pub field: String,
    /// What was wrong and what to do.
    pub says: String,
}

impl Wrong {
    /// Something wrong with one field.
    pub fn new(field: impl Into<String>, says: impl Into<String>) -> Self {
        Self { field: field.into(), says: says.into() }
    }
}

/// Somebody else answered the same question in the meantime. Nothing was stored.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Conflict {
    /// The fact both answered.
    pub fact: FactName,
    /// What this officer wanted to record.
    pub yours: Value,
    /// The statements that stand now, newest last: who said so, who entered it and when.
    pub theirs: Vec<Statement>,
}

/// Why a command was not carried out. Nothing of it was stored.
#[derive(Debug, Clone, PartialEq, Serialize, thiserror::Error)]
pub enum Refusal {
    /// What was entered cannot be recorded as it is.
    #[error("{}", sentences(.0))]
    Problems(Vec<Wrong>),
    /// Two officers answered the same question.
    #[error("somebody else has answered this since you opened the page; look at both answers, then choose")]
    Conflict(Vec<Conflict>),
    /// This person may not do this, or not now.
    #[error("{says}")]
    NotAllowed {
        /// Why, and what to do instead.
        says: String,
    },
}

impl Refusal {
    /// A refusal about one field.
    pub fn field(field: impl Into<String>, says: impl Into<String>) -> Self {
        Self::Problems(vec![Wrong::new(field, says)])
    }

    /// A refusal because of who asks, or when.
    pub fn not_allowed(says: impl Into<String>) -> Self {
        Self::NotAllowed { says: says.into() }
    }

    /// Everything that is wrong, whatever kind of refusal it is: what an error summary lists.
    pub fn problems(&self) -> Vec<Wrong> {
        match self {
            Self::Problems(wrongs) => wrongs.clone(),
            Self::Conflict(conflicts) => conflicts
                .iter()
                .map(|c| {
                    Wrong::new(
                        c.fact.as_str(),
                        "Somebody else has answered this since you opened the page. Look at both answers, then choose",
                    )
                })
                .collect(),
            Self::NotAllowed { says } => vec![Wrong::new("", says.clone())],
        }
    }
}

fn sentences(wrongs: &[Wrong]) -> String {
    wrongs.iter().map(|w| w.says.as_str()).collect::<Vec<_>>().join(". ")
}
