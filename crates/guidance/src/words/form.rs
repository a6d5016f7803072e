//! Forms that are filed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::AnswerWords;

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
