//! A value as it is written in a settings file, and what is said of one that cannot be taken.

use toml::de::{DeTable, DeValue, Error};
use toml::{Spanned, Table, Value};

/// Characters of a value that are shown.
const SHOWN: usize = 80;

/// A value of the file.
pub struct Written {
    /// What it is; none for a number that no setting could hold.
    pub value: Option<Value>,
    /// Whether it is a whole number, however large.
    pub is_whole: bool,
    /// As it is written.
    pub shown: String,
}

impl Written {
    /// A value, with the text of the file around it.
    pub fn of(place: &Spanned<DeValue<'_>>, text: &str) -> Self {
        let value = value(place.get_ref());
        let is_whole = matches!(place.get_ref(), DeValue::Integer(_));
        let shown = match &value {
            Some(value) if !is_whole => value.to_string(),
            _ => text.get(place.span()).unwrap_or("that number").to_owned(),
        };
        let shown = match shown.char_indices().nth(SHOWN) {
            Some((at, _)) => format!("{}…", shown.get(..at).unwrap_or_default()),
            None => shown,
        };
        Self { value, is_whole, shown }
    }
}

fn value(written: &DeValue<'_>) -> Option<Value> {
    Some(match written {
        DeValue::String(text) => Value::String(text.to_string()),
        DeValue::Integer(number) => Value::Integer(i64::from_str_radix(number.as_str(), number.radix()).ok()?),
        DeValue::Float(number) => {
            let read: f64 = number.as_str().parse().ok()?;
            Value::Float(Some(read).filter(|read| read.is_finite())?)
        }
        DeValue::Boolean(yes) => Value::Boolean(*yes),
        DeValue::Datetime(time) => Value::Datetime(*time),
        DeValue::Array(items) => {
            let items = items.iter().map(|item| value(item.get_ref()));
            Value::Array(items.collect::<Option<_>>()?)
        }
        DeValue::Table(rows) => Value::Table(table(rows)?),
    })
}

fn table(rows: &DeTable<'_>) -> Option<Table> {
    let row = |(key, row): (&Spanned<_>, &Spanned<DeValue<'_>>)| {
        let key: &std::borrow::Cow<'_, str> = key.get_ref();
        Some((key.to_string(), value(row.get_ref())?))
    };
    rows.iter().map(row).collect()
}

/// A table with one setting more, by its full name.
pub fn merged(mut table: Table, name: &str, value: Value) -> Table {
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

/// What a setting takes, by its default.
pub const fn kind(default: &Value) -> &'static str {
    match default {
        Value::Integer(_) => "a whole number, without quotes",
        Value::Boolean(_) => "true or false, without quotes",
        Value::Array(_) => "a list in square brackets",
        _ => "text in quotes",
    }
}

/// Why a value is not taken, of the right kind as it is.
pub fn why(name: &str, says: &str) -> String {
    if name.ends_with("address") {
        return "write an address and a port, such as 127.0.0.1:8080 or [::1]:8080".to_owned();
    }
    if says.starts_with("invalid type") && name.ends_with("scopes") {
        return "each in the list is text in quotes".to_owned();
    }
    if says.starts_with("invalid type") {
        return "something in the list is of another kind than it should be; waymark config shows one".to_owned();
    }
    quoted(says)
}

/// What is said of a word that is not known, without marks of a library.
pub fn quoted(says: &str) -> String {
    says.replace("unknown variant", "there is no")
        .replace("unknown field", "there is no")
        .replace("missing field", "it lacks")
        .replace('`', "\"")
}

/// What is wrong with the text as TOML, and whether the rest can be gone through all the same.
pub fn syntax(text: &str, errors: &[Error], line: impl Fn(usize) -> usize) -> (Vec<(usize, String)>, bool) {
    let (mut told, mut is_readable) = (Vec::new(), true);
    for error in errors {
        let at = error.span().map_or(0, |span| line(span.start));
        if error.message().contains("duplicate key") {
            let key = error.span().and_then(|span| text.get(span));
            let key = key.map(|key| key.trim_matches(['[', ']', ' ', '"'])).unwrap_or_default();
            told.push((at, format!("\"{key}\" is written twice; take one of the two out")));
            continue;
        }
        is_readable = false;
        if error.message().contains("recurse") {
            told.push((at, "cannot be read: there are brackets within brackets, too deep for any setting".to_owned()));
            // What follows is told of the brackets that were not read to their ends.
            break;
        }
        let says = error.message().replace('\n', ", ");
        told.push((
            at,
            format!("cannot be read as TOML: {says}; look at the quotes, brackets and commas of this line"),
        ));
    }
    (told, is_readable)
}
