//! `waymark report`: looking into the record without a page. Nothing here changes it but the log, which says that a
//! report was shown.

mod list;
mod replay;
mod show;

use std::path::PathBuf;

use guidance::Pack;
use report::Event;
use store::{AccessEntry, Keys, Log as _, Operation, SqliteStore, Store as _, StreamId, UserId};

use crate::cli::{Report, Where};
use crate::settings::Settings;
use crate::stop::{Done, Stop};
use crate::{pack, server};

/// Does what is asked about reports.
///
/// # Errors
/// A database that cannot be read, a report that is not there, advice that comes out differently.
pub fn run(command: &Report) -> Done {
    let (at, pack) = match command {
        Report::Replay { at, pack, .. } | Report::Show { at, pack, .. } => (at, pack.pack.clone()),
        Report::List { at } => (at, None),
    };
    let (database, keys, guidance) = place(at)?;
    let store = SqliteStore::open_for_reading(&database, &keys)
        .map_err(|error| server::cannot_open(&error))?;
    let runtime = server::runtime()?;
    match command {
        Report::List { .. } => runtime.block_on(list::run(&store)),
        Report::Replay { report, .. } => runtime.block_on(replay::run(
            &store,
            &load(pack.or(guidance))?,
            report.as_deref(),
        )),
        Report::Show { report, reason, .. } => {
            let pack = load(pack.or(guidance))?;
            // What is not there is no look at a report.
            let stream = runtime.block_on(stream(&store, report))?;
            drop(store);
            let store =
                SqliteStore::open(&database, &keys).map_err(|error| server::cannot_open(&error))?;
            runtime.block_on(async {
                note(&store, &stream, reason).await?;
                show::run(&store, &pack, report).await
            })
        }
    }
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
    if let Some(row) = store
        .projection_by_reference(report)
        .await
        .map_err(unreadable)?
    {
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

/// Notes that a report is about to be shown. INVARIANT (reads are writes): if this fails, nothing of it is shown.
async fn note(store: &SqliteStore, stream: &StreamId, reason: &str) -> Done {
    let entry = AccessEntry {
        kind: web::SHOWN_ON_THE_MACHINE.to_owned(),
        op: Operation::Consult,
        stream: Some(stream.clone()),
        actor: UserId::new(web::OPERATOR).map_err(|why| Stop::failed(why.to_string()))?,
        purpose: "By whoever runs the machine".to_owned(),
        reason: Some(reason.to_owned()),
        at: jiff::Timestamp::now(),
        repeats: false,
    };
    store.note_access(entry).await.map_err(unreadable)?;
    Ok(())
}

/// Every event of a report, in order.
async fn events(store: &SqliteStore, stream: &StreamId) -> Result<Vec<Event>, Stop> {
    let stored = store.load(stream, 1).await.map_err(unreadable)?;
    let read = |event| {
        web::shared::record::read(stream, event).map_err(|problem| server::failed(&problem))
    };
    stored.iter().map(read).collect()
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "the shape that map_err asks for"
)]
fn unreadable(error: store::StoreError) -> Stop {
    Stop::failed(format!("{error}; {}", error.help()))
}
