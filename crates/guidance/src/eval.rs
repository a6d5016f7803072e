//! Evaluation: each condition per person, device or report, folded exactly over what they share.
//!
//! A condition may rest on "any person (…)" answers. Each person, as far as known, can give a set of
//! answer vectors (one bit a quantifier); people are independent of each other given the report, so
//! what all of them together can give is the fold of these sets by "or". Nothing is lost: the fold is
//! the exact set over all completions, for any number of people.

use std::cell::RefCell;

use crate::case::Case;
use crate::compile::{Compiled, Formula, Settled};
use crate::expr::Who;
use crate::mdd::{Diagrams, Mask, NodeId, Reach, TRUE, Var};
use crate::schema::{NO, Scope, YES};

/// Which one a condition is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum About {
    Report,
    Person(usize),
    Device(usize),
}

/// Vectors of quantifier answers that can occur, sorted.
type Vectors = Vec<u32>;

#[derive(Debug, Default, Clone)]
struct Fold {
    all: Vectors,
    others: Vec<Vectors>,
    /// What each person can give, without and with the device in question in use.
    each: [Vec<Vectors>; 2],
}

/// One case under one pack, with what has been worked out of it so far.
pub(crate) struct Env<'a> {
    pub compiled: &'a Compiled,
    pub case: &'a Case,
    folds: RefCell<Vec<Option<Fold>>>,
    report: Vec<Mask>,
    persons: Vec<Vec<Mask>>,
    devices: Vec<Vec<Mask>>,
}

impl<'a> Env<'a> {
    pub(crate) fn new(compiled: &'a Compiled, case: &'a Case) -> Self {
        Self::with(compiled, case, 0..compiled.knowns.len())
    }

    /// Only for conditions that rest on these "known (…)" parts, given inner ones first.
    pub(crate) fn with(compiled: &'a Compiled, case: &'a Case, knowns: impl Iterator<Item = usize>) -> Self {
        let mut env = Self {
            compiled,
            case,
            folds: RefCell::new(vec![None; compiled.groups.len()]),
            report: case.report.clone(),
            persons: case.persons.clone(),
            devices: case.devices.clone(),
        };
        env.settle_known_parts(knowns);
        env
    }

    /// "known (…)" parts, inner ones first: what is known is a constant of this moment.
    fn settle_known_parts(&mut self, knowns: impl Iterator<Item = usize>) {
        for at in knowns {
            let Some(known) = self.compiled.knowns.get(at) else { continue };
            let Some(list) = self.compiled.settled.get(&known.scope) else { continue };
            let Some(slot) = list.iter().position(|what| *what == Settled::Known(at)) else { continue };
            let word = |reach: Reach| if reach.definite() { YES } else { NO };
            match known.scope {
                Scope::Report => {
                    let mask = word(self.reach(&known.formula, About::Report));
                    set(&mut self.report, slot, mask);
                }
                Scope::Person => {
                    for person in 0..self.persons.len() {
                        let mask = word(self.reach(&known.formula, About::Person(person)));
                        if let Some(masks) = self.persons.get_mut(person) {
                            set(masks, slot, mask);
                        }
                    }
                }
                Scope::Device => {
                    for device in 0..self.devices.len() {
                        let mask = word(self.reach(&known.formula, About::Device(device)));
                        if let Some(masks) = self.devices.get_mut(device) {
                            set(masks, slot, mask);
                        }
                    }
                }
            }
        }
    }

    /// The still possible values of a variable as seen from one person or device.
    pub(crate) fn mask(&self, about: About, var: Var) -> Mask {
        let var = usize::from(var);
        let layout = self.compiled.layout;
        let found = if var < layout.person {
            self.report.get(var)
        } else if var < layout.device {
            match about {
                About::Person(person) => self.persons.get(person).and_then(|masks| masks.get(var - layout.person)),
                _ => None,
            }
        } else {
            match about {
                About::Device(device) => self.devices.get(device).and_then(|masks| masks.get(var - layout.device)),
                _ => None,
            }
        };
        found.copied().unwrap_or(Mask::MAX)
    }

    /// What ends a condition can have, over every completion of what is not known.
    pub(crate) fn reach(&self, formula: &Formula, about: About) -> Reach {
        self.reach_seen(formula, formula.node, about, &|var| self.mask(about, var))
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
        self.with_vectors(formula, about, |vectors| self.reach_vectors(formula, root, vectors, mask))
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
        let mut tops: Vec<NodeId> = Vec::with_capacity(4);
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

    /// Gives the vectors of a condition's quantifiers that can occur, as seen from `about`: for a person
    /// those of all the others.
    pub(crate) fn with_vectors<T>(&self, formula: &Formula, about: About, then: impl FnOnce(&[u32]) -> T) -> T {
        if formula.atoms.is_empty() {
            return then(&[0]);
        }
        let known = self.folds.borrow().get(formula.group).is_some_and(Option::is_some);
        if !known {
            let fold = self.fold(formula.group);
            if let Some(slot) = self.folds.borrow_mut().get_mut(formula.group) {
                *slot = Some(fold);
            }
        }
        let folds = self.folds.borrow();
        let fold = folds.get(formula.group).and_then(Option::as_ref);
        if let (Some(fold), About::Device(device)) = (fold, about) {
            let owners = self.case.users.get(device).map_or(&[][..], Vec::as_slice);
            return then(&fold_device(fold, owners, formula.atoms.len()));
        }
        let vectors = match (fold, about) {
            (Some(fold), About::Person(person)) => fold.others.get(person).unwrap_or(&fold.all),
            (Some(fold), _) => &fold.all,
            (None, _) => return then(&[0]),
        };
        then(vectors)
    }

    fn group(&self, group: usize) -> &[usize] {
        self.compiled.groups.get(group).map_or(&[], Vec::as_slice)
    }

    fn fold(&self, group: usize) -> Fold {
        let atoms = self.group(group);
        let bits = atoms.len();
        let owned = atoms.iter().any(|atom| self.compiled.atoms.get(*atom).is_some_and(|atom| atom.who == Who::Owner));
        let give = |owner: bool| -> Vec<Vectors> {
            (0..self.persons.len()).map(|person| self.vectors_of(atoms, person, owner)).collect()
        };
        let each = give(false);
        let mut before = vec![vec![0_u32]];
        for vectors in &each {
            let next = join(before.last().map_or(&[0][..], Vec::as_slice), vectors, bits);
            before.push(next);
        }
        let mut others = vec![Vec::new(); each.len()];
        let mut after = vec![0_u32];
        for (at, vectors) in each.iter().enumerate().rev() {
            if let (Some(slot), Some(before)) = (others.get_mut(at), before.get(at)) {
                *slot = join(before, &after, bits);
            }
            after = join(&after, vectors, bits);
        }
        let users = if owned { give(true) } else { Vec::new() };
        Fold { all: after, others, each: [each, users] }
    }

    /// Every vector that somebody of whom nothing is known can give.
    pub(crate) fn anybody(compiled: &Compiled, group: usize, owner: bool) -> Vec<u32> {
        let atoms = compiled.groups.get(group).map_or(&[][..], Vec::as_slice);
        vectors(compiled, atoms, owner, &|_| Mask::MAX)
    }

    /// Every vector one person can give.
    fn vectors_of(&self, atoms: &[usize], person: usize, owner: bool) -> Vectors {
        self.vectors_with(atoms, owner, &|var| self.mask(About::Person(person), var))
    }

    /// The same under another view of that person.
    pub(crate) fn vectors_with(&self, atoms: &[usize], owner: bool, mask: &impl Fn(Var) -> Mask) -> Vectors {
        vectors(self.compiled, atoms, owner, mask)
    }
}

fn vectors(compiled: &Compiled, atoms: &[usize], owner: bool, mask: &impl Fn(Var) -> Mask) -> Vectors {
    let mut fixed = 0_u32;
    let mut open: Vec<(usize, NodeId)> = Vec::new();
    for (bit, atom) in atoms.iter().enumerate() {
        let Some(atom) = compiled.atoms.get(*atom) else { continue };
        if atom.who == Who::Owner && !owner {
            continue;
        }
        let reach = compiled.diagrams.reach(atom.node, mask);
        if reach.definite() {
            fixed |= 1 << bit;
        } else if reach.possible() {
            open.push((bit, atom.node));
        }
    }
    match open.as_slice() {
        [] => vec![fixed],
        [(bit, _)] => vec![fixed, fixed | 1 << bit],
        _ => {
            let mut found = Vec::new();
            let mut seen = rustc_hash::FxHashSet::default();
            split(&compiled.diagrams, &open, fixed, mask, &mut seen, &mut found);
            found.sort_unstable();
            found.dedup();
            found
        }
    }
}

/// Follows several diagrams at once, splitting on what is not known.
fn split(
    diagrams: &Diagrams,
    open: &[(usize, NodeId)],
    fixed: u32,
    mask: &impl Fn(Var) -> Mask,
    seen: &mut rustc_hash::FxHashSet<(u32, Vec<(usize, NodeId)>)>,
    found: &mut Vectors,
) {
    let mut fixed = fixed;
    let mut still: Vec<(usize, NodeId)> = open.to_vec();
    // What is known is walked through at once; only a fork is remembered.
    let (var, values, arity) = loop {
        still.retain(|(bit, node)| {
            if *node == TRUE {
                fixed |= 1 << bit;
            }
            *node > TRUE
        });
        let Some(var) = still.iter().map(|(_, node)| diagrams.var(*node)).min() else {
            found.push(fixed);
            return;
        };
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
        split(diagrams, &next, fixed, mask, seen, found);
    }
}

fn step(diagrams: &Diagrams, open: &mut [(usize, NodeId)], var: Var, value: usize) {
    for (_, node) in open {
        if diagrams.var(*node) == var {
            *node = diagrams.child(*node, value);
        }
    }
}

fn fold_device(fold: &Fold, owners: &[usize], bits: usize) -> Vectors {
    let [others, users] = &fold.each;
    let mut all = vec![0_u32];
    for (person, vectors) in others.iter().enumerate() {
        let used = if owners.contains(&person) { users.get(person) } else { None };
        all = join(&all, used.unwrap_or(vectors), bits);
    }
    all
}

fn set(masks: &mut [Mask], slot: usize, mask: Mask) {
    if let Some(place) = masks.get_mut(slot) {
        *place = mask;
    }
}

/// Every "or" of one vector of each side.
pub(crate) fn join(a: &[u32], b: &[u32], bits: usize) -> Vectors {
    match (a, b) {
        ([], _) | (_, []) => Vec::new(),
        ([one], [two]) => vec![one | two],
        (many, [0]) | ([0], many) => many.to_vec(),
        _ => {
            // At most 2^16 answers: a bitmap is smaller and quicker than sorting all pairs.
            let mut present = vec![0_u64; (1_usize << bits).div_ceil(64)];
            for one in a {
                for two in b {
                    let vector = (one | two) as usize;
                    if let Some(word) = present.get_mut(vector / 64) {
                        *word |= 1 << (vector % 64);
                    }
                }
            }
            let mut all = Vec::new();
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
