//! Every decision of a report, with its reasons: what a supervisor looks at first.

use std::collections::BTreeSet;

use jiff::Timestamp;
use report::{CrimeRecord, DutyId, EventBody, Evidence, Filed, Ndm, duty_words};

use super::then::{self, Then};
use crate::shared::record::{Opened, class_words};
use crate::shared::time;

/// A decision, a departure or an outcome.
pub struct Decided {
    /// What was decided.
    pub title: String,
    /// Who, and when.
    pub by: String,
    /// The reason in a line or more.
    pub reason: String,
    /// The full record where there is one: label and text.
    pub full: Vec<(String, String)>,
    /// True where it departs from the advice.
    pub departs: bool,
    /// What the guidance said just before it.
    pub then: Option<Then>,
    /// The event that is the decision.
    version: Option<u64>,
}

/// What departs from the advice first: how the class is seen, duties, outcomes, every other decision, each the oldest first.
pub fn all(opened: &Opened) -> Vec<Decided> {
    let mut all: Vec<Decided> = classes(opened)
        .chain(classes_no_longer_held(opened))
        .chain(departures(opened))
        .chain(outcomes(opened))
        .chain(evidence(opened))
        .collect();
    all.sort_by_key(|decided| !decided.departs);
    let versions: BTreeSet<u64> = all.iter().filter_map(|decided| decided.version).collect();
    let mut advised = then::in_short(opened, &versions);
    for decided in &mut all {
        let then = decided.version.and_then(|version| advised.remove(&version));
        decided.then = then;
    }
    all
}

/// What officers held the class to be and took back, or said anew: a decision all the same.
fn classes_no_longer_held(opened: &Opened) -> impl Iterator<Item = Decided> {
    let log = &opened.report.log;
    log.iter().enumerate().filter_map(move |(place, event)| {
        let EventBody::ClassHeld { class, reason, ndm, .. } = &event.body else {
            return None;
        };
        let later = log.iter().skip(place + 1);
        let mut later = later.filter(|later| later.actor.id == event.actor.id);
        let (end, why) = later.find_map(|later| match &later.body {
            EventBody::ClassHeldNoLonger { reason } => Some((later, reason.as_str())),
            EventBody::ClassHeld { .. } => Some((later, "They said it anew")),
            _ => None,
        })?;
        let mut full = steps(ndm);
        let when = time::moment(end.recorded_at);
        full.push(("Withdrawn".to_owned(), format!("{when}: {why}")));
        Some(Decided {
            title: format!("Officer's view of the class was: {}. Withdrawn since", class_words(*class)),
            by: by(&event.actor.name, event.recorded_at),
            reason: reason.clone(),
            full,
            departs: false,
            then: None,
            version: Some(event.version),
        })
    })
}

/// What officers hold the class to be. Where the guidance says the same by now, it departs no longer.
fn classes(opened: &Opened) -> impl Iterator<Item = Decided> {
    let now = opened.advice().class;
    opened.report.classes_held.iter().map(move |held| {
        let class = class_words(held.class);
        let differs = held.differs(now);
        Decided {
            title: match differs {
                true => format!("Officer's view of the class: {class}. The guidance says: {}", class_words(now)),
                false => {
                    format!("Officer's view of the class: {class}. The guidance now says the same")
                }
            },
            by: by(&held.by.name, held.at),
            reason: held.reason.clone(),
            full: steps(&held.ndm),
            departs: differs,
            then: None,
            version: event(
                opened,
                held.at,
                |body| matches!(body, EventBody::ClassHeld { class, .. } if *class == held.class),
            ),
        }
    })
}

fn departures(opened: &Opened) -> impl Iterator<Item = Decided> {
    opened.report.departures.iter().map(|departure| Decided {
        title: format!("Not done: {}", opened.duty_title(departure.duty.as_str())),
        by: by(&departure.by.name, departure.at),
        reason: departure.reason.clone(),
        full: steps(&departure.ndm),
        departs: true,
        then: None,
        version: event(
            opened,
            departure.at,
            |body| matches!(body, EventBody::Departed { duty, .. } if *duty == departure.duty),
        ),
    })
}

/// The event that was entered at a moment and says this.
fn event(opened: &Opened, at: Timestamp, says: impl Fn(&EventBody) -> bool) -> Option<u64> {
    let mut log = opened.report.log.iter();
    let event = log.find(|event| event.recorded_at == at && says(&event.body))?;
    Some(event.version)
}

fn outcomes(opened: &Opened) -> impl Iterator<Item = Decided> {
    let report = &opened.report;
    let counts = |decision: &&report::OutcomeDecision| {
        report.outcome(decision.person.as_ref()).is_some_and(|last| std::ptr::eq(last, *decision))
    };
    report.outcomes.iter().filter(counts).map(|decision| {
        let whom = decision.person.as_ref();
        let whom = whom.map_or_else(
            || "the report".to_owned(),
            |person| opened.person_name(person.as_str()),
        );
        Decided {
            title: format!("Outcome {} for {whom}", decision.code),
            by: by(&decision.by.name, decision.at),
            reason: decision.reason.clone(),
            full: steps(&decision.ndm),
            departs: decision.departs,
            then: None,
            version: event(opened, decision.at, |body| {
                matches!(body, EventBody::OutcomeDecided { code, person, .. } if *code == decision.code && *person == decision.person)
            }),
        }
    })
}

fn evidence(opened: &Opened) -> impl Iterator<Item = Decided> {
    let standing = |filed: &&Filed| filed.withdrawn.is_none();
    opened.report.evidence.iter().flat_map(move |(duty, filed)| {
        let filed = filed.iter().filter(standing);
        filed.filter_map(move |filed| one(opened, duty, filed))
    })
}

fn one(opened: &Opened, duty: &DutyId, filed: &Filed) -> Option<Decided> {
    let decision = match &filed.evidence {
        Evidence::Decision(decision) => decision,
        Evidence::Crime { record } => return no_crime(opened, duty, filed, record),
        _ => return None,
    };
    let mut full = steps(&decision.ndm);
    if let Some(intrusion) = &decision.intrusion {
        let power = intrusion.power.map_or("", |power| power.says());
        full.extend(written([
            ("Power used", power),
            ("Why it is necessary", &intrusion.necessity),
            ("Why it is proportionate", &intrusion.proportionality),
            ("Lesser means considered", &intrusion.lesser_means),
            ("Exhibit", &intrusion.exhibit),
        ]));
    }
    full.extend(written([("Consulted", decision.consulted.as_str())]));
    let choices = duty_words(opened.pack(), duty).map_or(&[][..], |words| &words.choices);
    let choice = choices
        .iter()
        .find(|choice| choice.value == decision.choice.word())
        .map_or_else(|| decision.choice.says(), |choice| choice.words.as_str());
    Some(Decided {
        title: format!("{}: {choice}", opened.duty_title(duty.as_str())),
        by: by(&filed.by.name, filed.at),
        reason: decision.reason.clone(),
        full,
        departs: filed.departs,
        then: None,
        version: recorded(opened, duty, filed),
    })
}

/// That no crime is recorded is a decision as well.
fn no_crime(opened: &Opened, duty: &DutyId, filed: &Filed, record: &CrimeRecord) -> Option<Decided> {
    let CrimeRecord::NotRecorded { reason, ndm, .. } = record else {
        return None;
    };
    Some(Decided {
        title: format!("{}: none is recorded", opened.duty_title(duty.as_str())),
        by: by(&filed.by.name, filed.at),
        reason: reason.clone(),
        full: steps(ndm),
        departs: filed.departs,
        then: None,
        version: recorded(opened, duty, filed),
    })
}

fn recorded(opened: &Opened, duty: &DutyId, filed: &Filed) -> Option<u64> {
    let id = duty;
    event(
        opened,
        filed.at,
        |body| matches!(body, EventBody::EvidenceRecorded { duty, number, .. } if duty == id && *number == filed.number),
    )
}

fn by(name: &str, at: Timestamp) -> String {
    format!("{name}, {}", time::moment(at))
}

fn steps(ndm: &Ndm) -> Vec<(String, String)> {
    let Ndm { information, threat_and_risk, powers_and_policy, options, action_and_review } = ndm;
    written([
        ("Information", information.as_str()),
        ("Threat and risk", threat_and_risk),
        ("Powers and policy", powers_and_policy),
        ("Options considered", options),
        ("Action and review", action_and_review),
    ])
}

/// What was written, without what was left empty.
fn written<const N: usize>(all: [(&str, &str); N]) -> Vec<(String, String)> {
    all.into_iter()
        .filter(|(_, text)| !text.trim().is_empty())
        .map(|(label, text)| (label.to_owned(), text.to_owned()))
        .collect()
}
