//! What to ask next: the open facts that can still change something, those that settle most first.

use std::collections::BTreeMap;

use super::Advisor;
use super::rest::ACT_ON;
use crate::advice::{Ask, Because, Class, Strength};
use crate::eval::About;
use crate::explain::full_name;
use crate::mdd::{Mask, Var};
use crate::rules::{CrimeRule, FormulaIx};
use crate::schema::{FactDef, Scope};

/// What an open fact could settle.
#[derive(Default)]
struct Settles {
    /// One answer of it alone settles the class.
    alone: bool,
    class: bool,
    must: u32,
    other: u32,
    words: Vec<String>,
}

/// Most open facts named where something waits for the class; all of them are in `ask_next`.
const MAX_OPEN_CLASS: usize = 20;

impl<'a> Advisor<'a> {
    pub(super) fn ask_next(&self) -> Vec<Ask> {
        let mut found: BTreeMap<String, (usize, Settles)> = BTreeMap::new();
        if self.class == Class::Undetermined {
            for (fact, about) in self.open_class.iter().copied() {
                let alone = self.settles_class(fact, about);
                let entry = self.entry(&mut found, fact, about);
                if let Some(settles) = entry {
                    settles.class = true;
                    settles.alone |= alone;
                }
            }
        }
        self.duties_open(&mut found);
        for rule in &self.pack.crime_rules {
            for at in self.people() {
                self.mark(&mut found, rule.when, About::Person(at), false, "whether a crime is recorded");
            }
            self.day_of_act(&mut found, rule);
        }
        for rule in &self.pack.grounds {
            for at in self.people() {
                self.mark(&mut found, rule.when, About::Person(at), false, "the ground of the class");
            }
        }
        let mut all: Vec<(String, usize, Settles)> =
            found.into_iter().map(|(fact, (order, s))| (fact, order, s)).collect();
        all.sort_by_key(|(fact, order, s)| {
            (std::cmp::Reverse((s.alone, s.class, s.must, s.other)), *order, fact.clone())
        });
        all.into_iter().map(|(fact, _, settles)| Ask { fact, why: why(&settles) }).collect()
    }

    /// The day of the act matters where a code that may apply is valid from or until a day.
    fn day_of_act(&self, found: &mut BTreeMap<String, (usize, Settles)>, rule: &CrimeRule) {
        let is_dated = rule.from.is_some() || rule.until.is_some();
        let is_asked = self.env.case.facts.report.get(ACT_ON).is_some_and(|day| day.as_word() != Some("not-known"));
        let applies = || self.people().any(|at| self.reach(rule.when, About::Person(at)).possible());
        if is_dated
            && !is_asked
            && applies()
            && let Some(fact) = self.pack.schema.get(ACT_ON)
            && let Some(settles) = self.entry(found, fact, About::Report)
            && settles.words.is_empty()
        {
            settles.other += 1;
            settles.words.push("which crime codes were in force".to_owned());
        }
    }

    fn duties_open(&self, found: &mut BTreeMap<String, (usize, Settles)>) {
        for rule in &self.pack.duty_rules {
            let must = rule.strength == Strength::Must;
            let title =
                self.pack.duties().iter().find(|d| d.id == rule.id).map_or(rule.id.as_str(), |d| d.title.as_str());
            match rule.scope {
                Scope::Report => self.mark(found, rule.when, About::Report, must, title),
                Scope::Person => {
                    for at in self.people() {
                        let words = title.replace("{person}", &self.person_id(at));
                        self.mark(found, rule.when, About::Person(at), must, &words);
                    }
                }
                Scope::Device => {
                    for at in 0..self.env.case.devices.len() {
                        self.mark(found, rule.when, About::Device(at), must, title);
                    }
                }
            }
        }
        // A device's advice looks at what is known of it, so its own open facts matter too.
        for (at, device) in self.env.case.facts.device.iter().enumerate() {
            for fact in self.pack.schema.in_scope(Scope::Device) {
                if fact.width() > 0
                    && !device.facts.contains_key(&fact.name)
                    && let Some(settles) = self.entry(found, fact, About::Device(at))
                {
                    settles.other += 1;
                    settles.words.push("the advice on the device".to_owned());
                }
            }
        }
    }

    fn mark(
        &self,
        found: &mut BTreeMap<String, (usize, Settles)>,
        at: FormulaIx,
        about: About,
        must: bool,
        words: &str,
    ) {
        let reach = self.reach(at, about);
        if !(reach.can_be_true && reach.can_be_false) {
            return;
        }
        let formula = self.formula(at);
        for (fact, whose) in self.explain.open(formula, formula.node, about) {
            if let Some(settles) = self.entry(found, fact, whose) {
                if must {
                    settles.must += 1;
                } else {
                    settles.other += 1;
                }
                if settles.words.len() < 3 && !settles.words.iter().any(|w| w == words) {
                    settles.words.push(words.to_owned());
                }
            }
        }
    }

    /// The place of a fact in the list, if it is one that is asked of somebody at all.
    fn entry<'m>(
        &self,
        found: &'m mut BTreeMap<String, (usize, Settles)>,
        fact: &FactDef,
        about: About,
    ) -> Option<&'m mut Settles> {
        let order = self.pack.asked_at.get(fact.at).copied().flatten()?;
        let id = self.subject(about);
        let name = full_name(fact, if fact.scope == Scope::Report { None } else { id.as_deref() });
        Some(&mut found.entry(name).or_insert_with(|| (order, Settles::default())).1)
    }

    fn subject(&self, about: About) -> Option<String> {
        match about {
            About::Report => None,
            About::Person(at) => self.env.case.facts.person.get(at).map(|e| e.id.clone()),
            About::Device(at) => self.env.case.facts.device.get(at).map(|e| e.id.clone()),
        }
    }

    /// Open facts that can still change the class of the report, seen from every person in turn.
    pub(super) fn find_open_class(&self) -> Vec<(&'a FactDef, About)> {
        let formula = self.formula(self.pack.core.report_aggravated);
        let mut open = Vec::new();
        for at in self.people() {
            for (fact, about) in self.explain.open(formula, formula.person_view, About::Person(at)) {
                if about != About::Report
                    || !open.iter().any(|(f, a): &(&FactDef, About)| f.at == fact.at && *a == about)
                {
                    open.push((fact, about));
                }
            }
        }
        let takes_part = self.formula(self.pack.core.report_takes_part);
        if !self.env.reach(takes_part, About::Report).definite() {
            for at in self.people() {
                open.extend(self.explain.open(takes_part, takes_part.person_view, About::Person(at)));
            }
        }
        open
    }

    /// The same as reasons, for what waits for the class.
    pub(super) fn open_class_facts(&self) -> Vec<Because> {
        self.open_class.iter().take(MAX_OPEN_CLASS).map(|(fact, about)| self.explain.stated(fact, *about)).collect()
    }

    /// Is there an answer after which the class is settled, whatever else is found out?
    fn settles_class(&self, fact: &FactDef, about: About) -> bool {
        let core = &self.pack.core;
        let aggravated = self.formula(core.report_aggravated);
        let var = self.env.compiled.fact_var(fact.scope, fact.first_var);
        let views: Vec<About> = match about {
            About::Person(_) => vec![about],
            _ => self.people().take(1).map(About::Person).collect(),
        };
        let takes_part = self.reach(core.report_takes_part, About::Report).definite();
        views.into_iter().any(|view| {
            let open = self.env.mask(view, var);
            let arity = self.env.compiled.diagrams.arity(var);
            (0..arity).filter(|value| open >> value & 1 == 1).any(|value| {
                let mask = |v: Var| if v == var { 1 << value } else { self.env.mask(view, v) };
                let mask: &dyn Fn(Var) -> Mask = &mask;
                let reach = self.env.reach_seen(aggravated, aggravated.person_view, view, &mask);
                reach.definite() || (takes_part && !reach.possible())
            })
        })
    }
}

fn why(settles: &Settles) -> String {
    let mut parts = Vec::new();
    if settles.alone {
        parts.push("settles the class".to_owned());
    } else if settles.class {
        parts.push("needed for the class".to_owned());
    }
    if let Some(words) = settles.words.first() {
        parts.push(format!("bears on: {}", lower_first(words)));
    }
    parts.join("; ")
}

fn lower_first(words: &str) -> String {
    let mut chars = words.chars();
    match chars.next() {
        // An abbreviation such as VPA keeps its capitals.
        Some(first) if !chars.clone().next().is_some_and(char::is_uppercase) => {
            first.to_lowercase().chain(chars).collect()
        }
        _ => words.to_owned(),
    }
}
