//! Accounts on platforms, as text.

use axum::response::Response;
use report::{Account, Command, PersonId};

use super::entries::{Entry, NOBODY, keep};
use crate::shared::form::{Form, Mistakes};
use crate::shared::frame::Frame;
use crate::shared::page::Answer;
use crate::shared::record::{OnReport, Opened};
use crate::shared::ui::{Choices, Input, Textarea};

fn draw(frame: Frame, opened: &Opened, form: &Form) -> Response {
    let mistakes = frame.mistakes.clone();
    let says = "Names and addresses of accounts as text. Do not open or follow them to look at an image.";
    let mut entry = Entry::new(frame, "Add an account", says);
    entry.fields = vec![
        Input::new("platform", "Platform or app").sent(form, &mistakes),
        Input::new("username", "User name").sent(form, &mistakes),
    ];
    let whose = opened.people().fold(Choices::radios("person", "Whose is it?"), |choices, person| {
        choices.option(person.id.as_str(), person.label(), "")
    });
    entry.choices = vec![whose.option(NOBODY, "Nobody in this report, or not known", "").sent(form, &mistakes)];
    entry.note = Some(
        Textarea::new("note", "Anything else")
            .hint("Such as: platform asked to preserve the data.")
            .rows(3)
            .sent(form, &mistakes),
    );
    entry.draw(opened)
}

/// The page to add an account.
pub async fn show_new(OnReport { frame, opened, .. }: OnReport) -> Answer {
    Ok(draw(frame, &opened, &Form::default()))
}

/// Adds an account.
pub async fn add(OnReport { app, frame, signed, opened, .. }: OnReport, form: Form) -> Answer {
    let mut mistakes = Mistakes::new();
    let person = mistakes.choice(&form, "person", "Select whose it is, or that it is not known", |sent| match sent {
        NOBODY => Some(None),
        id => id.parse::<PersonId>().ok().map(Some),
    });
    let Some(person) = person else {
        return Ok(draw(frame.with(mistakes), &opened, &form));
    };
    let text = |name: &str| form.text(name).to_owned();
    let account = Account { platform: text("platform"), username: text("username"), person, note: text("note") };
    keep(&app, (frame, &signed, &form), opened, Command::AddAccount(account), draw).await
}
