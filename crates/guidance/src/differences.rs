//! What differs between two advices on the same facts, as given by two packs.

use std::collections::BTreeMap;

use crate::advice::{Advice, Class, DutyState, OutcomeState, Strength};
use crate::advise::class_of_person;
use crate::case::Case;
use crate::decide::Decided;
use crate::eval::{About, Env};
use crate::pack::Pack;

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

/// What a pack decides of a report, by name: as much of it as is compared.
#[derive(Debug)]
pub struct Stands {
    class: Class,
    persons: BTreeMap<String, Class>,
    duties: BTreeMap<String, String>,
    outcomes: BTreeMap<String, OutcomeState>,
}

impl Differences {
    /// From the first to the second.
    pub fn between(first: &Advice, second: &Advice) -> Self {
        Self::of(&Stands::from(first), Stands::from(second))
    }

    /// The same of what was decided without words, as [`Pack::stands`] tells it.
    pub fn of(first: &Stands, second: Stands) -> Self {
        let person = |(id, before): (&String, &Class)| {
            let after = second.persons.get(id)?;
            (before != after).then(|| (id.clone(), *before, *after))
        };
        let mut found = Self {
            class: (first.class != second.class).then_some((first.class, second.class)),
            persons: first.persons.iter().filter_map(person).collect(),
            ..Self::default()
        };
        for (id, before, after) in both(&first.duties, second.duties) {
            match (before, after) {
                (None, _) => found.added.push(id),
                (_, None) => found.removed.push(id),
                (Some(before), Some(after)) => found.changed.push((id, before, after)),
            }
        }
        found.outcomes = both(&first.outcomes, second.outcomes).collect();
        found
    }
}

impl From<&Advice> for Stands {
    fn from(advice: &Advice) -> Self {
        let duties = advice.duties.iter();
        let outcomes = advice.outcomes.iter();
        Self {
            class: advice.class,
            persons: advice.persons.iter().map(|(id, person)| (id.clone(), person.class)).collect(),
            duties: duties.map(|duty| (duty.id.to_string(), stands(duty.strength, &duty.due, duty.state))).collect(),
            outcomes: outcomes.map(|one| (named(&one.code, one.subject.as_deref()), one.state)).collect(),
        }
    }
}

impl Pack {
    /// What was decided of a case, by name: with the class of each person and by when each duty is due, which [`Pack::decide_many`] leaves
    /// out.
    pub fn stands(&self, case: &Case, decided: &Decided) -> Stands {
        let env = Env::remembering(&self.compiled, case);
        let reach = |at, about| env.reach(self.formula(at), about);
        let people = || case.facts.person.iter().enumerate();
        let duties = decided.duties.iter().filter_map(|duty| {
            let rule = self.duty_rules.get(duty.duty)?;
            let due = self.due_by(rule, duty.about, &reach).map_or(&rule.due, |due| &due.time.due);
            Some((self.duty_id(duty, &case.facts), stands(rule.strength, due, duty.state)))
        });
        let outcomes = decided.outcomes.iter().filter_map(|one| {
            let subject = match one.about {
                About::Person(at) => case.facts.person.get(at).map(|person| person.id.as_str()),
                _ => None,
            };
            Some((named(&self.outcome_rules.get(one.outcome)?.code, subject), one.state))
        });
        let class = |at: usize| class_of_person(self, |formula| reach(formula, About::Person(at)));
        Stands {
            class: decided.class,
            persons: people().map(|(at, person)| (person.id.clone(), class(at))).collect(),
            duties: duties.collect(),
            outcomes: outcomes.collect(),
        }
    }
}

/// What the two have under one key and not alike.
fn both<T: PartialEq + Clone>(
    first: &BTreeMap<String, T>,
    mut second: BTreeMap<String, T>,
) -> impl Iterator<Item = (String, Option<T>, Option<T>)> {
    let mut all: BTreeMap<String, (Option<T>, Option<T>)> = first
        .iter()
        .map(|(id, before)| {
            let after = second.remove(id);
            (id.clone(), (Some(before.clone()), after))
        })
        .collect();
    all.extend(second.into_iter().map(|(id, after)| (id, (None, Some(after)))));
    all.into_iter().filter(|(_, (before, after))| before != after).map(|(id, (before, after))| (id, before, after))
}

fn stands(strength: Strength, due: &str, state: DutyState) -> String {
    format!("{strength}, {due}, {state}")
}

fn named(code: &str, child: Option<&str>) -> String {
    child.map_or_else(|| code.to_owned(), |child| format!("{code} for {child}"))
}
