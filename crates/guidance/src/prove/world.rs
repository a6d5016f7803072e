//! All the ways the other people can be, however many they are.
//!
//! A person, in one state of knowledge, can give a set of answer vectors to the quantifiers. There are few
//! such sets ("kinds" of person). The others together can give the join of their sets; starting from
//! nobody and adding people of any kind until nothing new comes up reaches every set that any number of
//! people can give. The closure is finite, so what is proved for each of its members is proved for all.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use super::lift::Lift;
use crate::expr::Who;
use crate::mdd::{FALSE, NodeId, TRUE, Var};
use crate::vectors::join;

/// Most different sets followed; the largest closure of the Cheshire pack has some hundreds.
const MAX_SETS: usize = 20_000;

/// A kind of person: the states of knowledge that give this set of vectors.
#[derive(Debug, Clone)]
pub(crate) struct Kind {
    pub vectors: Vec<u32>,
    pub known: NodeId,
    /// Does this person use or own the device in question?
    pub owner: bool,
}

/// A set of the closure, with the set and the kind of person it was first reached by.
pub(crate) type Reached = (Vec<u32>, Option<(usize, usize)>);

/// The quantifiers of some conditions, and every set of answers the others can give.
pub(crate) struct World {
    pub atoms: Vec<usize>,
    pub kinds: Vec<Kind>,
    pub sets: Vec<Reached>,
    /// For each set and each kind the set that is reached when somebody of that kind is added.
    pub reached: Vec<Vec<usize>>,
}

impl World {
    pub(crate) fn new(
        lift: &mut Lift<'_>,
        kinds: Vec<Kind>,
        atoms: &[usize],
        roots: &[NodeId],
    ) -> Result<Self, String> {
        let same = same_effect(lift, atoms, &kinds, roots);
        let mut known: FxHashMap<Vec<u32>, usize> = FxHashMap::default();
        let mut sets: Vec<Reached> = Vec::new();
        let nobody = reduce(&same, [0]);
        known.insert(nobody.clone(), 0);
        sets.push((nobody, None));
        let mut reached: Vec<Vec<usize>> = Vec::new();
        let mut at = 0;
        while let Some((set, _)) = sets.get(at).cloned() {
            let mut row = Vec::with_capacity(kinds.len());
            for (which, kind) in kinds.iter().enumerate() {
                let next = reduce(&same, join(&set, &kind.vectors, atoms.len()));
                let found = known.get(&next).copied().unwrap_or_else(|| {
                    known.insert(next.clone(), sets.len());
                    sets.push((next, Some((at, which))));
                    sets.len() - 1
                });
                row.push(found);
            }
            if sets.len() > MAX_SETS {
                return Err(format!(
                    "the other people can matter in more than {MAX_SETS} different ways; the conditions are too entangled to be proved"
                ));
            }
            reached.push(row);
            at += 1;
        }
        Ok(Self { atoms: atoms.to_vec(), kinds, sets, reached })
    }

    /// The people, kind by kind, that make up a set.
    pub(crate) fn people_of(&self, set: usize) -> Vec<usize> {
        let mut people = Vec::new();
        let mut at = set;
        while let Some((_, Some((before, kind)))) = self.sets.get(at) {
            people.push(*kind);
            at = *before;
        }
        people
    }
}

fn reduce(same: &FxHashMap<u32, u32>, set: impl IntoIterator<Item = u32>) -> Vec<u32> {
    let mut reduced: Vec<u32> = set.into_iter().map(|v| same.get(&v).copied().unwrap_or(v)).collect();
    reduced.sort_unstable();
    reduced.dedup();
    reduced
}

/// All kinds of person there are for some quantifiers.
pub(crate) fn all_kinds(lift: &mut Lift<'_>, atoms: &[usize]) -> Vec<Kind> {
    let mut all = kinds(lift, atoms, false);
    if atoms.iter().any(|atom| lift.compiled.atoms.get(*atom).is_some_and(|a| a.who == Who::Owner)) {
        all.extend(kinds(lift, atoms, true));
    }
    all
}

/// Splits all states of knowledge about one person by the set of vectors they allow.
fn kinds(lift: &mut Lift<'_>, atoms: &[usize], owner: bool) -> Vec<Kind> {
    let bodies: Vec<NodeId> = atoms
        .iter()
        .map(|atom| match lift.compiled.atoms.get(*atom) {
            Some(atom) if atom.who == Who::Person || owner => atom.node,
            _ => FALSE,
        })
        .collect();
    let mut parts = Vec::new();
    bodies.iter().for_each(|body| lift.parts_of(*body, &mut parts));
    lift.enter();
    for part in parts {
        if let Some(known) = lift.compiled.knowns.get(part) {
            let node = known.formula.node;
            let lifted = lift.always(node);
            lift.set_known(part, lifted);
        }
    }
    let mut made = vec![Kind { vectors: Vec::new(), known: TRUE, owner }];
    for vector in full_vectors(lift, &bodies) {
        // "This vector can occur" is "not: it never occurs".
        let mut exactly = TRUE;
        for (bit, body) in bodies.iter().enumerate() {
            let wanted = if vector >> bit & 1 == 1 { *body } else { lift.facts.not(*body) };
            exactly = lift.facts.and(exactly, wanted);
        }
        let never = lift.facts.not(exactly);
        let never = lift.always(never);
        let can = lift.known.not(never);
        let mut next = Vec::with_capacity(made.len() + 4);
        for kind in made {
            let with = lift.known.and(kind.known, can);
            let without = lift.known.and(kind.known, never);
            if with != FALSE {
                let mut vectors = kind.vectors.clone();
                vectors.push(vector);
                next.push(Kind { vectors, known: with, owner });
            }
            if without != FALSE {
                next.push(Kind { vectors: kind.vectors, known: without, owner });
            }
        }
        made = next;
    }
    made.retain(|kind| !kind.vectors.is_empty());
    made
}

/// Every vector that some full answer about one person gives.
fn full_vectors(lift: &mut Lift<'_>, bodies: &[NodeId]) -> Vec<u32> {
    let mut found = vec![(0_u32, TRUE)];
    for (bit, body) in bodies.iter().enumerate() {
        let mut next = Vec::new();
        let not = lift.facts.not(*body);
        for (vector, node) in found {
            for (part, set) in [(*body, 1_u32), (not, 0)] {
                let both = lift.facts.and(node, part);
                if both != FALSE {
                    next.push((vector | set << bit, both));
                }
            }
        }
        found = next;
    }
    found.into_iter().map(|(vector, _)| vector).collect()
}

/// Vectors that no condition can tell apart, now or after anybody else is added, share a name.
fn same_effect(lift: &mut Lift<'_>, atoms: &[usize], kinds: &[Kind], roots: &[NodeId]) -> FxHashMap<u32, u32> {
    let mut all: BTreeSet<u32> = BTreeSet::from([0]);
    let single: BTreeSet<u32> = kinds.iter().flat_map(|kind| kind.vectors.iter().copied()).collect();
    loop {
        let more: BTreeSet<u32> = all.iter().flat_map(|a| single.iter().map(move |b| a | b)).collect();
        let before = all.len();
        all.extend(more);
        if all.len() == before {
            break;
        }
    }
    let all: Vec<u32> = all.into_iter().collect();
    let mut effect: FxHashMap<u32, Vec<NodeId>> = FxHashMap::default();
    for vector in &all {
        let nodes = roots.iter().map(|root| lift.given(*root, atoms, *vector)).collect();
        effect.insert(*vector, nodes);
    }
    let mut named: FxHashMap<Vec<&Vec<NodeId>>, u32> = FxHashMap::default();
    let mut same = FxHashMap::default();
    for vector in &all {
        let signature: Vec<&Vec<NodeId>> = all.iter().filter_map(|other| effect.get(&(vector | other))).collect();
        let name = *named.entry(signature).or_insert(*vector);
        same.insert(*vector, name);
    }
    same
}

/// From a state of knowledge to the kind of person it makes: one diagram whose ends are kinds.
pub(crate) struct KindMap {
    rows: Vec<(Var, Vec<usize>)>,
    root: usize,
}

/// Ends are numbered from here.
const END: usize = usize::MAX / 2;

impl KindMap {
    pub(crate) fn new(lift: &Lift<'_>, kinds: &[Kind], owner: bool) -> Self {
        let mut map = Self { rows: Vec::new(), root: END };
        let parts: Vec<(usize, NodeId)> = kinds
            .iter()
            .enumerate()
            .filter(|(_, kind)| kind.owner == owner)
            .map(|(at, kind)| (at, kind.known))
            .collect();
        let mut memo = FxHashMap::default();
        let mut unique = FxHashMap::default();
        map.root = map.build(lift, parts, &mut memo, &mut unique);
        map
    }

    fn build(
        &mut self,
        lift: &Lift<'_>,
        parts: Vec<(usize, NodeId)>,
        memo: &mut FxHashMap<Vec<(usize, NodeId)>, usize>,
        unique: &mut FxHashMap<(Var, Vec<usize>), usize>,
    ) -> usize {
        if let Some((kind, _)) = parts.iter().find(|(_, node)| *node == TRUE) {
            return END + kind;
        }
        if let Some(known) = memo.get(&parts) {
            return *known;
        }
        let Some(var) = parts.iter().map(|(_, node)| lift.known.var(*node)).min() else { return END };
        let arity = lift.known.arity(var);
        let children: Vec<usize> = (0..usize::from(arity))
            .map(|value| {
                let next: Vec<(usize, NodeId)> = parts
                    .iter()
                    .map(|(kind, node)| {
                        (*kind, if lift.known.var(*node) == var { lift.known.child(*node, value) } else { *node })
                    })
                    .filter(|(_, node)| *node != FALSE)
                    .collect();
                self.build(lift, next, memo, unique)
            })
            .collect();
        let made = match children.first() {
            Some(first) if children.iter().all(|child| child == first) => *first,
            _ => *unique.entry((var, children.clone())).or_insert_with(|| {
                self.rows.push((var, children));
                self.rows.len() - 1
            }),
        };
        memo.insert(parts, made);
        made
    }

    fn var(&self, node: usize) -> Var {
        self.rows.get(node).map_or(Var::MAX, |(var, _)| *var)
    }

    fn child(&self, node: usize, value: usize) -> usize {
        self.rows.get(node).and_then(|(_, children)| children.get(value)).copied().unwrap_or(node)
    }

    /// Every pair of kinds that one change of knowledge turns into each other, unless the exception
    /// held before it.
    pub(crate) fn turns(
        &self,
        lift: &Lift<'_>,
        unless: NodeId,
        changes: &[(Var, usize, usize)],
        pairs: &mut BTreeSet<(usize, usize)>,
    ) {
        for change in changes {
            let mut seen = rustc_hash::FxHashSet::default();
            self.turn(lift, (self.root, self.root, unless), *change, &mut seen, pairs);
        }
    }

    fn turn(
        &self,
        lift: &Lift<'_>,
        at: (usize, usize, NodeId),
        change: (Var, usize, usize),
        seen: &mut rustc_hash::FxHashSet<(usize, usize, NodeId)>,
        pairs: &mut BTreeSet<(usize, usize)>,
    ) {
        let (before, after, unless) = at;
        let (var, from, to) = change;
        let top = self.var(before).min(self.var(after)).min(lift.known.var(unless));
        // Past the changed fact, what is the same stays the same.
        if unless == TRUE || (top > var && before == after) || !seen.insert(at) {
            return;
        }
        if before >= END && after >= END && (unless == FALSE || unless > TRUE) {
            if before != after {
                pairs.insert((before - END, after - END));
            }
            return;
        }
        let arity = lift.known.arity(top);
        for value in 0..usize::from(arity) {
            let (left, right) = if top == var { (from, to) } else { (value, value) };
            let before = if self.var(before) == top { self.child(before, left) } else { before };
            let after = if self.var(after) == top { self.child(after, right) } else { after };
            let unless = if lift.known.var(unless) == top { lift.known.child(unless, left) } else { unless };
            self.turn(lift, (before, after, unless), change, seen, pairs);
            if top == var {
                break;
            }
        }
    }
}
