//! What a conclusion still waits for: its own open facts, those of everybody, or those of the class.

use std::cell::OnceCell;
use std::rc::Rc;

use rustc_hash::FxHashSet;
use smallvec::SmallVec;

use super::{Advisor, OpenFact};
use crate::advice::Because;
use crate::compile::Formula;
use crate::eval::About;
use crate::expr::Who;
use crate::reasons::{Reason, Reasons, Told, Why, left_out};
use crate::rules::FormulaIx;
use crate::share::List;

/// Quantifiers by number.
type Atoms = SmallVec<[usize; 8]>;

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

    /// Open facts that a condition waits for; where it has none of its own, those of others that it turns on. None where no answer can
    /// satisfy it any more.
    pub(super) fn waits_on(&self, at: FormulaIx, about: About) -> Why {
        let own = self.explain.open_why(self.formula(at), about);
        if own.is_empty() { self.waits_on_others(at, about) } else { own }
    }

    /// All that are missing: its own, and those of others beside them.
    pub(super) fn waits_on_all(&self, at: FormulaIx, about: About) -> Why {
        let formula = self.formula(at);
        if formula.atoms.is_empty() {
            return self.waits_on(at, about);
        }
        let key = (formula.node, about);
        if let Some(known) = self.waits.borrow().get(&key) {
            return known.clone();
        }
        let own = self.explain.open_why(formula, about);
        let of_others = own.is_empty() || self.is_open_for_others(formula, about);
        let why = if of_others { both(own, self.waits_on_others(at, about)) } else { own };
        self.waits.borrow_mut().insert(key, why.clone());
        why
    }

    /// Open facts of others that a condition turns on, told as those of the class where it turns on nothing else.
    fn waits_on_others(&self, at: FormulaIx, about: About) -> Why {
        let formula = self.formula(at);
        if formula.atoms.is_empty() || !self.reach(at, about).possible() {
            return Why::default();
        }
        let turns_on = self.turns_on(formula, about);
        let class = self.formula(self.pack.core.report_experimental);
        let of_class = |atom: &usize| class.atoms.contains(atom);
        if about == About::Report && !formula.atoms.iter().all(of_class) {
            let open = self.open_of_people(formula);
            if !open.facts.is_empty() {
                return open.why.get_or_init(|| told(&open.facts)).clone();
            }
        }
        if !self.open_class_why.is_empty() && turns_on.iter().all(of_class) {
            return self.open_class_why.clone();
        }
        told(&self.open_of_others(&turns_on, about))
    }

    /// Can what others answer still change a condition?
    pub(super) fn is_open_for_others(&self, formula: &Formula, about: About) -> bool {
        formula.quantifiers.is_none() || self.explain.open_quantifiers(formula, about) != 0
    }

    /// The quantifiers whose answer by others can still change a condition.
    pub(super) fn turns_on(&self, formula: &Formula, about: About) -> Atoms {
        let open = self.explain.open_quantifiers(formula, about);
        let all = || formula.atoms.iter().copied();
        // In a pack with more of them than are kept in mind, any may be one.
        if open == 0 { all().collect() } else { all().filter(|atom| *atom < 64 && open >> atom & 1 == 1).collect() }
    }

    /// Open facts of others on which quantifiers turn; for a device, of those who use or own it where that is asked.
    pub(super) fn open_of_others(&self, atoms: &[usize], about: About) -> Vec<OpenFact<'a>> {
        let owners = match about {
            About::Device(device) => self.env.users().get(device).map_or(&[][..], Vec::as_slice),
            _ => &[],
        };
        let is_asked = |atom: usize, person: usize| {
            let of_owners = self.env.compiled.atoms.get(atom).is_some_and(|atom| atom.who == Who::Owner);
            !of_owners || owners.contains(&person)
        };
        let mut seen: FxHashSet<Reason> = FxHashSet::default();
        let mut open = Vec::new();
        for person in self.people().filter(|person| About::Person(*person) != about) {
            for atom in atoms.iter().filter(|atom| is_asked(**atom, person)) {
                let facts = self.explain.open_of_quantifier(*atom, About::Person(person));
                open.extend(facts.iter().filter(|(fact, whose)| seen.insert(Reason::Fact(fact.at, *whose))));
            }
        }
        open
    }

    /// Reasons for several things in one list without repeats: `most` of them at most, and how many are left out.
    pub(super) fn together(&self, why: &[Why], most: usize) -> (List<Because>, usize) {
        let mut all = Reasons::default();
        why.iter().flat_map(|why| why.iter()).for_each(|reason| all.add(*reason));
        let more = left_out(why, &all.list) + all.list.len().saturating_sub(most);
        all.list.truncate(most);
        let because = match why {
            // Most often one thing is all there is to tell.
            [one] if one.len() == all.list.len() => self.explain.say_once(one),
            _ => self.explain.say(&all.list),
        };
        (because, more)
    }

    /// What waits for the class rests on these.
    pub(super) fn open_class_why(&self) -> Why {
        told(&self.open_class)
    }
}

/// One's own open facts, and then those of others.
fn both(own: Why, others: Why) -> Why {
    if others.is_empty() {
        return own;
    }
    if own.is_empty() {
        return others;
    }
    let all: Vec<Reason> = own.all().chain(others.all()).copied().collect();
    Told::first(&all, MAX_OPEN)
}

fn told(open: &[OpenFact<'_>]) -> Why {
    let reasons: Vec<Reason> = open.iter().map(|(fact, about)| Reason::Fact(fact.at, *about)).collect();
    Told::first(&reasons, MAX_OPEN)
}
