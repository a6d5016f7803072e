//! What is wrong with the words of an entry as people read them: a placeholder that nothing is put in for, and words that
//! nobody is called by.
//!
//! Looked for in the tree and not in each kind of entry, so that words that are added to an entry later are looked at too.

use crate::near::closest;
use crate::node::{Kind, Node};
use crate::problem::Slip;

/// Keys with conditions, addresses and the names that others gave: a law may be called after offenders.
const NOT_OURS: [&str; 9] = ["when", "never", "possible", "except", "asked_while", "cites", "where", "web", "source"];
/// Words that are put in for, and in which key of which entry.
const FILLED_IN: [(&str, &str); 9] = [
    ("question", "words"),
    ("question", "moot"),
    ("question", "yes_in_words"),
    ("duty", "title"),
    ("duty", "away_from_home"),
    ("duty", "done_before"),
    ("own_data", "given_to_parent"),
    ("own_data", "given_to_representative"),
    ("own_data", "given_to_court"),
];
/// What a child is never called, and what there is none of.
const NEVER: [(&[&str], &str); 2] = [
    (&["offender", "offenders"], "say what somebody did, never what somebody is"),
    (&["score", "scores", "scored", "scoring"], "nothing is added up here: say what was found"),
];

/// All that is wrong with the words of one entry, each with its line.
pub(crate) fn faults(kind: &str, entry: &Node) -> Vec<(u32, Slip)> {
    let text = |key: &str| entry.get(key).and_then(Node::text).unwrap_or("");
    let scope = if kind == "question" { text("fact").split('.').next().unwrap_or("") } else { text("scope") };
    let mut words = Words { kind, scope, found: Vec::new() };
    words.node("", entry, true);
    words.found
}

struct Words<'a> {
    kind: &'a str,
    scope: &'a str,
    found: Vec<(u32, Slip)>,
}

impl Words<'_> {
    fn node(&mut self, key: &str, node: &Node, top: bool) {
        let is_ours = !NOT_OURS.contains(&key) && (self.kind, key) != ("source", "title");
        match &node.kind {
            Kind::Text(text) if is_ours => {
                self.placeholders(key, text, node.line, top);
                self.never(key, text, node.line);
            }
            Kind::List(list) => list.iter().for_each(|item| self.node(key, item, top && item.table().is_none())),
            Kind::Table(rows) => {
                let is_entry = key.is_empty();
                rows.iter().for_each(|(key, _, value)| self.node(key, value, is_entry));
            }
            _ => {}
        }
    }

    fn placeholders(&mut self, key: &str, text: &str, line: u32, top: bool) {
        let known: &[&str] = match self.scope {
            _ if !top || !FILLED_IN.contains(&(self.kind, key)) => &[],
            "person" => &["{person}"],
            _ if self.kind == "own_data" => &["{person}"],
            "device" => &["{device}"],
            "report" => &[],
            // Told of the scope, and not of what follows from it.
            _ => &["{person}", "{device}"],
        };
        for found in in_brackets(text).into_iter().filter(|found| !known.contains(found)) {
            let help = match closest(found, known.iter()) {
                Some(near) => format!("did you mean \"{near}\"?"),
                None if known.is_empty() => "write it in words: nothing is put in for here".to_owned(),
                None => format!("only {} is put in for here", known.join(" or ")),
            };
            let says = format!("{key} has \"{found}\", which would be read as it stands");
            self.found.push((line, Slip::new(says, help)));
        }
    }

    fn never(&mut self, key: &str, text: &str, line: u32) {
        let text = text.to_lowercase();
        for word in text.split(|c: char| !c.is_alphanumeric()) {
            if let Some((_, help)) = NEVER.iter().find(|(words, _)| words.contains(&word)) {
                self.found.push((line, Slip::new(format!("{key} says \"{word}\", which no page may"), *help)));
            }
        }
    }
}

/// What stands in curly brackets, with them; of one that is not closed the bracket and the word at it.
fn in_brackets(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(from) = rest.find(['{', '}']).and_then(|at| rest.get(at..)) {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let after = from.get(1..).unwrap_or_default();
        let closed = from.find('}').filter(|end| !after.get(..*end).is_some_and(|inside| inside.contains('{')));
        let end = match closed {
            Some(end) => end + 1,
            None => 1 + after.find(|c| !is_word(c)).unwrap_or(after.len()),
        };
        found.extend(from.get(..end));
        rest = from.get(end..).unwrap_or_default();
    }
    found
}
