//! The words of a duty, and of what shows that it is done.

use serde::{Deserialize, Serialize};

use super::{AnswerWords, Said};

/// What can show that a duty is done.
pub const EVIDENCE: [&str; 14] = [
    "welfare",
    "referral",
    "meeting",
    "checks",
    "account",
    "decision",
    "form",
    "told",
    "signposting",
    "removal",
    "identify",
    "crime",
    "review",
    "note",
];

/// What can be decided where a decision shows that a duty is done. The record keeps these words.
pub const DECISIONS: [&str; 16] = [
    "leave",
    "preserve",
    "seize",
    "extract",
    "no-interview",
    "voluntary-interview",
    "arrest",
    "achieving-best-evidence",
    "account-is-enough",
    "witness-statement",
    "later",
    "yes",
    "no",
    "do-it",
    "do-not",
    "other",
];

/// One thing that may be decided where a duty is done by a decision, and what follows from deciding it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChoiceWords {
    /// The value of the record.
    pub value: String,
    /// What the officer reads.
    pub words: String,
    /// Help below it.
    #[serde(default)]
    pub hint: String,
    /// Codes of the outcomes it speaks against: decided all the same, they depart from it.
    #[serde(default)]
    pub against: Vec<String>,
    /// True where it departs from what the duty asks, whatever whoever decides thinks of it.
    #[serde(default)]
    pub departs: bool,
    /// Who has to be consulted first, to go on "Enter who was consulted:"; empty where nobody has to be.
    #[serde(default)]
    pub consult: String,
    /// True where a supervisor has to agree to it whatever the outcome is, before the report is closed.
    #[serde(default)]
    pub agree: bool,
}

/// The words of a page where somebody is told something, where the usual ones could be read two ways.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TellingWords {
    /// Asks whether they were told: "Was the advice given?"
    pub done: String,
    /// Asks what came of it, by what they say: "Do they say that it is deleted?" Empty where nothing of it is to be noted.
    #[serde(default)]
    pub then: String,
}

/// The words of a duty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DutyWords {
    /// `vpa`.
    pub id: String,
    /// `report`, `person` or `device`.
    pub scope: String,
    /// For the task list; `{person}` and `{device}` stand for the one it is for.
    pub title: String,
    /// What is to be done and why, in plain words.
    pub says: String,
    /// How to, a line a step.
    pub how: Vec<String>,
    /// Who does it.
    pub who: String,
    /// must, should or consider.
    pub strength: String,
    /// When: `now`, `PT24H`, `before-outcome`, `after-outcome` …
    pub due: String,
    /// What shows that it is done: one of [`EVIDENCE`].
    pub evidence: String,
    /// True for the one duty that keeps somebody from harm now: where it is due, every page says so first.
    pub at_once: bool,
    /// For a `decision`: what may be decided, in the order offered. None is offered where the duty is done by something else.
    pub choices: Vec<ChoiceWords>,
    /// For a `referral`: what may be done instead where even that is too slow, in the order offered.
    pub step_in: Vec<AnswerWords>,
    /// What is said beside it by what is known of the one it is for.
    pub also: Vec<Said>,
    /// What holds on every page while this is due or decided so, for whoever might write to a home; empty for most duties.
    pub away_from_home: String,
    /// What is left to do where it was done and an answer has made it wrong since; empty for most duties.
    pub done_before: String,
    /// For `told`: what its page asks, where the usual words could be read two ways.
    pub telling: Option<TellingWords>,
    /// G-ids and other sources.
    pub cites: Vec<String>,
}
