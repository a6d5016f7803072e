//! The one narrow trait that pages and the command line see of a database, of which each part stands where its types do.

use std::pin::Pin;

use jiff::Timestamp;

use crate::{
    Change, Failures, Log, OneTimeToken, Record, Session, StoreError, TokenHash, TokenUse, User, UserId, WaysIn,
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
/// What is done with reports is in [`Record`], with the log in [`Log`], and with ways in beside the password in [`WaysIn`];
/// here is who has an account, and what the program itself has to remember: sessions, links that work once, failed sign-ins and
/// settings. Every store is all of them; whoever has a `dyn Store` has all their methods.
pub trait Store: Record + Log + WaysIn + Send + Sync {
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

    /// Removes sessions and one-time tokens that had ended by `now`. Tells how many.
    fn forget_expired(&self, now: Timestamp) -> Answer<'_, u64>;
}
