//! What somebody could do to the files, and that each of it is found at the opening or by a full check.

use std::fs;
use std::path::PathBuf;

use store::{Against, Keys, Log as _, LogFault, OpenError, Record as _, SqliteStore, StoreError};
use tempfile::TempDir;

use crate::fixture::*;

struct Place {
    path: PathBuf,
    keys: Keys,
    directory: TempDir,
}

impl Place {
    /// A database with seven entries in the log, of which five were signed.
    async fn filled() -> Self {
        let directory = TempDir::new().unwrap();
        let path = directory.path().join("data/waymark.db");
        let keys = keys(&path).with_checkpoints(directory.path().join("checkpoints"));
        let place = Self { path, keys, directory };
        let store = place.open().unwrap();
        for version in 0..7 {
            store.append(append("r", version, vec![event("step")]), None).await.unwrap();
            if version == 4 {
                store.checkpoint(at(0)).await.unwrap();
            }
        }
        place
    }

    fn open(&self) -> Result<SqliteStore, OpenError> {
        SqliteStore::open(&self.path, &self.keys)
    }

    fn change(&self, sql: &str) {
        change(&self.path, sql);
    }

    #[track_caller]
    fn fault(&self) -> LogFault {
        match self.open().err().expect("it was opened") {
            OpenError::Log(fault) => {
                assert!(!fault.help().is_empty());
                fault
            }
            other => panic!("{other}"),
        }
    }

    fn checkpoints(&self) -> PathBuf {
        self.directory.path().join("checkpoints")
    }
}

const CUT: &str = "DELETE FROM events WHERE version > 3; DELETE FROM ledger_entries WHERE leaf_index > 2;
                   DELETE FROM ledger_nodes WHERE (idx + 1) << level > 3; UPDATE streams SET version = 3;";

#[tokio::test]
async fn what_nobody_touched_opens_and_verifies() {
    let place = Place::filled().await;
    let store = place.open().unwrap();
    assert_eq!(store.verify().await.unwrap().entries, 7);
    store.checkpoint(at(1)).await.unwrap();
    drop(store);
    let text = fs::read_to_string(place.checkpoints()).unwrap();
    assert_eq!(text.matches("\n----\n").count(), 2, "{text}");
    // A note that a power cut tore is passed over.
    fs::write(place.checkpoints(), format!("{text}\n----\nwaymark/12")).unwrap();
    place.open().unwrap();
}

#[tokio::test]
async fn a_cut_end_is_found_and_so_is_an_old_copy_put_back() {
    let place = Place::filled().await;
    let behind = LogFault::Behind { found: 3, signed: 5 };
    place.change(CUT);
    assert_eq!(place.fault(), behind);
    // Whoever removes the checkpoint in the database as well still has the file against them.
    place.change("DELETE FROM checkpoints");
    assert_eq!(place.fault(), behind);

    // Without what was signed it is no better, whatever is elsewhere.
    let place = Place::filled().await;
    place.change("DELETE FROM checkpoints");
    assert!(matches!(place.fault(), LogFault::Broken { .. }));

    let place = Place::filled().await;
    place.open().unwrap();
    let old = fs::read(&place.path).unwrap();
    let store = place.open().unwrap();
    store.append(append("r", 7, vec![event("step")]), None).await.unwrap();
    store.checkpoint(at(2)).await.unwrap();
    drop(store);
    fs::write(&place.path, old).unwrap();
    assert_eq!(place.fault(), LogFault::Behind { found: 7, signed: 8 });
}

#[tokio::test]
async fn a_changed_root_or_key_is_found_at_the_opening() {
    let place = Place::filled().await;
    place.change("UPDATE ledger_nodes SET hash = zeroblob(32) WHERE level = 2 AND idx = 0");
    assert_eq!(place.fault(), LogFault::Changed { size: 5 });

    let (place, other) = (Place::filled().await, Place::filled().await);
    fs::copy(other.checkpoints(), place.checkpoints()).unwrap();
    assert!(matches!(place.fault(), LogFault::OtherKey { size: 5, .. }));

    let place = Place::filled().await;
    let text = fs::read_to_string(place.checkpoints()).unwrap();
    fs::write(place.checkpoints(), text.replace("\n5\n", "\n4\n")).unwrap();
    assert!(matches!(place.fault(), LogFault::OtherKey { size: 4, .. }));

    for sql in [
        "DELETE FROM ledger_nodes WHERE level = 0 AND idx = 6",
        "DELETE FROM ledger_entries WHERE leaf_index = 6",
        "UPDATE events SET leaf_index = 99 WHERE version = 7",
    ] {
        let place = Place::filled().await;
        place.change(sql);
        assert!(matches!(place.fault(), LogFault::Broken { .. }), "{sql}");
    }
}

#[tokio::test]
async fn a_file_with_something_in_it_and_no_checkpoint_is_refused() {
    let place = Place::filled().await;
    let text = fs::read_to_string(place.checkpoints()).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let whole_lines = format!("{}\n", lines[..lines.len() - 1].join("\n"));
    for begun in ["", "\n", "\n--", text.trim_end(), &whole_lines] {
        // Where nothing was ever written whole, that is what a crash left; where it was, somebody took it away.
        let another = place.directory.path().join("another");
        fs::write(&another, begun).unwrap();
        drop(SqliteStore::open(&place.path, &keys(&place.path).with_checkpoints(&another)).unwrap());
        fs::write(place.checkpoints(), begun).unwrap();
        assert!(matches!(place.fault(), LogFault::Elsewhere { written: 5, reaches: 0, .. }), "{begun}");
    }
    for odd in
        ["no checkpoint", &text.replace('\u{2014}', "-"), &format!("{}\n----\nwaymark", text.replace('\u{2014}', "-"))]
    {
        fs::write(place.checkpoints(), odd).unwrap();
        assert!(matches!(place.fault(), LogFault::File { .. }), "{odd}");
    }
}

#[tokio::test]
async fn a_copy_is_held_against_every_checkpoint_kept_elsewhere() {
    let place = Place::filled().await;
    let store = place.open().unwrap();
    store.checkpoint(at(1)).await.unwrap();
    let file = place.checkpoints();
    let against = |held, reached, entries, ahead| Against { held, entries, reached, ahead };
    assert_eq!(store.held_against(&file).await.unwrap(), against(2, 7, 7, None));
    drop(store);
    // Three of the seven entries are left: both checkpoints are of a later time.
    let whole = fs::read(&place.path).unwrap();
    place.change(&format!("{CUT} DELETE FROM checkpoints"));
    let cut = SqliteStore::open_for_reading(&place.path, &keys(&place.path)).unwrap();
    assert_eq!(cut.held_against(&file).await.unwrap(), against(0, 0, 3, Some(7)));
    drop(cut);
    fs::write(&place.path, whole).unwrap();
    // An old checkpoint that no longer holds is found behind a newest one that does.
    let text = fs::read_to_string(&file).unwrap();
    let other = Place::filled().await;
    let theirs = fs::read_to_string(other.checkpoints()).unwrap();
    fs::write(&file, format!("{theirs}{text}")).unwrap();
    let store = SqliteStore::open_for_reading(&place.path, &keys(&place.path)).unwrap();
    let refused = store.held_against(&file).await.unwrap_err();
    assert!(matches!(refused, StoreError::Log(LogFault::OtherKey { size: 5, .. })), "{refused}");
    for (text, fits) in [("odd", false), ("", true)] {
        fs::write(&file, text).unwrap();
        assert_eq!(store.held_against(&file).await.is_ok(), fits, "{text}");
    }
    fs::remove_file(&file).unwrap();
    assert!(store.held_against(&file).await.is_err());
}

#[tokio::test]
async fn every_change_of_a_row_is_found_by_a_full_check_which_names_the_first() {
    for (sql, names) in [
        ("UPDATE ledger_entries SET leaf = replace(leaf, 'step', 'stop') WHERE leaf_index = 3", "entry 3"),
        ("UPDATE ledger_entries SET leaf = 'x' WHERE leaf_index IN (6, 2)", "entry 2"),
        ("UPDATE events SET actor = 'somebody' WHERE version = 2", "entry 2 of report r"),
        ("UPDATE events SET body = zeroblob(256) WHERE version = 6", "entry 6 of report r"),
        ("UPDATE events SET recorded_at = 0 WHERE version = 1", "entry 1 of report r"),
        ("UPDATE events SET leaf_index = NULL WHERE version = 4", "taken out"),
        (
            "UPDATE events SET leaf_index = CASE version WHEN 1 THEN 90 ELSE 0 END WHERE version < 3;
          UPDATE events SET leaf_index = 1 WHERE leaf_index = 90",
            "entry 1 of report r",
        ),
    ] {
        let place = Place::filled().await;
        place.change(sql);
        let store = place.open().unwrap();
        match store.verify().await {
            Err(StoreError::Damaged { detail }) => assert!(detail.contains(names), "{sql}: {detail}"),
            other => panic!("{sql}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn how_often_somebody_looked_is_an_entry_when_the_window_is_over() {
    let place = Place::filled().await;
    let store = place.open().unwrap();
    let look = |user: &str, minutes: i64| opening("r", user, "Review", minutes * 60);
    for minutes in [0, 1, 14] {
        store.note_access(look("a", minutes)).await.unwrap();
    }
    assert_eq!(store.ledger_head().await.unwrap().size, 8);
    store.note_access(look("b", 20)).await.unwrap();
    let leaves = leaves(&store).await;
    let [counted, opened] = &leaves[8..] else { panic!("{leaves:?}") };
    assert_eq!(
        *counted,
        format!(
            r#"{{"actor":"a","at":{},"count":3,"entry":7,"kind":"repeats-counted","op":"consult","purpose":"Review","stream":"r","v":1}}"#,
            at(14 * 60).as_microsecond()
        )
    );
    assert!(opened.contains(r#""actor":"b""#));
    // One that nobody repeated needs no second entry; a checkpoint closes what is open.
    store.note_access(look("b", 21)).await.unwrap();
    assert_eq!(store.checkpoint(at(40 * 60)).await.unwrap().size, 11);
    assert_eq!(store.checkpoint(at(90 * 60)).await.unwrap().size, 11);
    assert_eq!(store.verify().await.unwrap().entries, 11);
}

#[tokio::test]
async fn events_from_before_there_was_a_log_are_in_it_as_one() {
    let place = Place::filled().await;
    place.change(
        "DELETE FROM ledger_entries; DELETE FROM ledger_nodes; DELETE FROM checkpoints; UPDATE events SET leaf_index = NULL; DELETE FROM ledger_head;",
    );
    fs::remove_file(place.checkpoints()).unwrap();
    fs::remove_file(reached(&place.path)).unwrap();
    let store = place.open().unwrap();
    let first = leaves(&store).await;
    assert_eq!(first.len(), 1);
    assert!(first[0].contains(r#""count":7,"kind":"record-adopted""#), "{first:?}");
    store.append(append("r", 7, vec![event("step")]), None).await.unwrap();
    assert_eq!(store.verify().await.unwrap().entries, 2);
    drop(store);
    place.change("UPDATE events SET actor = 'somebody' WHERE version = 2");
    assert!(place.open().unwrap().verify().await.is_err());
}
