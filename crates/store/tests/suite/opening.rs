//! Opening: what is refused, in which words, and that a refused file is left as it was.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use rusqlite::Connection;
use store::{OpenError, Record as _, SqliteStore, StoreError};
use tempfile::TempDir;

use crate::fixture::*;

/// A private directory, and the path of a database that is not there yet.
fn place() -> (TempDir, PathBuf) {
    let directory = TempDir::new().unwrap();
    allow(directory.path(), 0o700);
    let path = directory.path().join("waymark.db");
    (directory, path)
}

fn allow(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn written(path: &Path, bytes: &[u8]) {
    fs::write(path, bytes).unwrap();
    allow(path, 0o600);
}

#[track_caller]
fn refused(path: &Path) -> OpenError {
    let error = SqliteStore::open(path, &keys(path)).err().expect("it was opened");
    check_words(&error);
    error
}

/// Whoever reads it learns where it is, what was wrong and what to do.
fn check_words(error: &OpenError) {
    let (what, help) = (error.to_string(), error.help());
    assert!(!help.is_empty() && !what.ends_with('.') && !what.contains("Error"), "{what}: {help}");
}

#[tokio::test]
async fn what_is_created_is_private() {
    let (_keep, path) = place();
    let path = path.with_file_name("made").join("deep").join("waymark.db");
    let store = SqliteStore::open(&path, &keys(&path)).unwrap();
    store.next_reference(2026).await.unwrap();
    assert_eq!(mode(path.parent().unwrap()), 0o700);
    assert_eq!(mode(path.parent().unwrap().parent().unwrap()), 0o700);
    for suffix in ["", "-wal", "-shm", ".lock"] {
        let file = PathBuf::from(format!("{}{suffix}", path.display()));
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
}

#[test]
fn files_and_directories_open_to_others_are_refused() {
    let (directory, path) = place();
    drop(SqliteStore::open(&path, &keys(&path)).unwrap());
    for bits in [0o644, 0o660, 0o604, 0o601] {
        allow(&path, bits);
        let error = refused(&path);
        assert_eq!(error, OpenError::TooOpen { path: path.clone(), mode: bits, wanted: 0o600 });
        assert!(error.help().contains(&format!("chmod 600 {}", path.display())));
        assert_eq!(SqliteStore::open_for_reading(&path, &keys(&path)).err(), Some(error));
    }
    allow(&path, 0o600);
    for bits in [0o755, 0o770, 0o701] {
        allow(directory.path(), bits);
        let expected = OpenError::TooOpen { path: directory.path().into(), mode: bits, wanted: 0o700 };
        assert_eq!(refused(&path), expected);
    }
    allow(directory.path(), 0o700);
    assert!(SqliteStore::open(&path, &keys(&path)).is_ok());
}

#[test]
fn what_is_not_a_database_of_ours_is_refused_unchanged() {
    let (_keep, path) = place();
    let not_a_database = OpenError::NotADatabase { path: path.clone() };
    let prose = "Dear colleague, this is a letter and no database. ".repeat(100);
    let (_other, sound) = sound_database();
    let mut torn = fs::read(sound).unwrap();
    torn[..100].fill(0xAA);
    for bytes in [prose.as_bytes(), torn.as_slice()] {
        written(&path, bytes);
        assert_eq!(refused(&path), not_a_database);
        assert_eq!(fs::read(&path).unwrap(), bytes);
    }

    for sql in ["CREATE TABLE recipes (name TEXT)", "PRAGMA application_id = 7", "PRAGMA user_version = 2"] {
        fs::remove_file(&path).unwrap();
        Connection::open(&path).unwrap().execute_batch(sql).unwrap();
        allow(&path, 0o600);
        let before = fs::read(&path).unwrap();
        assert_eq!(refused(&path), OpenError::NotOurs { path: path.clone() }, "{sql}");
        assert_eq!(fs::read(&path).unwrap(), before, "{sql}");
    }
}

/// A closed database of ours.
fn sound_database() -> (TempDir, PathBuf) {
    let (keep, path) = place();
    drop(SqliteStore::open(&path, &keys(&path)).unwrap());
    (keep, path)
}

fn set_layout(path: &Path, layout: u32) {
    Connection::open(path).unwrap().pragma_update(None, "user_version", layout).unwrap();
}

#[test]
fn other_layouts_are_refused() {
    let (_keep, path) = sound_database();
    let known = Connection::open(&path).unwrap().pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    set_layout(&path, known + 1);
    let newer = OpenError::NewerSchema { path: path.clone(), found: known + 1, known };
    let before = fs::read(&path).unwrap();
    assert_eq!(refused(&path), newer);
    assert_eq!(SqliteStore::open_for_reading(&path, &keys(&path)).err(), Some(newer));
    assert_eq!(fs::read(&path).unwrap(), before);

    set_layout(&path, known - 1);
    let older = OpenError::OlderSchema { path: path.clone(), found: known - 1, known };
    assert_eq!(SqliteStore::open_for_reading(&path, &keys(&path)).err(), Some(older));
    // The step to the newest layout finds its tables there already and fails whole.
    assert!(matches!(refused(&path), OpenError::Migration { to, .. } if to == known));
}

#[test]
fn a_read_only_file_and_a_path_that_cannot_be_are_refused() {
    let (_keep, path) = sound_database();
    allow(&path, 0o400);
    assert_eq!(refused(&path), OpenError::ReadOnly { path: path.clone() });
    allow(&path, 0o600);

    assert!(matches!(refused(path.parent().unwrap()), OpenError::TooOpen { .. } | OpenError::Other { .. }));
    let below_a_file = path.join("data").join("waymark.db");
    assert!(matches!(refused(&below_a_file), OpenError::Other { .. }));
    let missing = path.with_file_name("missing.db");
    let error = SqliteStore::open_for_reading(&missing, &keys(&missing)).err();
    assert_eq!(error, Some(OpenError::Missing { path: missing.clone() }));
    assert!(!missing.exists());
}

/// Set for the child that tries to open a database its parent has open.
const OPENS: &str = "WAYMARK_TEST_OPENS";

#[test]
fn child_opens() {
    let Ok(path) = std::env::var(OPENS) else {
        return;
    };
    let said = match SqliteStore::open(&path, &keys(Path::new(&path))) {
        Ok(_) => "opened".to_owned(),
        Err(error) => error.to_string(),
    };
    println!("said {said}");
}

fn another_process_opening(path: &Path) -> String {
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "opening::child_opens", "--nocapture"]).env(OPENS, path);
    let output = String::from_utf8(child.output().unwrap().stdout).unwrap();
    let said = output.lines().find_map(|line| line.split_once("said ")).map(|(_, said)| said.to_owned());
    said.unwrap_or_else(|| panic!("{output}"))
}

#[tokio::test]
async fn one_process_writes_and_any_may_read() {
    let (_keep, path) = place();
    let store = SqliteStore::open(&path, &keys(&path)).unwrap();
    let owner = format!("is in use by another Waymark (process {})", std::process::id());
    assert!(another_process_opening(&path).ends_with(&owner));
    assert!(matches!(refused(&path), OpenError::InUse { .. }));

    store.append(append("r", 0, vec![event("a")]), None).await.unwrap();
    let beside = SqliteStore::open_for_reading(&path, &keys(&path)).unwrap();
    assert_eq!(beside.load(&stream("r"), 0).await.unwrap().len(), 1);
    store.append(append("r", 1, vec![event("b")]), None).await.unwrap();
    assert_eq!(beside.load(&stream("r"), 0).await.unwrap().len(), 2);
    let refused = beside.append(append("r", 2, vec![event("c")]), None).await;
    assert_eq!(refused, Err(StoreError::ReadOnly.into()));
    assert_eq!(beside.verify().await, store.verify().await);

    drop(store);
    assert_eq!(another_process_opening(&path), "opened");
    assert!(SqliteStore::open(&path, &keys(&path)).is_ok());
}

#[tokio::test]
async fn everything_is_there_after_closing_and_opening() {
    let (_keep, path) = place();
    for version in 0..3 {
        let store = SqliteStore::open(&path, &keys(&path)).unwrap();
        store.append(append("r", version, vec![event("a")]), None).await.unwrap();
    }
    let store = SqliteStore::open(&path, &keys(&path)).unwrap();
    assert_eq!(store.load(&stream("r"), 0).await.unwrap().len(), 3);
    // Closing folds the log into the database: one file holds it all.
    drop(store);
    assert!(!path.with_file_name("waymark.db-wal").exists());
    let journal: String =
        Connection::open(&path).unwrap().pragma_query_value(None, "journal_mode", |row| row.get(0)).unwrap();
    assert_eq!(journal, "wal");
}

#[tokio::test]
async fn what_was_tampered_with_is_found() {
    for (sql, found) in [
        ("DELETE FROM events WHERE version = 2", "1 reports have gaps in their events"),
        ("UPDATE streams SET version = 9", "1 reports have gaps in their events"),
        ("UPDATE projections SET report = 'gone'", "1 rows refer to something that is not there"),
        ("UPDATE events SET codec = 99 WHERE version = 2", ""),
    ] {
        let (_keep, path) = place();
        let store = SqliteStore::open(&path, &keys(&path)).unwrap();
        store.append(append_row(0, row("r")), None).await.unwrap();
        store.append(append("r", 1, vec![event("b"), event("c")]), None).await.unwrap();
        assert_eq!(store.verify().await.map(|sound| (sound.streams, sound.events)), Ok((1, 3)));
        drop(store);

        let conn = Connection::open(&path).unwrap();
        let foreign_keys_off = "PRAGMA foreign_keys = OFF;";
        if sql.contains("events") {
            let refused = conn.execute_batch(sql).unwrap_err().to_string();
            assert!(refused.contains("events are never"), "{refused}");
            conn.execute_batch("DROP TRIGGER events_are_never_changed; DROP TRIGGER events_are_never_removed").unwrap();
        }
        conn.execute_batch(&format!("{foreign_keys_off} {sql}")).unwrap();
        drop(conn);

        let store = SqliteStore::open(&path, &keys(&path)).unwrap();
        if found.is_empty() {
            // A body in a form of a later version is named as such, not handed out as if plain.
            assert_eq!(store.load(&stream("r"), 0).await, Err(StoreError::Unreadable { what: "event" }));
        } else {
            assert_eq!(store.verify().await, Err(StoreError::Damaged { detail: found.into() }), "{sql}");
        }
    }
}
