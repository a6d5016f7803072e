//! A settings file as it is read: every mistake at once, each with its line, in words for whoever looks after the computer.
//!
//! What settings there are and what each takes is read off the documented file, so that nothing is said of them twice.
//! INVARIANT: what cannot be taken is told. Nothing in the file is ever passed over, or its default would be in force unseen.

mod value;

use std::collections::BTreeMap;
use std::path::Path;

use guidance::meant;
use serde::Deserialize as _;
use toml::de::{DeTable, DeValue};
use toml::{Spanned, Table, Value};

use self::value::{Written, kind, merged, quoted, syntax};
use super::{Settings, documented, places};

/// Stands in for a whole number that its setting cannot hold: above every limit, so that the limit is told.
const TOO_LARGE: u32 = u32::MAX;

/// The settings, with their paths beginning at `folder`, or everything that is wrong, each with its line where it has one.
///
/// # Errors
/// See above.
pub fn read(text: &str, folder: &Path) -> Result<Settings, Vec<(usize, String)>> {
    let line = |at: usize| text.get(..at).unwrap_or(text).matches('\n').count() + 1;
    let (places, errors) = DeTable::parse_recoverable(text);
    let (told, is_readable) = syntax(text, &errors, line);
    if !is_readable {
        return Err(sorted(told));
    }
    let known: Table =
        documented().parse().map_err(|error| vec![(0, format!("the settings of this version are broken: {error}"))])?;
    let mut reading = Reading {
        text,
        line: &line,
        lines: BTreeMap::new(),
        stands_in: BTreeMap::new(),
        good: Vec::new(),
        wrong: told,
    };
    reading.table("", places.get_ref(), &known);
    let good = reading.good.into_iter().fold(Table::new(), |all, (name, value)| merged(all, &name, value));
    let settings = Settings::deserialize(Value::Table(good));
    let mut wrong = reading.wrong;
    match settings {
        Ok(settings) => {
            let empty = places::empty(&settings);
            let settings = settings.beginning_at(folder);
            wrong.extend(empty.into_iter().chain(settings.problems()).map(|says| {
                let name = says.split([':', ' ']).next().unwrap_or_default();
                let line = line_of(&reading.lines, name);
                let says = match reading.stands_in.get(name) {
                    Some(written) => says.replacen(&TOO_LARGE.to_string(), written, 1),
                    None => says,
                };
                (line, says)
            }));
            if wrong.is_empty() { Ok(settings) } else { Err(sorted(wrong)) }
        }
        // Each was taken by itself, so this is for none alone.
        Err(error) => {
            wrong.push((0, quoted(error.message())));
            Err(sorted(wrong))
        }
    }
}

/// Where a setting is written; where it is not, its table.
fn line_of(lines: &BTreeMap<String, usize>, name: &str) -> usize {
    let above = || name.rsplit_once('.').map_or(0, |(above, _)| line_of(lines, above));
    lines.get(name).copied().unwrap_or_else(above)
}

fn sorted(mut wrong: Vec<(usize, String)>) -> Vec<(usize, String)> {
    wrong.sort();
    wrong
}

struct Reading<'a> {
    text: &'a str,
    line: &'a dyn Fn(usize) -> usize,
    /// Where each setting is written, by its full name.
    lines: BTreeMap<String, usize>,
    /// What is written where [`TOO_LARGE`] stands in for it.
    stands_in: BTreeMap<String, String>,
    good: Vec<(String, Value)>,
    wrong: Vec<(usize, String)>,
}

impl Reading<'_> {
    fn table(&mut self, within: &str, places: &DeTable<'_>, known: &Table) {
        for (key, place) in places {
            let at = (self.line)(key.span().start);
            let key: &str = key.get_ref();
            let name = if within.is_empty() { key.to_owned() } else { format!("{within}.{key}") };
            // What is below a table is told with its own line.
            self.lines.entry(name.clone()).or_insert(at);
            match known.get(key) {
                None => {
                    let names: Vec<String> = known.keys().cloned().collect();
                    let help = meant(key, names.iter(), "waymark config prints those there are");
                    self.wrong.push((at, format!("there is no setting \"{name}\"; {help}")));
                }
                Some(Value::Table(known)) => self.inner((at, &name), place, known),
                Some(default) => self.one(at, name, place, default),
            }
        }
    }

    fn inner(&mut self, (at, name): (usize, &str), place: &Spanned<DeValue<'_>>, known: &Table) {
        if let DeValue::Table(places) = place.get_ref() {
            self.table(name, places, known);
        } else {
            let says = format!("{name} has settings of its own; write [{name}] on a line of its own, and them below");
            self.wrong.push((at, says));
        }
    }

    /// One setting is taken by itself, so that one mistake hides no other.
    fn one(&mut self, at: usize, name: String, place: &Spanned<DeValue<'_>>, default: &Value) {
        let written = Written::of(place, self.text);
        let fits = |value: &Value| {
            let alone = merged(Table::new(), &name, value.clone());
            Settings::deserialize(Value::Table(alone)).map(drop)
        };
        let shown = &written.shown;
        let says = match (&written.value, default) {
            (Some(value), _) if fits(value).is_ok() => {
                self.good.push((name, value.clone()));
                return;
            }
            (_, Value::Integer(_)) if written.is_whole => {
                self.stands_in.insert(name.clone(), shown.clone());
                self.good.push((name, Value::Integer(TOO_LARGE.into())));
                return;
            }
            (Some(value), _) if value.same_type(default) => match fits(value) {
                Err(error) => {
                    let why = value::why(&name, error.message());
                    format!("{name} cannot be {shown}: {why}; its default is {default}")
                }
                Ok(()) => return,
            },
            _ => format!("{name} must be {}, not {shown}; its default is {default}", kind(default)),
        };
        self.wrong.push((at, says));
    }
}
