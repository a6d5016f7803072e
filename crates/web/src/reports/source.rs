//! Where an answer comes from: who said it, when it happened, a note.

use jiff::civil::Date;
use report::{PersonId, SaidBy};

use crate::shared::form::{Form, Mistakes};
use crate::shared::record::Opened;
use crate::shared::time;
use crate::shared::ui::{Choices, Input, Textarea};

/// Who said it, when it happened, and a note.
pub struct Source {
    /// Who said so.
    pub said_by: Choices,
    /// Who else.
    pub other: Input,
    /// The day it happened.
    pub on: Input,
    /// A note, where it does not stand beside the question.
    pub note: Option<Textarea>,
    /// Unfolded, because something was sent or is wrong.
    pub open: bool,
}

impl Source {
    /// With what was sent.
    pub fn new(opened: &Opened, form: &Form, mistakes: &Mistakes, with_note: bool) -> Self {
        let mut said_by = Choices::radios("said_by", "Who said so?")
            .hint("If you select nobody, it is kept as the police's own finding.")
            .option("police", "The police: found or concluded", "");
        for person in opened.people() {
            said_by = said_by.option(format!("person:{}", person.id), person.label(), "");
        }
        said_by =
            said_by.option("reporter", "Whoever reported it", "").option("other", "Somebody else, or a record", "");
        let fields = ["said_by", "said_by_other", "happened_on", "note"];
        Self {
            said_by: said_by.sent(form, mistakes),
            other: Input::new("said_by_other", "Who, or which record?").sent(form, mistakes),
            on: Input::new("happened_on", "Day it happened").hint("Like 24/11/2026.").width("10").sent(form, mistakes),
            note: with_note.then(|| {
                Textarea::new("note", "Note").hint("In their words if you have them.").rows(3).sent(form, mistakes)
            }),
            open: fields.iter().any(|field| mistakes.about(field).is_some() || form.has(field)),
        }
    }
}

/// The day it happened, from the form; none where nothing was entered.
pub fn read_happened_on(form: &Form, mistakes: &mut Mistakes, today: Date) -> Option<Date> {
    let on = form.text("happened_on");
    let day = time::read_day(on);
    if !on.is_empty() && day.is_none() {
        mistakes.no_day("happened_on", on, "Enter the day it happened, like 24/11/2026, or leave it empty");
    }
    if day > Some(today) {
        mistakes.add("happened_on", "This day is in the future. Enter the day it happened, or leave it empty");
    }
    day
}

/// Who said so, from the form.
pub fn read_said_by(form: &Form, mistakes: &mut Mistakes) -> SaidBy {
    // Who wrote somebody down and selected nothing meant them.
    let written = form.text("said_by").is_empty() && !form.text("said_by_other").is_empty();
    match form.text("said_by") {
        "reporter" => SaidBy::Reporter,
        sent if sent == "other" || written => {
            SaidBy::Other(mistakes.line(form, "said_by_other", "Say who said this, or which record it is from"))
        }
        sent => match sent.strip_prefix("person:").and_then(|id| id.parse::<PersonId>().ok()) {
            Some(person) => SaidBy::Person(person),
            None => SaidBy::Police,
        },
    }
}
