//! Evaluation: each condition per person, device or report, folded exactly over what they share.
//!
//! A condition may rest on "any person (…)" answers. Each person, as far as known, can give a set of
//! answer vectors (one bit a quantifier); people are independent of each other given the report, so
//! what all of them together can give is the fold of these sets by "or". Nothing is lost: the fold is
//! the exact set over all completions, for any number of people.

mod settle;
mod together;
mod tops;

use std::borrow::Cow;
use std::cell::{Cell, OnceCell};

use smallvec::SmallVec;

use self::together::Fold;
use crate::case::Case;
use crate::compile::{Compiled, Formula};
use crate::masks::{Masks, Seen};
use crate::mdd::{Mask, NodeId, Reach, TRUE, Var};
use crate::schema::{EITHER, NO, YES};

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

/// Which quantifiers' conditions hold for one person, and which are open: one bit each.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Own {
    asked: u64,
    hold: u64,
    open: u64,
}

impl Own {
    /// All of them were asked.
    pub(crate) const fn told(hold: u64, open: u64) -> Self {
        Self { asked: u64::MAX, hold, open }
    }
}

/// The same of several people: what there is of one of them at least, and of two.
#[derive(Debug, Clone, Copy, Default)]
struct All {
    one: Own,
    two: Own,
}

/// The same for each person.
pub(crate) type Owns = SmallVec<[Own; 4]>;

/// One case under one pack, with what has been worked out of it so far.
pub(crate) struct Env<'a> {
    pub compiled: &'a Compiled,
    masks: Cow<'a, Masks>,
    users: &'a [Vec<usize>],
    folds: OnceCell<Box<[OnceCell<Box<Fold>>]>>,
    /// For each person which quantifiers' conditions hold and which are open, of those that were asked for.
    own: SmallVec<[Cell<Own>; 4]>,
    /// The same of all people together.
    all: Cell<All>,
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

    /// The same where it is known of every person which quantifiers hold.
    pub(crate) fn with(compiled: &'a Compiled, case: &'a Case, owns: &Owns) -> Self {
        Self::over(compiled, Cow::Borrowed(&case.masks), &case.users, owns)
    }

    /// Which quantifiers hold for one of those that matter to this one, and which are open.
    pub(crate) fn of_all(&self, about: About) -> (u64, u64) {
        let Own { hold, open, .. } = self.others(about, u64::MAX);
        (hold, open & !hold)
    }

    /// `owns` is what was asked of the people already.
    fn over(compiled: &'a Compiled, masks: Cow<'a, Masks>, users: &'a [Vec<usize>], owns: &Owns) -> Self {
        let own = |at: usize| Cell::new(owns.get(at).copied().unwrap_or_default());
        Self {
            compiled,
            folds: OnceCell::new(),
            own: (0..masks.persons()).map(own).collect(),
            all: Cell::default(),
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
        let subjects = 1 + self.masks.persons() + self.masks.devices();
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
        let (root, diagrams) = (formula.node, &self.compiled.diagrams);
        if formula.atoms.is_empty() {
            return diagrams.reach(root, mask);
        }
        if let Some(wanted) = formula.quantifiers {
            let Own { hold, open, .. } = self.others(about, wanted);
            let (layout, open) = (self.compiled.layout, open & !hold & wanted);
            // As if every quantifier that is open went both ways, whatever the others do.
            let view = |var: Var| match usize::from(var).checked_sub(layout.atoms) {
                Some(atom) if usize::from(var) < layout.report_facts => either(atom, (hold, open)),
                _ => mask(var),
            };
            let reach = diagrams.reach(root, &view);
            // One alone does go both ways; and what all of these ways agree on, those that can occur do.
            if open & open.wrapping_sub(1) == 0 || !reach.both() {
                return reach;
            }
        }
        let top = |vector: u32| self.below_quantifiers(formula, root, vector, mask);
        // Everybody's first vector and everybody's last can occur: most often these come to both ends.
        let some = self.some_vectors(formula, about);
        let reach = self.reach_each(&some, mask, top);
        if reach.both() { reach } else { self.reach_each(self.vectors(formula, about), mask, top) }
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
                if found.both() {
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
        let all = self.all(wanted & !self.compiled.of_owners);
        match about {
            About::Report => all.one,
            About::Person(at) => {
                let own = self.own.get(at).map(Cell::get).unwrap_or_default();
                let but = |one: u64, own: u64, two: u64| one & !own | two;
                let hold = but(all.one.hold, own.hold, all.two.hold);
                Own { hold, open: but(all.one.open, own.open, all.two.open), ..all.one }
            }
            About::Device(at) => {
                let wanted = wanted & self.compiled.of_owners;
                let owners = self.users.get(at).map_or(&[][..], Vec::as_slice);
                owners.iter().filter(|_| wanted != 0).fold(all.one, |all, person| {
                    let own = self.own(*person, wanted);
                    Own { hold: all.hold | own.hold & wanted, open: all.open | own.open & wanted, ..all }
                })
            }
        }
    }

    /// The same of all people.
    fn all(&self, wanted: u64) -> All {
        let mut all = self.all.get();
        let ask = wanted & !all.one.asked;
        if ask != 0 {
            for person in 0..self.own.len() {
                let Own { hold, open, .. } = self.own(person, ask);
                all.two.hold |= all.one.hold & hold & ask;
                all.one.hold |= hold & ask;
                all.two.open |= all.one.open & open & ask;
                all.one.open |= open & ask;
            }
            all.one.asked |= ask;
            self.all.set(all);
        }
        all
    }

    /// Which quantifiers of a condition hold for one of those that matter to this one, and which are open; nothing where the pack has
    /// more of them than are kept in mind.
    pub(crate) fn of_others(&self, formula: &Formula, about: About) -> Option<(u64, u64)> {
        let wanted = formula.quantifiers?;
        let Own { hold, open, .. } = self.others(about, wanted);
        Some((hold & wanted, open & !hold & wanted))
    }
}

/// What may be answered to a quantifier, where it is known which hold and which are open, one bit each.
fn either(atom: usize, (hold, open): (u64, u64)) -> Mask {
    if hold >> atom & 1 == 1 {
        YES
    } else if open >> atom & 1 == 1 {
        EITHER
    } else {
        NO
    }
}
