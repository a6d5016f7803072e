//! Answers in words: of a report, and of a worked example.

use guidance::Value;
use guidance::words::AnswerWords;
use report::{FactName, NOT_KNOWN};

use crate::shared::time;

/// The fact whose values are ids of people.
const USERS: &str = "used_or_owned_by";

/// An answer in words: those of the pack, names of people, `14 years`. `name` gives a person by their id.
pub fn value_words(options: &[AnswerWords], fact: &FactName, value: &Value, name: impl Fn(&str) -> String) -> String {
    let one = |word: &str| match fact.name() {
        USERS => name(word),
        _ => word_words(options, word),
    };
    match value {
        Value::Years(1) => "1 year".to_owned(),
        Value::Years(years) => format!("{years} years"),
        Value::Word(word) => one(word),
        Value::Words(words) if words.is_empty() => "Nobody".to_owned(),
        Value::Words(words) => words.iter().map(|w| one(w)).collect::<Vec<_>>().join(", "),
    }
}

fn word_words(options: &[AnswerWords], word: &str) -> String {
    let mut options = options.iter();
    if let Some(option) = options.find(|option| option.value == word) {
        return option.words.clone();
    }
    match word {
        "yes" => "Yes".to_owned(),
        "no" => "No".to_owned(),
        NOT_KNOWN => "Not known yet".to_owned(),
        "not-asked" => "Not asked yet".to_owned(),
        other => time::day_words(other).unwrap_or_else(|| other.replace('-', " ")),
    }
}
