//! Opening a report in an emergency: any report, for an hour, with a reason that a supervisor looks at.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use report::{Command, EmergencyPurpose};

use crate::routes;
use crate::shared::access::Permission;
use crate::shared::app::App;
use crate::shared::emergencies;
use crate::shared::form::{Form, Mistakes};
use crate::shared::frame::Frame;
use crate::shared::page::{Answer, Problem, go, page};
use crate::shared::record;
use crate::shared::ui::{Choices, Textarea};
use crate::shared::visit::Signed;
use crate::shared::words::first_upper;

/// Openings of one person that may wait for a review at once.
const MOST: usize = 2;

#[derive(Template)]
#[template(path = "access/emergency.html")]
struct Emergency {
    frame: Frame,
    reference: String,
    may_already: bool,
    /// Why they cannot open another one now, with what to do; nothing where they can.
    unreviewed: Option<String>,
    purpose: Choices,
    reason: Textarea,
}

/// The page. It shows nothing of the report, and looks the same where there is none.
pub async fn show(State(app): State<App>, frame: Frame, signed: Signed, Path(reference): Path<String>) -> Answer {
    let unreviewed = too_many(&app, &signed, &reference).await?;
    Ok(draw(frame, &signed, reference, unreviewed, &Form::default()))
}

/// Why somebody cannot open a further report: so many that they opened wait for a supervisor. One they have open already is no
/// further one.
async fn too_many(app: &App, signed: &Signed, reference: &str) -> Result<Option<String>, Problem> {
    let waiting = emergencies::unreviewed_of(app, signed, MOST).await?;
    if waiting.len() < MOST || waiting.iter().any(|waits| waits.reference == reference && waits.lasts) {
        return Ok(None);
    }
    let mut which: Vec<&str> = waiting.iter().map(|waits| waits.reference.as_str()).collect();
    which.dedup();
    Ok(Some(format!(
        "You cannot open another report in an emergency: {MOST} that you opened wait for a supervisor’s review ({}). \
         Ask a supervisor to review one now, under Home. If a child may be in danger, do not wait for that: tell the supervisor on \
         duty or the unit that has the report, and ring 999 where somebody is in danger now.",
        which.join(" and ")
    )))
}

fn draw(frame: Frame, signed: &Signed, reference: String, unreviewed: Option<String>, form: &Form) -> Response {
    let mistakes = frame.mistakes.clone();
    let choices = Choices::radios("purpose", "Why can it not wait?");
    let purpose = EmergencyPurpose::ALL
        .iter()
        .fold(choices, |choices, purpose| choices.option(purpose.word(), first_upper(purpose.says()), ""));
    let shown = Emergency {
        unreviewed,
        may_already: signed.entered.is_some() && signed.may(Permission::ReadReports),
        purpose: purpose.sent(form, &mistakes),
        reason: Textarea::new("reason", "What has happened, and what do you need from the report?")
            .hint("In three words or more. A supervisor reads this.")
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
    if let Some(says) = too_many(&app, &signed, &reference).await? {
        let mut mistakes = Mistakes::new();
        mistakes.add("main-content", says.clone());
        return Ok(draw(frame.with(mistakes), &signed, reference, Some(says), &form));
    }
    let mut mistakes = Mistakes::new();
    let purpose =
        mistakes.choice(&form, "purpose", "Select why it cannot wait", |sent| sent.parse::<EmergencyPurpose>().ok());
    let reason = mistakes.long_text(&form, "reason", "Say what has happened, and what you need from the report");
    let (Some(purpose), true) = (purpose, mistakes.none()) else {
        return Ok(draw(frame.with(mistakes), &signed, reference, None, &form));
    };
    if signed.entered.is_none() {
        mistakes.add("main-content", format!("There is no report {reference}. Check the reference"));
        return Ok(draw(frame.with(mistakes), &signed, reference, None, &form));
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
            Ok(draw(frame, &signed, reference, None, &form))
        }
    }
}
