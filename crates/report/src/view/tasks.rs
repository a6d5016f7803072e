//! Tasks from duties.

use guidance::advice::{Advice, Duty, DutyState, Strength};
use guidance::{Pack, words::DutyWords};
use jiff::Timestamp;

use super::due::{done_since, due_time};
use super::{Begun, DueTime, Task, TaskState};
use crate::addressed::first_upper;
use crate::done::{LOCATION, duty_words, is_held};
use crate::draft::DraftOf;
use crate::evidence::{CheckEntry, CheckResult, CrimeRecord, Evidence, Filed};
use crate::id::DutyId;
use crate::state::Report;
use crate::telling::{Telling, Then};

/// Every duty of the advice as a task, in the order of the advice.
pub(super) fn tasks(report: &Report, pack: &Pack, advice: &Advice, now: Timestamp) -> Vec<Task> {
    advice.duties.iter().filter_map(|duty| Some(task(report, pack, duty, duty.id.parse().ok()?, now))).collect()
}

/// What the guidance asks to be done at once where somebody may come to harm, before all else.
pub fn at_once(pack: &Pack) -> Option<&DutyWords> {
    pack.duties().iter().find(|duty| duty.at_once)
}

fn task(report: &Report, pack: &Pack, duty: &Duty, id: DutyId, now: Timestamp) -> Task {
    let words = duty_words(pack, &id);
    let evidence = words.map_or("note", |words| words.evidence.as_str()).to_owned();
    let filed = report.evidence_for(&id);
    let last_at = filed.last().map(|filed| filed.at);
    let (due, counted_from) = due_time(report, pack, duty, last_at);
    let begun = begun(report, &id);
    let waits = words.is_some_and(|words| report.waits_for_outcome(pack, words, &id).is_some());
    let state = if waits && duty.state == DutyState::Due {
        TaskState::Later
    } else {
        state(report, duty, !filed.is_empty() || begun.as_ref().is_some_and(|begun| !begun.departs))
    };
    let is_open = matches!(state, TaskState::Due | TaskState::PartDone);
    let overdue = is_open && !report.is_closed() && matches!(due, DueTime::At(at) if at < now);
    let done_late = match due {
        // Only what was recorded after its time can be late: most is not, and needs no look at the past.
        DueTime::At(at) if state == TaskState::Done && last_at > Some(at) => {
            done_since(report, pack, &id).filter(|done| *done > at)
        }
        _ => None,
    };
    let progress = (evidence == "checks").then(|| {
        let fields = report.matrix(pack, &id);
        (fields.iter().filter(|f| f.entry.is_some()).count(), fields.len())
    });
    // Without a place there is nothing to count.
    let progress = progress.filter(|(_, all)| *all > 0);
    let awaits_acknowledgement = filed.last().is_some_and(|f| match &f.evidence {
        Evidence::Referral { reference, acknowledged: None, .. } => !reference.is_empty(),
        Evidence::Form(form) => form.received.is_none() && form.is_passed_on(pack),
        _ => false,
    });
    Task {
        title: title(report, words, &id),
        state,
        overdue,
        due,
        counted_from,
        evidence,
        progress,
        begun,
        last: last_of(&filed),
        departs: filed.last().is_some_and(|f| f.departs),
        done_late,
        awaits_acknowledgement,
        who: words.map(|w| w.who.clone()).unwrap_or_default(),
        how: words.map(|w| w.how.clone()).unwrap_or_default(),
        duty: Duty { says: fill(report, &id, &duty.says).into(), ..duty.clone() },
        id,
    }
}

/// What was put aside for a duty: doing it, else departing from it.
fn begun(report: &Report, duty: &DutyId) -> Option<Begun> {
    let pages = [(DraftOf::Task(duty.clone()), false), (DraftOf::Departure(duty.clone()), true)];
    pages.into_iter().find_map(|(of, departs)| {
        report.draft(&of).map(|draft| Begun { by: draft.by.name.clone(), at: draft.at, departs })
    })
}

fn state(report: &Report, duty: &Duty, has_begun: bool) -> TaskState {
    match duty.state {
        DutyState::Done => TaskState::Done,
        _ if report.departure(&duty.id).is_some() => TaskState::Departed,
        DutyState::NotYetKnown => TaskState::MayBeNeeded,
        DutyState::Due if has_begun => TaskState::PartDone,
        DutyState::Due => TaskState::Due,
    }
}

pub(super) fn title(report: &Report, words: Option<&DutyWords>, id: &DutyId) -> String {
    let title = words.map_or_else(|| id.as_str().to_owned(), |w| w.title.clone());
    fill(report, id, &title)
}

/// Puts the person or device a duty is for into words of the pack.
pub(super) fn fill(report: &Report, id: &DutyId, words: &str) -> String {
    match id.subject() {
        None | Some(LOCATION) => words.to_owned(),
        Some(subject) => {
            words.replace("{person}", &report.label(subject)).replace("{device}", &report.device_label(subject))
        }
    }
}

/// True when nothing stands before the outcome but the supervisor's review.
pub(super) fn only_review_is_left(tasks: &[Task]) -> bool {
    let is_review = |task: &Task| task.evidence == "review";
    let review_is_due = tasks.iter().any(|t| is_review(t) && t.state == TaskState::Due);
    let before_outcome = |t: &Task| !matches!(&t.due, DueTime::Moment(m) if m.starts_with("after-outcome"));
    let others_open = tasks
        .iter()
        .filter(|t| !is_review(t) && t.duty.strength != Strength::Consider && before_outcome(t))
        .any(|t| matches!(t.state, TaskState::Due | TaskState::PartDone | TaskState::MayBeNeeded));
    review_is_due && !others_open
}

/// What was last recorded; where that is a crime, every crime recorded with it: a report may have several.
fn last_of(filed: &[&Filed]) -> Option<String> {
    let is_crime = |filed: &&&Filed| matches!(filed.evidence, Evidence::Crime { record: CrimeRecord::Recorded { .. } });
    let mut crimes: Vec<String> = filed.iter().rev().take_while(is_crime).map(|filed| last(filed)).collect();
    crimes.reverse();
    crimes.dedup();
    if crimes.is_empty() { filed.last().map(|filed| last(filed)) } else { Some(crimes.join("; ")) }
}

/// What was last recorded, in a few words: a meeting that is still to come is told apart from one that was held.
fn last(filed: &Filed) -> String {
    let says = summary(&filed.evidence);
    let is_planned = matches!(filed.evidence, Evidence::Meeting { .. }) && !is_held(filed);
    if is_planned { format!("Planned for {says}") } else { says }
}

/// A system that could not be looked up is entered, and clears nobody.
fn checked(entries: &[CheckEntry]) -> String {
    let is_unmade = |entry: &&CheckEntry| matches!(entry.result, CheckResult::Cannot { .. });
    let unmade = entries.iter().filter(is_unmade).count();
    match (entries.len() - unmade, unmade) {
        (1, 0) => "1 system looked up".to_owned(),
        (made, 0) => format!("{made} systems looked up"),
        (made, unmade) => format!("{made} of {} systems looked up, {unmade} could not be", made + unmade),
    }
}

/// What whoever was told says came of it. What it is that is done or not stands in the title of the task.
fn came_of_it(then: &Then) -> String {
    match then {
        Then::Done => "; by what they say, it is done".to_owned(),
        Then::NotDone => "; by what they say, it is not done".to_owned(),
        Then::NotKnown => "; not known yet whether it is done".to_owned(),
        Then::Later { when } => format!("; by what they say, it will be done: {when}"),
    }
}

/// What evidence says, in a few words.
pub(super) fn summary(evidence: &Evidence) -> String {
    match evidence {
        Evidence::Welfare { finding, .. } => finding.clone(),
        Evidence::Referral { to, reference, .. } if reference.is_empty() => {
            format!("Sent to {to}, no reference yet")
        }
        Evidence::Referral { to, reference, .. } => format!("Sent to {to}, reference {reference}"),
        Evidence::SteppedIn { what, by, .. } => first_upper(&format!("{} by {by}", what.replace('-', " "))),
        Evidence::Meeting { on, with, .. } => format!("{} with {with}", on.strftime("%-d %B %Y")),
        Evidence::Checks { no_place, .. } if !no_place.is_empty() => format!("No place known: {no_place}"),
        Evidence::Checks { entries, .. } => checked(entries),
        Evidence::Account { taken_by, .. } => format!("Taken by {taken_by}"),
        Evidence::Decision(decision) => format!("{}: {}", decision.choice.says(), decision.reason),
        Evidence::Form(form) => format!("Filed as {}", form.reference),
        Evidence::Told { who, telling: Telling::Told { means, then, .. }, .. } => {
            format!("{who} told {}{}", means.says(), then.as_ref().map(came_of_it).unwrap_or_default())
        }
        Evidence::Told { who, telling: Telling::NotTold { because }, .. } => format!("{who} not told yet: {because}"),
        Evidence::Signposting { who, services, leaflet, .. } => {
            let says = match (services.len(), leaflet) {
                (0, _) => "leaflet given".to_owned(),
                (1, true) => "1 service offered, leaflet given".to_owned(),
                (1, false) => "1 service offered".to_owned(),
                (many, true) => format!("{many} services offered, leaflet given"),
                (many, false) => format!("{many} services offered"),
            };
            if who.is_empty() { first_upper(&says) } else { format!("{who}: {says}") }
        }
        Evidence::Removal { service, on, .. } => format!("Asked {service} on {}", on.strftime("%-d %B %Y")),
        Evidence::Crime { record: CrimeRecord::Recorded { reference, code, .. } } => {
            format!("{reference}, class {code}")
        }
        Evidence::Crime { record: CrimeRecord::NotRecorded { reason, .. } } => format!("No crime recorded: {reason}"),
        Evidence::Identify { note } | Evidence::Note { text: note } => note.clone(),
    }
}
