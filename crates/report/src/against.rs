//! Decisions that speak against an outcome: what the pack says of the choice, from what was decided.

use guidance::Pack;
use guidance::advice::{Advice, Outcome, OutcomeState};
use guidance::words::ChoiceWords;
use jiff::Timestamp;

use crate::actor::Actor;
use crate::decision::Choice;
use crate::done::duty_words;
use crate::event::Verdict;
use crate::evidence::{Evidence, Filed};
use crate::id::{DutyId, PersonId};
use crate::state::Report;
use crate::view::advised;

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

/// How deciding an outcome goes with the advice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AsAdvised {
    /// It is open, and nobody decided against it.
    Open,
    /// A supervisor sent the record back, and it waits for nothing but that they look again: changing to it is what was asked.
    OnceReviewed,
    /// It departs from the advice, or from what somebody decided.
    Departs,
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

    /// How deciding this outcome for the report (`None`) or for a person goes with the advice.
    pub fn as_advised(&self, pack: &Pack, advice: &Advice, code: &str, person: Option<&PersonId>) -> AsAdvised {
        let outcome = advised(advice, code, person);
        let Some(outcome) = outcome.filter(|_| self.decided_against(pack, advice, code, person).is_none()) else {
            return AsAdvised::Departs;
        };
        let sent_back = self.reviews.last().is_some_and(|last| last.verdict == Verdict::SendBack);
        match outcome.state {
            OutcomeState::Open => AsAdvised::Open,
            OutcomeState::NotYet if sent_back && lacks_review_only(pack, outcome) => AsAdvised::OnceReviewed,
            OutcomeState::NotYet | OutcomeState::Blocked => AsAdvised::Departs,
        }
    }

    /// Why the law does not allow this outcome for the report (`None`) or for a person, in words of the pack; nothing where it does.
    pub fn law_rules_out<'a>(
        &self,
        pack: &Pack,
        advice: &'a Advice,
        code: &str,
        person: Option<&PersonId>,
    ) -> Option<&'a str> {
        let outcome = advised(advice, code, person).filter(|outcome| outcome.state == OutcomeState::Blocked)?;
        let words = pack.outcomes().iter().find(|outcome| outcome.code == code)?;
        let mut rules = outcome.rules.iter().zip(outcome.says.iter());
        rules.find(|(rule, _)| words.never.iter().any(|never| *never == ***rule)).map(|(_, says)| &**says)
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

/// Does it wait for a supervisor's review, and for nothing else?
fn lacks_review_only(pack: &Pack, outcome: &Outcome) -> bool {
    let is_review = |need: &str| pack.duties().iter().any(|duty| duty.evidence == "review" && duty.id == need);
    !outcome.needs.is_empty() && outcome.needs.iter().all(|need| is_review(need))
}
