//! Deciding whether a closed report is kept. Nothing is erased here: the shell does that once the decision is in the record.

use guidance::Pack;
use jiff::civil::Date;

use super::decisions::has_a_hand_in_it;
use super::{Bodies, required, required_line, settle};
use crate::actor::Context;
use crate::decision::Ndm;
use crate::event::EventBody;
use crate::id::PersonId;
use crate::refusal::{Refusal, Wrong};
use crate::retention::{StandsAgainst, after_years, day, words};
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

/// What is to be erased, and why.
pub(super) struct Erasing {
    /// Whose identity; nothing for the whole report.
    pub person: Option<PersonId>,
    /// In a line that outlives the report.
    pub reasons: String,
    /// Ids of what was confirmed to stand against it no more.
    pub confirmed: Vec<String>,
}

/// Before the day to look at it again has come one supervisor asks, with the full record, and another one agrees.
pub(super) fn ask_early(report: &Report, pack: &Pack, context: &Context, erasing: Erasing, ndm: Ndm) -> Bodies {
    may_erase(report, context, erasing.person.as_ref())?;
    let whose = erasing.person.as_ref();
    if report.early_until(pack, whose, &context.actor.id, day(context.at)).is_none() {
        return Err(Refusal::not_allowed(
            "The day to look at this again has come, or none is proposed: nobody else has to agree. Erase it",
        ));
    }
    if let Some(asked) = report.erasure_asked(whose) {
        // Sent twice, it is there once.
        let is_same = asked.by.id == context.actor.id && asked.reasons == erasing.reasons && asked.ndm == ndm;
        return match is_same {
            true => Ok(Vec::new()),
            false => Err(Refusal::not_allowed(format!(
                "{} has asked for this already. Somebody else than {} has to agree",
                asked.by.name, asked.by.name
            ))),
        };
    }
    let (mut wrongs, _) = hinders(report, pack, &erasing);
    ndm.guard(&mut wrongs);
    ndm.require_full(
        "Erasing before the day proposed departs from the schedule and needs the full record",
        &mut wrongs,
    );
    settle(wrongs)?;
    Ok(vec![EventBody::ErasureAsked { person: erasing.person, reasons: erasing.reasons, ndm }])
}

/// Decides that something is erased. A second time nothing is added, so that what was cut off can be gone on with.
pub(super) fn erase(report: &Report, pack: &Pack, context: &Context, erasing: Erasing) -> Bodies {
    let whose = erasing.person.as_ref();
    may_erase(report, context, whose)?;
    if report.erasure_decided(whose).is_some() {
        return Ok(Vec::new());
    }
    let (mut wrongs, against) = hinders(report, pack, &erasing);
    wrongs.extend(needs_another(report, pack, context, whose).map(|says| Wrong::new("", says)));
    settle(wrongs)?;
    let confirmed = against.into_iter().filter(|held| !held.refuses).map(|held| held.id).collect();
    Ok(vec![EventBody::ErasureDecided { person: erasing.person, reasons: erasing.reasons, confirmed }])
}

fn may_erase(report: &Report, context: &Context, whose: Option<&PersonId>) -> Result<(), Refusal> {
    closed(report)?;
    if has_a_hand_in_it(report, &context.actor.id) {
        return Err(Refusal::not_allowed(
            "You worked on this report or decided in it. Another supervisor has to decide whether it is erased",
        ));
    }
    if let Some(person) = whose {
        if !report.people.iter().any(|there| there.id == *person) {
            return Err(Refusal::field("what", "That person is not in this report. Select again"));
        }
        if report.identity_erased(person) {
            return Err(Refusal::field("what", "Who this person is has been erased already"));
        }
    }
    Ok(())
}

/// Why one supervisor alone does not erase it now; nothing where they do.
fn needs_another(report: &Report, pack: &Pack, context: &Context, whose: Option<&PersonId>) -> Option<String> {
    let until = words(report.early_until(pack, whose, &context.actor.id, day(context.at))?);
    match report.erasure_asked(whose) {
        None => Some(format!(
            "It is early: the day to look at this again is {until}. Before that one supervisor says in full why, and another one agrees"
        )),
        Some(asked) if asked.by.id == context.actor.id => Some(format!(
            "You asked for this yourself. Before {until} another supervisor has to agree. Where there is none, it is kept until that day"
        )),
        Some(_) => None,
    }
}

/// What is wrong with the words and what stands against it, and what does.
fn hinders(report: &Report, pack: &Pack, erasing: &Erasing) -> (Vec<Wrong>, Vec<StandsAgainst>) {
    let against = report.retention(pack).map(|retention| retention.against).unwrap_or_default();
    let mut wrongs: Vec<Wrong> = Vec::new();
    for held in &against {
        if held.refuses {
            wrongs.push(Wrong::new("", held.says.clone()));
        } else if !erasing.confirmed.contains(&held.id) {
            wrongs.push(Wrong::new("confirmed", format!("See to this first, then select it: {}", held.says)));
        }
    }
    let reasons = &erasing.reasons;
    required_line("reasons", reasons, "Say why it is erased, without anything that says who somebody is", &mut wrongs);
    wrongs.extend(report.without_names("reasons", reasons).err());
    (wrongs, against)
}

fn closed(report: &Report) -> Result<(), Refusal> {
    if report.is_closed() {
        return Ok(());
    }
    Err(Refusal::not_allowed("This report is open. Whether it is kept is decided once it is closed"))
}
