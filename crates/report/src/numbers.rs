//! Numbers of other systems that are on more than one thing of a report. Nothing is refused: one crime number is right for several.

use crate::evidence::{CrimeRecord, Evidence};
use crate::id::DutyId;
use crate::people::ReferenceKind;
use crate::state::Report;

/// What else of the report a number is on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NumberOn {
    /// What was recorded for another task.
    Task(DutyId),
    /// A reference that was added to the report.
    Reference(ReferenceKind),
}

impl Report {
    /// Every referral or crime number recorded for a task, as it was written, with what else of this report it is on. Numbers that
    /// are on nothing else are left out.
    pub fn numbers_also_on(&self, duty: &DutyId) -> Vec<(String, Vec<NumberOn>)> {
        let mut found: Vec<(String, Vec<NumberOn>)> = Vec::new();
        for filed in self.evidence_for(duty) {
            let Some(number) = number(&filed.evidence) else { continue };
            let is_crime = matches!(filed.evidence, Evidence::Crime { .. });
            let tasks = self.evidence.keys().filter(|other| *other != duty && self.has_number(other, number));
            let references = self.standing_references().filter(|reference| {
                // A crime number stands among the references, too: that says nothing.
                let expected = is_crime && reference.kind == ReferenceKind::Crime;
                !expected && plain(&reference.reference) == plain(number)
            });
            let references = references.map(|reference| NumberOn::Reference(reference.kind));
            let on: Vec<NumberOn> = tasks.cloned().map(NumberOn::Task).chain(references).collect();
            if !on.is_empty() && !found.iter().any(|(known, _)| plain(known) == plain(number)) {
                found.push((number.to_owned(), on));
            }
        }
        found
    }

    fn has_number(&self, duty: &DutyId, wanted: &str) -> bool {
        let mut numbers = self.evidence_for(duty).into_iter().filter_map(|filed| number(&filed.evidence));
        numbers.any(|number| plain(number) == plain(wanted))
    }
}

/// The number that another system gave; nothing where it gave none yet.
fn number(evidence: &Evidence) -> Option<&str> {
    let number = match evidence {
        Evidence::Referral { reference, .. } => reference,
        Evidence::Crime { record: CrimeRecord::Recorded { reference, .. } } => reference,
        _ => return None,
    };
    (!plain(number).is_empty()).then_some(number)
}

/// Without what is written in one way or another: `csc 77` is `CSC-77`.
fn plain(number: &str) -> String {
    number.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}
