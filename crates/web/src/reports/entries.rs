//! The page to enter something that is no person: a few fields, choices, a note; and the page of a [`Kind`] of entry where it is put
//! right. One file for each kind says what is asked.

use std::fmt::Display;
use std::str::FromStr;

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use report::{Command, EventBody, Report, Thing};

use crate::routes;
use crate::shared::access::Permission;
use crate::shared::app::App;
use crate::shared::form::Form;
use crate::shared::frame::Frame;
use crate::shared::page::{Answer, Problem, go, page};
use crate::shared::record::seen::{self, Edit, SEEN};
use crate::shared::record::{self, Came, OnReport, Opened, report_frame};
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

/// Back to the list of who and what is involved, with what was just entered in it.
fn to_the_list(after: &Opened, before: u64) -> Answer {
    go(&record::offering(&routes::involved(after.reference()), after, before))
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

/// A kind of entry that has a page of its own once it is there, where it is put right: a device, a place.
pub trait Kind: 'static {
    /// Tells one from another.
    type Id: FromStr + Display + Clone + Send + Sync;
    /// What addresses call them.
    const WORD: &str;
    /// Heading of the page to add one.
    const NEW: &str;
    /// Heading of the page of one.
    const TITLE: &str;
    /// What is said below either.
    const SAYS: &str;
    /// Fields that only mean something together: [`Edit::together`].
    const TOGETHER: &[&[&str]];

    /// Its fields, with nothing in them.
    fn fields() -> Vec<Input>;

    /// What is asked besides when one is added.
    fn ask_more(_entry: &mut Entry, _opened: &Opened, _form: &Form) {}

    /// As what a report calls whatever can be withdrawn.
    fn thing(id: Self::Id) -> Thing;

    /// Its fields as they are recorded, also of one that was withdrawn.
    fn recorded(report: &Report, id: &Self::Id) -> Option<Form>;

    /// Records what its fields say.
    fn state(id: Self::Id, form: &Form) -> Command;

    /// Its fields as an event states them; nothing for an event about something else.
    fn stated(body: &EventBody, id: &Self::Id) -> Option<Form>;
}

/// The page to add one, or that of the one with this id.
pub fn draw<K: Kind>(frame: Frame, signed: &Signed, opened: &Opened, form: &Form, id: Option<&K::Id>) -> Response {
    let mistakes = frame.mistakes.clone();
    let mut entry = Entry::new(frame, if id.is_some() { K::TITLE } else { K::NEW }, K::SAYS);
    entry.fields = K::fields().into_iter().map(|field| field.sent(form, &mistakes)).collect();
    form.text(SEEN).clone_into(&mut entry.seen);
    if id.is_none() {
        K::ask_more(&mut entry, opened, form);
    }
    let id = id.filter(|_| signed.may(Permission::Withdraw));
    entry.withdraw = id.map(|id| routes::withdraw(opened.reference(), K::WORD, &id.to_string()));
    entry.draw(opened)
}

/// The page to add one.
pub async fn show_new<K: Kind>(OnReport { frame, signed, opened, .. }: OnReport) -> Answer {
    Ok(draw::<K>(frame, &signed, &opened, &Form::default(), None))
}

/// What is recorded of one that was not withdrawn.
fn found<K: Kind>(opened: &Opened, id: &K::Id) -> Option<Form> {
    let is_withdrawn = opened.report.withdrawal(&K::thing(id.clone())).is_some();
    K::recorded(&opened.report, id).filter(|_| !is_withdrawn)
}

/// The page of one.
pub async fn show<K: Kind>(
    OnReport { frame, signed, opened, .. }: OnReport,
    Path((_, id)): Path<(String, String)>,
) -> Answer {
    let id: K::Id = id.parse().map_err(|_| Problem::NotFound)?;
    match found::<K>(&opened, &id) {
        Some(form) => Ok(draw::<K>(frame, &signed, &opened, &seen::marked(form, &opened), Some(&id))),
        None => record::gone(frame, &opened, Some(K::thing(id)), Came::ToLook),
    }
}

/// Keeps what its fields say; somebody else may have changed it since it was shown.
pub async fn save<K: Kind>(
    OnReport { app, frame, signed, opened, .. }: OnReport,
    Path((_, id)): Path<(String, String)>,
    form: Form,
) -> Answer {
    let id: K::Id = id.parse().map_err(|_| Problem::NotFound)?;
    let fields = K::fields();
    if found::<K>(&opened, &id).is_none() {
        let recorded = K::recorded(&opened.report, &id).unwrap_or_default();
        let came = Came::to_change(Some(&form), &recorded, &as_asked(&fields));
        return record::gone(frame, &opened, Some(K::thing(id)), came);
    }
    let edit = Edit { states: |body: &EventBody| K::stated(body, &id), together: K::TOGETHER };
    let command = |form: &Form| K::state(id.clone(), form);
    let shown = opened.clone();
    match seen::edit(&app, &signed, opened, &form, &edit, &form.digest(), command).await {
        Ok(after) => to_the_list(&after, shown.version),
        Err(acted) => {
            let again = seen::again(frame, shown, &form, acted, &as_asked(&fields))?;
            let drawn = draw::<K>(again.frame.clone(), &signed, &again.opened, &again.form, Some(&id));
            Ok(again.show(drawn))
        }
    }
}

/// The fields of a page, as what it asks.
fn as_asked(fields: &[Input]) -> Vec<&dyn Asks> {
    fields.iter().map(|field| field as &dyn Asks).collect()
}
