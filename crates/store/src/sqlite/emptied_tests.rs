//! An erasure while another program reads: it stands, says what is not done yet, and that is done later.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rusqlite::Connection;
use tempfile::TempDir;

use super::DUE;
use crate::{
    Append, Erase, EventId, Keys, Log as _, NewEvent, Operation, ProjectionRow, Record as _, SqliteStore, Store as _,
    StoreError, StreamId, Subject, Ties,
};

/// Stands in the row of the report, and nowhere else.
const UNIT: &str = "a-unit-like-no-other";

fn at() -> Timestamp {
    Timestamp::from_second(1_700_000_000).unwrap()
}

fn stream(name: &str) -> StreamId {
    StreamId::new(name).unwrap()
}

async fn begin(store: &SqliteStore, name: &str, number: u8) {
    let event = NewEvent {
        event_id: EventId::from_bytes([number; 16]),
        kind: "started".into(),
        recorded_at: at(),
        actor: "a".into(),
        subject: Subject::Report,
        operation: Operation::Collect,
        body: b"words".to_vec(),
    };
    let row = ProjectionRow {
        report_id: stream(name),
        reference: name.into(),
        unit: if name == "r" { UNIT } else { "other" }.into(),
        allocated_to: None,
        state: "open".into(),
        class: "undetermined".into(),
        next_due_at: None,
        awaiting_review_since: None,
        updated_at: at(),
        derived_by: "sha256:one".into(),
        review_at: None,
        ties: Ties::default(),
    };
    let append = Append {
        stream: stream(name),
        expected_version: 0,
        events: vec![event],
        projection: Some(row),
        findable: Vec::new(),
    };
    store.append(append, None).await.unwrap();
}

fn erase() -> Erase {
    erase_of("r")
}

fn erase_of(name: &str) -> Erase {
    Erase {
        stream: stream(name),
        subject: None,
        actor: "a".parse().unwrap(),
        reason: "The time is over".into(),
        at: at(),
    }
}

/// Another program that reads, from now on.
fn reader(path: &Path) -> Connection {
    let conn = Connection::open(path).unwrap();
    conn.execute_batch("BEGIN").unwrap();
    let count = "SELECT count(*) FROM projections";
    conn.query_row(count, [], |row| row.get::<_, i64>(0)).unwrap();
    conn
}

/// How often the words of the row stand in the write-ahead log.
fn in_the_log(path: &Path) -> usize {
    let log = fs::read(format!("{}-wal", path.display())).unwrap_or_default();
    log.windows(UNIT.len()).filter(|bytes| *bytes == UNIT.as_bytes()).count()
}

fn is_due(path: &Path) -> bool {
    let conn = Connection::open(path).unwrap();
    let sql = "SELECT count(*) FROM settings WHERE key = ?1";
    conn.query_row(sql, [DUE], |row| row.get::<_, i64>(0)).unwrap() > 0
}

async fn with_a_report() -> (TempDir, PathBuf, Keys, SqliteStore) {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("data/waymark.db");
    let keys = Keys::at(directory.path().join("keys"));
    let store = SqliteStore::open(&path, &keys).unwrap();
    begin(&store, "r", 1).await;
    (directory, path, keys, store)
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_reader_the_log_is_empty_at_once() {
    let (_directory, path, _, store) = with_a_report().await;
    assert!(in_the_log(&path) > 0);
    store.erase(erase()).await.unwrap();
    assert_eq!((in_the_log(&path), is_due(&path)), (0, false));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_is_told_of_and_the_next_step_after_it_empties_the_log() {
    let (_directory, path, _, store) = with_a_report().await;
    let reading = reader(&path);
    assert_eq!(store.erase(erase()).await, Err(StoreError::NotEmptied));
    // The erasure stands all the same.
    let words = store.load(&stream("r"), 1).await.unwrap();
    assert!(words.iter().all(|event| event.erased.is_some()));
    assert!(store.erasures("r").await.unwrap()[0].is_done);
    assert!(in_the_log(&path) > 0 && is_due(&path));
    // A step while somebody still reads is kept, and does not wait.
    begin(&store, "s", 2).await;
    assert!(in_the_log(&path) > 0 && is_due(&path));
    drop(reading);
    begin(&store, "t", 3).await;
    // The step is answered first: one more has waited for what came after it.
    store.set_setting("any", "thing").await.unwrap();
    assert_eq!((in_the_log(&path), is_due(&path)), (0, false));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_due_is_done_at_the_next_opening() {
    let (_directory, path, keys, store) = with_a_report().await;
    let reading = reader(&path);
    assert_eq!(store.erase(erase()).await, Err(StoreError::NotEmptied));
    drop(store);
    // One that still reads does not keep the store from opening.
    let store = SqliteStore::open(&path, &keys).unwrap();
    assert!(in_the_log(&path) > 0 && is_due(&path));
    drop(store);
    let other = Connection::open(&path).unwrap();
    drop(reading);
    let store = SqliteStore::open(&path, &keys).unwrap();
    assert_eq!((in_the_log(&path), is_due(&path)), (0, false));
    drop((store, other));
}

/// Between the emptying for one erasure and the note that it was done, another erasure finishes: what is due for that one is
/// not taken back with it, or a power cut would leave its pages in the log for good.
#[tokio::test(flavor = "multi_thread")]
async fn emptied_for_one_erasure_is_not_emptied_for_the_next() {
    let (_directory, path, _, store) = with_a_report().await;
    begin(&store, "s", 2).await;
    let reading = reader(&path);
    assert_eq!(store.erase(erase()).await, Err(StoreError::NotEmptied));
    drop(reading);
    let emptied = super::beside_the_writer(&path).unwrap();
    let reading = reader(&path);
    let second = store.erase(erase_of("s")).await;
    assert_eq!(second, Err(StoreError::NotEmptied));
    let noted = store.write::<_, StoreError, _>(Ok(()), move |tx| super::is_done(tx, &emptied));
    noted.await.unwrap();
    assert!(is_due(&path), "for the second one");
    drop(reading);
    for value in ["one", "more"] {
        store.set_setting("any", value).await.unwrap();
    }
    assert_eq!((in_the_log(&path), is_due(&path)), (0, false));
}
