//! Answers that a change has made moot: questions that were asked rightly and would not be asked any more.

use guidance::{Entity, Facts, Pack, Value};
use serde::Serialize;

use crate::fact::NOT_KNOWN;
use crate::id::FactName;

/// Asked of the report only where the ages and abilities of the children make it matter. Which those are is the pack's to say.
const ASKED_WHERE_AGES_DIFFER: &str = "age_appropriate";
/// From this age somebody is an adult in the words of the contract.
const ADULT: u8 = 18;

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

/// Answers of `before` whose questions would not be asked in `after`.
pub fn fell_away(before: &Facts, after: &Facts, pack: &Pack) -> Vec<FellAway> {
    let mut away = Vec::new();
    for person in &before.person {
        let Some(now) = after.person.iter().find(|p| p.id == person.id) else {
            continue;
        };
        for (name, value) in &person.facts {
            let section = pack.question(&format!("person.{name}")).map(|q| q.section.as_str()).unwrap_or_default();
            let because = match section {
                "pictured" if is_pictured(person) && !is_pictured(now) => "no longer somebody who is pictured",
                "adult" if may_be_adult(person) && !may_be_adult(now) => "now known to be a child",
                _ => continue,
            };
            if let Ok(fact) = format!("person.{}.{name}", person.id).parse() {
                away.push(FellAway {
                    fact,
                    value: value.clone(),
                    because: format!("Person {} is {because}", person.id),
                });
            }
        }
    }
    away.extend(ages_moot(before, after, pack));
    away
}

fn is_pictured(person: &Entity) -> bool {
    matches!(person.facts.get("part"), Some(Value::Words(parts)) if parts.iter().any(|p| p == "pictured"))
}

fn may_be_adult(person: &Entity) -> bool {
    match person.facts.get("age") {
        Some(Value::Years(years)) => *years >= ADULT,
        Some(Value::Word(word)) => word != "child",
        Some(Value::Words(_)) | None => true,
    }
}

/// Whether the ages make the question matter is asked of the pack itself: does the answer change the class of a
/// report with these people in which nothing else is wrong?
fn ages_moot(before: &Facts, after: &Facts, pack: &Pack) -> Option<FellAway> {
    let value = before.report.get(ASKED_WHERE_AGES_DIFFER)?.clone();
    let moot = ages_matter(before, pack)? && !ages_matter(after, pack)?;
    let fact = FactName::report(ASKED_WHERE_AGES_DIFFER).ok()?;
    let because = "The ages and abilities of the children no longer raise this question".to_owned();
    moot.then_some(FellAway { fact, value, because })
}

fn ages_matter(facts: &Facts, pack: &Pack) -> Option<bool> {
    let class = |answer: &str| {
        let mut plain = without_anything_wrong(facts, pack);
        plain.report.insert(ASKED_WHERE_AGES_DIFFER.to_owned(), Value::word(answer));
        Some(pack.class_of(&pack.check(&plain).ok()?))
    };
    Some(class("yes")? != class("no")?)
}

/// These people with their ages, parts and needs; every question about what they did answered with no, and
/// everybody pictured aware and willing.
fn without_anything_wrong(facts: &Facts, pack: &Pack) -> Facts {
    let of_section = |section: &str| {
        let questions = pack.questions().iter().filter(move |q| q.section == section);
        questions.filter_map(|q| q.fact.strip_prefix("person.")).map(str::to_owned).collect::<Vec<String>>()
    };
    let (aggravating, pictured) = (of_section("aggravating"), of_section("pictured"));
    let person = facts.person.iter().map(|person| {
        let mut plain = person.clone();
        plain.facts.extend(aggravating.iter().map(|name| (name.clone(), Value::word("no"))));
        if is_pictured(person) {
            plain.facts.extend(pictured.iter().map(|name| (name.clone(), Value::word("yes"))));
        }
        plain.facts.retain(|_, value| value.as_word() != Some(NOT_KNOWN));
        plain
    });
    Facts { person: person.collect(), ..Facts::default() }
}
