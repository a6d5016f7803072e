//! The two laws of order: what is worse never lowers, and what was not known never turns round.
//!
//! A change of knowledge touches one fact. If it is a fact of the one looked at, or of the report, the two
//! states are two cofactors of one diagram. If it is a fact of somebody else, that person turns from one
//! kind into another, and the set of answers the others can give changes with them.

use super::kinds::{KindMap, Turns};
use super::losses::{Change, Losses};
use super::{Prover, Sight, Stand};
use crate::mdd::{FALSE, NodeId, Var};
use crate::rules::{FormulaIx, PropertyRule};
use crate::schema::Scope;

/// One thing watched: what must not be lost when knowledge changes.
struct Watched {
    name: String,
    stand: Stand,
}

/// What happens to what is watched, before the case in which it does.
const fn falls(lowers: bool) -> &'static str {
    if lowers { "is lowered for" } else { "is turned round for" }
}

impl Prover<'_> {
    pub(super) fn law(&mut self, property: &PropertyRule) -> Result<Option<String>, String> {
        let lowers = property.kind == "never-lowers";
        let mut losses = Losses::new(if lowers { self.worsenings(property)? } else { self.answers() });
        self.turned.clear();
        for watched in self.watched(property, lowers)? {
            let found = self.keeps(&watched, &mut losses, property.except)?;
            if let Some(case) = found {
                return Ok(Some(format!("{} {} {case}", watched.name, falls(lowers))));
            }
        }
        if lowers && property.watch.iter().any(|name| name == "device") {
            return self.device_ranks(&mut losses);
        }
        Ok(None)
    }

    /// From anything else to the worse answer, for each answer the property names.
    fn worsenings(&self, property: &PropertyRule) -> Result<Vec<Change>, String> {
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
    fn answers(&self) -> Vec<Change> {
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
                add(&format!("{name} (by duty {})", duty.id), duty.when, true, !lowers);
            }
        }
        Ok(())
    }

    /// Does what is watched survive every change?
    fn keeps(
        &mut self,
        watched: &Watched,
        losses: &mut Losses,
        except: Option<FormulaIx>,
    ) -> Result<Option<String>, String> {
        let plain = self.keeps_with(watched, losses, except, None)?;
        if plain.is_none() || !watched.name.contains("(by duty ") {
            return Ok(plain);
        }
        // A duty may fall away where the outcome is shut anyhow: only what leaves the report experimental counts.
        self.keeps_with(watched, losses, except, Some(self.pack.core.report_experimental))
    }

    fn keeps_with(
        &mut self,
        watched: &Watched,
        losses: &mut Losses,
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
            for (change, (var, _, to)) in losses.by(&mut self.lift.known, *node) {
                let (only, barred) = (at(&only, effect), at(&barred, effect));
                if let Some(lost) = losses.counted(&mut self.lift.known, (*node, change), only, barred) {
                    let set = sight.effects.get(effect).copied().unwrap_or(0);
                    return Ok(Some(format!("{}; and then {}", self.tell(&sight, set, lost), self.change(var, to))));
                }
            }
        }
        // The same where it is somebody else's answer that changes.
        for (first, second) in self.turned(&losses.changes, except, &sight)?.iter() {
            self.situations += 1;
            let (Some(before), Some(after)) = (here.get(*first).copied(), here.get(*second).copied()) else { continue };
            let mut lost = self.lift.known.without(before, after);
            if let Some(only) = at(&only, *second) {
                lost = self.lift.known.and(lost, only);
            }
            if lost != FALSE {
                let set = sight.effects.get(*first).copied().unwrap_or(0);
                return Ok(Some(format!(
                    "{}; and then an answer about somebody else changes",
                    self.tell(&sight, set, lost)
                )));
            }
        }
        Ok(None)
    }

    /// Pairs of effects that the turn of one other person leads between.
    fn turned(
        &mut self,
        changes: &[Change],
        except: Option<Stand>,
        sight: &Sight,
    ) -> Result<std::rc::Rc<Vec<(usize, usize)>>, String> {
        if sight.world.atoms.is_empty() {
            return Ok(std::rc::Rc::new(Vec::new()));
        }
        // Kinds of person depend on the quantifiers alone, so turns are shared by all that rest on the same.
        let key = (sight.world.atoms.clone(), except.map(|stand| stand.formula));
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
                let theirs = |(var, ..): &Change| (layout.person_facts..layout.device).contains(&usize::from(*var));
                let mut turns = Turns::new(&self.lift, changes.iter().copied().filter(theirs));
                let kinds = &sight.world.kinds.list;
                for owner in [false, true] {
                    if kinds.iter().any(|kind| kind.owner == owner) {
                        turns.walk(&KindMap::new(&self.lift, kinds, owner), unless);
                    }
                }
                let pairs = std::rc::Rc::new(turns.pairs.into_iter().collect::<Vec<_>>());
                self.turned.insert(key, pairs.clone());
                pairs
            }
        };
        let mut pairs: std::collections::BTreeSet<(usize, usize)> = std::collections::BTreeSet::new();
        let alike = |kind: &usize| sight.world.alike.get(*kind).copied().unwrap_or(0);
        let mut turns: Vec<(usize, usize)> = turns.iter().map(|(a, b)| (alike(a), alike(b))).collect();
        turns.sort_unstable();
        turns.dedup();
        for reached in &sight.reached {
            for (a, b) in &turns {
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
    fn device_ranks(&mut self, losses: &mut Losses) -> Result<Option<String>, String> {
        let formulas: Vec<FormulaIx> = self.pack.device_rules.iter().map(|rule| rule.when).collect();
        let stands: Vec<Stand> =
            formulas.iter().map(|formula| Stand { formula: *formula, possible: false, negated: false }).collect();
        let sight = self.sight(&formulas)?;
        let turned = self.turned(&losses.changes, None, &sight)?;
        let layout = self.pack.compiled.layout;
        // Of the report: those of people come with their kinds.
        let own = |(_, (var, ..)): &(usize, Change)| usize::from(*var) < layout.person;
        for rank in [crate::advice::DeviceAdvice::Preserve, crate::advice::DeviceAdvice::SeizeWherePossible] {
            let mut here = Vec::with_capacity(sight.effects.len());
            for set in &sight.effects {
                self.situations += 1;
                let node = self.at_least(&sight, *set, &stands, rank);
                here.push(node);
                for (change, (var, _, to)) in losses.by(&mut self.lift.known, node).into_iter().filter(own) {
                    if let Some(lost) = losses.counted(&mut self.lift.known, (node, change), None, None) {
                        return Ok(Some(format!(
                            "the advice on a device {} {}; and then {}",
                            falls(true),
                            self.tell(&sight, *set, lost),
                            self.change(var, to)
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
                let lost = self.lift.known.without(before, after);
                if lost != FALSE {
                    return Ok(Some(format!(
                        "the advice on a device {} {}; and then an answer about somebody changes",
                        falls(true),
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
            none_before = self.lift.known.without(none_before, holds);
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
