//! The two laws of order: what is worse never lowers, and what was not known never turns round.
//!
//! A change of knowledge touches one fact. If it is a fact of the one looked at, or of the report, the two
//! states are two cofactors of one diagram. If it is a fact of somebody else, that person turns from one
//! kind into another, and the set of answers the others can give changes with them.

use super::{Prover, Sight, Stand, world};
use crate::mdd::{FALSE, NodeId, Var};
use crate::rules::{FormulaIx, PropertyRule};
use crate::schema::Scope;

/// One thing watched: what must not be lost when knowledge changes.
struct Watched {
    name: String,
    stand: Stand,
}

impl Prover<'_> {
    pub(super) fn law(&mut self, property: &PropertyRule) -> Result<Option<String>, String> {
        let lowers = property.kind == "never-lowers";
        let changes = if lowers { self.worsenings(property)? } else { self.answers() };
        for watched in self.watched(property, lowers)? {
            let found = self.keeps(&watched, &changes, property.except)?;
            if let Some(case) = found {
                return Ok(Some(format!("{}: {case}", watched.name)));
            }
        }
        if lowers && property.watch.iter().any(|name| name == "device") {
            return self.device_ranks(&changes);
        }
        Ok(None)
    }

    /// From anything else to the worse answer, for each answer the property names.
    fn worsenings(&self, property: &PropertyRule) -> Result<Vec<(Var, usize, usize)>, String> {
        let mut changes = Vec::new();
        for answer in &property.answers {
            let (fact, value) = answer
                .split_once(" is ")
                .ok_or_else(|| format!("\"{answer}\" is not written \"person.fact is yes\""))?;
            let name = fact.split_once('.').map_or("", |(_, name)| name);
            let fact = self.pack.schema.get(name).ok_or_else(|| format!("there is no fact \"{fact}\""))?;
            let var = self.pack.compiled.fact_var(fact.scope, fact.first_var);
            // States of a yes-or-no fact: 0 no, 1 yes, 2 not known.
            let (worse, better) = if value == "yes" { (1, 0) } else { (0, 1) };
            changes.extend([(var, better, worse), (var, 2, worse)]);
        }
        Ok(changes)
    }

    /// From any state of knowledge to any that knows more.
    fn answers(&self) -> Vec<(Var, usize, usize)> {
        let mut changes = Vec::new();
        for var in self.fact_vars() {
            let Some(states) = self.lift.states.get(usize::from(var)) else { continue };
            for (from, less) in states.iter().enumerate() {
                for (to, more) in states.iter().enumerate() {
                    if from != to && less & more == *more {
                        changes.push((var, from, to));
                    }
                }
            }
        }
        changes
    }

    fn watched(&self, property: &PropertyRule, lowers: bool) -> Result<Vec<Watched>, String> {
        let core = &self.pack.core;
        let mut all = Vec::new();
        let mut add = |name: &str, formula: FormulaIx, possible: bool, negated: bool| {
            all.push(Watched { name: name.to_owned(), stand: Stand { formula, possible, negated } });
        };
        for name in &property.watch {
            match name.as_str() {
                "class" => {
                    add("the class of the report", core.report_aggravated, false, false);
                    add("the class of the report", core.report_experimental, false, lowers);
                }
                "person-class" => {
                    add("the class of a person", core.aggravated, false, false);
                    add("the class of a person", core.experimental, false, lowers);
                    if !lowers {
                        add("who takes no part", core.takes_part, true, true);
                    }
                }
                "device" => {}
                other => match other.strip_prefix("outcome ") {
                    Some(code) => self.watch_outcome(code, lowers, &mut add)?,
                    None => {
                        let duty = self.pack.duty_rules.iter().find(|duty| duty.id == other);
                        let duty = duty.ok_or_else(|| format!("\"{other}\" can not be watched"))?;
                        add(&format!("duty {other}"), duty.when, false, false);
                        add(&format!("duty {other}"), duty.when, true, false);
                    }
                },
            }
        }
        Ok(all)
    }

    fn watch_outcome(
        &self,
        code: &str,
        lowers: bool,
        add: &mut impl FnMut(&str, FormulaIx, bool, bool),
    ) -> Result<(), String> {
        let rule = self.pack.outcome_rules.iter().find(|rule| rule.code == code);
        let rule = rule.ok_or_else(|| format!("there is no outcome \"{code}\""))?;
        let name = format!("outcome {code}");
        for condition in &rule.requires {
            add(&name, condition.when, false, lowers);
        }
        for condition in &rule.blocked {
            // Worse: what may block goes on to be possible. Answered: what blocks stays, what cannot block stays out.
            add(&name, condition.when, lowers, false);
            if !lowers {
                add(&name, condition.when, true, true);
            }
        }
        if rule.every_must {
            for duty in self.pack.duty_rules.iter().filter(|duty| duty.before_every_outcome()) {
                add(&format!("{name}, by duty {}", duty.id), duty.when, true, !lowers);
            }
        }
        Ok(())
    }

    /// Does what is watched survive every change?
    fn keeps(
        &mut self,
        watched: &Watched,
        changes: &[(Var, usize, usize)],
        except: Option<FormulaIx>,
    ) -> Result<Option<String>, String> {
        let plain = self.keeps_with(watched, changes, except, None)?;
        if plain.is_none() || !watched.name.contains(", by duty ") {
            return Ok(plain);
        }
        // A duty may fall away where the outcome is shut anyhow: only what leaves the report experimental counts.
        self.keeps_with(watched, changes, except, Some(self.pack.core.report_experimental))
    }

    fn keeps_with(
        &mut self,
        watched: &Watched,
        changes: &[(Var, usize, usize)],
        except: Option<FormulaIx>,
        only: Option<FormulaIx>,
    ) -> Result<Option<String>, String> {
        let only = only.map(|formula| Stand { formula, possible: false, negated: false });
        let mut formulas = vec![watched.stand.formula];
        formulas.extend(only.map(|stand| stand.formula));
        formulas.extend(except);
        let sight = self.sight(&formulas)?;
        let except = except.map(|formula| Stand { formula, possible: false, negated: false });
        let here = self.stands(&sight, watched.stand);
        let only = only.map(|stand| self.stands(&sight, stand));
        let barred = except.map(|stand| self.stands(&sight, stand));
        let at = |nodes: &Option<std::rc::Rc<Vec<NodeId>>>, effect: usize| {
            nodes.as_ref().and_then(|n| n.get(effect).copied())
        };
        for (effect, node) in here.iter().enumerate() {
            self.situations += 1;
            let levels = self.lift.known.levels(*node);
            let set = sight.effects.get(effect).copied().unwrap_or(0);
            for change in changes {
                let Some(tests) = levels.get(&change.0) else { continue };
                let lost = self.lost_here((*node, tests), at(&only, effect), at(&barred, effect), *change);
                if let Some(lost) = lost {
                    return Ok(Some(format!(
                        "{}, and then {}",
                        self.tell(&sight, set, lost),
                        self.change(change.0, change.2)
                    )));
                }
            }
        }
        // The same where it is somebody else's answer that changes.
        for (first, second) in self.turned(changes, except, &sight)?.iter() {
            self.situations += 1;
            let (Some(before), Some(after)) = (here.get(*first).copied(), here.get(*second).copied()) else { continue };
            let gone = self.lift.known.not(after);
            let mut lost = self.lift.known.and(before, gone);
            if let Some(only) = at(&only, *second) {
                lost = self.lift.known.and(lost, only);
            }
            if lost != FALSE {
                let set = sight.effects.get(*first).copied().unwrap_or(0);
                return Ok(Some(format!("{}, and then somebody else's answer changes", self.tell(&sight, set, lost))));
            }
        }
        Ok(None)
    }

    /// Does any of the nodes that test the changed fact lose something by it? Most often none does, and then
    /// nothing has to be built.
    fn may_lose(&mut self, tests: &[NodeId], from: usize, to: usize) -> bool {
        tests.iter().any(|node| {
            let (before, after) = (self.lift.known.child(*node, from), self.lift.known.child(*node, to));
            let gone = self.lift.known.not(after);
            self.lift.known.and(before, gone) != FALSE
        })
    }

    fn lost_here(
        &mut self,
        (here, tests): (NodeId, &[NodeId]),
        only: Option<NodeId>,
        except: Option<NodeId>,
        change: (Var, usize, usize),
    ) -> Option<NodeId> {
        let (var, from, to) = change;
        if !self.may_lose(tests, from, to) {
            return None;
        }
        let known = &mut self.lift.known;
        let before = known.cofactor(here, var, from);
        let after = known.cofactor(here, var, to);
        let gone = known.not(after);
        let mut lost = known.and(before, gone);
        if let Some(only) = only {
            let only = known.cofactor(only, var, to);
            lost = known.and(lost, only);
        }
        if let Some(except) = except {
            let except = known.cofactor(except, var, from);
            let counts = known.not(except);
            lost = known.and(lost, counts);
        }
        (lost != FALSE).then_some(lost)
    }

    /// Pairs of effects that the turn of one other person leads between.
    fn turned(
        &mut self,
        changes: &[(Var, usize, usize)],
        except: Option<Stand>,
        sight: &Sight,
    ) -> Result<std::rc::Rc<Vec<(usize, usize)>>, String> {
        if sight.world.atoms.is_empty() {
            return Ok(std::rc::Rc::new(Vec::new()));
        }
        // Kinds of person depend on the quantifiers alone, so turns are shared by all that rest on the same.
        let key = (sight.world.atoms.clone(), except.map(|stand| stand.formula), changes.len());
        let turns = match self.turned.get(&key) {
            Some(known) => known.clone(),
            None => {
                let unless = match except {
                    Some(stand) => {
                        let alone = self.sight(&[stand.formula])?;
                        self.stands(&alone, stand).first().copied().unwrap_or(FALSE)
                    }
                    None => FALSE,
                };
                let layout = self.pack.compiled.layout;
                let theirs: Vec<(Var, usize, usize)> = changes
                    .iter()
                    .copied()
                    .filter(|(var, ..)| (layout.person_facts..layout.device).contains(&usize::from(*var)))
                    .collect();
                let mut pairs = std::collections::BTreeSet::new();
                for owner in [false, true] {
                    if sight.world.kinds.iter().any(|kind| kind.owner == owner) {
                        world::KindMap::new(&self.lift, &sight.world.kinds, owner)
                            .turns(&self.lift, unless, &theirs, &mut pairs);
                    }
                }
                let pairs = std::rc::Rc::new(pairs.into_iter().collect::<Vec<_>>());
                self.turned.insert(key, pairs.clone());
                pairs
            }
        };
        let mut pairs: std::collections::BTreeSet<(usize, usize)> = std::collections::BTreeSet::new();
        for reached in &sight.reached {
            for (a, b) in turns.iter() {
                if let (Some(e), Some(f)) = (reached.get(*a), reached.get(*b))
                    && e != f
                {
                    pairs.insert((*e, *f));
                }
            }
        }
        Ok(std::rc::Rc::new(pairs.into_iter().collect()))
    }

    /// The advice on a device: leave, preserve, seize; what is worse never goes down that list.
    fn device_ranks(&mut self, changes: &[(Var, usize, usize)]) -> Result<Option<String>, String> {
        let formulas: Vec<FormulaIx> = self.pack.device_rules.iter().map(|rule| rule.when).collect();
        let stands: Vec<Stand> =
            formulas.iter().map(|formula| Stand { formula: *formula, possible: false, negated: false }).collect();
        let sight = self.sight(&formulas)?;
        let turned = self.turned(changes, None, &sight)?;
        let layout = self.pack.compiled.layout;
        let own: Vec<(Var, usize, usize)> =
            changes.iter().copied().filter(|(var, ..)| usize::from(*var) < layout.person).collect();
        for rank in [crate::advice::DeviceAdvice::Preserve, crate::advice::DeviceAdvice::SeizeWherePossible] {
            let mut here = Vec::with_capacity(sight.effects.len());
            for set in &sight.effects {
                self.situations += 1;
                let node = self.at_least(&sight, *set, &stands, rank);
                here.push(node);
                let levels = self.lift.known.levels(node);
                for change in &own {
                    let Some(tests) = levels.get(&change.0) else { continue };
                    if let Some(lost) = self.lost_here((node, tests), None, None, *change) {
                        return Ok(Some(format!(
                            "the advice on a device: {}, and then {}",
                            self.tell(&sight, *set, lost),
                            self.change(change.0, change.2)
                        )));
                    }
                }
            }
            for (first, second) in turned.iter() {
                self.situations += 1;
                let (Some(before), Some(after)) = (here.get(*first).copied(), here.get(*second).copied()) else {
                    continue;
                };
                let first = sight.effects.get(*first).unwrap_or(&0);
                let gone = self.lift.known.not(after);
                let lost = self.lift.known.and(before, gone);
                if lost != FALSE {
                    return Ok(Some(format!(
                        "the advice on a device: {}, and then somebody's answer changes",
                        self.tell(&sight, *first, lost)
                    )));
                }
            }
        }
        Ok(None)
    }

    fn at_least(&mut self, sight: &Sight, set: usize, stands: &[Stand], rank: crate::advice::DeviceAdvice) -> NodeId {
        self.enter(sight, set, stands);
        let ranks: Vec<crate::advice::DeviceAdvice> = self.pack.device_rules.iter().map(|rule| rule.advice).collect();
        let mut made = FALSE;
        let mut none_before = crate::mdd::TRUE;
        for (stand, advice) in stands.iter().zip(ranks) {
            let holds = self.stand(sight, set, *stand);
            let first = self.lift.known.and(none_before, holds);
            if advice >= rank {
                made = self.lift.known.or(made, first);
            }
            let not = self.lift.known.not(holds);
            none_before = self.lift.known.and(none_before, not);
        }
        made
    }

    pub(super) fn scope_of(&self, var: Var) -> Scope {
        let layout = self.pack.compiled.layout;
        match usize::from(var) {
            at if at < layout.person => Scope::Report,
            at if at < layout.device => Scope::Person,
            _ => Scope::Device,
        }
    }
}
