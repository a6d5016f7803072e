//! Decisions that speak against an outcome: what the pack says of the choice, from what was decided.

use guidance::Pack;
use guidance::advice::{Advice, OutcomeState};
use guidance::words::ChoiceWords;
use jiff::Timestamp;

use crate::actor::Actor;
use crate::decision::Choice;
use crate::done::duty_words;
use crate::evidence::{Evidence, Filed};
use crate::id::{DutyId, PersonId};
use crate::state::Report;

/// A decision that speaks against an outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Against {
    /// The duty it was decided for.
    pub duty: DutyId,
    /// What was decided, in the words of the pack.
    pub words: String,
    /// Who decided.
    pub by: Actor,
    /// When it was entered.
    pub at: Timestamp,
}

/// What the pack says of a choice for a duty; nothing where it does not offer it.
pub(crate) fn choice_words<'a>(pack: &'a Pack, duty: &DutyId, choice: Choice) -> Option<&'a ChoiceWords> {
    duty_words(pack, duty)?.choices.iter().find(|words| words.value == choice.word())
}

impl Report {
    /// The decision that speaks against an outcome for the report (`None`) or for a person. A decision of the report counts for
    /// everybody; for the report it counts too when everybody it could still be decided for has one against it. Only the latest
    /// decision of a duty counts, and only while the advice has the duty.
    pub fn decided_against(
        &self,
        pack: &Pack,
        advice: &Advice,
        code: &str,
        person: Option<&PersonId>,
    ) -> Option<Against> {
        if let Some(against) = self.against(pack, advice, code, person.map(PersonId::as_str)) {
            return Some(against);
        }
        if person.is_some() {
            return None;
        }
        let open = advice.outcomes.iter().filter(|o| o.code == code && o.state != OutcomeState::Blocked);
        let each: Option<Vec<Against>> =
            open.filter_map(|o| o.subject.as_deref()).map(|id| self.against(pack, advice, code, Some(id))).collect();
        each?.into_iter().max_by_key(|against| against.at)
    }

    /// What was decided for the report, or for this one person.
    fn against(&self, pack: &Pack, advice: &Advice, code: &str, person: Option<&str>) -> Option<Against> {
        let duties = advice.duties.iter().filter_map(|duty| duty.id.parse::<DutyId>().ok());
        let concerning = duties.filter(|duty| duty.subject().is_none() || duty.subject() == person);
        concerning.filter_map(|duty| self.speaks_against(pack, duty, code)).max_by_key(|against| against.at)
    }

    fn speaks_against(&self, pack: &Pack, duty: DutyId, code: &str) -> Option<Against> {
        let Filed { evidence: Evidence::Decision(decision), by, at, .. } = self.evidence_for(&duty).pop()? else {
            return None;
        };
        let words = choice_words(pack, &duty, decision.choice)?;
        let speaks = words.against.iter().any(|against| against == code);
        speaks.then(|| Against { words: words.words.clone(), by: by.clone(), at: *at, duty })
    }
}
