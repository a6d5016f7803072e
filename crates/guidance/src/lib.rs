//! The guidance engine: text of a pack in, checked pack out; facts in, advice out.
//!
//! Pure and total: no clock, file, socket or randomness, and [`Pack::advise`] never fails.
#![warn(missing_docs)]

pub mod advice;
pub mod facts;
mod problem;
pub mod words;

pub use advice::Advice;
pub use facts::{Entity, Facts, Value};
pub use problem::Problem;

/// One file of a pack.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// Name inside the pack's folder, `duties.toml`.
    pub name: &'a str,
    /// Its text.
    pub text: &'a str,
}

/// A checked pack: every rule compiled, every property proved.
#[derive(Debug)]
pub struct Pack {
    reference: advice::PackRef,
    questions: Vec<words::Question>,
    duties: Vec<words::DutyWords>,
    outcomes: Vec<words::OutcomeWords>,
    services: Vec<words::Service>,
    statements: Vec<words::Statement>,
    rules: Vec<words::RuleWords>,
    forms: Vec<words::Form>,
    systems: Vec<words::System>,
}

/// Facts that passed the checks of a pack, ready to be advised on.
#[derive(Debug, Clone)]
pub struct Case {
    _facts: Facts,
}

impl Pack {
    /// Reads, checks, compiles and proves a pack.
    ///
    /// # Errors
    /// Every problem of the pack at once, each with file, line and what to do.
    pub fn load(_files: &[Source<'_>]) -> Result<Self, Vec<Problem>> {
        Err(Vec::new())
    }
    /// Reads facts written in TOML; every problem at once, with its line.
    ///
    /// # Errors
    /// Unknown keys, unknown ids, wrong values, too much of anything.
    pub fn read_toml(&self, _text: &str) -> Result<Facts, Vec<Problem>> {
        Err(Vec::new())
    }
    /// Reads facts written in JSON; every problem at once, with its line.
    ///
    /// # Errors
    /// As for TOML.
    pub fn read_json(&self, _text: &str) -> Result<Facts, Vec<Problem>> {
        Err(Vec::new())
    }
    /// Checks facts that did not come as text.
    ///
    /// # Errors
    /// As for TOML, without lines.
    pub fn check(&self, facts: &Facts) -> Result<Case, Vec<Problem>> {
        Ok(Case { _facts: facts.clone() })
    }
    /// The advice. Total: every case that passed the check has one.
    pub fn advise(&self, _case: &Case) -> Advice {
        Advice {
            pack: self.reference.clone(),
            class: advice::Class::Undetermined,
            grounds: Vec::new(),
            why_not: Vec::new(),
            persons: std::collections::BTreeMap::new(),
            duties: Vec::new(),
            devices: std::collections::BTreeMap::new(),
            outcomes: Vec::new(),
            crime: advice::Crime { record: advice::Record::NotYetKnown, classes: Vec::new() },
            ask_next: Vec::new(),
            would_change: Vec::new(),
            contradictions: Vec::new(),
        }
    }
    /// Id, version and digest.
    pub const fn reference(&self) -> &advice::PackRef {
        &self.reference
    }
    /// All questions, in the order they are asked.
    pub fn questions(&self) -> &[words::Question] {
        &self.questions
    }
    /// The question for a fact without its subject: `person.threatened`.
    pub fn question(&self, fact: &str) -> Option<&words::Question> {
        self.questions.iter().find(|q| q.fact == fact)
    }
    /// All duties, in the order they are shown.
    pub fn duties(&self) -> &[words::DutyWords] {
        &self.duties
    }
    /// All outcomes.
    pub fn outcomes(&self) -> &[words::OutcomeWords] {
        &self.outcomes
    }
    /// All services.
    pub fn services(&self) -> &[words::Service] {
        &self.services
    }
    /// All statements of the guidance.
    pub fn statements(&self) -> &[words::Statement] {
        &self.statements
    }
    /// All forms.
    pub fn forms(&self) -> &[words::Form] {
        &self.forms
    }
    /// All police systems to check.
    pub fn systems(&self) -> &[words::System] {
        &self.systems
    }
    /// All rules as somebody reads them.
    pub fn rules(&self) -> &[words::RuleWords] {
        &self.rules
    }
}
