//! Passing a report to another unit, where nobody works on it until somebody takes it on.

use std::collections::BTreeSet;

use askama::Template;
use axum::response::Response;
use report::Command;

use crate::routes;
use crate::shared::access::{Permission, may};
use crate::shared::app::App;
use crate::shared::colleagues;
use crate::shared::form::{Form, Mistakes};
use crate::shared::frame::Frame;
use crate::shared::page::{Answer, Problem, go, page};
use crate::shared::record::{self, OnReport, Opened, report_frame};
use crate::shared::ui::{Choices, Textarea};

#[derive(Template)]
#[template(path = "access/pass.html")]
struct Pass {
    frame: Frame,
    action: String,
    now: String,
    unit: Choices,
    nobody: bool,
    reason: Textarea,
}

/// Units in which somebody decides on reports.
async fn units(app: &App, opened: &Opened) -> Result<BTreeSet<String>, Problem> {
    let people =
        colleagues::all(app, "", |user, role| may(role, Permission::Decide) && user.unit != opened.report.unit);
    Ok(people.await?.into_iter().map(|user| user.unit).collect())
}

/// The page.
pub async fn show(OnReport { app, frame, opened, .. }: OnReport) -> Answer {
    let units = units(&app, &opened).await?;
    Ok(draw(frame, &opened, &units, &Form::default()))
}

fn draw(frame: Frame, opened: &Opened, units: &BTreeSet<String>, form: &Form) -> Response {
    let mistakes = frame.mistakes.clone();
    let choices = Choices::radios("unit", "Which unit?");
    let unit = units.iter().fold(choices, |choices, unit| choices.option(unit.as_str(), unit.as_str(), ""));
    let shown = Pass {
        action: routes::pass(opened.reference()),
        now: opened.report.unit.clone(),
        unit: unit.sent(form, &mistakes),
        nobody: units.is_empty(),
        reason: Textarea::new("reason", "Why is it passed on, and what must they know first?")
            .rows(3)
            .sent(form, &mistakes),
        frame: report_frame(frame, opened).back_to(routes::report(opened.reference())),
    };
    page(!mistakes.none(), &shown)
}

/// Passes it on.
pub async fn submit(OnReport { app, frame, signed, reference, opened }: OnReport, form: Form) -> Answer {
    let units = units(&app, &opened).await?;
    let mut mistakes = Mistakes::new();
    let unit = mistakes.choice(&form, "unit", "Select the unit that it is passed to", |sent| units.get(sent).cloned());
    let reason = mistakes.long_text(&form, "reason", "Say why it is passed on");
    let (Some(unit), true) = (unit, mistakes.none()) else {
        return Ok(draw(frame.with(mistakes), &opened, &units, &form));
    };
    let command = Command::PassToUnit { unit, reason };
    match record::act(&app, &signed, opened.clone(), command, &form.digest()).await {
        Ok(_) => go(&routes::passed(&reference)),
        Err(acted) => Ok(draw(frame.with(acted.mistakes()?), &opened, &units, &form)),
    }
}
