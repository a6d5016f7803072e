//! Evaluation: each condition per person, device or report, folded exactly over what they share.
//!
//! A condition may rest on "any person (…)" answers. Each person, as far as known, can give a set of
//! answer vectors (one bit a quantifier); people are independent of each other given the report, so
//! what all of them together can give is the fold of these sets by "or". Nothing is lost: the fold is
//! the exact set over all completions, for any number of people.

use std::borrow::Cow;
use std::cell::{Cell, OnceCell};

use smallvec::{SmallVec, smallvec};

use crate::case::Case;
use crate::compile::{Compiled, Formula};
use crate::expr::Who;
use crate::masks::{Masks, Seen};
use crate::mdd::{Diagrams, Mask, NodeId, Reach, TRUE, Var};
use crate::schema::{NO, Scope, YES};

/// Which one something is about, by its place in the facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum About {
    /// The report as a whole.
    Report,
    /// A person.
    Person(usize),
    /// A device.
    Device(usize),
}

/// Vectors of quantifier answers that can occur, sorted. Most often there is one.
pub(crate) type Vectors = SmallVec<[u32; 4]>;

/// The vectors of one set of quantifiers.
#[derive(Debug)]
struct Fold {
    all: Vectors,
    /// For each person those of all the others.
    others: SmallVec<[Vectors; 4]>,
    /// For each device all of them, where it matters who uses it.
    devices: SmallVec<[Vectors; 4]>,
}

/// One case under one pack, with what has been worked out of it so far.
pub(crate) struct Env<'a> {
    pub compiled: &'a Compiled,
    masks: Cow<'a, Masks>,
    users: &'a [Vec<usize>],
    folds: Vec<OnceCell<Fold>>,
    /// For each person what ends each quantifier's condition can have, once it was asked.
    atoms: Vec<Cell<Option<Reach>>>,
}

impl<'a> Env<'a> {
    pub(crate) fn new(compiled: &'a Compiled, case: &'a Case) -> Self {
        Self::over(compiled, Cow::Borrowed(&case.masks), &case.users)
    }

    fn over(compiled: &'a Compiled, masks: Cow<'a, Masks>, users: &'a [Vec<usize>]) -> Self {
        Self {
            compiled,
            folds: (0..compiled.groups.len()).map(|_| OnceCell::new()).collect(),
            atoms: vec![Cell::new(None); masks.persons() * compiled.atoms.len()],
            masks,
            users,
        }
    }

    /// Works out "known (…)" parts, given inner ones first: what is known is a constant of this moment.
    pub(crate) fn settle(
        compiled: &'a Compiled,
        masks: Masks,
        users: &'a [Vec<usize>],
        knowns: impl IntoIterator<Item = usize>,
    ) -> Masks {
        let (persons, devices) = (masks.persons(), masks.devices());
        // What was worked out so far stays true: a part never rests on one that comes after it.
        let mut env = Self::over(compiled, Cow::Owned(masks), users);
        for at in knowns {
            let Some(known) = compiled.knowns.get(at) else { continue };
            let mut set = |about: About| {
                let mask = if env.reach(&known.formula, about).definite() { YES } else { NO };
                env.masks.to_mut().set(about, known.var, mask);
            };
            match known.scope {
                Scope::Report => set(About::Report),
                Scope::Person => (0..persons).for_each(|at| set(About::Person(at))),
                Scope::Device => (0..devices).for_each(|at| set(About::Device(at))),
            }
        }
        env.masks.into_owned()
    }

    /// The same case with other masks, for "what if".
    pub(crate) fn instead(&self, masks: Masks) -> Env<'_> {
        Env::over(self.compiled, Cow::Owned(masks), self.users)
    }

    /// A copy of what is known, to be changed.
    pub(crate) fn masks(&self) -> Masks {
        self.masks.as_ref().clone()
    }

    /// The users of each device, by number.
    pub(crate) const fn users(&self) -> &'a [Vec<usize>] {
        self.users
    }

    /// The masks as seen from one person or device.
    pub(crate) fn seen(&self, about: About) -> Seen<'_> {
        self.masks.seen(about)
    }

    /// The still possible values of a variable as seen from one person or device.
    pub(crate) fn mask(&self, about: About, var: Var) -> Mask {
        self.masks.seen(about).mask(var)
    }

    /// What ends a condition can have, over every completion of what is not known.
    pub(crate) fn reach(&self, formula: &Formula, about: About) -> Reach {
        let seen = self.masks.seen(about);
        self.reach_seen(formula, formula.node, about, &|var| seen.mask(var))
    }

    /// The same with another view on the variables below the quantifiers, for "what if".
    pub(crate) fn reach_seen(
        &self,
        formula: &Formula,
        root: NodeId,
        about: About,
        mask: &impl Fn(Var) -> Mask,
    ) -> Reach {
        if formula.atoms.is_empty() {
            return self.compiled.diagrams.reach(root, mask);
        }
        self.reach_vectors(formula, root, self.vectors(formula, about), mask)
    }

    /// Walks the quantifier part for each vector that can occur; the rest is shared.
    pub(crate) fn reach_vectors(
        &self,
        formula: &Formula,
        root: NodeId,
        vectors: &[u32],
        mask: &impl Fn(Var) -> Mask,
    ) -> Reach {
        let mut found = Reach::NONE;
        let mut tops: SmallVec<[NodeId; 8]> = SmallVec::new();
        for vector in vectors {
            let top = self.below_quantifiers(formula, root, *vector, mask);
            if !tops.contains(&top) {
                tops.push(top);
                found = found.or(self.compiled.diagrams.reach(top, mask));
                if found.can_be_true && found.can_be_false {
                    break;
                }
            }
        }
        found
    }

    /// Follows a diagram through the settled and quantifier variables.
    pub(crate) fn below_quantifiers(
        &self,
        formula: &Formula,
        root: NodeId,
        vector: u32,
        mask: &impl Fn(Var) -> Mask,
    ) -> NodeId {
        let layout = self.compiled.layout;
        let mut node = root;
        while node > TRUE {
            let var = usize::from(self.compiled.diagrams.var(node));
            if var >= layout.report_facts {
                break;
            }
            let value = if var >= layout.atoms {
                let bit = formula.atoms.binary_search(&(var - layout.atoms)).unwrap_or(31);
                (vector >> bit & 1) as usize
            } else {
                mask(u16::try_from(var).unwrap_or(u16::MAX)).trailing_zeros() as usize
            };
            node = self.compiled.diagrams.child(node, value);
        }
        node
    }

    /// The vectors of a condition's quantifiers that can occur, as seen from `about`: for a person those of
    /// all the others.
    pub(crate) fn vectors(&self, formula: &Formula, about: About) -> &[u32] {
        if formula.atoms.is_empty() {
            return &[0];
        }
        let Some(fold) = self.folds.get(formula.group) else { return &[0] };
        let fold = fold.get_or_init(|| self.fold(formula.group));
        match about {
            About::Report => &fold.all,
            About::Person(at) => fold.others.get(at).unwrap_or(&fold.all),
            About::Device(at) => fold.devices.get(at).unwrap_or(&fold.all),
        }
    }

    fn fold(&self, group: usize) -> Fold {
        let atoms = self.compiled.groups.get(group).map_or(&[][..], Vec::as_slice);
        let bits = atoms.len();
        let people = self.masks.persons();
        let owned = atoms.iter().any(|atom| self.compiled.atoms.get(*atom).is_some_and(|atom| atom.who == Who::Owner));
        let each: SmallVec<[Vectors; 4]> = (0..people).map(|person| self.vectors_of(atoms, person, false)).collect();
        // Each person's others are those before and those after.
        let mut others: SmallVec<[Vectors; 4]> = SmallVec::with_capacity(people);
        let mut before: Vectors = smallvec![0];
        for vectors in &each {
            let next = join(&before, vectors, bits);
            others.push(std::mem::replace(&mut before, next));
        }
        let mut after: Vectors = smallvec![0];
        for (slot, vectors) in others.iter_mut().zip(&each).rev() {
            *slot = join(slot, &after, bits);
            after = join(&after, vectors, bits);
        }
        let devices = if owned {
            let with = |owners: &Vec<usize>| {
                (0..people).fold(smallvec![0], |all: Vectors, person| {
                    let used = owners.contains(&person).then(|| self.vectors_of(atoms, person, true));
                    join(&all, used.as_ref().or(each.get(person)).map_or(&[][..], |vectors| vectors), bits)
                })
            };
            self.users.iter().map(with).collect()
        } else {
            SmallVec::new()
        };
        Fold { all: after, others, devices }
    }

    /// Every vector that somebody of whom nothing is known can give.
    pub(crate) fn anybody(compiled: &Compiled, group: usize, owner: bool) -> Vectors {
        let atoms = compiled.groups.get(group).map_or(&[][..], Vec::as_slice);
        vectors(compiled, atoms, owner, &|_| Mask::MAX, &|_, node| compiled.diagrams.reach(node, &|_| Mask::MAX))
    }

    /// Every vector one person can give.
    pub(crate) fn vectors_of(&self, atoms: &[usize], person: usize, owner: bool) -> Vectors {
        let seen = self.masks.seen(About::Person(person));
        let mask = |var| seen.mask(var);
        let many = self.compiled.atoms.len();
        let reach = |atom: usize, node: NodeId| match self.atoms.get(person * many + atom) {
            Some(cell) => cell.get().unwrap_or_else(|| {
                let reach = self.compiled.diagrams.reach(node, &mask);
                cell.set(Some(reach));
                reach
            }),
            None => self.compiled.diagrams.reach(node, &mask),
        };
        vectors(self.compiled, atoms, owner, &mask, &reach)
    }

    /// The same under another view of that person.
    pub(crate) fn vectors_with(&self, atoms: &[usize], owner: bool, mask: &impl Fn(Var) -> Mask) -> Vectors {
        vectors(self.compiled, atoms, owner, mask, &|_, node| self.compiled.diagrams.reach(node, mask))
    }
}

/// Diagrams that are followed together, each with its bit.
type Open = SmallVec<[(u8, NodeId); 8]>;

fn vectors(
    compiled: &Compiled,
    atoms: &[usize],
    owner: bool,
    mask: &impl Fn(Var) -> Mask,
    reach: &impl Fn(usize, NodeId) -> Reach,
) -> Vectors {
    let mut fixed = 0_u32;
    let mut open = Open::new();
    for (bit, at) in (0_u8..).zip(atoms) {
        let Some(atom) = compiled.atoms.get(*at) else { continue };
        if atom.who == Who::Owner && !owner {
            continue;
        }
        let reach = reach(*at, atom.node);
        if reach.definite() {
            fixed |= 1 << bit;
        } else if reach.possible() {
            open.push((bit, atom.node));
        }
    }
    match open.as_slice() {
        [] => smallvec![fixed],
        [(bit, _)] => smallvec![fixed, fixed | 1 << bit],
        _ => {
            let mut found = Vectors::new();
            let mut seen = rustc_hash::FxHashSet::default();
            split(&compiled.diagrams, open, fixed, mask, &mut seen, &mut found);
            found.sort_unstable();
            found.dedup();
            found
        }
    }
}

/// Follows several diagrams at once, splitting on what is not known.
fn split(
    diagrams: &Diagrams,
    mut still: Open,
    mut fixed: u32,
    mask: &impl Fn(Var) -> Mask,
    seen: &mut rustc_hash::FxHashSet<(u32, Open)>,
    found: &mut Vectors,
) {
    // What is known is walked through at once; only a fork is remembered.
    let (var, values, arity) = loop {
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
        let var = still.iter().map(|(_, node)| diagrams.var(*node)).min().unwrap_or(Var::MAX);
        let values = mask(var);
        if !values.is_power_of_two() {
            break (var, values, usize::from(diagrams.arity(var)));
        }
        step(diagrams, &mut still, var, values.trailing_zeros() as usize);
    };
    if !seen.insert((fixed, still.clone())) {
        return;
    }
    for value in (0..arity).filter(|value| values >> value & 1 == 1) {
        let mut next = still.clone();
        step(diagrams, &mut next, var, value);
        split(diagrams, next, fixed, mask, seen, found);
    }
}

fn step(diagrams: &Diagrams, open: &mut [(u8, NodeId)], var: Var, value: usize) {
    for (_, node) in open {
        if diagrams.var(*node) == var {
            *node = diagrams.child(*node, value);
        }
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
