//! What is read by whoever runs the machine is an entry of the log before it is shown.
//!
//! INVARIANT (reads are writes): each of these is called before the first line is written, and where it fails nothing is.

use store::{AccessEntry, Log as _, Operation, SqliteStore, StreamId, UserId};

use crate::stop::{Done, Stop};

/// Why somebody reads, and what.
pub struct Reading<'a> {
    /// What the log calls it.
    pub kind: &'static str,
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
    /// It cannot be written, or no reason is given.
    pub async fn note(self, store: &SqliteStore) -> Done {
        let purpose = "By whoever runs the machine";
        let entry = AccessEntry {
            kind: self.kind.to_owned(),
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
