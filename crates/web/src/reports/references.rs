//! References to records kept elsewhere, never a copy.

use axum::response::Response;
use report::{Command, Reference, ReferenceKind};

use super::entries::{Entry, keep};
use crate::shared::form::{Form, Mistakes};
use crate::shared::frame::Frame;
use crate::shared::page::Answer;
use crate::shared::record::{OnReport, Opened};
use crate::shared::ui::{Choices, Input};
use crate::shared::words::first_upper;

fn draw(frame: Frame, opened: &Opened, form: &Form) -> Response {
    let mistakes = frame.mistakes.clone();
    let says = "Where the record, footage or exhibit is kept. Never a copy of it.";
    let mut entry = Entry::new(frame, "Add a reference", says);
    let kind = ReferenceKind::ALL.iter().fold(Choices::radios("kind", "What does it refer to?"), |choices, kind| {
        choices.option(kind.word(), first_upper(kind.says()), "")
    });
    entry.choices = vec![kind.sent(form, &mistakes)];
    entry.fields = vec![
        Input::new("reference", "Reference").sent(form, &mistakes),
        Input::new("note", "What it is about").sent(form, &mistakes),
    ];
    entry.draw(opened)
}

/// The page to add a reference.
pub async fn show_new(OnReport { frame, opened, .. }: OnReport) -> Answer {
    Ok(draw(frame, &opened, &Form::default()))
}

/// Adds a reference.
pub async fn add(OnReport { app, frame, signed, opened, .. }: OnReport, form: Form) -> Answer {
    let mut mistakes = Mistakes::new();
    let kind = mistakes.choice(&form, "kind", "Select what it refers to", |sent| sent.parse::<ReferenceKind>().ok());
    let Some(kind) = kind else {
        return Ok(draw(frame.with(mistakes), &opened, &form));
    };
    let text = |name: &str| form.text(name).to_owned();
    let added = Reference { kind, reference: text("reference"), note: text("note") };
    keep(&app, (frame, &signed, &form), opened, Command::AddReference(added), draw).await
}
