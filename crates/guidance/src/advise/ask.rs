//! What to ask next: the open facts that can still change something, those that settle most first.

use rustc_hash::FxHashMap;

use super::crime::ACT_ON;
use super::others::ForOthers;
use super::{Advisor, OpenFact};
use crate::advice::{Ask, BearsOn, Class, DutyState, ForClass, Outcome, Record, Settles, Strength};
use crate::decide::DutyStands;
use crate::eval::About;
use crate::reasons::Reason;
use crate::rules::{CrimeRule, FormulaIx};
use crate::schema::{FactDef, Scope};
use crate::share::Text;

/// What an open fact could settle.
struct OpenFor<'a> {
    fact: &'a FactDef,
    about: About,
    /// Its place in the order of asking.
    order: usize,
    /// It is learnt by doing something that is still to be done.
    awaits: bool,
    /// One answer of it alone settles the class.
    alone: bool,
    class: bool,
    must: u32,
    other: u32,
    /// The first thing it bears on.
    bears_on: Option<BearsOn>,
}

/// Open facts in the order in which they were met.
pub(super) struct Found<'a> {
    all: Vec<OpenFor<'a>>,
    place: FxHashMap<(usize, About), usize>,
    pub(super) others: ForOthers,
}

impl Found<'_> {
    /// More that an open fact can settle, if it is asked.
    pub(super) fn count_more(&mut self, fact: (usize, About), must: u32, other: u32) {
        if let Some(settles) = self.place.get(&fact).and_then(|place| self.all.get_mut(*place)) {
            settles.count(must, other);
        }
    }
}

impl OpenFor<'_> {
    const fn count(&mut self, must: u32, other: u32) {
        self.must += must;
        self.other += other;
    }

    fn asked(self, fact: Text) -> Ask {
        let class = match (self.alone, self.class) {
            (true, _) => ForClass::Alone,
            (false, true) => ForClass::Needed,
            (false, false) => ForClass::Nothing,
        };
        let settles = Settles { class, bears_on: self.bears_on };
        Ask { fact, why: settles.says(str::to_owned), settles }
    }
}

impl<'a> Advisor<'a> {
    pub(super) fn ask_next(&self, stands: &[DutyStands], outcomes: &[Outcome], record: Record) -> Vec<Ask> {
        let mut found = Found {
            all: Vec::with_capacity(64),
            place: FxHashMap::with_capacity_and_hasher(64, rustc_hash::FxBuildHasher),
            others: ForOthers::default(),
        };
        if self.class == Class::Undetermined {
            for (fact, about) in self.open_class.iter().copied() {
                if let Some(settles) = self.entry(&mut found, fact, about) {
                    settles.class = true;
                    settles.alone = settles.alone || self.settles_class(fact, about);
                }
            }
        }
        self.duties_open(&mut found);
        for rule in &self.pack.crime_rules {
            for at in self.people() {
                self.mark(&mut found, rule.when, About::Person(at), false, &BearsOn::Record);
                if record == Record::NotYetKnown {
                    self.mark_of_others(&mut found, rule.when, About::Person(at), &BearsOn::Record);
                }
            }
            self.day_of_act(&mut found, rule);
        }
        if record == Record::NotYetKnown {
            self.mark_of_all(&mut found, self.pack.record.when, false, &BearsOn::Record);
        }
        for rule in &self.pack.grounds {
            for at in self.people() {
                self.mark(&mut found, rule.when, About::Person(at), false, &BearsOn::Ground);
            }
        }
        self.roles_open(&mut found);
        self.beside(&mut found, stands, outcomes);
        self.settled_for_others(&mut found);
        for settles in &mut found.all {
            settles.awaits = self.awaits(settles.fact, stands);
        }
        let mut all: Vec<(OpenFor<'a>, Text)> =
            found.all.into_iter().map(|settles| (self.name_of(&settles), settles)).map(|(n, s)| (s, n)).collect();
        all.sort_by(|(a, a_name), (b, b_name)| {
            // Among those on which as many "must" duties hang the order of the questions counts: it asks about safety first.
            let other = |s: &OpenFor<'_>| if s.must == 0 { s.other } else { 0 };
            let weight = |s: &OpenFor<'_>| (!s.awaits, s.alone, s.class, s.must, other(s));
            weight(b).cmp(&weight(a)).then(a.order.cmp(&b.order)).then_with(|| a_name.cmp(b_name))
        });
        all.into_iter().map(|(settles, fact)| settles.asked(fact)).collect()
    }

    /// Is something still to be done that brings the answer?
    fn awaits(&self, fact: &FactDef, stands: &[DutyStands]) -> bool {
        let after = self.pack.asked.get(fact.at).and_then(Option::as_ref).map_or(&[][..], |asked| &asked.after);
        !after.is_empty() && stands.iter().any(|duty| duty.state != DutyState::Done && after.contains(&duty.duty))
    }

    fn name_of(&self, settles: &OpenFor<'_>) -> Text {
        let about = if settles.fact.scope == Scope::Report { About::Report } else { settles.about };
        self.explain.fact_name(Reason::Fact(settles.fact.at, about))
    }

    /// The day of the act matters where a code that may apply is valid from or until a day.
    fn day_of_act(&self, found: &mut Found<'a>, rule: &CrimeRule) {
        let is_dated = rule.from.is_some() || rule.until.is_some();
        let is_asked = self.case.facts.report.get(ACT_ON).is_some_and(|day| day.as_word() != Some("not-known"));
        let applies = || self.people().any(|at| self.reach(rule.when, About::Person(at)).possible());
        if is_dated
            && !is_asked
            && applies()
            && let Some(fact) = self.pack.schema.get(ACT_ON)
        {
            self.also(found, (fact, About::Report), &BearsOn::Codes);
        }
    }

    /// It is asked for this, where it is asked for nothing else.
    pub(super) fn also(&self, found: &mut Found<'a>, (fact, about): OpenFact<'a>, bears: &BearsOn) {
        if let Some(settles) = self.entry(found, fact, about)
            && settles.bears_on.is_none()
        {
            settles.other += 1;
            settles.bears_on = Some(bears.clone());
        }
    }

    fn duties_open(&self, found: &mut Found<'a>) {
        for rule in &self.pack.duty_rules {
            let must = rule.strength == Strength::Must;
            let bears = |whom| BearsOn::Duty(rule.title.clone(), whom);
            match rule.scope {
                Scope::Report => self.mark_of_all(found, rule.when, must, &bears(None)),
                Scope::Person => {
                    for at in self.people() {
                        let about = About::Person(at);
                        self.mark(found, rule.when, about, must, &bears(self.person_of(about)));
                    }
                }
                Scope::Device => {
                    for at in 0..self.case.masks.devices() {
                        self.mark(found, rule.when, About::Device(at), must, &bears(None));
                    }
                }
            }
        }
        for at in 0..self.case.masks.devices() {
            for fact in self.open_of_device(at) {
                if let Some(settles) = self.entry(found, fact, About::Device(at)) {
                    settles.other += 1;
                    settles.bears_on.get_or_insert(BearsOn::Device);
                }
            }
        }
    }

    /// What hangs on nothing else is asked for the role: of a child whose age is not given in years, whether they are ten.
    fn roles_open(&self, found: &mut Found<'a>) {
        let core = &self.pack.core;
        for about in self.people().map(About::Person) {
            let reach = |at| self.reach(at, about);
            if reach(core.suspect_never).definite() || reach(core.suspect_possible).definite() {
                continue;
            }
            for formula in [core.suspect_never, core.suspect_possible].map(|at| self.formula(at)) {
                for (fact, whose) in self.explain.open(formula, formula.node, about).iter() {
                    if let Some(settles) = self.entry(found, fact, *whose) {
                        settles.bears_on.get_or_insert(BearsOn::Role);
                    }
                }
            }
        }
    }

    /// Open facts of a device itself that can still change its advice: those that a rule looks at which is not shut out by one before it.
    fn open_of_device(&self, device: usize) -> Vec<&'a FactDef> {
        let about = About::Device(device);
        let mut open: Vec<&FactDef> = Vec::new();
        for rule in &self.pack.device_rules {
            let formula = self.formula(rule.told);
            let facts = self.explain.open(formula, formula.node, about);
            let own = facts.iter().filter(|(fact, whose)| *whose == about && fact.scope == Scope::Device);
            open.extend(own.map(|(fact, _)| *fact));
            if self.reach(rule.told, about).definite() {
                break;
            }
        }
        open.sort_by_key(|fact| fact.at);
        open.dedup_by_key(|fact| fact.at);
        open
    }

    fn mark(&self, found: &mut Found<'a>, at: FormulaIx, about: About, must: bool, bears: &BearsOn) {
        let reach = self.reach(at, about);
        if !(reach.can_be_true && reach.can_be_false) {
            return;
        }
        let formula = self.formula(at);
        for (fact, whose) in self.explain.open(formula, formula.node, about).iter() {
            self.count(found, (*fact, *whose), must, bears);
        }
        found.others.waits(self.explain.open_quantifiers(formula, about), about, must);
    }

    /// Open facts of others that a condition about somebody turns on: an adult wrote, and how old the child is was not told.
    fn mark_of_others(&self, found: &mut Found<'a>, at: FormulaIx, about: About, bears: &BearsOn) {
        let formula = self.formula(at);
        if self.reach(at, about).both() && self.is_open_for_others(formula, about) {
            for open in self.open_of_others(&self.turns_on(formula, about), about) {
                self.count(found, open, false, bears);
            }
        }
    }

    /// The same for a condition about the report, which everybody's answers may settle.
    fn mark_of_all(&self, found: &mut Found<'a>, at: FormulaIx, must: bool, bears: &BearsOn) {
        let formula = self.formula(at);
        if formula.atoms.is_empty() || self.people().is_empty() {
            return self.mark(found, at, About::Report, must, bears);
        }
        let reach = self.reach(at, About::Report);
        if reach.can_be_true && reach.can_be_false {
            for open in &self.open_of_people(formula).facts {
                self.count(found, *open, must, bears);
            }
        }
    }

    fn count(&self, found: &mut Found<'a>, (fact, about): OpenFact<'a>, must: bool, bears: &BearsOn) {
        if let Some(settles) = self.entry(found, fact, about) {
            settles.count(u32::from(must), u32::from(!must));
            settles.bears_on.get_or_insert_with(|| bears.clone());
        }
    }

    /// The place of a fact in the list, if it is one that is asked of somebody at all.
    fn entry<'m>(&self, found: &'m mut Found<'a>, fact: &'a FactDef, about: About) -> Option<&'m mut OpenFor<'a>> {
        let order = self.pack.asked.get(fact.at)?.as_ref()?.order;
        let place = *found.place.entry((fact.at, about)).or_insert_with(|| {
            let (alone, class, must, other) = (false, false, 0, 0);
            let awaits = false;
            found.all.push(OpenFor { fact, about, order, awaits, alone, class, must, other, bears_on: None });
            found.all.len() - 1
        });
        found.all.get_mut(place)
    }

    /// Is there an answer after which the class is settled, whatever else is found out?
    fn settles_class(&self, fact: &FactDef, about: About) -> bool {
        let var = self.env.compiled.fact_var(fact.scope, fact.first_var);
        let view = match about {
            About::Person(at) => Some(at),
            _ => self.people().next(),
        };
        let Some(view) = view else { return false };
        let takes_part = self.reach(self.pack.core.report_takes_part, About::Report).definite();
        let turned = self.class_turned(view);
        let open = self.env.mask(About::Person(view), var);
        let arity = usize::from(self.env.compiled.diagrams.arity(var));
        (0..arity).filter(|value| open >> value & 1 == 1).any(|value| {
            let reach = turned.with(var, value);
            reach.definite() || (takes_part && !reach.possible())
        })
    }
}
