//! What auditors read: looks over all reports, and the log as lines.

use ledger::export::{Trust, Verifier};
use store::{AccessEntry, AccessFilter, Operation};

use crate::fixture::*;

fn look(report: &str, who: &str, op: Operation, purpose: &str, seconds: i64) -> AccessEntry {
    AccessEntry {
        kind: "report-opened".into(),
        op,
        stream: Some(stream(report)),
        actor: user_id(who),
        purpose: purpose.into(),
        reason: None,
        at: at(seconds),
        repeats: false,
    }
}

pub async fn looks_are_found_by_everything_they_are_asked_for(store: Shared) {
    let looks = [
        look("r", "a", Operation::Consult, "Review of the week", 0),
        look("s", "a", Operation::Disclose, "Court", 100),
        look("r", "b", Operation::Consult, "Handover", 200),
        look("s", "b", Operation::Combine, "Same child", 300),
    ];
    for look in looks {
        store.note_access(look).await.unwrap();
    }
    let all = AccessFilter::default;
    let cases = [
        (all(), vec![4, 3, 2, 1]),
        (
            AccessFilter {
                report: Some(stream("r")),
                ..all()
            },
            vec![3, 1],
        ),
        (
            AccessFilter {
                actor: Some(user_id("a")),
                ..all()
            },
            vec![2, 1],
        ),
        (
            AccessFilter {
                op: Some(Operation::Consult),
                ..all()
            },
            vec![3, 1],
        ),
        (
            AccessFilter {
                from: Some(at(100)),
                ..all()
            },
            vec![4, 3, 2],
        ),
        (
            AccessFilter {
                until: Some(at(100)),
                ..all()
            },
            vec![1],
        ),
        (
            AccessFilter {
                purpose: Some("WEEK".into()),
                ..all()
            },
            vec![1],
        ),
        (
            AccessFilter {
                report: Some(stream("s")),
                actor: Some(user_id("b")),
                from: Some(at(50)),
                until: Some(at(301)),
                ..all()
            },
            vec![4],
        ),
        (
            AccessFilter {
                report: Some(stream("none")),
                ..all()
            },
            vec![],
        ),
    ];
    for (filter, expected) in cases {
        let found = store.looks(&filter, None, 10).await.unwrap();
        let ids: Vec<u64> = found.iter().map(|look| look.id).collect();
        assert_eq!(ids, expected, "{filter:?}");
    }
    let page = store.looks(&all(), Some(4), 2).await.unwrap();
    let ids: Vec<u64> = page.iter().map(|look| look.id).collect();
    assert_eq!(ids, [3, 2]);
}

pub async fn the_log_as_lines_verifies(store: Shared) {
    assert_eq!(store.last_checkpoint_holds().await.unwrap(), None);
    for version in 0..9 {
        let one = append("r", version, vec![event("step")]);
        store.append(one, None).await.unwrap();
        if version % 3 == 0 {
            store.checkpoint(at(version as i64)).await.unwrap();
        }
    }
    let text = store.ledger_export(9).await.unwrap().unwrap();
    let key = store.log_key().await.unwrap().parse().unwrap();
    let mut verifier = Verifier::new(Trust {
        key: Some(key),
        ..Trust::default()
    });
    for line in text.lines() {
        verifier.line(line.as_bytes()).unwrap();
    }
    let verdict = verifier.finish().unwrap();
    assert!(verdict.sound(), "{:?}", verdict.findings);
    assert_eq!(
        (verdict.entries, verdict.signed, verdict.checkpoints),
        (9, 7, 3)
    );
    let (last, holds) = store.last_checkpoint_holds().await.unwrap().unwrap();
    assert_eq!((last.size, holds), (7, true));
    assert_eq!(store.ledger_export(8).await.unwrap(), None);
}
