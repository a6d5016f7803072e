//! Sets of quantifiers that conditions rest on, and what one person can answer to all of a set together.

use crate::compile::Compiled;
use crate::expr::Who;
use crate::joint::Joint;
use crate::mdd::{Mask, NodeId, Var};
use crate::vectors::{Vectors, vectors};

/// Most nodes of one such diagram; a walk that comes by more would gain nothing.
const MAX_NODES: usize = 10_000;

/// Some quantifiers.
#[derive(Debug, Default)]
pub(crate) struct Group {
    /// By number, sorted; the place of each is its bit in an answer vector.
    pub atoms: Vec<usize>,
    /// The bits of those that are asked of the users of a device only.
    pub of_owners: u32,
    /// Their diagrams as one, where there was room for that.
    joint: Option<Joint>,
    /// What somebody of whom nothing is known can give, first without and then with a device in use.
    anybody: [Vectors; 2],
}

impl Group {
    pub(crate) fn new(atoms: Vec<usize>) -> Self {
        Self { atoms, ..Self::default() }
    }

    /// Makes one diagram of those of the quantifiers, once these are made.
    pub(crate) fn join(&mut self, compiled: &Compiled, room: &mut usize) {
        let atoms = || self.atoms.iter().filter_map(|atom| compiled.atoms.get(*atom));
        self.of_owners = (0..).zip(atoms()).filter(|(_, atom)| atom.who == Who::Owner).map(|(bit, _)| 1 << bit).sum();
        let nodes: Vec<NodeId> = atoms().map(|atom| atom.node).collect();
        let most = MAX_NODES.min(*room);
        self.joint = Joint::new(&compiled.diagrams, &nodes, most);
        // What was tried in vain counts too, so that loading takes no longer however entangled a pack is.
        *room -= self.joint.as_ref().map_or(most, Joint::size);
        self.anybody = [false, true].map(|owner| self.vectors(compiled, owner, &|_| Mask::MAX));
    }

    /// Every vector that somebody can give of whom this is known; `owner` says whether as the user of a device.
    pub(crate) fn vectors(&self, compiled: &Compiled, owner: bool, mask: &impl Fn(Var) -> Mask) -> Vectors {
        let asked = if owner { u32::MAX } else { !self.of_owners };
        let Some(joint) = &self.joint else { return vectors(compiled, &self.atoms, asked, mask) };
        let mut all = joint.vectors(mask);
        if asked & self.of_owners != self.of_owners {
            all.iter_mut().for_each(|vector| *vector &= asked);
            all.sort_unstable();
            all.dedup();
        }
        all
    }

    /// Every vector that somebody can give of whom nothing is known.
    pub(crate) fn anybody(&self, owner: bool) -> &Vectors {
        let [other, user] = &self.anybody;
        if owner { user } else { other }
    }
}
