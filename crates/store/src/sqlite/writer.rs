//! The one writer: a thread with the one writing connection and a queue in front of it.
//!
//! Commands that arrive while a commit is running share the next one, so a disk that can flush
//! a few hundred times a second still serves thousands of commands. Each has a savepoint of its
//! own: a conflict undoes that command and no other. Nobody is answered before COMMIT has
//! returned.

use std::cell::{Cell, RefCell};
use std::io;
use std::ops::Deref;
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use ledger::Frontier;
use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use super::emptied;
use super::ledger::{Reached, Tail};
use super::open::Lock;
use super::standing::{Did, Left};
use crate::keys::{KeyError, Keyring};
use crate::{AppendError, StoreError, fail};

/// Commands waiting at most; more wait outside the queue. Far above what officers cause, low
/// enough that a stuck disk is felt at once and not after the memory is full.
const QUEUE: usize = 1024;

/// Commands in one commit at most, so that the first of them does not wait long for the last.
const BATCH: usize = 256;

/// An error a command can end with.
pub(super) trait Failure: From<StoreError> + Send + 'static {
    /// The store's own error, if it is one.
    fn as_store(&self) -> Option<&StoreError>;
}

impl Failure for StoreError {
    fn as_store(&self) -> Option<&StoreError> {
        Some(self)
    }
}

impl Failure for AppendError {
    fn as_store(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) => Some(error),
            Self::Conflict { .. } => None,
        }
    }
}

/// What a command works with: the transaction it shares, and the keys.
pub(super) struct Tx {
    conn: Connection,
    /// Keys; new ones are durable before the commit.
    pub ring: Arc<Keyring>,
    /// The end of the log.
    pub tail: RefCell<Tail>,
    /// What the program left accounts and sessions as, and what the commands of this transaction did about them.
    pub left: Arc<Left>,
    pub did: RefCell<Vec<Did>>,
    /// Where it is noted how far the log has come.
    pub reached: Arc<Reached>,
    /// The write-ahead log has to be emptied as soon as nobody reads from before.
    pub log_is_due: Cell<bool>,
}

impl Tx {
    /// Around the one writing connection.
    pub(super) fn new(conn: Connection, ring: Arc<Keyring>, end: Frontier) -> Self {
        let tail = Tail::new(end);
        let log_is_due = Cell::new(false);
        let (left, reached) = (Arc::default(), Arc::default());
        Self { conn, ring, tail, left, did: RefCell::default(), reached, log_is_due }
    }

    /// The same, with a file that how far the log has come is noted in.
    pub(super) fn noting(self, reached: Arc<Reached>) -> Self {
        Self { reached, ..self }
    }
}

impl Deref for Tx {
    type Target = Connection;
    fn deref(&self) -> &Connection {
        &self.conn
    }
}

/// Whether a command's changes stay.
enum Done {
    Keep,
    Undo,
    /// The transaction itself can no longer be trusted.
    Broken(StoreError),
}

trait Job: Send {
    fn act(&mut self, conn: &Tx) -> Done;
    fn answer(self: Box<Self>);
    fn fail(self: Box<Self>, why: StoreError);
}

/// A command, and one that goes with it.
type Asked = (Box<dyn Job>, Option<Box<dyn Job>>);

struct Command<T, E, F> {
    act: Option<F>,
    result: Option<Result<T, E>>,
    reply: oneshot::Sender<Result<T, E>>,
}

impl<T, E, F> Job for Command<T, E, F>
where
    T: Send,
    E: Failure,
    F: FnOnce(&Tx) -> Result<T, E> + Send,
{
    fn act(&mut self, conn: &Tx) -> Done {
        let Some(act) = self.act.take() else {
            return Done::Undo;
        };
        let result = act(conn);
        let done = match &result {
            Ok(_) => Done::Keep,
            Err(error) => match error.as_store() {
                // SQLite may have rolled back everything by itself, as it does on a full disk.
                Some(error) if error.is_fatal() || conn.is_autocommit() => Done::Broken(error.clone()),
                _ => Done::Undo,
            },
        };
        self.result = Some(result);
        done
    }

    fn answer(self: Box<Self>) {
        if let Some(result) = self.result {
            // Nobody listens when the request was given up meanwhile; the command stands.
            let _ = self.reply.send(result);
        }
    }

    fn fail(self: Box<Self>, why: StoreError) {
        let _ = self.reply.send(Err(why.into()));
    }
}

/// Handle to the writer thread. Dropping it lets the queue run empty, closes the database and
/// gives up the lock before it returns.
pub(super) struct Writer {
    queue: Option<mpsc::Sender<Asked>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Starts the thread. The lock is held as long as the thread lives.
    pub(super) fn start(conn: Tx, lock: Lock) -> io::Result<Self> {
        let (queue, jobs) = mpsc::channel(QUEUE);
        let thread = thread::Builder::new().name("store-writer".into()).spawn(move || {
            serve(&conn, jobs);
            drop(conn);
            drop(lock);
        })?;
        Ok(Self { queue: Some(queue), thread: Some(thread) })
    }

    /// Runs a command and answers when it is durable.
    pub(super) async fn run<T, E, F>(&self, act: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: Failure,
        F: FnOnce(&Tx) -> Result<T, E> + Send + 'static,
    {
        let (command, answer) = asked(act);
        let queue = self.queue.as_ref().ok_or_else(gone)?;
        queue.send((command, None)).await.map_err(|_| gone())?;
        answer.await.map_err(|_| E::from(gone()))?
    }

    /// Runs two commands, the second right after the first and in the same commit, so that they wait for one flush of the disk
    /// and not for two. What becomes of one changes nothing about the other.
    pub(super) async fn run_both<T, U, E, F, G>(&self, first: F, second: G) -> Result<(T, Result<U, E>), StoreError>
    where
        T: Send + 'static,
        U: Send + 'static,
        E: Failure,
        F: FnOnce(&Tx) -> Result<T, StoreError> + Send + 'static,
        G: FnOnce(&Tx) -> Result<U, E> + Send + 'static,
    {
        let (first, of_first) = asked(first);
        let (second, of_second) = asked(second);
        let queue = self.queue.as_ref().ok_or_else(gone)?;
        let both = (first, Some(second));
        queue.send(both).await.map_err(|_| gone())?;
        let second = of_second.await.unwrap_or_else(|_| Err(gone().into()));
        Ok((of_first.await.map_err(|_| gone())??, second))
    }
}

fn gone() -> StoreError {
    StoreError::Stopped { why: "the writer has ended".into() }
}

/// A command for the queue, and where its answer comes.
fn asked<T, E, F>(act: F) -> (Box<dyn Job>, oneshot::Receiver<Result<T, E>>)
where
    T: Send + 'static,
    E: Failure,
    F: FnOnce(&Tx) -> Result<T, E> + Send + 'static,
{
    let (reply, answer) = oneshot::channel();
    let command = Command { act: Some(act), result: None, reply };
    (Box::new(command), answer)
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.queue.take();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn serve(conn: &Tx, mut jobs: mpsc::Receiver<Asked>) {
    let mut stopped: Option<StoreError> = None;
    while let Some((first, with)) = jobs.blocking_recv() {
        let mut batch = vec![first];
        batch.extend(with);
        while batch.len() < BATCH
            && let Ok((next, with)) = jobs.try_recv()
        {
            batch.push(next);
            batch.extend(with);
        }
        let result = match &stopped {
            Some(why) => Err(why.clone()),
            None => commit(conn, &mut batch),
        };
        match result {
            Ok(()) => {
                batch.into_iter().for_each(Job::answer);
                // What was answered stands, whatever comes of this.
                if let Err(why) = emptied::after_a_step(conn).and_then(|()| fold(conn)) {
                    stop(&mut stopped, why);
                }
            }
            Err(why) => {
                let why = if why.is_fatal() { stop(&mut stopped, why) } else { why };
                batch.into_iter().for_each(|job| job.fail(why.clone()));
            }
        }
    }
}

/// INVARIANT (no retry after a disk error): after a failed flush the system may have dropped the
/// pages it could not write and report success the next time, so what is on the disk is unknown.
/// Only opening the database anew, from what is really there, tells.
fn stop(stopped: &mut Option<StoreError>, why: StoreError) -> StoreError {
    let why = match why {
        StoreError::Stopped { .. } => why,
        other => {
            tracing::error!(error = %other, "the store stops taking writes");
            StoreError::Stopped { why: other.to_string() }
        }
    };
    stopped.insert(why).clone()
}

/// One transaction around all commands of a batch.
fn commit(conn: &Tx, batch: &mut Vec<Box<dyn Job>>) -> Result<(), StoreError> {
    conn.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
    let result = act_on_all(conn, batch).and_then(|()| {
        // What must never be, for the fault tests to see that they see it.
        #[cfg(debug_assertions)]
        if fail::tells_early() {
            batch.drain(..).for_each(Job::answer);
            thread::sleep(fail::LEAD);
        }
        let end = conn.tail.borrow().grow(conn, &conn.ring)?;
        fail::point("inserted");
        // INVARIANT (keys first): a body whose key is not on the disk could never be read again.
        conn.ring.flush().map_err(|why| match why {
            KeyError::Full { .. } => StoreError::DiskFull,
            other => other.into(),
        })?;
        fail::point("keys-kept");
        let committed = conn.prepare_cached("COMMIT").and_then(|mut commit| commit.execute([]));
        committed.map(|_| end).map_err(while_committing)
    });
    if result.is_err() && !conn.is_autocommit() && conn.execute_batch("ROLLBACK").is_err() {
        return Err(StoreError::Disk { detail: "a transaction could not be rolled back".into() });
    }
    fail::point("committed");
    let (end, result) = match result {
        Ok(end) => (end, Ok(())),
        Err(why) => (None, Err(why)),
    };
    let grew = end.is_some();
    conn.tail.borrow_mut().settle(end);
    if grew {
        conn.reached.note(&conn.ring, conn.tail.borrow().head());
    }
    let done = conn.did.take();
    if result.is_ok() {
        conn.left.take(done.into_iter());
    }
    result
}

/// Pages in the write-ahead log from which on it is folded into the database.
const FOLD_FROM: i64 = 1000;

/// Folds the write-ahead log into the database when it has grown. SQLite would do that by itself within a
/// commit, and keep to itself that a flush failed: pages that never reached the disk would pass for kept.
fn fold(conn: &Connection) -> Result<(), StoreError> {
    let run = |sql| -> rusqlite::Result<i64> { conn.prepare_cached(sql)?.query_row([], |row| row.get(1)) };
    let folded = match run("PRAGMA wal_checkpoint(NOOP)") {
        Ok(pages) if pages < FOLD_FROM => return Ok(()),
        Ok(_) => run("PRAGMA wal_checkpoint(PASSIVE)"),
        Err(why) => Err(why),
    };
    match folded.map_err(while_committing) {
        // There is nothing wrong with the log then: it goes on growing, and is folded later.
        Ok(_) | Err(StoreError::DiskFull | StoreError::Busy) => Ok(()),
        Err(why) => Err(why),
    }
}

/// Of errors at COMMIT only a full disk and a held lock are known to have written nothing.
fn while_committing(error: rusqlite::Error) -> StoreError {
    match StoreError::from(error) {
        known @ (StoreError::DiskFull | StoreError::Busy) => known,
        other if other.is_fatal() => other,
        other => StoreError::Disk { detail: other.to_string() },
    }
}

fn act_on_all(conn: &Tx, batch: &mut [Box<dyn Job>]) -> Result<(), StoreError> {
    for job in batch {
        conn.prepare_cached("SAVEPOINT command")?.execute([])?;
        let mark = (conn.tail.borrow().mark(), conn.did.borrow().len());
        match job.act(conn) {
            Done::Keep => {}
            Done::Undo => {
                conn.prepare_cached("ROLLBACK TO command")?.execute([])?;
                conn.tail.borrow_mut().back_to(mark.0);
                conn.did.borrow_mut().truncate(mark.1);
            }
            Done::Broken(why) => return Err(why),
        }
        conn.prepare_cached("RELEASE command")?.execute([])?;
    }
    Ok(())
}

#[cfg(test)]
#[path = "writer_tests.rs"]
mod tests;
