//! What people can give together to the quantifiers of a condition: worked out where it matters, and once.

use std::cell::OnceCell;

use smallvec::{SmallVec, smallvec};

use super::{About, Env};
use crate::compile::Formula;
use crate::group::Group;
use crate::mdd::{Mask, Var};
use crate::vectors::{People, Vectors, join, others};

/// The vectors of one set of quantifiers; most conditions ask for one kind of them only.
#[derive(Debug, Default)]
pub(super) struct Fold {
    each: People,
    all: OnceCell<Vectors>,
    /// For each person those of all the others.
    others: OnceCell<People>,
    /// For each device all of them, where it matters who uses it.
    devices: OnceCell<People>,
}

impl Env<'_> {
    /// The vectors of a condition's quantifiers that can occur, as seen from `about`: for a person those of
    /// all the others.
    pub(crate) fn vectors(&self, formula: &Formula, about: About) -> &[u32] {
        let Some((of, fold)) = self.fold(formula) else { return &[0] };
        let bits = of.atoms.len();
        let all =
            || fold.all.get_or_init(|| fold.each.iter().fold(smallvec![0], |all: Vectors, v| join(&all, v, bits)));
        match about {
            About::Report => all(),
            About::Person(at) => fold.others.get_or_init(|| others(&fold.each, bits)).get(at).unwrap_or_else(all),
            About::Device(_) if of.of_owners == 0 => all(),
            About::Device(at) => {
                let devices = fold.devices.get_or_init(|| self.of_devices(fold, formula.group, bits));
                devices.get(at).unwrap_or_else(all)
            }
        }
    }

    /// What each person can give to the quantifiers of a condition, if it has any.
    fn fold(&self, formula: &Formula) -> Option<(&Group, &Fold)> {
        let group = self.compiled.groups.get(formula.group).filter(|group| !group.atoms.is_empty())?;
        let folds = self.folds.get_or_init(|| self.compiled.groups.iter().map(|_| OnceCell::new()).collect());
        let fold = folds.get(formula.group)?.get_or_init(|| {
            let people = 0..self.masks.persons();
            let each = people.map(|person| self.vectors_of(formula.group, person, false)).collect();
            Box::new(Fold { each, ..Fold::default() })
        });
        Some((group, fold))
    }

    /// A few of the vectors that can occur, found without joining what each can give.
    pub(super) fn some_vectors(&self, formula: &Formula, about: About) -> SmallVec<[u32; 2]> {
        let Some((group, fold)) = self.fold(formula) else { return SmallVec::new() };
        if matches!(about, About::Device(_)) && group.of_owners != 0 {
            return SmallVec::new();
        }
        let others = || fold.each.iter().enumerate().filter(|(at, _)| about != About::Person(*at));
        let all = |one: fn(&Vectors) -> Option<&u32>| others().fold(0, |all, (_, each)| all | one(each).unwrap_or(&0));
        smallvec![all(|each| each.first()), all(|each| each.last())]
    }

    /// For each device what all can give together, its users as such.
    fn of_devices(&self, fold: &Fold, group: usize, bits: usize) -> People {
        let with = |owners: &Vec<usize>| {
            fold.each.iter().enumerate().fold(smallvec![0], |all: Vectors, (person, other)| {
                if owners.contains(&person) {
                    join(&all, &self.vectors_of(group, person, true), bits)
                } else {
                    join(&all, other, bits)
                }
            })
        };
        self.users.iter().map(with).collect()
    }

    /// Every vector one person can give.
    pub(crate) fn vectors_of(&self, group: usize, person: usize, owner: bool) -> Vectors {
        let seen = self.masks.seen(About::Person(person));
        self.vectors_with(group, owner, &|var| seen.mask(var))
    }

    /// The same under another view of that person.
    pub(crate) fn vectors_with(&self, group: usize, owner: bool, mask: &impl Fn(Var) -> Mask) -> Vectors {
        let group = self.compiled.groups.get(group);
        group.map_or_else(|| smallvec![0], |group| group.vectors(self.compiled, owner, mask))
    }
}
