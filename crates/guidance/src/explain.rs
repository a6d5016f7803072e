//! Why: the smallest set of facts from which a conclusion still follows, and which open facts matter.

mod open;
mod others;

use std::cell::RefCell;
use std::rc::Rc;

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::advice::Because;
use crate::case::Case;
use crate::compile::{Formula, Settled};
use crate::eval::{About, Env};
use crate::facts::Value;
use crate::mdd::{Mask, NodeId, Var};
use crate::pack::Pack;
use crate::reasons::{Reason, Reasons, Told, Why};
use crate::restrict::Restrict;
use crate::rests::{Rests, Walk, walk};
use crate::schema::{FactDef, Scope, full_name};
use crate::share::{List, Text};

/// What an outcome of the report needs while nobody who takes part is entered: what part each had, of nobody yet.
pub const NOBODY: &str = "person.part";

/// The reasons of one moment.
pub(crate) struct Explain<'a> {
    pub pack: &'a Pack,
    pub env: &'a Env<'a>,
    case: &'a Case,
    /// Reasons already found: many duties are raised by the same condition.
    found: RefCell<FxHashMap<Conclusion, Why>>,
    /// Reasons of "known (…)" parts, which many conditions share.
    known: RefCell<FxHashMap<(usize, About), Why>>,
    /// Open facts of conditions, which duties and questions both ask for.
    opened: RefCell<FxHashMap<(NodeId, About), OpenFacts<'a>>>,
    /// The same in words.
    open_told: RefCell<FxHashMap<(NodeId, About), Why>>,
    /// What is left of diagrams, for everybody who looked.
    left: RefCell<FxHashMap<About, Restrict<'a>>>,
    /// Reasons in words: most are given many times.
    said: RefCell<FxHashMap<Reason, Because>>,
}

/// A condition about somebody, whether it holds or cannot, and whether the others' share is explained already.
type Conclusion = (NodeId, About, bool, bool);

/// Facts that are open, and whose.
pub(crate) type OpenFacts<'a> = Rc<[(&'a FactDef, About)]>;

impl<'a> Explain<'a> {
    pub(crate) fn new(pack: &'a Pack, env: &'a Env<'a>, case: &'a Case) -> Self {
        fn room<K, V>() -> FxHashMap<K, V> {
            FxHashMap::with_capacity_and_hasher(96, rustc_hash::FxBuildHasher)
        }
        Self {
            pack,
            env,
            case,
            found: RefCell::new(room()),
            known: RefCell::new(room()),
            opened: RefCell::new(room()),
            open_told: RefCell::new(room()),
            left: RefCell::default(),
            said: RefCell::new(FxHashMap::with_capacity_and_hasher(192, rustc_hash::FxBuildHasher)),
        }
    }

    /// Facts from which it follows that the condition holds (`want`) or cannot hold. The set is
    /// irreducible: without any one of them, it would not follow.
    pub(crate) fn because(&self, formula: &'a Formula, about: About, want: bool) -> Why {
        self.because_with(formula, about, want, &[])
    }

    /// The same, where `shared` already explains what rests on the other people.
    pub(crate) fn because_with(&self, formula: &'a Formula, about: About, want: bool, shared: &[Reason]) -> Why {
        let key = (formula.node, about, want, shared.is_empty());
        if let Some(known) = self.found.borrow().get(&key) {
            return known.clone();
        }
        let seen = self.env.seen(about);
        let walked = self.walk(formula.node, about);
        let tested = self.tested(&walked, about);
        let vectors = self.env.vectors(formula, about);
        let mut rests = Rests::new(self.env, formula, (seen, &tested), vectors, (walked, want));
        let mut because = Reasons::default();
        for var in tested.iter().filter(|var| rests.kept.contains(**var)) {
            if !self.told_by_the_rest(about, *var, &rests) {
                self.name(about, *var, &mut because);
            }
        }
        if !formula.atoms.is_empty() && !rests.follows_from_own() {
            if shared.is_empty() {
                self.others(formula, about, &mut rests, &mut because);
            } else {
                shared.iter().for_each(|reason| because.add(*reason));
            }
        }
        let why = Told::new(&because.list);
        self.found.borrow_mut().insert(key, why.clone());
        why
    }

    /// Every node that can be reached under what one knows, quantifiers open.
    pub(crate) fn walk(&self, root: NodeId, about: About) -> Walk {
        walk(self.env.compiled, self.env.seen(about), [root])
    }

    /// The variables that such a walk comes by, in order.
    pub(crate) fn vars(&self, roots: &[NodeId], about: About) -> SmallVec<[Var; 32]> {
        let walked = walk(self.env.compiled, self.env.seen(about), roots.iter().copied());
        let mut vars: SmallVec<[Var; 32]> = walked.into_iter().map(|(var, _)| var).collect();
        vars.sort_unstable();
        vars.dedup();
        vars
    }

    /// Variables of which something is known that a walk through the diagram looks at.
    fn tested(&self, walked: &Walk, about: About) -> SmallVec<[Var; 32]> {
        let layout = self.env.compiled.layout;
        let quantifiers = layout.atoms..layout.report_facts;
        let seen = self.env.seen(about);
        let known = |var: &Var| {
            let values = seen.mask(*var);
            !quantifiers.contains(&usize::from(*var)) && (values.is_power_of_two() || self.narrowed(*var, values))
        };
        let mut vars: SmallVec<[Var; 32]> = walked.iter().map(|(var, _)| *var).filter(known).collect();
        vars.sort_unstable();
        vars.dedup();
        vars
    }

    /// Partly known, such as an age given as "child".
    fn narrowed(&self, var: Var, values: Mask) -> bool {
        let layout = self.env.compiled.layout;
        let at = usize::from(var);
        let fact = at >= layout.device_facts
            || (layout.person_facts..layout.device).contains(&at)
            || (layout.report_facts..layout.person).contains(&at);
        fact && self.env.compiled.full.get(at).is_some_and(|full| values & full != *full)
    }

    fn entity(&self, about: About) -> Option<&'a crate::facts::Entity> {
        match about {
            About::Report => None,
            About::Person(at) => self.case.facts.person.get(at),
            About::Device(at) => self.case.facts.device.get(at),
        }
    }

    /// The fact of a variable and whom it is about.
    pub(crate) fn fact_of(&self, about: About, var: Var) -> Option<(&'a FactDef, About)> {
        let layout = self.env.compiled.layout;
        let at = usize::from(var);
        if at >= layout.device_facts {
            Some((self.pack.schema.fact_of(Scope::Device, at - layout.device_facts)?, about))
        } else if at >= layout.device {
            None
        } else if at >= layout.person_facts {
            Some((self.pack.schema.fact_of(Scope::Person, at - layout.person_facts)?, about))
        } else if at >= layout.person {
            None
        } else if at >= layout.report_facts {
            Some((self.pack.schema.fact_of(Scope::Report, at - layout.report_facts)?, About::Report))
        } else {
            None
        }
    }

    /// Full name and value of a fact.
    pub(crate) fn stated(&self, fact: &FactDef, about: About) -> Because {
        let entity = self.entity(about);
        let value = match entity {
            Some(entity) => entity.facts.get(&fact.name),
            None => self.case.facts.report.get(&fact.name),
        };
        Because {
            fact: full_name(fact, entity.map(|e| e.id.as_str())),
            value: value.cloned().unwrap_or_else(|| Value::word("not-asked")),
        }
    }

    /// Reasons in words.
    pub(crate) fn say(&self, reasons: &[Reason]) -> List<Because> {
        let mut said = self.said.borrow_mut();
        reasons.iter().map(|reason| said.entry(*reason).or_insert_with(|| self.words(*reason)).clone()).collect()
    }

    /// The same for reasons that many things rest on.
    pub(crate) fn say_once(&self, why: &Why) -> List<Because> {
        why.words(|reasons| self.say(reasons))
    }

    /// The full name of the fact that a reason speaks of.
    pub(crate) fn fact_name(&self, reason: Reason) -> Text {
        self.said.borrow_mut().entry(reason).or_insert_with(|| self.words(reason)).fact.clone()
    }

    fn words(&self, reason: Reason) -> Because {
        let duty = |at: usize| self.pack.duty_ids.get(at);
        let (id, done) = match reason {
            Reason::Fact(at, about) => match self.pack.schema.facts.get(at) {
                Some(fact) => return self.stated(fact, about),
                None => (String::new(), false),
            },
            Reason::Done(at, about) => {
                let id = match duty(at) {
                    Some((.., Scope::Report, shown)) => shown.clone(),
                    Some((id, ..)) => format!("{id}:{}", self.entity(about).map_or("", |e| e.id.as_str())),
                    None => String::new(),
                };
                (id, self.case.done.has(at, about))
            }
            Reason::AllDone(at) => (duty(at).map(|(id, ..)| id.clone()).unwrap_or_default(), true),
            Reason::Nobody => return Because { fact: NOBODY.into(), value: Value::word("not-asked") },
        };
        Because { fact: ["done.", &id].concat().into(), value: Value::word(if done { "yes" } else { "no" }) }
    }

    /// What a variable that is settled before any diagram is walked stands for.
    fn settled(&self, var: Var) -> Option<&'a Settled> {
        let layout = self.env.compiled.layout;
        let at = usize::from(var);
        let (scope, slot) = if at >= layout.device {
            (Scope::Device, at - layout.device)
        } else if at >= layout.person {
            (Scope::Person, at - layout.person)
        } else {
            (Scope::Report, at)
        };
        self.env.compiled.settled.get(&scope)?.get(slot)
    }

    /// A "known (…)" part that follows from facts which are kept in any case needs none of its own: a threat shows by itself that
    /// somebody takes part.
    fn told_by_the_rest(&self, about: About, var: Var, rests: &Rests<'_>) -> bool {
        if self.fact_of(about, var).is_some() {
            return false;
        }
        let Some(Settled::Known(at)) = self.settled(var) else { return false };
        let known = self.env.compiled.knowns.get(*at).filter(|known| known.formula.atoms.is_empty());
        let reach = known.map(|known| rests.reach(known.formula.node));
        reach.is_some_and(|reach| reach.definite() || !reach.possible())
    }

    fn name(&self, about: About, var: Var, because: &mut Reasons) {
        if let Some((fact, whose)) = self.fact_of(about, var) {
            because.add(Reason::Fact(fact.at, whose));
            return;
        }
        let Some(what) = self.settled(var) else { return };
        let place = |duty: &str| self.pack.duty_ids.iter().position(|(id, ..)| id == duty);
        let of_report = |at: usize| matches!(self.pack.duty_ids.get(at), Some((_, Scope::Report, _)));
        match what {
            Settled::Done(duty) => {
                if let Some(at) = place(duty) {
                    because.add(Reason::Done(at, if of_report(at) { About::Report } else { about }));
                }
            }
            Settled::AllDone(duty) => {
                if let Some(at) = place(duty) {
                    because.add(Reason::AllDone(at));
                }
            }
            Settled::Known(at) => self.name_known(*at, about, because),
        }
    }

    /// What is known rests on facts; what is not known is itself the reason.
    fn name_known(&self, at: usize, about: About, because: &mut Reasons) {
        let Some(known) = self.env.compiled.knowns.get(at) else { return };
        let whom = if known.scope == Scope::Report { About::Report } else { about };
        let remembered = self.known.borrow().get(&(at, whom)).cloned();
        let reasons = remembered.unwrap_or_else(|| {
            let reasons = self.reasons_of_known(&known.formula, whom);
            self.known.borrow_mut().insert((at, whom), reasons.clone());
            reasons
        });
        reasons.iter().for_each(|reason| because.add(*reason));
    }

    fn reasons_of_known(&self, inner: &'a Formula, whom: About) -> Why {
        let reach = self.env.reach(inner, whom);
        if reach.definite() || !reach.possible() {
            return self.because(inner, whom, reach.definite());
        }
        let open = self.open(inner, inner.node, whom);
        // A long list of what is open says nothing; it is told where it is asked.
        if open.len() > 2 {
            return Why::default();
        }
        self.open_why(inner, whom)
    }
}
