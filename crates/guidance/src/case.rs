//! Facts turned into what the diagrams read: for every variable the set of still possible values.

use std::collections::BTreeSet;

use crate::compile::Settled;
use crate::eval::{About, Env};
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
}

impl Case {
    /// The facts it was made from.
    pub const fn facts(&self) -> &Facts {
        &self.facts
    }

    pub(crate) fn new(pack: &Pack, facts: Facts) -> Self {
        let (schema, compiled) = (&pack.schema, &pack.compiled);
        let done = Done::new(&pack.duty_ids, &facts);
        let settled = |scope: Scope, about: About, masks: &mut Vec<Mask>| {
            let list = compiled.settled.get(&scope).map_or(&[][..], Vec::as_slice);
            masks.extend(list.iter().map(|what| settled_mask(what, about, &pack.duty_ids, &done, &facts)));
        };
        let words: BTreeSet<&str> = facts.done.iter().map(String::as_str).collect();
        let mut one = Vec::with_capacity(compiled.layout.person);
        settled(Scope::Report, About::Report, &mut one);
        one.resize(compiled.layout.report_facts, EITHER);
        add_masks(schema, Scope::Report, &facts.report, "", &words, &mut one);
        let mut masks = Masks::new(compiled.layout, &one, (facts.person.len(), facts.device.len()));
        for (at, person) in facts.person.iter().enumerate() {
            one.clear();
            settled(Scope::Person, About::Person(at), &mut one);
            add_masks(schema, Scope::Person, &person.facts, &person.id, &words, &mut one);
            masks.fill(About::Person(at), &one);
        }
        for (at, device) in facts.device.iter().enumerate() {
            one.clear();
            settled(Scope::Device, About::Device(at), &mut one);
            add_masks(schema, Scope::Device, &device.facts, &device.id, &words, &mut one);
            masks.fill(About::Device(at), &one);
        }
        let users: Vec<Vec<usize>> = facts.device.iter().map(|device| users(schema, device, &facts)).collect();
        let masks = Env::settle(compiled, masks, &users, 0..compiled.knowns.len());
        Self { facts, masks, users, done }
    }
}

/// Which duties are complete, by the place of the duty in the pack and whom it is for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Done(BTreeSet<(usize, About)>);

impl Done {
    fn new(duties: &[(String, Scope, String)], facts: &Facts) -> Self {
        let mut done = BTreeSet::new();
        for id in &facts.done {
            for (duty, (_, scope, shown)) in duties.iter().enumerate() {
                if *scope == Scope::Report && shown == id {
                    done.insert((duty, About::Report));
                }
            }
            let Some((name, subject)) = id.split_once(':') else { continue };
            for (duty, (_, scope, _)) in duties.iter().enumerate().filter(|(_, (known, ..))| known == name) {
                let at = |entities: &[Entity]| entities.iter().position(|entity| entity.id == subject);
                let whom = match scope {
                    Scope::Report => None,
                    Scope::Person => at(&facts.person).map(About::Person),
                    Scope::Device => at(&facts.device).map(About::Device),
                };
                done.extend(whom.map(|whom| (duty, whom)));
            }
        }
        Self(done)
    }

    /// Is this duty complete for this one?
    pub(crate) fn has(&self, duty: usize, about: About) -> bool {
        !self.0.is_empty() && self.0.contains(&(duty, about))
    }
}

fn settled_mask(what: &Settled, about: About, duties: &[(String, Scope, String)], done: &Done, facts: &Facts) -> Mask {
    let find = |duty: &str| {
        let at = duties.iter().position(|(id, ..)| id == duty)?;
        Some((at, duties.get(at)?.1))
    };
    let yes = match what {
        Settled::Done(duty) => match find(duty) {
            Some((at, Scope::Report)) => done.has(at, About::Report),
            Some((at, _)) => done.has(at, about),
            None => false,
        },
        Settled::AllDone(duty) => match find(duty) {
            Some((at, Scope::Report)) => done.has(at, About::Report),
            Some((at, Scope::Person)) => (0..facts.person.len()).all(|person| done.has(at, About::Person(person))),
            Some((at, Scope::Device)) => (0..facts.device.len()).all(|device| done.has(at, About::Device(device))),
            None => false,
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

fn add_masks(
    schema: &Schema,
    scope: Scope,
    facts: &std::collections::BTreeMap<String, Value>,
    subject: &str,
    done: &BTreeSet<&str>,
    all: &mut Vec<Mask>,
) {
    for fact in schema.in_scope(scope) {
        let mut value = facts.get(&fact.name);
        let settled = fact.settled_by.as_ref().filter(|(duty, _)| done.contains(format!("{duty}:{subject}").as_str()));
        let assumed = settled.map(|(_, word)| Value::word(word));
        // Only what was never asked is answered by doing a duty; "not known" stays not known.
        if value.is_none() {
            value = assumed.as_ref();
        }
        push_masks(schema, fact, value, all);
    }
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
