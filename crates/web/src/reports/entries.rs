//! What is in a report beside people: places, devices, accounts, references to records elsewhere.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use report::{Account, AddDevice, Command, DeviceId, PersonId, PlaceId, Reference, ReferenceKind};

use super::concern::first_upper;
use super::filled;
use crate::routes;
use crate::shared::app::App;
use crate::shared::form::{Form, Mistakes};
use crate::shared::frame::Frame;
use crate::shared::page::{Answer, Problem, go, page};
use crate::shared::record::{self, Opened, report_frame};
use crate::shared::ui::{Choices, Input, Textarea};
use crate::shared::visit::Signed;

/// The value of a form that stands for nobody of the report.
const NOBODY: &str = "nobody-here";

#[derive(Template)]
#[template(path = "reports/entry.html")]
struct Entry {
    frame: Frame,
    title: &'static str,
    says: &'static str,
    choices: Vec<Choices>,
    fields: Vec<Input>,
    note: Option<Textarea>,
    withdraw: Option<String>,
}

impl Entry {
    const fn new(frame: Frame, title: &'static str, says: &'static str) -> Self {
        Self {
            frame,
            title,
            says,
            choices: Vec::new(),
            fields: Vec::new(),
            note: None,
            withdraw: None,
        }
    }

    fn draw(mut self, opened: &Opened) -> Response {
        let wrong = !self.frame.mistakes.none();
        self.frame = report_frame(self.frame, opened).back_to(routes::involved(opened.reference()));
        page(wrong, &self)
    }
}

/// Carries out a command and goes back to the list, or draws the form again with what was wrong.
async fn keep(
    app: &App,
    (frame, signed, form): (Frame, &Signed, &Form),
    opened: Opened,
    command: Command,
    again: impl FnOnce(Frame, &Opened, &Form) -> Response,
) -> Answer {
    let shown = opened.clone();
    match record::act(app, signed, opened, command, &form.digest()).await {
        Ok(after) => go(&routes::involved(after.reference())),
        Err(acted) => Ok(again(frame.with(acted.mistakes()?), &shown, form)),
    }
}

// ---- Places ------------------------------------------------------------------------------------

fn draw_place(frame: Frame, opened: &Opened, form: &Form, id: Option<&str>) -> Response {
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
pub async fn show_place_new(
    State(app): State<App>,
    frame: Frame,
    signed: Signed,
    Path(reference): Path<String>,
) -> Answer {
    let opened = record::open(&app, &signed, &reference).await?;
    Ok(draw_place(frame, &opened, &Form::default(), None))
}

/// Adds a place.
pub async fn add_place(
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
        |frame, opened, form| draw_place(frame, opened, form, None),
    )
    .await
}

/// A place.
pub async fn show_place(
    State(app): State<App>,
    frame: Frame,
    signed: Signed,
    Path((reference, id)): Path<(String, String)>,
) -> Answer {
    let opened = record::open(&app, &signed, &reference).await?;
    let place = opened.report.place(&id).ok_or(Problem::NotFound)?;
    let form = filled(&[("address", &place.address), ("why", &place.why)]);
    Ok(draw_place(frame, &opened, &form, Some(&id)))
}

/// Keeps what a place is.
pub async fn save_place(
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
    let again =
        |frame: Frame, opened: &Opened, form: &Form| draw_place(frame, opened, form, Some(&id));
    keep(&app, (frame, &signed, &form), opened, command, again).await
}

// ---- Devices -----------------------------------------------------------------------------------

fn draw_device(frame: Frame, opened: &Opened, form: &Form, id: Option<&str>) -> Response {
    let mistakes = frame.mistakes.clone();
    let title = if id.is_some() {
        "A device"
    } else {
        "Add a device"
    };
    let says = "Do not look through it. What people say is enough to enter it here.";
    let mut entry = Entry::new(frame, title, says);
    entry.fields = vec![
        Input::new("label", "What is it?")
            .hint("Such as: black phone with a cracked screen.")
            .sent(form, &mistakes),
        Input::new("whereabouts", "Where is it now, and who has it?").sent(form, &mistakes),
    ];
    if id.is_none() {
        let users = opened.people().fold(
            Choices::checkboxes("users", "Who uses or owns it?"),
            |choices, person| choices.option(person.id.as_str(), person.label(), ""),
        );
        let users = users.option(NOBODY, "Nobody in this report, or not known", "");
        entry.choices = vec![users.sent(form, &mistakes)];
    }
    entry.withdraw = id.map(|id| routes::withdraw(opened.reference(), "devices", id));
    entry.draw(opened)
}

/// The page to add a device.
pub async fn show_device_new(
    State(app): State<App>,
    frame: Frame,
    signed: Signed,
    Path(reference): Path<String>,
) -> Answer {
    let opened = record::open(&app, &signed, &reference).await?;
    Ok(draw_device(frame, &opened, &Form::default(), None))
}

/// Adds a device, and asks what it holds.
pub async fn add_device(
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
        mistakes.add(
            "users",
            "Select who uses or owns it, or that nobody here does",
        );
    }
    if !mistakes.none() {
        return Ok(draw_device(frame.with(mistakes), &opened, &form, None));
    }
    let users = form.all("users").iter().filter(|id| *id != NOBODY);
    let command = Command::AddDevice(AddDevice {
        label,
        whereabouts: form.text("whereabouts").to_owned(),
        used_or_owned_by: users.filter_map(|id| id.parse::<PersonId>().ok()).collect(),
        facts: BTreeMap::new(),
    });
    keep(
        &app,
        (frame, &signed, &form),
        opened,
        command,
        |frame, opened, form| draw_device(frame, opened, form, None),
    )
    .await
}

/// A device.
pub async fn show_device(
    State(app): State<App>,
    frame: Frame,
    signed: Signed,
    Path((reference, id)): Path<(String, String)>,
) -> Answer {
    let opened = record::open(&app, &signed, &reference).await?;
    let device = opened.report.device(&id).ok_or(Problem::NotFound)?;
    let form = filled(&[
        ("label", &device.label),
        ("whereabouts", &device.whereabouts),
    ]);
    Ok(draw_device(frame, &opened, &form, Some(&id)))
}

/// Keeps what a device is and where.
pub async fn save_device(
    State(app): State<App>,
    frame: Frame,
    signed: Signed,
    Path((reference, id)): Path<(String, String)>,
    form: Form,
) -> Answer {
    let opened = record::open(&app, &signed, &reference).await?;
    let device: DeviceId = id.parse().map_err(|_| Problem::NotFound)?;
    let text = |name: &str| form.text(name).to_owned();
    let command = Command::StateDevice {
        device,
        label: text("label"),
        whereabouts: text("whereabouts"),
    };
    let again =
        |frame: Frame, opened: &Opened, form: &Form| draw_device(frame, opened, form, Some(&id));
    keep(&app, (frame, &signed, &form), opened, command, again).await
}

// ---- Accounts ----------------------------------------------------------------------------------

fn draw_account(frame: Frame, opened: &Opened, form: &Form) -> Response {
    let mistakes = frame.mistakes.clone();
    let says =
        "Names and addresses of accounts as text. Do not open or follow them to look at an image.";
    let mut entry = Entry::new(frame, "Add an account", says);
    entry.fields = vec![
        Input::new("platform", "Platform or app").sent(form, &mistakes),
        Input::new("username", "User name").sent(form, &mistakes),
    ];
    let whose = opened.people().fold(
        Choices::radios("person", "Whose is it?"),
        |choices, person| choices.option(person.id.as_str(), person.label(), ""),
    );
    entry.choices = vec![
        whose
            .option(NOBODY, "Nobody in this report, or not known", "")
            .sent(form, &mistakes),
    ];
    entry.note = Some(
        Textarea::new("note", "Anything else")
            .hint("Such as: platform asked to preserve the data.")
            .rows(3)
            .sent(form, &mistakes),
    );
    entry.draw(opened)
}

/// The page to add an account.
pub async fn show_account_new(
    State(app): State<App>,
    frame: Frame,
    signed: Signed,
    Path(reference): Path<String>,
) -> Answer {
    let opened = record::open(&app, &signed, &reference).await?;
    Ok(draw_account(frame, &opened, &Form::default()))
}

/// Adds an account.
pub async fn add_account(
    State(app): State<App>,
    frame: Frame,
    signed: Signed,
    Path(reference): Path<String>,
    form: Form,
) -> Answer {
    let opened = record::open(&app, &signed, &reference).await?;
    let mut mistakes = Mistakes::new();
    let person = mistakes.choice(
        &form,
        "person",
        "Select whose it is, or that it is not known",
        |sent| match sent {
            NOBODY => Some(None),
            id => id.parse::<PersonId>().ok().map(Some),
        },
    );
    let Some(person) = person else {
        return Ok(draw_account(frame.with(mistakes), &opened, &form));
    };
    let text = |name: &str| form.text(name).to_owned();
    let account = Account {
        platform: text("platform"),
        username: text("username"),
        person,
        note: text("note"),
    };
    keep(
        &app,
        (frame, &signed, &form),
        opened,
        Command::AddAccount(account),
        draw_account,
    )
    .await
}

// ---- References --------------------------------------------------------------------------------

fn draw_reference(frame: Frame, opened: &Opened, form: &Form) -> Response {
    let mistakes = frame.mistakes.clone();
    let says = "Where the record, footage or exhibit is kept. Never a copy of it.";
    let mut entry = Entry::new(frame, "Add a reference", says);
    let kind = ReferenceKind::ALL.iter().fold(
        Choices::radios("kind", "What does it refer to?"),
        |choices, kind| choices.option(kind.word(), first_upper(kind.says()), ""),
    );
    entry.choices = vec![kind.sent(form, &mistakes)];
    entry.fields = vec![
        Input::new("reference", "Reference").sent(form, &mistakes),
        Input::new("note", "What it is about").sent(form, &mistakes),
    ];
    entry.draw(opened)
}

/// The page to add a reference.
pub async fn show_reference_new(
    State(app): State<App>,
    frame: Frame,
    signed: Signed,
    Path(reference): Path<String>,
) -> Answer {
    let opened = record::open(&app, &signed, &reference).await?;
    Ok(draw_reference(frame, &opened, &Form::default()))
}

/// Adds a reference.
pub async fn add_reference(
    State(app): State<App>,
    frame: Frame,
    signed: Signed,
    Path(reference): Path<String>,
    form: Form,
) -> Answer {
    let opened = record::open(&app, &signed, &reference).await?;
    let mut mistakes = Mistakes::new();
    let kind = mistakes.choice(&form, "kind", "Select what it refers to", |sent| {
        sent.parse::<ReferenceKind>().ok()
    });
    let Some(kind) = kind else {
        return Ok(draw_reference(frame.with(mistakes), &opened, &form));
    };
    let text = |name: &str| form.text(name).to_owned();
    let added = Reference {
        kind,
        reference: text("reference"),
        note: text("note"),
    };
    keep(
        &app,
        (frame, &signed, &form),
        opened,
        Command::AddReference(added),
        draw_reference,
    )
    .await
}
