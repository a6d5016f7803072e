//! The words of a pack: what pages, letters and people read beside each rule.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use crate::leaflet::{Leaflet, Leaflets};

/// The groups that questions can be in. Pages name each in words and show them in an order of their own.
pub const SECTIONS: [&str; 10] =
    ["person", "welfare", "what", "pictured", "aggravating", "reason", "adult", "conduct", "circumstances", "device"];

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

/// What fields of a form can be filled in from, beside the facts of a report.
pub const SOURCES: [&str; 17] = [
    "report.reference",
    "advice.class",
    "officer.name",
    "reporter.school",
    "safety.safe_number",
    "safety.done",
    "person.name",
    "person.date_of_birth",
    "person.address",
    "person.school",
    "person.needs",
    "person.ethnicity",
    "person.responsible_adults",
    "person.voice",
    "person.demeanour",
    "person.social_care",
    "person.referrals",
];

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
    /// What holds on every page while this is due or decided so, for whoever might write to a home; empty for most duties.
    pub away_from_home: String,
    /// For `told`: what its page asks, where the usual words could be read two ways.
    pub telling: Option<TellingWords>,
    /// G-ids and other sources.
    pub cites: Vec<String>,
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

/// A form that is filed, such as the VPA: data, so that a force's own form replaces it without code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Form {
    /// Id of the duty it belongs to: `vpa`, `cse-screening`.
    pub id: String,
    /// Title.
    pub title: String,
    /// Version of the form.
    pub version: String,
    /// What it is for.
    pub says: String,
    /// True where one filing may name several people.
    #[serde(default)]
    pub names_others: bool,
    /// Who is given it outside Waymark, which sends nothing: "your force's referral unit"; empty where nobody is.
    #[serde(default)]
    pub pass_to: String,
    /// G-ids and other sources.
    pub cites: Vec<String>,
    /// Its parts, in order.
    pub section: Vec<FormSection>,
}

/// A part of a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormSection {
    /// Heading.
    pub title: String,
    /// Help below the heading.
    #[serde(default)]
    pub says: String,
    /// The fields, in order.
    pub field: Vec<FormField>,
}

/// A field of a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormField {
    /// Unique in the form: letters, digits and `_`.
    pub id: String,
    /// Label.
    pub label: String,
    /// Help.
    #[serde(default)]
    pub hint: String,
    /// One of [`FIELD_KINDS`].
    pub kind: String,
    /// For `choice`.
    #[serde(default)]
    pub options: Vec<AnswerWords>,
    /// Must it be filled in before the form is filed?
    #[serde(default)]
    pub required: bool,
    /// What it is filled in from: a fact such as `person.in_care`, or one of [`SOURCES`].
    /// Where it is answered yes or no, it is the same question as that fact.
    #[serde(default)]
    pub from: String,
    /// For `choice`: options that say yes to a fact, and which.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub says_yes_to: BTreeMap<String, String>,
}

impl FormField {
    /// The fact that an answer to this field says yes to, or that is asked by it.
    pub fn fact(&self, answer: &str) -> Option<&str> {
        match self.kind.as_str() {
            YES_NO if !self.from.is_empty() => Some(&self.from),
            _ => self.says_yes_to.get(answer).map(String::as_str),
        }
    }
}

/// The kinds of fields: one line, several, yes or no (or not known), and one of several options.
pub const FIELD_KINDS: [&str; 4] = ["text", "long-text", YES_NO, CHOICE];

/// The kind of a field that has options.
pub(crate) const CHOICE: &str = "choice";

/// The kind of a field that is answered yes, no or not known.
pub const YES_NO: &str = "yes-no";

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
