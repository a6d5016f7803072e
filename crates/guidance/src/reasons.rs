//! Small collections for reasons: a set of variables, and reasons without repeats.

use crate::advice::Because;
use crate::mdd::Var;

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

/// Reasons without repeats, in the order found.
#[derive(Default)]
pub(crate) struct Reasons {
    pub list: Vec<Because>,
}

impl Reasons {
    pub(crate) fn add(&mut self, because: Because) {
        if !self.list.iter().any(|known| known.fact == because.fact) {
            self.list.push(because);
        }
    }
}
