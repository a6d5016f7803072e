//! Small collections for reasons: a set of variables, and reasons without repeats.

use std::cell::OnceCell;
use std::ops::Deref;
use std::rc::Rc;

use rustc_hash::FxHashSet;
use smallvec::SmallVec;

use crate::advice::Because;
use crate::eval::About;
use crate::mdd::Var;
use crate::share::List;

/// A set of variables, one bit each; a pack has some hundreds at most.
#[derive(Default)]
pub(crate) struct Vars {
    words: [u64; 16],
}

impl Vars {
    pub(crate) fn of(vars: &[Var]) -> Self {
        let mut all = Self::default();
        vars.iter().for_each(|var| all.insert(*var));
        all
    }
    pub(crate) fn insert(&mut self, var: Var) {
        if let Some(word) = self.words.get_mut(usize::from(var) / 64) {
            *word |= 1 << (var % 64);
        }
    }
    pub(crate) fn remove(&mut self, var: Var) {
        if let Some(word) = self.words.get_mut(usize::from(var) / 64) {
            *word &= !(1 << (var % 64));
        }
    }
    pub(crate) fn contains(&self, var: Var) -> bool {
        self.words.get(usize::from(var) / 64).is_some_and(|word| word >> (var % 64) & 1 == 1)
    }
}

/// A fact something rests on, before it is put into words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Reason {
    /// A fact by its place in the schema, and whose it is.
    Fact(usize, About),
    /// Whether a duty is complete, by its place in the pack.
    Done(usize, About),
    /// That it is complete for everybody.
    AllDone(usize),
    /// That nobody who takes part is entered yet.
    Nobody,
}

/// Reasons as they are shared by all that rest on them, and the same in words once somebody told them.
#[derive(Debug, Default)]
pub(crate) struct Told {
    reasons: Box<[Reason]>,
    /// More of them, which are counted and not told.
    rest: Box<[Reason]>,
    words: OnceCell<List<Because>>,
}

/// Reasons, shared.
pub(crate) type Why = Rc<Told>;

impl Told {
    pub(crate) fn new(reasons: &[Reason]) -> Why {
        Rc::new(Self { reasons: reasons.into(), ..Self::default() })
    }
    /// The first so many are told, the rest is counted.
    pub(crate) fn first(reasons: &[Reason], most: usize) -> Why {
        let mut seen: FxHashSet<Reason> = FxHashSet::default();
        let mut first: Vec<Reason> = reasons.iter().copied().filter(|reason| seen.insert(*reason)).collect();
        let rest = first.split_off(first.len().min(most)).into();
        Rc::new(Self { reasons: first.into(), rest, words: OnceCell::new() })
    }
    /// Those that are told and those that are not.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Reason> {
        self.reasons.iter().chain(&self.rest)
    }
    /// How many are not told.
    pub(crate) const fn more(&self) -> usize {
        self.rest.len()
    }
    /// The same in words, put into them by `say` once.
    pub(crate) fn words(&self, say: impl FnOnce(&[Reason]) -> List<Because>) -> List<Because> {
        self.words.get_or_init(|| say(&self.reasons)).clone()
    }
}

impl Deref for Told {
    type Target = [Reason];
    fn deref(&self) -> &[Reason] {
        &self.reasons
    }
}

/// How many of the reasons for several things are told by none of them, nor named here.
pub(crate) fn left_out(why: &[Why], named: &[Reason]) -> usize {
    let mut rest: FxHashSet<Reason> = why.iter().flat_map(|why| why.rest.iter().copied()).collect();
    if !rest.is_empty() {
        named.iter().for_each(|reason| _ = rest.remove(reason));
    }
    rest.len()
}

/// Reasons up to this many are looked through for a repeat.
const FEW: usize = 32;

/// Reasons without repeats, in the order found.
#[derive(Default)]
pub(crate) struct Reasons {
    pub list: SmallVec<[Reason; 16]>,
    /// The same, once they are many.
    seen: FxHashSet<Reason>,
}

impl Reasons {
    pub(crate) fn add(&mut self, reason: Reason) {
        if self.list.len() < FEW {
            if !self.list.contains(&reason) {
                self.list.push(reason);
            }
            return;
        }
        if self.seen.is_empty() {
            self.seen.extend(self.list.iter().copied());
        }
        if self.seen.insert(reason) {
            self.list.push(reason);
        }
    }
}
