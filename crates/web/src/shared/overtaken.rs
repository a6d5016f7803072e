//! Outcomes that no longer stand as they were decided: told first on the page of the report, of the outcomes and of the review, and
//! at the moment an answer does it.

use report::{FactName, FactScope, Report};

use crate::routes;
use crate::shared::record::Opened;
use crate::shared::words::first_upper;

/// Outcomes that no longer stand because of the same changes: told in one.
pub struct Overtaken {
    /// Each of them.
    pub outcomes: Vec<Fallen>,
    /// What they were decided on, and what is known now.
    pub changed: Vec<String>,
    /// Where they are decided again; nothing where none is decided any more, or on that page itself.
    pub again: Option<String>,
}

/// An outcome that no longer stands as it was decided.
pub struct Fallen {
    /// What has happened to it and what to do.
    pub says: String,
    /// Why it is ruled out now.
    pub reasons: Vec<String>,
}

/// All of them. A closed report takes addenda only.
pub fn overtaken(opened: &Opened) -> Vec<Overtaken> {
    told(opened, opened.view.overtaken.iter())
}

/// The same on the page where outcomes are decided.
pub fn overtaken_here(opened: &Opened) -> Vec<Overtaken> {
    let all = overtaken(opened).into_iter();
    all.map(|one| Overtaken { again: None, ..one }).collect()
}

/// Those that stood when the report had this version.
pub fn overtaken_since(opened: &Opened, version: u64) -> Vec<Overtaken> {
    let Some(last) = opened.report.log.last().filter(|_| !opened.view.overtaken.is_empty()) else {
        return Vec::new();
    };
    let before = opened.as_of(version);
    let Ok(advised) = before.advise(opened.pack()) else { return Vec::new() };
    let fallen = before.overtaken(&advised, opened.pack(), last.recorded_at);
    let is_new = |one: &&report::Overtaken| {
        one.version <= version
            && !fallen.iter().any(|before| before.version == one.version && before.person == one.person)
    };
    told(opened, opened.view.overtaken.iter().filter(is_new))
}

fn told<'a>(opened: &Opened, all: impl Iterator<Item = &'a report::Overtaken>) -> Vec<Overtaken> {
    let mut told: Vec<Overtaken> = Vec::new();
    for one in all.filter(|_| !opened.report.is_closed()) {
        let fallen = Fallen { says: format!("{}.", one.says), reasons: one.reasons.clone() };
        let changed = changed(opened, one);
        let again = one.again.then(|| routes::outcomes(opened.reference()));
        match told.iter_mut().find(|group| group.changed == changed) {
            Some(group) => {
                group.outcomes.push(fallen);
                group.again = group.again.take().or(again);
            }
            None => told.push(Overtaken { outcomes: vec![fallen], changed, again }),
        }
    }
    told
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
