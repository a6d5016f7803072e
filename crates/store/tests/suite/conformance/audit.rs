//! What auditors read: looks over all reports, and the log as lines.

use ledger::export::{Trust, Verifier};
use store::{AccessEntry, AccessFilter, Erase, Extent, NewEvent, Operation};

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
        // No look, and only where it is asked for.
        look("s", "b", Operation::SignIn, "Password", 100_000),
    ];
    for look in looks {
        store.note_access(look).await.unwrap();
    }
    let all = AccessFilter::default;
    let cases = [
        (all(), vec![4, 3, 2, 1]),
        (AccessFilter { report: Some(stream("r")), ..all() }, vec![3, 1]),
        (AccessFilter { actor: Some(user_id("a")), ..all() }, vec![2, 1]),
        (AccessFilter { op: Some(Operation::Consult), ..all() }, vec![3, 1]),
        (AccessFilter { op: Some(Operation::SignIn), ..all() }, vec![5]),
        (AccessFilter { from: Some(at(100)), ..all() }, vec![4, 3, 2]),
        (AccessFilter { until: Some(at(100)), ..all() }, vec![1]),
        (AccessFilter { purpose: Some("WEEK".into()), ..all() }, vec![1]),
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
        (AccessFilter { report: Some(stream("none")), ..all() }, vec![]),
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
    let text = store.ledger_export(Extent::Signed).await.unwrap().all().await.unwrap();
    let key = log_key(&*store).await;
    let mut verifier = Verifier::new(Trust { key: Some(key), ..Trust::default() });
    for line in text.lines() {
        verifier.line(line.as_bytes()).unwrap();
    }
    let verdict = verifier.finish().unwrap();
    assert!(verdict.sound(), "{:?}", verdict.findings);
    assert_eq!((verdict.entries, verdict.signed, verdict.checkpoints), (7, 7, 3));
    let (last, holds) = store.last_checkpoint_holds().await.unwrap().unwrap();
    assert_eq!((last.size, holds), (7, true));
}

pub async fn what_was_given_to_others_is_found(store: Shared) {
    let told = |who: &str, seconds: i64| NewEvent {
        actor: who.into(),
        recorded_at: at(seconds),
        operation: Operation::Disclose,
        ..event("evidence-recorded")
    };
    for (name, who) in [("r", "a"), ("s", "b")] {
        let mut row = row(name);
        if name == "s" {
            row.ties.conflicts = vec![user_id("auditor")];
        }
        store.append(append_row(0, row), None).await.unwrap();
        let seconds = if name == "r" { 10 } else { 20 };
        let events = vec![told(who, seconds), event("person-added")];
        store.append(append(name, 1, events), None).await.unwrap();
    }
    // A look that was taken out is on the list of looks.
    let taken = look("r", "a", Operation::Disclose, "Court", 30);
    store.note_access(taken).await.unwrap();
    let all = AccessFilter::default;
    let cases = [
        (all(), vec!["s", "r"]),
        (AccessFilter { report: Some(stream("r")), ..all() }, vec!["r"]),
        (AccessFilter { actor: Some(user_id("b")), ..all() }, vec!["s"]),
        (AccessFilter { from: Some(at(11)), ..all() }, vec!["s"]),
        (AccessFilter { until: Some(at(20)), ..all() }, vec!["r"]),
        (AccessFilter { reader: Some(user_id("auditor")), ..all() }, vec!["r"]),
    ];
    for (filter, wanted) in cases {
        let found = store.disclosed(&filter, None, 10).await.unwrap();
        let streams: Vec<&str> = found.iter().map(|one| one.stream.as_str()).collect();
        assert_eq!(streams, wanted, "{filter:?}");
    }
    let newest = store.disclosed(&all(), None, 1).await.unwrap();
    assert_eq!((newest.len(), newest[0].version), (1, 2));
    assert_eq!((newest[0].kind.as_str(), newest[0].at), ("evidence-recorded", at(20)));
    let before = store.disclosed(&all(), Some(newest[0].leaf), 10).await;
    assert_eq!(before.unwrap()[0].actor, user_id("a"));
}

pub async fn what_was_erased_is_found(store: Shared) {
    for name in ["r", "s"] {
        let mut row = row(name);
        if name == "s" {
            row.ties.conflicts = vec![user_id("auditor")];
        }
        store.append(append_row(0, row), None).await.unwrap();
    }
    let person = "person/A".parse().ok();
    let mut leaves = Vec::new();
    for (name, subject, who, seconds) in [("r", person, "a", 10), ("s", None, "b", 20), ("r", None, "b", 30)] {
        let erase = Erase {
            stream: stream(name),
            subject,
            actor: user_id(who),
            reason: format!("since {seconds}"),
            at: at(seconds),
        };
        leaves.push(store.erase(erase).await.unwrap().leaf);
    }
    let all = AccessFilter::default;
    let report = |name| AccessFilter { report: Some(stream(name)), ..all() };
    let cases = [
        (all(), &["r 30", "s 20", "r 10"][..]),
        (report("r"), &["r 30", "r 10"]),
        (AccessFilter { actor: Some(user_id("a")), ..all() }, &["r 10"]),
        (AccessFilter { from: Some(at(11)), until: Some(at(30)), ..all() }, &["s 20"]),
        (AccessFilter { reader: Some(user_id("auditor")), ..all() }, &["r 30", "r 10"]),
    ];
    for (filter, wanted) in cases {
        let found = store.all_erasures(&filter, None, 10).await.unwrap();
        let told: Vec<String> =
            found.iter().map(|one| format!("{} {}", one.stream, one.at.as_second() - at(0).as_second())).collect();
        assert_eq!(told, wanted, "{filter:?}");
        let reasons = found.iter().map(|one| one.reason.as_deref().unwrap());
        let at = |words: &str| words.split_once(' ').map(|(_, at)| at.to_owned());
        assert!(reasons.zip(wanted).all(|(reason, told)| at(reason) == at(told)));
        assert!(found.iter().all(|one| one.reference.is_some()));
    }
    let before = store.all_erasures(&all(), Some(leaves[2]), 1).await.unwrap();
    assert_eq!((before.len(), before[0].leaf), (1, leaves[1]));
}

pub async fn whoever_has_a_conflict_is_shown_no_look_at_that_report(store: Shared) {
    for name in ["open", "closed"] {
        let mut row = row(name);
        if name == "closed" {
            row.ties.conflicts = vec![user_id("auditor"), user_id("other")];
        }
        store.append(append_row(0, row), None).await.unwrap();
        let opened = look(name, "a", Operation::Consult, "Review", 0);
        store.note_access(opened).await.unwrap();
    }
    let about_none = AccessEntry { stream: None, ..look("open", "a", Operation::Consult, "Search", 1) };
    store.note_access(about_none).await.unwrap();
    let looks = async |reader: Option<&str>, limit: u32| -> Vec<Option<String>> {
        let filter = AccessFilter { reader: reader.map(user_id), ..AccessFilter::default() };
        let found = store.looks(&filter, None, limit).await.unwrap();
        let streams = found.into_iter().map(|look| look.stream);
        streams.map(|stream| stream.map(|id| id.to_string())).collect()
    };
    let (none, open, closed) = (None, Some("open".to_owned()), Some("closed".to_owned()));
    let all = vec![none.clone(), closed, open.clone()];
    assert_eq!(looks(None, 10).await, all);
    assert_eq!(looks(Some("somebody"), 10).await, all);
    assert_eq!(looks(Some("auditor"), 10).await, [none.clone(), open.clone()]);
    // A page is as full as everybody's: what is missing from it says nothing.
    assert_eq!(looks(Some("auditor"), 2).await, [none.clone(), open.clone()]);
    assert_eq!(store.conflicts_of(&user_id("somebody")).await, Ok(vec![]));

    // What was erased stays closed to them.
    let erase =
        Erase { stream: stream("closed"), subject: None, actor: user_id("boss"), reason: "over".into(), at: at(9) };
    store.erase(erase).await.unwrap();
    let conflicts = store.conflicts_of(&user_id("auditor")).await;
    assert_eq!(conflicts, Ok(vec![stream("closed")]));
    assert_eq!(looks(Some("auditor"), 10).await, [none, open]);
}
