//! Sets of answer vectors: what one person can give, and what several can give together.

use smallvec::{SmallVec, smallvec};

use crate::compile::Compiled;
use crate::mdd::{Diagrams, Mask, NodeId, TRUE, Var};

/// Vectors of quantifier answers that can occur, sorted. Most often there is one.
pub(crate) type Vectors = SmallVec<[u32; 4]>;

/// Vectors of each person in turn.
pub(crate) type People = SmallVec<[Vectors; 4]>;

/// For each person what all the others can give together: those before and those after.
pub(crate) fn others(each: &People, bits: usize) -> People {
    let mut others = People::with_capacity(each.len());
    let mut before: Vectors = smallvec![0];
    for vectors in each {
        let next = join(&before, vectors, bits);
        others.push(std::mem::replace(&mut before, next));
    }
    let mut after: Vectors = smallvec![0];
    for (slot, vectors) in others.iter_mut().zip(each).rev() {
        *slot = join(slot, &after, bits);
        after = join(&after, vectors, bits);
    }
    others
}

/// Diagrams that are followed together, each with its bit.
type Open = SmallVec<[(u8, NodeId); 8]>;

/// Forks that were followed already. Most often there are few.
#[derive(Default)]
struct Seen {
    few: SmallVec<[(u32, Open); 8]>,
    many: rustc_hash::FxHashSet<(u32, Open)>,
}

impl Seen {
    /// Is it followed for the first time?
    fn first(&mut self, fixed: u32, open: &Open) -> bool {
        if self.few.iter().any(|(known, followed)| *known == fixed && followed == open) {
            return false;
        }
        if self.few.len() < 8 {
            self.few.push((fixed, open.clone()));
            return true;
        }
        self.many.insert((fixed, open.clone()))
    }
}

/// Every vector that can be given, of those quantifiers whose bit is `asked`.
pub(crate) fn vectors(compiled: &Compiled, atoms: &[usize], asked: u32, mask: &impl Fn(Var) -> Mask) -> Vectors {
    let mut fixed = 0_u32;
    let mut open = Open::new();
    for (bit, atom) in (0_u8..).zip(atoms) {
        let Some(atom) = compiled.atoms.get(*atom).filter(|_| asked >> bit & 1 == 1) else { continue };
        let reach = compiled.diagrams.reach(atom.node, mask);
        if reach.definite() {
            fixed |= 1 << bit;
        } else if reach.possible() {
            open.push((bit, atom.node));
        }
    }
    both(compiled, (fixed, open), mask)
}

/// Some bits that are settled, and some that are open.
fn both(compiled: &Compiled, (fixed, mut open): (u32, Open), mask: &impl Fn(Var) -> Mask) -> Vectors {
    match open.as_slice() {
        [] => smallvec![fixed],
        [(bit, _)] => smallvec![fixed, fixed | 1 << bit],
        _ => {
            let mut found = Vectors::new();
            let diagrams = &compiled.diagrams;
            open.iter_mut().for_each(|(_, node)| *node = diagrams.fork(*node, mask));
            split(diagrams, open, fixed, mask, &mut Seen::default(), &mut found);
            found.sort_unstable();
            found.dedup();
            found
        }
    }
}

/// Follows several diagrams at once, each down to where something is not known, and splits on that.
fn split(
    diagrams: &Diagrams,
    mut still: Open,
    mut fixed: u32,
    mask: &impl Fn(Var) -> Mask,
    seen: &mut Seen,
    found: &mut Vectors,
) {
    still.retain(|(bit, node)| {
        if *node == TRUE {
            fixed |= 1 << *bit;
        }
        *node > TRUE
    });
    match still.as_slice() {
        [] => {
            found.push(fixed);
            return;
        }
        [(bit, node)] => {
            let reach = diagrams.reach(*node, mask);
            found.extend(reach.can_be_false.then_some(fixed));
            found.extend(reach.can_be_true.then_some(fixed | 1 << *bit));
            return;
        }
        _ => {}
    }
    if !seen.first(fixed, &still) {
        return;
    }
    let var = still.iter().map(|(_, node)| diagrams.var(*node)).min().unwrap_or(Var::MAX);
    let values = mask(var);
    for value in (0..usize::from(diagrams.arity(var))).filter(|value| values >> value & 1 == 1) {
        let mut next = still.clone();
        for (_, node) in &mut next {
            if diagrams.var(*node) == var {
                *node = diagrams.fork(diagrams.child(*node, value), mask);
            }
        }
        split(diagrams, next, fixed, mask, seen, found);
    }
}

/// Every "or" of one vector of each side.
pub(crate) fn join(a: &[u32], b: &[u32], bits: usize) -> Vectors {
    match (a, b) {
        ([], _) | (_, []) => Vectors::new(),
        ([one], [two]) => smallvec![one | two],
        (many, [0]) | ([0], many) => Vectors::from_slice(many),
        _ if a.len() * b.len() <= 16 => {
            let mut all: SmallVec<[u32; 16]> = a.iter().flat_map(|one| b.iter().map(move |two| one | two)).collect();
            all.sort_unstable();
            all.dedup();
            Vectors::from_slice(&all)
        }
        _ => {
            // At most 2^16 answers: a bitmap is smaller and quicker than sorting all pairs.
            let mut present: SmallVec<[u64; 16]> = smallvec![0; (1_usize << bits).div_ceil(64)];
            for one in a {
                for two in b {
                    let vector = (one | two) as usize;
                    if let Some(word) = present.get_mut(vector / 64) {
                        *word |= 1 << (vector % 64);
                    }
                }
            }
            let mut all = Vectors::new();
            for (at, word) in present.iter().enumerate() {
                let mut word = *word;
                while word != 0 {
                    all.push(u32::try_from(at * 64).unwrap_or(0) + word.trailing_zeros());
                    word &= word - 1;
                }
            }
            all
        }
    }
}
