//! What differs between two advices on the same facts, as given by two packs.

use std::collections::BTreeMap;

use crate::advice::{Advice, Class, Duty, Outcome, OutcomeState};

/// What is decided otherwise: class, duties and outcomes. Words, reasons and cites do not count.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Differences {
    /// Of the report, before and after.
    pub class: Option<(Class, Class)>,
    /// Of people who are in both, by id.
    pub persons: Vec<(String, Class, Class)>,
    /// Ids of duties that only the second has.
    pub added: Vec<String>,
    /// Ids of duties that only the first has.
    pub removed: Vec<String>,
    /// Duties that both have, and how each stands: `must, now, due`.
    pub changed: Vec<(String, String, String)>,
    /// `21`, or `21 for A`; nothing where one of the two does not answer it.
    pub outcomes: Vec<(String, Option<OutcomeState>, Option<OutcomeState>)>,
}

impl Differences {
    /// From the first to the second.
    pub fn between(first: &Advice, second: &Advice) -> Self {
        let duties = |advice: &Advice| -> BTreeMap<String, String> {
            advice.duties.iter().map(|duty| (duty.id.to_string(), stands(duty))).collect()
        };
        let outcomes = |advice: &Advice| -> BTreeMap<String, OutcomeState> {
            advice.outcomes.iter().map(|outcome| (named(outcome), outcome.state)).collect()
        };
        let person = |(id, before): (&String, &crate::advice::PersonAdvice)| {
            let after = second.persons.get(id)?;
            (before.class != after.class).then(|| (id.clone(), before.class, after.class))
        };
        let mut found = Self {
            class: (first.class != second.class).then_some((first.class, second.class)),
            persons: first.persons.iter().filter_map(person).collect(),
            ..Self::default()
        };
        for (id, before, after) in both(duties(first), duties(second)) {
            match (before, after) {
                (None, _) => found.added.push(id),
                (_, None) => found.removed.push(id),
                (Some(before), Some(after)) => found.changed.push((id, before, after)),
            }
        }
        found.outcomes = both(outcomes(first), outcomes(second)).collect();
        found
    }
}

/// What the two have under one key and not alike.
fn both<T: PartialEq + Clone>(
    first: BTreeMap<String, T>,
    mut second: BTreeMap<String, T>,
) -> impl Iterator<Item = (String, Option<T>, Option<T>)> {
    let mut all: BTreeMap<String, (Option<T>, Option<T>)> = first
        .into_iter()
        .map(|(id, before)| {
            let after = second.remove(&id);
            (id, (Some(before), after))
        })
        .collect();
    all.extend(second.into_iter().map(|(id, after)| (id, (None, Some(after)))));
    all.into_iter().filter(|(_, (before, after))| before != after).map(|(id, (before, after))| (id, before, after))
}

fn stands(duty: &Duty) -> String {
    format!("{}, {}, {}", duty.strength, duty.due, duty.state)
}

fn named(outcome: &Outcome) -> String {
    match &outcome.subject {
        None => outcome.code.to_string(),
        Some(child) => format!("{} for {child}", outcome.code),
    }
}
