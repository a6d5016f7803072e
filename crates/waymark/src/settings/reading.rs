//! A settings file as it is read: every mistake at once, each with its line, in words for whoever looks after the computer.
//!
//! What settings there are and what each takes is read off the documented file, so that nothing is said of them twice.

use std::collections::BTreeMap;
use std::path::Path;

use guidance::meant;
use serde::Deserialize as _;
use toml::de::{DeTable, DeValue};
use toml::{Spanned, Table, Value};

use super::{Settings, documented};

/// The settings, with their paths beginning at `folder`, or everything that is wrong, each with its line where it has one.
///
/// # Errors
/// See above.
pub fn read(text: &str, folder: &Path) -> Result<Settings, Vec<(usize, String)>> {
    let line = |at: usize| text.get(..at).unwrap_or(text).matches('\n').count() + 1;
    let (places, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        let told = errors.iter().map(|error| {
            let says = error.message().replace('\n', ", ");
            let at = error.span().map_or(0, |span| line(span.start));
            (at, format!("cannot be read as TOML: {says}; look at the quotes, brackets and commas of this line"))
        });
        return Err(sorted(told.collect()));
    }
    let (values, known): (Table, Table) = (
        text.parse().unwrap_or_default(),
        documented().parse().unwrap_or_default(),
    );
    let mut reading = Reading {
        line: &line,
        lines: BTreeMap::new(),
        good: Vec::new(),
        wrong: Vec::new(),
    };
    reading.table("", places.get_ref(), &values, &known);
    let good = reading
        .good
        .into_iter()
        .fold(Table::new(), |all, (name, value)| merged(all, &name, value));
    let settings = Settings::deserialize(Value::Table(good));
    let mut wrong = reading.wrong;
    match settings {
        Ok(settings) => {
            let settings = settings.beginning_at(folder);
            wrong.extend(settings.problems().into_iter().map(|says| {
                let name = says.split(':').next().unwrap_or_default();
                (reading.lines.get(name).copied().unwrap_or(0), says)
            }));
            if wrong.is_empty() {
                Ok(settings)
            } else {
                Err(sorted(wrong))
            }
        }
        // Each was taken by itself, so this is for none alone.
        Err(error) => {
            wrong.push((0, quoted(error.message())));
            Err(sorted(wrong))
        }
    }
}

fn sorted(mut wrong: Vec<(usize, String)>) -> Vec<(usize, String)> {
    wrong.sort();
    wrong
}

struct Reading<'a> {
    line: &'a dyn Fn(usize) -> usize,
    /// Where each setting is written, by its full name.
    lines: BTreeMap<String, usize>,
    good: Vec<(String, Value)>,
    wrong: Vec<(usize, String)>,
}

impl Reading<'_> {
    fn table(&mut self, within: &str, places: &DeTable<'_>, values: &Table, known: &Table) {
        for (key, place) in places {
            let at = (self.line)(key.span().start);
            let key: &str = key.get_ref();
            let name = if within.is_empty() {
                key.to_owned()
            } else {
                format!("{within}.{key}")
            };
            let Some(value) = values.get(key) else {
                continue;
            };
            match known.get(key) {
                None => {
                    let names: Vec<String> = known.keys().cloned().collect();
                    let help = meant(key, names.iter(), "waymark config prints those there are");
                    self.wrong
                        .push((at, format!("there is no setting \"{name}\"; {help}")));
                }
                Some(Value::Table(known)) => self.inner((at, &name), place, value, known),
                Some(default) => self.one(at, name, value, default),
            }
        }
    }

    fn inner(
        &mut self,
        (at, name): (usize, &str),
        place: &Spanned<DeValue<'_>>,
        value: &Value,
        known: &Table,
    ) {
        if let (DeValue::Table(places), Value::Table(values)) = (place.get_ref(), value) {
            self.table(name, places, values, known);
        } else {
            let says = format!(
                "{name} has settings of its own; write [{name}] on a line of its own, and them below"
            );
            self.wrong.push((at, says));
        }
    }

    /// One setting is taken by itself, so that one mistake hides no other.
    fn one(&mut self, at: usize, name: String, value: &Value, default: &Value) {
        self.lines.insert(name.clone(), at);
        match Settings::deserialize(Value::Table(merged(Table::new(), &name, value.clone()))) {
            Ok(_) => self.good.push((name, value.clone())),
            Err(_) if !value.same_type(default) => {
                let says = format!(
                    "{name} must be {}, not {value}; its default is {default}",
                    kind(default)
                );
                self.wrong.push((at, says));
            }
            Err(error) => {
                let why = quoted(error.message());
                let says = format!("{name} cannot be {value}: {why}; its default is {default}");
                self.wrong.push((at, says));
            }
        }
    }
}

/// A table with one setting more, by its full name.
fn merged(mut table: Table, name: &str, value: Value) -> Table {
    match name.split_once('.') {
        None => drop(table.insert(name.to_owned(), value)),
        Some((first, rest)) => {
            let inner = match table.remove(first) {
                Some(Value::Table(inner)) => inner,
                _ => Table::new(),
            };
            table.insert(first.to_owned(), Value::Table(merged(inner, rest, value)));
        }
    }
    table
}

const fn kind(default: &Value) -> &'static str {
    match default {
        Value::Integer(_) => "a whole number, without quotes",
        Value::Boolean(_) => "true or false, without quotes",
        Value::Array(_) => "a list in square brackets",
        _ => "text in quotes",
    }
}

/// What serde says, without its marks.
fn quoted(says: &str) -> String {
    says.replace("unknown variant", "there is no")
        .replace("unknown field", "there is no")
        .replace('`', "\"")
}
