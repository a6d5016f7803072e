//! Why an auditor takes a file out of the log, and for whom: asked before it is given, and in the log before anything is read, as on
//! the command line.

use askama::Template;
use axum::response::Response;
use store::{AccessEntry, AccessKind, Operation, StreamId};

use super::looked::AUDITING;
use crate::routes;
use crate::shared::app::App;
use crate::shared::form::{Form, Mistakes};
use crate::shared::frame::Frame;
use crate::shared::page::{Problem, page};
use crate::shared::purpose::{LONGEST_REASON, NO_NAMES};
use crate::shared::ui::Input;
use crate::shared::visit::Signed;

#[derive(Template)]
#[template(path = "audit/take.html")]
struct Take {
    frame: Frame,
    file: &'static str,
    action: String,
    recipient: Input,
    reason: Input,
}

/// The page that asks, for a file at an address; again with what was sent, where something is wrong with it.
pub(super) fn ask(frame: Frame, file: &'static str, action: String, form: Option<&Form>) -> Response {
    let mistakes = frame.mistakes.clone();
    let mut recipient = Input::new("recipient", "Who is it for?")
        .hint("A body, a team or a post, such as “the inspectorate” or “our own audit”. No names.");
    let mut reason = Input::new("reason", "Why do they need it? One line").hint(NO_NAMES);
    if let Some(form) = form {
        recipient = recipient.sent(form, &mistakes);
        reason = reason.sent(form, &mistakes);
    }
    let shown = Take { file, action, recipient, reason, frame: frame.back_to(routes::AUDIT) };
    page(!mistakes.none(), &shown)
}

/// For whom and why, in words as they stand in the log.
///
/// # Errors
/// What is missing or too long.
pub(super) fn read(form: &Form) -> Result<String, Mistakes> {
    let mut mistakes = Mistakes::new();
    let recipient = mistakes.line(form, "recipient", "Say who it is for");
    let reason = mistakes.line(form, "reason", "Say why they need it");
    for (field, words) in [("recipient", &recipient), ("reason", &reason)] {
        if words.chars().count() > LONGEST_REASON && mistakes.about(field).is_none() {
            mistakes.add(field, format!("Shorten it to {LONGEST_REASON} characters or fewer"));
        }
    }
    if mistakes.none() { Ok(format!("For {recipient}: {reason}")) } else { Err(mistakes) }
}

/// Notes that it is taken. If that fails, nothing is given.
///
/// # Errors
/// It could not be noted.
pub(super) async fn note(
    app: &App,
    signed: &Signed,
    kind: AccessKind,
    stream: Option<StreamId>,
    reason: String,
) -> Result<(), Problem> {
    let entry = AccessEntry {
        kind: kind.word().to_owned(),
        op: Operation::Disclose,
        stream,
        actor: signed.id.clone(),
        purpose: AUDITING.to_owned(),
        reason: Some(reason),
        at: app.now(),
        repeats: false,
    };
    app.store.note_access(entry).await?;
    Ok(())
}
