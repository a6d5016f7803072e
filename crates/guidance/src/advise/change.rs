//! What would change the class: the smallest sets of other answers. For supervisors, authors and programs;
//! not on an officer's page, where it would coach answers. Never an age.

use std::collections::BTreeMap;

use super::Advisor;
use super::class::class_of;
use crate::advice::{Class, WouldChange};
use crate::eval::{About, Env};
use crate::explain::full_name;
use crate::facts::{Facts, Value};
use crate::mdd::{Mask, Var};
use crate::schema::{EITHER, FactKind, NO, Scope, YES};

/// Most sets listed: nine answers for each of five people and some room.
const MAX_SETS: usize = 60;

/// Largest set looked for: nobody can use a longer list of what would have to be otherwise.
const MAX_CHANGES: usize = 40;

impl Advisor<'_> {
    pub(super) fn would_change(&self) -> Vec<WouldChange> {
        let mut sets = self.single_changes();
        let wanted = [Class::Experimental, Class::Aggravated];
        for class in wanted {
            let found = sets.iter().any(|set| set.then.get("class").is_some_and(|then| then == class.word()));
            if class != self.class && !found {
                sets.extend(self.several_changes(class));
            }
        }
        sets.sort_by_key(|set| set.changes.len());
        sets.truncate(MAX_SETS);
        sets
    }

    /// One other answer that gives another class.
    fn single_changes(&self) -> Vec<WouldChange> {
        let core = &self.pack.core;
        let formula = self.formula(core.report_aggravated);
        let takes_part = self.reach(core.report_takes_part, About::Report).definite();
        let mut sets: Vec<WouldChange> = Vec::new();
        let vars = &formula.support;
        for at in self.people() {
            let about = About::Person(at);
            for var in vars {
                let Some((fact, whose)) = self.explain.fact_of(about, *var) else { continue };
                if !fact.changeable || fact.kind != FactKind::YesNo {
                    continue;
                }
                let id = self.person_id(at);
                let name = full_name(fact, (whose != About::Report).then_some(id.as_str()));
                for (mask, word) in [(YES, "yes"), (NO, "no")] {
                    if self.env.mask(about, *var) == mask {
                        continue;
                    }
                    let view = |v: Var| if v == *var { mask } else { self.env.mask(about, v) };
                    let view: &dyn Fn(Var) -> Mask = &view;
                    let reach = self.env.reach_seen(formula, formula.person_view, about, &view);
                    let class = if reach.definite() {
                        Class::Aggravated
                    } else if takes_part && !reach.possible() {
                        Class::Experimental
                    } else {
                        Class::Undetermined
                    };
                    let set = one(&name, word, class);
                    if class != self.class && class != Class::Undetermined && !sets.contains(&set) {
                        sets.push(set);
                    }
                }
            }
        }
        sets
    }

    /// Several answers together: everything is turned the wanted way, then what is not needed is left out.
    fn several_changes(&self, class: Class) -> Option<WouldChange> {
        let milder = class == Class::Experimental;
        let mut changes: BTreeMap<String, Value> = BTreeMap::new();
        for (fact, worse) in self.pack.worsening() {
            let to = if milder == (worse == YES) { "no" } else { "yes" };
            let turn = |about: About, id: Option<&str>, changes: &mut BTreeMap<String, Value>| {
                let var = self.env.compiled.fact_var(fact.scope, fact.first_var);
                let now = self.env.mask(about, var);
                let relevant = self.matters(var);
                if relevant && (now == EITHER || (now == YES) == (to == "no")) {
                    changes.insert(full_name(fact, id), Value::word(to));
                }
            };
            match fact.scope {
                Scope::Report => turn(About::Report, None, &mut changes),
                _ => {
                    for at in self.people() {
                        let id = self.person_id(at);
                        turn(About::Person(at), Some(&id), &mut changes);
                    }
                }
            }
        }
        if changes.is_empty() || changes.len() > MAX_CHANGES || self.class_after(&changes) != class {
            return None;
        }
        let names: Vec<String> = changes.keys().cloned().collect();
        for name in names {
            if let Some(value) = changes.remove(&name)
                && self.class_after(&changes) != class
            {
                changes.insert(name, value);
            }
        }
        let then = BTreeMap::from([("class".to_owned(), class.word().to_owned())]);
        Some(WouldChange { changes, then })
    }

    fn matters(&self, var: Var) -> bool {
        let formula = self.formula(self.pack.core.report_aggravated);
        formula.support.contains(&var)
    }

    fn class_after(&self, changes: &BTreeMap<String, Value>) -> Class {
        let mut facts: Facts = self.env.case.facts.clone();
        for (name, value) in changes {
            let mut parts = name.split('.');
            match (parts.next(), parts.next(), parts.next()) {
                (Some("report"), Some(fact), None) => {
                    facts.report.insert(fact.to_owned(), value.clone());
                }
                (Some("person"), Some(id), Some(fact)) => {
                    if let Some(person) = facts.person.iter_mut().find(|person| person.id == id) {
                        person.facts.insert(fact.to_owned(), value.clone());
                    }
                }
                _ => {}
            }
        }
        let case = self.pack.case(facts);
        class_of(self.pack, &Env::new(&self.pack.compiled, &case))
    }
}

fn one(name: &str, word: &str, class: Class) -> WouldChange {
    WouldChange {
        changes: BTreeMap::from([(name.to_owned(), Value::word(word))]),
        then: BTreeMap::from([("class".to_owned(), class.word().to_owned())]),
    }
}
