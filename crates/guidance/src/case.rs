//! Facts turned into what the diagrams read: for every variable the set of still possible values.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::compile::{Layout, Settled};
use crate::eval::{About, Env, Owns};
use crate::facts::{Entity, Facts, Value};
use crate::masks::Masks;
use crate::mdd::Mask;
use crate::pack::Pack;
use crate::schema::{ADULT, EITHER, FactDef, FactKind, NO, Schema, Scope, YES, low_bits};

/// Facts that passed the checks of a pack, ready to be advised on: for every variable what it may be, and
/// what is known by now.
#[derive(Debug, Clone)]
pub struct Case {
    pub(crate) facts: Facts,
    pub(crate) masks: Masks,
    /// For each device which people use or own it.
    pub(crate) users: Vec<Vec<usize>>,
    pub(crate) done: Done,
    /// Which quantifiers' conditions hold for each person, as far as it was asked while this was settled.
    pub(crate) owns: Owns,
}

/// What a pack needs to make cases, looked up once.
#[derive(Debug, Default)]
pub(crate) struct Cases {
    /// The facts that a duty answers, of people and devices.
    settled_by: Vec<usize>,
    /// Duties by what `done` calls them: those of the report as they are shown, the others by their id.
    of_report: FxHashMap<String, SmallVec<[usize; 1]>>,
    of_one: FxHashMap<String, SmallVec<[usize; 1]>>,
    /// Variables that stand for a duty being done: the variable, whether for everybody, the duty, and whom it is for.
    done: Vec<(usize, bool, usize, Scope)>,
    /// What is possible of a variable when nothing is known.
    anything: Vec<Mask>,
}

impl Cases {
    /// `full` has what is possible of each variable, `settled` what is settled before a condition is looked at.
    pub(crate) fn new(
        schema: &Schema,
        duties: &[(String, Scope, String)],
        (layout, full): (Layout, &[Mask]),
        settled: &BTreeMap<Scope, Vec<Settled>>,
    ) -> Self {
        let mut made = Self { anything: full.to_vec(), ..Self::default() };
        let answered = |fact: &&FactDef| fact.scope != Scope::Report && fact.settled_by.is_some();
        made.settled_by = schema.facts.iter().filter(answered).map(|fact| fact.at).collect();
        for (at, (id, scope, shown)) in duties.iter().enumerate() {
            if *scope == Scope::Report {
                made.of_report.entry(shown.clone()).or_default().push(at);
            } else {
                made.of_one.entry(id.clone()).or_default().push(at);
            }
        }
        let place = |duty: &String| duties.iter().position(|(id, ..)| id == duty);
        for (scope, first) in [(Scope::Report, 0), (Scope::Person, layout.person), (Scope::Device, layout.device)] {
            for (slot, what) in settled.get(&scope).into_iter().flatten().enumerate() {
                let (duty, all) = match what {
                    Settled::Done(duty) => (duty, false),
                    Settled::AllDone(duty) => (duty, true),
                    // Filled in by the evaluation, in order.
                    Settled::Known(_) => continue,
                };
                if let Some(slot) = made.anything.get_mut(first + slot) {
                    *slot = NO;
                }
                if let Some(at) = place(duty)
                    && let Some((_, whose, _)) = duties.get(at)
                {
                    made.done.push((first + slot, all, at, *whose));
                }
            }
        }
        made
    }
}

impl Case {
    /// The facts it was made from.
    pub const fn facts(&self) -> &Facts {
        &self.facts
    }

    pub(crate) fn new(pack: &Pack, facts: Facts) -> Self {
        let (schema, compiled, cases) = (&pack.schema, &pack.compiled, &pack.cases);
        let layout = compiled.layout;
        let done = Done::new(pack, &facts);
        let counts = (facts.person.len(), facts.device.len());
        let mut masks = Masks::new(layout, &cases.anything, counts);
        let mut fill = |scope: Scope, about: About, given: &BTreeMap<String, Value>, subject: &str| {
            let first = match scope {
                Scope::Report => layout.report_facts,
                Scope::Person => layout.person_facts,
                Scope::Device => layout.device_facts,
            };
            for (name, value) in given {
                if let Some(fact) = schema.get(name).filter(|fact| fact.scope == scope) {
                    put(schema, fact, value, |offset, mask| masks.set(about, first + fact.first_var + offset, mask));
                }
            }
            for fact in cases.settled_by.iter().filter_map(|at| schema.facts.get(*at)) {
                // Only what was never asked is answered by doing a duty; "not known" stays not known.
                if fact.scope == scope
                    && !given.contains_key(&fact.name)
                    && let Some((duty, word)) = &fact.settled_by
                    && facts.done.iter().any(|id| is_for(id, duty, subject))
                {
                    put(schema, fact, &Value::word(word), |offset, mask| {
                        masks.set(about, first + fact.first_var + offset, mask);
                    });
                }
            }
        };
        fill(Scope::Report, About::Report, &facts.report, "");
        for (at, person) in facts.person.iter().enumerate() {
            fill(Scope::Person, About::Person(at), &person.facts, &person.id);
        }
        for (at, device) in facts.device.iter().enumerate() {
            fill(Scope::Device, About::Device(at), &device.facts, &device.id);
        }
        for (var, all, duty, whose) in cases.done.iter().copied() {
            done.settle(&mut masks, (var, all), (duty, whose), layout);
        }
        let users: Vec<Vec<usize>> = facts.device.iter().map(|device| users(schema, device, &facts)).collect();
        let (masks, owns) = Env::settle(compiled, masks, &users, 0..compiled.knowns.len());
        Self { facts, masks, users, done, owns }
    }
}

/// Is this what `done` calls a duty for this one?
fn is_for(id: &str, duty: &str, subject: &str) -> bool {
    id.strip_prefix(duty).and_then(|rest| rest.strip_prefix(':')) == Some(subject)
}

/// Which duties are complete, by the place of the duty in the pack and whom it is for: one bit each.
#[derive(Debug, Clone, Default)]
pub(crate) struct Done {
    bits: SmallVec<[u64; 6]>,
    duties: usize,
    persons: usize,
    devices: usize,
}

impl Done {
    fn new(pack: &Pack, facts: &Facts) -> Self {
        let (duties, persons, devices) = (pack.duty_ids.len(), facts.person.len(), facts.device.len());
        let words = if facts.done.is_empty() { 0 } else { (duties * (1 + persons + devices)).div_ceil(64) };
        let mut done = Self { bits: smallvec::smallvec![0; words], duties, persons, devices };
        for id in &facts.done {
            for duty in pack.cases.of_report.get(id).into_iter().flatten() {
                done.put(*duty, About::Report);
            }
            let Some((name, subject)) = id.split_once(':') else { continue };
            for duty in pack.cases.of_one.get(name).into_iter().flatten() {
                let at = |entities: &[Entity]| entities.iter().position(|entity| entity.id == subject);
                let whom = match pack.duty_ids.get(*duty) {
                    Some((_, Scope::Person, _)) => at(&facts.person).map(About::Person),
                    Some((_, Scope::Device, _)) => at(&facts.device).map(About::Device),
                    _ => None,
                };
                if let Some(whom) = whom {
                    done.put(*duty, whom);
                }
            }
        }
        done
    }

    const fn place(&self, duty: usize, about: About) -> usize {
        let subject = match about {
            About::Report => 0,
            About::Person(at) => 1 + at,
            About::Device(at) => 1 + self.persons + at,
        };
        subject * self.duties + duty
    }

    fn put(&mut self, duty: usize, about: About) {
        let place = self.place(duty, about);
        if let Some(word) = self.bits.get_mut(place / 64) {
            *word |= 1 << (place % 64);
        }
    }

    /// Is this duty complete for this one?
    pub(crate) fn has(&self, duty: usize, about: About) -> bool {
        let place = self.place(duty, about);
        self.bits.get(place / 64).is_some_and(|word| word >> (place % 64) & 1 == 1)
    }

    fn all(&self, duty: usize, whose: Scope) -> bool {
        match whose {
            Scope::Report => self.has(duty, About::Report),
            Scope::Person => (0..self.persons).all(|at| self.has(duty, About::Person(at))),
            Scope::Device => (0..self.devices).all(|at| self.has(duty, About::Device(at))),
        }
    }

    /// Says of a variable that stands for a duty being done whether it is.
    fn settle(&self, masks: &mut Masks, (var, all): (usize, bool), (duty, whose): (usize, Scope), layout: Layout) {
        if var < layout.person {
            let done =
                if all || whose == Scope::Report { self.all(duty, whose) } else { self.has(duty, About::Report) };
            masks.set(About::Report, var, if done { YES } else { NO });
            return;
        }
        let has =
            |about: About| if whose == Scope::Report { self.has(duty, About::Report) } else { self.has(duty, about) };
        let one = |about: About| if has(about) { YES } else { NO };
        if var < layout.device {
            (0..self.persons).map(About::Person).for_each(|about| masks.set(about, var, one(about)));
        } else {
            (0..self.devices).map(About::Device).for_each(|about| masks.set(about, var, one(about)));
        }
    }
}

fn users(schema: &Schema, device: &Entity, facts: &Facts) -> Vec<usize> {
    let is_people = |name: &String| {
        schema.get(name).is_some_and(|fact| fact.scope == Scope::Device && fact.kind == FactKind::People)
    };
    let mut users: Vec<usize> = device
        .facts
        .iter()
        .filter_map(|(name, value)| if let Value::Words(ids) = value { Some((name, ids)) } else { None })
        .filter(|(name, _)| is_people(name))
        .flat_map(|(_, ids)| ids)
        .filter_map(|id| facts.person.iter().position(|person| person.id == *id))
        .collect();
    users.sort_unstable();
    users.dedup();
    users
}

/// Says what each variable of a fact may be, by its place among those of the fact.
fn put(schema: &Schema, fact: &FactDef, value: &Value, mut say: impl FnMut(usize, Mask)) {
    match &fact.kind {
        FactKind::YesNo => say(
            0,
            match value.as_word() {
                Some("yes") => YES,
                Some("no") => NO,
                _ => EITHER,
            },
        ),
        FactKind::Age => {
            let child = schema.bands.under(ADULT);
            let mask = match value {
                Value::Years(years) => schema.bands.of(*years),
                Value::Word(word) if word == "child" => child,
                Value::Word(word) if word == "adult" => schema.bands.all() & !child,
                _ => schema.bands.all(),
            };
            say(0, mask);
        }
        FactKind::Choice(words) => {
            let at = value.as_word().and_then(|word| words.iter().position(|known| known == word));
            say(0, at.map_or_else(|| low_bits(words.len()), |at| 1 << at));
        }
        FactKind::Set(words) => {
            if let Value::Words(held) = value {
                words.iter().enumerate().for_each(|(at, word)| say(at, if held.contains(word) { YES } else { NO }));
            }
        }
        FactKind::People | FactKind::Words | FactKind::Day => {}
    }
}
