//! Devices: what they are and where. Who uses them and what they hold are questions of their own.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::response::Response;
use report::{AddDevice, Command, DeviceId, EventBody, PersonId, Thing};

use super::entries::{Entry, NOBODY, as_asked, change, keep};
use super::filled;
use crate::routes;
use crate::shared::access::Permission;
use crate::shared::app::App;
use crate::shared::form::{Form, Mistakes};
use crate::shared::frame::Frame;
use crate::shared::page::{Answer, Problem};
use crate::shared::record::seen::{self, Edit, SEEN};
use crate::shared::record::{self, Came, Opened};
use crate::shared::ui::{Choices, Input, Why};
use crate::shared::visit::Signed;
use crate::shared::words::cited;

fn fields(form: &Form, mistakes: &Mistakes) -> Vec<Input> {
    vec![
        Input::new("label", "What is it?").hint("Such as: black phone with a cracked screen.").sent(form, mistakes),
        Input::new("whereabouts", "Where is it now, and who has it?").sent(form, mistakes),
    ]
}

fn kept(label: &str, whereabouts: &str) -> Form {
    filled(&[("label", label), ("whereabouts", whereabouts)])
}

fn draw(frame: Frame, signed: &Signed, opened: &Opened, form: &Form, id: Option<&str>) -> Response {
    let mistakes = frame.mistakes.clone();
    let title = if id.is_some() { "A device" } else { "Add a device" };
    let says = "Do not look through it. What people say is enough to enter it here.";
    let mut entry = Entry::new(frame, title, says);
    entry.fields = fields(form, &mistakes);
    form.text(SEEN).clone_into(&mut entry.seen);
    if id.is_none() {
        let users = opened.people().fold(Choices::checkboxes("users", "Who uses or owns it?"), |choices, person| {
            choices.option(person.id.as_str(), person.label(), "")
        });
        let users = users.option(NOBODY, "Nobody in this report, or not known", "");
        entry.choices = vec![users.sent(form, &mistakes)];
        let question = opened.pack().question("device.used_or_owned_by");
        entry.why = question.map(|question| Why::new(&question.why, cited(opened.pack(), &question.cites)));
    }
    let id = id.filter(|_| signed.may(Permission::Withdraw));
    entry.withdraw = id.map(|id| routes::withdraw(opened.reference(), "devices", id));
    entry.draw(opened)
}

/// The page to add a device.
pub async fn show_new(State(app): State<App>, frame: Frame, signed: Signed, Path(reference): Path<String>) -> Answer {
    let opened = record::open(&app, &signed, &reference).await?;
    Ok(draw(frame, &signed, &opened, &Form::default(), None))
}

/// Adds a device, and asks what it holds.
pub async fn add(
    State(app): State<App>,
    frame: Frame,
    signed: Signed,
    Path(reference): Path<String>,
    form: Form,
) -> Answer {
    let opened = record::open(&app, &signed, &reference).await?;
    let mut mistakes = Mistakes::new();
    let label = mistakes.line(&form, "label", "Say what the device is, in a few words");
    if form.all("users").is_empty() {
        mistakes.add("users", "Select who uses or owns it, or that nobody here does");
    }
    let users = form.all("users").iter().filter(|id| *id != NOBODY);
    let command = Command::AddDevice(AddDevice {
        label,
        whereabouts: form.text("whereabouts").to_owned(),
        used_or_owned_by: users.filter_map(|id| id.parse::<PersonId>().ok()).collect(),
        facts: BTreeMap::new(),
    });
    if !mistakes.none() {
        record::also_wrong(&app, &signed, &opened.report, command, &mut mistakes)?;
        return Ok(draw(frame.with(mistakes), &signed, &opened, &form, None));
    }
    keep(&app, (frame, &signed, &form), opened, command, |frame, opened, form| draw(frame, &signed, opened, form, None))
        .await
}

/// A device.
pub async fn show(
    State(app): State<App>,
    frame: Frame,
    signed: Signed,
    Path((reference, id)): Path<(String, String)>,
) -> Answer {
    let opened = record::open(&app, &signed, &reference).await?;
    let Some(device) = opened.report.device(&id) else {
        let thing = id.parse().ok().map(Thing::Device);
        return record::gone(frame, &opened, thing, Came::ToLook);
    };
    let form = seen::marked(kept(&device.label, &device.whereabouts), &opened);
    Ok(draw(frame, &signed, &opened, &form, Some(&id)))
}

/// Keeps what a device is and where.
pub async fn save(
    State(app): State<App>,
    frame: Frame,
    signed: Signed,
    Path((reference, id)): Path<(String, String)>,
    form: Form,
) -> Answer {
    let opened = record::open(&app, &signed, &reference).await?;
    let device: DeviceId = id.parse().map_err(|_| Problem::NotFound)?;
    if opened.report.device(&id).is_none() {
        let mut all = opened.report.devices.iter();
        let held = all.find(|one| one.id == device);
        let held = held.map(|one| kept(&one.label, &one.whereabouts));
        let fields = fields(&form, &Mistakes::new());
        let written = record::written(&form, &held.unwrap_or_default(), &as_asked(&fields));
        let came = Came::ToChange(written);
        return record::gone(frame, &opened, Some(Thing::Device(device)), came);
    }
    let command = |form: &Form| Command::StateDevice {
        device: device.clone(),
        label: form.text("label").to_owned(),
        whereabouts: form.text("whereabouts").to_owned(),
    };
    let states = |body: &EventBody| match body {
        EventBody::DeviceStated { device: stated, label, whereabouts } if *stated == device => {
            Some(kept(label, whereabouts))
        }
        _ => None,
    };
    // One officer may put right what it is while another learns where it is.
    let edit = Edit { states, together: &[] };
    let again = |frame: Frame, opened: &Opened, form: &Form| draw(frame, &signed, opened, form, Some(&id));
    let fields = fields(&form, &Mistakes::new());
    let sent = (frame, &signed, &form);
    change(&app, sent, opened, &edit, command, &fields, again).await
}
