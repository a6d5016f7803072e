//! Lines that fit a terminal and a sheet of paper: wrapped, indented, headings bold where that shows.

use std::io::{self, IsTerminal as _};

/// Characters in a line. Wide enough for a sentence, narrow enough to be read without losing the line.
pub const WIDTH: usize = 92;

/// A text that grows from top to bottom.
#[derive(Debug)]
pub struct Text {
    out: String,
    bold: bool,
}

impl Text {
    /// For standard output: headings are bold on a terminal, unless NO_COLOR asks for plain text.
    pub fn for_stdout() -> Self {
        let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self { out: String::new(), bold: io::stdout().is_terminal() && !plain }
    }

    /// A heading, with a blank line before it unless it is the first.
    pub fn heading(&mut self, words: &str) {
        if !self.out.is_empty() {
            self.out.push('\n');
        }
        let words = if self.bold { format!("\u{1b}[1m{words}\u{1b}[0m") } else { words.to_owned() };
        self.out.push_str(&words);
        self.out.push('\n');
    }

    /// A paragraph, `indent` characters from the left.
    pub fn para(&mut self, indent: usize, words: &str) {
        self.item(indent, "", words);
    }

    /// A paragraph behind a marker; the lines after the first stand below its words.
    pub fn item(&mut self, indent: usize, marker: &str, words: &str) {
        let hang = indent + marker.chars().count();
        let mut line = " ".repeat(indent) + marker;
        let mut length = hang;
        for word in words.split_whitespace() {
            let word_length = word.chars().count();
            if length > hang && length + 1 + word_length > WIDTH {
                self.push_line(&line);
                line = " ".repeat(hang);
                length = hang;
            }
            if length > hang {
                line.push(' ');
                length += 1;
            }
            line.push_str(word);
            length += word_length;
        }
        self.push_line(&line);
    }

    /// A blank line.
    pub fn blank(&mut self) {
        self.out.push('\n');
    }

    /// A line as it is.
    pub fn line(&mut self, words: &str) {
        self.push_line(words);
    }

    /// Everything, for writing at once.
    pub fn finish(self) -> String {
        self.out
    }

    fn push_line(&mut self, line: &str) {
        self.out.push_str(line.trim_end());
        self.out.push('\n');
    }
}

/// `A`, `A and B`, `A, B and C`.
pub fn list<T: AsRef<str>>(words: &[T]) -> String {
    match words {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [first @ .., last] => {
            let first: Vec<&str> = first.iter().map(AsRef::as_ref).collect();
            format!("{} and {}", first.join(", "), last.as_ref())
        }
    }
}

/// `[G11, G16]`, or nothing.
pub fn cites(cites: &[String]) -> String {
    if cites.is_empty() { String::new() } else { format!("[{}]", cites.join(", ")) }
}

/// Capital first letter.
pub fn sentence(words: &str) -> String {
    let mut chars = words.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_wrap_below_their_marker_and_long_words_stay_whole() {
        let mut text = Text { out: String::new(), bold: false };
        let long = "x".repeat(WIDTH);
        text.item(2, "1. ", &format!("{} {long}", "word ".repeat(20)));
        let lines = text.finish();
        let lines: Vec<&str> = lines.lines().collect();
        assert_eq!(lines.len(), 3);
        assert!(lines[0].starts_with("  1. word") && lines[0].chars().count() <= WIDTH);
        assert!(lines[1].starts_with("     word"));
        assert_eq!(lines[2], format!("     {long}"));
    }

    #[test]
    fn lists_read_like_sentences() {
        assert_eq!(list::<&str>(&[]), "");
        assert_eq!(list(&["A"]), "A");
        assert_eq!(list(&["A", "B", "C"]), "A, B and C");
    }
}
