//! Outcomes that no longer stand as they were decided: told first on the page of the report, of the outcomes and of the review.

use report::{FactName, FactScope, Report};

use crate::routes;
use crate::shared::record::Opened;
use crate::shared::words::first_upper;

/// An outcome that no longer stands as it was decided.
pub struct Overtaken {
    /// What has happened to it and what to do.
    pub says: String,
    /// What it was decided on, and what is known now.
    pub changed: Vec<String>,
    /// Why it is ruled out now.
    pub reasons: Vec<String>,
    /// Where it is decided again; nothing where none is decided any more.
    pub again: Option<String>,
}

/// All of them. A closed report takes addenda only.
pub fn overtaken(opened: &Opened) -> Vec<Overtaken> {
    if opened.report.is_closed() {
        return Vec::new();
    }
    let all = opened.view.overtaken.iter();
    let told = |one: &report::Overtaken| Overtaken {
        says: format!("{}.", one.says),
        changed: changed(opened, one),
        reasons: one.reasons.clone(),
        again: one.again.then(|| routes::outcomes(opened.reference())),
    };
    all.map(told).collect()
}

/// The answers that differ from when it was decided: those that rule it out now, else those about whom it is, else all.
fn changed(opened: &Opened, one: &report::Overtaken) -> Vec<String> {
    let before = opened.as_of(one.version);
    let differs = |fact: &&FactName| value(&before, fact) != value(&opened.report, fact);
    let mut known: Vec<&FactName> = opened.report.statements.iter().map(|said| &said.fact).collect();
    known.sort();
    known.dedup();
    let differ: Vec<&FactName> = known.into_iter().filter(differs).collect();
    let rules_out: Vec<&FactName> = differ.iter().filter(|fact| one.because.contains(fact)).copied().collect();
    let theirs: Vec<&FactName> = differ
        .iter()
        .filter(|fact| match (fact.scope(), &one.person) {
            (FactScope::Person(id), Some(person)) => id == person.as_str(),
            _ => false,
        })
        .copied()
        .collect();
    let told = [rules_out, theirs, differ].into_iter().find(|facts| !facts.is_empty());
    let line = |fact: &FactName| {
        let words = |report: &Report| {
            value(report, fact).map_or_else(|| "not answered".to_owned(), |value| opened.value_words(fact, &value))
        };
        format!(
            "{} Then: {}. Now: {}.",
            first_upper(&opened.question_words(fact)),
            words(&before),
            words(&opened.report)
        )
    };
    told.unwrap_or_default().into_iter().map(line).collect()
}

fn value(report: &Report, fact: &FactName) -> Option<guidance::Value> {
    report.current(fact).value
}
