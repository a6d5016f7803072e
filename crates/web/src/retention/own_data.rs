//! Giving somebody their own data (subject access): what one report holds about one person, and nothing of
//! anybody else. It is in the log before a byte of it leaves.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use guidance::retention::OwnDataWords;
use jiff::Timestamp;
use report::{OwnData, PersonId};
use store::{AccessEntry, Operation};

use crate::routes;
use crate::shared::app::App;
use crate::shared::form::{Form, Mistakes};
use crate::shared::frame::Frame;
use crate::shared::page::{Answer, Problem, page};
use crate::shared::record::{self, Opened, report_frame};
use crate::shared::time;
use crate::shared::ui::{Choices, Input};
use crate::shared::visit::Signed;

/// What the log calls it.
const GIVEN: &str = "own-data-given";

/// Who asks, as it stands in the log: what is typed is encrypted and stands beside it.
const ASKS: [(&str, &str); 4] = [
    ("themself", "They ask for their own data"),
    (
        "parent",
        "Whoever has parental responsibility asks for them",
    ),
    (
        "representative",
        "A solicitor or somebody else they chose asks for them",
    ),
    ("other", "A court or the Information Commissioner asks"),
];

#[derive(Template)]
#[template(path = "retention/own_data.html")]
struct Page {
    frame: Frame,
    name: String,
    action: String,
    says: Vec<String>,
    cites: String,
    held: usize,
    asks: Choices,
    to: Input,
    kind: Choices,
}

#[derive(Template)]
#[template(path = "retention/own_data_copy.html")]
struct Copy<'a> {
    force: &'a str,
    made: String,
    data: &'a OwnData,
    given: &'a [String],
    cites: String,
}

impl Copy<'_> {
    fn when(&self, at: &Option<Timestamp>) -> String {
        at.map(time::day).unwrap_or_default()
    }
}

/// The page: who asks, who gets it, in which form.
pub async fn show(
    State(app): State<App>,
    frame: Frame,
    signed: Signed,
    Path((reference, id)): Path<(String, String)>,
) -> Answer {
    let opened = record::open(&app, &signed, &reference).await?;
    let (person, data) = data(&opened, &id)?;
    Ok(draw(frame, &opened, &person, &data, None))
}

fn data(opened: &Opened, id: &str) -> Result<(PersonId, OwnData), Problem> {
    let person = opened.person_id(id).ok_or(Problem::NotFound)?;
    let data = opened.report.own_data(opened.pack(), &person);
    Ok((person, data.ok_or(Problem::NotFound)?))
}

fn draw(
    frame: Frame,
    opened: &Opened,
    person: &PersonId,
    data: &OwnData,
    sent: Option<&Form>,
) -> Response {
    let mistakes = frame.mistakes.clone();
    let choices = Choices::radios("asks", "Who asks?");
    let mut asks = ASKS.iter().fold(choices, |choices, (word, says)| {
        choices.option(*word, *says, "")
    });
    let mut to = Input::new(
        "to",
        "Who gets it, and how did you make sure that they may have it?",
    )
    .hint("One line. It stands in the log, encrypted.");
    let mut kind = Choices::radios("kind", "In which form?")
        .option("html", "To read and to print", "")
        .option("json", "For a program (JSON)", "");
    if let Some(form) = sent {
        asks = asks.sent(form, &mistakes);
        to = to.sent(form, &mistakes);
        kind = kind.sent(form, &mistakes);
    }
    let reference = opened.reference();
    let words = words(opened);
    let shown = Page {
        name: data.person.clone(),
        action: routes::own_data(reference, person.as_str()),
        says: words.map(|words| words.says.clone()).unwrap_or_default(),
        cites: cites(words),
        held: data.held.len(),
        asks,
        to,
        kind,
        frame: report_frame(frame, opened).back_to(routes::involved(reference)),
    };
    page(!mistakes.none(), &shown)
}

fn words(opened: &Opened) -> Option<&OwnDataWords> {
    opened.pack().retention().map(|words| &words.own_data)
}

fn cites(words: Option<&OwnDataWords>) -> String {
    words
        .map(|words| words.cites.join("; "))
        .unwrap_or_default()
}

/// Notes it, then gives the copy.
pub async fn give(
    State(app): State<App>,
    frame: Frame,
    signed: Signed,
    Path((reference, id)): Path<(String, String)>,
    form: Form,
) -> Answer {
    let opened = record::open(&app, &signed, &reference).await?;
    let (person, data) = data(&opened, &id)?;
    let mut mistakes = Mistakes::new();
    let asks = mistakes.choice(&form, "asks", "Select who asks", |sent| {
        ASKS.iter().find(|(word, _)| *word == sent)
    });
    let to = mistakes.line(
        &form,
        "to",
        "Say who gets it, and how you made sure that they may have it",
    );
    let kind = mistakes.choice(&form, "kind", "Select in which form it is given", |sent| {
        matches!(sent, "html" | "json").then(|| sent.to_owned())
    });
    let (Some((_, asks)), Some(kind), true) = (asks, kind, mistakes.none()) else {
        return Ok(draw(
            frame.with(mistakes),
            &opened,
            &person,
            &data,
            Some(&form),
        ));
    };
    let access = AccessEntry {
        kind: GIVEN.to_owned(),
        op: Operation::Disclose,
        stream: Some(opened.stream.clone()),
        actor: signed.id.clone(),
        purpose: (*asks).to_owned(),
        reason: Some(format!("Person {person}: {to}")),
        at: app.now(),
        repeats: false,
    };
    app.store.note_access(access).await?;
    let name = format!("{reference}-{person}.{kind}");
    if kind == "json" {
        let text = serde_json::to_string_pretty(&data).map_err(Problem::internal)?;
        return Ok(file("application/json; charset=utf-8", &name, text));
    }
    let words = words(&opened);
    let copy = Copy {
        force: &app.config.force_name,
        made: time::day(app.now()),
        given: words
            .map(|words| words.given.as_slice())
            .unwrap_or_default(),
        cites: cites(words),
        data: &data,
    };
    let text = copy.render().map_err(Problem::internal)?;
    Ok(file("text/html; charset=utf-8", &name, text))
}

fn file(kind: &'static str, name: &str, text: String) -> Response {
    let attached = format!("attachment; filename=\"{name}\"");
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, attached),
    ];
    (headers, text).into_response()
}
