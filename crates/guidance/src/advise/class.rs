//! Classes, grounds and roles.

use std::collections::BTreeMap;

use smallvec::{SmallVec, smallvec};

use super::Advisor;
use super::waits::MAX_OPEN;
use crate::advice::{Class, Ground, NearMiss, PersonAdvice, SuspectRole, Truth};
use crate::eval::{About, Env};
use crate::mdd::{Mask, NodeId, Reach, Var};
use crate::pack::Pack;
use crate::reasons::{Reason, Why};
use crate::rules::{ClassRule, FormulaIx};
use crate::schema::{FactKind, Scope};

/// The class of a report under what is known.
pub(crate) fn class_in(pack: &Pack, env: &Env<'_>) -> Class {
    class_of(pack, |at| env.reach(pack.formula(at), About::Report))
}

pub(crate) fn class_of(pack: &Pack, reach: impl Fn(FormulaIx) -> Reach) -> Class {
    let aggravated = reach(pack.core.report_aggravated);
    if aggravated.definite() {
        Class::Aggravated
    } else if aggravated.possible() && pack.compiled.classes_apart {
        // It may be aggravated, and would not be experimental then.
        Class::Undetermined
    } else if reach(pack.core.report_experimental).definite() {
        Class::Experimental
    } else {
        Class::Undetermined
    }
}

/// The class of what one person did.
pub(crate) fn class_of_person(pack: &Pack, reach: impl Fn(FormulaIx) -> Reach) -> Class {
    let (takes_part, aggravated) = (reach(pack.core.takes_part), reach(pack.core.aggravated));
    if !takes_part.possible() {
        Class::NotInvolved
    } else if aggravated.definite() {
        Class::Aggravated
    } else if takes_part.definite() && !aggravated.possible() {
        Class::Experimental
    } else {
        Class::Undetermined
    }
}

impl Advisor<'_> {
    pub(super) fn report_class(&self) -> Class {
        class_in(self.pack, self.env)
    }

    pub(super) fn report_class_because(&self) -> Why {
        let core = &self.pack.core;
        match self.class {
            Class::Aggravated => self.explain.because(self.formula(core.report_aggravated), About::Report, true),
            Class::Experimental => self.explain.because(self.formula(core.report_experimental), About::Report, true),
            _ => Why::default(),
        }
    }

    pub(super) fn person(&self, at: usize) -> PersonAdvice {
        let about = About::Person(at);
        let core = &self.pack.core;
        let class = class_of_person(self.pack, |at| self.reach(at, about));
        let harmed = self.reach(core.harmed, about);
        let (harmed, harmed_why) = if harmed.definite() {
            (Truth::Yes, self.because(core.harmed, about, true))
        } else if harmed.possible() {
            (Truth::Undetermined, self.waits_on(core.harmed, about))
        } else {
            (Truth::No, self.because(core.harmed, about, false))
        };
        let (suspect_role, suspect_why) = self.suspect(about);
        let (suspect_role_because, suspect_role_because_more) = self.together(&suspect_why, MAX_OPEN);
        let rules = self.pack.class_rules.iter().filter(|rule| rule.of_person || rule.scope == Scope::Person);
        let mut grounds: Vec<Ground> = rules.filter_map(|rule| self.ground(rule, about)).collect();
        if class == Class::Experimental {
            grounds.extend(self.pack.grounds.iter().filter_map(|rule| self.ground(rule, about)));
        }
        PersonAdvice {
            class,
            harmed,
            harmed_because: self.explain.say_once(&harmed_why),
            harmed_because_more: harmed_why.more(),
            harmed_cites: core.harmed_cites.clone(),
            suspect_role,
            suspect_role_because,
            suspect_role_because_more,
            suspect_role_cites: core.suspect_cites.clone(),
            grounds,
        }
    }

    /// The role of suspect, and what it rests on: while it is not yet known, the open answers that could settle it either way.
    fn suspect(&self, about: About) -> (SuspectRole, SmallVec<[Why; 2]>) {
        let core = &self.pack.core;
        let why = |at| self.because(at, about, true);
        if self.reach(core.suspect_never, about).definite() {
            (SuspectRole::Never, smallvec![why(core.suspect_never)])
        } else if self.reach(core.suspect_possible, about).definite() {
            (SuspectRole::Possible, smallvec![why(core.suspect_possible)])
        } else {
            let waits = [core.suspect_never, core.suspect_possible].map(|at| self.waits_on(at, about));
            (SuspectRole::NotYetKnown, waits.into_iter().collect())
        }
    }

    fn ground(&self, rule: &ClassRule, about: About) -> Option<Ground> {
        self.reach(rule.when, about).definite().then(|| Ground {
            rule: rule.id.clone(),
            // Not by way of the class: it may follow from less than this rule does.
            because: self.explain.say_once(&self.explain.because(self.formula(rule.when), about, true)),
            cites: rule.cites.clone(),
            says: rule.says.clone(),
        })
    }

    /// The grounds of the report's class: for aggravated, every rule that makes it so; for
    /// experimental, what names it.
    pub(super) fn report_grounds(&self, persons: &BTreeMap<String, PersonAdvice>) -> Vec<Ground> {
        let aggravating = |id: &str| self.pack.class_rules.iter().any(|rule| rule.id == id);
        let wanted = |ground: &&Ground| match self.class {
            Class::Experimental => !aggravating(&ground.rule),
            _ => aggravating(&ground.rule),
        };
        let mut grounds: Vec<Ground> =
            persons.values().flat_map(|person| person.grounds.iter().filter(wanted).cloned()).collect();
        for rule in self.pack.class_rules.iter().filter(|rule| rule.scope == Scope::Report) {
            grounds.extend(self.ground(rule, About::Report));
        }
        if self.class == Class::Aggravated && grounds.is_empty() {
            // Definite only because every way it can turn out is aggravated, by one rule or another.
            grounds.push(Ground {
                rule: "in-every-completion".into(),
                because: self.explain.say_once(&self.class_because),
                cites: self.pack.class_rules.first().map(|rule| rule.cites.clone()).unwrap_or_default(),
                says: "However the open questions are answered, a feature that aggravates is present.".into(),
            });
        }
        grounds
    }

    /// Rules that do not hold but would if one answer, about the same person or the report, were another.
    pub(super) fn why_not(&self) -> Vec<NearMiss> {
        let mut near = Vec::new();
        for rule in &self.pack.class_rules {
            match rule.scope {
                Scope::Person => {
                    for at in self.people() {
                        self.near_misses(rule, About::Person(at), &mut near);
                    }
                }
                _ => self.near_misses(rule, About::Report, &mut near),
            }
        }
        near
    }

    fn near_misses(&self, rule: &ClassRule, about: About, near: &mut Vec<NearMiss>) {
        let formula = self.formula(rule.when);
        if self.reach(rule.when, about).definite() {
            return;
        }
        let subject = self.person_of(about);
        let compiled = self.env.compiled;
        let seen = self.env.seen(about);
        let tops = self.env.tops(formula, formula.node, about);
        // An answer that no walk comes by cannot make a difference on its own.
        let vars = self.explain.vars(&tops, about);
        for var in vars.into_iter().filter(|var| formula.support.binary_search(var).is_ok()) {
            let Some((fact, whose)) = self.explain.fact_of(about, var) else { continue };
            if !fact.changeable || !matches!(fact.kind, FactKind::YesNo | FactKind::Choice(_)) {
                continue;
            }
            let values = seen.mask(var);
            let arity = compiled.diagrams.arity(var);
            let other = (0..arity).map(|value| 1 << value).find(|other: &Mask| {
                let view = |v: Var| if v == var { *other } else { seen.mask(v) };
                let definite = |top: &NodeId| compiled.diagrams.reach(*top, &view).definite();
                *other != values && tops.iter().all(definite)
            });
            if other.is_some() {
                near.push(NearMiss {
                    rule: rule.id.clone(),
                    subject: subject.clone(),
                    missing: self.explain.say(&[Reason::Fact(fact.at, whose)]),
                    says: rule.says.clone(),
                });
            }
        }
    }
}
