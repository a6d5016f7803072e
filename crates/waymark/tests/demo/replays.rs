//! Advice that was given, derived again: the same, altered, and under guidance that is not at hand.

use std::path::Path;

use serde_json::Value;
use store::{Append, EventId, Keys, NewEvent, Operation, Record as _, SqliteStore, StreamId, Subject};

use super::reading::{PACK, WHY, is_noted, out, replay, report};

/// Every advice comes out as it was given; one under other guidance is no success, and one that was not given as it stands is found.
pub fn replays(folder: &Path) {
    let sound = replay(folder);
    assert_eq!(sound.status.code(), Some(0), "{}", out(&sound));
    assert!(
        out(&sound).contains("15 reports replayed") && out(&sound).contains("0 times it differs.\n"),
        "{}",
        out(&sound)
    );

    let digest = format!("sha256:{}", "9".repeat(64));
    for number in [1, 2] {
        alter(folder, "WM-2026-000005", number, |body| {
            body["pack"]["version"] = "0".into();
            body["pack"]["digest"] = digest.clone().into();
        });
    }
    let one = |reference: &str, packs: &[&str]| {
        let words = [&["replay", reference, "--reason", WHY], packs].concat();
        is_noted(folder, "advice-replayed", "\"stream\":", || report(&words, folder))
    };
    let part = replay(folder);
    assert_eq!(part.status.code(), Some(3), "{}", out(&part));
    let told = format!("Not checked: 2 times, given under cheshire, version 0, {digest}\n");
    assert!(
        out(&part).contains("0 times it differs, 2 times it could not be checked.\n") && out(&part).contains(&told),
        "{}",
        out(&part)
    );
    let says = String::from_utf8_lossy(&part.stderr);
    assert!(says.contains("--pack DIR"), "{says}");
    // Guidance that it was not given under does not speak for it, however often it is named.
    let packs = ["--pack", PACK, "--pack", PACK];
    assert_eq!(one("WM-2026-000005", &packs).status.code(), Some(3));
    assert_eq!(one("WM-2026-000002", &packs).status.code(), Some(0));

    alter(folder, "WM-2026-000001", 3, |body| {
        body["advice"] = format!("sha256:{}", "0".repeat(64)).into();
    });
    let altered = replay(folder);
    assert_eq!(altered.status.code(), Some(1), "worse than what is not known");
    for says in ["WM-2026-000001, entry ", "the advice is another", &told] {
        assert!(out(&altered).contains(says), "{}", out(&altered));
    }
    let other = one("WM-2026-000002", &[]);
    assert_eq!(other.status.code(), Some(0), "the other reports are as they were: {}", out(&other));
}

/// Writes an advice that was never given so behind the last one of a report.
fn alter(folder: &Path, reference: &str, number: u8, change: impl Fn(&mut Value)) {
    let database = folder.join("waymark.db");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let store = SqliteStore::open(&database, &Keys::at(folder.join("keys"))).unwrap();
        let row = store.projection_by_reference(reference).await.unwrap();
        let stream: StreamId = row.unwrap().report_id;
        let events = store.load(&stream, 1).await.unwrap();
        let last = events.last().unwrap().version;
        let mut latest_first = events.iter().rev();
        let given = latest_first.find(|event| event.kind == "advice-given");
        let given = given.unwrap();
        let mut body: Value = serde_json::from_slice(&given.body).unwrap();
        body["version"] = (last + 1).into();
        body["id"] = format!("altered-{number}").into();
        change(&mut body["body"]);
        let event = NewEvent {
            event_id: EventId::from_bytes([number; 16]),
            kind: given.kind.clone(),
            recorded_at: given.recorded_at,
            actor: given.actor.clone(),
            subject: Subject::Report,
            operation: Operation::Collect,
            body: body.to_string().into_bytes(),
        };
        let append =
            Append { stream, expected_version: last, events: vec![event], projection: None, findable: Vec::new() };
        store.append(append, None).await.unwrap();
    });
}
