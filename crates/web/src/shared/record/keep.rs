//! Between the record and the store: events to bytes and back, rows for the worklists.

use std::sync::Arc;

use guidance::advice::Class;
use jiff::Timestamp;
use report::{
    About, AccessProjection, Actor, ActorId, Event, EventBody, Projection, Report, Role,
    matching::{self, Party},
};
use sha2::{Digest as _, Sha256};
use store::{Append, EventId, Findable, NewEvent, PartId, ProjectionRow, StoredEvent, StreamId, Subject, Ties, UserId};

use super::Opened;
use super::operation::{given_by, operation};
use super::recent::Folded;
use crate::shared::app::App;
use crate::shared::page::Problem;
use crate::shared::secret;
use crate::shared::time;

/// A fresh id for a report or a command.
///
/// # Errors
/// When the operating system has no randomness to give.
pub fn fresh_id<T>(kind: char) -> Result<T, Problem>
where
    T: std::str::FromStr,
    T::Err: std::fmt::Display,
{
    // base64url is made of the letters that ids may have; 24 bytes leave room for the counter of an event.
    let token: String = secret::token()?.chars().take(32).collect();
    format!("{kind}{token}").parse().map_err(Problem::internal)
}

/// The report with this reference, without a word in the access log: for what shows it to nobody.
///
/// # Errors
/// [`Problem::NotFound`] when there is none; otherwise what the store says.
pub async fn opened_by(app: &App, reference: &str) -> Result<Opened, Problem> {
    let row = app.store.projection_by_reference(reference).await?;
    let row = row.ok_or(Problem::NotFound)?;
    load(app, &row.report_id).await
}

/// The report kept as this stream, without a word in the access log.
///
/// # Errors
/// [`Problem::NotFound`] when there is none; otherwise what the store says.
pub async fn load(app: &App, stream: &StreamId) -> Result<Opened, Problem> {
    Opened::derive(app, stream.clone(), fold(app, stream).await?)
}

/// The same without what follows from it: the door needs who may see it, and nothing else.
///
/// # Errors
/// As for [`load`].
pub(super) async fn fold(app: &App, stream: &StreamId) -> Result<Folded, Problem> {
    // Asked first: what is read before a key is destroyed counts as read before.
    let destroyed = app.store.keys_destroyed();
    let known = app.recent.of(stream, destroyed, app.now());
    let folded = read_on(app, stream, known.unwrap_or_default(), destroyed).await?;
    app.recent.keep(stream, &folded, app.now());
    Ok(folded)
}

/// What is recorded in one of many reports, and nothing that follows from it.
///
/// # Errors
/// As for [`load`].
pub async fn folded(app: &App, stream: &StreamId) -> Result<Arc<Report>, Problem> {
    let destroyed = app.store.keys_destroyed();
    let folded = read_on(app, stream, Folded::default(), destroyed).await?;
    Ok(folded.report)
}

/// Like [`load`], for one of many reports that are gone through: nothing of it is kept in memory.
///
/// # Errors
/// As for [`load`].
pub(super) async fn load_aside(app: &App, stream: &StreamId) -> Result<Opened, Problem> {
    let destroyed = app.store.keys_destroyed();
    let folded = read_on(app, stream, Folded::default(), destroyed).await?;
    Opened::derive(app, stream.clone(), folded)
}

/// A report that is known up to some event, and what came after it.
async fn read_on(app: &App, stream: &StreamId, known: Folded, destroyed: u64) -> Result<Folded, Problem> {
    let mut folded = Folded { destroyed, ..known };
    let since = app.store.load(stream, folded.report.version + 1).await?;
    if !since.is_empty() {
        let report = Arc::make_mut(&mut folded.report);
        for kept in &since {
            report.evolve(&read(stream, kept)?);
            folded.bytes += kept.body.len();
        }
    }
    if folded.report.version == 0 {
        return Err(Problem::NotFound);
    }
    Ok(folded)
}

/// The report as a commit has just made it of what it was before, kept for whoever asks next.
pub(super) fn after(app: &App, stream: StreamId, folded: Folded, before: Arc<Report>) -> Result<Opened, Problem> {
    let after = Opened::derive(app, stream, folded)?;
    Ok(as_it_is(app, after, before))
}

/// The report as it is once a commit that is under way is durable, with what most answers are told by.
pub(super) fn as_it_will_be(app: &App, stream: StreamId, folded: Folded) -> Result<Opened, Problem> {
    let after = Opened::derive(app, stream, folded)?;
    after.view.only_tasks();
    Ok(after)
}

/// What [`as_it_will_be`] gave, once it is so.
pub(super) fn as_it_is(app: &App, mut after: Opened, before: Arc<Report>) -> Opened {
    app.recent.keep(&after.stream, &after.folded, app.now());
    after.before = Some(before);
    after
}

/// An event as it was kept, or what is left of one whose words were erased.
///
/// # Errors
/// When it cannot be read by this version.
pub fn read(stream: &StreamId, kept: &StoredEvent) -> Result<Event, Problem> {
    let wrong =
        |why: &dyn std::fmt::Display| Problem::internal(format_args!("event {} of {stream}: {why}", kept.version));
    let Some(subject) = &kept.erased else {
        return serde_json::from_slice(&kept.body).map_err(|why| wrong(&why));
    };
    let about = match subject {
        Subject::Report => About::Report,
        Subject::Person(id) => About::Person(id.as_str().parse().map_err(|why| wrong(&why))?),
        Subject::Reporter => About::Reporter,
        Subject::Place(id) => About::Place(id.as_str().parse().map_err(|why| wrong(&why))?),
    };
    // Name and role stood in the words; the id is all that the log kept.
    let actor =
        Actor { id: kept.actor.parse().map_err(|why| wrong(&why))?, name: kept.actor.clone(), role: Role::Officer };
    let id = kept.event_id.to_string().parse().map_err(|why| wrong(&why))?;
    let report = stream.as_str().parse().map_err(|why| wrong(&why))?;
    Ok(Event::erased(id, report, kept.version, kept.recorded_at, actor, about))
}

/// The part of an append that keeps these events, with the worklist row as it is after them.
pub(super) fn append(
    app: &App,
    known: &Folded,
    events: &[Event],
    stream: StreamId,
) -> Result<(Append, Folded), Problem> {
    let mut after = Report::clone(&known.report);
    for event in events {
        after.evolve(event);
    }
    append_to(app, known, events, after, stream)
}

/// The same where the report as it is after them is known.
pub(super) fn append_to(
    app: &App,
    known: &Folded,
    events: &[Event],
    after: Report,
    stream: StreamId,
) -> Result<(Append, Folded), Problem> {
    let before = &known.report;
    let kept = events
        .iter()
        .enumerate()
        .map(|(place, event)| new_event(before, events.get(..place).unwrap_or_default(), event));
    let kept: Vec<NewEvent> = kept.collect::<Result<_, _>>()?;
    let bytes = kept.iter().map(|event| event.body.len()).sum::<usize>();
    let projection = row(app, &after, app.now())?;
    let append = Append {
        stream,
        expected_version: before.version,
        events: kept,
        projection,
        findable: findable(matching::changed(before, &after))?,
    };
    let folded = Folded { report: Arc::new(after), destroyed: known.destroyed, bytes: known.bytes + bytes };
    Ok((append, folded))
}

/// People and their terms, as the store takes them.
pub(super) fn findable(people: Vec<(Party, Vec<String>)>) -> Result<Vec<Findable>, Problem> {
    let one = |(party, terms): (Party, Vec<String>)| {
        let subject = match party {
            Party::Person(id) => Subject::Person(PartId::new(id.as_str()).map_err(Problem::internal)?),
            Party::Reporter => Subject::Reporter,
        };
        Ok(Findable { subject, terms })
    };
    people.into_iter().map(one).collect()
}

fn new_event(before: &Report, earlier: &[Event], event: &Event) -> Result<NewEvent, Problem> {
    Ok(NewEvent {
        event_id: stored_id(event.id.as_str()),
        kind: kind(event)?,
        recorded_at: event.recorded_at,
        actor: event.actor.id.to_string(),
        subject: subject(&event.body)?,
        operation: operation(before, earlier, &event.body),
        body: serde_json::to_vec(event).map_err(Problem::internal)?,
    })
}

/// Under whose key an event is kept.
fn subject(body: &EventBody) -> Result<Subject, Problem> {
    let part = |id: &str| PartId::new(id).map_err(Problem::internal);
    Ok(match body.about() {
        About::Report => Subject::Report,
        About::Person(id) => Subject::Person(part(id.as_str())?),
        About::Reporter => Subject::Reporter,
        About::Place(id) => Subject::Place(part(id.as_str())?),
    })
}

/// The store wants 16 bytes: the first of the digest of the event's own id, marked as a UUID of our own making (version 8).
fn stored_id(id: &str) -> EventId {
    let digest: [u8; 32] = Sha256::digest(id.as_bytes()).into();
    let mut bytes = [0_u8; 16];
    for (to, from) in bytes.iter_mut().zip(digest) {
        *to = from;
    }
    let [.., version, _, variant, _, _, _, _, _, _, _] = &mut bytes;
    *version = (*version & 0x0f) | 0x80;
    *variant = (*variant & 0x3f) | 0x80;
    EventId::from_bytes(bytes)
}

/// The word under which an event is stored, for people who look into the database. Of one by which somebody was given something
/// it says how as well: that has to outlive the words ([`looks::told`](crate::shared::looks::told) reads it).
fn kind(event: &Event) -> Result<String, Problem> {
    let body = serde_json::to_value(&event.body).map_err(Problem::internal)?;
    let word = body.get("type").and_then(serde_json::Value::as_str);
    let word = word.unwrap_or("event");
    Ok(match given_by(&event.body) {
        Some(how) => format!("{word}:{how}"),
        None => word.to_owned(),
    })
}

fn row(app: &App, report: &Report, now: Timestamp) -> Result<Option<ProjectionRow>, Problem> {
    let derived = report
        .projection(&app.pack, now)
        .map_err(|problems| Problem::internal(format_args!("facts refused: {problems:?}")))?;
    derived.map(|derived| plain(report, derived)).transpose()
}

pub(super) fn plain(report: &Report, derived: Projection) -> Result<ProjectionRow, Problem> {
    let asked = match report.asked_to_end() {
        Some(ending) => Some(ending.at),
        None => report.review_asked.map(|(at, _)| at),
    };
    let waiting = derived.waiting_for_review;
    let user = |id: ActorId| UserId::new(id.as_str()).map_err(Problem::internal);
    Ok(ProjectionRow {
        report_id: StreamId::new(derived.report_id.as_str()).map_err(Problem::internal)?,
        reference: derived.reference,
        unit: derived.unit,
        allocated_to: derived.allocated_to.map(user).transpose()?,
        state: derived.state.word().to_owned(),
        class: classes(derived.class, &derived.classes_held),
        next_due_at: derived.next_due_at,
        awaiting_review_since: waiting.then(|| asked.unwrap_or(derived.changed_at)),
        updated_at: derived.changed_at,
        derived_by: derived.derived_by,
        review_at: derived.review_on.and_then(time::begins),
        ties: ties(derived.access)?,
    })
}

/// The class of a report as its row has it: the word of the guidance, and after it what officers hold it to be instead.
fn classes(class: Class, held: &[Class]) -> String {
    let all = std::iter::once(&class).chain(held);
    let words: Vec<&str> = all.map(|class| class.word()).collect();
    words.join(" ")
}

/// Who is tied to a report, as the store takes them.
pub(super) fn ties(access: AccessProjection) -> Result<Ties, Problem> {
    let user = |id: ActorId| UserId::new(id.as_str()).map_err(Problem::internal);
    let users = |ids: Vec<ActorId>| {
        let mut found = ids.into_iter().map(user).collect::<Result<Vec<_>, _>>()?;
        found.sort();
        Ok::<_, Problem>(found)
    };
    let emergencies = access.emergencies.into_iter();
    let emergencies = emergencies.map(|(who, until)| Ok::<_, Problem>((user(who)?, until)));
    Ok(Ties {
        started_by: access.started_by.map(user).transpose()?,
        restricted: access.restricted,
        members: users(access.members)?,
        conflicts: users(access.interests)?,
        emergencies: emergencies.collect::<Result<_, _>>()?,
        alert_since: access.emergency_waits_since,
    })
}
