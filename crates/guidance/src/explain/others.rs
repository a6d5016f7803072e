//! Which other people a conclusion rests on, and which of their answers.
//!
//! People are let go one by one, and then the answers of those who are needed. What all that are not tried at the moment
//! can give together stays the same meanwhile, and is joined once.

use smallvec::{SmallVec, smallvec};

use super::Explain;
use crate::compile::Formula;
use crate::eval::About;
use crate::mdd::{Mask, Var};
use crate::reasons::{Reasons, Vars};
use crate::rests::Rests;
use crate::vectors::{People, Vectors, join};

/// How many people a reason is followed through one by one; with more, the class of the report stands for them.
const FOLLOWED: usize = 12;

impl Explain<'_> {
    /// Which other people it rests on, and what of them. It does follow from all that is known.
    pub(super) fn others(&self, formula: &Formula, about: About, rests: &mut Rests<'_>, because: &mut Reasons) {
        let count = self.case.facts.person.len();
        let owners = match about {
            About::Device(device) => self.env.users().get(device).map_or(&[][..], Vec::as_slice),
            _ => &[],
        };
        let Some(group) = self.env.compiled.groups.get(formula.group) else { return };
        let bits = formula.atoms.len();
        let mut sets: People = (0..count)
            .map(|person| match about == About::Person(person) {
                true => smallvec![0],
                false => self.env.vectors_of(formula.group, person, owners.contains(&person)),
            })
            .collect();
        for person in self.needed(formula, (about, owners), rests, &mut sets) {
            let tested = self.tested_by_atoms(&formula.atoms, person);
            let seen = self.env.seen(About::Person(person));
            let mut kept = Vars::of(&tested);
            let all_but = |sets: &People| {
                let others = sets.iter().enumerate().filter(|(at, _)| *at != person);
                others.fold(smallvec![0], |all: Vectors, (_, one)| join(&all, one, bits))
            };
            let rest = if count <= FOLLOWED { all_but(&sets) } else { Vectors::new() };
            for var in tested.iter().rev().filter(|_| count <= FOLLOWED) {
                kept.remove(*var);
                let view = |v: Var| if kept.contains(v) { seen.mask(v) } else { Mask::MAX };
                let less = group.vectors(self.env.compiled, owners.contains(&person), &view);
                let Some(slot) = sets.get_mut(person) else { continue };
                if less == *slot || rests.follows(self.env, &join(&rest, &less, bits)) {
                    *slot = less;
                } else {
                    kept.insert(*var);
                }
            }
            for var in tested.into_iter().filter(|var| kept.contains(*var)) {
                self.name(About::Person(person), var, because);
            }
        }
    }

    /// The people without whom it would not follow; of the others nothing is known afterwards.
    fn needed(
        &self,
        formula: &Formula,
        (about, owners): (About, &[usize]),
        rests: &mut Rests<'_>,
        sets: &mut People,
    ) -> SmallVec<[usize; 4]> {
        let bits = formula.atoms.len();
        let mut needed = SmallVec::new();
        let Some(group) = self.env.compiled.groups.get(formula.group) else { return needed };
        // What those before each can give together, all of whom are still as they are known.
        let mut before = People::with_capacity(sets.len());
        let mut all: Vectors = smallvec![0];
        for one in sets.iter() {
            let next = join(&all, one, bits);
            before.push(std::mem::replace(&mut all, next));
        }
        let mut after: Vectors = smallvec![0];
        for (person, (slot, before)) in sets.iter_mut().zip(&before).enumerate().rev() {
            if about == About::Person(person) {
                continue;
            }
            let free = group.anybody(owners.contains(&person));
            let rest = join(before, &after, bits);
            if *free == *slot || rests.follows(self.env, &join(&rest, free, bits)) {
                *slot = free.clone();
            } else {
                needed.push(person);
            }
            after = join(&after, slot, bits);
        }
        needed.reverse();
        needed
    }

    fn tested_by_atoms(&self, atoms: &[usize], person: usize) -> SmallVec<[Var; 32]> {
        let about = About::Person(person);
        let atoms = atoms.iter().filter_map(|atom| self.env.compiled.atoms.get(*atom));
        let walked = crate::rests::walk(self.env.compiled, self.env.seen(about), atoms.map(|atom| atom.node));
        self.tested(&walked, about)
    }
}
