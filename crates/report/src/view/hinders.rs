//! What stands in the way of ending a report without an outcome: somebody may be in danger, somebody asked already, an outcome
//! is decided.

use guidance::advice::{Duty, DutyState};
use guidance::{Pack, Problem};

use super::tasks;
use crate::done::duty_words;
use crate::id::{DutyId, PersonId};
use crate::people::Answer;
use crate::state::Report;

/// One thing that stands in the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hindrance {
    /// What it is.
    pub kind: HindranceKind,
    /// Why it cannot be ended and what to do instead.
    pub says: String,
}

/// What stands in the way, and so where it is put right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HindranceKind {
    /// A concern that nobody has answered, by its number.
    Concern(u32),
    /// The first questions say that somebody is in danger.
    InDanger,
    /// What is to be done at once to keep somebody safe.
    Duty(DutyId),
    /// An outcome is decided.
    Outcome,
    /// Somebody asked already, and no supervisor has said anything yet.
    Asked,
}

impl Report {
    /// What stands in the way of ending it without an outcome, danger first; nothing where nothing does.
    ///
    /// # Errors
    /// The facts do not fit this pack.
    pub fn hinders_ending(&self, pack: &Pack) -> Result<Vec<Hindrance>, Vec<Problem>> {
        let concerns = self.open_concerns().map(|concern| {
            let says = "Somebody may be in danger: an immediate concern has no answer yet. Say first what came of it";
            Hindrance { kind: HindranceKind::Concern(concern.number), says: says.to_owned() }
        });
        let mut all: Vec<Hindrance> = concerns.collect();
        if self.safety.in_danger == Some(Answer::Yes) {
            let says = "The first questions say that somebody is in immediate danger. Change that answer first, once it is no longer so";
            all.push(Hindrance { kind: HindranceKind::InDanger, says: says.to_owned() });
        }
        let advised = self.advise(pack)?;
        let at_once = advised.advice().duties.iter().filter(|duty| self.keeps_safe_now(duty));
        all.extend(at_once.filter_map(|duty| {
            let id: DutyId = duty.id.parse().ok()?;
            let title = tasks::title(self, duty_words(pack, &id), &id);
            let says = format!("Somebody may be in danger. Do this first: {title}");
            Some(Hindrance { kind: HindranceKind::Duty(id), says })
        }));
        // What was decided for somebody who was taken out of the report counts for nothing.
        let is_here = |id: &PersonId| self.person(id.as_str()).is_some();
        if let Some(decided) = self.outcomes.iter().find(|decided| decided.person.as_ref().is_none_or(is_here)) {
            let whom = decided.person.as_ref().map_or_else(|| "this report".to_owned(), |id| self.label(id.as_str()));
            let says = format!("The outcome for {whom} is decided. Close the report with that");
            all.push(Hindrance { kind: HindranceKind::Outcome, says });
        }
        if self.asked_to_end().is_some() {
            let says = "A supervisor has been asked already to end this report. They have to agree or send it back";
            all.push(Hindrance { kind: HindranceKind::Asked, says: says.to_owned() });
        }
        Ok(all)
    }

    /// Due at once for one person: in the guidance that is only what keeps somebody safe.
    fn keeps_safe_now(&self, duty: &Duty) -> bool {
        let is_of_person = duty.subject.as_deref().is_some_and(|subject| self.person(subject).is_some());
        let is_open = duty.state == DutyState::Due && self.departure(&duty.id).is_none();
        is_of_person && is_open && &*duty.due == "now"
    }
}
