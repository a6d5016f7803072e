//! Which open facts a condition still turns on: one's own, and through "any person (…)" those of others.

use smallvec::{SmallVec, smallvec};

use super::{Explain, OpenFacts};
use crate::compile::Formula;
use crate::eval::About;
use crate::mdd::NodeId;
use crate::reasons::{Reason, Told, Why};
use crate::restrict::Restrict;
use crate::schema::FactDef;

impl<'a> Explain<'a> {
    /// The open facts of a condition as reasons.
    pub(crate) fn open_why(&self, formula: &Formula, about: About) -> Why {
        let key = (formula.node, about);
        if let Some(known) = self.open_told.borrow().get(&key) {
            return known.clone();
        }
        let reasons: SmallVec<[Reason; 16]> =
            self.open(formula, formula.node, about).iter().map(|(fact, whose)| Reason::Fact(fact.at, *whose)).collect();
        let why = Told::new(&reasons);
        self.open_told.borrow_mut().insert(key, why.clone());
        why
    }

    /// Open facts whose answer can still change the condition, as seen from `about`.
    pub(crate) fn open(&self, formula: &Formula, root: NodeId, about: About) -> OpenFacts<'a> {
        self.opened_from(root, about, || self.env.tops(formula, root, about))
    }

    /// Open facts of a person whose answer can still change what a quantifier asks of each.
    pub(crate) fn open_of_quantifier(&self, atom: usize, about: About) -> OpenFacts<'a> {
        let node = self.env.compiled.atoms.get(atom).map_or(crate::mdd::FALSE, |atom| atom.node);
        self.opened_from(node, about, || smallvec![node])
    }

    /// Quantifiers, one bit each, whose answer by the others can still change the condition, as seen from `about`.
    pub(crate) fn open_quantifiers(&self, formula: &Formula, about: About) -> u64 {
        let Some((hold, open)) = self.env.of_others(formula, about) else { return 0 };
        if open == 0 {
            return 0;
        }
        self.restricted(about, |restrict| restrict.quantifiers(formula.node, (hold, open)))
    }

    fn opened_from(&self, root: NodeId, about: About, tops: impl FnOnce() -> SmallVec<[NodeId; 8]>) -> OpenFacts<'a> {
        if let Some(known) = self.opened.borrow().get(&(root, about)) {
            return known.clone();
        }
        let tops = tops();
        let mut open: Vec<(&FactDef, About)> = Vec::new();
        for var in self.restricted(about, |restrict| restrict.relevant(tops)) {
            // Words of one set are neighbours, so a repeat can only be the one before.
            if let Some((fact, whose)) = self.fact_of(about, var)
                && open.last().is_none_or(|(last, _)| last.at != fact.at)
            {
                open.push((fact, whose));
            }
        }
        let open: OpenFacts<'a> = open.into();
        self.opened.borrow_mut().insert((root, about), open.clone());
        open
    }

    fn restricted<T>(&self, about: About, then: impl FnOnce(&mut Restrict<'a>) -> T) -> T {
        let mut left = self.left.borrow_mut();
        then(left.entry(about).or_insert_with(|| Restrict::new(self.env.compiled, self.env.seen(about))))
    }
}
