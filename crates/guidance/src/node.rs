//! TOML or JSON as one tree with a line at every value, so that every problem can name its place.

use crate::problem::Problem;

/// Longest text read, in bytes: 60 people and 60 devices need about 60 KB.
pub(crate) const MAX_TEXT: usize = 1_000_000;
/// Deepest nesting read: the contract needs four levels.
pub(crate) const MAX_DEPTH: usize = 32;

/// A value with the line it stands on.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub line: u32,
    pub kind: Kind,
}

/// What it is.
#[derive(Debug, Clone)]
pub(crate) enum Kind {
    Text(String),
    Int(i64),
    /// Anything else that stands alone, as it was written: a float, a date, true, null.
    Other(String),
    List(Vec<Node>),
    Table(Vec<(String, u32, Node)>),
}

impl Node {
    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        match &self.kind {
            Kind::Table(rows) => rows.iter().find(|(k, ..)| k == key).map(|(.., v)| v),
            _ => None,
        }
    }
    pub(crate) const fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Text(text) => Some(text.as_str()),
            _ => None,
        }
    }
    pub(crate) fn list(&self) -> Option<&[Self]> {
        match &self.kind {
            Kind::List(list) => Some(list),
            _ => None,
        }
    }
    pub(crate) fn table(&self) -> Option<&[(String, u32, Self)]> {
        match &self.kind {
            Kind::Table(rows) => Some(rows),
            _ => None,
        }
    }
    /// As it is shown in a message: short, and never more than the reader needs.
    pub(crate) fn shown(&self) -> String {
        match &self.kind {
            Kind::Text(text) if text.chars().count() > 40 => {
                format!("\"{}…\"", text.chars().take(40).collect::<String>())
            }
            Kind::Text(text) => format!("\"{text}\""),
            Kind::Int(number) => number.to_string(),
            Kind::Other(text) => text.chars().take(40).collect(),
            Kind::List(_) => "a list".to_owned(),
            Kind::Table(_) => "a table".to_owned(),
        }
    }
    /// The same as plain JSON, for what is read by serde.
    pub(crate) fn json(&self) -> serde_json::Value {
        use serde_json::Value as J;
        match &self.kind {
            Kind::Text(text) => J::String(text.clone()),
            Kind::Int(number) => J::from(*number),
            Kind::Other(text) => match text.as_str() {
                "true" => J::Bool(true),
                "false" => J::Bool(false),
                _ => J::String(text.clone()),
            },
            Kind::List(list) => J::Array(list.iter().map(Self::json).collect()),
            Kind::Table(rows) => J::Object(rows.iter().map(|(k, _, v)| (k.clone(), v.json())).collect()),
        }
    }
}

/// Counts lines once, then answers in logarithmic time.
struct Lines(Vec<usize>);

impl Lines {
    fn of(text: &str) -> Self {
        Self(text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(at, _)| at).collect())
    }
    fn at(&self, offset: usize) -> u32 {
        u32::try_from(self.0.partition_point(|end| *end < offset)).unwrap_or(u32::MAX).saturating_add(1)
    }
}

/// What to look at in a line that cannot be read.
const MARKS: &str = "look at the quotes, brackets and commas of this line";

fn too_much(text: &str) -> Option<Problem> {
    if text.len() > MAX_TEXT {
        return Some(Problem {
            says: format!("the text has {} bytes; at most {MAX_TEXT} are read", text.len()),
            help: "see whether it is the right one, and take out what does not belong".to_owned(),
            ..Problem::default()
        });
    }
    let mut depth = 0_usize;
    let mut line = 1_u32;
    for byte in text.bytes() {
        match byte {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            b'\n' => line = line.saturating_add(1),
            _ => {}
        }
        // Counted without regard to quotes: brackets inside words are rare, and never this deep.
        if depth > MAX_DEPTH {
            return Some(Problem {
                line,
                says: format!("brackets are nested more than {MAX_DEPTH} deep"),
                help: "close brackets before opening more".to_owned(),
                ..Problem::default()
            });
        }
    }
    None
}

/// Reads TOML, going on after an error so that all of them are told at once.
pub(crate) fn from_toml(text: &str) -> Result<Node, Vec<Problem>> {
    if let Some(problem) = too_much(text) {
        return Err(vec![problem]);
    }
    let lines = Lines::of(text);
    let (table, errors) = toml::de::DeTable::parse_recoverable(text);
    if errors.is_empty() {
        return Ok(Node { line: 1, kind: toml_table(table.get_ref(), &lines) });
    }
    let mut problems: Vec<Problem> = errors
        .iter()
        .map(|error| Problem {
            line: error.span().map_or(1, |span| lines.at(span.start)),
            says: format!("not TOML: {}", error.message().replace('\n', ", ")),
            help: if error.message() == "duplicate key" { "keep one of them" } else { MARKS }.to_owned(),
            ..Problem::default()
        })
        .collect();
    problems.sort();
    problems.dedup();
    Err(problems)
}

fn toml_table(table: &toml::de::DeTable<'_>, lines: &Lines) -> Kind {
    let mut rows: Vec<(String, u32, Node)> = table
        .iter()
        .map(|(key, value)| (key.get_ref().to_string(), lines.at(key.span().start), toml_value(value, lines)))
        .collect();
    rows.sort_by_key(|(_, line, _)| *line);
    Kind::Table(rows)
}

fn toml_value(value: &toml::Spanned<toml::de::DeValue<'_>>, lines: &Lines) -> Node {
    use toml::de::DeValue as V;
    let kind = match value.get_ref() {
        V::String(text) => Kind::Text(text.to_string()),
        V::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .map_or_else(|_| Kind::Other(number.as_str().to_owned()), Kind::Int),
        V::Float(number) => Kind::Other(number.as_str().to_owned()),
        V::Boolean(word) => Kind::Other(word.to_string()),
        V::Datetime(moment) => Kind::Other(moment.to_string()),
        V::Array(list) => Kind::List(list.iter().map(|item| toml_value(item, lines)).collect()),
        V::Table(table) => toml_table(table, lines),
    };
    Node { line: lines.at(value.span().start), kind }
}

/// Reads JSON, strictly.
pub(crate) fn from_json(text: &str) -> Result<Node, Vec<Problem>> {
    if let Some(problem) = too_much(text) {
        return Err(vec![problem]);
    }
    let options = jsonc_parser::ParseOptions {
        allow_comments: false,
        allow_loose_object_property_names: false,
        allow_trailing_commas: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
    };
    let collect = jsonc_parser::CollectOptions::default();
    let bad =
        |line: u32, says: String, help: &str| vec![Problem { line, says, help: help.to_owned(), ..Problem::default() }];
    match jsonc_parser::parse_to_ast(text, &collect, &options) {
        Ok(parsed) => match parsed.value {
            Some(value) => {
                let lines = Lines::of(text);
                let mut problems = Vec::new();
                let node = json_value(&value, &lines, &mut problems);
                if problems.is_empty() { Ok(node) } else { Err(problems) }
            }
            None => Err(bad(1, "nothing to read: the text is empty".to_owned(), "write at least {}")),
        },
        Err(error) => {
            let line = u32::try_from(error.line_display()).unwrap_or(u32::MAX);
            Err(bad(line, format!("not JSON: {}", error.kind()), MARKS))
        }
    }
}

fn json_value(value: &jsonc_parser::ast::Value<'_>, lines: &Lines, problems: &mut Vec<Problem>) -> Node {
    use jsonc_parser::ast::Value as V;
    let (start, kind) = match value {
        V::StringLit(text) => (text.range.start, Kind::Text(text.value.to_string())),
        V::NumberLit(number) => {
            (number.range.start, number.value.parse().map_or_else(|_| Kind::Other(number.value.to_owned()), Kind::Int))
        }
        V::BooleanLit(word) => (word.range.start, Kind::Other(word.value.to_string())),
        V::NullKeyword(word) => (word.range.start, Kind::Other("null".to_owned())),
        V::Array(list) => {
            (list.range.start, Kind::List(list.elements.iter().map(|item| json_value(item, lines, problems)).collect()))
        }
        V::Object(object) => {
            let mut rows: Vec<(String, u32, Node)> = Vec::with_capacity(object.properties.len());
            for property in &object.properties {
                let name = property.name.as_str();
                let line = lines.at(property.range.start);
                if rows.iter().any(|(key, ..)| key == name) {
                    problems.push(Problem {
                        line,
                        says: format!("\"{name}\" is given twice"),
                        help: "keep one of them".to_owned(),
                        ..Problem::default()
                    });
                }
                rows.push((name.to_owned(), line, json_value(&property.value, lines, problems)));
            }
            (object.range.start, Kind::Table(rows))
        }
    };
    Node { line: lines.at(start), kind }
}
