//! A log as long as that of a force, given while it is read and while the program goes on writing.

use ledger::export::{Trust, Verifier};
use store::{Extent, Log as _, Record as _, SqliteStore};
use tempfile::TempDir;

use crate::fixture::*;

/// More than any page ever gave at once.
const ENTRIES: u64 = 20_500;
/// Events of one step, as many as a step may have.
const AT_ONCE: u64 = 100;

#[tokio::test(flavor = "multi_thread")]
async fn a_long_log_is_given_a_piece_at_a_time_as_it_was_when_reading_began() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("data/waymark.db");
    let store = SqliteStore::open(&path, &keys(&path)).unwrap();
    for step in 0..ENTRIES / AT_ONCE {
        let events = (0..AT_ONCE).map(|_| event("step")).collect();
        store.append(append("r", step * AT_ONCE, events), None).await.unwrap();
    }
    store.checkpoint(at(9)).await.unwrap();
    let mut pieces = store.ledger_export(Extent::Signed).await.unwrap();
    let first = pieces.next().await.unwrap().unwrap();
    // It is read no faster than it is taken, and whoever writes does not wait for that.
    store.append(append("r", ENTRIES, vec![event("later")]), None).await.unwrap();
    store.checkpoint(at(10)).await.unwrap();
    let key = log_key(&store).await;
    let mut verifier = Verifier::new(Trust { key: Some(key), ..Trust::default() });
    let (mut text, mut count) = (first, 1);
    assert!(text.len() < 70 * 1024, "{} bytes at once", text.len());
    loop {
        let end = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        let rest = text.split_off(end);
        for line in text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            verifier.line(line).unwrap();
        }
        text = rest;
        let Some(piece) = pieces.next().await else { break };
        text.extend(piece.unwrap());
        assert!(text.len() < 70 * 1024, "{} bytes at once", text.len());
        count += 1;
    }
    let verdict = verifier.finish().unwrap();
    assert!(verdict.sound() && text.is_empty(), "{:?}", verdict.findings);
    assert_eq!((verdict.entries, verdict.signed), (ENTRIES, ENTRIES));
    assert!(count > 50, "{count} pieces");
    // Whoever stops reading leaves nothing behind that keeps the file open for reading.
    drop(store.ledger_export(Extent::Signed).await.unwrap());
    assert_eq!(
        store.ledger_export(Extent::Signed).await.unwrap().all().await.unwrap().lines().count() as u64,
        ENTRIES + 1 + 2 + 2
    );
}
