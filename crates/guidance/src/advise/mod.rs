//! Advice: reads every condition of a pack for one case and puts what holds into words with its reasons.

mod ask;
mod beside;
mod change;
mod class;
mod crime;
mod duties;
mod others;
mod rest;
mod waits;

use class::class_in;
pub(crate) use class::{class_of, class_of_person};
use waits::OpenOfPeople;

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use crate::advice::{Advice, Class, PersonAdvice};
use crate::case::Case;
use crate::compile::Formula;
use crate::eval::{About, Env};
use crate::explain::Explain;
use crate::mdd::{NodeId, Reach};
use crate::pack::Pack;
use crate::reasons::{Reason, Why};
use crate::rules::FormulaIx;
use crate::schema::FactDef;
use crate::share::Text;
use crate::turned::Turned;

/// An open fact, and whose.
pub(crate) type OpenFact<'a> = (&'a FactDef, About);

/// Everything needed while one case is advised on.
pub(crate) struct Advisor<'a> {
    pub pack: &'a Pack,
    pub env: &'a Env<'a>,
    pub case: &'a Case,
    pub explain: Explain<'a>,
    /// The class of the report and why, which much else rests on.
    pub class: Class,
    pub class_because: Why,
    /// While the class is open: the facts that can still settle it.
    pub open_class: Vec<OpenFact<'a>>,
    /// The same as reasons.
    pub open_class_why: Why,
    /// Open facts of everybody that conditions about the report wait for, which duties and outcomes share.
    open_of_people: RefCell<FxHashMap<NodeId, Rc<OpenOfPeople<'a>>>>,
    /// What conditions wait for.
    waits: RefCell<FxHashMap<(NodeId, About), Why>>,
    /// What the class could be if one answer were another, as each person sees it.
    class_turned: Vec<OnceCell<Rc<Turned<'a>>>>,
    /// Ids of the people.
    ids: Vec<Text>,
}

impl Pack {
    /// The advice. Total: every case that passed the checks has one.
    pub fn advise(&self, case: &Case) -> Advice {
        let env = Env::remembering(&self.compiled, case);
        let mut advisor = Advisor {
            pack: self,
            env: &env,
            case,
            explain: Explain::new(self, &env, case),
            class: Class::Undetermined,
            class_because: Why::default(),
            open_class: Vec::new(),
            open_class_why: Why::default(),
            open_of_people: RefCell::default(),
            waits: RefCell::default(),
            class_turned: (0..case.masks.persons()).map(|_| OnceCell::new()).collect(),
            ids: case.facts.person.iter().map(|person| person.id.as_str().into()).collect(),
        };
        advisor.class = advisor.report_class();
        advisor.class_because = advisor.report_class_because();
        if advisor.class == Class::Undetermined {
            advisor.open_class = advisor.find_open_class();
            advisor.open_class_why = advisor.open_class_why();
        }
        let persons: BTreeMap<String, PersonAdvice> = (0..case.masks.persons())
            .filter_map(|at| Some((case.facts.person.get(at)?.id.clone(), advisor.person(at))))
            .collect();
        let stands = advisor.duties_in_order();
        let duties = advisor.duties(&stands);
        let devices = advisor.devices();
        let outcomes = advisor.outcomes(&stands, &duties);
        let crime = advisor.crime();
        let (would_change, would_change_more) = advisor.would_change();
        Advice {
            pack: self.reference.clone(),
            class: advisor.class,
            grounds: advisor.report_grounds(&persons),
            why_not: advisor.why_not(),
            ask_next: advisor.ask_next(&stands, &outcomes, crime.record),
            crime,
            would_change,
            would_change_more,
            contradictions: advisor.contradictions(),
            persons,
            duties,
            devices,
            outcomes,
        }
    }

    /// The class of the report alone, for work lists and for re-deciding many reports.
    pub fn class_of(&self, case: &Case) -> Class {
        class_in(self, &Env::new(&self.compiled, case))
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
    pub(crate) fn because(&self, at: FormulaIx, about: About, want: bool) -> Why {
        let formula = self.formula(at);
        let class = self.formula(self.pack.core.report_experimental);
        let rests_on_class = self.class != Class::Undetermined
            && !formula.atoms.is_empty()
            && formula.atoms.iter().all(|a| class.atoms.contains(a));
        let shared: &[Reason] = if rests_on_class { &self.class_because } else { &[] };
        self.explain.because_with(formula, about, want, shared)
    }
    pub(crate) fn person_id(&self, at: usize) -> Text {
        self.ids.get(at).cloned().unwrap_or_default()
    }
    /// Whom something is for, where it is a person.
    pub(crate) fn person_of(&self, about: About) -> Option<Text> {
        if let About::Person(at) = about { Some(self.person_id(at)) } else { None }
    }
    /// What ends "the report is aggravated" could have if one answer were another, as a person sees it.
    pub(crate) fn class_turned(&self, at: usize) -> Rc<Turned<'a>> {
        let about = About::Person(at);
        let formula = self.formula(self.pack.core.report_aggravated);
        let made = || {
            let tops = self.env.tops(formula, formula.person_view, about);
            Rc::new(Turned::new(self.env.compiled, self.env.seen(about), &tops))
        };
        self.class_turned.get(at).map_or_else(made, |cell| cell.get_or_init(made).clone())
    }
    pub(crate) fn people(&self) -> std::ops::Range<usize> {
        0..self.case.masks.persons()
    }
}
