//! The role of suspect rests on what is known of somebody's age and part: it is entered only while the advice has it possible, and is
//! shown as to be taken off where it no longer does.

use guidance::Value;
use guidance::advice::{Advice, SuspectRole};

use super::{Lacks, Missing};
use crate::fact::NOT_KNOWN;
use crate::id::{FactName, PersonId};
use crate::people::{Person, PersonRole};
use crate::state::Report;

/// The fact that mostly settles whether somebody can be a suspect.
const AGE: &str = "age";

/// Why the role of suspect is not open for this person, and what to find out first where that may change; nothing where it is open.
pub(crate) fn no_suspect(report: &Report, advice: &Advice, person: &Person) -> Option<String> {
    let name = person.label();
    match advice.persons.get(person.id.as_str()).map(|said| said.suspect_role) {
        Some(SuspectRole::Possible) => None,
        Some(SuspectRole::Never) => {
            Some(format!("{name} cannot be a suspect: the law or the guidance rules it out by what is known now"))
        }
        Some(SuspectRole::NotYetKnown) | None => {
            let age = FactName::person(&person.id, AGE).ok().and_then(|fact| report.current(&fact).value);
            if age.as_ref().and_then(Value::as_word) == Some(NOT_KNOWN) {
                return Some(format!("It is not known how old {name} was, and so not whether they can be a suspect"));
            }
            let first = match age {
                Some(Value::Years(_)) => "answer what is still asked about them",
                _ => "find out how old they were when it happened",
            };
            Some(format!("It is not known yet whether {name} can be a suspect: first {first}"))
        }
    }
}

/// Everybody who is entered as a suspect and cannot be one by what is known now, with why and what to do.
pub(super) fn to_take_off(report: &Report, advice: &Advice) -> Vec<(PersonId, String)> {
    let suspects = report.people.iter().filter(|p| p.withdrawn.is_none() && p.roles.contains(&PersonRole::Suspect));
    suspects
        .filter_map(|person| {
            let why = no_suspect(report, advice, person)?;
            Some((person.id.clone(), format!("{why}. Take the role of suspect off their page")))
        })
        .collect()
}

/// The same as what the report lacks.
pub(super) fn missing(report: &Report, advice: &Advice) -> impl Iterator<Item = Missing> {
    let all = to_take_off(report, advice).into_iter();
    all.map(|(person, says)| Missing { at: Lacks::Role(person), says })
}
