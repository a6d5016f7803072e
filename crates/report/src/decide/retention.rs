//! Deciding whether a closed report is kept. Nothing is erased here: the shell does that once the decision is in the record.

use guidance::Pack;
use jiff::civil::Date;

use super::decisions::has_a_hand_in_it;
use super::{Bodies, required, required_line, settle};
use crate::actor::Context;
use crate::event::EventBody;
use crate::id::PersonId;
use crate::refusal::{Refusal, Wrong};
use crate::retention::{after_years, day, words};
use crate::state::Report;

/// Years that a decision to keep may last where the pack says nothing.
const LONGEST: u16 = 10;

/// Keeps it until a day. There is always a next review: nothing is kept for good.
pub(super) fn keep(report: &Report, pack: &Pack, context: &Context, until: Date, reasons: String) -> Bodies {
    closed(report)?;
    let mut wrongs = Vec::new();
    let today = day(context.at);
    let longest = pack.retention().map_or(LONGEST, |words| words.schedule.longest_years);
    let last = after_years(today, i16::try_from(longest).unwrap_or(i16::MAX));
    if until <= today {
        wrongs.push(Wrong::new("until", "The next review has to be after today. Enter a later day"));
    } else if last.is_some_and(|last| until > last) {
        let last = last.map(words).unwrap_or_default();
        wrongs.push(Wrong::new("until", format!("The next review is {last} at the latest. Enter an earlier day")));
    }
    required("reasons", &reasons, "Say why it is kept: this child, this report, not reports like it", &mut wrongs);
    settle(wrongs)?;
    Ok(vec![EventBody::RetentionKept { until, reasons }])
}

/// Decides that something is erased. A second time nothing is added, so that what was cut off can be gone on with.
pub(super) fn erase(
    report: &Report,
    pack: &Pack,
    context: &Context,
    person: Option<PersonId>,
    reasons: String,
    confirmed: Vec<String>,
) -> Bodies {
    closed(report)?;
    if has_a_hand_in_it(report, &context.actor.id) {
        return Err(Refusal::not_allowed(
            "You worked on this report or decided in it. Another supervisor has to decide whether it is erased",
        ));
    }
    if let Some(person) = &person {
        if !report.people.iter().any(|there| there.id == *person) {
            return Err(Refusal::field("what", "That person is not in this report. Select again"));
        }
        if report.identity_erased(person) {
            return Err(Refusal::field("what", "Who this person is has been erased already"));
        }
    }
    if report.erasure_decided(person.as_ref()).is_some() {
        return Ok(Vec::new());
    }
    let against = report.retention(pack).map(|retention| retention.against).unwrap_or_default();
    let mut wrongs: Vec<Wrong> = Vec::new();
    for held in &against {
        if held.refuses {
            wrongs.push(Wrong::new("", held.says.clone()));
        } else if !confirmed.contains(&held.id) {
            wrongs.push(Wrong::new("confirmed", format!("See to this first, then select it: {}", held.says)));
        }
    }
    required_line("reasons", &reasons, "Say why it is erased, without anything that says who somebody is", &mut wrongs);
    wrongs.extend(report.without_names("reasons", &reasons).err());
    settle(wrongs)?;
    let confirmed = against.into_iter().filter(|held| !held.refuses).map(|held| held.id).collect();
    Ok(vec![EventBody::ErasureDecided { person, reasons, confirmed }])
}

fn closed(report: &Report) -> Result<(), Refusal> {
    if report.is_closed() {
        return Ok(());
    }
    Err(Refusal::not_allowed("This report is open. Whether it is kept is decided once it is closed"))
}
