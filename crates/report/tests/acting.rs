//! Stepping in, leaving what is only offered, and telling several at one visit.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test stops at the first surprise")]

mod common;

use common::{id, officer, record, state, two_children};
use report::*;

#[test]
fn what_is_only_offered_is_left_with_a_line() {
    let mut desk = two_children();
    desk.facts(&["person.A.in_care=yes".into()]);
    let leave =
        |duty: &str, reason: &str| Command::Depart { duty: id(duty), reason: reason.into(), ndm: Ndm::default() };
    // Offered: one reason. Expected and required: the full record.
    for (duty, wrongs) in [("education-support:A", 1), ("strategy-meeting", 6), ("vpa:A", 6)] {
        assert_eq!(desk.refused(officer(), leave(duty, "")).problems().len(), wrongs, "{duty}");
    }
    desk.ok(leave("education-support:A", "the school does it already"));
    assert_eq!(state(&desk, "education-support:A"), Some(TaskState::Departed));
    assert_eq!(desk.refused(officer(), leave("strategy-meeting", "not needed")).problems().len(), 5);
}

#[test]
fn somebody_who_steps_in_has_acted() {
    let mut desk = two_children();
    desk.facts(&["person.A.self_harm_or_suicide=yes".into(), "person.B.in_care=yes".into()]);
    let now = desk.now;
    let stepped = |what: &str, by: &str, words: &str| Evidence::SteppedIn {
        what: what.into(),
        by: by.into(),
        at: now,
        words: words.into(),
    };
    let duty = "immediate-referral:A";
    for (evidence, fields) in [
        (stepped("", "", ""), &["what", "by"][..]),
        (stepped("pigeon", "PC olive", ""), &["what"]),
        (stepped("other", "PC olive", ""), &["words"]),
    ] {
        let wrongs = desk.refused(officer(), record(duty, evidence)).problems();
        assert_eq!(wrongs.iter().map(|w| w.field.as_str()).collect::<Vec<_>>(), fields);
    }
    // A child protection referral has nothing that stands in for it.
    desk.refused(officer(), record("child-protection-referral:B", stepped("police-protection", "PC olive", "")));
    desk.ok(record(duty, stepped("police-protection", "PC olive", "")));
    let task = desk.view().tasks.into_iter().find(|t| t.id.as_str() == duty).unwrap();
    assert_eq!((task.state, task.awaits_acknowledgement), (TaskState::Done, false));
    assert_eq!(task.last.as_deref(), Some("police protection by PC olive"));
}

#[test]
fn one_telling_counts_for_all_that_were_done_with_it_or_for_none() {
    let mut desk = two_children();
    let told = |desk: &common::Desk, duties: &[&str]| {
        let Command::RecordEvidence { evidence, .. } = desk.evidence_for(&id(duties[0]), "told") else { panic!() };
        Command::RecordEvidenceFor { duties: duties.iter().map(|duty| id(duty)).collect(), evidence }
    };
    let all = ["next-steps-child:A", "next-steps-parent:A", "questions-answered:B"];
    for wrong in ["vpa:A", "outcome-explained:A", "next-steps-child:Z"] {
        let with = told(&desk, &[&all[..], &[wrong]].concat());
        desk.refused(officer(), with);
        assert_eq!(state(&desk, all[0]), Some(TaskState::Due), "{wrong}");
    }
    let checks = Command::RecordEvidenceFor { duties: vec![id("identify:A")], evidence: common::note() };
    desk.refused(officer(), checks);
    // Ticked twice is once.
    let twice = told(&desk, &[&all[..], &all[..1]].concat());
    assert_eq!(desk.ok(twice).iter().filter(|e| matches!(e.body, EventBody::EvidenceRecorded { .. })).count(), 3);
    for duty in all {
        assert_eq!(state(&desk, duty), Some(TaskState::Done), "{duty}");
    }
}
