//! Erasing while the program may end at any step: afterwards everything is there, or nothing of it.
//!
//! A child process (this test program again) erases a report with `WAYMARK_FAIL_AT` naming the step at
//! which it ends. The parent opens what is left, and then puts old copies of the files in place.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use store::{Append, Erase, Log as _, NewEvent, SqliteStore, Store, Subject};
use tempfile::TempDir;

use crate::fixture::*;

const DATABASE: &str = "WAYMARK_TEST_ERASE";
const WHAT: &str = "WAYMARK_TEST_ERASE_WHAT";

/// Every step of an erasure at which a program can end, and whether the report is gone afterwards.
const STEPS: &[(&str, bool)] = &[
    ("inserted", false),
    ("keys-kept", false),
    ("committed", true),
    ("erasure-meant", true),
    ("keyring-written", true),
    ("keyring-replaced", true),
    ("erasure-keys-destroyed", true),
    ("inserted:2", true),
    ("committed:2", true),
    ("erasure-finished", true),
    ("erasure-log-emptied", true),
];

/// What is erased.
#[derive(Debug, Clone, Copy)]
enum What {
    Report,
    Person,
}

impl What {
    const BOTH: [Self; 2] = [Self::Report, Self::Person];

    /// What is left of the report afterwards: words, index rows, list row, keys.
    const fn leaves(self) -> [usize; 4] {
        match self {
            Self::Report => [0, 0, 0, 0],
            // The first event is about nobody.
            Self::Person => [1, 0, 1, 1],
        }
    }

    fn erase(self) -> Erase {
        let person = || Subject::Person("A".parse().unwrap());
        Erase {
            subject: matches!(self, Self::Person).then(person),
            ..erase()
        }
    }
}

fn erase() -> Erase {
    Erase {
        stream: stream("r"),
        subject: None,
        actor: user_id("a"),
        reason: "The time is over".into(),
        at: at(50),
    }
}

async fn filled(path: &Path) {
    let store = SqliteStore::open(path, &keys(path)).unwrap();
    for name in ["r", "other"] {
        let known = NewEvent {
            subject: Subject::Person("A".parse().unwrap()),
            ..event("identity-stated")
        };
        let append = Append {
            projection: Some(row(name)),
            findable: vec![store::Findable {
                subject: Subject::Person("A".parse().unwrap()),
                terms: vec!["same".into()],
            }],
            ..append(name, 0, vec![event("started"), known])
        };
        store.append(append, Some(name.into())).await.unwrap();
    }
}

#[test]
fn child_erases() {
    let Ok(path) = std::env::var(DATABASE) else {
        return;
    };
    let path = PathBuf::from(path);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .build()
        .unwrap();
    runtime.block_on(async {
        let store = SqliteStore::open(&path, &keys(&path)).unwrap();
        let named = std::env::var(WHAT).unwrap();
        let what = What::BOTH
            .into_iter()
            .find(|what| format!("{what:?}") == named);
        store.erase(what.unwrap().erase()).await.unwrap();
    });
}

fn run_child(path: &Path, what: What, at: &str) -> bool {
    let status = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "erasing::child_erases", "--nocapture"])
        .env(DATABASE, path)
        .env(WHAT, format!("{what:?}"))
        .env("WAYMARK_FAIL_AT", at)
        .output()
        .unwrap()
        .status;
    status.success()
}

/// How much of the report is left: words, index rows, list row, keys.
async fn left(store: &SqliteStore, path: &Path) -> [usize; 4] {
    let words = store
        .load(&stream("r"), 0)
        .await
        .unwrap()
        .iter()
        .filter(|event| event.erased.is_none())
        .count();
    let outside = rusqlite::Connection::open(path).unwrap();
    let count = "SELECT count(*) FROM blind_index WHERE stream = 'r'";
    let index: i64 = outside.query_row(count, [], |row| row.get(0)).unwrap();
    let rows = store.projection(&stream("r")).await.unwrap();
    let ring = fs::read_to_string(keys(path).ring()).unwrap();
    [
        words,
        usize::try_from(index).unwrap(),
        rows.iter().count(),
        ring.matches(" r/").count(),
    ]
}

#[test]
fn whatever_step_an_erasure_is_cut_off_at_it_is_whole_or_gone() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .build()
        .unwrap();
    let each = What::BOTH
        .into_iter()
        .flat_map(|what| STEPS.iter().map(move |(step, gone)| (what, *step, *gone)));
    for (what, step, gone) in each {
        let case = format!("{what:?} cut off at {step}");
        let directory = TempDir::new().unwrap();
        let path = directory.path().join("data/waymark.db");
        runtime.block_on(filled(&path));
        assert!(!run_child(&path, what, step), "not ended: {case}");
        runtime.block_on(async {
            let store = SqliteStore::open(&path, &keys(&path)).unwrap();
            let expected = if gone { what.leaves() } else { [2, 1, 1, 2] };
            assert_eq!(left(&store, &path).await, expected, "{case}");
            let erasures = store.erasures("r").await.unwrap();
            assert_eq!(
                erasures.iter().filter(|erased| erased.is_done).count(),
                usize::from(gone),
                "{case}"
            );
            assert_eq!(erasures.len(), usize::from(gone), "{case}");
            // The neighbour is untouched, and the log holds.
            assert_eq!(
                store
                    .load(&stream("other"), 0)
                    .await
                    .unwrap()
                    .iter()
                    .filter(|e| e.erased.is_none())
                    .count(),
                2
            );
            let entries = store.verify().await.unwrap().entries;
            assert_eq!(entries, if gone { 6 } else { 4 }, "{case}");
            let again = store.erase(what.erase()).await;
            // Somebody may be named anew, and erased again.
            let refused = gone && matches!(what, What::Report);
            assert_eq!(again.is_err(), refused, "{case}");
        });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_keyring_that_was_put_back_brings_nothing_back() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("data/waymark.db");
    filled(&path).await;
    let old = fs::read(keys(&path).ring()).unwrap();
    let store = SqliteStore::open(&path, &keys(&path)).unwrap();
    store.erase(erase()).await.unwrap();
    drop(store);
    fs::write(keys(&path).ring(), old).unwrap();
    let store = SqliteStore::open(&path, &keys(&path)).unwrap();
    assert_eq!(left(&store, &path).await, [0, 0, 0, 0]);
}

/// Index and list rows are overwritten, not only unlinked: their bytes are in no file of the database.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_derived_is_overwritten() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("data/waymark.db");
    filled(&path).await;
    let reference = row("r").reference;
    let count = |folder: &Path| {
        let paths = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path());
        let files = paths
            .filter(|path| path.is_file())
            .map(|path| fs::read(path).unwrap());
        let pages: Vec<u8> = files.flatten().collect();
        pages
            .windows(reference.len())
            .filter(|bytes| *bytes == reference.as_bytes())
            .count()
    };
    let store = SqliteStore::open(&path, &keys(&path)).unwrap();
    assert!(count(path.parent().unwrap()) >= 2, "list row and its index");
    store.erase(erase()).await.unwrap();
    // What is left is the reference in the table of erasures and its index.
    assert_eq!(count(path.parent().unwrap()), 2);
    drop(store);
    assert_eq!(count(path.parent().unwrap()), 2);
}
