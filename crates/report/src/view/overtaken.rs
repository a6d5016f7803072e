//! Outcomes that no longer stand as they were decided: the facts have changed, or somebody decided against them since. That is told
//! before anything else, because somebody may have acted on them.

use guidance::Pack;
use guidance::advice::{Advice, Outcome, OutcomeState};

use super::Task;
use super::gates::{advised, is_answered, is_review};
use crate::id::{FactName, PersonId};
use crate::state::{OutcomeDecision, Report};

/// An outcome that no longer stands as it was decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overtaken {
    /// Home Office code.
    pub code: String,
    /// The person, or nothing for the report.
    pub person: Option<PersonId>,
    /// Position of the decision in the stream: what was known then is what it rested on.
    pub version: u64,
    /// What has happened to it and what to do.
    pub says: String,
    /// Why it is ruled out now, in words of the pack; empty where it is not.
    pub reasons: Vec<String>,
    /// Answers that rule it out now.
    pub because: Vec<FactName>,
    /// Is an outcome decided for them at all, by what is known now? Then this one is to be decided again.
    pub again: bool,
}

/// Every outcome that counts, for the report and for everybody in it, and no longer stands as it was decided.
pub(super) fn overtaken(report: &Report, pack: &Pack, advice: &Advice, tasks: &[Task]) -> Vec<Overtaken> {
    let people = report.people.iter().filter(|person| person.withdrawn.is_none());
    let of_people = people.filter_map(|person| report.outcome(Some(&person.id)));
    let decided = report.outcome(None).into_iter().chain(of_people);
    decided.filter_map(|decided| of(report, pack, (advice, tasks), decided)).collect()
}

fn of(
    report: &Report,
    pack: &Pack,
    (advice, tasks): (&Advice, &[Task]),
    decided: &OutcomeDecision,
) -> Option<Overtaken> {
    let (code, person) = (&decided.code, decided.person.as_ref());
    let whom = person.map_or_else(|| "the report".to_owned(), |person| report.label(person.as_str()));
    let changed = format!("Outcome {code} for {whom} was decided on facts that have changed");
    let overtaken = |says: String, again: bool| Overtaken {
        code: code.clone(),
        person: person.cloned(),
        version: decided.version,
        says,
        reasons: Vec::new(),
        because: Vec::new(),
        again,
    };
    if person.is_some_and(|person| !is_answered(advice, person)) {
        let says = "From what is known now, no outcome is decided for them in this report. Tell whoever acted on it, and ask for a review";
        // Nothing can be decided again for them: it is told until a supervisor has agreed to the record as it is.
        return (!report.is_agreed(pack)).then(|| overtaken(format!("{changed}. {says}"), false));
    }
    if !decided.departs
        && let Some(against) = report.decided_against(pack, advice, code, person)
    {
        let says = format!(
            "Outcome {code} for {whom} does not go with another decision: {}. Look at both and decide again",
            against.words
        );
        return Some(overtaken(says, true));
    }
    let outcome = advised(advice, code, person);
    match outcome.map(|outcome| outcome.state) {
        Some(OutcomeState::Open) => None,
        Some(OutcomeState::NotYet) if decided.departs || outcome.is_some_and(|o| waits_for_review_only(tasks, o)) => {
            None
        }
        Some(OutcomeState::NotYet) => Some(overtaken(format!("{changed}. Look at it and decide again"), true)),
        Some(OutcomeState::Blocked) | None => {
            let because = outcome.map(facts).unwrap_or_default();
            // Whoever departed from advice that ruled it out knew of it.
            if decided.departs && !report.differs_since(decided.version, &because) {
                return None;
            }
            let says = "It can no longer stand as it was decided. Decide again, and tell whoever acted on it";
            let reasons = outcome.map(|outcome| outcome.says.iter().map(String::from).collect());
            Some(Overtaken {
                reasons: reasons.unwrap_or_default(),
                because,
                ..overtaken(format!("{changed}. {says}"), true)
            })
        }
    }
}

fn facts(outcome: &Outcome) -> Vec<FactName> {
    outcome.because.iter().filter_map(|because| because.fact.parse().ok()).collect()
}

/// It waits for a supervisor's review, and for nothing else.
fn waits_for_review_only(tasks: &[Task], outcome: &Outcome) -> bool {
    !outcome.needs.is_empty() && outcome.needs.iter().all(|need| is_review(tasks, need))
}

impl Report {
    /// Is one of these answered otherwise than when the report had this version?
    fn differs_since(&self, version: u64, facts: &[FactName]) -> bool {
        let before = self.as_of(version);
        facts.iter().any(|fact| before.current(fact).value != self.current(fact).value)
    }
}
