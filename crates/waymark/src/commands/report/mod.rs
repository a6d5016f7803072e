//! `waymark report`: looking into the record without a page. Nothing here changes it but the log, which says what was
//! shown, to whom and why, before it is.

mod compare;
mod list;
mod replay;
mod show;

use std::path::PathBuf;

use guidance::Pack;
use report::{Event, EventBody};
use store::{AccessKind, Keys, Log as _, Operation, Record as _, SqliteStore, StreamId, limits};

use super::noted::Reading;
use crate::cli::{Report, Where};
use crate::settings::Settings;
use crate::stop::{Done, Stop};
use crate::{pack, server};

/// Does what is asked about reports.
///
/// # Errors
/// A database that cannot be read or written, a report that is not there, advice that comes out differently.
pub fn run(command: &Report) -> Done {
    let (at, pack) = match command {
        Report::Show { at, pack, .. } => (at, pack.pack.clone()),
        Report::List { at, .. } | Report::Replay { at, .. } | Report::Compare { at, .. } => (at, None),
    };
    let (database, keys, guidance) = place(at)?;
    let runtime = server::runtime()?;
    // What is not there is no look at anything: that is found out before the database is opened for writing.
    let reading = SqliteStore::open_for_reading(&database, &keys).map_err(|error| server::cannot_open(&error))?;
    let pack = match command {
        Report::List { .. } => None,
        Report::Show { .. } | Report::Replay { .. } | Report::Compare { .. } => Some(load(pack.or(guidance))?),
    };
    let named = match command {
        Report::Compare { pack, .. } => std::slice::from_ref(pack),
        Report::Replay { packs, .. } => packs.as_slice(),
        _ => &[],
    };
    let named = named.iter().map(|folder| load(Some(folder.clone())));
    let named = named.collect::<Result<Vec<Pack>, Stop>>()?;
    let reading = runtime.block_on(async {
        let found = about(&reading, command).await;
        drop(reading);
        found
    })?;
    let store = SqliteStore::open(&database, &keys).map_err(|error| server::cannot_open(&error))?;
    runtime.block_on(async {
        reading.note(&store).await?;
        match (command, &pack) {
            (Report::Show { report, .. }, Some(pack)) => show::run(&store, pack, report).await,
            (Report::Replay { report, .. }, Some(pack)) => {
                let packs: Vec<&Pack> = std::iter::once(pack).chain(&named).collect();
                replay::run(&store, &packs, report.as_deref()).await
            }
            (Report::Compare { report, .. }, Some(pack)) => {
                let other = named.first().unwrap_or(pack);
                compare::run(&store, (pack, other), report.as_deref()).await
            }
            _ => list::run(&store).await,
        }
    })
}

/// What a command is about to show.
async fn about<'a>(store: &SqliteStore, command: &'a Report) -> Result<Reading<'a>, Stop> {
    let (kind, report, reason) = match command {
        Report::List { reason, .. } => (AccessKind::ReportsListed, None, reason),
        Report::Show { report, reason, .. } => (AccessKind::ReportShown, Some(report), reason),
        Report::Replay { report, reason, .. } | Report::Compare { report, reason, .. } => {
            (AccessKind::AdviceReplayed, report.as_ref(), reason)
        }
    };
    let (stream, count) = match report {
        Some(report) => (Some(stream(store, report).await?), None),
        None => (None, Some(streams(store, None).await?.len())),
    };
    Ok(Reading { kind, op: Operation::Consult, stream, count, reason })
}

/// The streams that are looked through: this report's, or all.
async fn streams(store: &SqliteStore, report: Option<&str>) -> Result<Vec<StreamId>, Stop> {
    if let Some(report) = report {
        return Ok(vec![stream(store, report).await?]);
    }
    let mut all: Vec<StreamId> = Vec::new();
    loop {
        let page = store.all_streams(all.last(), limits::PAGE).await;
        let page = page.map_err(unreadable)?;
        if page.is_empty() {
            return Ok(all);
        }
        all.extend(page.into_iter().map(|head| head.stream));
    }
}

/// What a report is called: by its reference, where it has one.
async fn name(store: &SqliteStore, stream: &StreamId) -> Result<String, Stop> {
    let row = store.projection(stream).await.map_err(unreadable)?;
    Ok(row.map_or_else(|| stream.to_string(), |row| row.reference))
}

/// Was it erased? Then nothing of it is left but that it was.
fn is_erased(events: &[Event]) -> bool {
    let gone = |event: &Event| matches!(event.body, EventBody::Erased { .. });
    !events.is_empty() && events.iter().all(gone)
}

/// What is said of reports that were erased; nothing where there are none.
fn told_erased(count: usize, nothing_to: &str) -> Option<String> {
    let (reports, were) = match count {
        0 => return None,
        1 => ("1 report".to_owned(), "was"),
        more => (format!("{more} reports"), "were"),
    };
    Some(format!("{reports} {were} erased: nothing is left to {nothing_to}, and the log says by whose decision."))
}

/// The database and its keys, and the folder of the guidance where it is not the one built in.
fn place(at: &Where) -> Result<(PathBuf, Keys, Option<PathBuf>), Stop> {
    let settings = Settings::at(at)?;
    let guidance = settings.pack().map(PathBuf::from);
    let keys = settings.keys()?;
    Ok((settings.database, keys, guidance))
}

fn load(folder: Option<PathBuf>) -> Result<Pack, Stop> {
    pack::load(folder.as_deref())
}

/// The stream of a report, by its reference (WM-2026-000001) or its id.
async fn stream(store: &SqliteStore, report: &str) -> Result<StreamId, Stop> {
    if let Some(row) = store.projection_by_reference(report).await.map_err(unreadable)? {
        return Ok(row.report_id);
    }
    let erased = store.erasures(report).await.map_err(unreadable)?;
    if let Some(erased) = erased.iter().find(|erased| erased.subject.is_none()) {
        return Err(Stop::input(format!(
            "{report}: was erased at {}; entry {} of the log says so, and nothing of it is left to read",
            erased.at, erased.leaf
        )));
    }
    let none = || Stop::input(format!("{report}: there is no report with this reference"));
    let id = StreamId::new(report).map_err(|_| none())?;
    match store.projection(&id).await.map_err(unreadable)? {
        Some(row) => Ok(row.report_id),
        None => Err(none()),
    }
}

/// Every event of a report, in order.
async fn events(store: &SqliteStore, stream: &StreamId) -> Result<Vec<Event>, Stop> {
    let stored = store.load(stream, 1).await.map_err(unreadable)?;
    let read = |event| web::shared::record::read(stream, event).map_err(|problem| server::failed(&problem));
    stored.iter().map(read).collect()
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err asks for")]
fn unreadable(error: store::StoreError) -> Stop {
    Stop::failed(format!("{error}; {}", error.help()))
}
