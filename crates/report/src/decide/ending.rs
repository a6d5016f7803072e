//! Ending a report that was begun by mistake, or a second time for one incident. Nothing is deleted, and nobody ends one alone:
//! it stays open until a supervisor agrees, so that no real report goes out of sight this way.

use super::{Bodies, required, settle, start};
use crate::event::{EventBody, Verdict};
use crate::people::{Answer, Link};
use crate::refusal::Refusal;
use crate::state::Report;

/// Asks a supervisor to end it. Where the incident is that of another report, the two are linked.
pub(super) fn ask(report: &Report, same_as: Option<Link>, reason: String) -> Bodies {
    if report.open_concerns().next().is_some() {
        return Err(Refusal::not_allowed(
            "Somebody may be in danger: an immediate concern has no answer yet. Say first what came of it",
        ));
    }
    if report.safety.in_danger == Some(Answer::Yes) {
        return Err(Refusal::not_allowed(
            "The first questions say that somebody is in immediate danger. Change that answer first, once it is no longer so",
        ));
    }
    if report.asked_to_end().is_some() {
        return Err(Refusal::not_allowed("A supervisor has been asked already to end this report"));
    }
    if report.outcomes.iter().any(|decided| decided.person.is_none()) {
        return Err(Refusal::not_allowed("The outcome of this report is decided. Close it with that"));
    }
    let mut wrongs = Vec::new();
    required("reason", &reason, "Say how it came to be begun, and how you know", &mut wrongs);
    settle(wrongs)?;
    let reference = same_as.as_ref().map(|link| link.reference.clone());
    let mut bodies = same_as.map_or_else(|| Ok(Vec::new()), |link| start::link(report, link))?;
    bodies.push(EventBody::EndingAsked { same_as: reference, reason });
    Ok(bodies)
}

/// A supervisor who agrees to end it closes it: nothing else is left to do.
pub(super) fn agreed(report: &Report, verdict: Verdict) -> Option<EventBody> {
    let ending = report.asked_to_end().filter(|_| verdict == Verdict::Agree)?;
    Some(EventBody::Closed { note: format!("Without an outcome: {}", ending.says()) })
}
