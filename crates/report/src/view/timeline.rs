//! The timeline: what happened, in plain words.

use guidance::{Pack, Value};

use super::due::britain;
use super::full;
use super::tasks::title;
use super::{Entry, class_words};
use crate::access::Named;
use crate::done::duty_words;
use crate::draft::DraftOf;
use crate::event::{About, Event, EventBody, Thing};
use crate::fact::SaidBy;
use crate::id::{DutyId, FactName, FactScope, PersonId, ReportId};
use crate::people::{Answer, LinkKind};
use crate::same::SamePerson;
use crate::state::{Report, ending_words};

/// Every event that says something to a reader, oldest first.
pub(super) fn timeline(report: &Report, pack: &Pack) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut class = None;
    for event in &report.log {
        let said = match &event.body {
            EventBody::AdviceGiven { class: now, .. } => {
                let changed = class.replace(*now) != Some(*now);
                changed.then(|| (format!("The advice: {}", class_words(*now)), String::new()))
            }
            body => entry_words(report, body)
                .or_else(|| fact_words(report, pack, body))
                .or_else(|| work_words(report, pack, body))
                .or_else(|| decision_words(report, pack, body))
                .or_else(|| access_words(body)),
        };
        entries.extend(said.map(|(says, detail)| entry(event, says, detail)));
    }
    entries
}

fn entry(event: &Event, says: String, detail: String) -> Entry {
    Entry { version: event.version, at: event.recorded_at, by: event.actor.name.clone(), says, detail }
}

type Words = Option<(String, String)>;

/// As clocks in Britain show it: `24 November 2026 at 8:18pm`.
fn moment(at: jiff::Timestamp) -> String {
    at.to_zoned_datetime(britain()).strftime("%-d %B %Y at %-I:%M%P").to_string()
}

fn plain(says: impl Into<String>) -> Words {
    Some((says.into(), String::new()))
}

fn with(says: impl Into<String>, detail: &str) -> Words {
    Some((says.into(), detail.to_owned()))
}

/// What stood where the words were erased.
fn erased(report: &Report, about: &About) -> String {
    match about {
        About::Report => "What was entered here was erased.".to_owned(),
        About::Person(id) => format!("Who {} is was erased.", report.label(id.as_str())),
        About::Reporter => "Who reported it was erased.".to_owned(),
        About::Place(_) => "What the place is was erased.".to_owned(),
    }
}

fn entry_words(report: &Report, body: &EventBody) -> Words {
    match body {
        EventBody::ReportStarted { reported_at, .. } => {
            plain(format!("Report begun; reported {}", moment(*reported_at)))
        }
        EventBody::SafetyStated { safety } => {
            let says = safety.in_danger.map_or("Not asked", Answer::says);
            with(format!("Is anybody in immediate danger? {says}"), &safety.danger)
        }
        EventBody::ReporterStated { .. } => plain("Who reported it recorded"),
        EventBody::ReferenceAdded { reference } => {
            plain(format!("{} {} added", reference.kind.says(), reference.reference))
        }
        EventBody::ReportLinked { link } => match link.kind {
            LinkKind::SamePeople => plain(format!("Linked with report {}, which has the same people", link.reference)),
            kind => plain(format!("Linked with report {} as {}", link.reference, kind.says())),
        },
        EventBody::Allocated { allocation } => plain(format!("Given to {}, {}", allocation.name, allocation.unit)),
        EventBody::PersonAdded { person, carried_from: None } => {
            plain(format!("{} added", report.label(person.as_str())))
        }
        EventBody::PersonAdded { person, carried_from: Some((from, _)) } => {
            plain(format!("{} carried over from {}", report.label(person.as_str()), linked(report, from)))
        }
        EventBody::IdentityStated { person, .. } => {
            plain(format!("Details of {} recorded", report.label(person.as_str())))
        }
        EventBody::RolesRecorded { person, roles, reason, ndm } => {
            let roles: Vec<&str> = roles.iter().map(|r| r.says()).collect();
            let why = full::reasons(reason, ndm);
            with(format!("{}: {}", report.label(person.as_str()), roles.join(", ")), &why)
        }
        EventBody::PersonMatched { person, verdict, reason, .. } => {
            with(matched(&report.label(person.as_str()), *verdict), reason)
        }
        EventBody::AuthoritiesStated { person, .. } => {
            plain(format!("Bodies responsible for {} recorded", report.label(person.as_str())))
        }
        EventBody::PlaceStated { address, why, .. } => with(format!("Place: {address}"), why),
        EventBody::DeviceStated { label, whereabouts, .. } => with(format!("Device: {label}"), whereabouts),
        EventBody::AccountAdded { account } => {
            with(format!("Account {} on {}", account.username, account.platform), &account.note)
        }
        EventBody::EntryWithdrawn { what, reason } => {
            let what = match what {
                Thing::Person(id) => report.label(id.as_str()),
                Thing::Place(id) => format!("Place {id}"),
                Thing::Device(id) => report.device_label(id.as_str()),
                Thing::Account(number) => account(report, *number),
                Thing::Reference(number) => reference(report, *number),
                Thing::Link(number) => link(report, *number),
            };
            with(format!("{what} withdrawn"), reason)
        }
        _ => None,
    }
}

/// An account whose words were erased is still said to have been withdrawn.
fn account(report: &Report, number: u64) -> String {
    let found = report.accounts.iter().find(|account| account.number == number).map(|account| &account.what);
    found.map_or_else(|| "An account".to_owned(), |found| format!("Account {} on {}", found.username, found.platform))
}

fn reference(report: &Report, number: u64) -> String {
    let found = report.references.iter().find(|reference| reference.number == number).map(|reference| &reference.what);
    found.map_or_else(|| "A reference".to_owned(), |found| format!("{} {}", found.kind.says(), found.reference))
}

fn link(report: &Report, number: u64) -> String {
    let found = report.links.iter().find(|link| link.number == number).map(|link| &link.what);
    found.map_or_else(
        || "A link".to_owned(),
        |found| format!("Link with report {}, {},", found.reference, found.kind.says()),
    )
}

/// The report that somebody was carried over from.
fn linked(report: &Report, from: &ReportId) -> String {
    let found = report.links.iter().find(|link| link.what.report == *from);
    found.map_or_else(|| "the linked report".to_owned(), |found| format!("report {}", found.what.reference))
}

/// Which report it is stands on the page of the person, for whoever may see that one too.
fn matched(who: &str, verdict: SamePerson) -> String {
    match verdict {
        SamePerson::Same => format!("{who} is the same person as somebody in another report"),
        SamePerson::Different => format!("{who} is not the same person as somebody in another report"),
        SamePerson::NotKnown => format!("Not known yet whether {who} is somebody in another report"),
    }
}

fn fact_words(report: &Report, pack: &Pack, body: &EventBody) -> Words {
    match body {
        EventBody::FactStated { fact, value, said_by, note, .. } => {
            let asked = question(report, pack, fact);
            let said = answer(report, pack, fact, value);
            let who = match said_by {
                SaidBy::Police => String::new(),
                SaidBy::Person(id) => format!(", said {}", report.label(id.as_str())),
                SaidBy::Reporter => ", said whoever reported it".to_owned(),
                SaidBy::Other(who) => format!(", said {who}"),
            };
            with(format!("{asked} {said}{who}"), note)
        }
        EventBody::StatementChosen { fact, statement, reason, .. } => {
            let said = report.statement(*statement).map(|s| answer(report, pack, fact, &s.value)).unwrap_or_default();
            with(format!("{} Of the conflicting answers, {said} counts", question(report, pack, fact)), reason)
        }
        EventBody::StatementTakenBack { statement, reason } => {
            let asked = report.statement(*statement).map(|s| question(report, pack, &s.fact)).unwrap_or_default();
            with(format!("Answer withdrawn: {asked}"), reason)
        }
        EventBody::AnswerSetAside { fact, because, .. } => {
            with(format!("Set aside: {}", question(report, pack, fact)), because)
        }
        _ => None,
    }
}

fn question(report: &Report, pack: &Pack, fact: &FactName) -> String {
    let words = pack
        .question(&fact.question())
        .map_or_else(|| format!("{}:", fact.name().replace('_', " ")), |q| q.words.clone());
    match fact.scope() {
        FactScope::Report => words,
        FactScope::Person(id) => words.replace("{person}", &report.label(id)),
        FactScope::Device(id) => words.replace("{device}", &report.device_label(id)),
    }
}

/// An answer in the words of the pack.
fn answer(report: &Report, pack: &Pack, fact: &FactName, value: &Value) -> String {
    let options = pack.question(&fact.question()).map(|q| q.options.as_slice()).unwrap_or_default();
    let word = |word: &String| {
        let offered = options.iter().find(|o| o.value == *word).map(|o| o.words.clone());
        offered.unwrap_or_else(|| match word.as_str() {
            "yes" => "Yes".to_owned(),
            "no" => "No".to_owned(),
            "not-known" => "Not known yet".to_owned(),
            id if report.person(id).is_some() => report.label(id),
            other => other
                .parse::<jiff::civil::Date>()
                .map_or_else(|_| other.replace('-', " "), |day| day.strftime("%-d %B %Y").to_string()),
        })
    };
    match value {
        Value::Years(years) => years.to_string(),
        Value::Word(one) => word(one),
        Value::Words(many) if many.is_empty() => "nobody".to_owned(),
        Value::Words(many) => many.iter().map(word).collect::<Vec<_>>().join(", "),
    }
}

fn task(report: &Report, pack: &Pack, duty: &DutyId) -> String {
    title(report, duty_words(pack, duty), duty)
}

fn draft(report: &Report, pack: &Pack, of: &DraftOf) -> String {
    match of {
        DraftOf::Task(duty) => task(report, pack, duty),
        DraftOf::Departure(duty) => format!("departing from: {}", task(report, pack, duty)),
        DraftOf::Outcome(code) => format!("deciding Outcome {code}"),
        DraftOf::Roles(person) => format!("the role of {}", report.label(person.as_str())),
        DraftOf::Class => "disagreeing with the class".to_owned(),
    }
}

fn work_words(report: &Report, pack: &Pack, body: &EventBody) -> Words {
    match body {
        EventBody::EvidenceRecorded { duty, evidence, departs, .. } => {
            let departs = if *departs { " (departs from the advice)" } else { "" };
            with(format!("{}{departs}", task(report, pack, duty)), &full::evidence(report, pack, evidence))
        }
        EventBody::EvidenceWithdrawn { duty, reason, .. } => {
            with(format!("Withdrawn: {}", task(report, pack, duty)), reason)
        }
        EventBody::ReferralAcknowledged { duty, acknowledgement, .. } => {
            plain(format!("Acknowledged by {}: {}", acknowledgement.by, task(report, pack, duty)))
        }
        EventBody::Departed { duty, reason, ndm } => {
            with(format!("Departed from: {}", task(report, pack, duty)), &full::reasons(reason, ndm))
        }
        EventBody::DepartureEnded { duty, reason } => {
            with(format!("No longer departed from: {}", task(report, pack, duty)), reason)
        }
        EventBody::ClassHeld { class, advised, reason, ndm } => with(
            format!(
                "Officer's view of the class: {}. The guidance says: {} (departs from the advice)",
                class_words(*class),
                class_words(*advised)
            ),
            &full::reasons(reason, ndm),
        ),
        EventBody::ClassHeldNoLonger { reason } => with("Officer's view of the class withdrawn", reason),
        EventBody::DraftSaved { of, .. } => plain(format!("Put aside, not finished: {}", draft(report, pack, of))),
        EventBody::DraftDiscarded { of } => plain(format!("Thrown away, not finished: {}", draft(report, pack, of))),
        EventBody::ConcernRaised { kind, person, words, action, .. } => {
            let whom = person.as_ref().map(|p| format!(" for {}", report.label(p.as_str()))).unwrap_or_default();
            let said =
                if action.trim().is_empty() { words.clone() } else { format!("{words}\nDone at once: {action}") };
            with(format!("Immediate concern{whom}: {}", kind.says()), &said)
        }
        EventBody::ConcernAnswered { number, answer } => {
            let which = report.concerns.iter().find(|concern| concern.number == *number);
            let about = which.map_or_else(String::new, |concern| {
                let whom =
                    concern.person.as_ref().map(|p| format!(" for {}", report.label(p.as_str()))).unwrap_or_default();
                format!("{whom}: {}", concern.kind.says())
            });
            with(format!("Concern answered{about}"), answer)
        }
        _ => None,
    }
}

fn decision_words(report: &Report, pack: &Pack, body: &EventBody) -> Words {
    match body {
        EventBody::ReviewAsked { note, by_when } if by_when.is_empty() => with("Review asked for", note),
        EventBody::ReviewAsked { note, by_when } => with(format!("Review asked for, needed by: {by_when}"), note),
        EventBody::Reviewed { verdict, reasons, .. } => with(format!("Reviewed: {}", verdict.says()), reasons),
        EventBody::OutcomeDecided { code, person, departs, reason, ndm, .. } => {
            let named =
                pack.outcomes().iter().find(|o| o.code == *code).map(|o| format!(", {}", o.title)).unwrap_or_default();
            let whom = person.as_ref().map_or_else(|| "the report".to_owned(), |p| report.label(p.as_str()));
            let departs = if *departs { " (departs from the advice)" } else { "" };
            with(format!("Outcome {code}{named} decided for {whom}{departs}"), &full::reasons(reason, ndm))
        }
        EventBody::EndingAsked { same_as, reason } => {
            with(format!("Asked to end this report: {}", ending_words(same_as.as_deref())), reason)
        }
        EventBody::EndingTakenBack {} => plain("Withdrew the request to end this report"),
        EventBody::Closed { note } => with("Closed", note),
        EventBody::Reopened { reason } => with("Opened again", reason),
        EventBody::AddendumAdded { text } => with("Addendum", text),
        EventBody::RetentionKept { until, reasons } => {
            with(format!("Kept; looked at again on {}", crate::retention::words(*until)), reasons)
        }
        EventBody::ErasureAsked { person, reasons, ndm } => with(
            format!("Asked another supervisor to erase before the day of review: {}", erasing(report, person.as_ref())),
            &full::reasons(reasons, ndm),
        ),
        EventBody::ErasureDecided { person, reasons, .. } => {
            with(format!("To be erased: {}", erasing(report, person.as_ref())), reasons)
        }
        EventBody::Erased { about } => with("Erased", &erased(report, about)),
        _ => None,
    }
}

fn erasing(report: &Report, person: Option<&PersonId>) -> String {
    person.map_or_else(|| "the whole report".to_owned(), |person| format!("who {} is", report.label(person.as_str())))
}

/// Who may see it. What a conflict of interest is stands on the page of who may see the report, for supervisors.
fn access_words(body: &EventBody) -> Words {
    let names = |members: &[Named]| members.iter().map(|m| m.name.as_str()).collect::<Vec<_>>().join(", ");
    match body {
        EventBody::Restricted { members, reason } => with(format!("Restricted to {}", names(members)), reason),
        EventBody::MembersNamed { members, reason } => {
            with(format!("Restricted to {} from now on", names(members)), reason)
        }
        EventBody::RestrictionLifted { reason } => with("No longer restricted", reason),
        EventBody::InterestDeclared { who, .. } => plain(format!("Conflict of interest recorded: {}", who.name)),
        EventBody::InterestEnded { .. } => plain("A conflict of interest has ended"),
        EventBody::OpenedInEmergency { unit, purpose, reason, until, .. } => with(
            format!("Opened in an emergency by somebody of {unit} until {}: {}", moment(*until), purpose.says()),
            reason,
        ),
        EventBody::EmergencyReviewed { finding, words, .. } => {
            with(format!("Emergency opening reviewed: {}", finding.says()), words)
        }
        EventBody::PassedToUnit { unit, reason } => with(format!("Passed to {unit}"), reason),
        _ => None,
    }
}
