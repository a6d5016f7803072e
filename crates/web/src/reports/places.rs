//! Places: where it happened, where the children live. Each is checked on police systems.

use axum::extract::{Path, State};
use axum::response::Response;
use report::{Command, EventBody, PlaceId, Thing};

use super::entries::{Entry, as_asked, change, keep};
use super::filled;
use crate::routes;
use crate::shared::access::Permission;
use crate::shared::app::App;
use crate::shared::form::{Form, Mistakes};
use crate::shared::frame::Frame;
use crate::shared::page::{Answer, Problem};
use crate::shared::record::seen::{self, Edit, SEEN};
use crate::shared::record::{self, Came, Opened};
use crate::shared::ui::Input;
use crate::shared::visit::Signed;

/// Why a place matters is said of this address and of no other.
const TOGETHER: &[&[&str]] = &[&["address", "why"]];

fn fields(form: &Form, mistakes: &Mistakes) -> Vec<Input> {
    vec![
        Input::new("address", "Address, or which place it is").sent(form, mistakes),
        Input::new("why", "Why it matters")
            .hint("Such as: home of the child, where it was sent from.")
            .sent(form, mistakes),
    ]
}

fn kept(address: &str, why: &str) -> Form {
    filled(&[("address", address), ("why", why)])
}

fn draw(frame: Frame, signed: &Signed, opened: &Opened, form: &Form, id: Option<&str>) -> Response {
    let mistakes = frame.mistakes.clone();
    let title = if id.is_some() { "A place" } else { "Add a place" };
    let says = "Where it happened, where the children live, the school. Every place is checked on police systems.";
    let mut entry = Entry::new(frame, title, says);
    entry.fields = fields(form, &mistakes);
    form.text(SEEN).clone_into(&mut entry.seen);
    let id = id.filter(|_| signed.may(Permission::Withdraw));
    entry.withdraw = id.map(|id| routes::withdraw(opened.reference(), "places", id));
    entry.draw(opened)
}

/// The page to add a place.
pub async fn show_new(State(app): State<App>, frame: Frame, signed: Signed, Path(reference): Path<String>) -> Answer {
    let opened = record::open(&app, &signed, &reference).await?;
    Ok(draw(frame, &signed, &opened, &Form::default(), None))
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
    let command = Command::AddPlace { address: text("address"), why: text("why") };
    keep(&app, (frame, &signed, &form), opened, command, |frame, opened, form| draw(frame, &signed, opened, form, None))
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
    let Some(place) = opened.report.place(&id) else {
        let thing = id.parse().ok().map(Thing::Place);
        return record::gone(frame, &opened, thing, Came::ToLook);
    };
    let form = seen::marked(kept(&place.address, &place.why), &opened);
    Ok(draw(frame, &signed, &opened, &form, Some(&id)))
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
    if opened.report.place(&id).is_none() {
        let mut all = opened.report.places.iter();
        let held = all.find(|one| one.id == place);
        let held = held.map(|one| kept(&one.address, &one.why));
        let fields = fields(&form, &Mistakes::new());
        let written = record::written(&form, &held.unwrap_or_default(), &as_asked(&fields));
        let came = Came::ToChange(written);
        return record::gone(frame, &opened, Some(Thing::Place(place)), came);
    }
    let command = |form: &Form| Command::StatePlace {
        place: place.clone(),
        address: form.text("address").to_owned(),
        why: form.text("why").to_owned(),
    };
    let states = |body: &EventBody| match body {
        EventBody::PlaceStated { place: stated, address, why } if *stated == place => Some(kept(address, why)),
        _ => None,
    };
    let edit = Edit { states, together: TOGETHER };
    let again = |frame: Frame, opened: &Opened, form: &Form| draw(frame, &signed, opened, form, Some(&id));
    let fields = fields(&form, &Mistakes::new());
    let sent = (frame, &signed, &form);
    change(&app, sent, opened, &edit, command, &fields, again).await
}
