//! One answer of a report turned, as a person at a keyboard would: by its full name.

use guidance::advice::Because;
use guidance::{Facts, Pack, Value};

use super::random::NINE;

const ACTIVE: [&str; 7] = ["pictured", "made", "sent", "received", "forwarded", "requested", "targeted"];

/// Every fact of the pack that is answered with one word of a list, as scope, name and the words.
pub fn answers() -> Vec<(String, String, Vec<String>)> {
    let text = std::fs::read_to_string(super::folder().join("facts.toml")).unwrap();
    let table: toml::Table = text.parse().unwrap();
    let each = |fact: &toml::Value| {
        let word = |key: &str| fact[key].as_str().unwrap().to_owned();
        let words = match word("kind").as_str() {
            "yes-no" => vec!["yes".to_owned(), "no".to_owned()],
            "choice" => fact["values"].as_array().unwrap().iter().map(|v| v.as_str().unwrap().to_owned()).collect(),
            _ => return None,
        };
        Some((word("scope"), word("name"), words))
    };
    table["fact"].as_array().unwrap().iter().filter_map(each).collect()
}

/// What is said now of a fact of the report or of a person; nothing where it was never asked.
pub fn said<'f>(facts: &'f Facts, name: &str) -> Option<&'f Value> {
    let parts: Vec<&str> = name.split('.').collect();
    match parts.as_slice() {
        ["report", fact] => facts.report.get(*fact),
        ["person", id, fact] => facts.person.iter().find(|person| person.id == *id)?.facts.get(*fact),
        ["device", id, fact] => facts.device.iter().find(|device| device.id == *id)?.facts.get(*fact),
        _ => panic!("{name} is no fact"),
    }
}

/// The report with one fact said otherwise.
pub fn with(facts: &Facts, name: &str, value: Value) -> Facts {
    let mut facts = facts.clone();
    let parts: Vec<&str> = name.split('.').collect();
    let slot = match parts.as_slice() {
        ["report", _] => &mut facts.report,
        ["person", id, _] => &mut facts.person.iter_mut().find(|person| person.id == *id).unwrap().facts,
        ["device", id, _] => &mut facts.device.iter_mut().find(|device| device.id == *id).unwrap().facts,
        _ => panic!("{name} is no fact"),
    };
    slot.insert((*parts.last().unwrap()).to_owned(), value);
    facts
}

/// An age given as "child" or "adult" may still turn out to be one or another.
pub fn is_open(because: &Because) -> bool {
    matches!(because.value.as_word(), Some("not-known" | "not-asked" | "child" | "adult"))
}

/// The facts of the worked examples, by name.
pub fn examples(pack: &Pack) -> Vec<(String, Facts)> {
    let files = super::files(&super::folder().join("examples"));
    files.into_iter().map(|(name, text)| (name, pack.read_toml(&text).unwrap())).collect()
}

/// Does this person take part, whatever else is found out?
pub fn takes_part(facts: &Facts, id: &str) -> bool {
    let part = said(facts, &format!("person.{id}.part"));
    let active = part.is_some_and(|part| match part {
        Value::Words(words) => words.iter().any(|word| ACTIVE.contains(&word.as_str())),
        _ => false,
    });
    active || NINE.iter().any(|name| said(facts, &format!("person.{id}.{name}")) == Some(&Value::word("yes")))
}
