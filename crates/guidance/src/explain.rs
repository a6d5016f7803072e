//! Why: the smallest set of facts from which a conclusion still follows, and which open facts matter.

use std::cell::RefCell;
use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use crate::advice::Because;
use crate::compile::{Formula, Settled};
use crate::eval::{About, Env, join};
use crate::facts::Value;
use crate::mdd::{Mask, NodeId, Reach, TRUE, Var};
use crate::pack::Pack;
use crate::reasons::{Reasons, Vars};
use crate::restrict::Restrict;
use crate::schema::{FactDef, Scope};

/// How many people a reason is followed through one by one; with more, the class of the report stands for them.
const FOLLOWED: usize = 12;

/// The reasons of one moment.
pub(crate) struct Explain<'a> {
    pub pack: &'a Pack,
    pub env: &'a Env<'a>,
    /// Reasons of "known (…)" parts, which many conditions share.
    known: RefCell<FxHashMap<(usize, About), Vec<Because>>>,
    /// Open facts of conditions, which duties and questions both ask for.
    opened: RefCell<FxHashMap<(NodeId, About), OpenFacts<'a>>>,
}

/// Facts that are open, and whose.
type OpenFacts<'a> = Vec<(&'a FactDef, About)>;

impl<'a> Explain<'a> {
    pub(crate) fn new(pack: &'a Pack, env: &'a Env<'a>) -> Self {
        Self { pack, env, known: RefCell::default(), opened: RefCell::default() }
    }

    /// Facts from which it follows that the condition holds (`want`) or cannot hold. The set is
    /// irreducible: without any one of them, it would not follow.
    pub(crate) fn because(&self, formula: &Formula, about: About, want: bool) -> Vec<Because> {
        self.because_with(formula, about, want, &[])
    }

    /// The same, where `shared` already explains what rests on the other people.
    pub(crate) fn because_with(&self, formula: &Formula, about: About, want: bool, shared: &[Because]) -> Vec<Because> {
        let holds = |reach: Reach| if want { reach.definite() } else { !reach.possible() };
        let tested = self.tested(formula, about);
        // Only what is kept counts as known; everything else may be anything.
        let mut kept = Vars::of(&tested);
        let needs_others = self.env.with_vectors(formula, about, |vectors| {
            for var in tested.iter().rev() {
                kept.remove(*var);
                let mask = |v: Var| if kept.contains(v) { self.env.mask(about, v) } else { Mask::MAX };
                if !holds(self.reach_open(formula, vectors, &kept, &mask)) {
                    kept.insert(*var);
                }
            }
            if formula.atoms.is_empty() {
                return false;
            }
            let every: Vec<u32> = (0..1_u32 << formula.atoms.len()).collect();
            let mask = |v: Var| if kept.contains(v) { self.env.mask(about, v) } else { Mask::MAX };
            !holds(self.reach_open(formula, &every, &kept, &mask))
        });
        let mut because = Reasons::default();
        for var in tested.into_iter().filter(|var| kept.contains(*var)) {
            self.name(about, var, &mut because);
        }
        if needs_others {
            if shared.is_empty() {
                self.others(formula, about, want, &kept, &mut because);
            } else {
                shared.iter().for_each(|b| because.add(b.clone()));
            }
        }
        because.list
    }

    /// A settled variable that is dropped may be either; quantifier walks need it fixed, so both are tried.
    fn reach_open(&self, formula: &Formula, vectors: &[u32], kept: &Vars, mask: &impl Fn(Var) -> Mask) -> Reach {
        let root = formula.node;
        if formula.atoms.is_empty() {
            return self.env.compiled.diagrams.reach(root, mask);
        }
        let layout = self.env.compiled.layout;
        let open: Vec<Var> =
            formula.support.iter().copied().filter(|v| usize::from(*v) < layout.atoms && !kept.contains(*v)).collect();
        let mut found = Reach::NONE;
        for choice in 0..1_u32 << open.len().min(8) {
            let fixed = |v: Var| match open.iter().position(|o| *o == v) {
                Some(bit) => 1 << (choice >> bit & 1),
                None => mask(v),
            };
            found = found.or(self.env.reach_vectors(formula, root, vectors, &fixed));
        }
        found
    }

    /// Variables with one possible value that the walk through the diagram looks at.
    fn tested(&self, formula: &Formula, about: About) -> Vec<Var> {
        let mut seen: Vec<NodeId> = Vec::new();
        let mut vars: Vec<Var> = Vec::new();
        let diagrams = &self.env.compiled.diagrams;
        let layout = self.env.compiled.layout;
        let mut stack = vec![formula.node];
        while let Some(node) = stack.pop() {
            if node <= TRUE || seen.contains(&node) {
                continue;
            }
            seen.push(node);
            let var = diagrams.var(node);
            let at = usize::from(var);
            let values =
                if (layout.atoms..layout.report_facts).contains(&at) { Mask::MAX } else { self.env.mask(about, var) };
            if values.is_power_of_two() || self.narrowed(var, values) {
                vars.push(var);
            }
            for (value, child) in diagrams.children(node).iter().enumerate() {
                if values >> value & 1 == 1 {
                    stack.push(*child);
                }
            }
        }
        vars.sort_unstable();
        vars.dedup();
        vars
    }

    /// Partly known, such as an age given as "child".
    fn narrowed(&self, var: Var, values: Mask) -> bool {
        let layout = self.env.compiled.layout;
        let at = usize::from(var);
        let fact = at >= layout.device_facts
            || (layout.person_facts..layout.device).contains(&at)
            || (layout.report_facts..layout.person).contains(&at);
        fact && self.env.compiled.full.get(at).is_some_and(|full| values & full != *full)
    }

    fn entity(&self, about: About) -> Option<&crate::facts::Entity> {
        match about {
            About::Report => None,
            About::Person(at) => self.env.case.facts.person.get(at),
            About::Device(at) => self.env.case.facts.device.get(at),
        }
    }

    /// The fact of a variable and whom it is about.
    pub(crate) fn fact_of(&self, about: About, var: Var) -> Option<(&'a FactDef, About)> {
        let layout = self.env.compiled.layout;
        let at = usize::from(var);
        if at >= layout.device_facts {
            Some((self.pack.schema.fact_of(Scope::Device, at - layout.device_facts)?, about))
        } else if at >= layout.device {
            None
        } else if at >= layout.person_facts {
            Some((self.pack.schema.fact_of(Scope::Person, at - layout.person_facts)?, about))
        } else if at >= layout.person {
            None
        } else if at >= layout.report_facts {
            Some((self.pack.schema.fact_of(Scope::Report, at - layout.report_facts)?, About::Report))
        } else {
            None
        }
    }

    /// Full name and value of a fact.
    pub(crate) fn stated(&self, fact: &FactDef, about: About) -> Because {
        let entity = self.entity(about);
        let value = match entity {
            Some(entity) => entity.facts.get(&fact.name),
            None => self.env.case.facts.report.get(&fact.name),
        };
        Because {
            fact: full_name(fact, entity.map(|e| e.id.as_str())),
            value: value.cloned().unwrap_or_else(|| Value::word("not-asked")),
        }
    }

    fn name(&self, about: About, var: Var, because: &mut Reasons) {
        if let Some((fact, whose)) = self.fact_of(about, var) {
            because.add(self.stated(fact, whose));
            return;
        }
        let layout = self.env.compiled.layout;
        let at = usize::from(var);
        let (scope, slot) = if at >= layout.device {
            (Scope::Device, at - layout.device)
        } else if at >= layout.person {
            (Scope::Person, at - layout.person)
        } else {
            (Scope::Report, at)
        };
        let Some(what) = self.env.compiled.settled.get(&scope).and_then(|list| list.get(slot)) else { return };
        match what {
            Settled::Done(duty) => {
                let subject = self.entity(about).map_or("", |e| e.id.as_str());
                let id = match self.pack.duty_ids.iter().find(|(id, ..)| id == duty) {
                    Some((.., Scope::Report, shown)) => shown.clone(),
                    _ => format!("{duty}:{subject}"),
                };
                let word = if self.env.case.facts.done.contains(&id) { "yes" } else { "no" };
                because.add(Because { fact: format!("done.{id}"), value: Value::word(word) });
            }
            Settled::AllDone(duty) => because.add(Because { fact: format!("done.{duty}"), value: Value::word("yes") }),
            Settled::Known(at) => self.name_known(*at, about, because),
        }
    }

    /// What is known rests on facts; what is not known is itself the reason.
    fn name_known(&self, at: usize, about: About, because: &mut Reasons) {
        let Some(known) = self.env.compiled.knowns.get(at) else { return };
        let whom = if known.scope == Scope::Report { About::Report } else { about };
        let remembered = self.known.borrow().get(&(at, whom)).cloned();
        let reasons = remembered.unwrap_or_else(|| {
            let reasons = self.reasons_of_known(&known.formula, whom);
            self.known.borrow_mut().insert((at, whom), reasons.clone());
            reasons
        });
        reasons.into_iter().for_each(|b| because.add(b));
    }

    fn reasons_of_known(&self, inner: &Formula, whom: About) -> Vec<Because> {
        let reach = self.env.reach(inner, whom);
        if reach.definite() || !reach.possible() {
            return self.because(inner, whom, reach.definite());
        }
        let open = self.open(inner, inner.node, whom);
        // A long list of what is open says nothing; it is told where it is asked.
        if open.len() > 2 {
            return Vec::new();
        }
        open.into_iter().map(|(fact, whose)| self.stated(fact, whose)).collect()
    }

    /// Which other people it rests on, and what of them.
    fn others(&self, formula: &Formula, about: About, want: bool, known: &Vars, because: &mut Reasons) {
        let count = self.env.case.persons.len();
        let holds = |reach: Reach| if want { reach.definite() } else { !reach.possible() };
        let owners = match about {
            About::Device(device) => self.env.case.users.get(device).cloned(),
            _ => None,
        };
        let is_owner = |person: usize| owners.as_ref().is_some_and(|owners| owners.contains(&person));
        let skip = |person: usize| about == About::Person(person);
        let anybody = self.env.compiled.anybody.get(formula.group);
        let anything = |owner: bool| {
            anybody.map_or_else(Vec::new, |[other, user]| if owner { user.clone() } else { other.clone() })
        };
        let mask = |v: Var| if known.contains(v) { self.env.mask(about, v) } else { Mask::MAX };
        let mut sets: Vec<Vec<u32>> = (0..count)
            .map(|person| {
                if skip(person) {
                    vec![0]
                } else {
                    self.env
                        .vectors_with(&formula.atoms, is_owner(person), &|v| self.env.mask(About::Person(person), v))
                }
            })
            .collect();
        let follows = |sets: &[Vec<u32>]| {
            let all = sets.iter().fold(vec![0_u32], |all, one| join(&all, one, formula.atoms.len()));
            holds(self.reach_open(formula, &all, known, &mask))
        };
        let mut needed = Vec::new();
        for person in (0..count).rev().filter(|person| !skip(*person)) {
            let free = anything(is_owner(person));
            let Some(slot) = sets.get_mut(person) else { continue };
            let before = std::mem::replace(slot, free);
            if !follows(&sets) {
                needed.push(person);
                if let Some(slot) = sets.get_mut(person) {
                    *slot = before;
                }
            }
        }
        needed.reverse();
        for person in needed {
            let tested = self.tested_by_atoms(&formula.atoms, person);
            let mut kept = Vars::of(&tested);
            if count <= FOLLOWED {
                for var in tested.iter().rev() {
                    kept.remove(*var);
                    let view =
                        |v: Var| if kept.contains(v) { self.env.mask(About::Person(person), v) } else { Mask::MAX };
                    let less = self.env.vectors_with(&formula.atoms, is_owner(person), &view);
                    let Some(slot) = sets.get_mut(person) else { continue };
                    let before = std::mem::replace(slot, less);
                    if !follows(&sets) {
                        kept.insert(*var);
                        if let Some(slot) = sets.get_mut(person) {
                            *slot = before;
                        }
                    }
                }
            }
            for var in tested.into_iter().filter(|var| kept.contains(*var)) {
                self.name(About::Person(person), var, because);
            }
        }
    }

    fn tested_by_atoms(&self, atoms: &[usize], person: usize) -> Vec<Var> {
        let mut vars = BTreeSet::new();
        for atom in atoms.iter().filter_map(|atom| self.env.compiled.atoms.get(*atom)) {
            let formula = Formula {
                cond: crate::resolve::Cond::Const(true),
                node: atom.node,
                person_view: atom.node,
                atoms: Vec::new(),
                group: 0,
                support: Vec::new(),
            };
            vars.extend(self.tested(&formula, About::Person(person)));
        }
        vars.into_iter().collect()
    }

    /// Open facts whose answer can still change the condition, as seen from `about`.
    pub(crate) fn open(&self, formula: &Formula, root: NodeId, about: About) -> Vec<(&'a FactDef, About)> {
        if let Some(known) = self.opened.borrow().get(&(root, about)) {
            return known.clone();
        }
        let mut restrict = Restrict::new(self.env, about);
        self.env.with_vectors(formula, about, |vectors| {
            let mask = |v: Var| self.env.mask(about, v);
            let mut tops: Vec<NodeId> =
                vectors.iter().map(|vector| self.env.below_quantifiers(formula, root, *vector, &mask)).collect();
            tops.sort_unstable();
            tops.dedup();
            for top in tops {
                restrict.canon(top);
            }
        });
        restrict.relevant.sort_unstable();
        let mut open: Vec<(&FactDef, About)> = Vec::new();
        for var in restrict.relevant {
            // Words of one set are neighbours, so a repeat can only be the one before.
            if let Some((fact, whose)) = self.fact_of(about, var)
                && open.last().is_none_or(|(last, _)| last.at != fact.at)
            {
                open.push((fact, whose));
            }
        }
        self.opened.borrow_mut().insert((root, about), open.clone());
        open
    }

    /// The same as reasons.
    pub(crate) fn open_because(&self, formula: &Formula, about: About) -> Vec<Because> {
        self.open(formula, formula.node, about).into_iter().map(|(fact, whose)| self.stated(fact, whose)).collect()
    }
}

/// `person.A.age`.
pub(crate) fn full_name(fact: &FactDef, id: Option<&str>) -> String {
    match id {
        Some(id) => format!("{}.{id}.{}", fact.scope.word(), fact.name),
        None => format!("{}.{}", fact.scope.word(), fact.name),
    }
}
