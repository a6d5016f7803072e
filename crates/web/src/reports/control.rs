//! The fields of one question of the guidance, and the value that comes back from them.
//!
//! The names of facts are fixed by the contract, so the four that are not answered by one word are known here
//! by name: an age, the day it happened, the parts somebody takes, the people who use a device.

use guidance::Value;
use guidance::words::Question;
use report::{FactName, NOT_KNOWN};

use crate::shared::form::{Form, Mistakes};
use crate::shared::record::Opened;
use crate::shared::time;
use crate::shared::ui::{Asks, Choices, Input};

/// The oldest that the contract takes.
const OLDEST: u8 = 120;
const SAY_AGE: &str = "Enter the age in whole years, 0 to 120, or select what is known of it";

/// The fields of one question.
pub struct Control {
    /// Whole years where an age is asked, a day where the day is.
    pub typed: Option<Input>,
    /// The answers offered.
    pub choices: Choices,
}

const SAY_DAY: &str = "Enter the day it happened, like 24/11/2026, or say that it is not known yet";
/// The fact that is a day.
pub const ACT_ON: &str = "act_on";

/// How the answer is given.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Age,
    Day,
    Parts,
    People,
    Word,
}

fn kind(name: &str) -> Kind {
    match name {
        "age" => Kind::Age,
        ACT_ON => Kind::Day,
        "part" => Kind::Parts,
        "used_or_owned_by" => Kind::People,
        _ => Kind::Word,
    }
}

/// Name of the second field of an age.
fn beside(field: &str) -> String {
    format!("{field}.known")
}

impl Control {
    /// The fields for a question, named `field`. `label` is the legend: the question with names in it.
    pub fn new(opened: &Opened, question: &Question, field: &str, label: &str) -> Self {
        let name = question.fact.rsplit('.').next().unwrap_or_default();
        let kind = kind(name);
        let typed = match kind {
            Kind::Age => Some(Input::new(field, label).hint(&question.hint).number()),
            Kind::Day => Some(Input::new(field, label).hint(format!("Like 24/11/2026. {}", question.hint)).width("10")),
            Kind::Parts | Kind::People | Kind::Word => None,
        };
        let mut choices = match kind {
            Kind::Age => Choices::radios(beside(field), "Or, if the age itself is not known"),
            // One box that can be cleared again: a single radio cannot.
            Kind::Day => Choices::checkboxes(beside(field), "Or"),
            Kind::Parts | Kind::People => Choices::checkboxes(field, label).hint(&question.hint),
            Kind::Word => Choices::radios(field, label).hint(&question.hint),
        };
        if kind == Kind::People {
            for person in opened.people() {
                choices = choices.option(person.id.as_str(), person.label(), "");
            }
            choices = choices.option(NOBODY, "Nobody in this report, or not known", "");
        } else if question.options.is_empty() {
            choices = choices.yes_no_not_known();
        }
        for option in &question.options {
            choices = choices.option(&option.value, &option.words, &option.hint);
        }
        Self { typed, choices }
    }

    /// With the answer there is.
    #[must_use]
    pub fn holding(mut self, value: Option<&Value>) -> Self {
        match value {
            Some(Value::Years(years)) => self.typed = self.typed.map(|input| input.value(years.to_string())),
            Some(Value::Word(word)) if time::read_day(word).is_some() => {
                self.typed = self.typed.map(|input| input.value(word))
            }
            Some(Value::Word(word)) => self.choices = self.choices.chosen(word),
            Some(Value::Words(words)) if words.is_empty() => self.choices = self.choices.chosen(NOBODY),
            Some(Value::Words(words)) => {
                for word in words {
                    self.choices = self.choices.chosen(word);
                }
            }
            None => {}
        }
        self
    }

    /// With what was sent, and what was wrong with it.
    #[must_use]
    pub fn sent(mut self, form: &Form, mistakes: &Mistakes) -> Self {
        self.typed = self.typed.map(|input| input.sent(form, mistakes));
        self.choices = self.choices.sent(form, mistakes);
        self
    }

    /// What it asks, field by field.
    pub fn asks(&self) -> Vec<&dyn Asks> {
        let typed = self.typed.iter().map(|typed| typed as &dyn Asks);
        typed.chain([&self.choices as &dyn Asks]).collect()
    }

    /// The question is the heading of the page.
    #[must_use]
    pub fn heading_the_page(mut self) -> Self {
        match self.typed.take() {
            Some(typed) => self.typed = Some(typed.as_heading()),
            None => self.choices = self.choices.as_heading(),
        }
        self
    }
}

/// Stands for nobody, so that nobody can be chosen and not only left out.
const NOBODY: &str = "nobody-here";

/// The value that was sent for a question.
pub fn read(
    form: &Form,
    mistakes: &mut Mistakes,
    opened: &Opened,
    fact: &FactName,
    question: &Question,
) -> Option<Value> {
    let words = opened.question_words(fact);
    let asked = (fact.as_str(), words.as_str());
    read_named(form, mistakes, fact.name(), asked, question)
}

/// Like [`read`], for somebody or something that is being added and has no id yet: the name of the field, and the question in words.
pub fn read_named(
    form: &Form,
    mistakes: &mut Mistakes,
    name: &str,
    (field, words): (&str, &str),
    question: &Question,
) -> Option<Value> {
    match kind(name) {
        Kind::Age => read_age(form, mistakes, field, question),
        Kind::Day => read_day(form, mistakes, field),
        Kind::Parts | Kind::People => {
            let sent: Vec<String> = form.all(field).iter().filter(|word| *word != NOBODY).cloned().collect();
            if form.all(field).is_empty() {
                let says = format!("Select at least one answer: {}", words);
                mistakes.add(field, says);
                return None;
            }
            let nobody_too = sent.len() != form.all(field).len() && !sent.is_empty();
            if nobody_too {
                mistakes.add(field, "Select either people, or nobody");
                return None;
            }
            Some(Value::Words(sent))
        }
        Kind::Word => {
            let offered = |sent: &str| {
                let listed = question.options.iter().any(|option| option.value == sent);
                let plain = question.options.is_empty() && matches!(sent, "yes" | "no" | NOT_KNOWN);
                (listed || plain).then(|| Value::word(sent))
            };
            let missing = format!("Select an answer, or not known yet: {}", words);
            mistakes.choice(form, field, &missing, offered)
        }
    }
}

/// A day is kept as the contract writes it, `2026-11-24`.
fn read_day(form: &Form, mistakes: &mut Mistakes, field: &str) -> Option<Value> {
    let (typed, is_unknown) = (form.text(field), form.text(&beside(field)) == NOT_KNOWN);
    match (typed.is_empty(), time::read_day(typed)) {
        (true, _) if is_unknown => Some(Value::word(NOT_KNOWN)),
        (false, Some(_)) if is_unknown => {
            mistakes.add(field, "Enter the day, or say that it is not known yet, not both");
            None
        }
        (false, Some(day)) => Some(Value::word(&day.to_string())),
        _ => {
            mistakes.no_day(field, typed, SAY_DAY);
            None
        }
    }
}

fn read_age(form: &Form, mistakes: &mut Mistakes, field: &str, question: &Question) -> Option<Value> {
    let (years, known) = (form.text(field), form.text(&beside(field)).to_owned());
    let listed = question.options.iter().any(|option| option.value == known);
    match (years.is_empty(), listed) {
        (true, true) => Some(Value::word(&known)),
        (false, false) => {
            let age = years.parse::<u8>().ok().filter(|age| *age <= OLDEST);
            if age.is_none() {
                mistakes.add(field, SAY_AGE);
            }
            age.map(Value::Years)
        }
        (true, false) => {
            mistakes.add(field, SAY_AGE);
            None
        }
        (false, true) => {
            mistakes.add(field, "Enter the age in years, or select what is known of it, not both");
            None
        }
    }
}
