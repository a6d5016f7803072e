//! Erasing who somebody is, or a whole report. It cannot be taken back: the decision is in the record before
//! anything goes, and what was begun is finished whatever happens to the page.

use std::sync::Arc;

use askama::Template;
use axum::response::Response;
use report::{Command, PersonId};
use store::{Erase, PartId, StoreError, Subject};

use crate::routes;
use crate::shared::app::App;
use crate::shared::form::{Form, Mistakes};
use crate::shared::frame::Frame;
use crate::shared::page::{Answer, Problem, go, page};
use crate::shared::record::{self, OnReport, Opened, copies_gone, report_frame};
use crate::shared::time;
use crate::shared::ui::{Choices, Input};
use crate::shared::visit::Signed;

/// What the form sends for all of it.
const WHOLE: &str = "whole-report";

#[derive(Template)]
#[template(path = "retention/erase.html")]
struct Page {
    frame: Frame,
    reference: String,
    /// Why nothing can be erased now, with what to do.
    refused: Vec<String>,
    /// What was decided and not carried out: something ended the program in between.
    left_over: Vec<String>,
    early: Option<String>,
    copies: String,
    what: Choices,
    confirmed: Option<Choices>,
    reasons: Input,
}

/// The page.
pub async fn show(OnReport { app, frame, opened, .. }: OnReport) -> Answer {
    Ok(draw(&app, frame, &opened, None))
}

fn draw(app: &App, frame: Frame, opened: &Opened, sent: Option<&Form>) -> Response {
    let mistakes = frame.mistakes.clone();
    let report = &opened.report;
    let retention = report.retention(opened.pack());
    let against = retention.as_ref().map(|r| r.against.as_slice()).unwrap_or_default();
    let mut refused: Vec<String> =
        against.iter().filter(|against| against.refuses).map(|against| against.says.clone()).collect();
    if !report.is_closed() {
        refused.push("This report is open. Whether it is kept is decided once it is closed.".to_owned());
    }
    let today = time::today(app.now());
    let due = retention.as_ref().and_then(|retention| retention.due_on);
    let early = due.filter(|due| *due > today).map(time::date);
    let mut what = whats(opened);
    let mut reasons = Input::new("reasons", "Why? One line").hint(
        "It stays in the log when the report is gone, and auditors read it. Do not write a name or anything else that says who somebody is.",
    );
    let mut confirmed = to_confirm(against);
    if let Some(form) = sent {
        what = what.sent(form, &mistakes);
        reasons = reasons.sent(form, &mistakes);
        confirmed = confirmed.map(|choices| choices.sent(form, &mistakes));
    }
    let shown = Page {
        refused,
        left_over: left_over(opened),
        early,
        copies: copies_gone(app, app.now()),
        what,
        confirmed,
        reasons,
        reference: opened.reference().to_owned(),
        frame: report_frame(frame, opened).back_to(routes::retention(opened.reference())),
    };
    page(!mistakes.none(), &shown)
}

fn whats(opened: &Opened) -> Choices {
    let choices = Choices::radios("what", "What is erased?").option(
        WHOLE,
        "The whole report",
        "Everything in it. What is left is that there was a report with this reference, and who decided that it goes.",
    );
    opened
        .people()
        .filter(|person| !opened.report.identity_erased(&person.id))
        .fold(choices, |choices, person| {
            let hint = format!(
                "Name, date of birth, how to reach them, accounts. What happened stays, and speaks of Person {}. Words that somebody typed stay as they are.",
                person.id
            );
            choices.option(person.id.as_str(), format!("Only who {} is", person.label()), hint)
        })
}

fn to_confirm(against: &[report::StandsAgainst]) -> Option<Choices> {
    let mut seen = against.iter().filter(|against| !against.refuses).peekable();
    seen.peek()?;
    let choices = Choices::checkboxes("confirmed", "Have you seen to this?");
    Some(seen.fold(choices, |choices, against| choices.option(&against.id, &against.says, against.cites.join("; "))))
}

/// Decisions whose words are still there.
fn left_over(opened: &Opened) -> Vec<String> {
    let people = opened.people().filter(|person| !opened.report.identity_erased(&person.id));
    let whose = std::iter::once(None).chain(people.map(Some));
    whose
        .filter_map(|person| {
            let decided = opened.report.erasure_decided(person.map(|person| &person.id))?;
            let what = person.map_or_else(
                || "The whole report".to_owned(),
                |person| format!("Who {} is", person.label()),
            );
            let when = time::moment(decided.at);
            Some(format!("{what}: {} decided on {when} that it is erased, and it was not finished. Select it below to finish it.", decided.by.name))
        })
        .collect()
}

/// Decides, and erases.
pub async fn submit(OnReport { app, frame, signed, reference, opened }: OnReport, form: Form) -> Answer {
    let mut mistakes = Mistakes::new();
    let what = mistakes.choice(&form, "what", "Select what is erased", |sent| match sent {
        WHOLE => Some(None),
        id => opened.person_id(id).map(Some),
    });
    let Some(person) = what else {
        mistakes.line(&form, "reasons", "Say why it is erased");
        return Ok(draw(&app, frame.with(mistakes), &opened, Some(&form)));
    };
    let command = Command::DecideErasure {
        person: person.clone(),
        reasons: form.text("reasons").to_owned(),
        confirmed: form.all("confirmed").to_vec(),
    };
    let decided = match record::act(&app, &signed, opened.clone(), command, &form.digest()).await {
        Ok(decided) => decided,
        Err(acted) => {
            let frame = frame.with(acted.mistakes()?);
            return Ok(draw(&app, frame, &opened, Some(&form)));
        }
    };
    carry_out(&app, &signed, &decided, person.as_ref()).await?;
    match person {
        None => go(&routes::report(&reference)),
        Some(_) => go(&routes::retention(&reference)),
    }
}

/// Erases what the record says is to be erased. In a task of its own: whoever closes the page in between does
/// not stop it between two steps.
async fn carry_out(app: &App, signed: &Signed, decided: &Opened, person: Option<&PersonId>) -> Result<(), Problem> {
    let decision = decided.report.erasure_decided(person);
    let decision = decision.ok_or_else(|| Problem::internal("an erasure that nobody decided"))?;
    let subject = person.map(|id| PartId::new(id.as_str()).map(Subject::Person));
    let erase = Erase {
        stream: decided.stream.clone(),
        subject: subject.transpose().map_err(Problem::internal)?,
        actor: signed.id.clone(),
        reason: decision.reasons.clone(),
        at: app.now(),
    };
    let store = Arc::clone(&app.store);
    let task = tokio::spawn(async move { store.erase(erase).await });
    let erased = task.await.map_err(Problem::internal)?;
    // Also when it failed half-way: keys may be gone.
    app.recent.forget_all();
    match erased {
        // It is erased. What is left to do is done after a later step, and is for whoever runs the service to know.
        Err(why @ StoreError::NotEmptied) => {
            tracing::warn!(%why, "an erasure waits for a reader to end");
            Ok(())
        }
        erased => Ok(erased.map(drop)?),
    }
}
