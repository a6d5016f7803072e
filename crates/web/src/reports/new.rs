//! Beginning a report: danger first, then where the child is and how to reach them, then who reports it.

use askama::Template;
use axum::extract::State;
use guidance::Value;
use jiff::Timestamp;
use report::{ActorId, Allocation, Command, Report, ReportId, Role, StartReport};

use super::already::{self, Begun, begun_lately, changed};
use super::safety::{Fields, read_reporter, read_safety};
use crate::routes;
use crate::shared::access::Permission;
use crate::shared::app::App;
use crate::shared::form::{Form, Mistakes};
use crate::shared::frame::Frame;
use crate::shared::page::{Answer, Problem, go, page};
use crate::shared::record::{self, STANDING_LINE};
use crate::shared::ui::{Choices, Input, Why};
use crate::shared::visit::Signed;
use crate::shared::words::cited;
use crate::shared::{secret, time};

/// The fact that says who reported it.
pub(super) const REPORTED_BY: &str = "report.reported_by";
/// The field with the one-time key of the form.
const ONCE: &str = "once";
/// Why the report is looked at when the form that began it is sent again, as the log has it.
pub(super) const SENT_AGAIN: &str = "Sent the form again that began the report";
/// Stands for id and reference, which are given to a report when it is begun.
const NOT_GIVEN: &str = "new";

#[derive(Template)]
#[template(path = "reports/new.html")]
struct New {
    frame: Frame,
    line: &'static str,
    /// What they began just now: perhaps they come back to it.
    lately: Vec<Begun>,
    /// The same on the page with mistakes: one report comes of it, however often it is sent.
    once: String,
    fields: Fields,
    reported_by: Choices,
    reported_why: Option<Why>,
    more: More,
    /// What can wait is unfolded: something in it was entered, or has to be put right.
    open: bool,
}

/// What nobody has to say while a caller is on the line.
const CAN_WAIT: [&str; 5] =
    ["reporter_relation", "reporter_organisation", "reported_on", "reported_at", "incident_log"];

/// When it was reported, and its incident log.
pub struct More {
    /// Day of the report.
    pub on: Input,
    /// Time of the report.
    pub at: Input,
    /// Incident log reference.
    pub incident_log: Input,
}

impl More {
    /// With what was sent.
    pub fn new(form: &Form, mistakes: &Mistakes) -> Self {
        Self {
            on: Input::new("reported_on", "Day it was reported")
                .hint("Like 24/11/2026. Leave day and time empty if it is being reported now. The 24 hours to record the crime run from here.")
                .width("10")
                .sent(form, mistakes),
            at: Input::new("reported_at", "Time it was reported")
                .hint("Like 9:30 or 21:15.")
                .width("5")
                .sent(form, mistakes),
            incident_log: Input::new("incident_log", "Incident log reference")
                .hint("If there is one already.")
                .width("20")
                .sent(form, mistakes),
        }
    }
}

/// Who reports it, as the guidance asks it.
pub fn reported_by(app: &App, form: &Form, mistakes: &Mistakes) -> Choices {
    let question = app.pack.question(REPORTED_BY);
    let words = question.map_or("Who reports this?", |question| &question.words);
    let options = question.map_or(&[][..], |question| &question.options);
    let radios = Choices::radios("reported_by", words);
    let offered =
        options.iter().fold(radios, |radios, option| radios.option(&option.value, &option.words, &option.hint));
    offered.sent(form, mistakes)
}

/// Why that is asked.
pub fn reported_why(app: &App) -> Option<Why> {
    let question = app.pack.question(REPORTED_BY)?;
    Some(Why::new(&question.why, cited(&app.pack, &question.cites)))
}

async fn draw(app: &App, signed: &Signed, frame: Frame, form: &Form) -> Answer {
    let once = match form.text(ONCE) {
        known if secret::looks_like_token(known) => known.to_owned(),
        _ => secret::token()?,
    };
    let mistakes = frame.mistakes.clone();
    let shown = New {
        frame: frame.back_to(routes::HOME),
        line: STANDING_LINE,
        lately: begun_lately(app, signed).await?,
        once,
        fields: Fields::new(&app.pack, form, &mistakes),
        reported_by: reported_by(app, form, &mistakes),
        reported_why: reported_why(app),
        more: More::new(form, &mistakes),
        open: CAN_WAIT.iter().any(|field| form.has(field) || mistakes.about(field).is_some()),
    };
    Ok(page(!mistakes.none(), &shown))
}

/// The page.
pub async fn show(State(app): State<App>, frame: Frame, signed: Signed) -> Answer {
    draw(&app, &signed, frame, &Form::default()).await
}

/// Day and time of the report; nothing when both are empty, which means now.
pub fn reported_at(form: &Form, mistakes: &mut Mistakes) -> Option<Timestamp> {
    let (on, at) = (form.text("reported_on"), form.text("reported_at"));
    if on.is_empty() && at.is_empty() {
        return None;
    }
    let read = time::read_moment(on, at);
    if time::read_day(on).is_none() {
        mistakes.no_day(
            "reported_on",
            on,
            "Enter the day it was reported, like 24/11/2026, or leave day and time empty",
        );
    }
    if time::read_clock(at).is_none() {
        mistakes.add("reported_at", "Enter the time it was reported, like 9:30 or 21:15");
    }
    read
}

/// What was sent, as the command; id and reference are filled in when it is begun.
pub fn read(app: &App, signed: &Signed, form: &Form, mistakes: &mut Mistakes) -> Result<StartReport, Problem> {
    let id: ReportId = NOT_GIVEN.parse().map_err(Problem::internal)?;
    let offered = app.pack.question(REPORTED_BY).map_or(&[][..], |question| &question.options);
    let by = offered.iter().find(|option| option.value == form.text("reported_by"));
    Ok(StartReport {
        report: id,
        reference: NOT_GIVEN.to_owned(),
        reported_at: reported_at(form, mistakes),
        unit: signed.unit.clone(),
        safety: read_safety(form),
        reporter: read_reporter(form),
        reported_by: by.map(|option| Value::word(&option.value)),
        incident_log: form.text("incident_log").to_owned(),
        linked: None,
    })
}

/// Begins it. Whoever works on reports has it at once; a call handler passes it on.
pub async fn submit(State(app): State<App>, frame: Frame, signed: Signed, form: Form) -> Answer {
    let mut mistakes = Mistakes::new();
    let start = read(&app, &signed, &form, &mut mistakes)?;
    if !mistakes.none() {
        let (nothing, start) = (Report::default(), Command::Start(start));
        record::also_wrong(&app, &signed, &nothing, start, &mut mistakes)?;
        return draw(&app, &signed, frame.with(mistakes), &form).await;
    }
    let key = match form.text(ONCE) {
        once if secret::looks_like_token(once) => format!("start-{once}"),
        _ => form.digest(),
    };
    match record::begin(&app, &signed.actor()?, start, &key).await {
        Ok(opened) if opened.is_just_begun() => go_on(&app, &signed, opened, &key).await,
        Ok(begun) => again(&app, &signed, frame, &form, (begun.reference(), &key)).await,
        Err(acted) => draw(&app, &signed, frame.with(acted.mistakes()?), &form).await,
    }
}

/// Sent again after going back: no second report, and what is new this time is told. The report may have been closed to them
/// since: it is opened through its door, with the look in the log, or its own page says what there is to say.
async fn again(app: &App, signed: &Signed, frame: Frame, form: &Form, (reference, key): (&str, &str)) -> Answer {
    let may = Permission::AddToReports;
    let opened = match record::open_other(app, signed, may, reference, SENT_AGAIN).await {
        Err(Problem::NotFound | Problem::Forbidden | Problem::Sealed { .. }) => {
            return go(&routes::report(reference));
        }
        opened => opened?,
    };
    let changed = changed(app, &opened, form);
    if changed.nothing() {
        return go_on(app, signed, opened, key).await;
    }
    Ok(already::draw(frame, &opened, changed))
}

/// On to what is next in a report that was begun. Danger comes first: what to do at once is told before anything else is asked.
async fn go_on(app: &App, signed: &Signed, opened: record::Opened, key: &str) -> Answer {
    let reference = opened.reference();
    let next = if !opened.report.concerns.is_empty() {
        routes::concern(reference)
    } else if opened.people().next().is_none() {
        routes::entry_new(reference, "people")
    } else {
        routes::report(reference)
    };
    let next = record::offering(&next, &opened, 0);
    take(app, signed, opened, key).await?;
    go(&next)
}

/// Gives a report that was just begun to the officer who began it.
pub async fn take(app: &App, signed: &Signed, opened: record::Opened, key: &str) -> Result<(), Problem> {
    if signed.role != Role::Officer {
        return Ok(());
    }
    let to: ActorId = signed.actor()?.id;
    let allocation = Allocation { to, name: signed.name.clone(), unit: signed.unit.clone() };
    let taken = record::act(app, signed, opened, Command::Allocate(allocation), &format!("{key}-mine")).await;
    match taken {
        Ok(_) => Ok(()),
        Err(acted) => acted.mistakes().map(|_| ()),
    }
}
