//! The page to enter something that is no person: a few fields, choices, a note. One file for each kind uses it.

use askama::Template;
use axum::response::Response;
use report::{Command, EventBody};

use crate::routes;
use crate::shared::app::App;
use crate::shared::form::Form;
use crate::shared::frame::Frame;
use crate::shared::page::{Answer, go, page};
use crate::shared::record::seen::{self, Edit};
use crate::shared::record::{self, Opened, report_frame};
use crate::shared::ui::{Asks, Choices, Input, Textarea, Why};
use crate::shared::visit::Signed;

/// The value of a form that stands for nobody of the report.
pub const NOBODY: &str = "nobody-here";

/// The page.
#[derive(Template)]
#[template(path = "reports/entry.html")]
pub struct Entry {
    /// What stands around it.
    pub frame: Frame,
    /// Heading.
    pub title: &'static str,
    /// What is said below it.
    pub says: &'static str,
    /// What the page of an entry that there is already has seen of it: [`seen::marked`].
    pub seen: String,
    /// Radios and checkboxes, after the fields.
    pub choices: Vec<Choices>,
    /// Fields of one line.
    pub fields: Vec<Input>,
    /// Why what is asked by the guidance is asked.
    pub why: Option<Why>,
    /// A longer text, last.
    pub note: Option<Textarea>,
    /// Where the entry is withdrawn, once there is one.
    pub withdraw: Option<String>,
}

impl Entry {
    /// With nothing to fill in yet.
    pub const fn new(frame: Frame, title: &'static str, says: &'static str) -> Self {
        Self {
            frame,
            title,
            says,
            seen: String::new(),
            choices: Vec::new(),
            fields: Vec::new(),
            why: None,
            note: None,
            withdraw: None,
        }
    }

    /// The page, with the frame of the report around it.
    pub fn draw(mut self, opened: &Opened) -> Response {
        let wrong = !self.frame.mistakes.none();
        let back = came_from(self.frame.then.as_deref(), opened);
        let back = back.unwrap_or_else(|| routes::involved(opened.reference()));
        self.frame = report_frame(self.frame, opened).back_to(back);
        page(wrong, &self)
    }
}

/// The fields of a page, as what it asks.
pub fn as_asked(fields: &[Input]) -> Vec<&dyn Asks> {
    fields.iter().map(|field| field as &dyn Asks).collect()
}

/// The task that somebody came from to enter this; nothing where the address names none of this report.
fn came_from(then: Option<&str>, opened: &Opened) -> Option<String> {
    let task = opened.task(then?)?;
    Some(routes::task(opened.reference(), task.id.as_str()))
}

/// Carries out a command and goes back to the list, or to the task that somebody came from for it; or draws the form again with what was wrong.
pub async fn keep(
    app: &App,
    (frame, signed, form): (Frame, &Signed, &Form),
    opened: Opened,
    command: Command,
    again: impl FnOnce(Frame, &Opened, &Form) -> Response,
) -> Answer {
    let shown = opened.clone();
    match record::act(app, signed, opened, command, &form.digest()).await {
        Ok(after) => {
            let back = came_from(frame.then.as_deref(), &after).map(|task| format!("{task}?done=added"));
            let next = back.unwrap_or_else(|| routes::involved(after.reference()));
            go(&record::offering(&next, &after, shown.version))
        }
        Err(acted) => Ok(again(frame.with(acted.mistakes()?), &shown, form)),
    }
}

/// Like [`keep`], for an entry that there is already: somebody else may have changed it since. `fields` are those of the page.
pub async fn change<S: Fn(&EventBody) -> Option<Form>>(
    app: &App,
    (frame, signed, form): (Frame, &Signed, &Form),
    opened: Opened,
    edit: &Edit<'_, S>,
    command: impl Fn(&Form) -> Command,
    fields: &[Input],
    again: impl FnOnce(Frame, &Opened, &Form) -> Response,
) -> Answer {
    let shown = opened.clone();
    match seen::edit(app, signed, opened, form, edit, &form.digest(), command).await {
        Ok(after) => {
            let next = routes::involved(after.reference());
            go(&record::offering(&next, &after, shown.version))
        }
        Err(acted) => {
            let anew = seen::again(frame, shown, form, acted, &as_asked(fields))?;
            Ok(anew.show(again(anew.frame.clone(), &anew.opened, &anew.form)))
        }
    }
}
