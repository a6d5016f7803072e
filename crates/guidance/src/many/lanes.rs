//! Diagrams walked for 64 at once: a bit of a word stands for one person, one device or one report.
//!
//! Walked from the ends up, each node is looked at once for all conditions and all lanes: an end can be reached from it
//! where it can be from a child that a still possible value leads to. That is what a walk from the top finds as well.

use rustc_hash::FxHashMap;

use crate::compile::Compiled;
use crate::masks::Seen;
use crate::mdd::{FALSE, Mask, NodeId, TRUE, Var};

/// How many are walked together.
pub(super) const LANES: usize = 64;

/// One bit for each of them.
pub(super) type Lanes = u64;

/// For each quantifier the lanes in which it may be no, and those in which it may be yes.
pub(super) type Either = [(Lanes, Lanes)];

#[derive(Debug)]
struct Node {
    /// Where the possible values of its variable are.
    values: u32,
    arity: u32,
    /// Where its children are.
    children: u32,
}

/// Everything that is below some conditions, ends first.
#[derive(Debug, Default)]
pub(super) struct Program {
    nodes: Vec<Node>,
    children: Vec<u32>,
    /// Each variable that is tested, how many values it has, and where these are.
    vars: Vec<(Var, u32, u32)>,
    /// Places of the conditions, in order.
    roots: Vec<u32>,
    width: usize,
}

/// What was found for 64: where each node can come to "yes", and where to "no".
#[derive(Default)]
pub(super) struct Found {
    values: Vec<Lanes>,
    ends: Vec<(Lanes, Lanes)>,
}

impl Program {
    pub(super) fn new(compiled: &Compiled, roots: &[NodeId]) -> Self {
        let diagrams = &compiled.diagrams;
        let mut met = rustc_hash::FxHashSet::default();
        let mut stack = roots.to_vec();
        while let Some(node) = stack.pop() {
            if node > TRUE && met.insert(node) {
                stack.extend_from_slice(diagrams.children(node));
            }
        }
        // Whatever a node leads to tests a later variable.
        let mut order: Vec<(Var, NodeId)> = met.into_iter().map(|node| (diagrams.var(node), node)).collect();
        order.sort_unstable_by(|one, other| other.cmp(one));
        let mut made = Self::default();
        let mut place: FxHashMap<NodeId, u32> = [(FALSE, FALSE), (TRUE, TRUE)].into_iter().collect();
        for (var, node) in order {
            let arity = u32::from(diagrams.arity(var));
            let last = made.vars.last().filter(|(last, ..)| *last == var).map(|(.., values)| *values);
            let values = last.unwrap_or_else(|| {
                let values = u32::try_from(made.width).unwrap_or_default();
                made.vars.push((var, arity, values));
                made.width += arity as usize;
                values
            });
            let first = u32::try_from(made.children.len()).unwrap_or_default();
            made.children
                .extend(diagrams.children(node).iter().map(|child| place.get(child).copied().unwrap_or(FALSE)));
            place.insert(node, u32::try_from(made.nodes.len() + 2).unwrap_or_default());
            made.nodes.push(Node { values, arity, children: first });
        }
        made.roots = roots.iter().map(|root| place.get(root).copied().unwrap_or(FALSE)).collect();
        made
    }

    /// Walks for all of these. What the quantifiers may be is given for all lanes, or else what each sees counts.
    pub(super) fn run(&self, compiled: &Compiled, seen: &[Seen<'_>], either: Option<&Either>, found: &mut Found) {
        found.values.clear();
        found.values.resize(self.width, 0);
        let quantifiers = compiled.layout.atoms..compiled.layout.report_facts;
        for (var, arity, first) in &self.vars {
            let at = usize::from(*var);
            let first = *first as usize;
            let Some(values) = found.values.get_mut(first..first + *arity as usize) else { continue };
            match (either, values) {
                (Some(either), [no, yes]) if quantifiers.contains(&at) => {
                    (*no, *yes) = either.get(at - quantifiers.start).copied().unwrap_or((Lanes::MAX, Lanes::MAX));
                }
                // Most have two.
                (_, [no, yes]) => {
                    for (lane, seen) in seen.iter().enumerate() {
                        let mask = Lanes::from(seen.mask(*var));
                        *no |= (mask & 1) << lane;
                        *yes |= (mask >> 1 & 1) << lane;
                    }
                }
                (_, values) => {
                    for (lane, seen) in seen.iter().enumerate() {
                        let mask: Mask = seen.mask(*var);
                        for (value, lanes) in values.iter_mut().enumerate() {
                            *lanes |= Lanes::from(mask >> value & 1) << lane;
                        }
                    }
                }
            }
        }
        found.ends.clear();
        found.ends.reserve(self.nodes.len() + 2);
        found.ends.extend([(0, Lanes::MAX), (Lanes::MAX, 0)]);
        for node in &self.nodes {
            let (first, values, arity) = (node.children as usize, node.values as usize, node.arity as usize);
            let children = self.children.get(first..first + arity).unwrap_or(&[]);
            let values = found.values.get(values..values + arity).unwrap_or(&[]);
            let (mut yes, mut no) = (0, 0);
            for (child, lanes) in children.iter().zip(values) {
                let (below_yes, below_no) = found.ends.get(*child as usize).copied().unwrap_or_default();
                yes |= lanes & below_yes;
                no |= lanes & below_no;
            }
            found.ends.push((yes, no));
        }
    }

    /// Where each condition can hold and where it cannot, in order.
    pub(super) fn ends<'a>(&'a self, found: &'a Found) -> impl Iterator<Item = (Lanes, Lanes)> + 'a {
        self.roots.iter().map(|root| found.ends.get(*root as usize).copied().unwrap_or_default())
    }
}
