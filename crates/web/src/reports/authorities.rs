//! The bodies responsible for somebody: a child may have a home and a placing authority, and two forces.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use report::{Authority, AuthorityKind, Command};

use crate::routes;
use crate::shared::form::{Form, Mistakes};
use crate::shared::frame::Frame;
use crate::shared::page::{Answer, Problem, go, page};
use crate::shared::record::{self, Came, OnReport, Opened, report_frame};
use crate::shared::ui::{Choices, Input};
use crate::shared::words::first_upper;

#[derive(Template)]
#[template(path = "reports/authorities.html")]
struct Authorities {
    frame: Frame,
    name: String,
    bodies: Vec<String>,
    kind: Choices,
    name_of_body: Input,
    reference: Input,
}

/// A body in words. The form to take one out sends them back: its place in the list may have changed.
fn says(body: &Authority) -> String {
    let reference = if body.reference.is_empty() { String::new() } else { format!(", reference {}", body.reference) };
    format!("{}: {}{reference}", first_upper(body.kind.says()), body.name)
}

/// Kind, name and own reference of a body to add.
fn fields() -> (Choices, Input, Input) {
    let kind = AuthorityKind::ALL.iter().fold(Choices::radios("kind", "Kind of body"), |choices, kind| {
        choices.option(kind.word(), first_upper(kind.says()), "")
    });
    let reference = Input::new("authority_reference", "Its reference for this person");
    (kind, Input::new("authority", "Its name"), reference.hint("If it has one."))
}

fn draw(frame: Frame, opened: &Opened, id: &str, form: &Form) -> Result<Response, Problem> {
    let mistakes = frame.mistakes.clone();
    let person = opened.report.person(id).ok_or(Problem::NotFound)?;
    let (kind, name_of_body, reference) = fields();
    let shown = Authorities {
        name: person.label(),
        bodies: person.authorities.iter().map(says).collect(),
        kind: kind.sent(form, &mistakes),
        name_of_body: name_of_body.sent(form, &mistakes),
        reference: reference.sent(form, &mistakes),
        frame: report_frame(frame, opened).back_to(routes::entry(opened.reference(), "people", id)),
    };
    Ok(page(!mistakes.none(), &shown))
}

/// The bodies there are, and a form to add one.
pub async fn show(OnReport { frame, opened, .. }: OnReport, Path((_, id)): Path<(String, String)>) -> Answer {
    if opened.report.person(&id).is_none() {
        return record::person_gone(frame, &opened, &id, Came::ToLook);
    }
    draw(frame, &opened, &id, &Form::default())
}

/// Adds a body, or takes one out.
pub async fn save(
    OnReport { app, frame, signed, reference, opened }: OnReport,
    Path((_, id)): Path<(String, String)>,
    form: Form,
) -> Answer {
    let Some(person) = opened.person_id(&id) else {
        let (kind, name, own) = fields();
        let came = Came::to_change(Some(&form), &Form::default(), &[&kind, &name, &own]);
        return record::person_gone(frame, &opened, &id, came);
    };
    let mut authorities = opened.report.person(&id).map(|p| p.authorities.clone()).unwrap_or_default();
    if form.has("remove") {
        authorities.retain(|body| says(body) != form.text("remove"));
    } else {
        let mut mistakes = Mistakes::new();
        let kind =
            mistakes.choice(&form, "kind", "Select what kind of body it is", |sent| sent.parse::<AuthorityKind>().ok());
        let name = mistakes.line(&form, "authority", "Enter the name of the body");
        let own = mistakes.optional_line(&form, "authority_reference");
        let Some(kind) = kind.filter(|_| mistakes.none()) else {
            return draw(frame.with(mistakes), &opened, &id, &form);
        };
        authorities.push(Authority { kind, name, reference: own });
    }
    let shown = opened.clone();
    let command = Command::StateAuthorities { person, authorities };
    match record::act(&app, &signed, opened, command, &form.digest()).await {
        Ok(_) => go(&routes::authorities(&reference, &id)),
        Err(acted) => draw(frame.with(acted.mistakes()?), &shown, &id, &form),
    }
}
