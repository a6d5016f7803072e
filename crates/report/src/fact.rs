//! Statements: every answer with who said so, when it happened and when it was entered; and which one counts.

use guidance::Value;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::actor::Actor;
use crate::id::{FactName, PersonId, StatementId};

/// The word of the contract for "asked, and nobody can say yet".
pub const NOT_KNOWN: &str = "not-known";

/// Who said so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "who", content = "which")]
pub enum SaidBy {
    /// The police: what an officer found or concludes. Officers speak with one voice, so a later one replaces an earlier one.
    #[serde(rename = "police")]
    Police,
    /// Somebody in the report.
    #[serde(rename = "person")]
    Person(PersonId),
    /// Whoever reported it.
    #[serde(rename = "reporter")]
    Reporter,
    /// Somebody else or a record, in words. One line.
    #[serde(rename = "other")]
    Other(String),
}

/// What the officer saw as the answer when the page was shown. The page carries it, so that two officers who
/// change the same answer both learn of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Seen {
    /// Not compared: the officer was not shown an answer (an import, a first entry).
    #[default]
    NotCompared,
    /// No answer.
    Nothing,
    /// This statement was the newest.
    Statement(StatementId),
}

impl std::fmt::Display for Seen {
    /// For a hidden field: `-` not compared, `0` nothing, else the number.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotCompared => f.write_str("-"),
            Self::Nothing => f.write_str("0"),
            Self::Statement(id) => write!(f, "{id}"),
        }
    }
}

impl std::str::FromStr for Seen {
    type Err = crate::id::NotAnId;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "-" | "" => Ok(Self::NotCompared),
            "0" => Ok(Self::Nothing),
            number => number.parse().map(Self::Statement),
        }
    }
}

/// An answer to be recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateFact {
    /// Which fact.
    pub fact: FactName,
    /// The answer.
    pub value: Value,
    /// Who said so.
    pub said_by: SaidBy,
    /// The day it happened, where that is known.
    pub happened_on: Option<Date>,
    /// In words. Long text, may be empty.
    pub note: String,
    /// What the officer saw before.
    pub seen: Seen,
}

impl StateFact {
    /// An answer found by the police, with nothing else said about it.
    pub const fn police(fact: FactName, value: Value) -> Self {
        Self { fact, value, said_by: SaidBy::Police, happened_on: None, note: String::new(), seen: Seen::NotCompared }
    }
}

/// Where a statement stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Standing {
    /// It stands.
    Stands,
    /// The same speaker said something else later.
    Replaced(StatementId),
    /// Taken back, with the reason. Kept.
    TakenBack(String),
    /// A later change made the question moot, with what changed. Kept, shown, not counted.
    SetAside(String),
}

/// A statement as it stands in the record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Statement {
    /// Number within the report.
    pub id: StatementId,
    /// Which fact.
    pub fact: FactName,
    /// The answer.
    pub value: Value,
    /// Who said so.
    pub said_by: SaidBy,
    /// The day it happened.
    pub happened_on: Option<Date>,
    /// In words.
    pub note: String,
    /// When it was entered.
    pub entered_at: Timestamp,
    /// Who entered it.
    pub entered_by: Actor,
    /// Whether it still stands.
    pub standing: Standing,
}

/// What counts as the answer to one question now.
#[derive(Debug, Clone, PartialEq)]
pub struct Current<'a> {
    /// The value; `not-known` while statements differ and nobody chose. Nothing when never asked.
    pub value: Option<Value>,
    /// The statements that stand, oldest first.
    pub standing: Vec<&'a Statement>,
    /// True while they differ and the officer has not chosen.
    pub disputed: bool,
    /// The statement the officer chose, if that choice still holds.
    pub chosen: Option<StatementId>,
}

impl Current<'_> {
    /// For the hidden field of the page that asks it.
    pub fn seen(&self) -> Seen {
        self.standing.last().map_or(Seen::Nothing, |s| Seen::Statement(s.id))
    }
}

/// The officer's choice between statements, and how many statements of the report they could have seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Choosing {
    pub statement: StatementId,
    pub up_to: StatementId,
}

/// Which answer counts. A choice holds until somebody says something new that differs from it.
pub(crate) fn current(standing: Vec<&Statement>, choosing: Option<Choosing>) -> Current<'_> {
    let choice = choosing.and_then(|c| standing.iter().find(|s| s.id == c.statement).map(|s| (c, *s)));
    if let Some((choosing, choice)) = choice {
        let something_new = standing.iter().any(|s| s.id > choosing.up_to && s.value != choice.value);
        if !something_new {
            return Current { value: Some(choice.value.clone()), standing, disputed: false, chosen: Some(choice.id) };
        }
    }
    let counting: Vec<&Statement> = standing.iter().filter(|s| !gives_way(s, &standing)).copied().collect();
    let disputed = counting.iter().any(|s| counting.first().is_some_and(|first| s.value != first.value));
    let value = if disputed { Some(Value::word(NOT_KNOWN)) } else { counting.first().map(|s| s.value.clone()) };
    Current { value, standing, disputed, chosen: None }
}

/// "Not known yet" from the police is no account of anything: it gives way to whoever speaks later.
fn gives_way(statement: &Statement, standing: &[&Statement]) -> bool {
    statement.said_by == SaidBy::Police
        && statement.value.as_word() == Some(NOT_KNOWN)
        && standing.iter().any(|other| other.id > statement.id)
}
