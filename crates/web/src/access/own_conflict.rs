//! Saying that one has a conflict of interest. The page shows nothing of the report: it is for whoever
//! had better not see it.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use report::{Command, Named};

use crate::routes;
use crate::shared::form::Form;
use crate::shared::frame::Frame;
use crate::shared::page::{Answer, Problem, go, page};
use crate::shared::record::{self, OnReport};
use crate::shared::ui::Textarea;

#[derive(Template)]
#[template(path = "access/conflict.html")]
struct Conflict {
    frame: Frame,
    reference: String,
    action: String,
    words: Textarea,
}

/// The page.
pub async fn show(frame: Frame, Path(reference): Path<String>) -> Answer {
    Ok(draw(frame, reference, &Form::default()))
}

fn draw(frame: Frame, reference: String, form: &Form) -> Response {
    let mistakes = frame.mistakes.clone();
    let shown = Conflict {
        action: routes::conflict(&reference),
        words: Textarea::new("words", "What is your interest, in a few words?")
            .hint("For example: I know the family. Supervisors of the unit read this.")
            .rows(3)
            .sent(form, &mistakes),
        frame: frame.back_to(routes::REPORTS),
        reference,
    };
    page(!mistakes.none(), &shown)
}

/// Records it: from now on the report is closed to them.
pub async fn submit(OnReport { app, frame, signed, reference, opened }: OnReport, form: Form) -> Answer {
    let who = Named {
        id: signed.id.as_str().parse().map_err(Problem::internal)?,
        name: signed.name.clone(),
        unit: signed.unit.clone(),
    };
    let command = Command::DeclareInterest { who, words: form.text("words").to_owned() };
    match record::act(&app, &signed, opened, command, &form.digest()).await {
        Ok(_) => go(&format!("{}?conflict=recorded", routes::HOME)),
        Err(acted) => Ok(draw(frame.with(acted.mistakes()?), reference, &form)),
    }
}
