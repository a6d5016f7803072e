//! An answer as it is given to whom it is about.

use guidance::{Pack, Value};
use jiff::civil::Date;

use crate::fact::NOT_KNOWN;
use crate::id::FactName;
use crate::retention::words;

/// An answer in words of the pack; nothing for one that was typed or that names people.
pub(crate) fn listed(pack: &Pack, fact: &FactName, value: &Value) -> Option<String> {
    let question = pack.question(&fact.question());
    let options = question.map(|question| question.options.as_slice()).unwrap_or_default();
    let one = |word: &str| {
        let option = options.iter().find(|option| option.value == word);
        option.map(|option| option.words.clone()).or_else(|| match word {
            "yes" => Some("Yes".to_owned()),
            "no" => Some("No".to_owned()),
            NOT_KNOWN => Some("Not known".to_owned()),
            day => day.parse::<Date>().ok().map(words),
        })
    };
    match value {
        Value::Years(1) => Some("1 year".to_owned()),
        Value::Years(years) => Some(format!("{years} years")),
        Value::Word(word) => one(word),
        Value::Words(all) => all.iter().map(|word| one(word)).collect::<Option<Vec<_>>>().map(|all| all.join(", ")),
    }
}
