//! Keeping steps for good: one event a step, answered when it is on the disk, with 1 and with 32
//! writers at the same time.
//!
//! Bare baseline: one thread with its own SQLite, the same settings, one table with the same body, and
//! everything that waits in one commit.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use rusqlite::Connection;
use store::{Append, EventId, Keys, NewEvent, Operation, SqliteStore, Store, StreamId, Subject};
use tokio::runtime::Runtime;

use crate::table::{Table, rate, share};
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
        let (ours, bare) = (middle(ours.into_iter()), middle(bare.into_iter()));
        let all = writers * steps;
        let what = format!(
            "durable steps, {writers} writer{}, {all} steps",
            if writers == 1 { "" } else { "s" }
        );
        table.row(
            &what,
            ">= 60 %",
            rate(all, ours),
            format!("bare SQLite {}", rate(all, bare)),
            share(ours, bare),
        );
    }
    Ok(())
}

async fn kept(folder: &Path, writers: usize, steps: usize) -> Result<Duration, Failed> {
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(
        folder.join("kept/waymark.db"),
        &Keys::at(folder.join("keys")),
    )?);
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
                store
                    .append(append, None)
                    .await
                    .map_err(|why| why.to_string())?;
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

/// A step to keep, and whom to tell when it is kept.
type Waiting = (usize, usize, mpsc::Sender<()>);

fn bare_sqlite(path: &Path, writers: usize, steps: usize) -> Result<Duration, Failed> {
    let conn = Connection::open(path)?;
    conn.pragma_update(None, "journal_mode", "WAL")?;
    conn.pragma_update(None, "synchronous", "FULL")?;
    conn.execute_batch("CREATE TABLE events (stream INTEGER, version INTEGER, body BLOB, PRIMARY KEY (stream, version)) STRICT")?;
    let (send, receive) = mpsc::channel::<Waiting>();
    let writer = std::thread::spawn(move || -> rusqlite::Result<()> {
        let body = vec![b'x'; BODY];
        while let Ok(first) = receive.recv() {
            let batch: Vec<Waiting> = std::iter::once(first).chain(receive.try_iter()).collect();
            conn.execute_batch("BEGIN IMMEDIATE")?;
            let mut insert = conn.prepare_cached("INSERT INTO events VALUES (?1, ?2, ?3)")?;
            for (stream, version, _) in &batch {
                insert.execute((*stream as i64, *version as i64, &body))?;
            }
            drop(insert);
            conn.execute_batch("COMMIT")?;
            for (.., done) in batch {
                // Whoever waits is there until it is told.
                let _ = done.send(());
            }
        }
        Ok(())
    });
    let start = Instant::now();
    let threads: Vec<_> = (0..writers)
        .map(|stream| {
            let send = send.clone();
            std::thread::spawn(move || {
                let (done, kept) = mpsc::channel();
                for version in 0..steps {
                    if send.send((stream, version, done.clone())).is_err() || kept.recv().is_err() {
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
