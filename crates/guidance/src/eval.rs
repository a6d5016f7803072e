//! Evaluation: each condition per person, device or report, folded exactly over what they share.
//!
//! A condition may rest on "any person (…)" answers. Each person, as far as known, can give a set of
//! answer vectors (one bit a quantifier); people are independent of each other given the report, so
//! what all of them together can give is the fold of these sets by "or". Nothing is lost: the fold is
//! the exact set over all completions, for any number of people.

mod settle;
mod tops;

use std::borrow::Cow;
use std::cell::{Cell, OnceCell};

use smallvec::{SmallVec, smallvec};

use crate::case::Case;
use crate::compile::{Compiled, Formula};
use crate::expr::Who;
use crate::masks::{Masks, Seen};
use crate::mdd::{Mask, NodeId, Reach, TRUE, Var};
use crate::vectors::{People, Vectors, join, others, vectors, vectors_of};

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
pub(crate) struct Own {
    asked: u64,
    hold: u64,
    open: u64,
}

/// The same for each person.
pub(crate) type Owns = SmallVec<[Own; 4]>;

/// One case under one pack, with what has been worked out of it so far.
pub(crate) struct Env<'a> {
    pub compiled: &'a Compiled,
    masks: Cow<'a, Masks>,
    users: &'a [Vec<usize>],
    folds: OnceCell<Box<[OnceCell<Fold>]>>,
    /// For each person which quantifiers' conditions hold and which are open, of those that were asked for.
    own: SmallVec<[Cell<Own>; 4]>,
    /// The same of all that matter to the report, to each person and to each device.
    others: SmallVec<[Cell<Own>; 8]>,
    /// For the report, each person and each device what ends each condition can have, once it was asked.
    reached: Vec<Cell<u8>>,
}

impl<'a> Env<'a> {
    pub(crate) fn new(compiled: &'a Compiled, case: &'a Case) -> Self {
        Self::over(compiled, Cow::Borrowed(&case.masks), &case.users, &case.owns)
    }

    /// For many questions about one case: what ends a condition can have is worked out once.
    pub(crate) fn remembering(compiled: &'a Compiled, case: &'a Case) -> Self {
        let subjects = 1 + case.masks.persons() + case.masks.devices();
        Self { reached: vec![Cell::new(0); compiled.slots * subjects], ..Self::new(compiled, case) }
    }

    /// `owns` is what was asked of the people already.
    fn over(compiled: &'a Compiled, masks: Cow<'a, Masks>, users: &'a [Vec<usize>], owns: &Owns) -> Self {
        let own = |at: usize| Cell::new(owns.get(at).copied().unwrap_or_default());
        Self {
            compiled,
            folds: OnceCell::new(),
            own: (0..masks.persons()).map(own).collect(),
            others: smallvec![Cell::default(); 1 + masks.persons() + masks.devices()],
            reached: Vec::new(),
            masks,
            users,
        }
    }

    /// The same case with other masks, for "what if".
    pub(crate) fn instead(&self, (masks, owns): (Masks, Owns)) -> Env<'_> {
        Env::over(self.compiled, Cow::Owned(masks), self.users, &owns)
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
        let subjects = self.others.len();
        let remembered = match formula.slot {
            Some(slot) if !self.reached.is_empty() => self.reached.get(slot * subjects + self.subject(about)),
            _ => None,
        };
        if let Some(known) = remembered.and_then(|cell| Reach::from_byte(cell.get())) {
            return known;
        }
        let seen = self.masks.seen(about);
        let reach = self.reach_seen(formula, about, &|var| seen.mask(var));
        if let Some(cell) = remembered {
            cell.set(reach.byte());
        }
        reach
    }

    fn reach_seen(&self, formula: &Formula, about: About, mask: &impl Fn(Var) -> Mask) -> Reach {
        let root = formula.node;
        if formula.atoms.is_empty() {
            return self.compiled.diagrams.reach(root, mask);
        }
        if let Some(wanted) = formula.quantifiers {
            let Own { hold, open, .. } = self.others(about, wanted);
            // What holds for one holds for "any", whatever is open of the others.
            if open & !hold & wanted == 0 {
                let top = self.below(root, &|atom| hold >> atom & 1 == 1, mask);
                return self.compiled.diagrams.reach(top, mask);
            }
        }
        let wide = self.vectors_of_group(&formula.wide.0, formula.wide.1, about);
        let atoms = &formula.wide.0;
        self.reach_each(wide, mask, |vector| {
            self.below(root, &|atom| vector >> atoms.binary_search(&atom).unwrap_or(31) & 1 == 1, mask)
        })
    }

    /// Walks on from where each vector that can occur leads; what is the same is walked once.
    fn reach_each(&self, vectors: &[u32], mask: &impl Fn(Var) -> Mask, top: impl Fn(u32) -> NodeId) -> Reach {
        let mut found = Reach::NONE;
        let mut tops: SmallVec<[NodeId; 8]> = SmallVec::new();
        for vector in vectors {
            let top = top(*vector);
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
        self.vectors_of_group(&formula.atoms, formula.group, about)
    }

    fn vectors_of_group(&self, atoms: &[usize], group: usize, about: About) -> &[u32] {
        if atoms.is_empty() {
            return &[0];
        }
        let folds = self.folds.get_or_init(|| self.compiled.groups.iter().map(|_| OnceCell::new()).collect());
        let Some(fold) = folds.get(group) else { return &[0] };
        let fold = fold.get_or_init(|| {
            let each = (0..self.masks.persons()).map(|person| self.vectors_of(atoms, person, false)).collect();
            Fold { each, ..Fold::default() }
        });
        let bits = atoms.len();
        let all =
            || fold.all.get_or_init(|| fold.each.iter().fold(smallvec![0], |all: Vectors, v| join(&all, v, bits)));
        match about {
            About::Report => all(),
            About::Person(at) => fold.others.get_or_init(|| others(&fold.each, bits)).get(at).unwrap_or_else(all),
            About::Device(_) if !self.rests_on_owners(atoms) => all(),
            About::Device(at) => {
                let devices = fold.devices.get_or_init(|| self.of_devices(fold, atoms));
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
        let Some(wanted) = crate::compile::bits_of(atoms) else {
            // What rests on more than are kept in mind is worked out each time.
            return vectors(self.compiled, atoms, owner, &mask, &|_, node| self.compiled.diagrams.reach(node, &mask));
        };
        let wanted = if owner { wanted } else { wanted & !self.compiled.of_owners };
        let own = self.own(person, wanted);
        vectors_of(self.compiled, atoms, (own.hold & wanted, own.open & wanted), &mask)
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

    /// The place of the report, a person or a device among all of them.
    fn subject(&self, about: About) -> usize {
        match about {
            About::Report => 0,
            About::Person(at) => 1 + at,
            About::Device(at) => 1 + self.masks.persons() + at,
        }
    }

    /// Which of the wanted quantifiers' conditions hold for anybody that matters to this one, and which are open.
    fn others(&self, about: About, wanted: u64) -> Own {
        let Some(cell) = self.others.get(self.subject(about)) else { return Own::default() };
        let mut all = cell.get();
        let ask = wanted & !all.asked;
        if ask == 0 {
            return all;
        }
        let owners = match about {
            About::Device(device) => self.users.get(device).map_or(&[][..], Vec::as_slice),
            _ => &[],
        };
        for person in (0..self.own.len()).filter(|person| about != About::Person(*person)) {
            let ask = if owners.contains(&person) { ask } else { ask & !self.compiled.of_owners };
            let own = self.own(person, ask);
            all.hold |= own.hold & ask;
            all.open |= own.open & ask;
        }
        all.asked |= ask;
        cell.set(all);
        all
    }

    /// Which quantifiers of a condition hold for one of those that matter to this one, and which are open; nothing where the pack has
    /// more of them than are kept in mind.
    pub(crate) fn of_others(&self, formula: &Formula, about: About) -> Option<(u64, u64)> {
        let wanted = formula.quantifiers?;
        let Own { hold, open, .. } = self.others(about, wanted);
        Some((hold & wanted, open & !hold & wanted))
    }

    /// The same under another view of that person.
    pub(crate) fn vectors_with(&self, atoms: &[usize], owner: bool, mask: &impl Fn(Var) -> Mask) -> Vectors {
        vectors(self.compiled, atoms, owner, mask, &|_, node| self.compiled.diagrams.reach(node, mask))
    }
}
