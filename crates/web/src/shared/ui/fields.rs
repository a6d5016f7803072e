//! Fields to type in.

use askama::Template;

use super::Asks;
use crate::shared::form::{Form, Mistakes};

/// A field to type in, under its label: of one line ([`Input`]) or of several ([`Textarea`]).
#[derive(Debug, Clone, Template)]
#[template(path = "ui/field.html")]
pub struct Field<K: Kind> {
    name: String,
    label: String,
    hint: String,
    value: String,
    error: Option<String>,
    heading: bool,
    kind: K,
}

/// A field of one line.
pub type Input = Field<Line>;

/// A field of several lines.
pub type Textarea = Field<Lines>;

/// What fields of one line and of several differ in.
pub trait Kind {
    /// What there is to say of a field of one line.
    fn line(&self) -> Option<&Line> {
        None
    }

    /// Height of one of several lines.
    fn rows(&self) -> Option<u8> {
        None
    }
}

/// What there is to say of a field of one line.
#[derive(Debug, Clone)]
pub struct Line {
    /// `text`, `password`, `tel`, `date` and the like.
    of: &'static str,
    autocomplete: &'static str,
    inputmode: &'static str,
    width: &'static str,
}

/// What there is to say of a field of several lines.
#[derive(Debug, Clone)]
pub struct Lines {
    rows: u8,
}

impl Kind for Line {
    fn line(&self) -> Option<&Line> {
        Some(self)
    }
}

impl Kind for Lines {
    fn rows(&self) -> Option<u8> {
        Some(self.rows)
    }
}

impl<K: Kind> Field<K> {
    const fn of(kind: K, name: String, label: String) -> Self {
        Self { name, label, hint: String::new(), value: String::new(), error: None, heading: false, kind }
    }

    /// Help below the label.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    /// What was entered before.
    #[must_use]
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.value = value.into();
        self
    }

    /// What was just sent, and what was wrong with it. A password that was typed is never shown again.
    #[must_use]
    pub fn sent(mut self, form: &Form, mistakes: &Mistakes) -> Self {
        if self.kind.line().is_none_or(|line| line.of != "password") {
            form.text(&self.name).clone_into(&mut self.value);
        }
        self.error = mistakes.about(&self.name).map(str::to_owned);
        self
    }

    /// The label is the heading of the page.
    #[must_use]
    pub fn as_heading(mut self) -> Self {
        self.heading = true;
        self
    }
}

impl Input {
    /// A field with the id and name `name`. Browsers are asked not to remember what is typed.
    pub fn new(name: impl Into<String>, label: impl Into<String>) -> Self {
        let line = Line { of: "text", autocomplete: "off", inputmode: "", width: "" };
        Self::of(line, name.into(), label.into())
    }

    /// A password: `current-password` or `new-password`. What was typed is never shown again.
    pub fn password(name: impl Into<String>, label: impl Into<String>, autocomplete: &'static str) -> Self {
        Self::new(name, label).kind("password").autocomplete(autocomplete)
    }

    /// Whole numbers; a telephone shows its number pad.
    #[must_use]
    pub const fn number(mut self) -> Self {
        self.kind.inputmode = "numeric";
        self.kind.width = "3";
        self
    }

    /// Width in characters: 2, 3, 4, 5, 10, 20 or 30.
    #[must_use]
    pub const fn width(mut self, characters: &'static str) -> Self {
        self.kind.width = characters;
        self
    }

    /// `tel`, `date`, `time`, `search` and the like.
    #[must_use]
    pub const fn kind(mut self, kind: &'static str) -> Self {
        self.kind.of = kind;
        self
    }

    /// What the browser may fill in: `username`.
    #[must_use]
    pub const fn autocomplete(mut self, what: &'static str) -> Self {
        self.kind.autocomplete = what;
        self
    }
}

impl Textarea {
    /// A field with the id and name `name`, five lines high.
    pub fn new(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::of(Lines { rows: 5 }, name.into(), label.into())
    }

    /// Height in lines.
    #[must_use]
    pub const fn rows(mut self, rows: u8) -> Self {
        self.kind.rows = rows;
        self
    }
}

impl<K: Kind> Asks for Field<K> {
    fn name(&self) -> &str {
        &self.name
    }
    fn label(&self) -> &str {
        &self.label
    }
}
