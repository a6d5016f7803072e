//! One line of canonical JSON: keys sorted, no spaces, ASCII only. What is hashed or authenticated is
//! written this way, so that a program in any language gets the same bytes (in Python:
//! `json.dumps(value, sort_keys=True, separators=(",", ":"))`).

use std::fmt::Write as _;

/// A line being put together: its pairs in the order of their keys.
#[derive(Debug, Clone, Default)]
pub struct Line(Vec<(&'static str, String)>);

impl Line {
    /// Adds a text.
    pub fn text(self, key: &'static str, value: &str) -> Self {
        self.with(key, quoted(value))
    }

    /// Adds a text where there is one.
    pub fn maybe(self, key: &'static str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.text(key, value),
            None => self,
        }
    }

    /// Adds a whole number.
    pub fn number(self, key: &'static str, value: i64) -> Self {
        self.with(key, value.to_string())
    }

    fn with(mut self, key: &'static str, value: String) -> Self {
        match self.0.binary_search_by_key(&key, |(key, _)| key) {
            Ok(at) => {
                if let Some((_, had)) = self.0.get_mut(at) {
                    *had = value;
                }
            }
            Err(at) => self.0.insert(at, (key, value)),
        }
        self
    }

    /// The line, without an end.
    pub fn end(self) -> String {
        // Quotes, colon and comma of each pair, and the brackets.
        let pair = |(key, value): &(&str, String)| key.len() + value.len() + 4;
        let mut out = String::with_capacity(self.0.iter().map(pair).sum::<usize>() + 2);
        out.push('{');
        for (place, (key, value)) in self.0.iter().enumerate() {
            out.push_str(if place == 0 { "\"" } else { ",\"" });
            out.push_str(key);
            out.push_str("\":");
            out.push_str(value);
        }
        out.push('}');
        out
    }
}

fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    let is_plain = |byte: u8| matches!(byte, b' '..=b'~') && byte != b'"' && byte != b'\\';
    if text.bytes().all(is_plain) {
        out.push_str(text);
        out.push('"');
        return out;
    }
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
        let line = Line::default().number("v", 1).text("a", "Ægir 👮\n\"\\\u{7f}\u{1}").maybe("b", None);
        assert_eq!(line.end(), r#"{"a":"\u00c6gir \ud83d\udc6e\n\"\\\u007f\u0001","v":1}"#);
        assert_eq!(Line::default().end(), "{}");
        let twice = Line::default().text("b", "1").text("a", "x").number("b", 2);
        assert_eq!(twice.end(), r#"{"a":"x","b":2}"#, "the last one counts");
    }
}
