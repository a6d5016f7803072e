//! The file that says how far the log had come: entries that are cut off while the program is stopped, with all that was signed, are
//! missing then.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use store::{LogFault, OpenError, Record as _, SqliteStore, StoreError};
use tempfile::TempDir;

use crate::fixture::*;

const DATABASE: &str = "WAYMARK_TEST_REACHED";
async fn steps(path: &Path, from: u64, until: u64) -> SqliteStore {
    let store = SqliteStore::open(path, &keys(path)).unwrap();
    for version in from..until {
        store.append(append("r", version, vec![event("step")]), None).await.unwrap();
    }
    store
}

async fn seven() -> (TempDir, PathBuf) {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("data/waymark.db");
    drop(steps(&path, 0, 7).await);
    (directory, path)
}

/// Somebody who wants the last of seven steps gone: an older copy of the whole database, in which a key vouches for everything, is
/// put in the place of the newest.
async fn an_older_copy_put_back() -> (TempDir, PathBuf) {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("data/waymark.db");
    drop(steps(&path, 0, 6).await);
    let older = fs::read(&path).unwrap();
    drop(steps(&path, 6, 7).await);
    fs::write(&path, older).unwrap();
    (directory, path)
}

#[track_caller]
fn fault(path: &Path) -> LogFault {
    match SqliteStore::open(path, &keys(path)).err() {
        Some(OpenError::Log(fault)) => fault,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn an_end_that_is_cut_off_is_found_though_nothing_of_it_was_signed() {
    let (_directory, path) = an_older_copy_put_back().await;
    let cut = LogFault::Cut { found: 6, reached: 7, file: reached(&path).display().to_string() };
    assert_eq!(fault(&path), cut);
    // Refused, it is as it was: the next start finds it too.
    assert_eq!(fault(&path), cut);
    assert!(
        cut.to_string().contains("had 7 when the program last wrote to it")
            && cut.help().contains("move the file aside")
    );
    // Who only reads is told by a check.
    let reading = SqliteStore::open_for_reading(&path, &keys(&path)).unwrap();
    assert_eq!(reading.reached_holds().await, Err(StoreError::Log(cut)));
    // On purpose: what is moved aside is begun anew.
    fs::rename(reached(&path), path.with_file_name("kept")).unwrap();
    let store = steps(&path, 6, 7).await;
    assert_eq!(store.reached_holds().await, Ok(Some(7)));
}

/// The log of an older copy, with other entries at its end: the program itself would have to have written them.
#[tokio::test]
async fn an_end_that_is_cut_off_and_replaced_is_found() {
    let (_directory, path) = an_older_copy_put_back().await;
    let kept = fs::read(reached(&path)).unwrap();
    fs::remove_file(reached(&path)).unwrap();
    drop(steps(&path, 6, 9).await);
    fs::write(reached(&path), kept).unwrap();
    assert_eq!(fault(&path), LogFault::Other { size: 7, file: reached(&path).display().to_string() });
}

#[test]
fn child_works_until_it_is_ended() {
    let Ok(path) = std::env::var(DATABASE) else {
        return;
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    let _store = runtime.block_on(steps(Path::new(&path), 6, 7));
    println!("kept");
    std::process::abort();
}

/// No signed head, no clean end: what somebody was told is kept is spoken of all the same.
#[test]
fn all_that_was_acknowledged_before_a_crash_is_spoken_of() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("data/waymark.db");
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    drop(runtime.block_on(steps(&path, 0, 6)));
    let older = fs::read(&path).unwrap();
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "reached::child_works_until_it_is_ended", "--nocapture"])
        .env(DATABASE, &path)
        .output()
        .unwrap();
    assert!(!child.status.success() && String::from_utf8_lossy(&child.stdout).contains("kept"), "{child:?}");
    for beside in ["-wal", "-shm"] {
        fs::remove_file(path.with_file_name(format!("waymark.db{beside}"))).unwrap();
    }
    fs::write(&path, older).unwrap();
    assert!(matches!(fault(&path), LogFault::Cut { found: 6, reached: 7, .. }));
}

/// What is left of it after a power cut, and an older one: neither keeps anybody from their work.
#[tokio::test]
async fn what_says_nothing_or_less_refuses_nothing_and_is_written_anew() {
    let (_directory, path) = seven().await;
    let whole = fs::read_to_string(reached(&path)).unwrap();
    let store = steps(&path, 7, 8).await;
    drop(store);
    let later = fs::read_to_string(reached(&path)).unwrap();
    assert_ne!(whole, later);
    let forged = later.replace("0000000008", "0000000099");
    for left in ["", "waymark", later.get(..100).unwrap(), &forged, &whole, &"x".repeat(5000)] {
        fs::write(reached(&path), left).unwrap();
        drop(SqliteStore::open(&path, &keys(&path)).unwrap());
        assert_eq!(fs::read_to_string(reached(&path)).unwrap(), later, "{left}");
    }
}

/// A look that nobody had, as entry 7 of a log of seven, with every hash that it completes.
fn added(path: &Path) -> String {
    let leaf =
        r#"{"actor":"u1","at":1,"kind":"report-opened","op":"consult","purpose":"Emergency","stream":"r","v":1}"#;
    let conn = rusqlite::Connection::open(path).unwrap();
    let sql = "SELECT hash FROM ledger_nodes WHERE level = ?1 AND idx = ?2";
    let kept = |place: (u8, u8)| conn.query_row(sql, place, |row| row.get::<_, [u8; 32]>(0)).unwrap();
    let mut node = ledger::leaf_hash(leaf.as_bytes());
    let mut added = format!(
        "INSERT INTO ledger_entries (leaf_index, leaf) VALUES (7, '{leaf}');
         INSERT INTO accesses (leaf_index, kind, op, report, user, purpose, first_at, last_at, count)
         VALUES (7, 'report-opened', 'consult', 'r', 'u1', 'Emergency', 1, 1, 1);"
    );
    for (level, left) in (0..).zip([None, Some((0, 6)), Some((1, 2)), Some((2, 0))]) {
        node = left.map_or(node, |left| ledger::node_hash(&ledger::Hash::new(kept(left)), &node));
        let hash: String = node.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        added.push_str(&format!("INSERT INTO ledger_nodes VALUES ({level}, {}, x'{hash}');", 7 >> level));
    }
    added
}

/// An entry more, with its hashes, or one less, by somebody who has no key: found whatever was signed.
#[tokio::test]
async fn nobody_without_the_keyring_adds_to_the_log_or_takes_its_end_away() {
    let cut = "DELETE FROM events WHERE version > 6; DELETE FROM ledger_entries WHERE leaf_index > 5;
        DELETE FROM ledger_nodes WHERE (idx + 1) << level > 6; UPDATE streams SET version = 6;";
    for (sql, size, says) in [
        ("add".to_owned(), 8, 7),
        (cut.to_owned(), 6, 7),
        ("UPDATE ledger_head SET seal = zeroblob(32)".to_owned(), 7, 7),
        // As a database of an earlier version has it; its keyring says that it is none.
        ("DELETE FROM ledger_head".to_owned(), 7, 0),
    ] {
        for signed in [false, true] {
            let (_directory, path) = seven().await;
            if signed {
                store::Log::checkpoint(&SqliteStore::open(&path, &keys(&path)).unwrap(), at(9)).await.unwrap();
            }
            let sql = if sql == "add" { added(&path) } else { sql.clone() };
            change(&path, &sql);
            let reading = SqliteStore::open_for_reading(&path, &keys(&path));
            let (verified, reached) = match &reading {
                Ok(reading) => (reading.verify().await.map(drop), reading.reached_holds().await.map(drop)),
                // What was signed is missing.
                Err(OpenError::Log(LogFault::Behind { found: 6, signed: 7 })) if signed => continue,
                Err(other) => panic!("{sql}: {other}"),
            };
            let fault = LogFault::Unvouched { size, said: says };
            assert_eq!(verified.and(reached), Err(StoreError::Log(fault.clone())), "{sql}");
            assert_eq!(self::fault(&path), fault, "{sql}");
        }
    }
    // What was signed of it is vouched for as well.
    for sql in ["DELETE FROM checkpoints", "UPDATE checkpoints SET at = at + 1"] {
        let (_directory, path) = seven().await;
        store::Log::checkpoint(&SqliteStore::open(&path, &keys(&path)).unwrap(), at(9)).await.unwrap();
        change(&path, sql);
        assert!(matches!(fault(&path), LogFault::Broken { .. }), "{sql}");
    }
}

/// What was written into the file elsewhere is there, or the program does not start.
#[tokio::test]
async fn a_file_elsewhere_that_was_removed_or_emptied_is_missed() {
    let (_directory, path) = seven().await;
    let elsewhere = path.with_file_name("elsewhere");
    let with_file = |name: &str| keys(&path).with_checkpoints(path.with_file_name(name));
    let open = |name: &str| SqliteStore::open(&path, &with_file(name));
    for size in [7, 8] {
        let store = open("elsewhere").unwrap();
        store::Log::checkpoint(&store, at(size)).await.unwrap();
        store.append(append("r", u64::try_from(size).unwrap(), vec![event("step")]), None).await.unwrap();
    }
    let text = fs::read_to_string(&elsewhere).unwrap();
    let (first, _) = text.rsplit_once("\n----\n").unwrap();
    for (left, reaches) in [(None, 0), (Some(""), 0), (Some("\n--"), 0), (Some(first), 7)] {
        match left {
            Some(left) => fs::write(&elsewhere, left).unwrap(),
            None => fs::remove_file(&elsewhere).unwrap(),
        }
        let missed = LogFault::Elsewhere { file: elsewhere.display().to_string(), written: 8, reaches };
        assert_eq!(open("elsewhere").err(), Some(OpenError::Log(missed.clone())), "{left:?}");
        assert_eq!(elsewhere.exists(), left.is_some(), "nothing is begun anew: {left:?}");
        let reading = SqliteStore::open_for_reading(&path, &keys(&path)).unwrap();
        assert_eq!(reading.elsewhere_holds(&elsewhere).await, Err(StoreError::Log(missed)), "{left:?}");
    }
    // A file of another name is begun on purpose; and the whole one is good again.
    drop(open("another").unwrap());
    fs::write(&elsewhere, text).unwrap();
    drop(open("elsewhere").unwrap());
}

/// A trigger that is gone protects nothing, and one that is foreign writes what it likes.
#[tokio::test]
async fn what_the_database_is_made_of_is_held_against_what_it_should_be() {
    for (sql, says) in [
        ("DROP TRIGGER events_are_never_changed", "the trigger events_are_never_changed is gone"),
        ("DROP INDEX sessions_expiry", "the index sessions_expiry is gone"),
        (
            "CREATE TRIGGER mine AFTER INSERT ON sessions BEGIN UPDATE users SET role = 'supervisor'; END",
            "the trigger mine is not one of ours",
        ),
        ("CREATE TABLE mine (a)", "the table mine is not one of ours"),
    ] {
        let (_directory, path) = seven().await;
        rusqlite::Connection::open(&path).unwrap().execute_batch(sql).unwrap();
        let store = SqliteStore::open(&path, &keys(&path)).unwrap();
        let layout = LogFault::Layout { detail: says.into() };
        assert_eq!(store.verify().await, Err(StoreError::Log(layout)), "{sql}");
    }
}
