//! Devices: what they are and where. Who uses them and what they hold are questions of their own.

use std::collections::BTreeMap;

use report::{AddDevice, Command, DeviceId, EventBody, PersonId, Report, Thing};

use super::entries::{Entry, Kind, NOBODY, draw, keep};
use super::filled;
use crate::shared::form::{Form, Mistakes};
use crate::shared::page::Answer;
use crate::shared::record::{self, OnReport, Opened};
use crate::shared::ui::{Choices, Input, Why};
use crate::shared::words::cited;

/// Devices.
pub struct Devices;

fn filled_in(label: &str, whereabouts: &str) -> Form {
    filled(&[("label", label), ("whereabouts", whereabouts)])
}

impl Kind for Devices {
    type Id = DeviceId;
    const WORD: &str = "devices";
    const NEW: &str = "Add a device";
    const TITLE: &str = "A device";
    const SAYS: &str = "Do not look through it. What people say is enough to enter it here.";
    /// One officer may put right what it is while another learns where it is.
    const TOGETHER: &[&[&str]] = &[];

    fn fields() -> Vec<Input> {
        vec![
            Input::new("label", "What is it?").hint("Such as: black phone with a cracked screen."),
            Input::new("whereabouts", "Where is it now, and who has it?"),
        ]
    }

    fn ask_more(entry: &mut Entry, opened: &Opened, form: &Form) {
        let users = opened.people().fold(Choices::checkboxes("users", "Who uses or owns it?"), |choices, person| {
            choices.option(person.id.as_str(), person.label(), "")
        });
        let users = users.option(NOBODY, "Nobody in this report, or not known", "");
        entry.choices = vec![users.sent(form, &entry.frame.mistakes)];
        let question = opened.pack().question("device.used_or_owned_by");
        entry.why = question.map(|question| Why::new(&question.why, cited(opened.pack(), &question.cites)));
    }

    fn thing(id: DeviceId) -> Thing {
        Thing::Device(id)
    }

    fn recorded(report: &Report, id: &DeviceId) -> Option<Form> {
        let device = report.devices.iter().find(|device| device.id == *id)?;
        Some(filled_in(&device.label, &device.whereabouts))
    }

    fn state(id: DeviceId, form: &Form) -> Command {
        Command::StateDevice {
            device: id,
            label: form.text("label").to_owned(),
            whereabouts: form.text("whereabouts").to_owned(),
        }
    }

    fn stated(body: &EventBody, id: &DeviceId) -> Option<Form> {
        match body {
            EventBody::DeviceStated { device, label, whereabouts } if device == id => {
                Some(filled_in(label, whereabouts))
            }
            _ => None,
        }
    }
}

/// Adds a device, and asks what it holds.
pub async fn add(OnReport { app, frame, signed, opened, .. }: OnReport, form: Form) -> Answer {
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
        return Ok(draw::<Devices>(frame.with(mistakes), &signed, &opened, &form, None));
    }
    keep(&app, (frame, &signed, &form), opened, command, |frame, opened, form| {
        draw::<Devices>(frame, &signed, opened, form, None)
    })
    .await
}
