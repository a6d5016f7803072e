//! Putting a page aside half-filled, and throwing away what was put aside.

use guidance::Pack;

use super::{Bodies, settle};
use crate::done::duty_words;
use crate::draft::{DraftOf, Fields};
use crate::event::EventBody;
use crate::refusal::{Refusal, Wrong};
use crate::state::Report;
use crate::text;

/// Fields of one page: the longest form of a pack stays far below it.
const MOST_FIELDS: usize = 300;
/// Answers to one field: checkboxes for every person of the largest report.
const MOST_ANSWERS: usize = 120;
/// Characters in the name of a field.
const LONGEST_NAME: usize = 80;

pub(super) fn save(report: &Report, pack: &Pack, of: DraftOf, fields: Fields, seen: u64) -> Bodies {
    is_here(report, pack, &of)?;
    if fields.values().flatten().all(|answer| answer.trim().is_empty()) {
        return Err(Refusal::field("", "Nothing has been entered yet, so there is nothing to save for later"));
    }
    let fits = |(name, answers): (&String, &Vec<String>)| {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | ':' | '-');
        !name.is_empty() && name.len() <= LONGEST_NAME && name.chars().all(plain) && answers.len() <= MOST_ANSWERS
    };
    if fields.len() > MOST_FIELDS || !fields.iter().all(fits) {
        return Err(Refusal::field("", "This is not what the page asked for. Open the page again and enter it there"));
    }
    let mut wrongs: Vec<Wrong> = Vec::new();
    for (name, answers) in &fields {
        wrongs.extend(answers.iter().filter_map(|answer| text::check(name, answer).err()));
    }
    settle(wrongs)?;
    match report.draft(&of) {
        Some(kept) if kept.fields == fields => Ok(Vec::new()),
        Some(kept) if kept.version != seen => Err(Refusal::field(
            "",
            format!(
                "{} saved this for later after you opened it. What they entered is shown below: take over what should stay, then save again",
                kept.by.name
            ),
        )),
        _ => Ok(vec![EventBody::DraftSaved { of, fields }]),
    }
}

pub(super) fn discard(report: &Report, of: DraftOf) -> Bodies {
    match report.draft(&of) {
        Some(_) => Ok(vec![EventBody::DraftDiscarded { of }]),
        None => Err(Refusal::field("", "There is nothing saved for later here any more")),
    }
}

fn is_here(report: &Report, pack: &Pack, of: &DraftOf) -> Result<(), Refusal> {
    let is_here = match of {
        DraftOf::Task(duty) | DraftOf::Departure(duty) => {
            duty_words(pack, duty).is_some() && report.is_subject_here(duty)
        }
        DraftOf::Outcome(code) => pack.outcomes().iter().any(|outcome| outcome.code == *code),
        DraftOf::Roles(person) => report.person(person.as_str()).is_some(),
        DraftOf::Class => true,
    };
    if is_here {
        Ok(())
    } else {
        Err(Refusal::field(
            "",
            "There is no such task, outcome or person on this report. Choose one from the report's page",
        ))
    }
}
