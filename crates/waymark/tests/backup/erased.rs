//! A backup from before an erasure, brought back with the keys from after it, and the other way round.

use std::fs;

use store::{Append, Erase, Keys, Log as _, NewEvent, Record as _, SqliteStore, StreamId, Subject, UserId};

use super::{Force, append, event, runtime, says, waymark};

fn erase(stream: &str, subject: Option<Subject>) -> Erase {
    Erase {
        stream: StreamId::new(stream).unwrap(),
        subject,
        actor: UserId::new("a").unwrap(),
        reason: "The time is over".into(),
        at: "2026-11-24T09:00:00Z".parse().unwrap(),
    }
}

#[test]
fn a_backup_from_before_an_erasure_brings_nothing_back() {
    let force = Force::new();
    let runtime = runtime();
    let store = force.store();
    for stream in ["gone", "stays"] {
        runtime.block_on(append(&store, stream, 0));
    }
    says(&force.backup(), 0, "2 events");
    runtime.block_on(store.erase(erase("gone", None))).unwrap();
    drop(store);

    let restored = force.restore(&force.backups()[0], "restored");
    says(&restored, 0, "1 erasure made after this backup is kept: the keys are gone");
    says(&restored, 0, "before the first start of this copy move that file aside and keep it");
    let path = force.path("restored/waymark.db");
    let refused = SqliteStore::open(&path, &force.keys()).err().unwrap().to_string();
    assert!(refused.contains("an old copy was put back"), "{refused}");
    fs::rename(force.path("data/keys/reached"), force.path("reached-before")).unwrap();
    let store = SqliteStore::open(path, &force.keys()).unwrap();
    for (stream, erased) in [("gone", true), ("stays", false)] {
        let stream = StreamId::new(stream).unwrap();
        let events = runtime.block_on(store.load(&stream, 0)).unwrap();
        assert_eq!(events[0].erased.is_some(), erased, "{stream}");
        let known = runtime.block_on(store.erasures(stream.as_str())).unwrap();
        assert_eq!(known.len(), usize::from(erased), "{stream}");
    }
    runtime.block_on(store.verify()).unwrap();
}

/// A whole report and one person of another are erased; then the machine is lost, and what is left is a copy of the keys from
/// before and a backup from after.
#[test]
fn a_copy_of_the_keys_from_before_an_erasure_brings_nothing_back() {
    let force = Force::new();
    let runtime = runtime();
    let store = force.store();
    for stream in ["gone", "stays"] {
        runtime.block_on(append(&store, stream, 0));
    }
    let person = Subject::Person("A".parse().unwrap());
    let known = NewEvent { subject: person.clone(), ..event("stays", 2) };
    let append = Append {
        stream: StreamId::new("stays").unwrap(),
        expected_version: 1,
        events: vec![known],
        projection: None,
        findable: Vec::new(),
    };
    runtime.block_on(store.append(append, None)).unwrap();
    let (copy, dir) = (force.path("keys.tar.age"), force.path("data"));
    let copying = ["keys", "copy", &copy, "--dir", &dir, "--recipient", &force.public];
    drop(store);
    says(&waymark(&copying), 0, "read back");
    let store = force.store();
    for (stream, subject) in [("gone", None), ("stays", Some(person))] {
        let erased = runtime.block_on(store.erase(erase(stream, subject)));
        assert!(erased.unwrap().is_done);
    }
    drop(store);
    says(&force.backup(), 0, "3 events");

    let (file, key, into) = (force.backups().remove(0), force.path("key.txt"), force.path("restored"));
    let file = file.to_str().unwrap();
    let restored = waymark(&["restore", file, "--key", &key, "--keys", &copy, "--into", &into]);
    let told = "2 keys in these keys were destroyed by an erasure that this backup tells of: the keys are an older copy. Nothing is read \
                with them, and the first start destroys them again. Then make a new copy (waymark keys copy) and remove this one.";
    says(&restored, 0, told);
    let keys = Keys::at(force.path("restored/keys"));
    let ring = || fs::read_to_string(force.path("restored/keys/keyring")).unwrap();
    let there = |ring: &str| ring.matches("\nkey ").count();
    let before = there(&ring());
    let store = SqliteStore::open(force.path("restored/waymark.db"), &keys).unwrap();
    assert_eq!(there(&ring()), before - 2);
    for (stream, readable) in [("gone", 0), ("stays", 1)] {
        let stream = StreamId::new(stream).unwrap();
        let events = runtime.block_on(store.load(&stream, 0)).unwrap();
        let left = events.iter().filter(|event| event.erased.is_none());
        assert_eq!(left.count(), readable, "{stream}");
    }
    runtime.block_on(store.verify()).unwrap();
    drop(store);
    // Nothing is said of it any more.
    let keys = force.path("restored/keys");
    let again = waymark(&["restore", file, "--key", &key, "--keys", &keys, "--into", &force.path("again")]);
    says(&again, 0, "Restored into");
    let text = String::from_utf8(again.stdout).unwrap();
    assert!(!text.contains("an older copy"), "{text}");
}

/// Backup and copy of the keys are both from before: then nothing but what was signed elsewhere knows of an erasure.
#[test]
fn with_both_from_before_an_erasure_the_checkpoints_say_that_something_is_missing() {
    let force = Force::new();
    let runtime = runtime();
    let file = force.path("checkpoints");
    let signing = force.keys().with_checkpoints(&file);
    let open = || SqliteStore::open(force.path("data/waymark.db"), &signing).unwrap();
    let store = open();
    runtime.block_on(append(&store, "gone", 0));
    drop(store);
    let (copy, dir) = (force.path("keys.tar.age"), force.path("data"));
    let copying = ["keys", "copy", &copy, "--dir", &dir, "--recipient", &force.public];
    says(&waymark(&copying), 0, "read back");
    says(&force.backup(), 0, "1 events");
    let store = open();
    runtime.block_on(store.erase(erase("gone", None))).unwrap();
    let now = "2026-11-24T10:00:00Z".parse().unwrap();
    runtime.block_on(store.checkpoint(now)).unwrap();
    drop(store);
    let backup = force.backups().remove(0);
    let restored = waymark(&[
        "restore",
        backup.to_str().unwrap(),
        "--key",
        &force.path("key.txt"),
        "--keys",
        &copy,
        "--into",
        &force.path("restored"),
        "--checkpoints",
        &file,
    ]);
    says(
        &restored,
        0,
        "Record what is missing, erase again what was erased meanwhile, and set a new file of checkpoints",
    );
}
