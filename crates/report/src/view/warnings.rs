//! What must not be overlooked: an immediate concern that no answer bears out, a suspect who cannot be one, and a meeting or a talk that is planned while
//! the checks that come before it are open.

use guidance::{Advice, Facts, Pack, Value};
use jiff::Timestamp;

use super::due::britain;
use super::roles::to_take_off;
use super::{Task, TaskState, Warning};
use crate::evidence::Evidence;
use crate::state::Report;
use crate::telling::Telling;

/// What the checks on police systems come before.
pub(super) const PLANNED: [&str; 2] = ["multi_agency_meeting_planned", "discussion_with_family_planned"];
/// Comes before the checks, with the reason recorded.
const CANNOT_WAIT: &str = "safeguarding_cannot_wait";

/// Warnings that hold now, one for each thing that is planned.
pub(super) fn warnings(
    report: &Report,
    pack: &Pack,
    (facts, advice): (&Facts, &Advice),
    tasks: &[Task],
    now: Timestamp,
) -> Vec<Warning> {
    let mut all: Vec<Warning> = denied(report, pack, facts).into_iter().collect();
    let roles = to_take_off(report, advice).into_iter();
    all.extend(roles.map(|(_, says)| Warning { says, duties: Vec::new(), cites: Vec::new() }));
    all.extend(outrun(report, pack, tasks));
    all.extend(before_checks(report, pack, facts, tasks, now));
    all
}

/// Somebody raised a concern without a name, nobody has said what came of it, and then it was answered of one person after the
/// other that there is none.
fn denied(report: &Report, pack: &Pack, facts: &Facts) -> Option<Warning> {
    report.open_concerns().find(|concern| concern.person.is_none())?;
    let of_concern = || pack.questions().iter().filter(|question| !question.concerns.is_empty());
    let names: Vec<&str> = of_concern().filter_map(|question| question.fact.strip_prefix("person.")).collect();
    let said = || facts.person.iter().flat_map(|person| names.iter().filter_map(|name| person.facts.get(*name)));
    let (yes, no) = (Value::word("yes"), Value::word("no"));
    if said().any(|value| *value == yes) || !said().any(|value| *value == no) {
        return None;
    }
    let mut cites: Vec<String> = of_concern().flat_map(|question| question.cites.iter().cloned()).collect();
    cites.sort();
    cites.dedup();
    Some(Warning {
        says: "An immediate concern has been raised, but no answer in the report shows it. If it is about somebody here, change \
               the answer about them. If it is not founded, say so when you record what came of it"
            .to_owned(),
        duties: Vec::new(),
        cites,
    })
}

/// Somebody was acted for, and more has come up about them since, or nobody has taken it on yet.
fn outrun(report: &Report, pack: &Pack, tasks: &[Task]) -> Vec<Warning> {
    let is_open = |task: &&Task| task.state == TaskState::PartDone;
    let warning = |task: &Task| {
        let filed = report.evidence_for(&task.id);
        let last = filed.last()?;
        let says = if report.is_outrun(pack, &task.id, last.at) {
            format!("{}: more has come up since it was acted on. Act on that too", task.title)
        } else if matches!(last.evidence, Evidence::SteppedIn { .. }) {
            format!("{}: somebody stepped in. It is done once a referral is taken too", task.title)
        } else {
            return None;
        };
        Some(Warning { says, duties: vec![task.id.clone()], cites: task.duty.cites.to_vec() })
    };
    tasks.iter().filter(is_open).filter_map(warning).collect()
}

fn before_checks(report: &Report, pack: &Pack, facts: &Facts, tasks: &[Task], now: Timestamp) -> Vec<Warning> {
    let open: Vec<&Task> = checks_open(tasks).collect();
    if open.is_empty() {
        return Vec::new();
    }
    let yes = |fact: &str| facts.report.get(fact) == Some(&Value::word("yes"));
    let [meeting, talk] = PLANNED;
    let mut planned = Vec::new();
    if (yes(meeting) && !met_with_reason(report)) || meets_soon(report, now) {
        planned.push("A meeting with other agencies is planned");
    }
    if yes(talk) && !told_with_reason(report) {
        planned.push("A talk with a child or family is planned");
    }
    let act = if yes(CANNOT_WAIT) {
        "Somebody's safety cannot wait: act first, say why when you record it, and check afterwards"
    } else {
        "Do them first. Only where somebody's safety cannot wait: act, and say why when you record it"
    };
    let open_words = match open.len() {
        1 => "1 check on police systems is not done".to_owned(),
        many => format!("{many} checks on police systems are not done"),
    };
    let mut cites: Vec<String> = open.iter().flat_map(|task| task.duty.cites.iter().cloned()).collect();
    cites.sort();
    cites.dedup();
    cites.retain(|cite| pack.statements().iter().any(|statement| statement.id == *cite));
    planned
        .into_iter()
        .map(|planned| Warning {
            says: format!("{planned}, and {open_words}. {act}"),
            duties: open.iter().map(|task| task.id.clone()).collect(),
            cites: cites.clone(),
        })
        .collect()
}

/// The checks on people and places that are still open.
pub(super) fn checks_open(tasks: &[Task]) -> impl Iterator<Item = &Task> {
    tasks.iter().filter(|t| t.evidence == "checks" && matches!(t.state, TaskState::Due | TaskState::PartDone))
}

/// A meeting entered for today or later, without a reason why it could not wait.
fn meets_soon(report: &Report, now: Timestamp) -> bool {
    let today = now.to_zoned_datetime(britain()).date();
    standing(report).any(|evidence| {
        matches!(evidence, Evidence::Meeting { on, before_checks_because, .. }
            if *on >= today && before_checks_because.trim().is_empty())
    })
}

fn met_with_reason(report: &Report) -> bool {
    standing(report).any(|evidence| {
        matches!(evidence, Evidence::Meeting { before_checks_because, .. } if !before_checks_because.trim().is_empty())
    })
}

fn told_with_reason(report: &Report) -> bool {
    standing(report).any(|evidence| {
        matches!(evidence, Evidence::Told { telling: Telling::Told { .. }, before_checks_because, .. }
            | Evidence::Account { before_checks_because, .. }
            if !before_checks_because.trim().is_empty())
    })
}

fn standing(report: &Report) -> impl Iterator<Item = &Evidence> {
    report.evidence.values().flatten().filter(|filed| filed.withdrawn.is_none()).map(|filed| &filed.evidence)
}
