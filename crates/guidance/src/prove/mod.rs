//! The properties of a pack, proved over all facts when it is loaded.
//!
//! Every property is a question about two levels: what is the case (a full answer to everything) and what
//! is known of it (a partial one). [`lift`] turns the first into the second exactly; [`world`] covers any
//! number of other people by the finitely many ways in which they can matter. A property that fails gives
//! the case that breaks it, in words.

mod laws;
mod lift;
mod tell;
mod world;

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::mdd::{FALSE, NodeId, TRUE, Var};
use crate::pack::Pack;
use crate::problem::Problem;
use crate::rules::{FormulaIx, PropertyRule};
use crate::schema::Scope;
use lift::Lift;
use world::World;

/// One property and what came of it.
#[derive(Debug, Clone)]
pub struct Proof {
    /// Id of the property.
    pub id: String,
    /// What it says.
    pub says: String,
    /// The case that breaks it, in words; empty when it holds.
    pub breaks: String,
    /// How many different situations were distinguished and checked.
    pub situations: usize,
}

impl Proof {
    pub(crate) fn problem(&self) -> Option<Problem> {
        (!self.breaks.is_empty()).then(|| Problem {
            file: "properties.toml".to_owned(),
            line: 0,
            about: format!("property {}", self.id),
            says: format!("does not hold: {}", self.breaks),
            help: self.says.clone(),
        })
    }
}

/// Proves every property of a pack.
pub(crate) fn prove(pack: &Pack) -> Vec<Proof> {
    let mut prover = Prover {
        pack,
        lift: Lift::new(pack),
        worlds: BTreeMap::new(),
        stood: FxHashMap::default(),
        turned: FxHashMap::default(),
        kinds: FxHashMap::default(),
        situations: 0,
    };
    pack.properties
        .iter()
        .map(|property| {
            prover.situations = 0;
            let breaks = match prover.check(property) {
                Ok(None) => String::new(),
                Ok(Some(case)) => case,
                Err(says) => format!("it cannot be decided, because {says}"),
            };
            Proof { id: property.id.clone(), says: property.says.clone(), breaks, situations: prover.situations }
        })
        .collect()
}

/// Whether the condition always holds or may hold, or the opposite of either.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Stand {
    pub formula: FormulaIx,
    pub possible: bool,
    pub negated: bool,
}

/// Pairs of numbers, shared.
type Pairs = std::rc::Rc<Vec<(usize, usize)>>;

/// The ways the others can matter to some conditions, each with what is left of every condition.
pub(crate) struct Sight {
    pub formulas: Vec<FormulaIx>,
    pub world: World,
    /// For every set of the world, which effect it has.
    pub effect_of: Vec<usize>,
    /// For each effect, one set that has it.
    pub effects: Vec<usize>,
    /// For each set and each kind the effect that is reached when somebody of that kind is added; each row once.
    pub reached: Vec<Vec<usize>>,
}

pub(crate) struct Prover<'a> {
    pub pack: &'a Pack,
    pub lift: Lift<'a>,
    worlds: BTreeMap<Vec<FormulaIx>, std::rc::Rc<Sight>>,
    /// Where a stand is the case, for every effect of a sight: (conditions of the sight, stand) to nodes.
    stood: FxHashMap<(Vec<FormulaIx>, Stand), std::rc::Rc<Vec<NodeId>>>,
    /// Kinds of person, by quantifiers.
    kinds: FxHashMap<Vec<usize>, Vec<world::Kind>>,
    /// Which kinds of person turn into which: by quantifiers, exception and number of changes.
    turned: FxHashMap<(Vec<usize>, Option<FormulaIx>, usize), Pairs>,
    pub situations: usize,
}

impl Prover<'_> {
    fn check(&mut self, property: &PropertyRule) -> Result<Option<String>, String> {
        match property.kind.as_str() {
            "exactly-one-class" => self.one_class(),
            "never" => self.never(property),
            "duty-for" => self.duty_for(property),
            "outcome-needs-duties" => self.outcome_needs(property),
            "first" => Ok(self.first(property)),
            "never-lowers" | "never-turns-round" => self.law(property),
            other => Err(format!("\"{other}\" is no kind of property")),
        }
    }

    /// The node of a condition as one explicit person, the report or a device sees it.
    pub(crate) fn root(&self, formula: FormulaIx) -> NodeId {
        self.pack.formula(formula).person_view
    }

    /// All ways in which others matter to these conditions.
    pub(crate) fn sight(&mut self, formulas: &[FormulaIx]) -> Result<std::rc::Rc<Sight>, String> {
        let mut key = formulas.to_vec();
        key.sort_unstable();
        key.dedup();
        if let Some(known) = self.worlds.get(&key) {
            return Ok(known.clone());
        }
        let mut roots: Vec<NodeId> = key.iter().map(|formula| self.root(*formula)).collect();
        let mut parts = Vec::new();
        for root in roots.clone() {
            self.lift.parts_of(root, &mut parts);
        }
        for part in &parts {
            roots.extend(self.pack.compiled.knowns.get(*part).map(|known| lift::view(&known.formula)));
        }
        let mut atoms: Vec<usize> = Vec::new();
        let layout = self.pack.compiled.layout;
        for root in &roots {
            let vars = self.lift.facts.support(*root);
            atoms.extend(
                vars.into_iter()
                    .map(usize::from)
                    .filter(|v| (layout.atoms..layout.report_facts).contains(v))
                    .map(|v| v - layout.atoms),
            );
        }
        atoms.sort_unstable();
        atoms.dedup();
        let kinds = match self.kinds.get(&atoms) {
            Some(known) => known.clone(),
            None => {
                let made = world::all_kinds(&mut self.lift, &atoms);
                self.kinds.insert(atoms.clone(), made.clone());
                made
            }
        };
        let world = World::new(&mut self.lift, kinds, &atoms, &roots)?;
        let mut named: FxHashMap<Vec<Vec<NodeId>>, usize> = FxHashMap::default();
        let mut given: FxHashMap<(NodeId, u32), NodeId> = FxHashMap::default();
        let mut sight = Sight {
            formulas: key.clone(),
            effect_of: Vec::with_capacity(world.sets.len()),
            effects: Vec::new(),
            reached: Vec::new(),
            world,
        };
        for (at, (set, _)) in sight.world.sets.iter().enumerate() {
            let signature: Vec<Vec<NodeId>> = roots
                .iter()
                .map(|root| {
                    let mut left: Vec<NodeId> = set
                        .iter()
                        .map(|vector| {
                            *given.entry((*root, *vector)).or_insert_with(|| self.lift.given(*root, &atoms, *vector))
                        })
                        .collect();
                    left.sort_unstable();
                    left.dedup();
                    left
                })
                .collect();
            let next = sight.effects.len();
            let effect = *named.entry(signature).or_insert(next);
            if effect == next {
                sight.effects.push(at);
            }
            sight.effect_of.push(effect);
        }
        let effect_of = |set: &usize| sight.effect_of.get(*set).copied().unwrap_or(0);
        let rows: std::collections::BTreeSet<Vec<usize>> =
            sight.world.reached.iter().map(|row| row.iter().map(effect_of).collect()).collect();
        sight.reached = rows.into_iter().collect();
        let sight = std::rc::Rc::new(sight);
        self.worlds.insert(key, sight.clone());
        Ok(sight)
    }

    /// Enters the world where the others can give this set: says what is known in it.
    pub(crate) fn enter(&mut self, sight: &Sight, set: usize, stands: &[Stand]) {
        let vectors = sight.world.sets.get(set).map(|(set, _)| set.clone()).unwrap_or_default();
        let mut parts = Vec::new();
        for stand in stands {
            let root = self.root(stand.formula);
            self.lift.parts_of(root, &mut parts);
        }
        self.lift.enter();
        for part in parts {
            let Some(view) = self.pack.compiled.knowns.get(part).map(|known| lift::view(&known.formula)) else {
                continue;
            };
            let known = self.over(view, &sight.world.atoms, &vectors);
            self.lift.set_known(part, known);
        }
    }

    /// Definite for every vector of a set.
    fn over(&mut self, root: NodeId, atoms: &[usize], vectors: &[u32]) -> NodeId {
        let mut all = TRUE;
        let mut seen = rustc_hash::FxHashSet::default();
        for vector in vectors {
            let left = self.lift.given(root, atoms, *vector);
            if seen.insert(left) {
                let always = self.lift.always(left);
                all = self.lift.known.and(all, always);
            }
        }
        all
    }

    /// The knowledge in which a stand is the case, in the world entered last.
    pub(crate) fn stand(&mut self, sight: &Sight, set: usize, stand: Stand) -> NodeId {
        let vectors = sight.world.sets.get(set).map(|(set, _)| set.clone()).unwrap_or_default();
        let root = self.root(stand.formula);
        let root = if stand.possible { self.lift.facts.not(root) } else { root };
        let always = self.over(root, &sight.world.atoms, &vectors);
        if stand.possible == stand.negated { always } else { self.lift.known.not(always) }
    }

    /// The same for every effect of a sight, worked out once.
    pub(crate) fn stands(&mut self, sight: &Sight, stand: Stand) -> std::rc::Rc<Vec<NodeId>> {
        let key = (sight.formulas.clone(), stand);
        if let Some(known) = self.stood.get(&key) {
            return known.clone();
        }
        let nodes: Vec<NodeId> = sight
            .effects
            .iter()
            .map(|set| {
                self.enter(sight, *set, &[stand]);
                self.stand(sight, *set, stand)
            })
            .collect();
        let nodes = std::rc::Rc::new(nodes);
        self.stood.insert(key, nodes.clone());
        nodes
    }

    /// In every way the others can matter, no knowledge makes all of these stand together.
    fn never_together(&mut self, stands: &[Stand]) -> Result<Option<String>, String> {
        let formulas: Vec<FormulaIx> = stands.iter().map(|stand| stand.formula).collect();
        let sight = self.sight(&formulas)?;
        for set in &sight.effects {
            self.situations += 1;
            self.enter(&sight, *set, stands);
            let mut all = TRUE;
            for stand in stands {
                let node = self.stand(&sight, *set, *stand);
                all = self.lift.known.and(all, node);
            }
            if all != FALSE {
                return Ok(Some(self.tell(&sight, *set, all)));
            }
        }
        Ok(None)
    }

    fn one_class(&mut self) -> Result<Option<String>, String> {
        let core = &self.pack.core;
        let (aggravated, takes_part) = (core.aggravated, core.takes_part);
        let (report_aggravated, report_experimental) = (core.report_aggravated, core.report_experimental);
        let report_takes_part = core.report_takes_part;
        let is = |formula, possible, negated| Stand { formula, possible, negated };
        // Conflict: two classes definite at once. Gap: somebody takes part, everything is known, no class.
        for (stands, says) in [
            (
                vec![is(aggravated, false, false), is(takes_part, true, true)],
                "somebody who takes no part would be aggravated",
            ),
            (
                vec![is(report_aggravated, false, false), is(report_experimental, false, false)],
                "a report would be both",
            ),
            (
                vec![is(report_aggravated, false, false), is(report_takes_part, true, true)],
                "a report in which nobody takes part would be aggravated",
            ),
            (
                vec![
                    is(report_aggravated, true, true),
                    is(report_experimental, false, true),
                    is(report_takes_part, false, false),
                ],
                "a report would have no class although nothing can aggravate it any more",
            ),
        ] {
            if let Some(case) = self.never_together(&stands)? {
                return Ok(Some(format!("{says}: {case}")));
            }
        }
        Ok(None)
    }

    fn never(&mut self, property: &PropertyRule) -> Result<Option<String>, String> {
        let formula = property.when.ok_or("it has no condition in \"never\"")?;
        self.never_together(&[Stand { formula, possible: false, negated: false }])
    }

    fn duty_for(&mut self, property: &PropertyRule) -> Result<Option<String>, String> {
        let whom = property.when.ok_or("it does not say for whom, in \"never\"")?;
        let duty = self.duty(property)?;
        let raised = Stand { formula: duty.when, possible: duty.precautionary, negated: true };
        self.never_together(&[Stand { formula: whom, possible: false, negated: false }, raised])
    }

    fn duty(&self, property: &PropertyRule) -> Result<&crate::rules::DutyRule, String> {
        let id = property.duty.as_deref().unwrap_or("");
        self.pack.duty_rules.iter().find(|duty| duty.id == id).ok_or_else(|| format!("there is no duty \"{id}\""))
    }

    fn first(&self, property: &PropertyRule) -> Option<String> {
        let wanted = property.duty.as_deref().unwrap_or("");
        let first = self.pack.duty_rules.first().map_or("", |duty| duty.id.as_str());
        (first != wanted).then(|| format!("\"{first}\" stands before \"{wanted}\" in duties.toml"))
    }

    /// Either the outcome names the duty among its needs, or the duty cannot even be possible where
    /// everything the outcome requires is definite. If something is definite it also holds in the one full
    /// answer in which the duty arises, so the question can be asked of full answers.
    fn outcome_needs(&mut self, property: &PropertyRule) -> Result<Option<String>, String> {
        let code = property.outcome.as_deref().unwrap_or("");
        let Some(outcome) = self.pack.outcome_rules.iter().find(|outcome| outcome.code == code) else {
            return Err(format!("there is no outcome \"{code}\""));
        };
        for (at, duty) in self.pack.duty_rules.iter().enumerate().filter(|(_, duty)| duty.before_every_outcome()) {
            self.situations += 1;
            if outcome.every_must || outcome.needs.contains(&at) {
                continue;
            }
            let mut together = self.root(duty.when);
            for condition in outcome.requires.iter().filter(|condition| condition.scope == Scope::Report) {
                let requires = self.root(condition.when);
                together = self.lift.facts.and(together, requires);
            }
            if together != FALSE {
                return Ok(Some(format!("outcome {code} could be open while \"{}\" is due or may be due", duty.id)));
            }
        }
        Ok(None)
    }

    /// Every variable of the facts, for changes of knowledge.
    pub(crate) fn fact_vars(&self) -> Vec<Var> {
        let layout = self.pack.compiled.layout;
        (layout.report_facts..layout.person)
            .chain(layout.person_facts..layout.device)
            .chain(layout.device_facts..layout.end)
            .filter_map(|var| Var::try_from(var).ok())
            .collect()
    }
}
