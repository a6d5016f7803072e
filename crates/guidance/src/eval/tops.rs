//! Where the ways through a condition come to what one sees oneself, below what the others can give.

use smallvec::{SmallVec, smallvec};

use super::{About, Env, Own, either};
use crate::compile::Formula;
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
            let open = open & !hold & wanted;
            // Several that are open go every way together where as many vectors can occur.
            let both = || 1_usize.checked_shl(open.count_ones());
            if open & open.wrapping_sub(1) == 0 || both() == Some(self.vectors(formula, about).len()) {
                return self.tops_of_any(root, (hold, open), &mask);
            }
        }
        let top = |vector: &u32| self.below_quantifiers(formula, root, *vector, &mask);
        let mut tops: SmallVec<[NodeId; 8]> = self.vectors(formula, about).iter().map(top).collect();
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
            let values = at.checked_sub(layout.atoms).map_or_else(|| mask(var), |atom| either(atom, (hold, open)));
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
