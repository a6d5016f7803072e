//! Places: where it happened, where the children live. Each is checked on police systems.

use report::{Command, EventBody, PlaceId, Report, Thing};

use super::entries::{Kind, draw, keep};
use super::filled;
use crate::shared::form::Form;
use crate::shared::page::Answer;
use crate::shared::record::OnReport;
use crate::shared::ui::Input;

/// Places.
pub struct Places;

fn filled_in(address: &str, why: &str) -> Form {
    filled(&[("address", address), ("why", why)])
}

impl Kind for Places {
    type Id = PlaceId;
    const WORD: &str = "places";
    const NEW: &str = "Add a place";
    const TITLE: &str = "A place";
    const SAYS: &str =
        "Where it happened, where the children live, the school. Every place is checked on police systems.";
    /// Why a place matters is said of this address and of no other.
    const TOGETHER: &[&[&str]] = &[&["address", "why"]];

    fn fields() -> Vec<Input> {
        vec![
            Input::new("address", "Address, or which place it is"),
            Input::new("why", "Why it matters").hint("Such as: home of the child, where it was sent from."),
        ]
    }

    fn thing(id: PlaceId) -> Thing {
        Thing::Place(id)
    }

    fn recorded(report: &Report, id: &PlaceId) -> Option<Form> {
        let place = report.places.iter().find(|place| place.id == *id)?;
        Some(filled_in(&place.address, &place.why))
    }

    fn state(id: PlaceId, form: &Form) -> Command {
        Command::StatePlace { place: id, address: form.text("address").to_owned(), why: form.text("why").to_owned() }
    }

    fn stated(body: &EventBody, id: &PlaceId) -> Option<Form> {
        match body {
            EventBody::PlaceStated { place, address, why } if place == id => Some(filled_in(address, why)),
            _ => None,
        }
    }
}

/// Adds a place.
pub async fn add(OnReport { app, frame, signed, opened, .. }: OnReport, form: Form) -> Answer {
    let text = |name: &str| form.text(name).to_owned();
    let command = Command::AddPlace { address: text("address"), why: text("why") };
    keep(&app, (frame, &signed, &form), opened, command, |frame, opened, form| {
        draw::<Places>(frame, &signed, opened, form, None)
    })
    .await
}
