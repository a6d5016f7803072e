//! What a browser sent, and the mistakes in it.
//!
//! A missing or odd field is never an error of the protocol: it becomes a line in the summary of
//! mistakes, with a link to the field, and everything else that was entered is still there.

use std::collections::BTreeMap;

use report::{Refusal, text};
use sha2::{Digest as _, Sha256};

use super::time;

/// Bytes of a request body. The fullest form of a pack, every field at its limit and each character sent as three bytes, fits;
/// nothing may be uploaded, and no picture is let through as text whatever its size.
pub const LARGEST_BODY: usize = 256 * 1024;
/// Name of the field that carries the token of the form.
pub const TOKEN_FIELD: &str = "form_token";

/// The fields of a form, each with everything that was sent under its name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Form {
    fields: BTreeMap<String, Vec<String>>,
}

impl Form {
    /// From the pairs of a body or query, in the order they were sent. Line ends become `\n`; other control
    /// characters are dropped.
    pub fn from_pairs(pairs: Vec<(String, String)>) -> Self {
        let mut fields: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, value) in pairs {
            fields.entry(name).or_default().push(tidy(&value));
        }
        Self { fields }
    }

    /// With these values of a field in place of what it had.
    #[must_use]
    pub fn with(mut self, name: &str, values: &[String]) -> Self {
        self.fields.insert(name.to_owned(), values.to_vec());
        self
    }

    /// The one value of a field, without space around it; empty when it was not sent.
    pub fn text(&self, name: &str) -> &str {
        self.fields.get(name).and_then(|values| values.last()).map_or("", |value| value.trim())
    }

    /// The one value of a field exactly as sent: for passwords.
    pub fn exact(&self, name: &str) -> &str {
        self.fields.get(name).and_then(|values| values.last()).map_or("", String::as_str)
    }

    /// Every value sent under a name: for checkboxes.
    pub fn all(&self, name: &str) -> &[String] {
        self.fields.get(name).map_or(&[], Vec::as_slice)
    }

    /// True when a field was sent with anything in it.
    pub fn has(&self, name: &str) -> bool {
        !self.text(name).is_empty()
    }

    /// A digest of everything that was sent, the token with it: the same form sent twice has the same, and
    /// a page that was fetched anew never has the same as before.
    pub fn digest(&self) -> String {
        let mut all = Sha256::new();
        for (name, values) in &self.fields {
            for value in values {
                for part in [name, value] {
                    all.update(part.len().to_le_bytes());
                    all.update(part);
                }
            }
        }
        all.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The name of every field, also of one that was sent empty.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.fields.keys().map(String::as_str)
    }

    /// Every field and value but the token, in the order of their names.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields
            .iter()
            .filter(|(name, _)| name.as_str() != TOKEN_FIELD)
            .flat_map(|(name, values)| values.iter().map(move |value| (name.as_str(), value.as_str())))
    }
}

fn tidy(value: &str) -> String {
    value
        .replace("\r\n", "\n")
        .replace('\r', "\n")
        .chars()
        .filter(|c| *c == '\n' || *c == '\t' || !c.is_control())
        .collect()
}

/// One mistake: the field it is about and what to do, in the reader's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// Id of the first control of the field; the summary links to it.
    pub field: String,
    /// What was wrong, then what to do. No full stop.
    pub says: String,
}

/// The mistakes of a form, in any order: [`super::summary`] puts them in that of the page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mistakes(Vec<Mistake>);

impl Mistakes {
    /// None so far.
    pub const fn new() -> Self {
        Self(Vec::new())
    }
    /// Adds one.
    pub fn add(&mut self, field: &str, says: impl Into<String>) {
        self.0.push(Mistake { field: field.to_owned(), says: says.into() });
    }
    /// True when there is nothing to put right.
    pub fn none(&self) -> bool {
        self.0.is_empty()
    }
    /// What is wrong with a field, if anything.
    pub fn about(&self, field: &str) -> Option<&str> {
        self.0.iter().find(|mistake| mistake.field == field).map(|mistake| mistake.says.as_str())
    }
    /// All of them.
    pub fn list(&self) -> &[Mistake] {
        &self.0
    }

    /// A one-line field that has to be filled in. `missing` is what to say when it is not.
    pub fn line(&mut self, form: &Form, field: &str, missing: &str) -> String {
        let value = self.optional_line(form, field);
        if value.is_empty() {
            self.add(field, missing);
        }
        value
    }

    /// A longer text that has to be filled in. `missing` is what to say when it is not.
    pub fn long_text(&mut self, form: &Form, field: &str, missing: &str) -> String {
        let value = self.optional_text(form, field);
        if value.is_empty() {
            self.add(field, missing);
        }
        value
    }

    /// A one-line field that may be left out: not too long, and nothing in it that could carry a picture.
    pub fn optional_line(&mut self, form: &Form, field: &str) -> String {
        if let Err(wrong) = text::line(field, form.text(field)) {
            self.add(&wrong.field, wrong.says);
        }
        form.text(field).to_owned()
    }

    /// A longer text that may be left out: not too long, and nothing in it that could carry a picture.
    pub fn optional_text(&mut self, form: &Form, field: &str) -> String {
        if let Err(wrong) = text::check(field, form.text(field)) {
            self.add(&wrong.field, wrong.says);
        }
        form.text(field).to_owned()
    }

    /// Everything that the record refused.
    pub fn refused(&mut self, refusal: &Refusal) {
        for wrong in refusal.problems() {
            self.add(&wrong.field, wrong.says);
        }
    }

    /// What was typed for a day is none: that there is no such day, else what to enter.
    pub fn no_day(&mut self, field: &str, typed: &str, says: &str) {
        let no_such = time::no_such_day(typed);
        self.add(field, no_such.unwrap_or_else(|| says.to_owned()));
    }

    /// One of a closed list. `read` turns what was sent into a value; `missing` is what to say when it does not.
    pub fn choice<T>(
        &mut self,
        form: &Form,
        field: &str,
        missing: &str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let chosen = Some(form.text(field)).filter(|sent| !sent.is_empty()).and_then(read);
        if chosen.is_none() {
            self.add(field, missing);
        }
        chosen
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(pairs: &[(&str, &str)]) -> Form {
        Form::from_pairs(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    #[test]
    fn fields() {
        let sent = form(&[("a", "1"), ("a", " 2 "), ("b", "x\r\ny\0\u{7f}"), (TOKEN_FIELD, "t")]);
        assert_eq!(sent.text("a"), "2");
        assert_eq!(sent.exact("a"), " 2 ");
        assert_eq!(sent.all("a"), ["1", " 2 "]);
        assert_eq!(sent.text("b"), "x\ny");
        assert_eq!(sent.text("c"), "");
        assert!(!sent.has("c"));
        assert_eq!(sent.pairs().map(|(name, _)| name).collect::<Vec<_>>(), ["a", "a", "b"]);
    }

    #[test]
    fn every_mistake_is_named_once() {
        let long = "x".repeat(text::LINE + 1);
        let form = form(&[("name", ""), ("reason", &long), ("kind", "other")]);
        let mut mistakes = Mistakes::new();
        mistakes.line(&form, "name", "Enter a name");
        mistakes.line(&form, "reason", "Enter a reason");
        let kind = mistakes.choice(&form, "kind", "Choose a kind", |sent| (sent == "this").then_some(()));
        assert_eq!(kind, None);
        assert_eq!(mistakes.list().len(), 3);
        assert_eq!(mistakes.about("name"), Some("Enter a name"));
        assert_eq!(
            mistakes.about("reason"),
            Some("This is one character too long. Shorten it to 200 characters or fewer")
        );
        assert_eq!(mistakes.about("nothing"), None);
    }
}
