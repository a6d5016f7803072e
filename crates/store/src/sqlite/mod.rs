//! The embedded default: one SQLite file on one machine.
//!
//! `SqliteStore` only checks what it is given and passes it on: reads to a reading connection,
//! writes to the one writer. The SQL is in the files beside it, one for each part of the trait.

mod accounts;
mod append;
mod copy;
mod open;
mod projections;
mod readers;
mod rows;
mod schema;
mod tokens;
mod verify;
mod views;
mod writer;

use std::path::Path;

use jiff::Timestamp;
use rusqlite::Connection;

pub use self::copy::{Standing, sqlite_version};
use self::readers::Readers;
pub use self::verify::Sound;
use self::writer::{Failure, Writer};
use crate::store::{Answer, Store};
use crate::{
    Append, AppendError, Appended, Failures, OneTimeToken, OpenError, ProjectionRow, Session,
    StoreError, StoredEvent, StreamHead, StreamId, TokenHash, TokenUse, User, UserId, View,
    ViewEntry, ViewsOf, WorklistFilter, WorklistPage, WorklistQuery, limits,
};

/// A store in one SQLite file.
///
/// Its answers need a tokio runtime. Dropping it finishes what is queued, closes the file and
/// gives up the lock.
pub struct SqliteStore {
    // Order matters: readers close first, so that the writer, closing last, can fold the
    // write-ahead log into the database.
    readers: Readers,
    writer: Option<Writer>,
}

impl SqliteStore {
    /// Opens a database for reading and writing, creates it when it is missing and brings an
    /// older layout up to date. Blocks for some milliseconds: call it at the start.
    ///
    /// # Errors
    /// [`OpenError`], each with what to do. Nothing is changed in a file that is refused.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, OpenError> {
        let path = path.as_ref();
        let (conn, lock) = open::writer(path)?;
        let other = |detail: String| OpenError::Other {
            path: path.into(),
            detail,
        };
        let first = open::reader(path).map_err(|error| other(error.to_string()))?;
        let writer = Writer::start(conn, lock).map_err(|error| other(error.to_string()))?;
        Ok(Self {
            readers: Readers::new(path.into(), first),
            writer: Some(writer),
        })
    }

    /// Opens an existing database for reading only, also while another process writes to it.
    /// Every write is refused with [`StoreError::ReadOnly`].
    ///
    /// # Errors
    /// [`OpenError`]; also when the layout is not the one this program reads.
    pub fn open_for_reading(path: impl AsRef<Path>) -> Result<Self, OpenError> {
        let path = path.as_ref();
        let first = open::for_reading(path)?;
        Ok(Self {
            readers: Readers::new(path.into(), first),
            writer: None,
        })
    }

    /// Checks that the whole database holds together and no stream has a gap. Reads everything:
    /// seconds for a large one.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] with the first thing found wrong.
    pub async fn verify(&self) -> Result<Sound, StoreError> {
        self.readers.run(verify::verify).await
    }

    fn read<T, F>(&self, read: F) -> Answer<'_, T>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        Box::pin(self.readers.run(read))
    }

    /// Checks first, so that what can never be kept does not wait in the queue.
    fn write<T, E, F>(&self, checked: Result<(), StoreError>, act: F) -> Answer<'_, T, E>
    where
        T: Send + 'static,
        E: Failure,
        F: FnOnce(&Connection) -> Result<T, E> + Send + 'static,
    {
        Box::pin(async move {
            checked?;
            match &self.writer {
                Some(writer) => writer.run(act).await,
                None => Err(StoreError::ReadOnly.into()),
            }
        })
    }
}

impl Store for SqliteStore {
    fn append_all(
        &self,
        together: Vec<Append>,
        key: Option<String>,
    ) -> Answer<'_, Vec<Appended>, AppendError> {
        let checked = limits::append(&together, key.as_deref());
        self.write(checked, move |conn| {
            append::append_all(conn, &together, key.as_deref())
        })
    }

    fn load(&self, stream: &StreamId, from_version: u64) -> Answer<'_, Vec<StoredEvent>> {
        let stream = stream.clone();
        self.read(move |conn| append::load(conn, &stream, from_version))
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
        self.read(move |conn| projections::by_report(conn, &report))
    }

    fn projection_by_reference(&self, reference: &str) -> Answer<'_, Option<ProjectionRow>> {
        let reference = reference.to_owned();
        self.read(move |conn| projections::by_reference(conn, &reference))
    }

    fn worklist(&self, query: &WorklistQuery) -> Answer<'_, WorklistPage> {
        let query = query.clone();
        self.read(move |conn| projections::page(conn, &query))
    }

    fn worklist_count(&self, filter: &WorklistFilter, at_most: u32) -> Answer<'_, u32> {
        let filter = filter.clone();
        self.read(move |conn| projections::count(conn, &filter, at_most))
    }

    fn add_user(&self, user: User) -> Answer<'_, ()> {
        self.write(limits::user(&user), move |conn| {
            accounts::add_user(conn, &user)
        })
    }

    fn save_user(&self, user: User) -> Answer<'_, ()> {
        self.write(limits::user(&user), move |conn| {
            accounts::save_user(conn, &user)
        })
    }

    fn user(&self, id: &UserId) -> Answer<'_, Option<User>> {
        let id = id.clone();
        self.read(move |conn| accounts::by_id(conn, &id))
    }

    fn user_by_sign_in_name(&self, name: &str) -> Answer<'_, Option<User>> {
        let name = name.to_owned();
        self.read(move |conn| accounts::by_sign_in_name(conn, &name))
    }

    fn users(&self, after: Option<&UserId>, limit: u32) -> Answer<'_, Vec<User>> {
        let after = after.cloned();
        self.read(move |conn| accounts::users(conn, after.as_ref(), limit))
    }

    fn start_session(&self, session: Session) -> Answer<'_, ()> {
        self.write(Ok(()), move |conn| accounts::start_session(conn, &session))
    }

    fn session(&self, token: &TokenHash) -> Answer<'_, Option<(Session, User)>> {
        let token = *token;
        self.read(move |conn| accounts::session(conn, &token))
    }

    fn touch_session(&self, token: &TokenHash, at: Timestamp) -> Answer<'_, bool> {
        let token = *token;
        self.write(Ok(()), move |conn| {
            accounts::touch_session(conn, &token, at)
        })
    }

    fn end_session(&self, token: &TokenHash) -> Answer<'_, bool> {
        let token = *token;
        self.write(Ok(()), move |conn| accounts::end_session(conn, &token))
    }

    fn end_sessions_of(&self, user: &UserId) -> Answer<'_, u64> {
        let user = user.clone();
        self.write(Ok(()), move |conn| accounts::end_sessions_of(conn, &user))
    }

    fn sessions_of(&self, user: &UserId) -> Answer<'_, Vec<Session>> {
        let user = user.clone();
        self.read(move |conn| accounts::sessions_of(conn, &user))
    }

    fn add_token(&self, token: OneTimeToken) -> Answer<'_, ()> {
        self.write(limits::text("purpose", &token.purpose), move |conn| {
            tokens::add_token(conn, &token)
        })
    }

    fn take_token(&self, token: &TokenHash, purpose: &str, now: Timestamp) -> Answer<'_, TokenUse> {
        let (token, purpose) = (*token, purpose.to_owned());
        self.write(Ok(()), move |conn| {
            tokens::take_token(conn, &token, &purpose, now)
        })
    }

    fn count_failure(
        &self,
        key: &str,
        at: Timestamp,
        window_start: Timestamp,
    ) -> Answer<'_, Failures> {
        let key = key.to_owned();
        self.write(limits::text("key", &key), move |conn| {
            tokens::count_failure(conn, &key, at, window_start)
        })
    }

    fn failures(&self, key: &str) -> Answer<'_, Option<Failures>> {
        let key = key.to_owned();
        self.read(move |conn| tokens::failures(conn, &key))
    }

    fn clear_failures(&self, key: &str) -> Answer<'_, ()> {
        let key = key.to_owned();
        self.write(Ok(()), move |conn| tokens::clear_failures(conn, &key))
    }

    fn setting(&self, key: &str) -> Answer<'_, Option<String>> {
        let key = key.to_owned();
        self.read(move |conn| tokens::setting(conn, &key))
    }

    fn set_setting(&self, key: &str, value: &str) -> Answer<'_, ()> {
        let (key, value) = (key.to_owned(), value.to_owned());
        let checked = limits::text("key", &key)
            .and_then(|()| limits::at_most("setting", value.len(), limits::VALUE));
        self.write(checked, move |conn| tokens::set_setting(conn, &key, &value))
    }

    fn record_view(&self, view: View) -> Answer<'_, ViewEntry> {
        self.write(limits::text("purpose", &view.purpose), move |conn| {
            views::record(conn, &view)
        })
    }

    fn views(&self, of: &ViewsOf, before: Option<u64>, limit: u32) -> Answer<'_, Vec<ViewEntry>> {
        let of = of.clone();
        self.read(move |conn| views::list(conn, &of, before, limit))
    }

    fn forget_expired(&self, now: Timestamp) -> Answer<'_, u64> {
        self.write(Ok(()), move |conn| tokens::forget_expired(conn, now))
    }
}
