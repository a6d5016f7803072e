//! What was recorded, in full: the reasons of a decision step by step, and what was looked up where. A line each.

use guidance::Pack;

use super::tasks::summary;
use crate::decision::{Decision, Ndm};
use crate::evidence::{CheckEntry, CheckResult, CrimeRecord, Evidence};
use crate::state::Report;
use crate::telling::Telling;

/// What each step of the National Decision Model is called where it is read.
const STEPS: [&str; 5] = ["Information", "Threat and risk", "Powers and policy", "Options", "Action and review"];

/// What evidence says: its summary, and below it what a summary leaves out.
pub(super) fn evidence(report: &Report, pack: &Pack, evidence: &Evidence) -> String {
    let mut lines = vec![summary(evidence)];
    match evidence {
        Evidence::Checks { entries, .. } => lines.extend(entries.iter().map(|entry| looked_up(report, pack, entry))),
        Evidence::Decision(decision) => lines.extend(decided(decision)),
        Evidence::Crime { record: CrimeRecord::Recorded { persons, .. } } if !persons.is_empty() => {
            let names: Vec<String> = persons.iter().map(|person| report.label(person.as_str())).collect();
            lines.push(format!("For: {}", names.join(", ")));
        }
        Evidence::Crime { record: CrimeRecord::NotRecorded { victim_told, ndm, .. } } => {
            lines.push(format!("Told that none is recorded: {}", victim_told.says()));
            lines.extend(steps(ndm));
        }
        Evidence::Told { telling: Telling::Told { asked, .. }, .. } => {
            lines.extend(written([("Asked and answered", asked.as_str())]));
        }
        _ => {}
    }
    lines.join("\n")
}

/// The reason in a line or more, and the steps that were written.
pub(super) fn reasons(reason: &str, ndm: &Ndm) -> String {
    let reason = std::iter::once(reason.to_owned()).filter(|reason| !reason.is_empty());
    reason.chain(steps(ndm)).collect::<Vec<_>>().join("\n")
}

fn steps(ndm: &Ndm) -> impl Iterator<Item = String> {
    written(STEPS.into_iter().zip(ndm.fields().map(|(.., words)| words.as_str())))
}

fn decided(decision: &Decision) -> Vec<String> {
    let mut lines: Vec<String> = steps(&decision.ndm).collect();
    if let Some(intrusion) = &decision.intrusion {
        lines.extend(written([
            ("Power", intrusion.power.map_or("", |power| power.says())),
            ("Why it is necessary", &intrusion.necessity),
            ("Why it is proportionate", &intrusion.proportionality),
            ("Smaller steps considered", &intrusion.lesser_means),
            ("Exhibit", &intrusion.exhibit),
        ]));
    }
    lines.extend(written([("Consulted", decision.consulted.as_str())]));
    lines
}

/// What was written, without what was left empty.
fn written<'a>(all: impl IntoIterator<Item = (&'a str, &'a str)>) -> impl Iterator<Item = String> {
    let written = all.into_iter().filter(|(_, words)| !words.trim().is_empty());
    written.map(|(label, words)| format!("{label}: {words}"))
}

/// One system with the place where it is one, what came of it, and by which reference it is found again.
fn looked_up(report: &Report, pack: &Pack, entry: &CheckEntry) -> String {
    let system = pack.systems().iter().find(|system| system.id == entry.system);
    let system = system.map_or(entry.system.as_str(), |system| system.name.as_str());
    // A place that was withdrawn since was looked up all the same.
    let place = report.places.iter().find(|place| Some(&place.id) == entry.place.as_ref());
    let place = place.map(|place| format!(", {}", place.address)).unwrap_or_default();
    match &entry.result {
        CheckResult::Done { reference, found } if found.is_empty() => {
            format!("{system}{place}: looked up, {reference}")
        }
        CheckResult::Done { reference, found } => format!("{system}{place}: looked up, {reference}. {found}"),
        CheckResult::Cannot { because } => format!("{system}{place}: could not be looked up. {because}"),
    }
}
