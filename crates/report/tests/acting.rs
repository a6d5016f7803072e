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
    // Whoever looks after children has to hear of it too.
    assert_eq!((task.state, task.awaits_acknowledgement), (TaskState::PartDone, false));
    assert_eq!(task.last.as_deref(), Some("Police protection by PC olive"));
    let warned = warned(&desk, duty);
    assert!(warned.contains("stepped in"), "{warned}");
    let Command::RecordEvidence { evidence, .. } = desk.evidence_for(&id(duty), "referral") else { panic!() };
    desk.ok(record(duty, evidence));
    assert_eq!(state(&desk, duty), Some(TaskState::Done));
}

/// What is warned of about a duty.
fn warned(desk: &common::Desk, duty: &str) -> String {
    let all = desk.view().warnings.into_iter();
    all.filter(|warning| warning.duties.contains(&id(duty))).map(|warning| warning.says).collect()
}

#[test]
fn what_comes_up_after_somebody_acted_is_acted_on_too() {
    let mut desk = two_children();
    let duty = "immediate-referral:A";
    let act = |desk: &mut common::Desk| {
        let Command::RecordEvidence { evidence, .. } = desk.evidence_for(&id(duty), "referral") else { panic!() };
        desk.ok(record(duty, evidence));
        assert_eq!(state(desk, duty), Some(TaskState::Done));
        assert_eq!(warned(desk, duty), "");
    };
    desk.facts(&["person.A.self_harm_or_suicide=yes".into()]);
    act(&mut desk);
    // The same again, or something about somebody else, is nothing new.
    desk.facts(&["person.A.self_harm_or_suicide=yes".into(), "person.B.missing_now=yes".into()]);
    assert_eq!(state(&desk, duty), Some(TaskState::Done));
    desk.facts(&["person.A.other_concern_of_harm=yes".into()]);
    assert_eq!(state(&desk, duty), Some(TaskState::PartDone));
    assert!(warned(&desk, duty).contains("more has come up"));
    act(&mut desk);
    desk.ok(Command::RaiseConcern {
        kind: ConcernKind::Danger,
        person: Some(id("A")),
        words: "Her mother's partner has threatened her".into(),
        action: String::new(),
    });
    assert_eq!(state(&desk, duty), Some(TaskState::PartDone));
    act(&mut desk);
}

#[test]
fn one_telling_counts_for_all_that_were_done_with_it_or_for_none() {
    let mut desk = two_children();
    let told = |desk: &common::Desk, duties: &[&str]| {
        let Command::RecordEvidence { evidence, .. } = desk.evidence_for(&id(duties[0]), "told") else { panic!() };
        Command::RecordTellings { each: duties.iter().map(|duty| (id(duty), evidence.clone())).collect() }
    };
    let all = ["next-steps-child:A", "next-steps-parent:A", "questions-answered:B"];
    for wrong in ["vpa:A", "outcome-explained:A", "next-steps-child:Z"] {
        let with = told(&desk, &[&all[..], &[wrong]].concat());
        desk.refused(officer(), with);
        assert_eq!(state(&desk, all[0]), Some(TaskState::Due), "{wrong}");
    }
    let checks = Command::RecordTellings { each: vec![(id("identify:A"), common::note())] };
    desk.refused(officer(), checks);
    // Ticked twice is once.
    let twice = told(&desk, &[&all[..], &all[..1]].concat());
    assert_eq!(desk.ok(twice).iter().filter(|e| matches!(e.body, EventBody::EvidenceRecorded { .. })).count(), 3);
    for duty in all {
        assert_eq!(state(&desk, duty), Some(TaskState::Done), "{duty}");
    }
}

#[test]
fn what_somebody_else_says_of_a_concern_is_kept_beside_the_first() {
    let mut desk = two_children();
    let (words, action) = ("a threat".into(), String::new());
    desk.ok(Command::RaiseConcern { kind: ConcernKind::Danger, person: None, words, action });
    let answer = |says: &str| Command::AnswerConcern { number: 1, answer: says.into() };
    desk.ok(answer("safe with her aunt"));
    let seen = desk.report.review_matter(common::pack());
    assert_eq!(desk.ok(answer("safe with her aunt")).len(), 0, "sent twice, it was said once");
    desk.by(common::actor("orla", Role::Officer), answer("her brother was told at ten"));
    let said: Vec<_> = desk.report.concerns[0].answers.iter().map(|a| (a.by.id.to_string(), a.says.as_str())).collect();
    assert_eq!(said, [("olive".to_owned(), "safe with her aunt"), ("orla".to_owned(), "her brother was told at ten")]);
    assert_ne!(desk.report.review_matter(common::pack()), seen, "nobody agrees to what they have not read");
    assert_eq!(desk.report.open_concerns().count(), 0);
}
