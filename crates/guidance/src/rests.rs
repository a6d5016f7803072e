//! What a conclusion rests on: the diagram is walked once, then variables are let go from the deepest up.
//!
//! Below the variable that is tried nothing changes any more, so whether only the wanted end is left under a
//! node is worked out once for each node.

use rustc_hash::FxHashMap;
use smallvec::{SmallVec, smallvec};

use crate::compile::{Compiled, Formula};
use crate::eval::Env;
use crate::masks::Seen;
use crate::mdd::{Mask, NodeId, Reach, TRUE, Var};
use crate::reasons::Vars;

/// Most settled variables of the report that are tried both ways together.
const MAX_FREE: usize = 8;

/// The nodes of a walk, each with its variable.
pub(crate) type Walk = SmallVec<[(Var, NodeId); 32]>;

/// Every node that can be reached from `roots` under what is known; quantifiers may be either.
pub(crate) fn walk(compiled: &Compiled, seen: Seen<'_>, roots: impl IntoIterator<Item = NodeId>) -> Walk {
    let quantifiers = compiled.layout.atoms..compiled.layout.report_facts;
    let mut walked = Walk::new();
    let mut met: SmallVec<[u64; 64]> = smallvec![0; compiled.diagrams.node_count().div_ceil(64)];
    let mut stack: SmallVec<[NodeId; 32]> = roots.into_iter().collect();
    while let Some(node) = stack.pop() {
        let bit = 1_u64 << (node % 64);
        match met.get_mut(node as usize / 64) {
            Some(word) if node > TRUE && *word & bit == 0 => *word |= bit,
            _ => continue,
        }
        let var = compiled.diagrams.var(node);
        walked.push((var, node));
        let values = if quantifiers.contains(&usize::from(var)) { Mask::MAX } else { seen.mask(var) };
        for (value, child) in compiled.diagrams.children(node).iter().enumerate() {
            if values >> value & 1 == 1 {
                stack.push(*child);
            }
        }
    }
    walked
}

/// One conclusion, and what is kept of the facts it rests on.
pub(crate) struct Rests<'a> {
    compiled: &'a Compiled,
    formula: &'a Formula,
    seen: Seen<'a>,
    want: bool,
    /// Everything else may be anything.
    pub kept: Vars,
    /// Whether only the wanted end is left under a node.
    good: FxHashMap<NodeId, bool>,
}

impl<'a> Rests<'a> {
    /// Keeps the fewest of the variables that were tested from which it still follows that the condition
    /// holds (`want`) or cannot hold; the later ones are let go first.
    pub(crate) fn new(
        env: &Env<'a>,
        formula: &'a Formula,
        (seen, tested): (Seen<'a>, &[Var]),
        vectors: &[u32],
        (walked, want): (Walk, bool),
    ) -> Self {
        let compiled = env.compiled;
        let kept = Vars::of(tested);
        let good = FxHashMap::with_capacity_and_hasher(24, rustc_hash::FxBuildHasher);
        let mut rests = Self { compiled, formula, seen, want, kept, good };
        let quantified = !formula.atoms.is_empty();
        let walked = if quantified {
            let mask = |var| seen.mask(var);
            let tops = vectors.iter().map(|v| env.below_quantifiers(formula, formula.node, *v, &mask));
            walk(compiled, seen, tops)
        } else {
            walked
        };
        for var in tested.iter().rev() {
            rests.kept.remove(*var);
            let follows = if quantified && usize::from(*var) < compiled.layout.atoms {
                rests.follows(env, vectors)
            } else {
                walked.iter().filter(|(at, _)| at == var).all(|(_, node)| rests.children_good(*node, Mask::MAX))
            };
            if !follows {
                rests.kept.insert(*var);
            }
        }
        rests
    }

    fn mask(&self, var: Var) -> Mask {
        if self.kept.contains(var) { self.seen.mask(var) } else { Mask::MAX }
    }

    /// Which ends another diagram about the same facts can still have when only what is kept is known.
    pub(crate) fn reach(&self, node: NodeId) -> Reach {
        self.compiled.diagrams.reach(node, &|var| self.mask(var))
    }

    fn children_good(&mut self, node: NodeId, values: Mask) -> bool {
        let children = self.compiled.diagrams.children(node);
        children.iter().enumerate().all(|(value, child)| values >> value & 1 == 0 || self.good(*child))
    }

    fn good(&mut self, start: NodeId) -> bool {
        let mut node = start;
        let values = loop {
            if node <= TRUE {
                return (node == TRUE) == self.want;
            }
            let values = self.mask(self.compiled.diagrams.var(node));
            if !values.is_power_of_two() {
                break values;
            }
            node = self.compiled.diagrams.child(node, values.trailing_zeros() as usize);
        };
        if let Some(known) = self.good.get(&node) {
            return *known;
        }
        let good = self.children_good(node, values);
        self.good.insert(node, good);
        good
    }

    /// Settled variables of the report that are not kept: a walk through the quantifiers needs them fixed, so
    /// both are tried.
    fn free(&self) -> SmallVec<[Var; MAX_FREE]> {
        let settled = |v: &&Var| usize::from(**v) < self.compiled.layout.atoms && !self.kept.contains(**v);
        self.formula.support.iter().filter(settled).take(MAX_FREE).copied().collect()
    }

    /// Does it follow when the others can give these vectors?
    pub(crate) fn follows(&mut self, env: &Env<'_>, vectors: &[u32]) -> bool {
        let free = self.free();
        (0..1_u32 << free.len()).all(|choice| {
            let fixed = |seen: &Self, v: Var| match free.iter().position(|o| *o == v) {
                Some(bit) => 1 << (choice >> bit & 1),
                None => seen.mask(v),
            };
            vectors.iter().all(|vector| {
                let top = env.below_quantifiers(self.formula, self.formula.node, *vector, &|v| fixed(self, v));
                self.good(top)
            })
        })
    }

    /// Does it follow whatever the others do?
    pub(crate) fn follows_from_own(&mut self) -> bool {
        let free = self.free();
        let mut seen = rustc_hash::FxHashSet::default();
        let mut stack = vec![self.formula.node];
        while let Some(node) = stack.pop() {
            let var = self.compiled.diagrams.var(node);
            let at = usize::from(var);
            if node <= TRUE || at >= self.compiled.layout.report_facts {
                if !self.good(node) {
                    return false;
                }
            } else if seen.insert(node) {
                if at >= self.compiled.layout.atoms || free.contains(&var) {
                    stack.extend_from_slice(self.compiled.diagrams.children(node));
                } else {
                    let value = self.mask(var).trailing_zeros() as usize;
                    stack.push(self.compiled.diagrams.child(node, value));
                }
            }
        }
        true
    }
}
