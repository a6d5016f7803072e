//! Lifting the restriction of a report.

use askama::Template;
use axum::response::Response;
use report::Command;

use crate::routes;
use crate::shared::form::Form;
use crate::shared::frame::Frame;
use crate::shared::page::{Answer, go, page};
use crate::shared::record::{self, OnReport, Opened, report_frame};
use crate::shared::ui::Textarea;

#[derive(Template)]
#[template(path = "access/lift.html")]
struct Lift {
    frame: Frame,
    action: String,
    unit: String,
    reason: Textarea,
}

/// The page.
pub async fn show(OnReport { frame, opened, .. }: OnReport) -> Answer {
    Ok(draw(frame, &opened, &Form::default()))
}

fn draw(frame: Frame, opened: &Opened, form: &Form) -> Response {
    let mistakes = frame.mistakes.clone();
    let shown = Lift {
        action: routes::lift(opened.reference()),
        unit: opened.report.unit.clone(),
        reason: Textarea::new("reason", "Why need it not be restricted any more?").rows(3).sent(form, &mistakes),
        frame: report_frame(frame, opened).back_to(routes::access(opened.reference())),
    };
    page(!mistakes.none(), &shown)
}

/// Lifts it.
pub async fn submit(OnReport { app, frame, signed, reference, opened }: OnReport, form: Form) -> Answer {
    let command = Command::LiftRestriction { reason: form.text("reason").to_owned() };
    match record::act(&app, &signed, opened.clone(), command, &form.digest()).await {
        Ok(_) => go(&routes::access(&reference)),
        Err(acted) => Ok(draw(frame.with(acted.mistakes()?), &opened, &form)),
    }
}
