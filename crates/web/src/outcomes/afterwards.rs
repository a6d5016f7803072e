//! What can be done once a report is closed: open it again, or add to it without changing anything.

use askama::Template;
use axum::response::Response;
use report::Command;

use crate::routes;
use crate::shared::form::Form;
use crate::shared::frame::Frame;
use crate::shared::page::{Answer, Problem, go, page};
use crate::shared::record::{self, OnReport, Opened, report_frame};
use crate::shared::ui::Textarea;

#[derive(Template)]
#[template(path = "outcomes/afterwards.html")]
struct Afterwards {
    frame: Frame,
    title: &'static str,
    says: &'static str,
    action: String,
    field: Textarea,
    button: &'static str,
}

/// The page to open it again.
pub async fn show_reopen(OnReport { frame, opened, .. }: OnReport) -> Answer {
    if !opened.report.is_closed() {
        return Err(Problem::NotAllowed("This report is open already.".to_owned()));
    }
    Ok(draw_reopen(frame, &opened, &Form::default()))
}

fn draw_reopen(frame: Frame, opened: &Opened, form: &Form) -> Response {
    let mistakes = frame.mistakes.clone();
    let shown = Afterwards {
        title: "Open the report again",
        says: "Everything recorded so far stays. Tasks and outcomes are looked at anew when something changes.",
        action: routes::reopen(opened.reference()),
        field: Textarea::new("reason", "Why it is opened again").sent(form, &mistakes),
        button: "Open it again",
        frame: report_frame(frame, opened).back_to(routes::close(opened.reference())),
    };
    page(!mistakes.none(), &shown)
}

/// Opens it again.
pub async fn reopen(OnReport { app, frame, signed, reference, opened }: OnReport, form: Form) -> Answer {
    let command = Command::Reopen { reason: form.text("reason").to_owned() };
    match record::act(&app, &signed, opened.clone(), command, &form.digest()).await {
        Ok(_) => go(&routes::report(&reference)),
        Err(acted) => Ok(draw_reopen(frame.with(acted.mistakes()?), &opened, &form)),
    }
}

/// The page to add something.
pub async fn show_addendum(OnReport { frame, opened, .. }: OnReport) -> Answer {
    Ok(draw_addendum(frame, &opened, &Form::default()))
}

fn draw_addendum(frame: Frame, opened: &Opened, form: &Form) -> Response {
    let mistakes = frame.mistakes.clone();
    let shown = Afterwards {
        title: "Add something",
        says: "It is kept with the report, under your name and today's date. It changes no answer and no advice.",
        action: routes::addendum(opened.reference()),
        field: Textarea::new("text", "What you want to add").sent(form, &mistakes),
        button: "Add it",
        frame: report_frame(frame, opened),
    };
    page(!mistakes.none(), &shown)
}

/// Adds it.
pub async fn add_addendum(OnReport { app, frame, signed, reference, opened }: OnReport, form: Form) -> Answer {
    let command = Command::AddAddendum { text: form.text("text").to_owned() };
    match record::act(&app, &signed, opened.clone(), command, &form.digest()).await {
        Ok(_) => go(&routes::timeline(&reference)),
        Err(acted) => Ok(draw_addendum(frame.with(acted.mistakes()?), &opened, &form)),
    }
}
