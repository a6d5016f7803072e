//! Answers that a change has made moot: questions that were asked rightly and would not be asked any more. While what a question
//! is asked is the pack's to say.

use guidance::{Facts, Pack, Value};
use serde::Serialize;

use crate::id::{FactName, FactScope};

/// An answer that fell away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FellAway {
    /// The question.
    pub fact: FactName,
    /// The answer it had.
    pub value: Value,
    /// Why it is not asked any more, in plain words.
    pub because: String,
}

/// Answers of `before` whose questions would not be asked in `after`. Facts that the pack refuses make nothing fall away.
pub fn fell_away(before: &Facts, after: &Facts, pack: &Pack) -> Vec<FellAway> {
    if before == after {
        return Vec::new();
    }
    let (Ok(was), Ok(is)) = (pack.check(before), pack.check(after)) else { return Vec::new() };
    let (not_asked_before, not_asked) = (pack.not_asked(&was), pack.not_asked(&is));
    let newly = not_asked.into_iter().filter(|(fact, _)| !not_asked_before.contains_key(fact));
    let away = newly.filter_map(|(fact, moot)| {
        let fact: FactName = fact.parse().ok()?;
        let value = answer(before, &fact)?.clone();
        let because = match fact.scope() {
            FactScope::Report => moot.to_owned(),
            FactScope::Person(id) => moot.replace("{person}", &format!("Person {id}")),
            FactScope::Device(id) => moot.replace("{device}", &format!("Device {id}")),
        };
        Some(FellAway { fact, value, because })
    });
    away.collect()
}

fn answer<'a>(facts: &'a Facts, fact: &FactName) -> Option<&'a Value> {
    let of = |entities: &'a [guidance::Entity], id: &str| entities.iter().find(|entity| entity.id == id);
    match fact.scope() {
        FactScope::Report => facts.report.get(fact.name()),
        FactScope::Person(id) => of(&facts.person, id)?.facts.get(fact.name()),
        FactScope::Device(id) => of(&facts.device, id)?.facts.get(fact.name()),
    }
}
