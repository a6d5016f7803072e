//! Where the ways through a condition come to what one sees oneself, below what the others can give.

use smallvec::{SmallVec, smallvec};

use super::{About, Env, Own};
use crate::compile::{Formula, bits_of};
use crate::mdd::{NodeId, TRUE, Var};

impl Env<'_> {
    /// Whatever the others can give; each once.
    pub(crate) fn tops(&self, formula: &Formula, root: NodeId, about: About) -> SmallVec<[NodeId; 8]> {
        if formula.atoms.is_empty() {
            return smallvec![root];
        }
        let seen = self.masks.seen(about);
        let mask = |var| seen.mask(var);
        if let Some(wanted) = formula.quantifiers {
            let Own { hold, open, .. } = self.others(about, wanted);
            if open & !hold & wanted == 0 {
                return smallvec![self.below(root, &|atom| hold >> atom & 1 == 1, &mask)];
            }
        }
        let (atoms, group) = &formula.wide;
        let vectors = self.vectors_of_group(atoms, *group, about);
        if let Some(wanted) = bits_of(atoms) {
            let Own { hold, open, .. } = self.others(about, wanted);
            let open = open & !hold & wanted;
            // Every vector can occur that these allow.
            if 1_usize.checked_shl(open.count_ones()) == Some(vectors.len()) {
                return self.tops_of_any(root, (hold, open), &mask);
            }
        }
        let top =
            |vector: &u32| self.below(root, &|atom| vector >> atoms.binary_search(&atom).unwrap_or(31) & 1 == 1, &mask);
        let mut tops: SmallVec<[NodeId; 8]> = vectors.iter().map(top).collect();
        tops.sort_unstable();
        tops.dedup();
        tops
    }

    /// The same where each quantifier that is open goes both ways, whatever the others do.
    fn tops_of_any(
        &self,
        root: NodeId,
        (hold, open): (u64, u64),
        mask: &impl Fn(Var) -> crate::mdd::Mask,
    ) -> SmallVec<[NodeId; 8]> {
        let layout = self.compiled.layout;
        let diagrams = &self.compiled.diagrams;
        let mut tops: SmallVec<[NodeId; 8]> = SmallVec::new();
        let mut met: SmallVec<[NodeId; 32]> = smallvec![root];
        let mut next = 0;
        while let Some(node) = met.get(next).copied() {
            next += 1;
            let var = diagrams.var(node);
            let at = usize::from(var);
            if node <= TRUE || at >= layout.report_facts {
                tops.push(node);
                continue;
            }
            let values = match at.checked_sub(layout.atoms) {
                Some(atom) if hold >> atom & 1 == 1 => 2,
                Some(atom) if open >> atom & 1 == 1 => 3,
                Some(_) => 1,
                None => mask(var),
            };
            for (value, child) in diagrams.children(node).iter().enumerate() {
                if values >> value & 1 == 1 && !met.contains(child) {
                    met.push(*child);
                }
            }
        }
        tops.sort_unstable();
        tops
    }
}
