//! Opening a report in an emergency: any report, for an hour, with a reason that a supervisor looks at.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use report::{Command, EmergencyPurpose};

use crate::routes;
use crate::shared::access::Permission;
use crate::shared::app::App;
use crate::shared::form::{Form, Mistakes};
use crate::shared::frame::Frame;
use crate::shared::page::{Answer, go, page};
use crate::shared::record;
use crate::shared::ui::{Choices, Textarea};
use crate::shared::visit::Signed;
use crate::shared::words::first_upper;

#[derive(Template)]
#[template(path = "access/emergency.html")]
struct Emergency {
    frame: Frame,
    reference: String,
    may_already: bool,
    purpose: Choices,
    reason: Textarea,
}

/// The page. It shows nothing of the report, and looks the same where there is none.
pub async fn show(frame: Frame, signed: Signed, Path(reference): Path<String>) -> Answer {
    Ok(draw(frame, &signed, reference, &Form::default()))
}

fn draw(frame: Frame, signed: &Signed, reference: String, form: &Form) -> Response {
    let mistakes = frame.mistakes.clone();
    let choices = Choices::radios("purpose", "Why can it not wait?");
    let purpose = EmergencyPurpose::ALL
        .iter()
        .fold(choices, |choices, purpose| choices.option(purpose.word(), first_upper(purpose.says()), ""));
    let shown = Emergency {
        may_already: signed.entered.is_some() && signed.may(Permission::ReadReports),
        purpose: purpose.sent(form, &mistakes),
        reason: Textarea::new("reason", "What has happened, and what do you need from the report?")
            .hint("A supervisor reads this.")
            .rows(4)
            .sent(form, &mistakes),
        frame: frame.back_to(routes::REPORTS),
        reference,
    };
    page(!mistakes.none(), &shown)
}

/// Opens it.
pub async fn submit(
    State(app): State<App>,
    frame: Frame,
    signed: Signed,
    Path(reference): Path<String>,
    form: Form,
) -> Answer {
    let mut mistakes = Mistakes::new();
    let purpose =
        mistakes.choice(&form, "purpose", "Select why it cannot wait", |sent| sent.parse::<EmergencyPurpose>().ok());
    let reason = mistakes.long_text(&form, "reason", "Say what has happened, and what you need from the report");
    let (Some(purpose), true) = (purpose, mistakes.none()) else {
        return Ok(draw(frame.with(mistakes), &signed, reference, &form));
    };
    if signed.entered.is_none() {
        mistakes.add("main-content", format!("There is no report {reference}. Check the reference"));
        return Ok(draw(frame.with(mistakes), &signed, reference, &form));
    }
    let opened = record::open(&app, &signed, &reference).await?;
    let command = Command::OpenInEmergency { unit: signed.unit.clone(), purpose, reason };
    match record::act(&app, &signed, opened, command, &form.digest()).await {
        Ok(_) => {
            tracing::warn!(user = %signed.id, "a report was opened in an emergency");
            go(&routes::report(&reference))
        }
        Err(acted) => {
            let frame = frame.with(acted.mistakes()?);
            Ok(draw(frame, &signed, reference, &form))
        }
    }
}
