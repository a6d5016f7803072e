//! A backup from before an erasure, brought back with the keys from after it.

use store::{Erase, Log as _, SqliteStore, Store as _, StreamId, UserId};

use super::{Force, append, runtime, says};

#[test]
fn a_backup_from_before_an_erasure_brings_nothing_back() {
    let force = Force::new();
    let runtime = runtime();
    let store = force.store();
    for stream in ["gone", "stays"] {
        runtime.block_on(append(&store, stream, 0));
    }
    says(&force.backup(), 0, "2 events");
    let erase = Erase {
        stream: StreamId::new("gone").unwrap(),
        subject: None,
        actor: UserId::new("a").unwrap(),
        reason: "The time is over".into(),
        at: "2026-11-24T09:00:00Z".parse().unwrap(),
    };
    runtime.block_on(store.erase(erase)).unwrap();
    drop(store);

    let restored = force.restore(&force.backups()[0], "restored");
    says(
        &restored,
        0,
        "1 erasure made after this backup is kept: the keys are gone",
    );
    let path = force.path("restored/waymark.db");
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
