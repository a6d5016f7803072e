//! Words that are said only where something is known, and what is told to be done at once. No rule reads them: they change what is
//! read, never what is advised.

use serde::{Deserialize, Serialize};

/// The name every pack defines, with which words are said of somebody to whom something was done: [`Said::fact`] `person.harmed`.
pub const HARMED: &str = "person.harmed";

/// Words that are said while one of these answers is there. What is not known is none of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Said {
    /// Scope and fact: `person.extorted`; or [`HARMED`]. Of the one that is spoken of where it is somebody, else of anybody.
    pub fact: String,
    /// The answers, or some of several chosen together: `yes`, `pictured`.
    pub is: Vec<String>,
    /// The words, a paragraph each.
    pub says: Vec<String>,
}

/// What has to be done at once after a yes: told on every page of the report for as long as it is the answer of anybody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DoNow {
    /// What happens: `Somebody is being blackmailed: do this now`.
    pub title: String,
    /// The steps, first things first.
    pub steps: Vec<String>,
    /// G-ids and other sources.
    pub cites: Vec<String>,
}
