//! What is derived from the record for the engine: which duties are done, and the facts as they count now.

use std::collections::BTreeMap;

use guidance::advice::{Duty, DutyState};
use guidance::words::DutyWords;
use guidance::{Entity, Facts, Pack, Problem, Value};
use jiff::Timestamp;

use crate::decision::Choice;
use crate::digest::digest;
use crate::event::Verdict;
use crate::evidence::{CheckEntry, Evidence, Filed};
use crate::fact::{Standing, Statement};
use crate::id::{DutyId, FactName, FactScope, PersonId, PlaceId};
use crate::memo::Advised;
use crate::people::{Concern, PersonRole};
use crate::state::{OutcomeDecision, Report, ReviewGiven};
use crate::telling::Telling;
use crate::view::{at_once, britain};

/// The fact that tells the engine which outcome the officer decided for the report.
pub const OUTCOME_DECIDED: &str = "outcome_decided";
/// Free words about a fact. They are part of the record and of no rule, so the engine never sees them.
pub const WORDS_ONLY: &str = "other_aggravating_words";
/// The subject of the duty that checks places.
pub const LOCATION: &str = "location";

/// One field of the matrix of checks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatrixField {
    /// Id of the system in the pack.
    pub system: String,
    /// Its name.
    pub name: String,
    /// The place, for the duty that checks places.
    pub place: Option<PlaceId>,
    /// The latest entry, if there is one.
    pub entry: Option<CheckEntry>,
}

/// The words of the duty that an id belongs to. A pack writes a duty of the report with a hyphen (`checks-location`)
/// where the contract names it with its subject (`checks:location`).
pub fn duty_words<'a>(pack: &'a Pack, id: &DutyId) -> Option<&'a DutyWords> {
    let words = pack.duties();
    let find = |name: &str| words.iter().find(|d| d.id == name);
    find(id.as_str()).or_else(|| find(&id.as_str().replace(':', "-"))).or_else(|| find(id.duty()))
}

/// Does what is due at this moment come after the outcome? Then it cannot be part of what was reviewed before it.
pub fn is_after_outcome(due: &str) -> bool {
    due == "after-outcome"
}

/// What a duty waits for that follows the outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WaitsFor {
    /// None is decided, neither for whom it is about nor for the report.
    Outcome,
    /// It was decided against the advice or ahead of the review, and a supervisor has not agreed.
    Agreement,
}

impl WaitsFor {
    /// Why nothing can be recorded yet, and what to do first.
    pub const fn says(self) -> &'static str {
        match self {
            Self::Outcome => "This comes after the outcome. Decide the outcome first",
            Self::Agreement => {
                "A supervisor has to agree to this outcome before anybody is told of it. Ask for a review first"
            }
        }
    }
}

impl Report {
    /// What this duty waits for, where it follows the outcome: nothing can be recorded for it until then. Whoever has an outcome of their
    /// own hears of it at once, whenever that of the report is decided. Nobody is told of an outcome that was decided against the advice,
    /// or ahead of the review, before a supervisor has agreed to it.
    pub fn waits_for_outcome(&self, pack: &Pack, words: &DutyWords, duty: &DutyId) -> Option<WaitsFor> {
        if !is_after_outcome(&words.due) {
            return None;
        }
        let whose = duty.subject().and_then(|person| person.parse().ok());
        let theirs = whose.as_ref().and_then(|person| self.outcome(Some(person)));
        let of_report = self.outcome(None);
        if of_report.is_none() && (theirs.is_none() || !self.is_asked_for(pack, duty)) {
            return Some(WaitsFor::Outcome);
        }
        let mut heard_of = of_report.into_iter().chain(theirs);
        heard_of.any(|decided| self.awaits_agreement(decided)).then_some(WaitsFor::Agreement)
    }

    /// Does the advice ask for it whatever else is decided? What hangs on the outcome of the report is only asked for after that.
    fn is_asked_for(&self, pack: &Pack, duty: &DutyId) -> bool {
        let is_it = |one: &Duty| one.id.as_str() == duty.as_str() && one.state != DutyState::NotYetKnown;
        self.advise(pack).is_ok_and(|advised| advised.advice().duties.iter().any(is_it))
    }

    /// Was this outcome decided against the advice or ahead of the review, and no supervisor has agreed since?
    fn awaits_agreement(&self, decided: &OutcomeDecision) -> bool {
        let agreed = |last: &ReviewGiven| last.verdict == Verdict::Agree && self.last_review > decided.version;
        (decided.departs || decided.unreviewed) && !self.reviews.last().is_some_and(agreed)
    }

    /// The matrix of checks for one duty: every system the force lists, for the person or for each place.
    pub fn matrix(&self, pack: &Pack, duty: &DutyId) -> Vec<MatrixField> {
        let places: Vec<Option<PlaceId>> = if duty.subject() == Some(LOCATION) {
            self.places.iter().filter(|p| p.withdrawn.is_none()).map(|p| Some(p.id.clone())).collect()
        } else {
            vec![None]
        };
        let kind = if duty.subject() == Some(LOCATION) { "place" } else { "person" };
        let entries: Vec<&CheckEntry> = self
            .evidence_for(duty)
            .into_iter()
            .filter_map(|filed| match &filed.evidence {
                Evidence::Checks { entries, .. } => Some(entries),
                _ => None,
            })
            .flatten()
            .collect();
        let systems = pack.systems().iter().filter(|s| s.checks.iter().any(|c| c == kind));
        let mut fields = Vec::new();
        for system in systems {
            for place in &places {
                let entry = entries.iter().rev().find(|e| e.system == system.id && e.place == *place);
                fields.push(MatrixField {
                    system: system.id.clone(),
                    name: system.name.clone(),
                    place: place.clone(),
                    entry: entry.map(|e| (*e).clone()),
                });
            }
        }
        fields
    }

    /// Does the evidence for this duty complete it?
    pub fn is_complete(&self, pack: &Pack, duty: &DutyId) -> bool {
        let filed = self.evidence_for(duty);
        let Some(latest) = filed.last() else {
            return false;
        };
        let comes_after = duty_words(pack, duty).is_some_and(|words| is_after_outcome(&words.due));
        if comes_after && self.outcome_since(duty).is_none_or(|since| latest.at < since) {
            return false;
        }
        if self.is_outrun(pack, duty, latest.at) {
            return false;
        }
        match &latest.evidence {
            Evidence::Checks { .. } => {
                let fields = self.matrix(pack, duty);
                if fields.is_empty() { says_no_place(&filed) } else { fields.iter().all(|f| f.entry.is_some()) }
            }
            Evidence::Meeting { .. } => filed.into_iter().any(is_held),
            Evidence::Referral { .. } | Evidence::SteppedIn { .. } => {
                // Whoever steps in has acted; whoever looks after children has to hear of it all the same.
                filed.iter().any(|filed| is_taken(&filed.evidence))
            }
            Evidence::Told { telling, .. } => matches!(telling, Telling::Told { .. }),
            Evidence::Decision(decision) => decision.choice != Choice::Later,
            _ => true,
        }
    }

    /// Was something said about them after the last action that keeps somebody from harm? The action could not know of it.
    pub(crate) fn is_outrun(&self, pack: &Pack, duty: &DutyId, acted_at: Timestamp) -> bool {
        let Some(subject) = duty.subject().filter(|_| at_once(pack).is_some_and(|words| words.id == duty.duty()))
        else {
            return false;
        };
        let about = |person: &Option<PersonId>| person.as_ref().is_some_and(|person| person.as_str() == subject);
        let is_raised = self.open_concerns().any(|concern| about(&concern.person) && concern.at > acted_at);
        // Who says again what was known says nothing new.
        let known_since = |fact: &FactName| {
            let yes =
                |s: &&Statement| s.fact == *fact && s.standing == Standing::Stands && s.value.as_word() == Some("yes");
            self.statements.iter().filter(yes).map(|s| s.entered_at).min()
        };
        let asked = pack.questions().iter().filter(|question| !question.concerns.is_empty());
        let mut names = asked.filter_map(|question| question.fact.strip_prefix("person."));
        is_raised
            || names.any(|name| {
                let fact = format!("person.{subject}.{name}").parse();
                fact.is_ok_and(|fact| known_since(&fact) > Some(acted_at))
            })
    }

    /// Since when the outcome that a child hears of has been what it is now: another outcome has to be explained again. That of the
    /// report is no other one where it comes to the same as their own.
    fn outcome_since(&self, duty: &DutyId) -> Option<Timestamp> {
        let since = |person: Option<&str>| {
            let mut decided = self.outcomes.iter().rev().filter(|o| o.person.as_ref().map(PersonId::as_str) == person);
            let last = decided.next()?;
            let first = decided.take_while(|o| o.code == last.code).last().unwrap_or(last);
            Some((first.at, last.code.as_str()))
        };
        match (since(None), duty.subject().and_then(|person| since(Some(person)))) {
            (Some((of_report, code)), Some((theirs, own))) if code != own => Some(of_report.max(theirs)),
            (_, Some((theirs, _))) => Some(theirs),
            (of_report, None) => of_report.map(|(at, _)| at),
        }
    }

    /// Ids of the duties that are done, in order.
    pub fn done(&self, pack: &Pack) -> Vec<String> {
        let mut done: Vec<String> = self
            .evidence
            .keys()
            .filter(|duty| {
                self.is_subject_here(duty) && duty_words(pack, duty).is_some() && self.is_complete(pack, duty)
            })
            .map(|duty| duty.as_str().to_owned())
            .collect();
        if self.is_agreed(pack) {
            done.extend(pack.duties().iter().filter(|d| d.evidence == "review").map(|d| d.id.clone()));
        }
        done.sort();
        done
    }

    pub(crate) fn is_subject_here(&self, duty: &DutyId) -> bool {
        duty.subject().is_none_or(|s| s == LOCATION || self.person(s).is_some() || self.device(s).is_some())
    }

    /// Did a supervisor agree to what the record says now?
    pub fn is_agreed(&self, pack: &Pack) -> bool {
        self.reviews.last().is_some_and(|r| r.verdict == Verdict::Agree && r.matter == self.review_matter(pack))
    }

    /// Digest of what a supervisor reviews: facts, evidence, departures, roles, concerns and whether it is to be ended, without what
    /// comes after the outcome.
    pub fn review_matter(&self, pack: &Pack) -> String {
        let evidence: Vec<(&str, Evidence)> = self
            .evidence
            .keys()
            .filter(|duty| !duty_words(pack, duty).is_some_and(|words| is_after_outcome(&words.due)))
            .flat_map(|duty| {
                self.evidence_for(duty).into_iter().map(|f| (duty.as_str(), without_acknowledgement(&f.evidence)))
            })
            .collect();
        let departures: Vec<(&str, &str)> =
            self.departures.iter().map(|d| (d.duty.as_str(), d.reason.as_str())).collect();
        let outcomes: Vec<(&str, Option<&str>)> = self
            .outcomes
            .iter()
            .filter(|o| o.departs || o.unreviewed)
            .map(|o| (o.code.as_str(), o.person.as_ref().map(PersonId::as_str)))
            .collect();
        let mut facts = self.answers();
        facts.report.remove(OUTCOME_DECIDED);
        let matter = (facts, evidence, departures, outcomes);
        // What was reviewed before these were part of it keeps its digest where there are none.
        let matter = match (&self.ending, self.roles_and_concerns()) {
            (None, None) => digest(&matter),
            (None, Some(more)) => digest(&(matter, more)),
            (Some(ending), None) => digest(&(matter, &ending.same_as, &ending.reason)),
            (Some(ending), Some(more)) => digest(&(matter, &ending.same_as, &ending.reason, more)),
        };
        match self.said_beside() {
            None => matter,
            Some(beside) => digest(&(matter, beside)),
        }
    }

    /// What officers hold the class to be, and what was said further of concerns that were answered; nothing where there is none.
    fn said_beside(&self) -> Option<impl serde::Serialize> {
        let classes = self.classes_held.iter();
        let classes: Vec<_> = classes.map(|held| (held.by.id.as_str(), held.class, held.reason.as_str())).collect();
        let further =
            self.concerns.iter().flat_map(|c| c.answers.iter().skip(1).map(|said| (c.number, said.says.as_str())));
        let further: Vec<_> = further.collect();
        (!classes.is_empty() || !further.is_empty()).then_some((classes, further))
    }

    /// Roles that were entered, and concerns with what came of them; nothing where there are none.
    fn roles_and_concerns(&self) -> Option<impl serde::Serialize> {
        let people = self.people.iter().filter(|p| p.withdrawn.is_none() && !p.roles.is_empty());
        let roles: Vec<(&str, &[PersonRole])> = people.map(|p| (p.id.as_str(), p.roles.as_slice())).collect();
        let first = |c: &Concern| c.answers.first().map(|said| said.says.clone());
        let concerns: Vec<_> =
            self.concerns.iter().map(|c| (c.number, c.kind, &c.person, &c.words, first(c))).collect();
        (!roles.is_empty() || !concerns.is_empty()).then_some((roles, concerns))
    }

    /// The facts as they count now, in the shape of the contract.
    pub fn facts(&self, pack: &Pack) -> Facts {
        Facts { done: self.done(pack), ..self.answers() }
    }

    /// The answers as they count now, without what is done.
    pub fn answers(&self) -> Facts {
        let mut facts = Facts {
            person: self.people.iter().filter(|p| p.withdrawn.is_none()).map(|p| entity(p.id.as_str())).collect(),
            device: self.devices.iter().filter(|d| d.withdrawn.is_none()).map(|d| entity(d.id.as_str())).collect(),
            ..Facts::default()
        };
        let mut names: Vec<&FactName> = self.statements.iter().map(|s| &s.fact).collect();
        names.sort();
        names.dedup();
        for name in names.into_iter().filter(|name| name.name() != WORDS_ONLY) {
            let Some(value) = self.current(name).value else {
                continue;
            };
            let into = match name.scope() {
                FactScope::Report => Some(&mut facts.report),
                FactScope::Person(id) => facts_of(&mut facts.person, id),
                FactScope::Device(id) => facts_of(&mut facts.device, id),
            };
            if let Some(into) = into {
                into.insert(name.name().to_owned(), self.without_withdrawn(name, value));
            }
        }
        if let Some(outcome) = self.outcome(None) {
            facts.report.insert(OUTCOME_DECIDED.to_owned(), Value::word(&outcome.code));
        }
        facts
    }

    /// A device's users are ids of people; those withdrawn since are left out.
    fn without_withdrawn(&self, name: &FactName, value: Value) -> Value {
        match value {
            Value::Words(ids) if name.name() == "used_or_owned_by" => {
                Value::Words(ids.into_iter().filter(|id| self.person(id).is_some()).collect())
            }
            value => value,
        }
    }

    /// The advice on the facts as they count now.
    ///
    /// # Errors
    /// The facts do not fit this pack, for instance because a newer pack asks a question differently.
    pub fn advise(&self, pack: &Pack) -> Result<Advised, Vec<Problem>> {
        let facts = self.facts(pack);
        let by = &pack.reference().digest;
        if let Some(advised) = self.memo.advice(by, &facts) {
            return Ok(advised);
        }
        let advice = pack.advise(&pack.check(&facts)?);
        Ok(self.memo.keep(by, facts, advice))
    }
}

fn entity(id: &str) -> Entity {
    Entity { id: id.to_owned(), facts: BTreeMap::new() }
}

fn facts_of<'a>(entities: &'a mut [Entity], id: &str) -> Option<&'a mut BTreeMap<String, Value>> {
    entities.iter_mut().find(|e| e.id == id).map(|e| &mut e.facts)
}

/// Somebody said why no place is known.
fn says_no_place(filed: &[&Filed]) -> bool {
    filed.iter().any(|f| matches!(&f.evidence, Evidence::Checks { no_place, .. } if !no_place.trim().is_empty()))
}

/// A meeting entered on the day it was held or later. One that is still to come is planned, and is entered again once it was held.
pub(crate) fn is_held(filed: &Filed) -> bool {
    let entered = filed.at.to_zoned_datetime(britain()).date();
    matches!(filed.evidence, Evidence::Meeting { on, .. } if on <= entered)
}

/// That a referral or a form arrived changes nothing a supervisor agreed to.
fn without_acknowledgement(evidence: &Evidence) -> Evidence {
    let mut evidence = evidence.clone();
    match &mut evidence {
        Evidence::Referral { acknowledged, .. } => *acknowledged = None,
        Evidence::Form(form) => {
            form.received = None;
            form.their_reference.clear();
        }
        _ => {}
    }
    evidence
}

/// A referral that somebody took.
fn is_taken(evidence: &Evidence) -> bool {
    matches!(evidence, Evidence::Referral { reference, .. } if !reference.trim().is_empty())
}
