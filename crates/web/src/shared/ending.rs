//! Ending a report without an outcome, for whoever asks and for the supervisor who agrees: what stands in the way, and whether
//! another report goes on.

use report::HindranceKind;

use super::page::Problem;
use super::record::Opened;
use crate::routes;

/// What stands in the way of ending a report, with the place where that is put right.
pub struct Hinders {
    /// Why it cannot be ended, and what to do instead.
    pub says: String,
    /// Where.
    pub href: String,
}

/// What stands in the way, for whoever wants `to_ask`, or for the supervisor who was asked.
///
/// # Errors
/// The guidance in force refuses the facts of the report: ours to mend.
pub fn hinders(opened: &Opened, to_ask: bool) -> Result<Vec<Hinders>, Problem> {
    let reference = opened.reference();
    let all = opened.report.hinders_ending(opened.pack());
    let all = all.map_err(|problems| Problem::internal(format_args!("facts of {reference} refused: {problems:?}")))?;
    let asked = |kind: &HindranceKind| *kind == HindranceKind::Asked;
    let wanted = all.into_iter().filter(|one| to_ask || !asked(&one.kind));
    Ok(wanted
        .map(|one| Hinders {
            href: match &one.kind {
                HindranceKind::Concern(number) => routes::concern_answer(reference, *number),
                HindranceKind::InDanger => routes::safety(reference),
                HindranceKind::Duty(duty) => routes::task(reference, duty.as_str()),
                HindranceKind::Outcome => routes::close(reference),
                HindranceKind::Asked => format!("{}#ending", routes::report(reference)),
            },
            says: one.says,
        })
        .collect())
}

/// Everybody in a report, by name.
pub fn people(opened: &Opened) -> String {
    let names = opened.people().map(report::Person::label);
    names.collect::<Vec<_>>().join(", ")
}

/// Why the matter of a report cannot go on in this one; nothing where it can.
pub fn gone_too(other: &Opened) -> Option<String> {
    let reference = other.reference();
    let report = &other.report;
    let says = match (report.ended(), report.asked_to_end()) {
        (Some(_), _) => "was ended without an outcome",
        (_, Some(_)) => "is asked to end as well",
        _ => return None,
    };
    Some(format!(
        "Report {reference} {says}: one of the two has to go on. A supervisor can open it again or send it back"
    ))
}
