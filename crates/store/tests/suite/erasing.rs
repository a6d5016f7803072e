//! Erasing while the program may end at any step: afterwards everything is there, or nothing of it.
//!
//! A child process (this test program again) erases a report with `WAYMARK_FAIL_AT` naming the step at
//! which it ends. The parent opens what is left, and then puts old copies of the files in place.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use store::{Append, Erase, KeyError, Log as _, NewEvent, Record as _, SqliteStore, Store as _, StoreError, Subject};
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
    ("inserted:3", true),
    ("committed:3", true),
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
        Erase { subject: matches!(self, Self::Person).then(person), ..erase() }
    }
}

fn erase() -> Erase {
    Erase { stream: stream("r"), subject: None, actor: user_id("a"), reason: "The time is over".into(), at: at(50) }
}

async fn filled(path: &Path) {
    let store = SqliteStore::open(path, &keys(path)).unwrap();
    for name in ["r", "other"] {
        let known = NewEvent { subject: Subject::Person("A".parse().unwrap()), ..event("identity-stated") };
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
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    runtime.block_on(async {
        let store = SqliteStore::open(&path, &keys(&path)).unwrap();
        let named = std::env::var(WHAT).unwrap();
        let what = What::BOTH.into_iter().find(|what| format!("{what:?}") == named);
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
    let words = store.load(&stream("r"), 0).await.unwrap().iter().filter(|event| event.erased.is_none()).count();
    let outside = rusqlite::Connection::open(path).unwrap();
    let count = "SELECT count(*) FROM blind_index WHERE stream = 'r'";
    let index: i64 = outside.query_row(count, [], |row| row.get(0)).unwrap();
    let rows = store.projection(&stream("r")).await.unwrap();
    let ring = fs::read_to_string(keys(path).ring()).unwrap();
    [
        words,
        usize::try_from(index).unwrap(),
        rows.iter().count(),
        ring.lines().filter(|line| line.starts_with("key ") && line.contains(" r/")).count(),
    ]
}

#[test]
fn whatever_step_an_erasure_is_cut_off_at_it_is_whole_or_gone() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    let each = What::BOTH.into_iter().flat_map(|what| STEPS.iter().map(move |(step, gone)| (what, *step, *gone)));
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
            // The write-ahead log is empty of it: nothing is due any more.
            let due = store.setting("write-ahead-log-to-be-emptied").await;
            assert_eq!(due, Ok(None), "{case}");
            let erasures = store.erasures("r").await.unwrap();
            assert_eq!(erasures.iter().filter(|erased| erased.is_done).count(), usize::from(gone), "{case}");
            assert_eq!(erasures.len(), usize::from(gone), "{case}");
            // The neighbour is untouched, and the log holds.
            assert_eq!(store.load(&stream("other"), 0).await.unwrap().iter().filter(|e| e.erased.is_none()).count(), 2);
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
        let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let files = paths.filter(|path| path.is_file()).map(|path| fs::read(path).unwrap());
        let pages: Vec<u8> = files.flatten().collect();
        pages.windows(reference.len()).filter(|bytes| *bytes == reference.as_bytes()).count()
    };
    let store = SqliteStore::open(&path, &keys(&path)).unwrap();
    assert!(count(path.parent().unwrap()) >= 2, "list row and its index");
    store.erase(erase()).await.unwrap();
    // What is left is the reference in the table of erasures and its index.
    assert_eq!(count(path.parent().unwrap()), 2);
    drop(store);
    assert_eq!(count(path.parent().unwrap()), 2);
}

/// The database from before an erasure, with the keyring from after it.
async fn brought_back(what: What) -> (TempDir, PathBuf) {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("data/waymark.db");
    filled(&path).await;
    let copy = directory.path().join("copy.db");
    let store = SqliteStore::open(&path, &keys(&path)).unwrap();
    store.copy_to(&copy).await.unwrap();
    store.erase(what.erase()).await.unwrap();
    drop(store);
    for left in ["-wal", "-shm"] {
        let _ = fs::remove_file(format!("{}{left}", path.display()));
    }
    fs::copy(copy, &path).unwrap();
    // As whoever puts an older copy back on purpose is told to.
    fs::remove_file(reached(&path)).unwrap();
    (directory, path)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_from_before_an_erasure_does_not_undo_it() {
    for what in What::BOTH {
        let (_directory, path) = brought_back(what).await;
        // Read as it is: nothing of it opens, the rest does, and it says what the first start will do.
        let reading = SqliteStore::open_for_reading(&path, &keys(&path)).unwrap();
        assert_eq!(reading.erasures_to_do_again().await.unwrap(), 1);
        assert_eq!(left(&reading, &path).await[0], what.leaves()[0], "{what:?}");
        assert_eq!(reading.verify().await.unwrap().entries, 4);
        drop(reading);
        // Opened to write, what was derived goes as well, and the log tells of it; once only.
        for _ in 0..2 {
            let store = SqliteStore::open(&path, &keys(&path)).unwrap();
            assert_eq!(left(&store, &path).await, what.leaves(), "{what:?}");
            assert_eq!(store.erasures_to_do_again().await.unwrap(), 0);
            assert_eq!(store.verify().await.unwrap().entries, 6);
            let erasures = store.erasures("r").await.unwrap();
            let [erased] = &erasures[..] else { panic!("{erasures:?}") };
            assert!(erased.is_done);
            assert_eq!(erased.subject, what.erase().subject);
            assert_eq!(erased.reference, Some(row("r").reference));
            assert!(erased.reason.as_ref().unwrap().starts_with("Done again"));
            let other = store.load(&stream("other"), 0).await.unwrap();
            assert!(other.iter().all(|event| event.erased.is_none()));
        }
    }
}

/// What is said of a destroyed key is believed only of whoever has the epoch key, also after a rotation.
#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_was_lost_does_not_pass_for_one_that_was_destroyed() {
    let (_directory, path) = brought_back(What::Report).await;
    let file = keys(&path).ring();
    let told = fs::read_to_string(&file).unwrap();
    let opened = || SqliteStore::open_for_reading(&path, &keys(&path));
    assert!(opened().is_ok());
    let kept = |changed: &dyn Fn(&str) -> Option<String>| {
        let lines = told.lines().filter_map(changed);
        lines.map(|line| line + "\n").collect::<String>()
    };
    let without = kept(&|line| (!line.starts_with("gone ")).then(|| line.to_owned()));
    let forged = kept(&|line| {
        let (said, mac) = line.rsplit_once(' ')?;
        let mac = if said.starts_with("gone ") { &"0".repeat(mac.len()) } else { mac };
        Some(format!("{said} {mac}"))
    });
    for changed in [without, forged] {
        assert_ne!(changed, told);
        fs::write(&file, changed).unwrap();
        let events = opened().unwrap().load(&stream("r"), 0).await;
        let refused = matches!(events, Err(StoreError::Keys(KeyError::Behind { .. })));
        assert!(refused, "{events:?}");
        assert!(SqliteStore::open(&path, &keys(&path)).is_err());
    }
    // A rotation keeps what is gone.
    fs::write(&file, &told).unwrap();
    let store = SqliteStore::open(&path, &keys(&path)).unwrap();
    let before = fs::read_to_string(&file).unwrap();
    store.rotate_keys(&keys(&path), user_id("a"), at(60)).await.unwrap();
    drop(store);
    let after = fs::read_to_string(&file).unwrap();
    let gone = |text: &str| text.matches("\ngone ").count();
    assert_eq!((gone(&before), gone(&after)), (2, 2));
    assert_ne!(before, after);
    opened().unwrap();
}
