//! What an answer about one person settles for others: a duty of one child may wait for what another did.

use rustc_hash::FxHashMap;

use super::Advisor;
use super::ask::Found;
use crate::eval::About;
use crate::schema::FactDef;

/// Conclusions that wait for what is known of other people.
#[derive(Default)]
pub(super) struct ForOthers {
    /// By the quantifiers they turn on, one bit each: how many there are, and how many of them are about each person.
    waiting: FxHashMap<u64, Waiting>,
}

#[derive(Default)]
struct Waiting {
    all: Count,
    own: FxHashMap<About, Count>,
}

/// Conclusions that must be acted on, and others.
#[derive(Clone, Copy, Default)]
struct Count {
    must: u32,
    other: u32,
}

impl ForOthers {
    /// A conclusion about somebody waits for what these quantifiers ask of the others.
    pub(super) fn waits(&mut self, quantifiers: u64, about: About, must: bool) {
        if quantifiers == 0 {
            return;
        }
        let waiting = self.waiting.entry(quantifiers).or_default();
        let own = waiting.own.entry(about).or_default();
        for count in [&mut waiting.all, own] {
            count.must += u32::from(must);
            count.other += u32::from(!must);
        }
    }
}

impl<'a> Advisor<'a> {
    /// Counts for every open fact of a person that is asked what it can settle for the others. Nothing is asked for this alone: two
    /// quantifiers may hang together in ways that are not looked at here.
    pub(super) fn settled_for_others(&self, found: &mut Found<'a>) {
        for (quantifiers, waiting) in std::mem::take(&mut found.others.waiting) {
            for about in self.people().map(About::Person) {
                let own = waiting.own.get(&about).copied().unwrap_or_default();
                let (must, other) = (waiting.all.must - own.must, waiting.all.other - own.other);
                if must + other == 0 {
                    continue;
                }
                let mut counted: Vec<&FactDef> = Vec::new();
                for atom in (0..64).filter(|atom| quantifiers >> atom & 1 == 1) {
                    for (fact, whose) in self.explain.open_of_quantifier(atom, about).iter() {
                        if *whose == about && !counted.iter().any(|known| known.at == fact.at) {
                            counted.push(fact);
                            found.count_more((fact.at, about), must, other);
                        }
                    }
                }
            }
        }
    }
}
