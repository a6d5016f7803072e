//! Recording no crime where the advice is to record one: a departure, looked at by a supervisor, never one line in silence.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test stops at the first surprise")]

mod common;

use common::{Desk, full, id, officer, pack, state, supervisor, two_children};
use guidance::advice::Record;
use report::*;

fn none(ndm: Ndm) -> Command {
    let record = CrimeRecord::NotRecorded { reason: "not in the public interest".into(), victim_told: Answer::No, ndm };
    common::record("crime-record", Evidence::Crime { record })
}

fn filed(desk: &Desk) -> &Filed {
    desk.report.evidence[&id::<DutyId>("crime-record")].last().unwrap()
}

#[test]
fn no_crime_departs_where_what_is_known_amounts_to_one() {
    let mut desk = two_children();
    assert_eq!(desk.view().advice.crime.record, Record::Yes);
    let in_a_line = desk.refused(officer(), none(Ndm::default())).problems();
    assert_eq!((in_a_line.len(), in_a_line[0].field.as_str()), (5, "information"), "{in_a_line:?}");
    desk.ok(none(full()));
    assert!(filed(&desk).departs);
    assert_eq!(state(&desk, "crime-record"), Some(TaskState::Done));
    let asks = |desk: &Desk| desk.view().gates.iter().any(|gate| gate.kind == GateKind::Review);
    assert!(asks(&desk), "a supervisor looks at it");
    desk.by(supervisor(), desk.review(Verdict::Agree));
    assert!(!asks(&desk));
}

/// When it was done, whether that was late, and whether it departs.
fn how(desk: &Desk) -> (Option<jiff::Timestamp>, bool) {
    let view = desk.view();
    let task = view.tasks.into_iter().find(|task| task.evidence == "crime").unwrap();
    assert_eq!(task.state, TaskState::Done);
    (task.done_late, task.departs)
}

#[test]
fn a_crime_recorded_after_its_time_says_since_when_and_one_in_time_says_nothing() {
    let recorded = || {
        let record = CrimeRecord::Recorded { reference: "07/1/26".into(), code: "86/2".into(), persons: Vec::new() };
        common::record("crime-record", Evidence::Crime { record })
    };
    let hours =
        |desk: &mut Desk, hours| desk.now = desk.now.checked_add(jiff::SignedDuration::from_hours(hours)).unwrap();
    let mut desk = two_children();
    desk.ok(recorded());
    assert_eq!(how(&desk), (None, false));
    // Put right a day later: it was there in time.
    hours(&mut desk, 30);
    desk.ok(recorded());
    assert_eq!(how(&desk), (None, false));
    let withdraw = |number| Command::WithdrawEvidence { duty: id("crime-record"), number, reason: "of another".into() };
    desk.ok(withdraw(2));
    assert_eq!(how(&desk), (None, false), "the first one stands");
    desk.ok(withdraw(1));
    desk.ok(none(full()));
    assert_eq!(how(&desk), (Some(desk.now), true), "nothing stood in between");

    let mut desk = two_children();
    hours(&mut desk, 30);
    desk.ok(recorded());
    let late = desk.now;
    hours(&mut desk, 1);
    desk.ok(recorded());
    assert_eq!(how(&desk), (Some(late), false), "late by the first entry, not by the last");
}

#[test]
fn the_timeline_has_the_full_reasons_and_what_was_looked_up() {
    let mut desk = two_children();
    let last = |desk: &Desk| desk.view().timeline.into_iter().rfind(|entry| !entry.detail.is_empty()).unwrap().detail;
    desk.ok(none(full()));
    assert_eq!(
        last(&desk),
        "No crime recorded: not in the public interest\nTold that none is recorded: No\nInformation: what is known\n\
         Threat and risk: who may come to harm\nPowers and policy: the guidance\nOptions: the other ways\n\
         Action and review: done today, looked at tomorrow"
    );
    desk.ok(Command::Depart { duty: id("signposting:A"), reason: "asked for none".into(), ndm: full() });
    let departed = last(&desk);
    assert!(departed.starts_with("asked for none\nInformation: what is known\nThreat and risk: "), "{departed}");
    desk.ok(Command::AddPlace { address: "1 Example Street".into(), why: "home".into() });
    let system = |at: usize| pack().systems()[at].clone();
    let entry = |at: usize, result| CheckEntry { system: system(at).id, place: None, result };
    let entries = vec![
        entry(0, CheckResult::Done { reference: "S-1".into(), found: "known there".into() }),
        entry(1, CheckResult::Cannot { because: "no access tonight".into() }),
    ];
    desk.ok(common::record("checks:A", Evidence::Checks { entries, no_place: String::new() }));
    let expected = format!(
        "1 of 2 systems looked up, 1 could not be\n{}: looked up, S-1. known there\n{}: could not be looked up. no access tonight",
        system(0).name,
        system(1).name
    );
    assert_eq!(last(&desk), expected);
}

#[test]
fn no_crime_in_a_line_is_looked_at_again_once_there_is_one() {
    let mut desk = Desk::started();
    desk.person("Ann", &["age=14", "part=pictured+made+sent", "identified=yes"]);
    desk.facts(&["report.imagery=no".into()]);
    assert_ne!(desk.view().advice.crime.record, Record::Yes);
    desk.ok(none(Ndm::default()));
    assert!(!filed(&desk).departs);
    assert_eq!(state(&desk, "crime-record"), Some(TaskState::Done));
    desk.facts(&["report.imagery=yes".into()]);
    assert_eq!(desk.view().advice.crime.record, Record::Yes);
    assert_eq!(state(&desk, "crime-record"), Some(TaskState::Due), "decided again");
    assert!(filed(&desk).withdrawn.as_ref().unwrap().starts_with("The facts have changed"));
}

#[test]
fn a_record_of_no_crime_from_before_is_still_read() {
    let stored = r#"{"kind": "crime", "recorded": "no", "reason": "none", "victim_told": "no"}"#;
    let read: Evidence = serde_json::from_str(stored).unwrap();
    let record = CrimeRecord::NotRecorded { reason: "none".into(), victim_told: Answer::No, ndm: Ndm::default() };
    assert_eq!(read, Evidence::Crime { record });
}

#[test]
fn a_report_has_several_crimes_each_for_those_whose_part_it_is() {
    let stored = r#"{"kind": "crime", "recorded": "yes", "reference": "07/1/26", "code": "86/2"}"#;
    let read: Evidence = serde_json::from_str(stored).unwrap();
    let crime = |reference: &str, code: &str, persons: &[&str]| {
        let persons = persons.iter().map(|person| id(person)).collect();
        let record = CrimeRecord::Recorded { reference: reference.into(), code: code.into(), persons };
        Evidence::Crime { record }
    };
    assert_eq!(read, crime("07/1/26", "86/2", &[]), "from before it was asked for whom");
    let mut desk = two_children();
    let record = |evidence| common::record("crime-record", evidence);
    let wrong = desk.refused(officer(), record(crime("07/1/26", "86/2", &["A", "Z"]))).problems();
    assert_eq!((wrong.len(), wrong[0].field.as_str()), (1, "persons"), "{wrong:?}");
    desk.ok(record(crime("07/1/26", "86/2", &["A"])));
    desk.ok(record(crime("07/2/26", "86/10", &["B"])));
    let view = desk.view();
    let task = view.tasks.iter().find(|task| task.evidence == "crime").unwrap();
    assert_eq!(task.last.as_deref(), Some("07/1/26, class 86/2; 07/2/26, class 86/10"));
    let detail = view.timeline.into_iter().rfind(|entry| !entry.detail.is_empty()).unwrap().detail;
    assert!(detail.starts_with("07/2/26, class 86/10\nFor: "), "{detail}");
    // To record none after all takes the place of both.
    desk.ok(none(full()));
    let view = desk.view();
    let task = view.tasks.iter().find(|task| task.evidence == "crime").unwrap();
    assert_eq!(task.last.as_deref(), Some("No crime recorded: not in the public interest"));
}
