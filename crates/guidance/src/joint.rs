//! Several diagrams about one person walked as one: which answers to all of them together that person can give.
//!
//! Made once for every set of quantifiers that some condition rests on. A node stands for what is left of each of the
//! diagrams, an end for one answer to all of them; so what can be answered together is the ends that can be reached, and
//! no way is followed twice.

use rustc_hash::FxHashMap;
use smallvec::{SmallVec, smallvec};

use crate::mdd::{Diagrams, Mask, NodeId, TRUE, Var};
use crate::vectors::Vectors;

/// What is left of each diagram at a node.
type Left = SmallVec<[NodeId; 8]>;

/// A node: the variable it tests, and where its branches are.
#[derive(Debug, Clone, Copy)]
struct Row {
    var: Var,
    values: Mask,
    first: u32,
}

/// Nodes in the order of their variables, so that every branch leads to a later one, and the ends after them.
#[derive(Debug, Default)]
pub(crate) struct Joint {
    rows: Vec<Row>,
    branches: Vec<u32>,
    /// Answer vectors, one bit a diagram, in order.
    ends: Vec<u32>,
    root: u32,
}

impl Joint {
    /// The diagrams joined, one bit each in this order; nothing where that takes more nodes than there is `room` for.
    pub(crate) fn new(diagrams: &Diagrams, nodes: &[NodeId], room: usize) -> Option<Self> {
        let top: Left = nodes.iter().copied().collect();
        let var = |left: &Left| left.iter().map(|node| diagrams.var(*node)).min().unwrap_or(Var::MAX);
        let branch = |left: &Left, value: usize| -> Left {
            let at = var(left);
            let go = |node: &NodeId| if diagrams.var(*node) == at { diagrams.child(*node, value) } else { *node };
            left.iter().map(go).collect()
        };
        let arity = |left: &Left| usize::from(diagrams.arity(var(left)));
        let mut met: FxHashMap<Left, u32> = FxHashMap::default();
        let mut stack = vec![top.clone()];
        while let Some(left) = stack.pop() {
            if met.contains_key(&left) {
                continue;
            }
            if met.len() >= room {
                return None;
            }
            stack.extend((0..arity(&left)).map(|value| branch(&left, value)));
            met.insert(left, 0);
        }
        let mut order: Vec<(Var, u32, Left)> = met.keys().map(|left| (var(left), vector(left), left.clone())).collect();
        order.sort_unstable();
        for (number, (.., left)) in (0..).zip(&order) {
            met.insert(left.clone(), number);
        }
        let number = |left: &Left| met.get(left).copied().unwrap_or_default();
        let mut made = Self { root: number(&top), ..Self::default() };
        for (var, vector, left) in &order {
            if *var == Var::MAX {
                made.ends.push(*vector);
                continue;
            }
            let first = u32::try_from(made.branches.len()).unwrap_or(u32::MAX);
            let values = crate::schema::low_bits(arity(left));
            made.rows.push(Row { var: *var, values, first });
            made.branches.extend((0..arity(left)).map(|value| number(&branch(left, value))));
        }
        Some(made)
    }

    /// How much room it takes.
    pub(crate) fn size(&self) -> usize {
        self.rows.len() + self.ends.len()
    }

    fn branch(&self, row: Row, value: u32) -> u32 {
        self.branches.get((row.first + value) as usize).copied().unwrap_or_default()
    }

    /// Every vector that can be given when a variable may have the values of its mask, in order.
    pub(crate) fn vectors(&self, mask: impl Fn(Var) -> Mask) -> Vectors {
        let mut node = self.root as usize;
        // Most often all is known.
        while let Some(row) = self.rows.get(node) {
            let values = mask(row.var) & row.values;
            if !values.is_power_of_two() {
                return self.several(node, mask);
            }
            node = self.branch(*row, values.trailing_zeros()) as usize;
        }
        smallvec![self.end(node)]
    }

    fn end(&self, node: usize) -> u32 {
        self.ends.get(node.wrapping_sub(self.rows.len())).copied().unwrap_or_default()
    }

    /// The same from a node with more than one way on.
    fn several(&self, start: usize, mask: impl Fn(Var) -> Mask) -> Vectors {
        let mut met: SmallVec<[u64; 8]> = smallvec![0; self.size().div_ceil(64)];
        let put = |met: &mut [u64], node: usize| {
            if let Some(word) = met.get_mut(node / 64) {
                *word |= 1 << (node % 64);
            }
        };
        put(&mut met, start);
        let mut found = Vectors::new();
        for at in start / 64..met.len() {
            // Whatever leads to a node stands before it.
            while let Some(word) = met.get_mut(at).filter(|word| **word != 0) {
                let node = at * 64 + word.trailing_zeros() as usize;
                *word &= *word - 1;
                let Some(row) = self.rows.get(node) else {
                    found.push(self.end(node));
                    continue;
                };
                let mut values = mask(row.var) & row.values;
                while values != 0 {
                    put(&mut met, self.branch(*row, values.trailing_zeros()) as usize);
                    values &= values - 1;
                }
            }
        }
        found
    }
}

/// The answer vector of diagrams of which only the end is left.
fn vector(left: &Left) -> u32 {
    (0..).zip(left).filter(|(_, node)| **node == TRUE).fold(0, |vector, (bit, _)| vector | 1 << bit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compile::{Atom, Compiled};
    use crate::cond::Cond;
    use crate::expr::Who;
    use crate::mdd::FALSE;
    use crate::vectors::vectors;

    /// Variables of conditions made at random, each with three values.
    const VARS: u64 = 7;

    #[test]
    fn all_together_give_what_following_them_side_by_side_gives() {
        let mut state = 11_u64;
        let mut below = |end: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % end
        };
        for _ in 0..2000 {
            let mut diagrams = Diagrams::new(vec![3; VARS as usize]);
            let mut nodes = Vec::new();
            for _ in 0..1 + below(5) {
                let mut made = FALSE;
                for _ in 0..below(5) {
                    let mut all = TRUE;
                    for _ in 0..1 + below(3) {
                        let test = diagrams.test(below(VARS) as Var, 1 + below(6) as Mask);
                        all = diagrams.and(all, test);
                    }
                    made = diagrams.or(made, all);
                }
                nodes.push(made);
            }
            let joint = Joint::new(&diagrams, &nodes, 10_000).expect("there is room");
            assert!(joint.size() < 2 || Joint::new(&diagrams, &nodes, joint.size() - 1).is_none());
            let masks: Vec<Mask> =
                (0..VARS).map(|_| if below(2) == 0 { Mask::MAX } else { 1 + below(7) as Mask }).collect();
            let mask = |var: Var| masks[usize::from(var)];
            let atom = |node: &NodeId| Atom { who: Who::Person, body: Cond::Const(true), node: *node };
            let atoms = nodes.iter().map(atom).collect();
            let all: Vec<usize> = (0..nodes.len()).collect();
            let compiled = Compiled { diagrams, atoms, ..Compiled::default() };
            assert_eq!(joint.vectors(mask), vectors(&compiled, &all, u32::MAX, &mask));
        }
    }
}
