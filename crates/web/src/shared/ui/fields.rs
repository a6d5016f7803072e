//! Fields to type in.

use askama::Template;

use super::Asks;
use crate::shared::form::{Form, Mistakes};

/// A field of one line.
#[derive(Debug, Clone, Template)]
#[template(path = "ui/input.html")]
pub struct Input {
    name: String,
    label: String,
    hint: String,
    value: String,
    error: Option<String>,
    kind: &'static str,
    autocomplete: &'static str,
    inputmode: &'static str,
    width: &'static str,
    spellcheck: bool,
    heading: bool,
}

impl Input {
    /// A field with the id and name `name`. Browsers are asked not to remember what is typed.
    pub fn new(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            label: label.into(),
            hint: String::new(),
            value: String::new(),
            error: None,
            kind: "text",
            autocomplete: "off",
            inputmode: "",
            width: "",
            spellcheck: false,
            heading: false,
        }
    }

    /// A password: `current-password` or `new-password`. What was typed is never shown again.
    pub fn password(name: impl Into<String>, label: impl Into<String>, autocomplete: &'static str) -> Self {
        Self { kind: "password", autocomplete, ..Self::new(name, label) }
    }

    /// Whole numbers; a telephone shows its number pad.
    #[must_use]
    pub const fn number(mut self) -> Self {
        self.inputmode = "numeric";
        self.width = "3";
        self
    }

    /// Width in characters: 2, 3, 4, 5, 10, 20 or 30.
    #[must_use]
    pub const fn width(mut self, characters: &'static str) -> Self {
        self.width = characters;
        self
    }

    /// `tel`, `date`, `time`, `search` and the like.
    #[must_use]
    pub const fn kind(mut self, kind: &'static str) -> Self {
        self.kind = kind;
        self
    }

    /// What the browser may fill in: `username`.
    #[must_use]
    pub const fn autocomplete(mut self, what: &'static str) -> Self {
        self.autocomplete = what;
        self
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

    /// What was just sent, and what was wrong with it.
    #[must_use]
    pub fn sent(mut self, form: &Form, mistakes: &Mistakes) -> Self {
        if self.kind != "password" {
            form.text(&self.name).clone_into(&mut self.value);
        }
        self.error = mistakes.about(&self.name).map(str::to_owned);
        self
    }

    /// The label is the heading of the page.
    #[must_use]
    pub const fn as_heading(mut self) -> Self {
        self.heading = true;
        self
    }
}

/// A field of several lines.
#[derive(Debug, Clone, Template)]
#[template(path = "ui/textarea.html")]
pub struct Textarea {
    name: String,
    label: String,
    hint: String,
    value: String,
    error: Option<String>,
    rows: u8,
    heading: bool,
}

impl Textarea {
    /// A field with the id and name `name`, five lines high.
    pub fn new(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            label: label.into(),
            hint: String::new(),
            value: String::new(),
            error: None,
            rows: 5,
            heading: false,
        }
    }

    /// Height in lines.
    #[must_use]
    pub const fn rows(mut self, rows: u8) -> Self {
        self.rows = rows;
        self
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

    /// What was just sent, and what was wrong with it.
    #[must_use]
    pub fn sent(mut self, form: &Form, mistakes: &Mistakes) -> Self {
        form.text(&self.name).clone_into(&mut self.value);
        self.error = mistakes.about(&self.name).map(str::to_owned);
        self
    }

    /// The label is the heading of the page.
    #[must_use]
    pub const fn as_heading(mut self) -> Self {
        self.heading = true;
        self
    }
}

impl Asks for Input {
    fn name(&self) -> &str {
        &self.name
    }
    fn label(&self) -> &str {
        &self.label
    }
}

impl Asks for Textarea {
    fn name(&self) -> &str {
        &self.name
    }
    fn label(&self) -> &str {
        &self.label
    }
}
