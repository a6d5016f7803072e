//! What a conclusion still waits for: its own open facts, those of everybody, or those of the class.

use std::cell::OnceCell;
use std::rc::Rc;

use super::{Advisor, OpenFact};
use crate::compile::Formula;
use crate::eval::About;
use crate::reasons::{Reason, Told, Why};
use crate::rules::FormulaIx;

/// Most open facts named where something waits; the others are counted, and asked for in `ask_next`.
pub(super) const MAX_OPEN: usize = 20;

/// Open facts of everybody that a condition about the report waits for.
pub(super) struct OpenOfPeople<'a> {
    pub(super) facts: Vec<OpenFact<'a>>,
    /// What waits for them rests on these.
    why: OnceCell<Why>,
}

impl<'a> Advisor<'a> {
    /// Open facts that can still change the class of the report, seen from every person in turn.
    pub(super) fn find_open_class(&self) -> Vec<OpenFact<'a>> {
        let mut open = self.open_of_people(self.formula(self.pack.core.report_aggravated)).facts.clone();
        let takes_part = self.formula(self.pack.core.report_takes_part);
        if !self.reach(self.pack.core.report_takes_part, About::Report).definite() {
            for at in self.people() {
                open.extend(self.explain.open(takes_part, takes_part.person_view, About::Person(at)).iter().copied());
            }
        }
        open
    }

    /// Open facts that can still change a condition about the report, seen from every person in turn.
    pub(super) fn open_of_people(&self, formula: &Formula) -> Rc<OpenOfPeople<'a>> {
        if let Some(known) = self.open_of_people.borrow().get(&formula.person_view) {
            return known.clone();
        }
        let mut facts: Vec<OpenFact<'a>> = Vec::new();
        for at in self.people() {
            for (fact, about) in self.explain.open(formula, formula.person_view, About::Person(at)).iter() {
                if *about != About::Report || !facts.iter().any(|(f, a)| f.at == fact.at && *a == About::Report) {
                    facts.push((*fact, *about));
                }
            }
        }
        let found = Rc::new(OpenOfPeople { facts, why: OnceCell::new() });
        self.open_of_people.borrow_mut().insert(formula.person_view, found.clone());
        found
    }

    /// Open facts that a condition waits for; where it has none of its own, those that the class waits for. None where no answer
    /// can satisfy it any more.
    pub(super) fn waits_on(&self, at: FormulaIx, about: About) -> Why {
        let formula = self.formula(at);
        let own = self.explain.open_why(formula, about);
        if !own.is_empty() {
            return own;
        }
        if !self.reach(at, about).possible() {
            return Why::default();
        }
        let class = self.formula(self.pack.core.report_experimental);
        if about != About::Report || formula.atoms.iter().all(|atom| class.atoms.contains(atom)) {
            return self.open_class_why.clone();
        }
        let open = self.open_of_people(formula);
        let why = || if open.facts.is_empty() { self.open_class_why.clone() } else { told(&open.facts) };
        open.why.get_or_init(why).clone()
    }

    /// What waits for the class rests on these.
    pub(super) fn open_class_why(&self) -> Why {
        told(&self.open_class)
    }
}

fn told(open: &[OpenFact<'_>]) -> Why {
    let reasons: Vec<Reason> = open.iter().map(|(fact, about)| Reason::Fact(fact.at, *about)).collect();
    Told::first(&reasons, MAX_OPEN)
}
