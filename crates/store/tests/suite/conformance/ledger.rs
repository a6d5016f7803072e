//! The log.

use ledger::{Checkpoint, Frontier, SignedNote, leaf_hash};
use store::{AccessEntry, AccessesOf, AppendError, LedgerHead, Operation};

use crate::fixture::*;

fn access(kind: &str, reason: Option<&str>, seconds: i64) -> AccessEntry {
    AccessEntry {
        kind: kind.into(),
        op: Operation::Disclose,
        stream: Some(stream("r")),
        actor: user_id("a"),
        purpose: "Court".into(),
        reason: reason.map(Into::into),
        at: at(seconds),
        repeats: true,
    }
}

/// Every leaf, and the head that follows from them.
async fn derived(store: &Shared) -> (Vec<String>, LedgerHead) {
    let leaves = leaves(&**store).await;
    let mut frontier = Frontier::new();
    for leaf in &leaves {
        frontier.append(leaf_hash(leaf.as_bytes()));
    }
    let (size, root) = (frontier.size(), frontier.root());
    (leaves, LedgerHead { size, root })
}

async fn fill(store: &Shared, events: u64) {
    for version in 0..events {
        store.append(append("r", version, vec![event("step")]), None).await.unwrap();
    }
}

pub async fn every_event_and_access_is_an_entry_in_order(store: Shared) {
    let (none, head) = derived(&store).await;
    assert_eq!((none.len(), store.ledger_head().await), (0, Ok(head)));
    fill(&store, 5).await;
    store.note_access(opening("r", "a", "Review", 0)).await.unwrap();
    store.note_access(opening("r", "a", "Review", 10)).await.unwrap();
    let noted = store.note_access(access("print", None, 20)).await.unwrap();
    assert_eq!(noted.leaf, Some(6));
    let (leaves, head) = derived(&store).await;
    assert_eq!(leaves.len(), 7, "{leaves:#?}");
    assert_eq!(store.ledger_head().await, Ok(head));
}

pub async fn a_look_that_goes_with_a_step_stands_whatever_comes_of_it(store: Shared) {
    let look = |seconds| AccessEntry { repeats: false, ..access("report-opened", None, seconds) };
    let step = |version| vec![append("r", version, vec![event("step")])];
    let key = |key: &str| Some(key.to_owned());
    let with = |seconds, version, of: &str| store.append_all_noting(look(seconds), step(version), key(of));
    let (noted, kept) = with(0, 0, "one").await.unwrap();
    assert_eq!((noted.leaf, kept.unwrap()[0].version), (Some(0), 1));
    let (noted, again) = with(1, 0, "one").await.unwrap();
    assert_eq!((noted.leaf, again.unwrap()[0].repeated), (Some(2), true));
    let (noted, conflict) = with(2, 7, "two").await.unwrap();
    assert_eq!(noted.leaf, Some(3));
    assert!(matches!(conflict, Err(AppendError::Conflict { current: 1, .. })));
    let none = store.append_all_noting(look(3), step(1), key("")).await;
    assert!(none.unwrap().1.is_err(), "an empty key");
    let nameless = AccessEntry { kind: String::new(), ..look(4) };
    let unnoted = store.append_all_noting(nameless, Vec::new(), None).await;
    assert!(unnoted.is_err());
    let (leaves, head) = derived(&store).await;
    assert_eq!(leaves.len(), 5, "four looks and a step: {leaves:#?}");
    assert_eq!(store.ledger_head().await, Ok(head));
}

pub async fn what_was_refused_is_no_entry(store: Shared) {
    fill(&store, 2).await;
    let head = store.ledger_head().await.unwrap();
    let twin = event("twin");
    assert!(store.append(append("r", 7, vec![event("a")]), None).await.is_err());
    assert!(store.append(append("r", 2, vec![twin.clone(), twin]), None).await.is_err());
    assert!(store.note_access(access("", None, 0)).await.is_err());
    assert!(store.note_access(access("print", Some(" "), 0)).await.is_err());
    assert_eq!(store.ledger_head().await, Ok(head));
    fill_from(&store, 2).await;
    assert_eq!(store.ledger_head().await, Ok(derived(&store).await.1));
}

async fn fill_from(store: &Shared, version: u64) {
    store.append(append("r", version, vec![event("b")]), None).await.unwrap();
}

pub async fn a_head_is_signed_once_and_verifies(store: Shared) {
    let key = log_key(&*store).await;
    assert_eq!(store.last_checkpoint().await, Ok(None));
    for version in 0..3 {
        fill_from(&store, version).await;
        let head = store.ledger_head().await.unwrap();
        let kept = store.checkpoint(at(version as i64)).await.unwrap();
        assert_eq!(store.checkpoint(at(99)).await.unwrap(), kept, "the same head is signed once");
        let note: SignedNote = kept.note.parse().unwrap();
        let checkpoint = Checkpoint::open(&note, &key).unwrap();
        assert_eq!((checkpoint.size, checkpoint.root), (head.size, head.root));
        assert_eq!(store.last_checkpoint().await, Ok(Some(kept)));
    }
    let sizes = |kept: Vec<store::KeptCheckpoint>| kept.iter().map(|kept| kept.size).collect::<Vec<_>>();
    assert_eq!(sizes(store.checkpoints(None, 9).await.unwrap()), [1, 2, 3]);
    assert_eq!(sizes(store.checkpoints(Some(1), 1).await.unwrap()), [2]);
}

pub async fn a_reason_makes_an_entry_of_its_own(store: Shared) {
    let words = "The court asked for it by letter";
    for seconds in 0..2 {
        let noted = store.note_access(access("export", Some(words), seconds)).await.unwrap();
        assert_eq!((noted.count, noted.reason.as_deref()), (1, Some(words)));
    }
    for (kind, count) in [("export", 1), ("export", 2), ("print", 1)] {
        assert_eq!(store.note_access(access(kind, None, 5)).await.unwrap().count, count, "{kind}");
    }
    let seen = store.accesses(&AccessesOf::User(user_id("a")), None, 9).await.unwrap();
    let seen: Vec<_> = seen.iter().map(|a| (a.kind.as_str(), a.op.as_str(), a.count, a.reason.as_deref())).collect();
    assert_eq!(
        seen,
        [
            ("print", "disclose", 1, None),
            ("export", "disclose", 2, None),
            ("export", "disclose", 1, Some(words)),
            ("export", "disclose", 1, Some(words)),
        ]
    );
    let (leaves, _) = derived(&store).await;
    assert_eq!(leaves.len(), 4);
    assert!(leaves.iter().all(|leaf| !leaf.contains("court") && !leaf.contains("letter")));
}
