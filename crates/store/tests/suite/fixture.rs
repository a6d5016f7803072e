//! Made-up rows, and a store in a directory that goes away.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;
use ledger::VerifierKey;
use rusqlite::Connection;
use store::{
    AccessEntry, AccessKind, Append, Change, EventId, Extent, Keys, NewEvent, Operation, ProjectionRow, Session,
    SqliteStore, Store, StoreError, StreamId, Subject, TokenHash, User, UserId,
};
use tempfile::TempDir;

pub type Shared = Arc<dyn Store>;

/// An empty SQLite store, and the directory to keep until the test is over.
pub async fn sqlite() -> (Shared, TempDir) {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("data/waymark.db");
    let store = SqliteStore::open(&path, &keys(&path)).unwrap();
    (Arc::new(store), directory)
}

/// Where tests keep the keys of a database: in a folder beside it, so that they go with it.
pub fn keys(path: &Path) -> Keys {
    Keys::at(path.with_extension("keys"))
}

/// The file that says how far the log of a database has come. One of an earlier version has none.
pub fn reached(path: &Path) -> PathBuf {
    keys(path).folder().join("reached")
}

pub fn stream(name: &str) -> StreamId {
    StreamId::new(name).unwrap()
}

pub fn user_id(name: &str) -> UserId {
    UserId::new(name).unwrap()
}

/// Changes a database behind the program's back, whatever its triggers say.
pub fn change(path: &Path, sql: &str) {
    let conn = Connection::open(path).unwrap();
    let triggers: Vec<(String, String)> = {
        let mut all = conn.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").unwrap();
        all.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(Result::unwrap).collect()
    };
    for (trigger, _) in &triggers {
        conn.execute_batch(&format!("DROP TRIGGER {trigger}")).unwrap();
    }
    conn.execute_batch(&format!("PRAGMA foreign_keys = OFF; {sql}")).unwrap();
    // Whoever does this puts them back, or is found by that alone.
    for (_, made) in triggers {
        conn.execute_batch(&made).unwrap();
    }
}

/// This many seconds after a moment long past.
pub fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + seconds).unwrap()
}

/// Noting that somebody opens a report.
pub fn opening(report: &str, user: &str, purpose: &str, seconds: i64) -> AccessEntry {
    AccessEntry {
        kind: AccessKind::ReportOpened.word().into(),
        op: Operation::Consult,
        stream: Some(stream(report)),
        actor: user_id(user),
        purpose: purpose.into(),
        reason: None,
        at: at(seconds),
        repeats: true,
    }
}

/// The whole log as it is exported.
async fn exported(store: &dyn Store) -> String {
    store.ledger_export(Extent::All).await.unwrap().all().await.unwrap()
}

/// Every entry of the log as it was hashed, in order.
pub async fn leaves(store: &dyn Store) -> Vec<String> {
    let text = exported(store).await;
    let entries = text.lines().filter(|line| line.starts_with("{\"entry\":"));
    let leaf = |(index, line): (usize, &str)| {
        assert!(line.starts_with(&format!("{{\"entry\":{index},")), "{line}");
        let (_, leaf) = line.split_once("\"leaf\":").unwrap();
        leaf.strip_suffix('}').unwrap().to_owned()
    };
    entries.enumerate().map(leaf).collect()
}

/// The key that checkpoints are verified with.
pub async fn log_key(store: &dyn Store) -> VerifierKey {
    let text = exported(store).await;
    let (_, key) = text.split_once("\"key\":\"").unwrap();
    key.split('"').next().unwrap().parse().unwrap()
}

/// An event unlike any other of this process.
pub fn event(kind: &str) -> NewEvent {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    event_numbered(u128::from(std::process::id()) << 64 | u128::from(number), kind)
}

pub fn event_numbered(number: u128, kind: &str) -> NewEvent {
    NewEvent {
        event_id: EventId::from_bytes(number.to_be_bytes()),
        kind: kind.into(),
        recorded_at: at(0),
        actor: "officer-1".into(),
        subject: Subject::Report,
        operation: Operation::Collect,
        body: number.to_string().into_bytes(),
    }
}

pub fn append(name: &str, expected_version: u64, events: Vec<NewEvent>) -> Append {
    Append { stream: stream(name), expected_version, events, projection: None, findable: Vec::new() }
}

/// Appends one event to a stream at the version expected, with its worklist row.
pub fn append_row(expected_version: u64, row: ProjectionRow) -> Append {
    let events = vec![event("report-started")];
    Append { stream: row.report_id.clone(), expected_version, events, projection: Some(row), findable: Vec::new() }
}

pub fn row(name: &str) -> ProjectionRow {
    ProjectionRow {
        report_id: stream(name),
        reference: format!("WM-{name}"),
        unit: "north".into(),
        allocated_to: None,
        state: "open".into(),
        class: "undetermined".into(),
        next_due_at: None,
        awaiting_review_since: None,
        updated_at: at(0),
        derived_by: "sha256:one".into(),
        review_at: None,
        ties: store::Ties::default(),
    }
}

pub fn user(name: &str) -> User {
    User {
        id: user_id(name),
        name: format!("Officer {name}"),
        sign_in_name: format!("{name}@force.example"),
        role: "officer".into(),
        unit: "north".into(),
        password_hash: Some("$argon2id$made-up".into()),
        disabled: false,
        created_at: at(0),
    }
}

/// What is logged of an account, by nobody in particular.
pub fn told(kind: &str, whose: &UserId) -> Change {
    Change { user: whose.clone(), by: None, session: None, kind: kind.into(), detail: String::new(), at: at(0) }
}

/// What [`add`] logs.
pub const MADE: &str = "made";

/// Adds somebody.
pub async fn add(store: &dyn Store, user: User) -> Result<(), StoreError> {
    let made = told(MADE, &user.id);
    store.add_user(user, made).await
}

/// Changes somebody.
pub async fn save(store: &dyn Store, user: User) -> Result<(), StoreError> {
    let changed = told("changed", &user.id);
    store.change_user(user, vec![changed]).await
}

pub fn token(number: u8) -> TokenHash {
    TokenHash::from_bytes([number; 32])
}

pub fn session(number: u8, user: &str) -> Session {
    Session {
        token_hash: token(number),
        family: token(100 + number),
        user: user_id(user),
        means: "password".into(),
        created_at: at(i64::from(number)),
        proved_at: at(i64::from(number)),
        last_seen_at: at(i64::from(number)),
        expires_at: at(36_000),
    }
}
