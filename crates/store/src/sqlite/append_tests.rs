//! What is encrypted ahead, and what is not.

use std::sync::Arc;

use tempfile::TempDir;

use super::*;
use crate::sqlite::{binding, open};
use crate::{Keys, Operation, Subject};
use jiff::Timestamp;

fn append(version: u64, words: &str) -> Append {
    let event = NewEvent {
        event_id: EventId::from_bytes([u8::try_from(version).unwrap(); 16]),
        kind: "step".into(),
        recorded_at: Timestamp::UNIX_EPOCH,
        actor: "a".into(),
        subject: Subject::Report,
        operation: Operation::Collect,
        body: words.into(),
    };
    Append {
        stream: StreamId::new("r").unwrap(),
        expected_version: version,
        events: vec![event],
        projection: None,
        findable: Vec::new(),
    }
}

/// A new database and its keys, as the writer has them. What comes first has to stay for as long.
fn writing() -> (impl Sized, Tx, Arc<Keyring>) {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("data/waymark.db");
    let (conn, lock) = open::writer(&path).unwrap();
    let keys = Keys::at(directory.path().join("keys"));
    let ring = Arc::new(binding::writing(&conn, &path, &keys).unwrap());
    let tx = Tx::new(conn, Arc::clone(&ring), ::ledger::Frontier::new());
    ((directory, lock), tx, ring)
}

#[test]
fn an_event_is_encrypted_ahead_once_its_subject_has_a_key_and_never_under_one_that_is_gone() {
    let (_kept, tx, ring) = writing();
    let ready = |version, words| Step::ready(&ring, vec![append(version, words)], None).unwrap();

    let first = ready(0, "first");
    assert_eq!((first.ahead.len(), ring.parts()), (0, 0), "no key is made");
    first.keep(&tx).unwrap();
    let second = ready(1, "second");
    assert_eq!(second.ahead.len(), 1);
    second.keep(&tx).unwrap();

    let third = ready(2, "third");
    assert_eq!(third.ahead.len(), 1);
    let stream = StreamId::new("r").unwrap();
    ring.destroy(&ring.ids_of(&stream, None)).unwrap();
    third.keep(&tx).unwrap();
    let kept = load(&tx, &ring, &stream, 3).unwrap();
    assert_eq!(kept[0].body, b"third");
}

/// What was encrypted for a version that somebody else took is kept nowhere.
#[test]
fn what_is_encrypted_ahead_of_somebody_else_is_refused() {
    let (_kept, tx, ring) = writing();
    let ready = |version, words| Step::ready(&ring, vec![append(version, words)], None).unwrap();
    ready(0, "first").keep(&tx).unwrap();
    let (one, other) = (ready(1, "one"), ready(1, "other"));
    one.keep(&tx).unwrap();
    let refused = other.keep(&tx);
    assert!(matches!(refused, Err(AppendError::Conflict { current: 2, .. })));
    let kept = load(&tx, &ring, &StreamId::new("r").unwrap(), 1).unwrap();
    let words: Vec<_> = kept.iter().map(|event| event.body.as_slice()).collect();
    assert_eq!(words, [b"first".as_slice(), b"one"]);
}
