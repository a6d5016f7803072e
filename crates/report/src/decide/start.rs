//! How a report begins, its references, and immediate concern.

use jiff::SignedDuration;

use guidance::{Pack, Value};

use super::{Bodies, lines, required, required_line, settle};
use crate::actor::Context;
use crate::carried::IDENTIFIED;
use crate::command::StartReport;
use crate::event::{EventBody, LinkFrom};
use crate::fact::SaidBy;
use crate::id::{FactName, PersonId, StatementId};
use crate::people::{Allocation, Answer, ConcernKind, Link, Reference, ReferenceKind, Reporter, Safety};
use crate::refusal::Wrong;
use crate::state::{Report, pseudonym};
use crate::text;

/// References are printed, spoken and put into file names.
const MAX_REFERENCE: usize = 40;

/// An older report is a slip of the pen: nothing that is entered today was reported before this, ten years.
const OLDEST_REPORT: SignedDuration = SignedDuration::from_hours(10 * 366 * 24);

pub(super) fn start(start: StartReport, context: &Context) -> Bodies {
    let reported_at = start.reported_at.unwrap_or(context.at);
    let mut wrongs = Vec::new();
    if start.reference.is_empty()
        || start.reference.len() > MAX_REFERENCE
        || !start.reference.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    {
        wrongs.push(Wrong::new("reference", "The reference may only have letters, digits and hyphens, 40 at most"));
    }
    lines([("unit", &start.unit), ("incident_log", &start.incident_log)], &mut wrongs);
    guard_safety(&start.safety, &mut wrongs);
    guard_reporter(&start.reporter, &mut wrongs);
    if reported_at > context.at {
        wrongs.push(Wrong::new("reported_at", "The time of the report is in the future. Enter when it was reported"));
    }
    if reported_at < context.at - OLDEST_REPORT {
        wrongs.push(Wrong::new("reported_on", "The day of the report is more than ten years ago. Check the year"));
    }
    settle(wrongs)?;

    let mut bodies = vec![EventBody::ReportStarted {
        report: start.report,
        reference: start.reference,
        reported_at,
        unit: start.unit,
    }];
    let danger = (start.safety.in_danger == Some(Answer::Yes)).then(|| EventBody::ConcernRaised {
        number: 1,
        kind: ConcernKind::Danger,
        person: None,
        words: start.safety.danger.clone(),
        action: start.safety.done_at_once.clone(),
    });
    bodies.push(EventBody::SafetyStated { safety: start.safety });
    bodies.extend(danger);
    if start.reporter != Reporter::default() {
        bodies.push(EventBody::ReporterStated { reporter: start.reporter });
    }
    if !start.incident_log.trim().is_empty() {
        let reference =
            Reference { kind: ReferenceKind::IncidentLog, reference: start.incident_log, note: String::new() };
        bodies.push(EventBody::ReferenceAdded { reference });
    }
    let mut answers = Vec::new();
    if let Some(linked) = start.linked {
        answers.extend(carried_answers(&linked));
        bodies.extend(carry_over(linked));
    }
    if let (Some(value), Ok(fact)) = (start.reported_by, FactName::report("reported_by")) {
        answers.push((fact, value, String::new()));
    }
    let numbered = (1..).map(StatementId).zip(answers);
    bodies.extend(numbered.map(|(id, (fact, value, note))| stated(id, fact, value, SaidBy::Police, note)));
    Ok(bodies)
}

/// Who people are goes with them; ages and parts stay behind, because they belong to the act.
fn carry_over(linked: LinkFrom) -> Vec<EventBody> {
    let link = Link { report: linked.report.clone(), reference: linked.reference, kind: linked.kind };
    let mut bodies = vec![EventBody::ReportLinked { link }];
    for (number, carried) in linked.people.into_iter().enumerate() {
        let Some(person) = pseudonym(number) else {
            continue;
        };
        let carried_from = Some((linked.report.clone(), carried.person));
        bodies.push(EventBody::PersonAdded { person: person.clone(), carried_from });
        bodies.push(EventBody::IdentityStated { person: person.clone(), identity: carried.identity });
        if !carried.authorities.is_empty() {
            bodies.push(EventBody::AuthoritiesStated { person, authorities: carried.authorities });
        }
    }
    bodies
}

/// That it is known who somebody is goes with who they are; that it is not known may have changed, and is asked again.
fn carried_answers(linked: &LinkFrom) -> Vec<(FactName, Value, String)> {
    let known = linked.people.iter().enumerate().filter(|(_, carried)| carried.identified);
    let known = known.filter_map(|(number, _)| FactName::person(&pseudonym(number)?, IDENTIFIED).ok());
    known.map(|fact| (fact, Value::word("yes"), format!("Carried over from report {}", linked.reference))).collect()
}

pub(super) fn stated(statement: StatementId, fact: FactName, value: Value, said_by: SaidBy, note: String) -> EventBody {
    EventBody::FactStated { statement, fact, value, said_by, happened_on: None, note }
}

fn guard_safety(safety: &Safety, wrongs: &mut Vec<Wrong>) {
    if safety.in_danger.is_none() {
        wrongs.push(Wrong::new("in_danger", "Say whether anybody is in immediate danger, or that it is not known yet"));
    }
    if safety.in_danger == Some(Answer::No) && !safety.danger.trim().is_empty() {
        let says = "You said that nobody is in immediate danger, but described a danger. Select yes, or delete the description";
        wrongs.push(Wrong::new("in_danger", says));
    }
    if safety.safe_to_talk.is_none() {
        wrongs.push(Wrong::new("safe_to_talk", "Say whether it is safe to talk, or that it is not known yet"));
    }
    if safety.in_danger == Some(Answer::Yes) && safety.danger.trim().is_empty() {
        wrongs.push(Wrong::new("danger", "Say in a few words what the danger is"));
    }
    lines([("child_where", &safety.child_where), ("with_whom", &safety.with_whom)], wrongs);
    wrongs.extend(text::check("danger", &safety.danger).err());
    wrongs.extend(text::check("done_at_once", &safety.done_at_once).err());
}

fn guard_reporter(reporter: &Reporter, wrongs: &mut Vec<Wrong>) {
    let fields = [
        ("reporter_name", &reporter.name),
        ("reporter_relation", &reporter.relation),
        ("reporter_organisation", &reporter.organisation),
        ("safe_number", &reporter.safe_number),
        ("when_safe", &reporter.when_safe),
    ];
    lines(fields, wrongs);
}

pub(super) fn state_safety(report: &Report, safety: Safety) -> Bodies {
    let mut wrongs = Vec::new();
    guard_safety(&safety, &mut wrongs);
    settle(wrongs)?;
    if safety == report.safety {
        return Ok(Vec::new());
    }
    let newly_in_danger = safety.in_danger == Some(Answer::Yes) && report.safety.in_danger != Some(Answer::Yes);
    let danger = newly_in_danger.then(|| EventBody::ConcernRaised {
        number: next_concern(report),
        kind: ConcernKind::Danger,
        person: None,
        words: safety.danger.clone(),
        action: safety.done_at_once.clone(),
    });
    let mut bodies = vec![EventBody::SafetyStated { safety }];
    bodies.extend(danger);
    Ok(bodies)
}

pub(super) fn state_reporter(report: &Report, reporter: Reporter) -> Bodies {
    let mut wrongs = Vec::new();
    guard_reporter(&reporter, &mut wrongs);
    if reporter.person.as_ref().is_some_and(|p| report.person(p.as_str()).is_none()) {
        wrongs.push(Wrong::new("reporter_person", "That person is not in this report. Add them first"));
    }
    settle(wrongs)?;
    if reporter == report.reporter { Ok(Vec::new()) } else { Ok(vec![EventBody::ReporterStated { reporter }]) }
}

pub(super) fn add_reference(reference: Reference) -> Bodies {
    let mut wrongs = Vec::new();
    required_line("reference", &reference.reference, "Enter the reference", &mut wrongs);
    lines([("note", &reference.note)], &mut wrongs);
    settle(wrongs)?;
    Ok(vec![EventBody::ReferenceAdded { reference }])
}

pub(super) fn link(report: &Report, link: Link) -> Bodies {
    let mut wrongs = Vec::new();
    required_line("reference", &link.reference, "Enter the reference of the other report", &mut wrongs);
    if report.id.as_ref() == Some(&link.report) {
        wrongs.push(Wrong::new(
            "reference",
            "A report cannot be linked with itself. Enter the reference of the other report",
        ));
    }
    settle(wrongs)?;
    let known = report.standing_links().any(|l| l.report == link.report && l.kind == link.kind);
    if known { Ok(Vec::new()) } else { Ok(vec![EventBody::ReportLinked { link }]) }
}

pub(super) fn allocate(report: &Report, allocation: Allocation) -> Bodies {
    let mut wrongs = Vec::new();
    required_line("name", &allocation.name, "Say who the report is given to", &mut wrongs);
    lines([("unit", &allocation.unit)], &mut wrongs);
    if report.access.has_interest(&allocation.to) {
        let says = format!("{} has a conflict of interest in this report. Choose somebody else", allocation.name);
        wrongs.push(Wrong::new("to", says));
    }
    settle(wrongs)?;
    if report.allocation.as_ref() == Some(&allocation) {
        Ok(Vec::new())
    } else {
        Ok(vec![EventBody::Allocated { allocation }])
    }
}

fn next_concern(report: &Report) -> u32 {
    u32::try_from(report.concerns.len()).unwrap_or(u32::MAX).saturating_add(1)
}

/// A concern opens a closed report again, and answers the question of the engine that it is about.
pub(super) fn raise_concern(
    report: &Report,
    pack: &Pack,
    kind: ConcernKind,
    person: Option<PersonId>,
    (words, action): (String, String),
) -> Bodies {
    let mut wrongs = Vec::new();
    required("words", &words, "Say in a few words what the concern is", &mut wrongs);
    wrongs.extend(text::check("action", &action).err());
    if person.as_ref().is_some_and(|p| report.person(p.as_str()).is_none()) {
        wrongs.push(Wrong::new("person", "That person is not in this report. Add them first"));
    }
    settle(wrongs)?;
    let question = pack.questions().iter().find(|q| q.concerns.iter().any(|borne_out| borne_out == kind.word()));
    let name = question.and_then(|question| question.fact.strip_prefix("person."));
    let fact = person.as_ref().zip(name).and_then(|(person, name)| FactName::person(person, name).ok());
    let mut bodies = Vec::new();
    if report.is_closed() {
        bodies.push(EventBody::Reopened { reason: "An immediate concern was raised".to_owned() });
    }
    let yes = Value::word("yes");
    let statement = report.next_statement();
    if let Some(fact) = fact.filter(|fact| report.current(fact).value.as_ref() != Some(&yes)) {
        bodies.push(stated(statement, fact.clone(), yes, SaidBy::Police, words.clone()));
        // A concern is never left undecided because somebody said earlier that there is none.
        if report.current(&fact).standing.iter().any(|s| s.said_by != SaidBy::Police) {
            let reason = "An immediate concern was raised".to_owned();
            bodies.push(EventBody::StatementChosen { fact, statement, up_to: statement, reason });
        }
    }
    bodies.push(EventBody::ConcernRaised { number: next_concern(report), kind, person, words, action });
    Ok(bodies)
}

pub(super) fn answer_concern(report: &Report, number: u32, answer: String) -> Bodies {
    let mut wrongs = Vec::new();
    required("answer", &answer, "Say what was done and what came of it", &mut wrongs);
    let concern = report.concerns.iter().find(|c| c.number == number);
    if concern.is_none() {
        wrongs.push(Wrong::new("number", "There is no such concern on this report"));
    }
    settle(wrongs)?;
    // Sent twice, it was said once. What somebody else says of it is kept beside what was said first.
    let is_said = concern.is_some_and(|c| c.answers.iter().any(|said| said.says == answer));
    if is_said {
        return Ok(Vec::new());
    }
    Ok(vec![EventBody::ConcernAnswered { number, answer }])
}
