//! What one answer makes of a person: from kind to kind.

use rustc_hash::{FxHashMap, FxHashSet};

use super::lift::Lift;
use super::losses::Change;
use super::world::Kind;
use crate::mdd::{FALSE, NodeId, TRUE, Var};

/// From a state of knowledge to the kind of person it makes: one diagram whose ends are kinds.
pub(crate) struct KindMap {
    rows: Vec<(Var, Vec<usize>)>,
    root: usize,
}

/// Ends are numbered from here.
const END: usize = usize::MAX / 2;

/// Places of a walk: the kind map before and after the change, and the exception before it.
type Place = (usize, usize, NodeId);

/// A walk over all changes at once.
pub(crate) struct Turns<'a> {
    lift: &'a Lift<'a>,
    changes: FxHashMap<Var, Vec<(usize, usize)>>,
    seen: FxHashSet<Place>,
    /// The pairs found.
    pub pairs: FxHashSet<(usize, usize)>,
}

impl<'a> Turns<'a> {
    /// Looks for every pair of kinds that one of these changes of knowledge turns into each other.
    pub(crate) fn new(lift: &'a Lift<'a>, changes: impl Iterator<Item = Change>) -> Self {
        let mut of_var: FxHashMap<Var, Vec<(usize, usize)>> = FxHashMap::default();
        for (var, from, to) in changes {
            of_var.entry(var).or_default().push((from, to));
        }
        Self { lift, changes: of_var, seen: FxHashSet::default(), pairs: FxHashSet::default() }
    }

    /// Walks a map, unless the exception held before the change.
    pub(crate) fn walk(&mut self, map: &KindMap, unless: NodeId) {
        self.seen.clear();
        self.turn(map, (map.root, map.root, unless));
    }

    /// Until the fact that changes is met, before and after are the same.
    fn turn(&mut self, map: &KindMap, at: Place) {
        let (before, after, unless) = at;
        if unless == TRUE || (before >= END && before == after) || !self.seen.insert(at) {
            return;
        }
        if before >= END && after >= END {
            self.pairs.insert((before - END, after - END));
            return;
        }
        let known = &self.lift.known;
        let top = map.var(before).min(map.var(after)).min(known.var(unless));
        let step = |node: usize, value: usize| if map.var(node) == top { map.child(node, value) } else { node };
        let barred = |value: usize| if known.var(unless) == top { known.child(unless, value) } else { unless };
        if before == after && map.var(before) == top {
            let mut next = 0;
            while let Some((from, to)) = self.changes.get(&top).and_then(|changes| changes.get(next)).copied() {
                next += 1;
                let (left, right) = (map.child(before, from), map.child(before, to));
                // What the answer makes no difference to stays as it is.
                if left != right {
                    self.turn(map, (left, right, barred(from)));
                }
            }
        }
        for value in 0..usize::from(known.arity(top)) {
            self.turn(map, (step(before, value), step(after, value), barred(value)));
        }
    }
}

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
}
