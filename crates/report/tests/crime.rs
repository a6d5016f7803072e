//! Recording no crime where the advice is to record one: a departure, looked at by a supervisor, never one line in silence.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test stops at the first surprise")]

mod common;

use common::{Desk, full, id, officer, state, supervisor, two_children};
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
