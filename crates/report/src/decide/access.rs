//! Restricting, conflicts of interest, emergency openings and their review, passing to another unit.

use super::{Bodies, required, required_line, settle};
use crate::access::{EMERGENCY, EmergencyPurpose, Finding, MOST_MEMBERS, Named};
use crate::actor::{Context, Role};
use crate::event::EventBody;
use crate::id::ActorId;
use crate::refusal::{Refusal, Wrong};
use crate::state::Report;

/// Only those named may see it from now on. Whoever restricts it is one of them, so that somebody can name others.
pub(super) fn restrict(report: &Report, context: &Context, members: Vec<Named>, unit: &str, reason: String) -> Bodies {
    let mut members = members;
    let me = &context.actor;
    if !members.iter().any(|m| m.id == me.id) {
        members.push(Named { id: me.id.clone(), name: me.name.clone(), unit: unit.to_owned() });
    }
    members.sort_by(|a, b| a.id.cmp(&b.id));
    members.dedup_by(|a, b| a.id == b.id);
    let mut wrongs = Vec::new();
    if members.len() > MOST_MEMBERS {
        let says = format!("Name at most {MOST_MEMBERS} people: a report that more may see is not restricted");
        wrongs.push(Wrong::new("members", says));
    }
    for member in members.iter().filter(|m| report.access.has_interest(&m.id)) {
        let says = format!("{} has a conflict of interest and cannot be named", member.name);
        wrongs.push(Wrong::new("members", says));
    }
    required("reason", &reason, "Say why only those named may see it", &mut wrongs);
    settle(wrongs)?;
    let access = &report.access;
    if access.restricted.is_none() {
        return Ok(vec![EventBody::Restricted { members, reason }]);
    }
    let same = members.len() == access.members.len()
        && members.iter().all(|member| access.members.iter().any(|m| m.id == member.id));
    if same { Ok(Vec::new()) } else { Ok(vec![EventBody::MembersNamed { members, reason }]) }
}

pub(super) fn lift(report: &Report, reason: String) -> Bodies {
    if report.access.restricted.is_none() {
        return Err(Refusal::not_allowed("This report is not restricted"));
    }
    let mut wrongs = Vec::new();
    required("reason", &reason, "Say why everybody in the unit may see it again", &mut wrongs);
    settle(wrongs)?;
    Ok(vec![EventBody::RestrictionLifted { reason }])
}

/// One's own, or a supervisor says so of somebody. Whoever works on the report works on it no longer.
pub(super) fn declare(report: &Report, context: &Context, who: Named, words: String) -> Bodies {
    if who.id != context.actor.id && context.actor.role != Role::Supervisor {
        return Err(Refusal::not_allowed("Only a supervisor can say that somebody else has a conflict of interest"));
    }
    let mut wrongs = Vec::new();
    required_line("who", &who.name, "Select who has a conflict of interest", &mut wrongs);
    required("words", &words, "Say in a few words what the conflict of interest is", &mut wrongs);
    settle(wrongs)?;
    if report.access.has_interest(&who.id) {
        return Ok(Vec::new());
    }
    let works_on_it = report.allocation.as_ref().is_some_and(|to| to.to == who.id);
    let mut bodies = vec![EventBody::InterestDeclared { who, words }];
    if works_on_it {
        let reason = "Whoever worked on it has a conflict of interest".to_owned();
        bodies.push(EventBody::PassedToUnit { unit: report.unit.clone(), reason });
    }
    Ok(bodies)
}

pub(super) fn end_interest(report: &Report, context: &Context, who: ActorId, reason: String) -> Bodies {
    if who == context.actor.id {
        return Err(Refusal::not_allowed("Another supervisor has to say that your conflict of interest has ended"));
    }
    if !report.access.has_interest(&who) {
        return Err(Refusal::not_allowed("No conflict of interest of this person is recorded"));
    }
    let mut wrongs = Vec::new();
    required("reason", &reason, "Say why there is no conflict of interest any more", &mut wrongs);
    settle(wrongs)?;
    Ok(vec![EventBody::InterestEnded { who, reason }])
}

/// Fewer words are no reason that anybody could judge.
const FEWEST_WORDS: usize = 3;

/// Opens it for an hour. A conflict of interest comes before every emergency.
pub(super) fn open_in_emergency(
    report: &Report,
    context: &Context,
    unit: String,
    purpose: EmergencyPurpose,
    reason: String,
) -> Bodies {
    let me = &context.actor.id;
    if report.access.has_interest(me) {
        return Err(Refusal::not_allowed("You cannot open this report, in an emergency either. Ask a supervisor"));
    }
    let mut wrongs = Vec::new();
    required("reason", &reason, "Say what has happened, and what you need from the report", &mut wrongs);
    settle(wrongs)?;
    if report.access.open_emergency(me, context.at).is_some() {
        return Ok(Vec::new());
    }
    let words = reason.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).count();
    if words < FEWEST_WORDS {
        let says = "Say it in at least three words, so that a supervisor can see what you needed it for";
        return Err(Refusal::field("reason", says));
    }
    let number = u32::try_from(report.access.emergencies.len()).unwrap_or(u32::MAX).saturating_add(1);
    let until = context.at + EMERGENCY;
    Ok(vec![EventBody::OpenedInEmergency { number, unit, purpose, reason, until }])
}

pub(super) fn review_emergency(
    report: &Report,
    context: &Context,
    number: u32,
    finding: Finding,
    words: String,
) -> Bodies {
    let Some(opened) = report.access.emergency(number) else {
        return Err(Refusal::not_allowed("There is no such emergency opening on this report"));
    };
    if opened.by.id == context.actor.id {
        return Err(Refusal::not_allowed(
            "You opened this report yourself. Another supervisor has to say whether it was justified",
        ));
    }
    if opened.review.is_some() {
        return Err(Refusal::not_allowed("Somebody has reviewed this already"));
    }
    let mut wrongs = Vec::new();
    required("words", &words, "Say why you find so, and what follows", &mut wrongs);
    settle(wrongs)?;
    Ok(vec![EventBody::EmergencyReviewed { number, finding, words }])
}

/// Another unit has it from now on, and nobody works on it until somebody there takes it on.
pub(super) fn pass(report: &Report, unit: String, reason: String) -> Bodies {
    let mut wrongs = Vec::new();
    required_line("unit", &unit, "Select the unit that it is passed to", &mut wrongs);
    required("reason", &reason, "Say why it is passed on", &mut wrongs);
    settle(wrongs)?;
    if report.unit == unit { Ok(Vec::new()) } else { Ok(vec![EventBody::PassedToUnit { unit, reason }]) }
}
