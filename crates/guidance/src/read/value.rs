//! What the value of a fact may be.

use super::{MAX_ENTITIES, MAX_ID, MAX_WORDS};
use crate::day::{is_day, is_written_as_day};
use crate::facts::Value;
use crate::node::{Kind, Node};
use crate::schema::{FactDef, FactKind};

/// Asked, and nobody can say yet.
const NOT_KNOWN: &str = "not-known";

/// Letters, digits, `-` and `_`, 1 to 32 of them.
pub(super) fn good_id(id: &str) -> bool {
    !id.is_empty() && id.len() <= MAX_ID && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

fn one_of(words: &[String]) -> String {
    format!("must be one of {}", words.join(", "))
}

/// That it is not known may always be said of a choice.
fn one_of_or_not_known(words: &[String]) -> String {
    format!("{}, {NOT_KNOWN}", one_of(words))
}

/// The value of a fact, or what it must be.
pub(super) fn value_of(fact: &FactDef, node: &Node) -> Result<Value, String> {
    let text = node.text();
    match &fact.kind {
        FactKind::YesNo => text
            .filter(|word| matches!(*word, "yes" | "no" | "not-known"))
            .map(Value::word)
            .ok_or_else(|| "must be \"yes\", \"no\" or \"not-known\"".to_owned()),
        FactKind::Age => {
            let says = || "must be whole years 0 to 120, \"child\", \"adult\" or \"not-known\"".to_owned();
            match &node.kind {
                Kind::Int(years) => {
                    u8::try_from(*years).ok().filter(|years| *years <= 120).map(Value::Years).ok_or_else(says)
                }
                Kind::Text(word) if matches!(word.as_str(), "child" | "adult" | "not-known") => Ok(Value::word(word)),
                _ => Err(says()),
            }
        }
        FactKind::Choice(words) => text
            .filter(|word| *word == NOT_KNOWN || words.iter().any(|known| known == word))
            .map(Value::word)
            .ok_or_else(|| one_of_or_not_known(words)),
        FactKind::Set(words) => list_of(node, |word| words.iter().any(|known| known == word))
            .ok_or_else(|| format!("must be a list; each {}", one_of(words))),
        FactKind::People => list_of(node, good_id).ok_or_else(|| "must be a list of ids of people".to_owned()),
        FactKind::Words => text
            .filter(|words| words.chars().count() <= MAX_WORDS)
            .map(Value::word)
            .ok_or_else(|| format!("must be words, at most {MAX_WORDS} characters")),
        FactKind::Day => {
            text.filter(|day| is_day(day) || *day == "not-known").map(Value::word).ok_or_else(|| match text {
                Some(day) if is_written_as_day(day) => "must be a day that there is".to_owned(),
                _ => "must be a day written \"2026-11-24\"".to_owned(),
            })
        }
    }
}

/// Items of a list that are wrong each by itself; the list where it is wrong as a whole.
pub(super) fn wrong_items<'n>(fact: &FactDef, node: &'n Node) -> Vec<&'n Node> {
    let alone =
        |item: &&Node| value_of(fact, &Node { line: item.line, kind: Kind::List(vec![(*item).clone()]) }).is_err();
    let several = matches!(fact.kind, FactKind::Set(_) | FactKind::People);
    let list = node.list().filter(|list| several && list.len() <= MAX_ENTITIES).unwrap_or_default();
    let wrong: Vec<&Node> = list.iter().filter(alone).collect();
    if wrong.is_empty() { vec![node] } else { wrong }
}

fn list_of(node: &Node, good: impl Fn(&str) -> bool) -> Option<Value> {
    let list = node.list()?;
    if list.len() > MAX_ENTITIES {
        return None;
    }
    let words: Option<Vec<String>> =
        list.iter().map(|item| item.text().filter(|word| good(word)).map(str::to_owned)).collect();
    words.map(Value::Words)
}
