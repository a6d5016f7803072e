//! One line of canonical JSON: keys sorted, no spaces, ASCII only. What is hashed or authenticated is
//! written this way, so that a program in any language gets the same bytes (in Python:
//! `json.dumps(value, sort_keys=True, separators=(",", ":"))`).

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// A line being put together.
#[derive(Debug, Clone, Default)]
pub struct Line(BTreeMap<&'static str, String>);

impl Line {
    /// Adds a text.
    pub fn text(mut self, key: &'static str, value: &str) -> Self {
        self.0.insert(key, quoted(value));
        self
    }

    /// Adds a text where there is one.
    pub fn maybe(self, key: &'static str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.text(key, value),
            None => self,
        }
    }

    /// Adds a whole number.
    pub fn number(mut self, key: &'static str, value: i64) -> Self {
        self.0.insert(key, value.to_string());
        self
    }

    /// The line, without an end.
    pub fn end(self) -> String {
        let pairs: Vec<String> = self
            .0
            .iter()
            .map(|(key, value)| format!("\"{key}\":{value}"))
            .collect();
        format!("{{{}}}", pairs.join(","))
    }
}

fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            ' '..='~' => out.push(letter),
            _ => {
                for unit in letter.encode_utf16(&mut [0; 2]) {
                    let _ = write!(out, "\\u{unit:04x}");
                }
            }
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_sorted_and_everything_is_ascii() {
        let line = Line::default()
            .number("v", 1)
            .text("a", "Ægir 👮\n\"\\\u{7f}\u{1}")
            .maybe("b", None);
        assert_eq!(
            line.end(),
            r#"{"a":"\u00c6gir \ud83d\udc6e\n\"\\\u007f\u0001","v":1}"#
        );
        assert_eq!(Line::default().end(), "{}");
    }
}
