//! Keeping steps for good: one event a step, answered when it is on the disk, with 1 and with 32
//! writers at the same time.
//!
//! Bare baseline: a prototype of the same and no more. One thread with its own SQLite, the same settings, each body
//! encrypted with AES-256-GCM-SIV, the leaf of the encrypted body added to a log, and everything that waits in one
//! commit. Waymark keeps beside that who did it and what it was, looks whether the stream moved meanwhile, keeps the
//! keys of each subject and signs checkpoints.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use aes_gcm_siv::aead::{Aead as _, KeyInit as _};
use aes_gcm_siv::{Aes256GcmSiv, Nonce};
use jiff::Timestamp;
use ledger::{Frontier, leaf_hash};
use rusqlite::Connection;
use store::{Append, EventId, Keys, NewEvent, Operation, SqliteStore, Store, StreamId, Subject};
use tokio::runtime::Runtime;

use crate::table::{Goal, Table, rate};
use crate::time::middle;
use crate::{Failed, Scale};

/// Steps of each writer.
const STEPS: usize = 400;
/// A usual event: a fact stated, with the advice that came of it.
const BODY: usize = 1_500;

/// Measures both in turn, so that a slow moment of the disk is shared.
pub fn measure(scale: Scale, table: &mut Table) -> Result<(), Failed> {
    let steps = (STEPS / scale.less).max(20);
    let runtime = Runtime::new()?;
    for writers in [1, 32] {
        let mut ours = Vec::new();
        let mut bare = Vec::new();
        for _ in 0..scale.runs {
            let folder = tempfile::tempdir()?;
            ours.push(runtime.block_on(kept(folder.path(), writers, steps))?);
            bare.push(bare_sqlite(&folder.path().join("bare"), writers, steps)?);
        }
        tell(table, ("", "writer", writers), writers * steps, (ours, Goal::Share(60.0)), bare);
    }
    Ok(())
}

/// A row of steps a second, by so many of those who make them. The middle of the runs counts.
pub fn tell(
    table: &mut Table,
    (through, who, many): (&str, &str, usize),
    all: usize,
    (ours, goal): (Vec<Duration>, Goal),
    bare: Vec<Duration>,
) {
    let (ours, bare) = (middle(ours.into_iter()), middle(bare.into_iter()));
    let plural = if many == 1 { "" } else { "s" };
    table.compare(
        &format!("durable steps{through}, {many} {who}{plural}, {all} steps"),
        goal,
        (ours, rate(all, ours)),
        (bare, format!("SQLite, AEAD and leaf, bare {}", rate(all, bare))),
    );
}

async fn kept(folder: &Path, writers: usize, steps: usize) -> Result<Duration, Failed> {
    let store: Arc<dyn Store> =
        Arc::new(SqliteStore::open(folder.join("kept/waymark.db"), &Keys::at(folder.join("keys")))?);
    let start = Instant::now();
    let mut tasks = Vec::new();
    for writer in 0..writers {
        let store = Arc::clone(&store);
        tasks.push(tokio::spawn(async move {
            let stream = StreamId::new(format!("R{writer}")).map_err(|why| why.to_string())?;
            for step in 0..steps {
                let event = event(writer, step);
                let append = Append {
                    stream: stream.clone(),
                    expected_version: step as u64,
                    events: vec![event],
                    projection: None,
                    findable: Vec::new(),
                };
                store.append(append, None).await.map_err(|why| why.to_string())?;
            }
            Ok::<(), String>(())
        }));
    }
    for task in tasks {
        task.await??;
    }
    Ok(start.elapsed())
}

fn event(writer: usize, step: usize) -> NewEvent {
    let mut id = [0_u8; 16];
    let number = (writer * 1_000_000 + step) as u64;
    for (place, byte) in id.iter_mut().zip(number.to_be_bytes()) {
        *place = byte;
    }
    NewEvent {
        event_id: EventId::from_bytes(id),
        kind: "fact-stated".to_owned(),
        recorded_at: Timestamp::UNIX_EPOCH,
        actor: "U1".to_owned(),
        subject: Subject::Report,
        operation: Operation::Collect,
        body: vec![b'x'; BODY],
    }
}

/// A step to keep, and how whoever waits is told that it is kept.
pub struct Waiting {
    pub stream: i64,
    pub version: i64,
    pub kept: Box<dyn FnOnce() + Send>,
}

/// The thread that writes of the prototype, and where it is given steps; it stops when nobody can give it any.
pub type Writing = (mpsc::Sender<Waiting>, std::thread::JoinHandle<Result<(), String>>);

/// Starts the prototype on a database of its own.
pub fn bare_writer(path: &Path) -> Result<Writing, Failed> {
    let conn = Connection::open(path)?;
    conn.pragma_update(None, "journal_mode", "WAL")?;
    conn.pragma_update(None, "synchronous", "FULL")?;
    conn.execute_batch(
        "CREATE TABLE events (stream INTEGER, version INTEGER, nonce BLOB, body BLOB, PRIMARY KEY (stream, version)) STRICT;
         CREATE TABLE nodes (number INTEGER PRIMARY KEY, hash BLOB) STRICT",
    )?;
    let (send, receive) = mpsc::channel::<Waiting>();
    let writer = std::thread::spawn(move || -> Result<(), String> {
        let cipher = Aes256GcmSiv::new(&[7; 32].into());
        let body = vec![b'x'; BODY];
        let (mut log, mut number, mut nodes) = (Frontier::new(), 0_u64, 0_i64);
        while let Ok(first) = receive.recv() {
            let batch: Vec<Waiting> = std::iter::once(first).chain(receive.try_iter()).collect();
            let mut keep = || -> rusqlite::Result<()> {
                conn.execute_batch("BEGIN IMMEDIATE")?;
                let mut event = conn.prepare_cached("INSERT INTO events VALUES (?1, ?2, ?3, ?4)")?;
                let mut node = conn.prepare_cached("INSERT INTO nodes VALUES (?1, ?2)")?;
                for Waiting { stream, version, .. } in &batch {
                    number += 1;
                    let mut nonce = [0; 12];
                    nonce[..8].copy_from_slice(&number.to_be_bytes());
                    let sealed = cipher.encrypt(&Nonce::from(nonce), body.as_slice()).unwrap_or_default();
                    event.execute((stream, version, nonce.as_slice(), &sealed))?;
                    for made in log.append(leaf_hash(&sealed)) {
                        nodes += 1;
                        node.execute((nodes, made.hash.as_bytes().as_slice()))?;
                    }
                }
                drop((event, node));
                conn.execute_batch("COMMIT")
            };
            keep().map_err(|why| why.to_string())?;
            batch.into_iter().for_each(|waiting| (waiting.kept)());
        }
        Ok(())
    });
    Ok((send, writer))
}

/// The prototype: how long it takes for all steps of all writers.
pub fn bare_sqlite(path: &Path, writers: usize, steps: usize) -> Result<Duration, Failed> {
    let (send, writer) = bare_writer(path)?;
    let start = Instant::now();
    let threads: Vec<_> = (0..writers as i64)
        .map(|stream| {
            let send = send.clone();
            std::thread::spawn(move || {
                let (done, is_kept) = mpsc::channel();
                for version in 0..steps as i64 {
                    let done = done.clone();
                    // Whoever waits is there until it is told.
                    let kept = Box::new(move || _ = done.send(()));
                    if send.send(Waiting { stream, version, kept }).is_err() || is_kept.recv().is_err() {
                        return false;
                    }
                }
                true
            })
        })
        .collect();
    drop(send);
    for thread in threads {
        if !thread.join().unwrap_or(false) {
            return Err("bare SQLite stopped".into());
        }
    }
    let took = start.elapsed();
    writer.join().map_err(|_| "bare SQLite stopped")??;
    Ok(took)
}
