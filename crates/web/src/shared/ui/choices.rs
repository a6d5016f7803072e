//! Radios and checkboxes.

use askama::Template;

use super::Asks;
use crate::shared::form::{Form, Mistakes};

/// One of the answers offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub words: String,
    /// Help below it; may be empty.
    pub hint: String,
    /// Chosen already, because it was answered before. Never by default.
    pub chosen: bool,
}

/// A group of radios or checkboxes with its legend. Nothing is chosen unless it was answered before.
#[derive(Debug, Clone, Template)]
#[template(path = "ui/choices.html")]
pub struct Choices {
    name: String,
    label: String,
    hint: String,
    kind: &'static str,
    options: Vec<Choice>,
    error: Option<String>,
    heading: bool,
    inline: bool,
    small: bool,
}

impl Choices {
    /// One answer out of several.
    pub fn radios(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::new("radios", name.into(), label.into())
    }

    /// Any number of answers.
    pub fn checkboxes(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::new("checkboxes", name.into(), label.into())
    }

    const fn new(kind: &'static str, name: String, label: String) -> Self {
        Self {
            name,
            label,
            hint: String::new(),
            kind,
            options: Vec::new(),
            error: None,
            heading: false,
            inline: false,
            small: false,
        }
    }

    /// Yes, No, Not known yet: the three answers to a question of the guidance, with the values of the contract.
    #[must_use]
    pub fn yes_no_not_known(self) -> Self {
        self.option("yes", "Yes", "").option("no", "No", "").option("not-known", "Not known yet", "")
    }

    /// Adds an answer; `hint` may be empty.
    #[must_use]
    pub fn option(mut self, value: impl Into<String>, words: impl Into<String>, hint: impl Into<String>) -> Self {
        self.options.push(Choice { value: value.into(), words: words.into(), hint: hint.into(), chosen: false });
        self
    }

    /// Help below the legend.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    /// Marks what was answered before; an empty value marks nothing.
    #[must_use]
    pub fn chosen(mut self, value: &str) -> Self {
        for option in &mut self.options {
            option.chosen |= !value.is_empty() && option.value == value;
        }
        self
    }

    /// Marks what was just sent, and says what was wrong with it.
    #[must_use]
    pub fn sent(mut self, form: &Form, mistakes: &Mistakes) -> Self {
        let sent = form.all(&self.name);
        for option in &mut self.options {
            option.chosen = sent.contains(&option.value);
        }
        self.error = mistakes.about(&self.name).map(str::to_owned);
        self
    }

    /// The legend is the heading of the page.
    #[must_use]
    pub const fn as_heading(mut self) -> Self {
        self.heading = true;
        self
    }

    /// The answers stand side by side where there is room: for two or three short ones.
    #[must_use]
    pub const fn inline(mut self) -> Self {
        self.inline = true;
        self
    }

    /// Smaller boxes: for pages that ask several things.
    #[must_use]
    pub const fn small(mut self) -> Self {
        self.small = true;
        self
    }

    /// The first control carries the name as id, so that the summary of mistakes leads to it.
    fn id(&self, index: &usize) -> String {
        if *index == 0 { self.name.clone() } else { format!("{}-{}", self.name, index + 1) }
    }

    fn input_type(&self) -> &'static str {
        if self.kind == "radios" { "radio" } else { "checkbox" }
    }
}

impl Asks for Choices {
    fn name(&self) -> &str {
        &self.name
    }
    fn label(&self) -> &str {
        &self.label
    }
    fn words(&self, sent: &[String]) -> String {
        let chosen = self.options.iter();
        let chosen = chosen.filter(|option| sent.contains(&option.value));
        let words: Vec<&str> = chosen.map(|option| option.words.as_str()).collect();
        words.join(", ")
    }
}
