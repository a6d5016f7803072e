//! What is settled before a condition is looked at: "known (…)" parts, and what of them changes with an answer.

use std::borrow::Cow;
use std::cell::{Cell, OnceCell};

use super::{About, Env, Owns};
use crate::compile::Compiled;
use crate::masks::Masks;
use crate::mdd::{Mask, Var};
use crate::schema::{NO, Scope, YES};

impl<'a> Env<'a> {
    /// Works out "known (…)" parts, given inner ones first: what is known is a constant of this moment.
    /// Gives back which quantifiers hold for each person, as far as that was asked.
    pub(crate) fn settle(
        compiled: &'a Compiled,
        masks: Masks,
        users: &'a [Vec<usize>],
        knowns: impl IntoIterator<Item = usize>,
    ) -> (Masks, Owns) {
        let (persons, devices) = (masks.persons(), masks.devices());
        // What was worked out so far stays true: a part never rests on one that comes after it.
        let mut env = Self::over(compiled, Cow::Owned(masks), users, &Owns::new());
        for at in knowns {
            match compiled.knowns.get(at).map(|known| known.scope) {
                Some(Scope::Report) => env.know(at, About::Report),
                Some(Scope::Person) => (0..persons).for_each(|one| env.know(at, About::Person(one))),
                Some(Scope::Device) => (0..devices).for_each(|one| env.know(at, About::Device(one))),
                None => {}
            }
        }
        let owns = env.own.iter().map(Cell::get).collect();
        (env.masks.into_owned(), owns)
    }

    /// Works out one "known (…)" part for one.
    fn know(&mut self, at: usize, about: About) {
        let Some(known) = self.compiled.knowns.get(at) else { return };
        let mask = if self.reach(&known.formula, about).definite() { YES } else { NO };
        self.masks.to_mut().set(about, known.var, mask);
    }

    /// Turns one answer, and what is known (of `knowns`) with it. Tells whether anything can have changed for the
    /// report that rests on `quantifiers` alone; what others can give stays worked out where it cannot have.
    pub(crate) fn turn(
        &mut self,
        about: About,
        (var, mask): (Var, Mask),
        knowns: &[usize],
        quantifiers: Option<u64>,
    ) -> bool {
        let own = |at: &usize| {
            let known = self.compiled.knowns.get(*at);
            known.is_some_and(|known| known.scope == Scope::Person && known.formula.atoms.is_empty())
        };
        let var = usize::from(var);
        match (about, quantifiers) {
            (About::Person(at), Some(wanted)) if var >= self.compiled.layout.person && knowns.iter().all(own) => {
                let before = self.own(at, wanted);
                self.masks.to_mut().set(about, var, mask);
                if let Some(own) = self.own.get_mut(at) {
                    *own = Cell::default();
                }
                knowns.iter().for_each(|known| self.know(*known, about));
                let after = self.own(at, wanted);
                // With nothing open there is one vector, and it is the same.
                if (before.hold ^ after.hold | before.open | after.open) & wanted == 0 {
                    return false;
                }
                self.all = Cell::default();
                self.folds = OnceCell::new();
            }
            _ => {
                let mut masks = std::mem::take(self.masks.to_mut());
                masks.set(about, var, mask);
                let (masks, owns) = Self::settle(self.compiled, masks, self.users, knowns.iter().copied());
                *self = Self::over(self.compiled, Cow::Owned(masks), self.users, &owns);
            }
        }
        true
    }
}
