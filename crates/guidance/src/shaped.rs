//! An entry of a pack out of what is written: every fault of it at once, in words for somebody who is no programmer.
//!
//! What is missing or cannot be read is told, and something stands in for it, so that one fault hides no other and the conditions of the
//! entry are still looked at. Words that stand in are marked: what is said of them later is a fault of nobody's and is left out.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt;

use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{self, DeserializeOwned, Deserializer, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;

use crate::near::closest;
use crate::node::{Kind, Node};
use crate::problem::{Problem, Slip};
use crate::spec::MAX_ENTRIES;

/// Begins and ends words that stand in. No text of a pack may have it.
const MARK: char = '\u{fdd0}';

/// Keys of conditions. Of an empty one more can be said: what to write where it always holds.
const CONDITIONS: [&str; 4] = ["when", "never", "possible", "except"];

/// Reads an entry of this kind; None only where serde refuses what is no matter of keys and values.
pub(crate) fn entry<T: DeserializeOwned>(kind: &str, node: &Node) -> (Option<T>, BTreeSet<(u32, Slip)>) {
    let faults = Faults { kind, found: RefCell::default(), missing: RefCell::default() };
    let value = Value { faults: &faults, key: kind, line: node.line, node: Some(node), part: Part::Whole };
    loop {
        // Serde tells one missing key at a time: each is filled in, and all is read again.
        match T::deserialize(value) {
            Ok(it) => return (Some(it), faults.found.into_inner()),
            Err(Fault::Missing(_) | Fault::Again) => {}
            Err(Fault::Other(says)) => {
                let slip = Slip::new(says.replace('`', "\""), "write what is expected there");
                return (None, BTreeSet::from([(node.line, slip)]));
            }
        }
    }
}

/// Does a word stand in for one that could not be read?
pub(crate) fn stands_in(text: &str) -> bool {
    text.contains(MARK)
}

/// Leaves out what is said of words that stand in.
pub(crate) fn leave_out(problems: &mut Vec<Problem>) {
    let bare = |text: &str, with: &str| text.split(MARK).step_by(2).collect::<Vec<_>>().join(with);
    problems.retain(|problem| !stands_in(&problem.says));
    for problem in problems.iter_mut().filter(|problem| stands_in(&problem.about) || stands_in(&problem.help)) {
        problem.about = bare(&problem.about, "").trim_end().to_owned();
        problem.help = bare(&problem.help, "…");
    }
}

struct Faults<'a> {
    kind: &'a str,
    found: RefCell<BTreeSet<(u32, Slip)>>,
    /// Keys that have to be filled in, and in which table.
    missing: RefCell<BTreeSet<(*const Node, &'static str)>>,
}

#[derive(Debug)]
enum Fault {
    /// A key is missing from the table that is being read.
    Missing(&'static str),
    /// That is noted, and all is to be read again.
    Again,
    Other(String),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if let Self::Other(says) = self { says } else { "something is missing" })
    }
}

impl std::error::Error for Fault {}

impl de::Error for Fault {
    fn custom<T: fmt::Display>(says: T) -> Self {
        Self::Other(says.to_string())
    }
    fn missing_field(field: &'static str) -> Self {
        Self::Missing(field)
    }
}

/// What a value is to the entry.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// The entry itself.
    Whole,
    Key,
    /// One of a list.
    Item,
    /// A key that is missing.
    Missing,
    /// Inside of something that stands in: told already.
    Told,
}

#[derive(Clone, Copy)]
struct Value<'a> {
    faults: &'a Faults<'a>,
    key: &'a str,
    line: u32,
    /// Nothing where something stands in for it.
    node: Option<&'a Node>,
    part: Part,
}

impl<'a> Value<'a> {
    fn found(&self, line: u32, says: String, help: String) {
        self.faults.found.borrow_mut().insert((line, Slip { says, help }));
    }

    /// Tells what is expected here, with an example of it, where that is not what is written.
    fn tell(&self, expected: &str, example: &str) {
        self.tell_with(expected, example, None);
    }

    /// The same with other help.
    fn tell_with(&self, expected: &str, example: &str, other: Option<String>) {
        let key = self.key;
        match (self.part, self.node) {
            (Part::Missing, _) => {
                self.found(self.line, format!("\"{key}\" is missing"), format!("add {key} = {example}"))
            }
            (Part::Told, _) | (_, None) => {}
            (part, Some(node)) => {
                let shown = match &node.kind {
                    Kind::Text(text) if text.is_empty() => "empty".to_owned(),
                    _ => node.shown(),
                };
                let (what, help) = match part {
                    Part::Whole => (key.to_owned(), format!("write [{key}] on a line of its own, and its keys below")),
                    Part::Item => (format!("each of {key}"), format!("write each as {example}")),
                    _ => (key.to_owned(), format!("write {key} = {example}")),
                };
                self.found(self.line, format!("{what} must be {expected}, not {shown}"), other.unwrap_or(help));
            }
        }
    }

    /// In the place of something that could not be read.
    fn told(&self, key: &'a str) -> Self {
        Self { key, node: None, part: Part::Told, ..*self }
    }

    /// Words that stand in, different in every place.
    fn mark(&self) -> String {
        format!("{MARK}{}{}{MARK}", self.line, self.key)
    }

    /// What is written, where it is one value.
    fn written(&self) -> Option<String> {
        self.node.filter(|node| matches!(node.kind, Kind::Text(_) | Kind::Int(_) | Kind::Other(_))).map(Node::shown)
    }

    /// The keys of a table that the entry knows; every other is told. One that is close to a key which is not there is read as that.
    fn rows(&self, rows: &'a [(String, u32, Node)], fields: &'static [&'static str]) -> Vec<(&'static str, Self)> {
        let mut known: Vec<(&'static str, Self)> = Vec::new();
        let of = |key, node: &'a Node, part| Self { key, line: node.line, node: Some(node), part, ..*self };
        for (key, _, node) in rows {
            let field = fields.iter().find(|field| *field == key);
            known.extend(field.map(|field| (*field, of(field, node, Part::Key))));
        }
        for (key, line, node) in rows.iter().filter(|(key, ..)| !fields.contains(&key.as_str())) {
            let open = fields.iter().filter(|field| known.iter().all(|(name, _)| name != *field));
            let meant = closest(key, open);
            let help = match meant {
                Some(field) => format!("did you mean \"{field}\"?"),
                None => format!("check the spelling, or take it out: there are {}", fields.join(", ")),
            };
            self.found(*line, format!("there is no key \"{key}\" in {}", self.place()), help);
            known.extend(meant.map(|field| (*field, of(field, node, Part::Key))));
        }
        known
    }

    /// The table in words.
    fn place(&self) -> String {
        if self.part == Part::Whole { format!("this {}", self.faults.kind) } else { self.key.to_owned() }
    }
}

impl<'de> IntoDeserializer<'de, Fault> for Value<'_> {
    type Deserializer = Self;
    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Value<'_> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.node.map(|node| &node.kind) {
            Some(Kind::Int(number)) => visitor.visit_i64(*number),
            Some(Kind::Other(word)) if word == "true" || word == "false" => visitor.visit_bool(word == "true"),
            Some(Kind::List(_)) => self.deserialize_seq(visitor),
            Some(Kind::Table(rows)) => {
                let of = |node| Self { node: Some(node), part: Part::Key, ..self };
                visitor.visit_map(MapDeserializer::new(rows.iter().map(|(key, _, node)| (key.as_str(), of(node)))))
            }
            _ => self.deserialize_string(visitor),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.node.map(|node| &node.kind) {
            Some(Kind::Text(text)) if text.trim().is_empty() && !CONDITIONS.contains(&self.key) => {
                let what = if self.part == Part::Item { "one of " } else { "" };
                let help = "write what belongs there, or take it out where it may be left out";
                self.found(self.line, format!("{what}{} is empty", self.key), help.to_owned());
            }
            Some(Kind::Text(text)) if !stands_in(text) => return visitor.visit_str(text),
            Some(Kind::Text(_)) => {
                self.tell("text that can be read, without U+FDD0", "\"…\"");
            }
            // A day is read without its quotes too.
            Some(Kind::Other(day)) if crate::day::is_day(day) => return visitor.visit_str(day),
            _ => self.tell("text in quotes", &format!("\"{}\"", self.written().as_deref().unwrap_or("…"))),
        }
        visitor.visit_string(self.mark())
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_string(visitor)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.node.map(|node| &node.kind) {
            Some(Kind::Other(word)) if word == "true" || word == "false" => visitor.visit_bool(word == "true"),
            _ => {
                self.tell("true or false, without quotes", "true");
                visitor.visit_bool(false)
            }
        }
    }

    fn deserialize_u16<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.node.map(|node| &node.kind) {
            Some(Kind::Int(number)) if u16::try_from(*number).is_ok() => visitor.visit_i64(*number),
            _ => {
                let digits = self.node.and_then(Node::text).filter(|text| text.parse::<u16>().is_ok());
                self.tell(&format!("a whole number from 0 to {}, without quotes", u16::MAX), digits.unwrap_or("6"));
                visitor.visit_u16(1)
            }
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        if self.node.is_some() { visitor.visit_some(self) } else { visitor.visit_none() }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        if let Some(Kind::List(list)) = self.node.map(|node| &node.kind) {
            if list.len() > MAX_ENTRIES {
                self.tell(&format!("a list of at most {MAX_ENTRIES}"), "[…]");
            }
            let items = list.iter().take(MAX_ENTRIES).map(|node| Value {
                line: node.line,
                node: Some(node),
                part: Part::Item,
                ..self
            });
            return visitor.visit_seq(SeqDeserializer::new(items));
        }
        self.tell("a list in square brackets", &format!("[{}]", self.written().as_deref().unwrap_or("…")));
        // Not empty: that would be a fault of its own.
        visitor.visit_seq(SeqDeserializer::new(std::iter::once(self.told(self.key))))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        let Some((node, Kind::Table(rows))) = self.node.map(|node| (node, &node.kind)) else {
            self.tell(&format!("a table with {}", fields.join(", ")), &format!("{{ {} = … }}", fields.join(" = …, ")));
            return visitor.visit_map(MapDeserializer::new(fields.iter().map(|field| (*field, self.told(field)))));
        };
        let mut all = self.rows(rows, fields);
        let table = std::ptr::from_ref(node);
        let missing: Vec<&'static str> = self
            .faults
            .missing
            .borrow()
            .range((table, "")..)
            .take_while(|(of, _)| *of == table)
            .map(|(_, field)| *field)
            .collect();
        all.extend(
            missing
                .into_iter()
                .map(|field| (field, Value { key: field, line: node.line, node: None, part: Part::Missing, ..self })),
        );
        visitor.visit_map(MapDeserializer::new(all.into_iter())).map_err(|fault| match fault {
            Fault::Missing(field) => {
                self.faults.missing.borrow_mut().insert((table, field));
                Fault::Again
            }
            other => other,
        })
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        words: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        let text = self.node.and_then(Node::text);
        if let Some(word) = text.filter(|text| words.contains(text)) {
            return visitor.visit_enum(word.into_deserializer());
        }
        let quoted: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
        let meant = text.and_then(|text| closest(text, words.iter()));
        let help = meant.map(|word| format!("did you mean \"{word}\"?"));
        self.tell_with(&one_of(words), &one_of(&quoted), help);
        visitor.visit_enum(meant.or_else(|| words.first()).copied().unwrap_or_default().into_deserializer())
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_string(visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i64 i128 u8 u32 u64 u128 f32 f64 char bytes byte_buf unit unit_struct newtype_struct tuple tuple_struct map
    }
}

/// "a, b or c".
fn one_of<S: AsRef<str>>(words: &[S]) -> String {
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
    match words.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => words.concat(),
    }
}
