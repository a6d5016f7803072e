//! What is lost by a change of one fact: where a condition holds before it and does not after it.
//!
//! Diagrams share most of their nodes with others, so what a node loses by a change is worked out once for all
//! of them, and most nodes lose nothing by any change.

use rustc_hash::FxHashMap;
use smallvec::{SmallVec, smallvec};

use crate::mdd::{Children, Diagrams, FALSE, NodeId, TRUE, Var};

/// A change of knowledge: the variable, its state before and after.
pub(super) type Change = (Var, usize, usize);

/// A set of changes, one bit each.
type Bits = SmallVec<[u64; 4]>;

/// Some changes of knowledge, and what is lost by them.
pub(super) struct Losses {
    pub changes: Vec<Change>,
    of_var: FxHashMap<Var, Vec<usize>>,
    loses: FxHashMap<NodeId, Bits>,
    lost: FxHashMap<(NodeId, usize), NodeId>,
    put_in: FxHashMap<(NodeId, Var, usize), NodeId>,
}

impl Losses {
    pub(super) fn new(changes: Vec<Change>) -> Self {
        let mut of_var: FxHashMap<Var, Vec<usize>> = FxHashMap::default();
        for (at, (var, ..)) in changes.iter().enumerate() {
            of_var.entry(*var).or_default().push(at);
        }
        Self { changes, of_var, loses: FxHashMap::default(), lost: FxHashMap::default(), put_in: FxHashMap::default() }
    }

    /// The changes by which anything is lost, in order.
    pub(super) fn by(&mut self, known: &mut Diagrams, node: NodeId) -> Vec<(usize, Change)> {
        self.find(known, node);
        let Some(bits) = self.loses.get(&node) else { return Vec::new() };
        let loses = |at: usize| bits.get(at / 64).is_some_and(|word| word >> (at % 64) & 1 == 1);
        self.changes.iter().copied().enumerate().filter(|(at, _)| loses(*at)).collect()
    }

    /// Works out for every node from here on by which changes it loses anything.
    fn find(&mut self, known: &mut Diagrams, node: NodeId) {
        if node <= TRUE || self.loses.contains_key(&node) {
            return;
        }
        let mut bits: Bits = smallvec![0; self.changes.len().div_ceil(64)];
        for child in Children::from_slice(known.children(node)) {
            self.find(known, child);
            if let Some(below) = self.loses.get(&child) {
                bits.iter_mut().zip(below).for_each(|(word, more)| *word |= more);
            }
        }
        for at in self.of_var.get(&known.var(node)).into_iter().flatten() {
            let Some((_, from, to)) = self.changes.get(*at) else { continue };
            let (before, after) = (known.child(node, *from), known.child(node, *to));
            if known.without(before, after) != FALSE
                && let Some(word) = bits.get_mut(at / 64)
            {
                *word |= 1 << (at % 64);
            }
        }
        self.loses.insert(node, bits);
    }

    /// Where a node holds before a change and not after it.
    fn lost(&mut self, known: &mut Diagrams, node: NodeId, at: usize) -> NodeId {
        let Some((var, from, to)) = self.changes.get(at).copied() else { return FALSE };
        let here = known.var(node);
        if here > var || node <= TRUE {
            return FALSE;
        }
        if let Some(done) = self.lost.get(&(node, at)) {
            return *done;
        }
        let made = if here == var {
            let (before, after) = (known.child(node, from), known.child(node, to));
            known.without(before, after)
        } else {
            let children = Children::from_slice(known.children(node));
            let children = children.into_iter().map(|child| self.lost(known, child, at)).collect();
            known.split(here, children)
        };
        self.lost.insert((node, at), made);
        made
    }

    /// The same, of what counts only: where `only` holds after the change and `except` did not before it.
    pub(super) fn counted(
        &mut self,
        known: &mut Diagrams,
        (node, at): (NodeId, usize),
        only: Option<NodeId>,
        except: Option<NodeId>,
    ) -> Option<NodeId> {
        let (var, from, to) = self.changes.get(at).copied()?;
        let mut lost = self.lost(known, node, at);
        if let Some(only) = only {
            let only = self.put_in(known, only, var, to);
            lost = known.and(lost, only);
        }
        if let Some(except) = except {
            let except = self.put_in(known, except, var, from);
            lost = known.without(lost, except);
        }
        (lost != FALSE).then_some(lost)
    }

    fn put_in(&mut self, known: &mut Diagrams, node: NodeId, var: Var, value: usize) -> NodeId {
        *self.put_in.entry((node, var, value)).or_insert_with(|| known.cofactor(node, var, value))
    }
}
