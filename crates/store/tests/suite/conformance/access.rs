//! The access log.

use store::{StoreError, View, ViewsOf};

use crate::fixture::*;

fn view(report: &str, user: &str, purpose: &str, seconds: i64) -> View {
    View { report: stream(report), user: user_id(user), purpose: purpose.into(), at: at(seconds) }
}

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
        let noted = store.record_view(view("r", "a", "my own report", minutes * MINUTE)).await.unwrap();
        let entries = store.views(&ViewsOf::Report(stream("r")), None, 10).await.unwrap();
        let oldest_first: Vec<_> = entries.into_iter().rev().collect();
        assert_eq!(oldest_first.get(entry), Some(&noted), "at {minutes}");
        assert_eq!((noted.count, noted.last_at), (count, at(last * MINUTE)), "at {minutes}");
    }
}

pub async fn every_user_report_and_purpose_has_entries_of_its_own(store: Shared) {
    let views = [("r", "a", "review"), ("r", "a", "audit"), ("r", "b", "review"), ("s", "a", "review")];
    for _ in 0..2 {
        for (report, user, purpose) in views {
            store.record_view(view(report, user, purpose, 0)).await.unwrap();
        }
    }
    for (of, expected) in [
        (ViewsOf::Report(stream("r")), vec![("r", "b", "review"), ("r", "a", "audit"), ("r", "a", "review")]),
        (ViewsOf::User(user_id("a")), vec![("s", "a", "review"), ("r", "a", "audit"), ("r", "a", "review")]),
        (ViewsOf::User(user_id("nobody")), vec![]),
    ] {
        let entries = store.views(&of, None, 10).await.unwrap();
        let seen: Vec<_> = entries.iter().map(|e| (e.report.as_str(), e.user.as_str(), e.purpose.as_str())).collect();
        assert_eq!(seen, expected);
        assert!(entries.iter().all(|entry| entry.count == 2));
    }
    assert_eq!(store.record_view(view("r", "a", "", 0)).await, Err(StoreError::Empty { what: "purpose" }));
}

pub async fn the_log_reads_newest_first_page_by_page(store: Shared) {
    for hour in 0..7 {
        store.record_view(view("r", "a", "review", hour * 3600)).await.unwrap();
        store.record_view(view("other", "b", "review", hour * 3600)).await.unwrap();
    }
    for of in [ViewsOf::Report(stream("r")), ViewsOf::User(user_id("a"))] {
        let mut seen = Vec::new();
        let mut before = None;
        loop {
            let page = store.views(&of, before, 3).await.unwrap();
            let Some(last) = page.last() else { break };
            before = Some(last.id);
            seen.extend(page.iter().map(|entry| entry.first_at));
        }
        assert_eq!(seen, (0..7).rev().map(|hour| at(hour * 3600)).collect::<Vec<_>>());
    }
}
