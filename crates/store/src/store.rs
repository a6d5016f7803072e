//! The one narrow trait that pages and the command line see of a database.

use std::pin::Pin;

use jiff::Timestamp;

use crate::log::Log;
use crate::{
    AccessEntry, Append, AppendError, Appended, Candidates, Change, Failures, NotedAccess, OneTimeToken, ProjectionRow,
    Search, Session, StoreError, StoredEvent, StreamHead, StreamId, TokenHash, TokenUse, User, UserId, View, ViewEntry,
    ViewsOf, WaysIn, WorklistFilter, WorklistPage, WorklistQuery,
};

/// An answer that is on its way. Boxed so that `dyn Store` works and pages need no type parameter.
pub type Answer<'a, T, E = StoreError> = Pin<Box<dyn Future<Output = Result<T, E>> + Send + 'a>>;

/// A database of reports.
///
/// Every backend keeps the same promises, and one conformance suite holds them to it:
/// - a write is answered only when it is durable, whole, and visible to every later read;
/// - the versions of a stream are 1, 2, 3… without gaps, and each is written by one append only;
/// - a command that was sent is carried out: giving up the wait does not take it back.
///
/// What is done with the log is in [`Log`], and with ways in beside the password in [`WaysIn`]; every
/// store is both as well.
pub trait Store: Log + WaysIn + Send + Sync {
    /// Appends to several streams, all or nothing, each by compare-and-swap on its version.
    ///
    /// With a key, a second call with the same key writes nothing and gives the first answer,
    /// whatever else it carries. Keys are kept for good and shared by all callers: put the user's
    /// id in front.
    ///
    /// # Errors
    /// [`AppendError::Conflict`] when a stream is not at the version expected. Otherwise as every
    /// write: [`StoreError`], with [`StoreError::Duplicate`] for an event id or a reference that
    /// is in use, [`StoreError::TooLong`] and [`StoreError::Contradiction`] for what
    /// [`limits`](crate::limits) and the types' documentation do not allow.
    fn append_all(
        &self,
        together: Vec<Append>,
        idempotency_key: Option<String>,
    ) -> Answer<'_, Vec<Appended>, AppendError>;

    /// Appends to one stream; see [`Store::append_all`].
    ///
    /// # Errors
    /// As [`Store::append_all`].
    fn append(&self, append: Append, idempotency_key: Option<String>) -> Answer<'_, Appended, AppendError> {
        Box::pin(async move {
            let answers = self.append_all(vec![append], idempotency_key).await?;
            let first = answers.into_iter().next();
            first.ok_or_else(|| StoreError::Unreadable { what: "answer to an append" }.into())
        })
    }

    /// Notes a look and appends, as [`Log::note_access`](crate::Log::note_access) and [`Store::append_all`] do, the look first and
    /// both waiting for the disk together. The look stands whatever comes of the append.
    ///
    /// # Errors
    /// When the look cannot be noted; what was appended stands. What comes of the append is in the answer.
    fn append_all_noting(
        &self,
        look: AccessEntry,
        together: Vec<Append>,
        idempotency_key: Option<String>,
    ) -> Answer<'_, (NotedAccess, Result<Vec<Appended>, AppendError>)> {
        Box::pin(async move {
            let noted = self.note_access(look).await;
            let appended = self.append_all(together, idempotency_key).await;
            Ok((noted?, appended))
        })
    }

    /// The events of a stream with this version and later, in order; 0 or 1 gives them all, one
    /// past the last (or a stream that is not there) gives none.
    fn load(&self, stream: &StreamId, from_version: u64) -> Answer<'_, Vec<StoredEvent>>;

    /// Who or what in reports that somebody may see is found by any of some terms, those that most of them
    /// find first. Only reports with a worklist row are looked in: it says who may see them.
    fn find(&self, search: Search) -> Answer<'_, Candidates>;

    /// Every stream in order of its id, for replay: at most `limit` after `after`.
    fn all_streams(&self, after: Option<&StreamId>, limit: u32) -> Answer<'_, Vec<StreamHead>>;

    /// The next report number of a year, like `WM-2026-000123`. Never given twice; a number may
    /// stay unused when what asked for it failed afterwards.
    fn next_reference(&self, year: u16) -> Answer<'_, String>;

    /// The worklist row of a report.
    fn projection(&self, report: &StreamId) -> Answer<'_, Option<ProjectionRow>>;

    /// The worklist row of the report with this reference.
    fn projection_by_reference(&self, reference: &str) -> Answer<'_, Option<ProjectionRow>>;

    /// One page of a worklist.
    fn worklist(&self, query: &WorklistQuery) -> Answer<'_, WorklistPage>;

    /// How many reports a filter finds, counting no further than `at_most`: the same conditions
    /// as the list, so a count and its list never disagree.
    fn worklist_count(&self, filter: &WorklistFilter, at_most: u32) -> Answer<'_, u32>;

    /// Adds a user, and logs that somebody did. The first user may be added by themselves.
    ///
    /// # Errors
    /// [`StoreError::Duplicate`] when the id or the sign-in name is in use.
    fn add_user(&self, user: User, made: Change) -> Answer<'_, ()>;

    /// A user by id.
    fn user(&self, id: &UserId) -> Answer<'_, Option<User>>;

    /// A user by what they type at sign-in, whatever its case.
    fn user_by_sign_in_name(&self, name: &str) -> Answer<'_, Option<User>>;

    /// Users in order of id: at most `limit` after `after`.
    fn users(&self, after: Option<&UserId>, limit: u32) -> Answer<'_, Vec<User>>;

    /// Begins a session.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such user or the user is disabled,
    /// [`StoreError::Duplicate`] when the token is in use.
    fn start_session(&self, session: Session) -> Answer<'_, ()>;

    /// A session and its user. Whether it has idled too long or is past its end is for the
    /// caller's clock.
    fn session(&self, token: &TokenHash) -> Answer<'_, Option<(Session, User)>>;

    /// Notes that a session was used; earlier times than the one noted change nothing. Tells
    /// whether it is still there.
    fn touch_session(&self, token: &TokenHash, at: Timestamp) -> Answer<'_, bool>;

    /// Ends a session. Tells whether there was one.
    fn end_session(&self, token: &TokenHash) -> Answer<'_, bool>;

    /// Ends every session of a user, and logs it where there was one and somebody else does it. Tells
    /// how many there were.
    fn end_sessions_of(&self, user: &UserId, change: Option<Change>) -> Answer<'_, u64>;

    /// The sessions of a user, oldest first.
    fn sessions_of(&self, user: &UserId) -> Answer<'_, Vec<Session>>;

    /// Keeps a one-time token, and logs the way in that it is.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for a user that is not there, [`StoreError::Duplicate`] when the
    /// token is in use.
    fn add_token(&self, token: OneTimeToken, change: Option<Change>) -> Answer<'_, ()>;

    /// Uses a one-time token. Of any number of calls, at the same time or later, one takes it.
    fn take_token(&self, token: &TokenHash, purpose: &str, now: Timestamp) -> Answer<'_, TokenUse>;

    /// Counts a failed sign-in and gives the count so far. A count whose first failure is before
    /// `window_start` begins anew. At most [`limits::FAILURE_KEYS`](crate::limits::FAILURE_KEYS)
    /// keys are kept.
    fn count_failure(&self, key: &str, at: Timestamp, window_start: Timestamp) -> Answer<'_, Failures>;

    /// The failed sign-ins counted under a key.
    fn failures(&self, key: &str) -> Answer<'_, Option<Failures>>;

    /// Forgets the failed sign-ins under a key, after one that succeeded.
    fn clear_failures(&self, key: &str) -> Answer<'_, ()>;

    /// A setting. Secrets do not belong here: they are kept apart from the data.
    fn setting(&self, key: &str) -> Answer<'_, Option<String>>;

    /// Sets a setting.
    fn set_setting(&self, key: &str, value: &str) -> Answer<'_, ()>;

    /// Records that somebody is about to be shown a report, before the page is sent. When this
    /// fails, no page. Repeats within [`REPEAT_WINDOW`](crate::REPEAT_WINDOW) of an entry's first
    /// view add to its count. Gives the entry as it stands now.
    fn record_view(&self, view: View) -> Answer<'_, ViewEntry>;

    /// Entries of the access log, newest first: at most `limit` with an id below `before`.
    fn views(&self, of: &ViewsOf, before: Option<u64>, limit: u32) -> Answer<'_, Vec<ViewEntry>>;

    /// Removes sessions and one-time tokens that had ended by `now`. Tells how many.
    fn forget_expired(&self, now: Timestamp) -> Answer<'_, u64>;
}
