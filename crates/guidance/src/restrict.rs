//! The diagram that is left when what is known is put in; its variables are exactly those that matter.

use rustc_hash::FxHashMap;
use smallvec::{SmallVec, smallvec};

use crate::compile::Compiled;
use crate::masks::Seen;
use crate::mdd::{NodeId, TRUE, Var};

/// A variable and the name of what is left under each of its values; `u32::MAX` where it cannot have the value.
type Left = (Var, SmallVec<[u32; 6]>);

/// Variables, one bit each.
type Matter = SmallVec<[u64; 2]>;

/// What is left of diagrams as one person, one device or the report sees them.
pub(crate) struct Restrict<'a> {
    compiled: &'a Compiled,
    seen: Seen<'a>,
    /// One more than the name of what is left of each node; 0 where there is none yet.
    names: Vec<u32>,
    unique: FxHashMap<Left, u32>,
    /// By name which variables matter to it; 0 and 1 are the ends.
    matter: Vec<Matter>,
}

impl<'a> Restrict<'a> {
    pub(crate) fn new(compiled: &'a Compiled, seen: Seen<'a>) -> Self {
        let none: Matter = smallvec![0; compiled.layout.end.div_ceil(64)];
        let names = vec![0; compiled.diagrams.node_count()];
        let mut matter = Vec::with_capacity(32);
        matter.extend([none.clone(), none]);
        Self { compiled, seen, names, unique: FxHashMap::default(), matter }
    }

    /// The name of what is left of a node; equal names, equal conditions.
    fn canon(&mut self, start: NodeId) -> u32 {
        let diagrams = &self.compiled.diagrams;
        // Known variables are passed through; only an open one leaves something behind.
        let node = diagrams.fork(start, &|var| self.seen.mask(var));
        if node <= TRUE {
            return node;
        }
        if let Some(known) = self.names.get(node as usize).and_then(|name| name.checked_sub(1)) {
            return known;
        }
        let var = diagrams.var(node);
        let values = self.seen.mask(var);
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
            _ => self.name(var, left),
        };
        if let Some(slot) = self.names.get_mut(node as usize) {
            *slot = made.saturating_add(1);
        }
        made
    }

    fn name(&mut self, var: Var, left: SmallVec<[u32; 6]>) -> u32 {
        let matter = &mut self.matter;
        *self.unique.entry((var, left)).or_insert_with_key(|(var, left)| {
            let name = u32::try_from(matter.len()).unwrap_or(u32::MAX);
            let mut own: Matter = matter.first().cloned().unwrap_or_default();
            if let Some(word) = own.get_mut(usize::from(*var) / 64) {
                *word |= 1 << (var % 64);
            }
            for below in left.iter().filter_map(|name| matter.get(*name as usize)) {
                own.iter_mut().zip(below).for_each(|(own, below)| *own |= below);
            }
            matter.push(own);
            name
        })
    }

    /// Quantifiers, one bit each, that can still change the end, where it is known which of them `hold` and which are `open`.
    pub(crate) fn quantifiers(&mut self, root: NodeId, (hold, open): (u64, u64)) -> u64 {
        let layout = self.compiled.layout;
        let name = self.above(root, (hold, open), &mut FxHashMap::default());
        let Some(matter) = self.matter.get(name as usize) else { return 0 };
        let matters = |atom: usize| {
            let var = layout.atoms + atom;
            matter.get(var / 64).is_some_and(|word| word >> (var % 64) & 1 == 1)
        };
        (0..64).filter(|atom| open >> atom & 1 == 1 && matters(*atom)).fold(0, |bits, atom| bits | 1 << atom)
    }

    /// The name of what is left of a node that may test quantifiers.
    fn above(&mut self, node: NodeId, (hold, open): (u64, u64), known: &mut FxHashMap<NodeId, u32>) -> u32 {
        let layout = self.compiled.layout;
        let var = self.compiled.diagrams.var(node);
        let at = usize::from(var);
        if node <= TRUE || at >= layout.report_facts {
            return self.canon(node);
        }
        if let Some(name) = known.get(&node) {
            return *name;
        }
        let child = |value: usize| self.compiled.diagrams.child(node, value);
        let (no, yes) = (child(0), child(1));
        let name = if at < layout.atoms {
            let next = if self.seen.mask(var) & 1 == 1 { no } else { yes };
            self.above(next, (hold, open), known)
        } else if open >> (at - layout.atoms) & 1 == 1 {
            let left: SmallVec<[u32; 6]> =
                smallvec![self.above(no, (hold, open), known), self.above(yes, (hold, open), known)];
            match left.as_slice() {
                [first, second] if first == second => *first,
                _ => self.name(var, left),
            }
        } else {
            let next = if hold >> (at - layout.atoms) & 1 == 1 { yes } else { no };
            self.above(next, (hold, open), known)
        };
        known.insert(node, name);
        name
    }

    /// Variables whose answer can still change the end, from any of these nodes, in order.
    pub(crate) fn relevant(&mut self, roots: impl IntoIterator<Item = NodeId>) -> SmallVec<[Var; 32]> {
        let mut all: Matter = self.matter.first().cloned().unwrap_or_default();
        for root in roots {
            let name = self.canon(root);
            let matter = self.matter.get(name as usize).map_or(&[][..], |matter| matter);
            all.iter_mut().zip(matter).for_each(|(all, one)| *all |= one);
        }
        let mut vars = SmallVec::new();
        for (at, word) in (0_u16..).zip(all) {
            let mut word = word;
            while word != 0 {
                vars.push(at * 64 + Var::try_from(word.trailing_zeros()).unwrap_or(0));
                word &= word - 1;
            }
        }
        vars
    }
}
