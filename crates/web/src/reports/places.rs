//! Places: where it happened, where the children live. Each is checked on police systems.

use axum::extract::{Path, State};
use axum::response::Response;
use report::{Command, PlaceId};

use super::entries::{Entry, keep};
use super::filled;
use crate::routes;
use crate::shared::app::App;
use crate::shared::form::Form;
use crate::shared::frame::Frame;
use crate::shared::page::{Answer, Problem};
use crate::shared::record::{self, Opened};
use crate::shared::ui::Input;
use crate::shared::visit::Signed;

fn draw(frame: Frame, opened: &Opened, form: &Form, id: Option<&str>) -> Response {
    let mistakes = frame.mistakes.clone();
    let title = if id.is_some() {
        "A place"
    } else {
        "Add a place"
    };
    let says = "Where it happened, where the children live, the school. Every place is checked on police systems.";
    let mut entry = Entry::new(frame, title, says);
    entry.fields = vec![
        Input::new("address", "Address, or which place it is").sent(form, &mistakes),
        Input::new("why", "Why it matters")
            .hint("Such as: home of the child, where it was sent from.")
            .sent(form, &mistakes),
    ];
    entry.withdraw = id.map(|id| routes::withdraw(opened.reference(), "places", id));
    entry.draw(opened)
}

/// The page to add a place.
pub async fn show_new(
    State(app): State<App>,
    frame: Frame,
    signed: Signed,
    Path(reference): Path<String>,
) -> Answer {
    let opened = record::open(&app, &signed, &reference).await?;
    Ok(draw(frame, &opened, &Form::default(), None))
}

/// Adds a place.
pub async fn add(
    State(app): State<App>,
    frame: Frame,
    signed: Signed,
    Path(reference): Path<String>,
    form: Form,
) -> Answer {
    let opened = record::open(&app, &signed, &reference).await?;
    let text = |name: &str| form.text(name).to_owned();
    let command = Command::AddPlace {
        address: text("address"),
        why: text("why"),
    };
    keep(
        &app,
        (frame, &signed, &form),
        opened,
        command,
        |frame, opened, form| draw(frame, opened, form, None),
    )
    .await
}

/// A place.
pub async fn show(
    State(app): State<App>,
    frame: Frame,
    signed: Signed,
    Path((reference, id)): Path<(String, String)>,
) -> Answer {
    let opened = record::open(&app, &signed, &reference).await?;
    let place = opened.report.place(&id).ok_or(Problem::NotFound)?;
    let form = filled(&[("address", &place.address), ("why", &place.why)]);
    Ok(draw(frame, &opened, &form, Some(&id)))
}

/// Keeps what a place is.
pub async fn save(
    State(app): State<App>,
    frame: Frame,
    signed: Signed,
    Path((reference, id)): Path<(String, String)>,
    form: Form,
) -> Answer {
    let opened = record::open(&app, &signed, &reference).await?;
    let place: PlaceId = id.parse().map_err(|_| Problem::NotFound)?;
    let text = |name: &str| form.text(name).to_owned();
    let command = Command::StatePlace {
        place,
        address: text("address"),
        why: text("why"),
    };
    let again = |frame: Frame, opened: &Opened, form: &Form| draw(frame, opened, form, Some(&id));
    keep(&app, (frame, &signed, &form), opened, command, again).await
}
