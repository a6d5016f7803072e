//! What stands in the way of closing.

use guidance::Pack;
use guidance::advice::{Advice, Outcome, OutcomeState, Strength};

use super::{Gate, GateKind, Overtaken, Task, TaskState};
use crate::against::choice_words;
use crate::done::is_after_outcome;
use crate::evidence::Evidence;
use crate::id::PersonId;
use crate::state::{OutcomeDecision, Report};

/// Everything that stands in the way of closing; empty when nothing does.
pub(super) fn gates(
    report: &Report,
    pack: &Pack,
    advice: &Advice,
    (tasks, overtaken): (&[Task], &[Overtaken]),
) -> Vec<Gate> {
    let mut gates = Vec::new();
    gates.extend(report.open_concerns().map(|concern| Gate {
        kind: GateKind::Concern(concern.number),
        says: format!("Nobody has said what came of the concern about {}. Answer it", concern.kind.says()),
    }));
    let roles = super::roles::to_take_off(report, advice).into_iter();
    gates.extend(roles.map(|(person, says)| Gate { kind: GateKind::Role(person), says }));
    let mut gate = |says: String| gates.push(Gate { kind: GateKind::Outcome, says });
    if report.outcome(None).is_none() {
        gate("The outcome of the report is not decided. Decide it".to_owned());
    }
    for person in children_to_decide(report, advice, &[]) {
        gate(format!("The outcome for {} is not decided. Decide it", report.label(person.as_str())));
    }
    // Where none can be decided again, a supervisor agrees to that.
    overtaken.iter().filter(|one| one.again).for_each(|one| gate(one.says.clone()));
    if lacks_agreement(report, pack, advice, tasks) {
        gates.push(Gate {
            kind: GateKind::Review,
            says: "A supervisor has not agreed to the record as it is now. Ask for a review".to_owned(),
        });
    }
    gates.extend(tasks.iter().filter(|t| holds_up(t)).map(|task| Gate {
        kind: GateKind::Duty(task.id.clone()),
        says: format!("Still to do, or to depart from with reasons: {}", task.title),
    }));
    gates
}

/// A required or expected duty that is due, or any that comes with the outcome: none of them is left in silence. The review has
/// a gate of its own.
fn holds_up(task: &Task) -> bool {
    let comes_with_outcome = is_after_outcome(&task.duty.due);
    let is_open = matches!(task.state, TaskState::Due | TaskState::PartDone);
    is_open && task.evidence != "review" && (task.duty.strength != Strength::Consider || comes_with_outcome)
}

/// Children the advice has an outcome for that is not blocked, and the officer has decided none, or one that no longer stands.
pub(super) fn children_to_decide(report: &Report, advice: &Advice, overtaken: &[Overtaken]) -> Vec<PersonId> {
    let stands = |person: &PersonId| {
        report.outcome(Some(person)).is_some() && !overtaken.iter().any(|one| one.person.as_ref() == Some(person))
    };
    let mut children: Vec<PersonId> = advice
        .outcomes
        .iter()
        .filter(|o| o.state != OutcomeState::Blocked)
        .filter_map(|o| o.subject.as_deref()?.parse().ok())
        .filter(|person| !stands(person))
        .collect();
    children.sort();
    children.dedup();
    children
}

/// What the advice says of an outcome for the report (`None`) or for a person. What it says of the report is never said of a person.
pub(crate) fn advised<'a>(advice: &'a Advice, code: &str, person: Option<&PersonId>) -> Option<&'a Outcome> {
    let subject = person.map(PersonId::as_str);
    advice.outcomes.iter().find(|o| o.code == code && o.subject.as_deref() == subject)
}

/// Does the advice answer any outcome for this person? Where it does not, none is decided for them, and one that was decided before
/// counts for nothing.
pub(crate) fn is_answered(advice: &Advice, person: &PersonId) -> bool {
    advice.outcomes.iter().any(|o| o.subject.as_deref() == Some(person.as_str()))
}

pub(super) fn is_review(tasks: &[Task], duty: &str) -> bool {
    tasks.iter().any(|t| t.id.as_str() == duty && t.evidence == "review")
}

/// A supervisor has to agree, and has not agreed to the record as it is now.
pub(super) fn lacks_agreement(report: &Report, pack: &Pack, advice: &Advice, tasks: &[Task]) -> bool {
    needs_agreement(report, pack, advice, tasks) && !report.is_agreed(pack)
}

/// What was decided last for this task asks for a supervisor's agreement by itself.
fn decision_asks(report: &Report, pack: &Pack, task: &Task) -> bool {
    report.evidence_for(&task.id).last().is_some_and(|filed| match &filed.evidence {
        Evidence::Decision(decision) => choice_words(pack, &task.id, decision.choice).is_some_and(|words| words.agree),
        _ => false,
    })
}

/// A supervisor agrees to every departure, to what the pack says they agree to, to every outcome whose advice asks for it, and to
/// one that was decided for somebody for whom none is decided any more. Charge asks for none.
fn needs_agreement(report: &Report, pack: &Pack, advice: &Advice, tasks: &[Task]) -> bool {
    let departs = !report.departures.is_empty()
        || report.classes_held.iter().any(|held| held.differs(advice.class))
        || report.evidence.values().flatten().any(|f| f.departs && f.withdrawn.is_none());
    let outcome_asks = |decided: &OutcomeDecision| {
        decided.departs
            || decided.person.as_ref().is_some_and(|person| !is_answered(advice, person))
            || advised(advice, &decided.code, decided.person.as_ref())
                .or_else(|| advised(advice, &decided.code, None))
                .is_some_and(|o| o.needs.iter().any(|need| is_review(tasks, need)))
    };
    let people = report.people.iter().filter(|p| p.withdrawn.is_none()).map(|p| report.outcome(Some(&p.id)));
    departs
        || tasks.iter().any(|task| decision_asks(report, pack, task))
        || std::iter::once(report.outcome(None)).chain(people).flatten().any(outcome_asks)
}
