//! From a page to the record and back: open a report, carry out a command on it.
//!
//! A page makes a [`Command`] and nothing else. Here the events are loaded and folded, the core decides,
//! and what it decided is appended on the version that it was decided on. When somebody else was quicker
//! the core decides anew on what is there now: it says itself when both answered the same question.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use report::{Actor, Command, CommandId, Context, Event, Refusal, Report, ReportId, StartReport};
use sha2::{Digest as _, Sha256};
use store::{
    Append, AppendError, EventId, NewEvent, ProjectionRow, StoredEvent, StreamId, UserId, View,
};

use super::app::App;
use super::form::Form;
use super::page::Problem;
use super::secret;

/// How often a command is decided anew because somebody else was quicker. More than a few within
/// milliseconds is a fault, not two officers.
const ATTEMPTS: u8 = 5;

/// A report as it stands after a command, or everything that is wrong with the command.
pub type Recorded = Result<Result<Report, Refusal>, Problem>;

/// Opens a report for somebody to look at. That they did is recorded first; when it cannot be, there is
/// no page.
///
/// # Errors
/// Not found, or a fault of the store.
pub async fn open(app: &App, actor: &Actor, id: &str, purpose: &str) -> Result<Report, Problem> {
    let stream = StreamId::new(id).map_err(|_| Problem::NotFound)?;
    let report = load(app, &stream).await?;
    if !report.is_started() {
        return Err(Problem::NotFound);
    }
    let user = UserId::new(actor.id.as_str()).map_err(Problem::internal)?;
    let view = View {
        report: stream,
        user,
        purpose: purpose.to_owned(),
        at: app.now(),
    };
    app.store.record_view(view).await?;
    Ok(report)
}

/// Begins a report. `with` gets the new id and the reference and fills in the rest. A form that is sent
/// twice begins one report.
///
/// # Errors
/// A fault of the store. What is wrong with the form is in the refusal.
pub async fn start(
    app: &App,
    actor: &Actor,
    form: &Form,
    with: impl FnOnce(ReportId, String) -> StartReport,
) -> Recorded {
    let id = format!("R{}", random_hex()?);
    let year = app.now().to_zoned_datetime(TimeZone::UTC).year();
    let reference = app
        .store
        .next_reference(u16::try_from(year).map_err(Problem::internal)?)
        .await?;
    let command = Command::Start(with(id.parse().map_err(Problem::internal)?, reference));
    carry_out(app, actor, &id, command, Some(form)).await
}

/// Carries out a command on the report with this id. A form that is sent twice is recorded once.
///
/// # Errors
/// A fault of the store, or too many changes at the same moment.
pub async fn carry_out(
    app: &App,
    actor: &Actor,
    id: &str,
    command: Command,
    form: Option<&Form>,
) -> Recorded {
    let stream = StreamId::new(id).map_err(|_| Problem::NotFound)?;
    let key = form.map(|form| format!("{} {}", actor.id, form.digest()));
    let context = Context {
        at: app.now(),
        actor: actor.clone(),
        command: fresh_command()?,
    };
    for _ in 0..ATTEMPTS {
        let mut report = load(app, &stream).await?;
        let expected_version = report.version;
        let events = match report::handle(&report, command.clone(), &context, &app.pack) {
            Ok(events) => events,
            Err(refusal) => return Ok(Err(refusal)),
        };
        if events.is_empty() {
            return Ok(Ok(report));
        }
        for event in &events {
            report.evolve(event);
        }
        let append = Append {
            stream: stream.clone(),
            expected_version,
            events: events.iter().map(kept).collect::<Result<_, _>>()?,
            projection: projection(app, &report)?,
        };
        match app.store.append(append, key.clone()).await {
            Ok(done) if done.repeated => return Ok(Ok(load(app, &done.stream).await?)),
            Ok(_) => return Ok(Ok(report)),
            Err(AppendError::Conflict { .. }) => {}
            Err(AppendError::Store(why)) => return Err(why.into()),
        }
    }
    Err(Problem::Conflict(
        "Several people are changing this report at the moment.".to_owned(),
    ))
}

/// The report as its events make it; not started when there are none.
async fn load(app: &App, stream: &StreamId) -> Result<Report, Problem> {
    let events = app.store.load(stream, 1).await?;
    let events: Vec<Event> = events.iter().map(read).collect::<Result<_, _>>()?;
    Ok(Report::fold(&events))
}

fn read(stored: &StoredEvent) -> Result<Event, Problem> {
    serde_json::from_slice(&stored.body).map_err(|why| {
        Problem::internal(format_args!(
            "event {} of {} cannot be read: {why}",
            stored.version, stored.stream
        ))
    })
}

fn kept(event: &Event) -> Result<NewEvent, Problem> {
    let body = serde_json::to_value(event).map_err(Problem::internal)?;
    let kind = body.pointer("/body/type").and_then(|kind| kind.as_str());
    Ok(NewEvent {
        event_id: event_id(event.id.as_str()),
        kind: kind.unwrap_or("unnamed").to_owned(),
        recorded_at: event.recorded_at,
        actor: event.actor.id.to_string(),
        body: serde_json::to_vec(event).map_err(Problem::internal)?,
    })
}

/// The store names events by 128 bits; the core by the id of the command and a number. The one follows
/// from the other, so an event cannot be kept twice.
fn event_id(id: &str) -> EventId {
    let digest: [u8; 32] = Sha256::digest(id.as_bytes()).into();
    let mut bytes = [0_u8; 16];
    for (to, from) in bytes.iter_mut().zip(digest) {
        *to = from;
    }
    EventId::from_bytes(bytes)
}

fn projection(app: &App, report: &Report) -> Result<Option<ProjectionRow>, Problem> {
    let derived = report
        .projection(&app.pack, app.now())
        .map_err(|problems| {
            let all: Vec<String> = problems.iter().map(ToString::to_string).collect();
            Problem::internal(all.join("; "))
        })?;
    let Some(shown) = derived else {
        return Ok(None);
    };
    let since = |waits: bool| -> Option<Timestamp> {
        let asked = report.review_asked.map(|(at, _)| at);
        waits.then(|| asked.unwrap_or(shown.changed_at))
    };
    let allocated_to = shown.allocated_to.as_ref();
    Ok(Some(ProjectionRow {
        report_id: StreamId::new(shown.report_id.as_str()).map_err(Problem::internal)?,
        allocated_to: allocated_to.and_then(|id| UserId::new(id.as_str()).ok()),
        awaiting_review_since: since(shown.waiting_for_review),
        reference: shown.reference,
        unit: shown.unit,
        state: shown.state.word().to_owned(),
        class: shown.class.word().to_owned(),
        next_due_at: shown.next_due_at,
        updated_at: shown.changed_at,
        derived_by: shown.derived_by,
    }))
}

fn fresh_command() -> Result<CommandId, Problem> {
    random_hex()?.parse().map_err(Problem::internal)
}

/// 128 random bits in hexadecimal.
fn random_hex() -> Result<String, Problem> {
    let token = secret::hex(&secret::digest(&secret::token()?));
    Ok(token.chars().take(32).collect())
}
