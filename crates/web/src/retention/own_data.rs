//! Giving somebody their own data (subject access): what one report holds about one person, and nothing of
//! anybody else. It is in the log before a byte of it leaves.

use askama::Template;
use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use guidance::retention::OwnDataWords;
use guidance::{ADULT, Value};
use jiff::Timestamp;
use report::{OwnData, OwnSection, PersonId, ReadBy};
use store::{AccessEntry, AccessKind, AccessesOf, NotedAccess, Operation, limits};

use crate::routes;
use crate::shared::app::App;
use crate::shared::form::{Form, Mistakes};
use crate::shared::frame::Frame;
use crate::shared::incoming::InAddress;
use crate::shared::page::{Answer, Problem, go, page};
use crate::shared::record::{self, Came, OnReport, Opened, report_frame};
use crate::shared::time;
use crate::shared::ui::{Choices, Input};
use crate::shared::visit::{FRESH_FOR, Signed};

/// They ask themselves: the copy says "you".
const THEMSELF: &str = "themself";
/// Somebody from home asks.
const PARENT: &str = "parent";

/// A court asks, or the Information Commissioner.
const COURT: &str = "other";

/// Who asks, as it stands in the log: what is typed is encrypted and stands beside it.
const ASKS: [(&str, &str); 4] = [
    (THEMSELF, "They ask for their own data"),
    (PARENT, "Whoever has parental responsibility asks for them"),
    ("representative", "A solicitor or somebody else they chose asks for them"),
    (COURT, "A court or the Information Commissioner asks"),
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
    /// What holds where their home is told nothing.
    away: Option<String>,
    asks: Choices,
    to: Input,
    kind: Choices,
}

#[derive(Template)]
#[template(path = "retention/own_data_noted.html")]
struct Noted {
    frame: Frame,
    name: String,
    file: String,
    minutes: i64,
}

#[derive(Template)]
#[template(path = "retention/own_data_copy.html")]
struct Copy<'a> {
    force: &'a str,
    made: String,
    data: &'a OwnData,
    given: Vec<String>,
    /// They read it themselves.
    to_them: bool,
    cites: String,
    /// Whom to ask about it; empty where no setting says.
    contact: &'a str,
    /// For a child: whom they can talk to, name and number.
    help: Vec<(String, String)>,
}

impl Copy<'_> {
    /// Is it about something else than the line before it? What several lines are about is said once.
    fn begins(&self, section: &OwnSection, at: &usize) -> bool {
        let what = |at: usize| section.lines.get(at).map(|line| &line.what);
        at.checked_sub(1).is_none_or(|before| what(before) != what(*at))
    }

    fn when(&self, at: &Option<Timestamp>) -> String {
        at.map(time::day).unwrap_or_default()
    }
}

/// The page: who asks, who gets it, in which form. Once that is noted, where the copy is.
pub async fn show(
    OnReport { app, frame, signed, reference, opened }: OnReport,
    Path((_, id)): Path<(String, String)>,
    InAddress(query): InAddress,
) -> Answer {
    let Some((person, data)) = data(&opened, &id, ReadBy::Them) else {
        return gone(frame, &opened, &id, None);
    };
    match kind(query.text("given")) {
        Some(kind) if is_noted(&app, &signed, &opened, &person).await? => {
            let noted = Noted {
                name: data.person,
                file: routes::own_data_copy(&reference, &id, kind),
                minutes: FRESH_FOR.as_mins(),
                frame: report_frame(frame, &opened).back_to(routes::involved(&reference)),
            };
            Ok(page(false, &noted))
        }
        _ => Ok(draw(frame, &opened, &person, &data, None)),
    }
}

/// The form of a copy, of those there are.
fn kind(sent: &str) -> Option<&'static str> {
    ["html", "json"].into_iter().find(|kind| *kind == sent)
}

/// Has this person noted a moment ago that somebody is given their own data? For so long the copy can be fetched, again too.
async fn is_noted(app: &App, signed: &Signed, opened: &Opened, person: &PersonId) -> Result<bool, Problem> {
    Ok(noted(app, signed, opened, person).await?.is_some())
}

/// Who asks, of what they noted last, if that is not too long ago: a word of [`ASKS`].
async fn noted(
    app: &App,
    signed: &Signed,
    opened: &Opened,
    person: &PersonId,
) -> Result<Option<&'static str>, Problem> {
    let of = AccessesOf::Report(opened.stream.clone());
    let newest = app.store.accesses(&of, None, limits::PAGE).await?;
    let whose = whose(person);
    let reason = |entry: &NotedAccess| entry.reason.as_ref().is_some_and(|r| r.starts_with(&whose));
    let lately = newest.into_iter().find(|entry| {
        let since = app.now().duration_since(entry.first_at);
        entry.kind == AccessKind::OwnDataGiven.word() && entry.actor == signed.id && since < FRESH_FOR && reason(entry)
    });
    let asks = |entry: NotedAccess| ASKS.iter().find(|(_, says)| entry.purpose == *says);
    Ok(lately.and_then(asks).map(|(word, _)| *word))
}

/// How the reason in the log begins.
fn whose(person: &PersonId) -> String {
    format!("Person {person}: ")
}

fn data(opened: &Opened, id: &str, read_by: ReadBy) -> Option<(PersonId, OwnData)> {
    let person = opened.person_id(id)?;
    let data = opened.report.own_data(opened.pack(), &person, read_by)?;
    Some((person, data))
}

/// That they were withdrawn meanwhile, with what was sent.
fn gone(frame: Frame, opened: &Opened, id: &str, sent: Option<&Form>) -> Answer {
    let came = Came::to_change(sent, &Form::default(), &[&asks(), &to()]);
    record::person_gone(frame, opened, id, came)
}

fn asks() -> Choices {
    let choices = Choices::radios("asks", "Who asks?");
    ASKS.iter().fold(choices, |choices, (word, says)| choices.option(*word, *says, ""))
}

fn to() -> Input {
    Input::new(
        "to",
        "Who will receive it, and how did you check that they are allowed to have it?",
    )
    .hint("Without a name: the child, a mother, a solicitor; a passport was seen. Auditors read this, and it stays when the report is erased.")
}

fn away_from_home(opened: &Opened, person: &PersonId) -> Option<String> {
    let mut all = opened.away_from_home();
    all.find_map(|(id, says)| (id == person.as_str()).then_some(says))
}

fn draw(frame: Frame, opened: &Opened, person: &PersonId, data: &OwnData, sent: Option<&Form>) -> Response {
    let mistakes = frame.mistakes.clone();
    let (mut asks, mut to) = (asks(), to());
    let mut kind = Choices::radios("kind", "In what format?").option("html", "To read and to print", "").option(
        "json",
        "For a program (JSON)",
        "",
    );
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
        away: away_from_home(opened, person),
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
    words.map(|words| words.cites.join("; ")).unwrap_or_default()
}

/// Notes it, and goes on to where the copy is: a page that a file was sent from would stay as it was.
pub async fn give(
    OnReport { app, frame, signed, reference, opened }: OnReport,
    Path((_, id)): Path<(String, String)>,
    form: Form,
) -> Answer {
    let Some((person, data)) = data(&opened, &id, ReadBy::Them) else {
        return gone(frame, &opened, &id, Some(&form));
    };
    let mut mistakes = Mistakes::new();
    let asks = mistakes.choice(&form, "asks", "Select who asks", |sent| ASKS.iter().find(|(word, _)| *word == sent));
    if asks.is_some_and(|(word, _)| *word == PARENT)
        && let Some(says) = away_from_home(&opened, &person)
    {
        let says = format!("{says} Give it to them alone, or first change the decision that the home is told nothing");
        mistakes.add("asks", says);
    }
    let to = mistakes.line(
        &form,
        "to",
        "Say who will receive it, without a name, and how you checked that they are allowed to have it",
    );
    if let Err(wrong) = opened.report.without_names("to", &to) {
        mistakes.add(&wrong.field, wrong.says);
    }
    let kind = mistakes.choice(&form, "kind", "Select the format", kind);
    let (Some((_, asks)), Some(kind), true) = (asks, kind, mistakes.none()) else {
        return Ok(draw(frame.with(mistakes), &opened, &person, &data, Some(&form)));
    };
    let access = AccessEntry {
        kind: AccessKind::OwnDataGiven.word().to_owned(),
        op: Operation::Disclose,
        stream: Some(opened.stream.clone()),
        actor: signed.id.clone(),
        purpose: (*asks).to_owned(),
        reason: Some(whose(&person) + &to),
        at: app.now(),
        repeats: false,
    };
    app.store.note_access(access).await?;
    go(&format!("{}?given={kind}", routes::own_data(&reference, &id)))
}

/// The copy, for whoever has just noted that it is given; everybody else is asked first.
pub async fn copy(
    OnReport { app, signed, reference, opened, .. }: OnReport,
    Path((_, id)): Path<(String, String)>,
    InAddress(query): InAddress,
) -> Answer {
    let person = opened.person_id(&id).ok_or(Problem::NotFound)?;
    let noted = noted(&app, &signed, &opened, &person).await?;
    // It may have become unsafe at home since it was noted.
    let noted = noted.filter(|asks| *asks != PARENT || away_from_home(&opened, &person).is_none());
    let (Some(kind), Some(asks)) = (kind(query.text("kind")), noted) else {
        return go(&routes::own_data(&reference, &id));
    };
    let read_by = match asks {
        THEMSELF => ReadBy::Them,
        _ => ReadBy::Another,
    };
    let (person, data) = data(&opened, &id, read_by).ok_or(Problem::NotFound)?;
    let name = format!("{reference}-{person}.{kind}");
    if kind == "json" {
        let text = serde_json::to_string_pretty(&data).map_err(Problem::internal)?;
        return Ok(file("application/json; charset=utf-8", &name, text));
    }
    let words = words(&opened);
    let copy = Copy {
        force: &app.config.force_name,
        made: time::day(app.now()),
        given: words.map_or_else(Vec::new, |words| said_to(asks, words, &data.person)),
        cites: cites(words),
        contact: app.config.data_protection_contact.trim(),
        help: match asks {
            // No child reads it.
            COURT => Vec::new(),
            _ => help(&opened, &person),
        },
        to_them: read_by == ReadBy::Them,
        data: &data,
    };
    let text = copy.render().map_err(Problem::internal)?;
    Ok(file("text/html; charset=utf-8", &name, text))
}

/// What is said at the top of a copy to whoever it is given to: a word of [`ASKS`].
fn said_to(asks: &str, words: &OwnDataWords, person: &str) -> Vec<String> {
    let said = match asks {
        THEMSELF => &words.given,
        PARENT => &words.given_to_parent,
        COURT => &words.given_to_court,
        _ => &words.given_to_representative,
    };
    let said = said.iter();
    said.map(|words| words.replace("{person}", person)).collect()
}

/// So many services stand on a copy: the rest is on the leaflet.
const MOST_HELP: usize = 2;

/// Whom a child can ring: the first of their leaflet that have a number. Nobody for an adult, and for somebody of whom nobody knows
/// that they are a child: what is for children is no help to them.
fn help(opened: &Opened, person: &PersonId) -> Vec<(String, String)> {
    let is_child = match opened.answer(&format!("person.{person}.age")) {
        Some(Value::Years(years)) => years < ADULT,
        Some(value) => value.as_word() == Some("child"),
        None => false,
    };
    let pack = opened.pack();
    let leaflet = pack.leaflets().filter(|_| is_child);
    let named = leaflet.into_iter().flat_map(|all| &all.child.services);
    let services = named.filter_map(|id| pack.services().iter().find(|one| one.id == *id));
    services
        .filter(|service| !service.phone.is_empty())
        .take(MOST_HELP)
        .map(|service| (service.name.clone(), service.phone.clone()))
        .collect()
}

fn file(kind: &'static str, name: &str, text: String) -> Response {
    let attached = format!("attachment; filename=\"{name}\"");
    let headers = [(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, attached)];
    (headers, text).into_response()
}
