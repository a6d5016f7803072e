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

/// No name yet.
const UNNAMED: u32 = u32::MAX;

/// What is left of diagrams as one person, one device or the report sees them.
pub(crate) struct Restrict<'a> {
    compiled: &'a Compiled,
    seen: Seen<'a>,
    /// The name of what is left of each node.
    names: Vec<u32>,
    unique: FxHashMap<Left, u32>,
    /// By name which variables matter to it; 0 and 1 are the ends.
    matter: Vec<Matter>,
}

impl<'a> Restrict<'a> {
    pub(crate) fn new(compiled: &'a Compiled, seen: Seen<'a>) -> Self {
        let none: Matter = smallvec![0; compiled.layout.end.div_ceil(64)];
        let names = vec![UNNAMED; compiled.diagrams.node_count()];
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
        if let Some(known) = self.names.get(node as usize).filter(|name| **name != UNNAMED) {
            return *known;
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
            *slot = made;
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
