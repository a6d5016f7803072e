//! Which crime is recorded for whom. A report may have several children and several crimes, and an outcome such as a charge speaks of
//! one of them: where none is recorded for somebody, that is told and stands in nobody's way.

use report::{CrimeRecord, Evidence, PersonId};

use super::record::Opened;
use crate::routes;

/// The value of a class that the crime registrar settles.
pub const REGISTRAR: &str = "registrar";

/// A crime as it is recorded.
#[derive(Debug, Clone, Copy)]
pub struct Crime<'a> {
    /// Its number.
    pub reference: &'a str,
    /// Its class, or [`REGISTRAR`].
    pub code: &'a str,
    /// Whose part it is about; nobody where that was not said.
    pub persons: &'a [PersonId],
}

impl Crime<'_> {
    /// `07/1/26, class 86/2`.
    pub fn says(&self) -> String {
        match self.code {
            REGISTRAR => format!("{}, the crime registrar is asked for the class", self.reference),
            code => format!("{}, class {code}", self.reference),
        }
    }

    /// Is it about this person's part?
    pub fn is_of(&self, person: &str) -> bool {
        self.persons.iter().any(|one| one.as_str() == person)
    }
}

/// Every crime that is recorded and was not withdrawn.
pub fn recorded(opened: &Opened) -> Vec<Crime<'_>> {
    let filed = opened.report.evidence.values().flatten().filter(|filed| filed.withdrawn.is_none());
    filed
        .filter_map(|filed| match &filed.evidence {
            Evidence::Crime { record: CrimeRecord::Recorded { reference, code, persons } } => {
                Some(Crime { reference, code, persons })
            }
            _ => None,
        })
        .collect()
}

/// Each crime with whom it is recorded for, in a line.
pub fn lines(opened: &Opened) -> Vec<String> {
    let line = |crime: &Crime<'_>| {
        let names: Vec<String> = crime.persons.iter().map(|one| opened.person_name(one.as_str())).collect();
        match names.as_slice() {
            [] => format!("{}: for whom is not said", crime.says()),
            names => format!("{}: {}", crime.says(), names.join(", ")),
        }
    };
    recorded(opened).iter().map(line).collect()
}

/// Those of these people for whom no crime is recorded.
pub fn without(opened: &Opened, people: impl IntoIterator<Item = String>) -> Vec<String> {
    let crimes = recorded(opened);
    let lacks = |person: &String| !crimes.iter().any(|crime| crime.is_of(person));
    people.into_iter().filter(lacks).collect()
}

/// Does an outcome say that somebody committed a crime?
pub fn is_named_by(opened: &Opened, code: &str) -> bool {
    opened.pack().outcomes().iter().any(|outcome| outcome.code == code && outcome.names_crime)
}

/// What is told where an outcome that names a crime is decided for somebody for whom none is recorded: facts, and the task.
pub fn lacking(opened: &Opened) -> Vec<String> {
    let report = &opened.report;
    let mut told: Vec<(&str, Vec<String>)> = Vec::new();
    let decided = |person| report.outcome(person).filter(|decided| is_named_by(opened, &decided.code));
    for person in opened.people() {
        let Some(decided) = decided(Some(&person.id)) else { continue };
        if without(opened, [person.id.to_string()]).is_empty() {
            continue;
        }
        let name = opened.person_name(person.id.as_str());
        match told.iter_mut().find(|(code, _)| *code == decided.code) {
            Some((_, names)) => names.push(name),
            None => told.push((&decided.code, vec![name])),
        }
    }
    let says = |(code, names): (&str, Vec<String>)| {
        let names = names.join(", ");
        format!("Outcome {code} is decided for {names}. No crime is recorded for {names}.")
    };
    let mut lines: Vec<String> = told.into_iter().map(says).collect();
    if let Some(decided) = decided(None).filter(|_| recorded(opened).is_empty()) {
        lines.push(format!("Outcome {} is decided for the report, and no crime is recorded.", decided.code));
    }
    lines
}

/// The task where a crime is recorded; nothing where the advice has none.
pub fn task(opened: &Opened) -> Option<String> {
    let task = opened.view.tasks.iter().find(|task| task.evidence == "crime")?;
    Some(routes::task(opened.reference(), task.id.as_str()))
}
