//! What would change the class: the smallest sets of other answers. For supervisors, authors and programs;
//! not on an officer's page, where it would coach answers. Never an age.
//!
//! A yes among the nine about somebody who takes no part, or of whom that is not known, changes their part. It is no other answer to what
//! was asked, and is never offered.

use std::collections::BTreeMap;

use super::Advisor;
use super::class::class_in;
use crate::advice::{Class, MoreChanges, WouldChange};
use crate::eval::{About, Env};
use crate::facts::Value;
use crate::mdd::{Mask, Reach, Var};
use crate::schema::{FactDef, FactKind, NO, Scope, YES, full_name};
use crate::share::Text;

/// Most sets listed: nine answers for each of five people and some room. The others are counted.
const MAX_SETS: usize = 60;

/// Largest set listed: nobody can use a longer list of what would have to be otherwise. That there is one is told.
const MAX_CHANGES: usize = 40;

impl Advisor<'_> {
    /// The sets that are listed, and what of them is not.
    pub(super) fn would_change(&self) -> (Vec<WouldChange>, Vec<MoreChanges>) {
        let mut sets = self.single_changes();
        let mut more: Vec<MoreChanges> = Vec::new();
        let wanted = [Class::Experimental, Class::Aggravated];
        for class in wanted {
            let found = sets.iter().any(|set| set.then.get("class").is_some_and(|then| then == class.word()));
            if class != self.class && !found {
                match self.several_changes(class) {
                    Some(several) if several.changes.len() > MAX_CHANGES => {
                        more.push(MoreChanges { then: then(class), sets: 0, more_than: MAX_CHANGES });
                    }
                    several => sets.extend(several),
                }
            }
        }
        sets.sort_by_key(|set| set.changes.len());
        for set in sets.split_off(sets.len().min(MAX_SETS)) {
            match more.iter_mut().find(|more| more.sets > 0 && more.then == set.then) {
                Some(more) => more.sets += 1,
                None => more.push(MoreChanges { then: set.then, sets: 1, more_than: 0 }),
            }
        }
        (sets, more)
    }

    /// One other answer that gives another class.
    fn single_changes(&self) -> Vec<WouldChange> {
        let core = &self.pack.core;
        let formula = self.formula(core.report_aggravated);
        let takes_part = self.reach(core.report_takes_part, About::Report).definite();
        let mut sets: Vec<WouldChange> = Vec::new();
        for at in self.people() {
            let about = About::Person(at);
            let seen = self.env.seen(about);
            let turned = self.class_turned(at);
            let class = |reach: Reach| {
                if reach.definite() {
                    Class::Aggravated
                } else if takes_part && !reach.possible() {
                    Class::Experimental
                } else {
                    Class::Undetermined
                }
            };
            let other = |class: Class| class != self.class && class != Class::Undetermined;
            // An answer that no walk comes by cannot make a difference on its own.
            let vars: Vec<Var> = if other(class(turned.now())) {
                self.explain.vars(&[formula.person_view], about).to_vec()
            } else {
                turned.vars().collect()
            };
            for var in vars {
                let Some((fact, whose)) = self.explain.fact_of(about, var) else { continue };
                // A fact of the report is the same seen from anybody.
                let again = whose == About::Report && at > 0;
                if again || !fact.changeable || fact.kind != FactKind::YesNo {
                    continue;
                }
                for (value, word) in ["no", "yes"].into_iter().enumerate().rev() {
                    if seen.mask(var) == 1 << value {
                        continue;
                    }
                    let class = class(turned.with(var, value));
                    // Where nobody would take part any more, the report is not settled.
                    if other(class)
                        && (class != Class::Experimental || self.class_with(whose, var, 1 << value) == class)
                    {
                        let id = self.person_id(at);
                        let name = full_name(fact, (whose != About::Report).then_some(id.as_str()));
                        sets.push(one(name, word, class));
                    }
                }
            }
        }
        sets
    }

    /// The class if one answer were this one.
    fn class_with(&self, about: About, var: Var, to: Mask) -> Class {
        let mut masks = self.env.masks();
        masks.set(about, usize::from(var), to);
        let knowns = &self.pack.class_knowns;
        let settled = Env::settle(self.env.compiled, masks, self.env.users(), knowns.iter().copied());
        class_in(self.pack, &self.env.instead(settled))
    }

    /// Every answer turned the way that leads to a class.
    fn towards(&self, class: Class) -> Vec<Change<'_>> {
        let (milder, takes_part) = (class == Class::Experimental, self.pack.core.takes_part);
        let mut changes: Vec<Change<'_>> = Vec::new();
        for (fact, worse) in self.pack.worsening() {
            let var = self.env.compiled.fact_var(fact.scope, fact.first_var);
            if !self.formula(self.pack.core.report_aggravated).support.contains(&var) {
                continue;
            }
            let to = if milder == (worse == YES) { NO } else { YES };
            let people: Vec<About> = match fact.scope {
                Scope::Report => vec![About::Report],
                _ => self.people().map(About::Person).collect(),
            };
            let is_of_part =
                |about: &About| *about != About::Report && to == YES && !self.reach(takes_part, *about).definite();
            let is_other = |about: &About| self.env.mask(*about, var) != to && !is_of_part(about);
            changes.extend(people.into_iter().filter(is_other).map(|about| Change { fact, about, var, to }));
        }
        changes
    }

    fn name_of_change(&self, change: &Change<'_>) -> Text {
        match change.about {
            About::Person(at) => full_name(change.fact, Some(&self.person_id(at))),
            _ => full_name(change.fact, None),
        }
    }

    /// Several answers together: everything is turned the wanted way, then what is not needed is left out, until more are needed than
    /// are listed.
    fn several_changes(&self, class: Class) -> Option<WouldChange> {
        let mut changes = self.towards(class);
        if changes.is_empty() {
            return None;
        }
        let mut masks = self.env.masks();
        changes.iter().for_each(|change| masks.set(change.about, usize::from(change.var), change.to));
        let knowns = &self.pack.class_knowns;
        let settled = Env::settle(self.env.compiled, masks, self.env.users(), knowns.iter().copied());
        let mut after = self.env.instead(settled);
        if class_in(self.pack, &after) != class {
            return None;
        }
        let core = &self.pack.core;
        let of_class = [core.report_aggravated, core.report_experimental].map(|at| self.formula(at).quantifiers);
        let quantifiers = of_class.into_iter().try_fold(0, |all, own| Some(all | own?));
        let mut at = 0;
        while at < changes.len() && at <= MAX_CHANGES {
            let change = changes.remove(at);
            let same = |other: &&Change<'_>| other.about == change.about && other.var == change.var;
            let before = changes.iter().rfind(same).map_or(self.env.mask(change.about, change.var), |other| other.to);
            let moved = after.turn(change.about, (change.var, before), knowns, quantifiers);
            if moved && class_in(self.pack, &after) != class {
                after.turn(change.about, (change.var, change.to), knowns, quantifiers);
                changes.insert(at, change);
                at += 1;
            }
        }
        let set = changes.iter().map(|change| (self.name_of_change(change), Value::word(word(change))));
        Some(WouldChange { changes: set.collect(), then: then(class) })
    }
}

fn then(class: Class) -> BTreeMap<String, String> {
    BTreeMap::from([("class".to_owned(), class.word().to_owned())])
}

/// One answer turned.
struct Change<'a> {
    fact: &'a FactDef,
    about: About,
    var: Var,
    to: Mask,
}

const fn word(change: &Change<'_>) -> &'static str {
    if change.to == YES { "yes" } else { "no" }
}

fn one(name: Text, word: &str, class: Class) -> WouldChange {
    WouldChange { changes: BTreeMap::from([(name, Value::word(word))]), then: then(class) }
}
