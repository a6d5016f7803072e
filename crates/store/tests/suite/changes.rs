//! Changes of accounts in the files: nothing of them readable, and none changed or taken out without being found.

use std::fs;
use std::path::Path;

use rusqlite::Connection;
use store::{Change, LogFault, LogFile, SqliteStore, User, WaysIn as _};
use tempfile::TempDir;

use crate::fixture::*;

const WORDS: &str = "Casey Specimen's key, upper drawer";

/// A database in which somebody was added and moved, with words.
async fn filled() -> (SqliteStore, TempDir) {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("data/waymark.db");
    let store = SqliteStore::open(&path, &keys(&path)).unwrap();
    for name in ["a", "b"] {
        add(&store, user(name)).await.unwrap();
    }
    let moved = User { unit: "south".into(), ..user("a") };
    let change = Change { by: Some(user_id("b")), detail: WORDS.into(), ..told("role", &user_id("a")) };
    store.change_user(moved, vec![change]).await.unwrap();
    (store, directory)
}

fn files(folder: &Path, look: &mut dyn FnMut(&Path, &[u8])) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => files(&path, look),
            false => look(&path, &fs::read(&path).unwrap()),
        }
    }
}

#[tokio::test]
async fn which_it_was_is_given_back_and_readable_in_no_file() {
    let (store, directory) = filled().await;
    let changes = store.changes_of(&user_id("a"), None, 10).await.unwrap();
    assert_eq!(changes[0].change.detail, WORDS);
    let mut looked = 0;
    files(directory.path(), &mut |path, bytes| {
        looked += 1;
        let there = bytes.windows(WORDS.len()).any(|part| part == WORDS.as_bytes());
        assert!(!there, "{}", path.display());
    });
    assert!(looked >= 3, "database, log and keyring");
}

#[tokio::test]
async fn a_line_from_before_keeps_its_words() {
    let (store, directory) = filled().await;
    drop(store);
    let path = directory.path().join("data/waymark.db");
    Connection::open(&path)
        .unwrap()
        .execute_batch(
            "DROP TRIGGER way_in_changes_are_never_changed; UPDATE way_in_changes SET id = -id;
             UPDATE way_in_changes SET id = 9 - id;
             INSERT INTO way_in_changes (id, user, changed_by, kind, detail, at) VALUES (1, 'a', NULL, 'old', 'as it was', 5)",
        )
        .unwrap();
    let store = SqliteStore::open(&path, &keys(&path)).unwrap();
    let changes = store.changes_of(&user_id("a"), None, 9).await.unwrap();
    assert_eq!(changes.last().unwrap().change.detail, "as it was");
    drop(store);
    assert_eq!(LogFile::open(&path).unwrap().tables_fit(), Ok(()));
    // None comes after those that the log tells of, and none before the first.
    for id in [0, 99] {
        let sql = format!(
            "INSERT INTO way_in_changes (id, user, changed_by, kind, detail, at) VALUES ({id}, 'a', NULL, 'role', 'x', 5)"
        );
        Connection::open(&path).unwrap().execute_batch(&sql).unwrap();
        match LogFile::open(&path).unwrap().tables_fit() {
            Err(LogFault::Broken { detail }) => {
                assert!(detail.contains(&format!("no entry tells of its row {id}")), "{detail}")
            }
            other => panic!("{other:?}"),
        }
        change(&path, &format!("DELETE FROM way_in_changes WHERE id = {id}"));
    }
}

#[tokio::test]
async fn a_line_that_was_changed_or_taken_out_is_found() {
    for (sql, says) in [
        ("UPDATE way_in_changes SET changed_by = 'a' WHERE kind = 'role'", "entry 2 tells of"),
        ("UPDATE way_in_changes SET user = 'b' WHERE kind = 'role'", "entry 2 tells of"),
        ("UPDATE way_in_changes SET kind = 'seen' WHERE kind = 'role'", "entry 2 tells of"),
        ("UPDATE way_in_changes SET at = at + 1 WHERE kind = 'role'", "entry 2 tells of"),
        (
            "DELETE FROM way_in_changes WHERE kind = 'role'",
            "the change of an account that entry 2 tells of was taken out",
        ),
    ] {
        let (store, directory) = filled().await;
        drop(store);
        let path = directory.path().join("data/waymark.db");
        let fit = || LogFile::open(&path).unwrap().tables_fit();
        assert_eq!(fit(), Ok(()));
        let drop_triggers = "DROP TRIGGER way_in_changes_are_never_changed;
                             DROP TRIGGER way_in_changes_are_never_removed;";
        let conn = Connection::open(&path).unwrap();
        conn.execute_batch(&format!("{drop_triggers}{sql}")).unwrap();
        drop(conn);
        match fit() {
            Err(LogFault::Broken { detail }) => assert!(detail.contains(says), "{detail}"),
            other => panic!("{sql}: {other:?}"),
        }
    }
}
