//! Events.

use std::collections::BTreeSet;
use std::time::Duration;

use store::{AppendError, Appended, NewEvent, Operation, StoreError, StreamHead, Subject, limits};

use crate::fixture::*;

pub async fn an_append_reads_back_as_given(store: Shared) {
    let events = vec![
        NewEvent { body: vec![], ..event("empty") },
        NewEvent { body: (0..=255).collect(), actor: "Ægir 👮".into(), ..event("every-byte") },
        NewEvent { recorded_at: "1969-12-31T23:59:59.123456Z".parse().unwrap(), ..event("long-ago") },
        NewEvent { body: vec![7; limits::BODY], ..event("largest") },
    ];
    let answer = store.append(append("r", 0, events.clone()), None).await;
    assert_eq!(answer, Ok(Appended { stream: stream("r"), version: 4, repeated: false }));

    let kept = store.load(&stream("r"), 0).await.unwrap();
    assert_eq!(kept.len(), 4);
    for ((kept, given), version) in kept.into_iter().zip(events).zip(1..) {
        assert_eq!((kept.stream, kept.version), (stream("r"), version));
        let back = NewEvent {
            event_id: kept.event_id,
            kind: kept.kind,
            recorded_at: kept.recorded_at,
            actor: kept.actor,
            subject: Subject::Report,
            operation: Operation::Collect,
            body: kept.body,
        };
        assert_eq!(back, given);
    }

    let finer = NewEvent { recorded_at: "2026-01-01T00:00:00.123456789Z".parse().unwrap(), ..event("finer") };
    store.append(append("r", 4, vec![finer]), None).await.unwrap();
    let kept = store.load(&stream("r"), 5).await.unwrap().remove(0);
    assert_eq!(kept.recorded_at.to_string(), "2026-01-01T00:00:00.123456Z");
}

pub async fn a_stream_is_read_from_any_version(store: Shared) {
    store.append(append("other", 0, vec![event("a")]), None).await.unwrap();
    for version in 0..5 {
        store.append(append("r", version, vec![event("a")]), None).await.unwrap();
    }
    for (from, expected) in [(0, 1..6), (1, 1..6), (4, 4..6), (6, 6..6), (u64::MAX, 6..6)] {
        let events = store.load(&stream("r"), from).await.unwrap();
        let versions: Vec<u64> = events.iter().map(|event| event.version).collect();
        assert_eq!(versions, expected.collect::<Vec<_>>(), "from {from}");
    }
    assert_eq!(store.load(&stream("nowhere"), 0).await, Ok(vec![]));
}

pub async fn a_stale_append_is_refused_whole(store: Shared) {
    store.append(append_row(0, row("r")), None).await.unwrap();
    for wrong in [0, 2, u64::MAX] {
        let mut stale = append_row(wrong, row("r"));
        stale.projection.as_mut().unwrap().unit = "south".into();
        let answer = store.append(stale, None).await;
        assert_eq!(answer, Err(AppendError::Conflict { stream: stream("r"), current: 1 }), "{wrong}");
    }
    assert_eq!(store.load(&stream("r"), 0).await.unwrap().len(), 1);
    assert_eq!(store.projection(&stream("r")).await, Ok(Some(row("r"))));

    let answer = store.append(append("new", 3, vec![event("a")]), None).await;
    assert_eq!(answer, Err(AppendError::Conflict { stream: stream("new"), current: 0 }));
}

pub async fn a_repeated_key_gives_the_first_answer(store: Shared) {
    let key = || Some("u1:key".to_owned());
    let first = append("r", 0, vec![event("a"), event("b")]);
    store.append(first.clone(), key()).await.unwrap();
    store.append(append("r", 2, vec![event("c")]), None).await.unwrap();

    let repeated = Ok(Appended { stream: stream("r"), version: 2, repeated: true });
    assert_eq!(store.append(first, key()).await, repeated);
    // A report started twice, with a new id each time, is one report.
    assert_eq!(store.append(append("second-try", 0, vec![event("a")]), key()).await, repeated);
    assert_eq!(store.load(&stream("second-try"), 0).await, Ok(vec![]));
    assert_eq!(store.load(&stream("r"), 0).await.unwrap().len(), 3);

    let pair = || vec![append("x", 0, vec![event("a")]), append("y", 0, vec![event("a"), event("b")])];
    store.append_all(pair(), Some("pair".into())).await.unwrap();
    let answers = store.append_all(pair(), Some("pair".into())).await.unwrap();
    let seen: Vec<_> = answers.iter().map(|a| (a.stream.as_str(), a.version, a.repeated)).collect();
    assert_eq!(seen, [("x", 1, true), ("y", 2, true)]);
}

pub async fn a_refused_append_leaves_its_key_free(store: Shared) {
    let key = || Some("key".to_owned());
    assert!(store.append(append("r", 5, vec![event("a")]), key()).await.is_err());
    let answer = store.append(append("r", 0, vec![event("a")]), key()).await.unwrap();
    assert!(!answer.repeated);
}

pub async fn several_streams_change_together_or_not_at_all(store: Shared) {
    let both = |b| vec![append_row(0, row("a")), append("b", b, vec![event("linked")])];
    let refused = store.append_all(both(1), None).await;
    assert_eq!(refused, Err(AppendError::Conflict { stream: stream("b"), current: 0 }));
    assert_eq!(store.load(&stream("a"), 0).await, Ok(vec![]));
    assert_eq!(store.projection(&stream("a")).await, Ok(None));
    assert_eq!(store.all_streams(None, 10).await, Ok(vec![]));

    assert_eq!(store.append_all(both(0), None).await.unwrap().len(), 2);
    assert_eq!(store.all_streams(None, 10).await.unwrap().len(), 2);
    assert_eq!(store.append_all(vec![], None).await, Ok(vec![]));
}

pub async fn an_event_id_is_used_once(store: Shared) {
    let again = event("a");
    store.append(append("r", 0, vec![again.clone()]), None).await.unwrap();
    let answer = store.append(append("s", 0, vec![event("b"), again.clone()]), None).await;
    assert_eq!(answer, Err(StoreError::Duplicate { what: "event id" }.into()));
    let twin = event("twin");
    let answer = store.append(append("s", 0, vec![twin.clone(), twin]), None).await;
    assert_eq!(answer, Err(StoreError::Duplicate { what: "event id" }.into()));
    assert_eq!(store.load(&stream("s"), 0).await, Ok(vec![]));
}

pub async fn what_can_never_be_kept_is_refused(store: Shared) {
    let long = "x".repeat(limits::TEXT + 1);
    let one = |change: fn(&mut NewEvent, String)| {
        let mut event = event("a");
        change(&mut event, long.clone());
        vec![append("r", 0, vec![event])]
    };
    let too_long = |what, limit| StoreError::TooLong { what, limit };
    let mut elsewhere = append_row(0, row("r"));
    elsewhere.stream = stream("s");
    let rowless = store::Append { events: vec![], ..append_row(0, row("r")) };
    let nameless = append_row(0, store::ProjectionRow { unit: String::new(), ..row("r") });
    let cases = [
        (one(|e, _| e.body = vec![0; limits::BODY + 1]), too_long("event", limits::BODY)),
        (one(|e, long| e.kind = long), too_long("event kind", limits::TEXT)),
        (one(|e, _| e.kind.clear()), StoreError::Empty { what: "event kind" }),
        (one(|e, _| e.actor.clear()), StoreError::Empty { what: "actor" }),
        (vec![nameless], StoreError::Empty { what: "unit" }),
        (
            vec![append("r", 0, (0..=limits::EVENTS_PER_APPEND).map(|_| event("a")).collect())],
            too_long("list of events", limits::EVENTS_PER_APPEND),
        ),
        (
            (0..=limits::STREAMS_PER_APPEND).map(|n| append(&format!("r{n}"), 0, vec![event("a")])).collect(),
            too_long("list of streams", limits::STREAMS_PER_APPEND),
        ),
        (
            vec![append("r", 0, vec![event("a")]), append("r", 1, vec![event("b")])],
            StoreError::Contradiction { what: "one append names the same stream twice" },
        ),
        (vec![elsewhere], StoreError::Contradiction { what: "the worklist row is of another report" }),
        (vec![rowless], StoreError::Contradiction { what: "a worklist row needs a report with events" }),
    ];
    for (together, expected) in cases {
        assert_eq!(store.append_all(together, None).await, Err(expected.into()));
    }
    let answer = store.append(append("r", 0, vec![event("a")]), Some(long)).await;
    assert_eq!(answer, Err(too_long("idempotency key", limits::TEXT).into()));
    assert_eq!(store.all_streams(None, 10).await, Ok(vec![]));
}

pub async fn of_many_writers_one_wins_each_version(store: Shared) {
    const WRITERS: u64 = 8;
    const VERSIONS: u64 = 25;
    let writers = (0..WRITERS).map(|_| {
        let store = Shared::clone(&store);
        tokio::spawn(async move {
            let mut won = Vec::new();
            for version in 0..VERSIONS {
                match store.append(append("contested", version, vec![event("a")]), None).await {
                    Ok(answer) => won.push(answer.version),
                    Err(AppendError::Conflict { current, .. }) => assert!(current > version),
                    Err(other) => panic!("{other}"),
                }
            }
            won
        })
    });
    let mut won = Vec::new();
    for writer in writers.collect::<Vec<_>>() {
        won.extend(writer.await.unwrap());
    }
    won.sort_unstable();
    assert_eq!(won, (1..=VERSIONS).collect::<Vec<_>>());
    assert_eq!(store.load(&stream("contested"), 0).await.unwrap().len() as u64, VERSIONS);
}

pub async fn a_command_that_was_sent_is_carried_out(store: Shared) {
    // The page is closed after the command went off: polled once, then dropped.
    let waiting = store.append(append("r", 0, vec![event("a")]), None);
    let _ = tokio::time::timeout(Duration::ZERO, waiting).await;
    let kept = async {
        while store.load(&stream("r"), 0).await.unwrap().is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), kept).await.unwrap();
}

pub async fn streams_are_listed_in_order(store: Shared) {
    for name in ["b", "a", "Z", "c-1", "_"] {
        store.append(append(name, 0, vec![event("a"), event("b")]), None).await.unwrap();
    }
    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let page = store.all_streams(after.as_ref(), 2).await.unwrap();
        let Some(StreamHead { stream: last, version: 2 }) = page.last().cloned() else {
            break;
        };
        after = Some(last);
        seen.extend(page.into_iter().map(|head| head.stream.to_string()));
    }
    assert_eq!(seen, ["Z", "_", "a", "b", "c-1"]);
}

pub async fn report_numbers_are_given_once(store: Shared) {
    assert_eq!(store.next_reference(2025).await.unwrap(), "WM-2025-000001");
    assert_eq!(store.next_reference(2025).await.unwrap(), "WM-2025-000002");
    let asked: Vec<_> = (0..50)
        .map(|_| {
            let store = Shared::clone(&store);
            tokio::spawn(async move { store.next_reference(2026).await.unwrap() })
        })
        .collect();
    let mut given = BTreeSet::new();
    for number in asked {
        given.insert(number.await.unwrap());
    }
    assert_eq!(given, (1..=50).map(|n| format!("WM-2026-{n:06}")).collect());
    assert_eq!(store.next_reference(2025).await.unwrap(), "WM-2025-000003");
}
