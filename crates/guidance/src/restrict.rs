//! The diagram that is left when what is known is put in; its variables are exactly those that matter.

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::compile::Compiled;
use crate::masks::Seen;
use crate::mdd::{NodeId, TRUE, Var};
use crate::reasons::Vars;

/// A variable and the name of what is left under each of its values; `u32::MAX` where it cannot have the value.
type Left = (Var, SmallVec<[u32; 6]>);

/// What is left of diagrams as one person, one device or the report sees them.
pub(crate) struct Restrict<'a> {
    compiled: &'a Compiled,
    seen: Seen<'a>,
    memo: FxHashMap<NodeId, u32>,
    unique: FxHashMap<Left, u32>,
    /// By name, of which 0 and 1 are the ends.
    rows: Vec<Left>,
}

impl<'a> Restrict<'a> {
    pub(crate) fn new(compiled: &'a Compiled, seen: Seen<'a>) -> Self {
        Self { compiled, seen, memo: FxHashMap::default(), unique: FxHashMap::default(), rows: Vec::new() }
    }

    /// The name of what is left of a node; equal names, equal conditions.
    fn canon(&mut self, start: NodeId) -> u32 {
        let diagrams = &self.compiled.diagrams;
        let mut node = start;
        // Known variables are passed through; only an open one leaves something behind.
        let (var, values) = loop {
            if node <= TRUE {
                return node;
            }
            let var = diagrams.var(node);
            let values = self.seen.mask(var);
            if !values.is_power_of_two() {
                break (var, values);
            }
            node = diagrams.child(node, values.trailing_zeros() as usize);
        };
        if let Some(known) = self.memo.get(&node) {
            return *known;
        }
        let mut left: SmallVec<[u32; 6]> = SmallVec::new();
        let mut first = None;
        let mut same = true;
        for (value, child) in diagrams.children(node).iter().enumerate() {
            let name = if values >> value & 1 == 1 {
                let name = self.canon(*child);
                same &= *first.get_or_insert(name) == name;
                name
            } else {
                u32::MAX
            };
            left.push(name);
        }
        let made = match first {
            Some(first) if same => first,
            _ => {
                let next = u32::try_from(self.rows.len() + 2).unwrap_or(u32::MAX);
                let key = (var, left);
                *self.unique.entry(key).or_insert_with_key(|key| {
                    self.rows.push(key.clone());
                    next
                })
            }
        };
        self.memo.insert(node, made);
        made
    }

    /// Variables whose answer can still change the end, from any of these nodes, in order.
    pub(crate) fn relevant(&mut self, roots: impl IntoIterator<Item = NodeId>) -> Vec<Var> {
        let mut stack: SmallVec<[u32; 16]> = roots.into_iter().map(|root| self.canon(root)).collect();
        let mut seen: SmallVec<[u32; 32]> = SmallVec::new();
        let mut vars = Vars::default();
        let mut found = Vec::new();
        while let Some(name) = stack.pop() {
            let row = (name as usize).checked_sub(2).and_then(|at| self.rows.get(at));
            let Some((var, left)) = row else { continue };
            if seen.contains(&name) {
                continue;
            }
            seen.push(name);
            if !vars.contains(*var) {
                vars.insert(*var);
                found.push(*var);
            }
            stack.extend_from_slice(left);
        }
        found.sort_unstable();
        found
    }
}
