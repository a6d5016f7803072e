//! Lifting the restriction of a report.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use report::Command;

use crate::routes;
use crate::shared::app::App;
use crate::shared::form::Form;
use crate::shared::frame::Frame;
use crate::shared::page::{Answer, go, page};
use crate::shared::record::{self, Opened, report_frame};
use crate::shared::ui::Textarea;
use crate::shared::visit::Signed;

#[derive(Template)]
#[template(path = "access/lift.html")]
struct Lift {
    frame: Frame,
    action: String,
    unit: String,
    reason: Textarea,
}

/// The page.
pub async fn show(State(app): State<App>, frame: Frame, signed: Signed, Path(reference): Path<String>) -> Answer {
    let opened = record::open(&app, &signed, &reference).await?;
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
pub async fn submit(
    State(app): State<App>,
    frame: Frame,
    signed: Signed,
    Path(reference): Path<String>,
    form: Form,
) -> Answer {
    let opened = record::open(&app, &signed, &reference).await?;
    let command = Command::LiftRestriction { reason: form.text("reason").to_owned() };
    match record::act(&app, &signed, opened.clone(), command, &form.digest()).await {
        Ok(_) => go(&routes::access(&reference)),
        Err(acted) => Ok(draw(frame.with(acted.mistakes()?), &opened, &form)),
    }
}
