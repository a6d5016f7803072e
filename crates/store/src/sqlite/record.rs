//! The part of the trait about reports.

use std::sync::Arc;

use rusqlite::Connection;

use super::append::{self, Step};
use super::{SqliteStore, index, projections};
use crate::store::Answer;
use crate::{
    AccessEntry, Append, AppendError, Appended, Candidates, NotedAccess, ProjectionRow, Record, Search, StoreError,
    StoredEvent, StreamHead, StreamId, WorklistFilter, WorklistPage, WorklistQuery,
};

impl Record for SqliteStore {
    fn append_all(&self, together: Vec<Append>, key: Option<String>) -> Answer<'_, Vec<Appended>, AppendError> {
        Box::pin(async move {
            let step = Step::ready(&self.ring, together, key)?;
            let writer = self.writer.as_ref().ok_or(StoreError::ReadOnly)?;
            writer.run(move |tx| step.keep(tx)).await
        })
    }

    fn append_all_noting(
        &self,
        look: AccessEntry,
        together: Vec<Append>,
        key: Option<String>,
    ) -> Answer<'_, (NotedAccess, Result<Vec<Appended>, AppendError>)> {
        Box::pin(async move {
            let writer = self.writer.as_ref().ok_or(StoreError::ReadOnly)?;
            let step = Step::ready(&self.ring, together, key);
            append::noting(writer, look, step).await
        })
    }

    fn load(&self, stream: &StreamId, from_version: u64) -> Answer<'_, Vec<StoredEvent>> {
        let (stream, ring) = (stream.clone(), Arc::clone(&self.ring));
        let read = move |conn: &Connection| append::load(conn, &ring, &stream, from_version);
        // What came after what is known already is nothing, most of the time, or what somebody has just added.
        if from_version > 1 { self.read_here(read) } else { self.read(read) }
    }

    fn find(&self, search: Search) -> Answer<'_, Candidates> {
        let ring = Arc::clone(&self.ring);
        self.read(move |conn| index::find(conn, &ring, &search))
    }

    fn all_streams(&self, after: Option<&StreamId>, limit: u32) -> Answer<'_, Vec<StreamHead>> {
        let after = after.cloned();
        self.read(move |conn| append::all_streams(conn, after.as_ref(), limit))
    }

    fn next_reference(&self, year: u16) -> Answer<'_, String> {
        self.write(Ok(()), move |conn| append::next_reference(conn, year))
    }

    fn projection(&self, report: &StreamId) -> Answer<'_, Option<ProjectionRow>> {
        let report = report.clone();
        self.read_here(move |conn| projections::by_report(conn, &report))
    }

    fn projection_by_reference(&self, reference: &str) -> Answer<'_, Option<ProjectionRow>> {
        let reference = reference.to_owned();
        self.read_here(move |conn| projections::by_reference(conn, &reference))
    }

    fn worklist(&self, query: &WorklistQuery) -> Answer<'_, WorklistPage> {
        let query = query.clone();
        self.read(move |conn| projections::page(conn, &query))
    }

    fn worklist_count(&self, filter: &WorklistFilter, at_most: u32) -> Answer<'_, u32> {
        let filter = filter.clone();
        self.read(move |conn| projections::count(conn, &filter, at_most))
    }
}
