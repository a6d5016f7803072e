//! What is asked beside the class, the duties and the record: by when a duty is due, whether a class has to be confirmed, and what the
//! outcomes wait for. Only what nothing else asks for: the smaller things come last.

use std::collections::BTreeMap;

use super::ask::Found;
use super::{Advisor, OpenFact};
use crate::advice::{BearsOn, DutyState, Outcome, OutcomeState};
use crate::compile::Formula;
use crate::decide::DutyStands;
use crate::eval::About;
use crate::rules::FormulaIx;
use crate::schema::Scope;
use crate::share::Text;

impl<'a> Advisor<'a> {
    pub(super) fn beside(&self, found: &mut Found<'a>, stands: &[DutyStands], outcomes: &[Outcome]) {
        self.times_open(found, stands);
        self.unsure_open(found);
        self.outcomes_open(found, outcomes);
    }

    /// By when something is due is no question any more once it is done.
    fn times_open(&self, found: &mut Found<'a>, stands: &[DutyStands]) {
        for duty in stands.iter().filter(|duty| duty.state != DutyState::Done) {
            let Some(rule) = self.pack.duty_rules.get(duty.duty) else { continue };
            let bears = || BearsOn::ByWhen(rule.title.clone(), self.person_of(duty.about));
            for time in &rule.times {
                self.open_beside(found, time.applies, duty.about, &bears());
            }
        }
    }

    /// Whether somebody has to confirm a class matters for those it may apply to.
    fn unsure_open(&self, found: &mut Found<'a>) {
        for rule in &self.pack.crime_rules {
            let Some(unsure) = &rule.unsure else { continue };
            for about in self.people().map(About::Person) {
                if self.reach(rule.when, about).possible() {
                    self.open_beside(found, unsure.when, about, &BearsOn::Confirmed);
                }
            }
        }
    }

    /// What outcomes wait for, asked about the report once: it may be all that is left to ask. What an outcome waits for of one person
    /// alone, as an activity that is done, is entered where it is decided.
    fn outcomes_open(&self, found: &mut Found<'a>, outcomes: &[Outcome]) {
        let mut states = outcomes.iter().map(|outcome| outcome.state);
        let mut waited: BTreeMap<usize, (OpenFact<'a>, Vec<Text>)> = BTreeMap::new();
        self.pack.each_outcome(self.case, &|at, about| self.reach(at, about), |_, rule, about| {
            if states.next() != Some(OutcomeState::NotYet) {
                return;
            }
            let conditions = rule.blocked.iter().chain(&rule.requires).filter(|condition| condition.is_for(about));
            for condition in conditions.filter(|condition| self.reach(condition.when, about).both()) {
                let open = self.open_for(self.formula(condition.when), about);
                for (fact, whose) in open.into_iter().filter(|(fact, _)| fact.scope == Scope::Report) {
                    let (_, codes) = waited.entry(fact.at).or_insert_with(|| ((fact, whose), Vec::new()));
                    if !codes.contains(&rule.code) {
                        codes.push(rule.code.clone());
                    }
                }
            }
        });
        for (fact, mut codes) in waited.into_values() {
            codes.sort_by_key(|code| (code.len(), code.clone()));
            self.also(found, fact, &BearsOn::Outcomes(codes));
        }
    }

    fn open_beside(&self, found: &mut Found<'a>, at: FormulaIx, about: About, bears: &BearsOn) {
        if self.reach(at, about).both() {
            self.open_for(self.formula(at), about).into_iter().for_each(|open| self.also(found, open, bears));
        }
    }

    /// Open facts that a condition turns on; for one about the report those of everybody.
    fn open_for(&self, formula: &Formula, about: About) -> Vec<OpenFact<'a>> {
        if about == About::Report && !formula.atoms.is_empty() {
            return self.open_of_people(formula).facts.clone();
        }
        let mut open: Vec<OpenFact<'a>> = self.explain.open(formula, formula.node, about).to_vec();
        if !formula.atoms.is_empty() && self.is_open_for_others(formula, about) {
            open.extend(self.open_of_others(&self.turns_on(formula, about), about));
        }
        open
    }
}
