//! The demonstration as it is written down.

use std::collections::BTreeMap;

use guidance::Value;
use report::{ConcernKind, FactName, Identity, Intrusion, Ndm, PersonId, Reporter, Role, Safety, SaidBy};
use serde::Deserialize;

use crate::stop::Stop;

/// Answers by the name of the fact.
pub type Answers = BTreeMap<String, Value>;

/// All of it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Demo {
    /// At the top of every page.
    pub force_name: String,
    /// Who can sign in.
    pub user: Vec<User>,
    /// Answers used by several people.
    pub sets: BTreeMap<String, Answers>,
    /// Words for whatever asks for them.
    pub words: BTreeMap<String, String>,
    /// The full record of a decision.
    pub ndm: Ndm,
    /// Why something intrusive is lawful.
    pub intrusion: Intrusion,
    /// What is recorded for a task.
    pub evidence: BTreeMap<String, toml::Table>,
    /// The reports.
    pub report: Vec<Report>,
}

/// Somebody who can sign in.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct User {
    /// Id, and the name typed at sign-in.
    pub id: String,
    /// What colleagues read.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Unit.
    pub unit: String,
}

/// One report.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// When it began.
    pub minutes_ago: i64,
    /// Id of the officer who works on it; nobody yet when absent.
    pub officer: Option<String>,
    /// The first questions.
    pub safety: Safety,
    /// Who reports it.
    pub reporter: Reporter,
    /// The answer to who reports it.
    pub reported_by: String,
    /// Reference of the incident log.
    #[serde(default)]
    pub incident_log: String,
    /// Answers about the report.
    #[serde(default)]
    pub facts: Answers,
    /// Everybody in it, A first.
    #[serde(default)]
    pub person: Vec<Person>,
    /// Places.
    #[serde(default)]
    pub place: Vec<Place>,
    /// Devices.
    #[serde(default)]
    pub device: Vec<Device>,
    /// What somebody said.
    #[serde(default)]
    pub statement: Vec<Statement>,
    /// An immediate concern.
    pub concern: Option<Concern>,
    /// What follows.
    pub steps: Vec<String>,
}

/// Somebody in a report.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// Who they are.
    pub identity: Identity,
    /// Answers given when they are added.
    pub facts: Answers,
    /// What they said during the welfare check; absent for whoever was not spoken to.
    pub said: Option<String>,
    /// Names of sets of answers.
    #[serde(default)]
    pub sets: Vec<String>,
    /// Answers of their own, which count before those of the sets.
    #[serde(default)]
    pub answers: Answers,
}

/// A place.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// Address.
    pub address: String,
    /// Why it matters.
    pub why: String,
}

/// A device.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Device {
    /// What it is.
    pub label: String,
    /// Where it is.
    pub whereabouts: String,
    /// Who uses it.
    pub users: Vec<PersonId>,
    /// Answers about it.
    pub facts: Answers,
}

/// What somebody said.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// On which question.
    pub fact: FactName,
    /// What.
    pub value: Value,
    /// Who.
    pub said_by: SaidBy,
}

/// An immediate concern.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Concern {
    /// About what.
    pub kind: ConcernKind,
    /// About whom.
    pub person: Option<PersonId>,
    /// In words.
    pub words: String,
    /// What was done.
    pub action: String,
}

impl Demo {
    /// Reads it.
    ///
    /// # Errors
    /// Where it is not written as it should be.
    pub fn read() -> Result<Self, Stop> {
        toml::from_str(include_str!("../../demo/reports.toml"))
            .map_err(|error| Stop::failed(format!("the demonstration cannot be read: {error}")))
    }

    /// Words for `what`.
    pub fn say(&self, what: &str) -> String {
        self.words.get(what).cloned().unwrap_or_default()
    }

    /// All answers about a person beyond those given when they are added.
    pub fn answers(&self, person: &Person) -> Answers {
        let mut all = Answers::new();
        for set in person.sets.iter().filter_map(|name| self.sets.get(name)) {
            all.extend(set.clone());
        }
        all.extend(person.answers.clone());
        all
    }
}
