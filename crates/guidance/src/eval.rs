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
use crate::mdd::{Mask, NodeId, Reach, TRUE, Var};
use crate::schema::{NO, Scope, YES};
use crate::vectors::{People, Vectors, join, others, vectors};

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

/// The vectors of one set of quantifiers; most conditions ask for one kind of them only.
#[derive(Debug, Default)]
struct Fold {
    each: People,
    all: OnceCell<Vectors>,
    /// For each person those of all the others.
    others: OnceCell<People>,
    /// For each device all of them, where it matters who uses it.
    devices: OnceCell<People>,
}

/// Which quantifiers' conditions hold for one person, and which are open: one bit each.
#[derive(Debug, Clone, Copy, Default)]
struct Own {
    asked: u64,
    hold: u64,
    open: u64,
}

impl Own {
    /// Most quantifiers of a pack that are kept in mind so; what rests on more is worked out each time.
    const MOST: usize = 64;
}

/// One case under one pack, with what has been worked out of it so far.
pub(crate) struct Env<'a> {
    pub compiled: &'a Compiled,
    masks: Cow<'a, Masks>,
    users: &'a [Vec<usize>],
    folds: Vec<OnceCell<Box<Fold>>>,
    /// For each person which quantifiers' conditions hold and which are open, of those that were asked for.
    own: SmallVec<[Cell<Own>; 4]>,
    /// For the report, each person and each device what ends each condition can have, once it was asked.
    reached: Vec<Cell<Option<Reach>>>,
}

impl<'a> Env<'a> {
    pub(crate) fn new(compiled: &'a Compiled, case: &'a Case) -> Self {
        Self::over(compiled, Cow::Borrowed(&case.masks), &case.users)
    }

    /// For many questions about one case: what ends a condition can have is worked out once.
    pub(crate) fn remembering(compiled: &'a Compiled, case: &'a Case) -> Self {
        let subjects = 1 + case.masks.persons() + case.masks.devices();
        Self { reached: vec![Cell::new(None); compiled.slots * subjects], ..Self::new(compiled, case) }
    }

    fn over(compiled: &'a Compiled, masks: Cow<'a, Masks>, users: &'a [Vec<usize>]) -> Self {
        Self {
            compiled,
            folds: (0..compiled.groups.len()).map(|_| OnceCell::new()).collect(),
            own: smallvec![Cell::default(); masks.persons()],
            reached: Vec::new(),
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
        let persons = self.masks.persons();
        let subject = match about {
            About::Report => 0,
            About::Person(at) => 1 + at,
            About::Device(at) => 1 + persons + at,
        };
        let subjects = 1 + persons + self.masks.devices();
        let remembered = formula.slot.and_then(|slot| self.reached.get(slot * subjects + subject));
        if let Some(known) = remembered.and_then(Cell::get) {
            return known;
        }
        let seen = self.masks.seen(about);
        let reach = self.reach_seen(formula, formula.node, about, &|var| seen.mask(var));
        if let Some(cell) = remembered {
            cell.set(Some(reach));
        }
        reach
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
        if let Some(hold) = self.one_vector(formula, about) {
            let top = self.below(root, &|atom| hold >> atom & 1 == 1, mask);
            return self.compiled.diagrams.reach(top, mask);
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
        self.below(root, &|atom| vector >> formula.atoms.binary_search(&atom).unwrap_or(31) & 1 == 1, mask)
    }

    fn below(&self, root: NodeId, holds: &impl Fn(usize) -> bool, mask: &impl Fn(Var) -> Mask) -> NodeId {
        let layout = self.compiled.layout;
        let mut node = root;
        while node > TRUE {
            let var = usize::from(self.compiled.diagrams.var(node));
            if var >= layout.report_facts {
                break;
            }
            let value = if var >= layout.atoms {
                usize::from(holds(var - layout.atoms))
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
        let fold = fold.get_or_init(|| {
            let each = (0..self.masks.persons()).map(|person| self.vectors_of(&formula.atoms, person, false)).collect();
            Box::new(Fold { each, ..Fold::default() })
        });
        let bits = formula.atoms.len();
        let all =
            || fold.all.get_or_init(|| fold.each.iter().fold(smallvec![0], |all: Vectors, v| join(&all, v, bits)));
        match about {
            About::Report => all(),
            About::Person(at) => fold.others.get_or_init(|| others(&fold.each, bits)).get(at).unwrap_or_else(all),
            About::Device(_) if !self.rests_on_owners(&formula.atoms) => all(),
            About::Device(at) => {
                let devices = fold.devices.get_or_init(|| self.of_devices(fold, &formula.atoms));
                devices.get(at).unwrap_or_else(all)
            }
        }
    }

    fn rests_on_owners(&self, atoms: &[usize]) -> bool {
        atoms.iter().any(|atom| self.compiled.atoms.get(*atom).is_some_and(|atom| atom.who == Who::Owner))
    }

    /// For each device what all can give together, its users as such.
    fn of_devices(&self, fold: &Fold, atoms: &[usize]) -> People {
        let with = |owners: &Vec<usize>| {
            fold.each.iter().enumerate().fold(smallvec![0], |all: Vectors, (person, other)| {
                if owners.contains(&person) {
                    join(&all, &self.vectors_of(atoms, person, true), atoms.len())
                } else {
                    join(&all, other, atoms.len())
                }
            })
        };
        self.users.iter().map(with).collect()
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
        let reach = |atom: usize, node: NodeId| {
            if atom >= Own::MOST {
                return self.compiled.diagrams.reach(node, &mask);
            }
            let own = self.own(person, 1 << atom);
            Reach { can_be_true: (own.hold | own.open) >> atom & 1 == 1, can_be_false: own.hold >> atom & 1 == 0 }
        };
        vectors(self.compiled, atoms, owner, &mask, &reach)
    }

    /// Which of the wanted quantifiers' conditions hold for a person and which are open.
    fn own(&self, person: usize, wanted: u64) -> Own {
        let Some(cell) = self.own.get(person) else { return Own::default() };
        let mut own = cell.get();
        let mut ask = wanted & !own.asked;
        if ask == 0 {
            return own;
        }
        let seen = self.masks.seen(About::Person(person));
        let mask = |var| seen.mask(var);
        own.asked |= ask;
        while ask != 0 {
            let bit = ask & ask.wrapping_neg();
            ask ^= bit;
            let Some(atom) = self.compiled.atoms.get(bit.trailing_zeros() as usize) else { break };
            let reach = self.compiled.diagrams.reach(atom.node, &mask);
            if reach.definite() {
                own.hold |= bit;
            } else if reach.possible() {
                own.open |= bit;
            }
        }
        cell.set(own);
        own
    }

    /// Which quantifiers hold, where that is settled for all of a condition's: then there is one vector only.
    fn one_vector(&self, formula: &Formula, about: About) -> Option<u64> {
        let wanted = formula.quantifiers?;
        let owners = match about {
            About::Device(device) => self.users.get(device).map_or(&[][..], Vec::as_slice),
            _ => &[],
        };
        let (mut hold, mut open) = (0, 0);
        for person in (0..self.masks.persons()).filter(|person| about != About::Person(*person)) {
            let asked = if owners.contains(&person) { wanted } else { wanted & !self.compiled.of_owners };
            let own = self.own(person, asked);
            hold |= own.hold & asked;
            open |= own.open & asked;
        }
        // What holds for one holds for "any", whatever is open of the others.
        (open & !hold == 0).then_some(hold)
    }

    /// The same under another view of that person.
    pub(crate) fn vectors_with(&self, atoms: &[usize], owner: bool, mask: &impl Fn(Var) -> Mask) -> Vectors {
        vectors(self.compiled, atoms, owner, mask, &|_, node| self.compiled.diagrams.reach(node, mask))
    }
}
