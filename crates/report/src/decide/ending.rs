//! Ending a report that was begun by mistake, or a second time for one incident. Nothing is deleted, and nobody ends one alone:
//! it stays open until a supervisor agrees, so that no real report goes out of sight this way.

use guidance::Pack;

use super::decisions::unusable;
use super::{Bodies, required, settle, start};
use crate::actor::Context;
use crate::event::{EventBody, Verdict};
use crate::people::Link;
use crate::refusal::{Refusal, Wrong};
use crate::state::Report;
use crate::view::{Hindrance, HindranceKind};

/// Asks a supervisor to end it. Where the incident is that of another report, the two are linked.
pub(super) fn ask(report: &Report, pack: &Pack, same_as: Option<Link>, reason: String) -> Bodies {
    if let Some(first) = hinders(report, pack)?.into_iter().next() {
        return Err(Refusal::not_allowed(first.says));
    }
    let mut wrongs = Vec::new();
    required("reason", &reason, "Say how it came to be begun, and how you know", &mut wrongs);
    settle(wrongs)?;
    let reference = same_as.as_ref().map(|link| link.reference.clone());
    let mut bodies = same_as.map_or_else(|| Ok(Vec::new()), |link| start::link(report, link))?;
    bodies.push(EventBody::EndingAsked { same_as: reference, reason });
    Ok(bodies)
}

/// Asks no more. Nobody else takes back what one person asked, and nothing is taken back that a supervisor has answered.
pub(super) fn take_back(report: &Report, context: &Context) -> Bodies {
    match report.asked_to_end() {
        Some(ending) if ending.by.id == context.actor.id => Ok(vec![EventBody::EndingTakenBack {}]),
        Some(ending) => Err(Refusal::not_allowed(format!(
            "{} asked to end this report, so only they can withdraw it. A supervisor can send it back",
            ending.by.name
        ))),
        None => Err(Refusal::not_allowed(
            "Nobody asks to end this report now: a supervisor has answered, or it was withdrawn",
        )),
    }
}

/// A supervisor who agrees to end it closes it: nothing else is left to do. Not while somebody may be in danger, whatever was known
/// when it was asked.
pub(super) fn agreed(
    report: &Report,
    pack: &Pack,
    verdict: Verdict,
    wrongs: &mut Vec<Wrong>,
) -> Result<Option<EventBody>, Refusal> {
    let Some(ending) = report.asked_to_end().filter(|_| verdict == Verdict::Agree) else {
        return Ok(None);
    };
    if let Some(first) = hinders(report, pack)?.into_iter().find(|one| one.kind != HindranceKind::Asked) {
        wrongs.push(Wrong::new("verdict", format!("It cannot be ended now, so send it back. {}", first.says)));
    }
    Ok(Some(EventBody::Closed { note: format!("Without an outcome: {}", ending.says()) }))
}

fn hinders(report: &Report, pack: &Pack) -> Result<Vec<Hindrance>, Refusal> {
    report.hinders_ending(pack).map_err(|problems| unusable(&problems))
}

impl Report {
    /// Is this report to be ended, or was it, because it has the same incident as the one that this link names?
    pub fn ends_for(&self, link: &Link) -> bool {
        self.ending.as_ref().is_some_and(|ending| ending.same_as.as_deref() == Some(link.reference.as_str()))
    }
}
