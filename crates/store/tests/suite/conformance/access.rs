//! The access log.

use store::{AccessesOf, StoreError};

use crate::fixture::*;

pub async fn repeats_within_the_window_are_one_entry(store: Shared) {
    const MINUTE: i64 = 60;
    // When it was viewed; the entry that stands for it; its count and last view then.
    for (minutes, entry, count, last) in [
        (0, 0, 1, 0),
        (0, 0, 2, 0),
        (14, 0, 3, 14),
        (7, 0, 4, 14),
        (15, 1, 1, 15),
        (29, 1, 2, 29),
        (-5, 2, 1, -5),
        (5, 0, 5, 14),
        (60, 3, 1, 60),
    ] {
        let noted = store.note_access(opening("r", "a", "my own report", minutes * MINUTE)).await.unwrap();
        let entries = store.accesses(&AccessesOf::Report(stream("r")), None, 10).await.unwrap();
        let oldest_first: Vec<_> = entries.into_iter().rev().collect();
        assert_eq!(oldest_first.get(entry), Some(&noted), "at {minutes}");
        assert_eq!((noted.count, noted.last_at), (count, at(last * MINUTE)), "at {minutes}");
    }
}

pub async fn every_user_report_and_purpose_has_entries_of_its_own(store: Shared) {
    let views = [("r", "a", "review"), ("r", "a", "audit"), ("r", "b", "review"), ("s", "a", "review")];
    for _ in 0..2 {
        for (report, user, purpose) in views {
            store.note_access(opening(report, user, purpose, 0)).await.unwrap();
        }
    }
    for (of, expected) in [
        (AccessesOf::Report(stream("r")), vec![("r", "b", "review"), ("r", "a", "audit"), ("r", "a", "review")]),
        (AccessesOf::User(user_id("a")), vec![("s", "a", "review"), ("r", "a", "audit"), ("r", "a", "review")]),
        (AccessesOf::User(user_id("nobody")), vec![]),
    ] {
        let entries = store.accesses(&of, None, 10).await.unwrap();
        let seen: Vec<_> = entries
            .iter()
            .map(|e| (e.stream.as_ref().unwrap().as_str(), e.actor.as_str(), e.purpose.as_str()))
            .collect();
        assert_eq!(seen, expected);
        assert!(entries.iter().all(|entry| entry.count == 2));
    }
    assert_eq!(store.note_access(opening("r", "a", "", 0)).await, Err(StoreError::Empty { what: "purpose" }));
}

pub async fn the_log_reads_newest_first_page_by_page(store: Shared) {
    for hour in 0..7 {
        store.note_access(opening("r", "a", "review", hour * 3600)).await.unwrap();
        store.note_access(opening("other", "b", "review", hour * 3600)).await.unwrap();
    }
    for of in [AccessesOf::Report(stream("r")), AccessesOf::User(user_id("a"))] {
        let mut seen = Vec::new();
        let mut before = None;
        loop {
            let page = store.accesses(&of, before, 3).await.unwrap();
            let Some(last) = page.last() else { break };
            before = Some(last.id);
            seen.extend(page.iter().map(|entry| entry.first_at));
        }
        assert_eq!(seen, (0..7).rev().map(|hour| at(hour * 3600)).collect::<Vec<_>>());
    }
}
