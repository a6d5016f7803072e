//! The words of a pack: what pages, letters and people read beside each rule.

use serde::{Deserialize, Serialize};

mod duty;
mod form;
mod said;

pub use crate::leaflet::{Leaflet, Leaflets};
pub use duty::{ChoiceWords, DECISIONS, DutyWords, EVIDENCE, TellingWords};
pub(crate) use form::CHOICE;
pub use form::{FIELD_KINDS, Form, FormField, FormSection, SOURCES, YES_NO};
pub use said::{DoNow, HARMED, Said};

/// The groups that questions can be in. Pages name each in words and show them in an order of their own.
pub const SECTIONS: [&str; 10] =
    ["person", "welfare", "what", "pictured", "aggravating", "reason", "adult", "conduct", "circumstances", "device"];

/// One question, asked of the report or of one person or device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Scope and fact: `report.imagery`, `person.threatened`, `device.holds_evidence`.
    pub fact: String,
    /// Groups questions: one of [`SECTIONS`].
    pub section: String,
    /// The question itself; `{person}` and `{device}` stand for the one it is about.
    pub words: String,
    /// For the page that asks about everybody at once (the aggravating questions): "Did anybody …?"
    #[serde(default)]
    pub anybody: String,
    /// Help below the question.
    #[serde(default)]
    pub hint: String,
    /// Why we ask.
    pub why: String,
    /// A duty that brings the answer, such as `checks`: while it is still to be done, this is asked after everything else.
    #[serde(default)]
    pub after: String,
    /// While this is not ruled out it is asked; empty where it always is. A condition about what the fact is about.
    #[serde(default)]
    pub asked_while: String,
    /// Why it is asked no more once that is ruled out: `{person} is no longer somebody who is pictured`.
    #[serde(default)]
    pub moot: String,
    /// What is said while a yes has no words of its own, where it is worth nothing without; empty elsewhere.
    #[serde(default)]
    pub yes_in_words: String,
    /// What is told beside it where something is known already, such as why it is asked all the same.
    #[serde(default)]
    pub also: Vec<Said>,
    /// What has to be done at once after a yes, told for as long as it holds; nothing at most questions.
    #[serde(default)]
    pub do_now: Option<DoNow>,
    /// Immediate concerns about somebody that a yes bears out: `self-harm`, `missing`, `harm`, `danger`.
    #[serde(default)]
    pub concerns: Vec<String>,
    /// G-ids and other sources.
    pub cites: Vec<String>,
    /// Words for the answers, where they are not Yes / No / Not known yet.
    #[serde(default)]
    pub options: Vec<AnswerWords>,
}

/// The words of a fact that nobody is asked, for where something rests on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactWords {
    /// Scope and fact: `report.outcome_decided`.
    pub fact: String,
    /// As a question: `Which outcome is decided?`
    pub words: String,
    /// Words for what it may be.
    pub options: Vec<AnswerWords>,
}

/// The words of one possible answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerWords {
    /// The value of the contract.
    pub value: String,
    /// What the officer reads.
    pub words: String,
    /// Help below the answer.
    #[serde(default)]
    pub hint: String,
}

/// The words of an outcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutcomeWords {
    /// `21`.
    pub code: String,
    /// Its title in our words.
    pub title: String,
    /// What it means here.
    pub says: String,
    /// True where it stays with somebody, as a charge does: deciding it takes the full record, open or not.
    pub intrusive: bool,
    /// True where it says that somebody committed a crime, as a charge does: it is told where none is recorded for them.
    pub names_crime: bool,
    /// How far down it stands among those that stand alike: what criminalises least comes first.
    pub order: u32,
    /// Ids of the conditions under which the law does not allow it: it is blocked then, and is not decided even as a departure.
    pub never: Vec<String>,
    /// G-ids and other sources.
    pub cites: Vec<String>,
}

/// A service to point a child, parent, carer or officer to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// Short id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Any of `child`, `parent-or-carer`, `school`, `officer`.
    #[serde(rename = "for")]
    pub audience: Vec<String>,
    /// What it does, in plain words.
    pub says: String,
    /// The same said to a child of twelve; empty where it is for adults only.
    #[serde(default)]
    pub to_child: String,
    /// Telephone, if any.
    #[serde(default)]
    pub phone: String,
    /// Web address, if any.
    #[serde(default)]
    pub web: String,
    /// True where it helps to have images removed.
    #[serde(default)]
    pub removal: bool,
    /// A fact of the report, answered with yes or no: where it is answered no, the service is left out of what is printed for that
    /// report. Empty where it fits every report.
    #[serde(default)]
    pub unless_no: String,
    /// The day somebody checked it.
    pub checked_on: String,
    /// Where that is written, and how sure.
    pub source: String,
}

/// One statement of the guidance (a row G01-G53).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// `G44`.
    pub id: String,
    /// Section of the source.
    pub section: String,
    /// What it asks, in our words.
    pub says: String,
    /// Pages or documents that carry it where no rule or question does.
    #[serde(default)]
    pub carried_by: Vec<String>,
}

/// A rule as somebody reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleWords {
    /// Id, unique in the pack.
    pub id: String,
    /// `report`, `person` or `device`.
    pub scope: String,
    /// The condition as written in the pack.
    pub when: String,
    /// What follows: `aggravated`, `duty vpa`, `outcome 21 blocked` …
    pub then: String,
    /// In plain words.
    pub says: String,
    /// G-ids and other sources.
    pub cites: Vec<String>,
    /// File of the pack.
    pub file: String,
    /// Line in that file.
    pub line: u32,
}

/// A police system that people and places are checked on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct System {
    /// Short id: `pnc`.
    pub id: String,
    /// Name: `Police National Computer (PNC)`.
    pub name: String,
    /// What it is, to somebody who was looked up in it: goes on after the name and a comma. Empty where the name says it.
    #[serde(default)]
    pub explained: String,
    /// Any of `person`, `place`.
    #[serde(rename = "for")]
    pub checks: Vec<String>,
}

/// The days that are no working days, beside every Saturday and Sunday.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calendar {
    /// Where the days come from: the id of a source of the pack.
    pub source: String,
    /// The day somebody checked them.
    pub checked_on: String,
    /// First year whose holidays are all given.
    pub from_year: u16,
    /// Last year whose holidays are all given. After it only weekends are known.
    pub until_year: u16,
    /// The holidays, in order.
    pub holiday: Vec<Holiday>,
}

/// A day on which offices are closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holiday {
    /// `2026-12-25`.
    pub day: String,
    /// What it is called.
    pub name: String,
}

/// A source that rules and words cite.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceWords {
    /// Short id.
    pub id: String,
    /// Title.
    pub title: String,
    /// What it is and how it is cited.
    pub says: String,
    /// Where it is found.
    pub place: String,
}

/// What a pack is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PackWords {
    /// Title of the guidance.
    pub title: String,
    /// Where the law it rests on is in force.
    pub jurisdiction: String,
    /// What it is, in plain words.
    pub says: String,
    /// The day from which it applies, `2016-11-24`.
    pub in_force_from: String,
}

/// A name that conditions use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NameWords {
    /// The name.
    pub id: String,
    /// `report` or `person`.
    pub scope: String,
    /// What it means.
    pub says: String,
    /// The condition as written.
    pub when: String,
}

/// A property that is proved when the pack is loaded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PropertyWords {
    /// Its id.
    pub id: String,
    /// What it says.
    pub says: String,
    /// G-ids and other sources.
    pub cites: Vec<String>,
}
