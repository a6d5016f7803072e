//! The diagram that is left when what is known is put in; its variables are exactly those that matter.

use rustc_hash::FxHashMap;

use crate::eval::{About, Env};
use crate::mdd::{NodeId, TRUE, Var};

/// Most values a variable has.
const MOST: usize = 16;

/// One walk over a diagram under what is known.
pub(crate) struct Restrict<'a> {
    env: &'a Env<'a>,
    about: About,
    memo: FxHashMap<NodeId, u32>,
    unique: FxHashMap<(Var, [u32; MOST]), u32>,
    /// Variables whose answer can still change the end, each once.
    pub relevant: Vec<Var>,
}

impl<'a> Restrict<'a> {
    pub(crate) fn new(env: &'a Env<'a>, about: About) -> Self {
        Self { env, about, memo: FxHashMap::default(), unique: FxHashMap::default(), relevant: Vec::new() }
    }

    /// The name of what is left of a node; equal names, equal conditions.
    pub(crate) fn canon(&mut self, start: NodeId) -> u32 {
        let diagrams = &self.env.compiled.diagrams;
        let mut node = start;
        // Known variables are passed through; only an open one leaves something behind.
        let (var, values) = loop {
            if node <= TRUE {
                return node;
            }
            let var = diagrams.var(node);
            let values = self.env.mask(self.about, var);
            if !values.is_power_of_two() {
                break (var, values);
            }
            node = diagrams.child(node, values.trailing_zeros() as usize);
        };
        if let Some(known) = self.memo.get(&node) {
            return *known;
        }
        let mut left = [u32::MAX; MOST];
        let mut first = None;
        let mut same = true;
        for value in (0..diagrams.children(node).len().min(MOST)).filter(|value| values >> value & 1 == 1) {
            let child = self.canon(diagrams.child(node, value));
            same &= *first.get_or_insert(child) == child;
            if let Some(slot) = left.get_mut(value) {
                *slot = child;
            }
        }
        let made = match first {
            Some(first) if same => first,
            _ => {
                if !self.relevant.contains(&var) {
                    self.relevant.push(var);
                }
                let next = u32::try_from(self.unique.len()).unwrap_or(u32::MAX).saturating_add(2);
                *self.unique.entry((var, left)).or_insert(next)
            }
        };
        self.memo.insert(node, made);
        made
    }
}
