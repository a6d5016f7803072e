//! Answer vectors that no condition can tell apart share a name, and sets of them are sets of names.
//!
//! Most packs ask the others for many vectors and tell few of them apart, so a set is a word of bits and adding a
//! person to it a look into a table.

use rustc_hash::FxHashMap;
use smallvec::{SmallVec, smallvec};

use super::lift::Lift;
use super::world::{Kind, Kinds};
use crate::mdd::NodeId;

/// A set of names, one bit each.
pub(super) type Bits = SmallVec<[u64; 2]>;

/// The names of all vectors that any number of people can give.
pub(super) struct Names {
    /// The first vector of each name, in order.
    first: Vec<u32>,
    name: FxHashMap<u32, usize>,
    /// The name of the "or" of every two names: one row a name.
    or: Vec<usize>,
}

impl Names {
    /// Vectors share a name when they leave the same of each root, now and after anybody else is added.
    pub(super) fn new(lift: &mut Lift<'_>, atoms: &[usize], kinds: &Kinds, roots: &[NodeId]) -> Self {
        let all = &kinds.together;
        let mut effects: FxHashMap<Vec<NodeId>, u32> = FxHashMap::default();
        let mut effect: FxHashMap<u32, u32> = FxHashMap::default();
        for vector in all {
            let nodes = roots.iter().map(|root| lift.given(*root, atoms, *vector)).collect();
            let next = u32::try_from(effects.len()).unwrap_or(u32::MAX);
            effect.insert(*vector, *effects.entry(nodes).or_insert(next));
        }
        let mut first = Vec::new();
        let mut named: FxHashMap<Vec<u32>, usize> = FxHashMap::default();
        let mut name = FxHashMap::default();
        for vector in all {
            let signature: Vec<u32> = all.iter().filter_map(|other| effect.get(&(vector | other)).copied()).collect();
            let place = *named.entry(signature).or_insert_with(|| {
                first.push(*vector);
                first.len() - 1
            });
            name.insert(*vector, place);
        }
        // What has one name goes on having one name whoever is added, so the first vector speaks for all of them.
        let of = |vector: u32| name.get(&vector).copied().unwrap_or(0);
        let or = first.iter().flat_map(|one| first.iter().map(move |two| of(one | two))).collect();
        Self { first, name, or }
    }

    fn none(&self) -> Bits {
        smallvec![0; self.first.len().div_ceil(64)]
    }

    /// The names of some vectors.
    pub(super) fn set(&self, vectors: &[u32]) -> Bits {
        let mut set = self.none();
        vectors.iter().filter_map(|vector| self.name.get(vector)).for_each(|name| put(&mut set, *name));
        set
    }

    /// The vectors that stand for a set of names.
    pub(super) fn vectors(&self, set: &Bits) -> Vec<u32> {
        each(set).filter_map(|name| self.first.get(name).copied()).collect()
    }

    /// Every "or" of one name of each set.
    pub(super) fn join(&self, a: &Bits, b: &Bits) -> Bits {
        let mut all = self.none();
        for one in each(a) {
            let row = one * self.first.len();
            for two in each(b) {
                if let Some(name) = self.or.get(row + two) {
                    put(&mut all, *name);
                }
            }
        }
        all
    }

    /// For each kind which one it is among those that differ, and these: the first of each and its names.
    pub(super) fn differ(&self, kinds: &[Kind]) -> (Vec<usize>, Vec<(usize, Bits)>) {
        let mut differ: Vec<(usize, Bits)> = Vec::new();
        let mut places: FxHashMap<Bits, usize> = FxHashMap::default();
        let mut alike = Vec::with_capacity(kinds.len());
        for (at, kind) in kinds.iter().enumerate() {
            let names = self.set(&kind.vectors);
            let place = *places.entry(names).or_insert_with_key(|names| {
                differ.push((at, names.clone()));
                differ.len() - 1
            });
            alike.push(place);
        }
        (alike, differ)
    }
}

fn put(set: &mut Bits, name: usize) {
    if let Some(word) = set.get_mut(name / 64) {
        *word |= 1 << (name % 64);
    }
}

fn each(set: &Bits) -> impl Iterator<Item = usize> {
    set.iter().enumerate().flat_map(|(at, word)| {
        let mut word = *word;
        std::iter::from_fn(move || {
            let bit = (word != 0).then(|| at * 64 + word.trailing_zeros() as usize)?;
            word &= word - 1;
            Some(bit)
        })
    })
}
