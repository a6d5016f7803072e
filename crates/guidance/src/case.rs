//! Facts turned into what the diagrams read: for every variable the set of still possible values.

use std::collections::BTreeSet;

use crate::compile::{Compiled, Layout, Settled};
use crate::eval::About;
use crate::facts::{Entity, Facts, Value};
use crate::mdd::{Mask, Var};
use crate::schema::{ADULT, EITHER, FactDef, FactKind, NO, Schema, Scope, YES, low_bits};

/// Facts that passed the checks of a pack, ready to be advised on.
#[derive(Debug, Clone)]
pub struct Case {
    pub(crate) facts: Facts,
    /// Masks of all variables before those of a person; quantifiers stay open.
    pub(crate) report: Vec<Mask>,
    /// For each person the masks of a person's variables.
    pub(crate) persons: Vec<Vec<Mask>>,
    /// For each device the masks of a device's variables.
    pub(crate) devices: Vec<Vec<Mask>>,
    /// For each device which people use or own it.
    pub(crate) users: Vec<Vec<usize>>,
}

impl Case {
    /// The facts it was made from.
    pub const fn facts(&self) -> &Facts {
        &self.facts
    }

    /// What is known, without the words it came in: for "what if".
    pub(crate) fn clone_masks(&self) -> Self {
        Self {
            facts: Facts::default(),
            report: self.report.clone(),
            persons: self.persons.clone(),
            devices: Vec::new(),
            users: Vec::new(),
        }
    }

    /// Says what a variable of the report or of a person may be.
    pub(crate) fn set(&mut self, layout: &Layout, about: About, var: Var, mask: Mask) {
        let var = usize::from(var);
        let slot = match about {
            About::Person(person) if var >= layout.person => {
                self.persons.get_mut(person).and_then(|masks| masks.get_mut(var - layout.person))
            }
            _ => self.report.get_mut(var),
        };
        if let Some(slot) = slot {
            *slot = mask;
        }
    }

    pub(crate) fn new(schema: &Schema, compiled: &Compiled, duties: &[(String, Scope, String)], facts: Facts) -> Self {
        let done: BTreeSet<&str> = facts.done.iter().map(String::as_str).collect();
        let layout = compiled.layout;
        let settled = |scope: Scope, subject: &str| -> Vec<Mask> {
            compiled.settled.get(&scope).map_or_else(Vec::new, |list| {
                list.iter().map(|what| settled_mask(what, scope, subject, duties, &done, &facts)).collect()
            })
        };
        let mut report = settled(Scope::Report, "");
        report.resize(layout.report_facts, EITHER);
        report.extend(masks(schema, Scope::Report, &facts.report, "", &done));
        let entity = |scope: Scope, entity: &Entity| {
            let mut all = settled(scope, &entity.id);
            all.extend(masks(schema, scope, &entity.facts, &entity.id, &done));
            all
        };
        let persons = facts.person.iter().map(|person| entity(Scope::Person, person)).collect();
        let devices = facts.device.iter().map(|device| entity(Scope::Device, device)).collect();
        let users = facts.device.iter().map(|device| users(schema, device, &facts)).collect();
        Self { report, persons, devices, users, facts }
    }
}

fn settled_mask(
    what: &Settled,
    scope: Scope,
    subject: &str,
    duties: &[(String, Scope, String)],
    done: &BTreeSet<&str>,
    facts: &Facts,
) -> Mask {
    let id_of = |duty: &str, subject: &str| match duties.iter().find(|(id, ..)| id == duty) {
        Some((.., Scope::Report, shown)) => shown.clone(),
        _ => format!("{duty}:{subject}"),
    };
    let yes = match what {
        Settled::Done(duty) if scope == Scope::Report => done.contains(id_of(duty, "").as_str()),
        Settled::Done(duty) => done.contains(id_of(duty, subject).as_str()),
        Settled::AllDone(duty) => match duties.iter().find(|(id, ..)| id == duty).map(|(_, scope, _)| *scope) {
            Some(Scope::Person) => facts.person.iter().all(|p| done.contains(id_of(duty, &p.id).as_str())),
            Some(Scope::Device) => facts.device.iter().all(|d| done.contains(id_of(duty, &d.id).as_str())),
            _ => done.contains(id_of(duty, "").as_str()),
        },
        // Filled in by the evaluation, in order.
        Settled::Known(_) => return EITHER,
    };
    if yes { YES } else { NO }
}

fn users(schema: &Schema, device: &Entity, facts: &Facts) -> Vec<usize> {
    let mut users: Vec<usize> = schema
        .in_scope(Scope::Device)
        .filter(|fact| fact.kind == FactKind::People)
        .filter_map(|fact| device.facts.get(&fact.name))
        .filter_map(|value| if let Value::Words(ids) = value { Some(ids) } else { None })
        .flatten()
        .filter_map(|id| facts.person.iter().position(|person| person.id == *id))
        .collect();
    users.sort_unstable();
    users.dedup();
    users
}

fn masks(
    schema: &Schema,
    scope: Scope,
    facts: &std::collections::BTreeMap<String, Value>,
    subject: &str,
    done: &BTreeSet<&str>,
) -> Vec<Mask> {
    let mut all = Vec::with_capacity(schema.width(scope));
    for fact in schema.in_scope(scope) {
        let mut value = facts.get(&fact.name);
        let settled = fact.settled_by.as_ref().filter(|(duty, _)| done.contains(format!("{duty}:{subject}").as_str()));
        let assumed = settled.map(|(_, word)| Value::word(word));
        // Only what was never asked is answered by doing a duty; "not known" stays not known.
        if value.is_none() {
            value = assumed.as_ref();
        }
        push_masks(schema, fact, value, &mut all);
    }
    all
}

fn push_masks(schema: &Schema, fact: &FactDef, value: Option<&Value>, all: &mut Vec<Mask>) {
    match &fact.kind {
        FactKind::YesNo => all.push(match value.and_then(Value::as_word) {
            Some("yes") => YES,
            Some("no") => NO,
            _ => EITHER,
        }),
        FactKind::Age => {
            let child = schema.bands.under(ADULT);
            all.push(match value {
                Some(Value::Years(years)) => schema.bands.of(*years),
                Some(Value::Word(word)) if word == "child" => child,
                Some(Value::Word(word)) if word == "adult" => schema.bands.all() & !child,
                _ => schema.bands.all(),
            });
        }
        FactKind::Choice(words) => {
            let at = value.and_then(Value::as_word).and_then(|word| words.iter().position(|known| known == word));
            all.push(at.map_or_else(|| low_bits(words.len()), |at| 1 << at));
        }
        FactKind::Set(words) => match value {
            Some(Value::Words(held)) => all.extend(words.iter().map(|word| if held.contains(word) { YES } else { NO })),
            _ => all.extend(words.iter().map(|_| EITHER)),
        },
        FactKind::People | FactKind::Words | FactKind::Day => {}
    }
}
