//! All ways in which other people can matter to some conditions, and where these stand in each.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::world::{self, World};
use super::{Prover, Stand, lift};
use crate::mdd::{NodeId, TRUE};
use crate::rules::FormulaIx;

/// The ways the others can matter to some conditions, each with what is left of every condition.
pub(crate) struct Sight {
    /// Which one it is among those of the prover.
    at: usize,
    pub world: World,
    /// For every set of the world, which effect it has.
    effect_of: Vec<usize>,
    /// For each effect, one set that has it.
    pub effects: Vec<usize>,
    /// For each set and each of the kinds that differ the effect that is reached when somebody of that kind is added; each row
    /// once.
    pub reached: Vec<Vec<usize>>,
}

/// What was worked out of sights and can serve again.
#[derive(Default)]
pub(crate) struct Sights {
    all: FxHashMap<Vec<FormulaIx>, Rc<Sight>>,
    /// Where a stand is the case, for every effect of a sight.
    stood: FxHashMap<(usize, Stand), Rc<Vec<NodeId>>>,
    /// Kinds of person, by quantifiers.
    kinds: FxHashMap<Vec<usize>, Rc<world::Kinds>>,
}

impl Prover<'_> {
    /// All ways in which others matter to these conditions.
    pub(crate) fn sight(&mut self, formulas: &[FormulaIx]) -> Result<Rc<Sight>, String> {
        let mut key = formulas.to_vec();
        key.sort_unstable();
        key.dedup();
        if let Some(known) = self.sights.all.get(&key) {
            return Ok(known.clone());
        }
        let mut roots: Vec<NodeId> = key.iter().map(|formula| self.root(*formula)).collect();
        let parts = self.lift.parts(&roots);
        roots.extend(
            parts
                .iter()
                .filter_map(|part| self.pack.compiled.knowns.get(*part))
                .map(|known| lift::view(&known.formula)),
        );
        roots.sort_unstable();
        roots.dedup();
        let atoms = self.atoms(&roots);
        let kinds = match self.sights.kinds.get(&atoms) {
            Some(known) => known.clone(),
            None => {
                let made = Rc::new(world::all_kinds(&mut self.lift, &atoms)?);
                self.sights.kinds.insert(atoms.clone(), made.clone());
                made
            }
        };
        let world = World::new(&mut self.lift, kinds, &atoms, &roots)?;
        let mut sight =
            Sight { at: self.sights.all.len(), effect_of: Vec::new(), effects: Vec::new(), reached: Vec::new(), world };
        self.effects(&mut sight, &roots);
        let effect_of = |set: &usize| sight.effect_of.get(*set).copied().unwrap_or(0);
        let rows: std::collections::BTreeSet<Vec<usize>> =
            sight.world.reached.iter().map(|row| row.iter().map(effect_of).collect()).collect();
        sight.reached = rows.into_iter().collect();
        let sight = Rc::new(sight);
        self.sights.all.insert(key, sight.clone());
        Ok(sight)
    }

    /// The quantifiers that some conditions rest on.
    fn atoms(&mut self, roots: &[NodeId]) -> Vec<usize> {
        let layout = self.pack.compiled.layout;
        let mut atoms: Vec<usize> = Vec::new();
        for root in roots {
            let vars = self.lift.support(*root);
            let quantifiers =
                vars.iter().copied().map(usize::from).filter(|v| (layout.atoms..layout.report_facts).contains(v));
            atoms.extend(quantifiers.map(|v| v - layout.atoms));
        }
        atoms.sort_unstable();
        atoms.dedup();
        atoms
    }

    /// Sets that leave the same of every condition have one effect.
    fn effects(&mut self, sight: &mut Sight, roots: &[NodeId]) {
        let mut named: FxHashMap<Vec<NodeId>, usize> = FxHashMap::default();
        for (at, (set, _)) in sight.world.sets.iter().enumerate() {
            let mut signature: Vec<NodeId> = Vec::with_capacity(roots.len() * (1 + set.len()));
            for root in roots {
                let first = signature.len();
                signature.extend(set.iter().map(|vector| self.lift.given(*root, &sight.world.atoms, *vector)));
                let mut left = signature.split_off(first);
                left.sort_unstable();
                left.dedup();
                signature.append(&mut left);
                signature.push(NodeId::MAX);
            }
            let next = sight.effects.len();
            let effect = *named.entry(signature).or_insert(next);
            if effect == next {
                sight.effects.push(at);
            }
            sight.effect_of.push(effect);
        }
    }

    /// Enters the world where the others can give this set: says what is known in it.
    pub(crate) fn enter(&mut self, sight: &Sight, set: usize, stands: &[Stand]) {
        let roots: Vec<NodeId> = stands.iter().map(|stand| self.root(stand.formula)).collect();
        let parts = self.lift.parts(&roots);
        self.lift.enter();
        for part in parts {
            let Some(view) = self.pack.compiled.knowns.get(part).map(|known| lift::view(&known.formula)) else {
                continue;
            };
            let known = self.over(view, sight, set);
            self.lift.set_known(part, known);
        }
    }

    /// Definite for every vector of a set.
    fn over(&mut self, root: NodeId, sight: &Sight, set: usize) -> NodeId {
        let mut all = TRUE;
        let vectors = sight.world.sets.get(set).map_or(&[][..], |(set, _)| set.as_slice());
        let mut seen = smallvec::SmallVec::<[NodeId; 8]>::new();
        for vector in vectors {
            let left = self.lift.given(root, &sight.world.atoms, *vector);
            if !seen.contains(&left) {
                seen.push(left);
                let always = self.lift.always(left);
                all = self.lift.known.and(all, always);
            }
        }
        all
    }

    /// The knowledge in which a stand is the case, in the world entered last.
    pub(crate) fn stand(&mut self, sight: &Sight, set: usize, stand: Stand) -> NodeId {
        let root = self.root(stand.formula);
        let root = if stand.possible { self.lift.facts.not(root) } else { root };
        let always = self.over(root, sight, set);
        if stand.possible == stand.negated { always } else { self.lift.known.not(always) }
    }

    /// The same for every effect of a sight, worked out once.
    pub(crate) fn stands(&mut self, sight: &Sight, stand: Stand) -> Rc<Vec<NodeId>> {
        let key = (sight.at, stand);
        if let Some(known) = self.sights.stood.get(&key) {
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
        let nodes = Rc::new(nodes);
        self.sights.stood.insert(key, nodes.clone());
        nodes
    }
}
