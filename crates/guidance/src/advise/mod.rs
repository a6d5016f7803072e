//! Advice: reads every condition of a pack for one case and puts what holds into words with its reasons.

mod ask;
mod change;
mod class;
mod duties;
mod rest;

use std::collections::BTreeMap;

use crate::advice::{Advice, Because, Class, PersonAdvice};
use crate::case::Case;
use crate::compile::Formula;
use crate::eval::{About, Env};
use crate::explain::Explain;
use crate::mdd::Reach;
use crate::pack::Pack;
use crate::rules::FormulaIx;
use crate::schema::FactDef;

/// Everything needed while one case is advised on.
pub(crate) struct Advisor<'a> {
    pub pack: &'a Pack,
    pub env: &'a Env<'a>,
    pub explain: Explain<'a>,
    /// The class of the report and why, which much else rests on.
    pub class: Class,
    pub class_because: Vec<Because>,
    /// While the class is open: the facts that can still settle it.
    pub open_class: Vec<(&'a FactDef, About)>,
}

impl Pack {
    /// The advice. Total: every case that passed the checks has one.
    pub fn advise(&self, case: &Case) -> Advice {
        let env = Env::new(&self.compiled, case);
        let mut advisor = Advisor {
            pack: self,
            env: &env,
            explain: Explain::new(self, &env),
            class: Class::Undetermined,
            class_because: Vec::new(),
            open_class: Vec::new(),
        };
        advisor.class = advisor.report_class();
        advisor.class_because = advisor.report_class_because();
        if advisor.class == Class::Undetermined {
            advisor.open_class = advisor.find_open_class();
        }
        let persons: BTreeMap<String, PersonAdvice> = (0..case.persons.len())
            .filter_map(|at| Some((case.facts.person.get(at)?.id.clone(), advisor.person(at))))
            .collect();
        let duties = advisor.duties();
        let devices = advisor.devices();
        let outcomes = advisor.outcomes(&duties);
        Advice {
            pack: self.reference.clone(),
            class: advisor.class,
            grounds: advisor.report_grounds(&persons),
            why_not: advisor.why_not(),
            crime: advisor.crime(),
            ask_next: advisor.ask_next(),
            would_change: advisor.would_change(),
            contradictions: advisor.contradictions(),
            persons,
            duties,
            devices,
            outcomes,
        }
    }

    /// The class of the report alone, for work lists and for re-deciding many reports.
    pub fn class_of(&self, case: &Case) -> Class {
        let env = Env::with(&self.compiled, case, self.class_knowns.iter().copied());
        class::class_of(self, &env)
    }
}

impl<'a> Advisor<'a> {
    pub(crate) fn formula(&self, at: FormulaIx) -> &'a Formula {
        self.pack.formula(at)
    }
    pub(crate) fn reach(&self, at: FormulaIx, about: About) -> Reach {
        self.env.reach(self.formula(at), about)
    }
    /// Reasons for a condition; what rests on the report's class is explained by the class.
    pub(crate) fn because(&self, at: FormulaIx, about: About, want: bool) -> Vec<Because> {
        let formula = self.formula(at);
        let class = self.formula(self.pack.core.report_experimental);
        let rests_on_class = self.class != Class::Undetermined
            && !formula.atoms.is_empty()
            && formula.atoms.iter().all(|a| class.atoms.contains(a));
        let shared: &[Because] = if rests_on_class { &self.class_because } else { &[] };
        self.explain.because_with(formula, about, want, shared)
    }
    pub(crate) fn person_id(&self, at: usize) -> String {
        self.env.case.facts.person.get(at).map(|person| person.id.clone()).unwrap_or_default()
    }
    pub(crate) fn people(&self) -> std::ops::Range<usize> {
        0..self.env.case.persons.len()
    }
}
