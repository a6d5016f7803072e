//! What is read by whoever runs the machine is an entry of the log before it is shown.
//!
//! INVARIANT (reads are writes): each of these is called before the first line is written, and where it fails nothing is.

use report::Report;
use store::{AccessEntry, AccessKind, Log as _, Operation, Record as _, SqliteStore, StreamId, UserId};

use crate::stop::{Done, Stop};

/// Why somebody reads, and what.
pub struct Reading<'a> {
    /// What the log calls it.
    pub kind: AccessKind,
    /// Whether it is looked at, or taken away.
    pub op: Operation,
    /// The report, where it is one.
    pub stream: Option<StreamId>,
    /// How many reports it is about, where it is many.
    pub count: Option<usize>,
    /// Why, in words.
    pub reason: &'a str,
}

impl Reading<'_> {
    /// Writes it into the log.
    ///
    /// # Errors
    /// It cannot be written, no reason is given, or the reason names somebody.
    pub async fn note(self, store: &SqliteStore) -> Done {
        if let Some(stream) = &self.stream {
            without_names(store, stream, self.reason).await?;
        }
        let purpose = "By whoever runs the machine";
        let entry = AccessEntry {
            kind: self.kind.word().to_owned(),
            op: self.op,
            stream: self.stream,
            actor: UserId::new(store::OPERATOR).map_err(|why| Stop::failed(why.to_string()))?,
            purpose: match self.count {
                None => purpose.to_owned(),
                Some(1) => format!("{purpose}: 1 report"),
                Some(count) => format!("{purpose}: {count} reports"),
            },
            reason: Some(self.reason.to_owned()),
            at: jiff::Timestamp::now(),
            repeats: false,
        };
        store.note_access(entry).await?;
        Ok(())
    }
}

/// The reason outlives the report, so it is held to what the pages are: nobody in the report is named. A report that cannot be read
/// is told of where it is read, and one that was erased has no names.
async fn without_names(store: &SqliteStore, stream: &StreamId, reason: &str) -> Done {
    let Ok(stored) = store.load(stream, 1).await else {
        return Ok(());
    };
    let read = stored.iter().map(|event| web::shared::record::read(stream, event));
    let Ok(events) = read.collect::<Result<Vec<_>, _>>() else {
        return Ok(());
    };
    let report = Report::fold(&events);
    let checked = report.without_names("reason", reason);
    checked.map_err(|wrong| Stop::input(format!("--reason: {}", wrong.says)))
}
