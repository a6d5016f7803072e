//! All the ways the other people can be, however many they are.
//!
//! A person, in one state of knowledge, can give a set of answer vectors to the quantifiers. There are few
//! such sets ("kinds" of person). The others together can give the join of their sets; starting from
//! nobody and adding people of any kind until nothing new comes up reaches every set that any number of
//! people can give. The closure is finite, so what is proved for each of its members is proved for all.

use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::lift::Lift;
use super::names::{Bits, Names};
use crate::expr::Who;
use crate::mdd::{FALSE, NodeId, TRUE};

/// Most different sets followed; the largest closure of the Cheshire pack has some hundreds.
const MAX_SETS: usize = 20_000;

/// Most kinds of person followed, and most times that one is added to a set: what is past them would be worked on for
/// minutes or for ever. The Cheshire pack has some two hundred kinds and adds them some thousands of times.
const MAX_KINDS: usize = 2_000;
const MAX_JOINS: usize = 100_000;

/// A kind of person: the states of knowledge that give this set of vectors.
#[derive(Debug, Clone)]
pub(crate) struct Kind {
    pub vectors: Vec<u32>,
    pub known: NodeId,
    /// Does this person use or own the device in question?
    pub owner: bool,
}

/// All kinds of person there are for some quantifiers.
pub(crate) struct Kinds {
    pub list: Vec<Kind>,
    /// Every vector that some people can give together, nobody included.
    pub together: Vec<u32>,
}

/// A set of the closure, with the set and the kind of person it was first reached by.
pub(crate) type Reached = (Vec<u32>, Option<(usize, usize)>);

/// The quantifiers of some conditions, and every set of answers the others can give.
pub(crate) struct World {
    pub atoms: Vec<usize>,
    pub kinds: Rc<Kinds>,
    /// For each kind which one it is among those that no condition can tell apart.
    pub alike: Vec<usize>,
    pub sets: Vec<Reached>,
    /// For each set and each of the kinds that differ the set that is reached when somebody of that kind is added.
    pub reached: Vec<Vec<usize>>,
}

impl World {
    pub(crate) fn new(
        lift: &mut Lift<'_>,
        kinds: Rc<Kinds>,
        atoms: &[usize],
        roots: &[NodeId],
    ) -> Result<Self, String> {
        let names = Names::new(lift, atoms, &kinds, roots);
        let (alike, differ) = names.differ(&kinds.list);
        let mut known: FxHashMap<Bits, usize> = FxHashMap::default();
        let mut found: Vec<(Bits, Option<(usize, usize)>)> = Vec::new();
        let nobody = names.set(&[0]);
        known.insert(nobody.clone(), 0);
        found.push((nobody, None));
        let mut reached: Vec<Vec<usize>> = Vec::new();
        let mut at = 0;
        while let Some((set, _)) = found.get(at).cloned() {
            let mut row = Vec::with_capacity(differ.len());
            for (kind, vectors) in &differ {
                let next = names.join(&set, vectors);
                let place = known.get(&next).copied().unwrap_or_else(|| {
                    known.insert(next.clone(), found.len());
                    found.push((next, Some((at, *kind))));
                    found.len() - 1
                });
                row.push(place);
            }
            if found.len() > MAX_SETS || found.len() * differ.len() > MAX_JOINS {
                return Err(too_entangled(
                    "the other people can matter",
                    MAX_SETS.min(MAX_JOINS / differ.len().max(1)),
                ));
            }
            reached.push(row);
            at += 1;
        }
        let sets = found.into_iter().map(|(set, from)| (names.vectors(&set), from)).collect();
        Ok(Self { atoms: atoms.to_vec(), kinds, alike, sets, reached })
    }

    /// The people, kind by kind, that make up a set.
    pub(crate) fn people_of(&self, set: usize) -> Vec<usize> {
        let mut people = Vec::new();
        let mut at = set;
        while let Some((_, Some((before, kind)))) = self.sets.get(at) {
            people.push(*kind);
            at = *before;
        }
        people
    }
}

fn too_entangled(what: &str, most: usize) -> String {
    format!(
        "{what} in more than {most} different ways; the conditions are too entangled to be proved: join some of their \"any person\" parts"
    )
}

/// All kinds of person there are for some quantifiers.
pub(crate) fn all_kinds(lift: &mut Lift<'_>, atoms: &[usize]) -> Result<Kinds, String> {
    let mut list = kinds(lift, atoms, false)?;
    if atoms.iter().any(|atom| lift.compiled.atoms.get(*atom).is_some_and(|a| a.who == Who::Owner)) {
        list.extend(kinds(lift, atoms, true)?);
    }
    let mut single: Vec<u32> = list.iter().flat_map(|kind| kind.vectors.iter().copied()).collect();
    single.sort_unstable();
    single.dedup();
    let mut all = FxHashSet::from_iter([0]);
    let mut new = vec![0];
    while let Some(one) = new.pop() {
        new.extend(single.iter().map(|other| one | other).filter(|both| all.insert(*both)));
    }
    let mut together: Vec<u32> = all.into_iter().collect();
    together.sort_unstable();
    Ok(Kinds { list, together })
}

/// Splits all states of knowledge about one person by the set of vectors they allow.
fn kinds(lift: &mut Lift<'_>, atoms: &[usize], owner: bool) -> Result<Vec<Kind>, String> {
    let bodies: Vec<NodeId> = atoms
        .iter()
        .map(|atom| match lift.compiled.atoms.get(*atom) {
            Some(atom) if atom.who == Who::Person || owner => atom.node,
            _ => FALSE,
        })
        .collect();
    let parts = lift.parts(&bodies);
    lift.enter();
    for part in parts {
        if let Some(known) = lift.compiled.knowns.get(part) {
            let node = known.formula.node;
            let lifted = lift.always(node);
            lift.set_known(part, lifted);
        }
    }
    let mut made = vec![Kind { vectors: Vec::new(), known: TRUE, owner }];
    for vector in full_vectors(lift, &bodies) {
        // "This vector can occur" is "not: it never occurs".
        let mut exactly = TRUE;
        for (bit, body) in bodies.iter().enumerate() {
            let wanted = if vector >> bit & 1 == 1 { *body } else { lift.facts.not(*body) };
            exactly = lift.facts.and(exactly, wanted);
        }
        let never = lift.facts.not(exactly);
        let never = lift.always(never);
        let can = lift.known.not(never);
        let mut next = Vec::with_capacity(made.len() + 4);
        for kind in made {
            let with = lift.known.and(kind.known, can);
            let without = lift.known.and(kind.known, never);
            if with != FALSE {
                let mut vectors = kind.vectors.clone();
                vectors.push(vector);
                next.push(Kind { vectors, known: with, owner });
            }
            if without != FALSE {
                next.push(Kind { vectors: kind.vectors, known: without, owner });
            }
        }
        made = next;
        if made.len() > MAX_KINDS {
            return Err(too_entangled("one person can matter to the others", MAX_KINDS));
        }
    }
    made.retain(|kind| !kind.vectors.is_empty());
    Ok(made)
}

/// Every vector that some full answer about one person gives.
fn full_vectors(lift: &mut Lift<'_>, bodies: &[NodeId]) -> Vec<u32> {
    let mut found = vec![(0_u32, TRUE)];
    for (bit, body) in bodies.iter().enumerate() {
        let mut next = Vec::new();
        let not = lift.facts.not(*body);
        for (vector, node) in found {
            for (part, set) in [(*body, 1_u32), (not, 0)] {
                let both = lift.facts.and(node, part);
                if both != FALSE {
                    next.push((vector | set << bit, both));
                }
            }
        }
        found = next;
    }
    found.into_iter().map(|(vector, _)| vector).collect()
}
