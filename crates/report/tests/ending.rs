//! Ending a report that was begun by mistake or twice: asked for with a reason, agreed to by a supervisor, never alone, nothing lost.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test stops at the first surprise")]

mod common;

use common::{Desk, actor, full, id, officer, pack, same_incident, supervisor};
use report::{Answer, Command, ConcernKind, DecideOutcome, Link, Refusal, Role, Safety, Status, Verdict};

fn mistake() -> Command {
    Command::AskToEnd { same_as: None, reason: "a call about something else".into() }
}

fn twice() -> Command {
    Command::AskToEnd { same_as: Some(same_incident()), reason: "the school rang twice".into() }
}

fn danger() -> Command {
    Command::RaiseConcern { kind: ConcernKind::Danger, person: None, words: "a threat".into(), action: String::new() }
}

#[test]
fn a_supervisor_is_asked_and_it_stays_open_until_they_agree() {
    let mut desk = Desk::started();
    desk.person("Ann", &["age=14", "part=pictured"]);
    let before = desk.view().tasks;
    desk.by(actor("cal", Role::CallHandler), twice());
    assert_eq!(desk.view().status, Status::EndingAsked);
    let row = desk.report.projection(pack(), desk.now).unwrap().unwrap();
    assert!(row.waiting_for_review && row.closed_at.is_none() && row.tasks_due > 0);
    assert_eq!(desk.view().tasks.len(), before.len(), "everything that is due stays due");
    assert_eq!(Vec::from_iter(desk.report.standing_links().cloned()), [same_incident()]);
    desk.refused(officer(), Command::Close { note: String::new() });
    desk.refused(officer(), mistake());

    desk.by(supervisor(), desk.review(Verdict::Agree));
    assert_eq!(desk.view().status, Status::Closed);
    let ended = desk.report.ended().unwrap();
    assert_eq!(
        (ended.says().as_str(), ended.reason.as_str()),
        ("the same incident as R26-0000", "the school rang twice")
    );
    assert!(desk.report.person("A").is_some(), "nothing is deleted");
    let told: Vec<String> =
        desk.view().timeline.iter().rev().take(3).map(|e| format!("{}: {}", e.says, e.detail)).collect();
    assert_eq!(told[0], "Closed: Without an outcome: the same incident as R26-0000");
    assert!(desk.view().timeline.iter().any(|e| e.says == "Asked to end this report: the same incident as R26-0000"));

    desk.by(supervisor(), Command::Reopen { reason: "two incidents after all".into() });
    assert_eq!(desk.report.ending, None);
    assert!(!matches!(desk.view().status, Status::EndingAsked | Status::Closed));
}

#[test]
fn sent_back_or_with_a_concern_it_goes_on() {
    let mut desk = Desk::started();
    desk.ok(mistake());
    desk.by(supervisor(), desk.review(Verdict::SendBack));
    assert_eq!((desk.view().status, desk.report.ending.is_some()), (Status::SentBack, false));
    desk.ok(mistake());
    desk.ok(danger());
    assert_eq!(desk.report.ending, None, "somebody may be in danger, whatever it was begun for");
    desk.by(supervisor(), desk.review(Verdict::Agree));
    assert!(!desk.report.is_closed(), "what is agreed to now is the record, and not an end");
}

#[test]
fn whoever_asked_takes_it_back_until_a_supervisor_has_answered_and_nobody_else_does() {
    let mut desk = Desk::started();
    desk.person("Ann", &["age=14", "part=pictured"]);
    let before = (desk.view().status, desk.report.review_matter(pack()));
    desk.refused(officer(), Command::TakeBackEnding);
    desk.ok(twice());
    let seen = desk.review(Verdict::Agree);
    for other in [actor("cal", Role::CallHandler), supervisor()] {
        let refused = desk.refused(other, Command::TakeBackEnding).to_string();
        assert!(refused.contains("only they can withdraw it"), "{refused}");
    }
    desk.ok(Command::TakeBackEnding);
    assert_eq!((desk.view().status, desk.report.review_matter(pack())), before, "it goes on as before");
    assert_eq!(
        Vec::from_iter(desk.report.standing_links().cloned()),
        [same_incident()],
        "that the two belong together stays"
    );
    let last = desk.view().timeline.last().map(|told| told.says.clone());
    assert_eq!(last.as_deref(), Some("Withdrew the request to end this report"));

    // A supervisor who still has the page open ends nothing with it.
    let unseen = desk.refused(supervisor(), seen);
    assert_eq!(unseen.problems()[0].field, "verdict");
    desk.refused(officer(), Command::TakeBackEnding);

    desk.ok(mistake());
    desk.by(supervisor(), desk.review(Verdict::SendBack));
    desk.refused(officer(), Command::TakeBackEnding);
    desk.ok(mistake());
    desk.by(supervisor(), desk.review(Verdict::Agree));
    desk.refused(officer(), Command::TakeBackEnding);
    assert!(desk.report.ended().is_some());
}

#[test]
fn nobody_agrees_to_end_what_they_asked_to_end_or_have_not_seen_asked() {
    let mut desk = Desk::started();
    let seen_before = desk.review(Verdict::Agree);
    desk.by(supervisor(), mistake());
    let own = desk.refused(supervisor(), desk.review(Verdict::Agree));
    assert!(matches!(own, Refusal::NotAllowed { .. }));
    let sue = || actor("sue", Role::Supervisor);
    let unseen = desk.refused(sue(), seen_before);
    assert_eq!(unseen.problems()[0].field, "verdict");
    desk.by(sue(), desk.review(Verdict::Agree));
    assert!(desk.report.is_closed());
}

#[test]
fn it_is_refused_while_somebody_may_be_in_danger_without_a_reason_and_after_an_outcome() {
    let mut desk = Desk::started();
    let bare = desk.refused(officer(), Command::AskToEnd { same_as: None, reason: " ".into() });
    assert_eq!(bare.problems()[0].field, "reason");
    let itself = Link { report: desk.report.id.clone().unwrap(), ..same_incident() };
    let itself = Command::AskToEnd { same_as: Some(itself), reason: "twice".into() };
    assert_eq!(desk.refused(officer(), itself).problems()[0].field, "reference");

    let safety = |answer, danger: &str| {
        let (in_danger, safe_to_talk) = (Some(answer), Some(Answer::NotKnown));
        Command::StateSafety(Safety { in_danger, safe_to_talk, danger: danger.into(), ..Safety::default() })
    };
    desk.ok(safety(Answer::Yes, "a threat"));
    assert!(desk.refused(officer(), mistake()).to_string().contains("no answer yet"));
    desk.ok(Command::AnswerConcern { number: 1, answer: "officers are with the child".into() });
    assert!(desk.refused(officer(), mistake()).to_string().contains("first questions"));
    desk.ok(safety(Answer::No, ""));

    desk.ok(Command::DecideOutcome(DecideOutcome {
        code: "21".into(),
        report: true,
        persons: vec![],
        reason: "r".into(),
        ndm: full(),
    }));
    assert!(desk.refused(officer(), mistake()).to_string().contains("outcome"));
}

fn outcome(report: bool, persons: &[&str]) -> Command {
    let persons = persons.iter().map(|person| id(person)).collect();
    Command::DecideOutcome(DecideOutcome { code: "21".into(), report, persons, reason: "r".into(), ndm: full() })
}

#[test]
fn what_keeps_somebody_safe_comes_before_any_end_whoever_asks_or_agrees() {
    for fact in ["self_harm_or_suicide", "other_concern_of_harm", "missing_now"] {
        let mut desk = Desk::started();
        desk.person("Ann", &["age=14", "part=pictured"]);
        desk.person("Xan", &["age=30", "part=sent"]);
        desk.facts(&[format!("person.A.{fact}=yes")]);
        let says = desk.refused(officer(), mistake()).to_string();
        assert!(says.contains("Do this first: Act now to keep Ann safe"), "{fact}: {says}");
        desk.ok(desk.evidence_for(&id("immediate-referral:A"), "referral"));
        desk.ok(mistake());

        desk.facts(&[format!("person.B.{fact}=yes")]);
        let refused = desk.refused(supervisor(), desk.review(Verdict::Agree));
        assert_eq!(refused.problems()[0].field, "verdict", "{fact}");
        assert!(refused.to_string().contains("send it back"), "{fact}: {refused}");
        assert!(!desk.report.is_closed());
        desk.by(supervisor(), desk.review(Verdict::SendBack));
    }
}

#[test]
fn danger_that_is_not_known_yet_refuses_nothing() {
    let mut desk = Desk::started();
    let safety = |answer| Safety { in_danger: Some(answer), safe_to_talk: Some(Answer::NotKnown), ..Safety::default() };
    desk.ok(Command::StateSafety(safety(Answer::NotKnown)));
    desk.ok(mistake());
    desk.by(supervisor(), desk.review(Verdict::Agree));
    assert!(desk.report.ended().is_some(), "not known is told, and refuses nothing");
}

#[test]
fn an_outcome_and_an_end_without_one_do_not_stand_side_by_side() {
    let mut desk = Desk::started();
    desk.person("Ann", &["age=14", "part=pictured+made"]);
    desk.ok(mistake());
    let refused = desk.refused(officer(), outcome(true, &[]));
    assert!(refused.to_string().contains("a supervisor has to send that back first"), "{refused}");
    desk.by(supervisor(), desk.review(Verdict::SendBack));

    desk.ok(outcome(false, &["A"]));
    let refused = desk.refused(officer(), mistake());
    assert!(refused.to_string().contains("The outcome for Ann is decided"), "{refused}");
    desk.ok(Command::WithdrawEntry { what: report::Thing::Person(id("A")), reason: "not in it".into() });
    desk.ok(mistake());
}
