//! The embedded default: one SQLite file on one machine.
//!
//! `SqliteStore` only checks what it is given and passes it on: reads to a reading connection,
//! writes to the one writer. The SQL is in the files beside it, one for each part of the trait.

mod accounts;
mod append;
mod audit;
mod binding;
mod changes;
mod codec;
mod copy;
mod emptied;
mod erase;
mod erase_again;
mod held;
mod index;
mod keyring;
mod ledger;
mod log;
mod open;
mod projections;
mod readers;
mod record;
mod rows;
mod schema;
mod sealed;
mod sessions;
mod standing;
mod ties;
mod tokens;
mod verify;
mod ways_in;
mod words;
mod writer;

pub use self::audit::{LogExport, LogFile, LogRow, StoredBytes};
pub use self::keyring::KeyringState;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use jiff::Timestamp;
use rusqlite::Connection;

pub use self::copy::{Standing, sqlite_version};
use self::ledger::{Outside, Reached};
use self::readers::Readers;
use self::standing::Left;
pub use self::verify::Sound;
use self::writer::{Failure, Tx, Writer};
use crate::keys::Keyring;
use crate::store::{Answer, Store};
use crate::{
    Change, Failures, Keys, OneTimeToken, OpenError, Session, StoreError, TokenHash, TokenUse, User, UserId, limits,
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
    ring: Arc<Keyring>,
    left: Arc<Left>,
    /// The file of checkpoints, where there is one.
    outside: Arc<Mutex<Option<Outside>>>,
    /// How far the log has come.
    reached: Arc<Reached>,
    path: PathBuf,
}

impl SqliteStore {
    /// Opens a database for reading and writing, creates it when it is missing and brings an
    /// older layout up to date. Makes the keyring with the database; of a database that has one it
    /// must be the same. Blocks for some milliseconds, and for some tenths of a second where a
    /// passphrase opens the keyring: call it at the start.
    ///
    /// # Errors
    /// [`OpenError`], each with what to do. Nothing is changed in a file that is refused.
    pub fn open(path: impl AsRef<Path>, keys: &Keys) -> Result<Self, OpenError> {
        let path = path.as_ref();
        let (conn, lock) = open::writer(path)?;
        let other = |detail: String| OpenError::Other { path: path.into(), detail };
        let ring = Arc::new(binding::writing(&conn, path, keys)?);
        let end = ledger::opened(&conn, &ring)?;
        let outside = ledger::check_outside(&conn, &ring, keys.checkpoints(), end.size())?;
        ledger::vouched(&conn, &ring)?;
        let reached = Arc::new(Reached::open(&conn, &ring, end.size())?);
        let tx = Tx::new(conn, Arc::clone(&ring), end).noting(Arc::clone(&reached));
        let caught_up = ledger::adopt(&tx)
            .and_then(|()| changes::adopt(&tx))
            .and_then(|()| erase_again::again(&tx))
            .and_then(|()| erase::finish_all(&tx))
            .and_then(|()| emptied::at_the_opening(&tx))
            .and_then(|()| tx.left.read(&tx, &tx.ring))
            .and_then(|()| ledger::vouch(&tx));
        caught_up.map_err(|error| match error {
            StoreError::Log(fault) => OpenError::Log(fault),
            error => other(error.to_string()),
        })?;
        // It keeps nobody from their work, and somebody has to know of it.
        if let Err(why) = schema::fit(&tx) {
            tracing::error!(%why, "somebody changed the database");
        }
        // What the opening did is in the log, which was read just now.
        tx.did.take();
        tx.reached.note(&ring, tx.tail.borrow().head());
        let left = Arc::clone(&tx.left);
        let first = open::reader(path).map_err(|error| other(error.to_string()))?;
        let writer = Writer::start(tx, lock).map_err(|error| other(error.to_string()))?;
        Ok(Self {
            readers: Readers::new(path.into(), first),
            writer: Some(writer),
            ring,
            left,
            outside: Arc::new(Mutex::new(outside)),
            reached,
            path: path.into(),
        })
    }

    /// Opens an existing database for reading only, also while another process writes to it.
    /// Every write is refused with [`StoreError::ReadOnly`].
    ///
    /// # Errors
    /// [`OpenError`]; also when the layout is not the one this program reads.
    pub fn open_for_reading(path: impl AsRef<Path>, keys: &Keys) -> Result<Self, OpenError> {
        let path = path.as_ref();
        let first = open::for_reading(path)?;
        let ring = Arc::new(binding::reading(&first, path, keys)?);
        let other = |error: rusqlite::Error| OpenError::Other { path: path.into(), detail: error.to_string() };
        // In one transaction: a commit in between would look like a fault.
        first.execute_batch("BEGIN").map_err(other)?;
        ledger::opened(&first, &ring)?;
        first.execute_batch("COMMIT").map_err(other)?;
        Ok(Self {
            readers: Readers::new(path.into(), first),
            writer: None,
            ring,
            left: Arc::default(),
            outside: Arc::new(Mutex::new(None)),
            reached: Arc::default(),
            path: path.into(),
        })
    }

    fn read<T, F>(&self, read: F) -> Answer<'_, T>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        Box::pin(self.readers.run(read))
    }

    /// For a row or two that are found at once.
    fn read_here<T, F>(&self, read: F) -> Answer<'_, T>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        Box::pin(self.readers.run_here(read))
    }

    /// Checks first, so that what can never be kept does not wait in the queue.
    fn write<T, E, F>(&self, checked: Result<(), StoreError>, act: F) -> Answer<'_, T, E>
    where
        T: Send + 'static,
        E: Failure,
        F: FnOnce(&Tx) -> Result<T, E> + Send + 'static,
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
    fn add_user(&self, user: User, made: Change) -> Answer<'_, ()> {
        let checked = limits::user(&user).and_then(|()| limits::way_in_change(&made));
        self.write(checked, move |tx| {
            accounts::add_user(tx, &user)?;
            changes::note(tx, &made)
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
        self.write(Ok(()), move |tx| sessions::start(tx, &session))
    }

    fn session(&self, token: &TokenHash) -> Answer<'_, Option<(Session, User)>> {
        Box::pin(self.admitted(*token))
    }

    fn touch_session(&self, token: &TokenHash, at: Timestamp) -> Answer<'_, bool> {
        let token = *token;
        self.write(Ok(()), move |tx| sessions::touch(tx, &token, at))
    }

    fn end_session(&self, token: &TokenHash) -> Answer<'_, bool> {
        let token = *token;
        self.write(Ok(()), move |tx| sessions::end(tx, &token))
    }

    fn end_sessions_of(&self, user: &UserId, change: Option<Change>) -> Answer<'_, u64> {
        let user = user.clone();
        let checked = change.as_ref().map_or(Ok(()), limits::way_in_change);
        self.write(checked, move |tx| {
            let ended = sessions::end_all(tx, &user)?;
            let told = change.filter(|_| ended > 0);
            told.map_or(Ok(()), |change| changes::note_holding(tx, &change))?;
            Ok(ended)
        })
    }

    fn sessions_of(&self, user: &UserId) -> Answer<'_, Vec<Session>> {
        let user = user.clone();
        self.read(move |conn| sessions::of(conn, &user))
    }

    fn add_token(&self, token: OneTimeToken, change: Option<Change>) -> Answer<'_, ()> {
        let checked = limits::text("purpose", &token.purpose)
            .and_then(|()| change.as_ref().map_or(Ok(()), limits::way_in_change));
        self.write(checked, move |tx| {
            tokens::add_token(tx, &token)?;
            change.map_or(Ok(()), |change| changes::note_holding(tx, &change))
        })
    }

    fn take_token(&self, token: &TokenHash, purpose: &str, now: Timestamp) -> Answer<'_, TokenUse> {
        let (token, purpose) = (*token, purpose.to_owned());
        self.write(Ok(()), move |tx| tokens::take_token(tx, (&token, &purpose), now))
    }

    fn count_failure(&self, key: &str, at: Timestamp, window_start: Timestamp) -> Answer<'_, Failures> {
        // What somebody typed as a name may be their password.
        let checked = limits::text("key", key);
        let key = self.ring.blind_text(binding::FAILURES, key);
        self.write(checked, move |conn| tokens::count_failure(conn, &key, at, window_start))
    }

    fn failures(&self, key: &str) -> Answer<'_, Option<Failures>> {
        let key = self.ring.blind_text(binding::FAILURES, key);
        self.read(move |conn| tokens::failures(conn, &key))
    }

    fn clear_failures(&self, key: &str) -> Answer<'_, ()> {
        let key = self.ring.blind_text(binding::FAILURES, key);
        self.write(Ok(()), move |conn| tokens::clear_failures(conn, &key))
    }

    fn setting(&self, key: &str) -> Answer<'_, Option<String>> {
        let key = key.to_owned();
        self.read(move |conn| tokens::setting(conn, &key))
    }

    fn set_setting(&self, key: &str, value: &str) -> Answer<'_, ()> {
        let (key, value) = (key.to_owned(), value.to_owned());
        let checked = limits::text("key", &key).and_then(|()| limits::at_most("setting", value.len(), limits::VALUE));
        self.write(checked, move |conn| tokens::set_setting(conn, &key, &value))
    }

    fn forget_expired(&self, now: Timestamp) -> Answer<'_, u64> {
        self.write(Ok(()), move |tx| Ok(sessions::forget_expired(tx, now)? + tokens::forget_expired(tx, now)?))
    }
}
