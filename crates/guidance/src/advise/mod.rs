//! Advice: reads every condition of a pack for one case and puts what holds into words with its reasons.

mod ask;
mod change;
mod class;
mod duties;
mod rest;

pub(crate) use class::class_of;

use std::cell::Cell;
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

/// An open fact, and whose.
pub(crate) type OpenFact<'a> = (&'a FactDef, About);

/// Everything needed while one case is advised on.
pub(crate) struct Advisor<'a> {
    pub pack: &'a Pack,
    pub env: &'a Env<'a>,
    pub case: &'a Case,
    pub explain: Explain<'a>,
    /// What ends each condition can have about the report, each person and each device, once it was asked.
    reached: Vec<Cell<Option<Reach>>>,
    /// The class of the report and why, which much else rests on.
    pub class: Class,
    pub class_because: Vec<Because>,
    /// While the class is open: the facts that can still settle it.
    pub open_class: Vec<OpenFact<'a>>,
}

impl Pack {
    /// The advice. Total: every case that passed the checks has one.
    pub fn advise(&self, case: &Case) -> Advice {
        let env = Env::new(&self.compiled, case);
        let mut advisor = Advisor {
            pack: self,
            env: &env,
            case,
            explain: Explain::new(self, &env, &case.facts),
            reached: vec![Cell::new(None); self.formulas.len() * (1 + case.masks.persons() + case.masks.devices())],
            class: Class::Undetermined,
            class_because: Vec::new(),
            open_class: Vec::new(),
        };
        advisor.class = advisor.report_class();
        advisor.class_because = advisor.report_class_because();
        if advisor.class == Class::Undetermined {
            advisor.open_class = advisor.find_open_class();
        }
        let persons: BTreeMap<String, PersonAdvice> = (0..case.masks.persons())
            .filter_map(|at| Some((case.facts.person.get(at)?.id.clone(), advisor.person(at))))
            .collect();
        let stands = advisor.duties_in_order();
        let duties = advisor.duties(&stands);
        let devices = advisor.devices();
        let outcomes = advisor.outcomes(&stands, &duties);
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
        class_of(self, &Env::new(&self.compiled, case))
    }
}

impl<'a> Advisor<'a> {
    pub(crate) fn formula(&self, at: FormulaIx) -> &'a Formula {
        self.pack.formula(at)
    }
    pub(crate) fn reach(&self, at: FormulaIx, about: About) -> Reach {
        let subjects = 1 + self.case.masks.persons() + self.case.masks.devices();
        let subject = match about {
            About::Report => 0,
            About::Person(person) => 1 + person,
            About::Device(device) => 1 + self.case.masks.persons() + device,
        };
        let work_out = || self.env.reach(self.formula(at), about);
        match self.reached.get(at * subjects + subject) {
            Some(cell) => cell.get().unwrap_or_else(|| {
                let reach = work_out();
                cell.set(Some(reach));
                reach
            }),
            None => work_out(),
        }
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
        self.case.facts.person.get(at).map(|person| person.id.clone()).unwrap_or_default()
    }
    pub(crate) fn people(&self) -> std::ops::Range<usize> {
        0..self.case.masks.persons()
    }
}
