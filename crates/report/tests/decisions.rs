//! Decisions, departures, review and outcome: who may, with what reasons, and what undoes them.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test stops at the first surprise")]

mod common;

use common::{Desk, actor, decision, full, id, officer, pack, pack_with, record, state, supervisor, two_children};
use guidance::advice::DeviceAdvice;
use report::*;

/// What somebody does to a report.
type Act = fn(&mut Desk);

fn agree(desk: &Desk) -> Command {
    desk.review(Verdict::Agree)
}

fn concern(desk: &mut Desk) {
    let (words, action) = ("she is afraid".into(), "rang the school".into());
    desk.ok(Command::RaiseConcern { kind: ConcernKind::Danger, person: None, words, action });
}

#[test]
fn nobody_reviews_their_own_work() {
    let cases: [(&str, Act); 8] = [
        ("took the call", |desk| {
            *desk = Desk::empty();
            desk.by(supervisor(), Command::Start(Desk::start()));
        }),
        ("entered a suspect", |desk| {
            let roles = |roles| Command::RecordRoles { person: id("B"), roles, reason: "r".into(), ndm: full() };
            desk.by(supervisor(), roles(vec![PersonRole::Suspect]));
            desk.ok(roles(Vec::new()));
        }),
        ("recorded the crime", |desk| {
            let crime = desk.evidence_for(&id("crime-record"), "crime");
            desk.by(supervisor(), crime);
        }),
        ("filed a form", |desk| {
            let form = desk.form("vpa", &["A"]);
            desk.by(supervisor(), form);
        }),
        ("allocated", |desk| {
            desk.ok(Command::Allocate(Allocation { to: id("sam"), name: "Sam".into(), unit: "Team 1".into() }));
        }),
        ("decided on a device", |desk| {
            desk.by(supervisor(), record("device-decision:D1", decision(Choice::Leave)));
        }),
        ("departed", |desk| {
            let depart = Command::Depart { duty: id("vpa:B"), reason: "filed elsewhere".into(), ndm: full() };
            desk.by(supervisor(), depart);
        }),
        ("decided the outcome", |desk| {
            let decide =
                DecideOutcome { code: "21".into(), report: true, persons: vec![], reason: "r".into(), ndm: full() };
            desk.by(supervisor(), Command::DecideOutcome(decide));
        }),
    ];
    for (what, own) in cases {
        let mut desk = two_children();
        own(&mut desk);
        assert!(matches!(desk.refused(supervisor(), agree(&desk)), Refusal::NotAllowed { .. }), "{what}");
        desk.by(actor("sue", Role::Supervisor), agree(&desk));
    }
    let mut desk = two_children();
    desk.refused(actor("otto", Role::Officer), agree(&desk));
}

#[test]
fn nobody_agrees_to_what_they_have_not_seen() {
    let mut desk = two_children();
    let reviews = [Verdict::Agree, Verdict::SendBack].map(|verdict| desk.review(verdict));
    // What is put aside is no part of what is reviewed.
    desk.ok(Command::AskForReview { note: "please read".into() });
    desk.facts(&["person.B.threatened=yes".into()]);
    for review in reviews {
        let refusal = desk.refused(supervisor(), review);
        assert_eq!(refusal.problems()[0].field, "verdict", "{refusal}");
    }
    assert!(desk.report.reviews.is_empty());
    desk.by(supervisor(), agree(&desk));
}

#[test]
fn a_review_counts_only_for_what_was_reviewed() {
    let changes: [(&str, bool, Act); 9] = [
        ("the role of suspect", false, |desk| {
            let roles = vec![PersonRole::Suspect];
            desk.ok(Command::RecordRoles { person: id("B"), roles, reason: "r".into(), ndm: full() });
        }),
        ("a concern", false, concern),
        ("what came of a concern", false, |desk| {
            concern(desk);
            desk.by(supervisor(), agree(desk));
            desk.ok(Command::AnswerConcern { number: 1, answer: "safe with her aunt".into() });
        }),
        ("that a review was asked for", true, |desk| {
            desk.ok(Command::AskForReview { note: String::new() });
        }),
        ("a fact", false, |desk| desk.facts(&["person.B.persistent=not-known".into()])),
        ("evidence", false, |desk| {
            desk.ok(record("device-decision:D1", decision(Choice::Leave)));
        }),
        ("a departure", false, |desk| {
            desk.ok(Command::Depart { duty: id("vpa:B"), reason: "filed elsewhere".into(), ndm: full() });
        }),
        ("an addendum", true, |desk| {
            desk.ok(Command::AddAddendum { text: "the school rang".into() });
        }),
        ("a name", true, |desk| {
            let identity = Identity { known_as: "Annie".into(), ..Identity::default() };
            desk.ok(Command::StateIdentity { person: id("A"), identity });
        }),
    ];
    for (what, stands, change) in changes {
        let mut desk = two_children();
        desk.by(supervisor(), agree(&desk));
        assert_eq!(state(&desk, "supervisor-review"), Some(TaskState::Done), "{what}");
        change(&mut desk);
        let expected = if stands { TaskState::Done } else { TaskState::Due };
        assert_eq!(state(&desk, "supervisor-review"), Some(expected), "{what}");
    }
}

#[test]
fn sent_back_stays_sent_back_until_a_review_is_asked_for_again() {
    let mut desk = two_children();
    desk.ok(Command::AskForReview { note: String::new() });
    assert_eq!(desk.view().status, Status::WaitingForReview);
    desk.by(supervisor(), desk.review(Verdict::SendBack));
    assert_eq!(desk.view().status, Status::SentBack);
    assert_eq!(state(&desk, "supervisor-review"), Some(TaskState::Due));
    desk.ok(Command::AskForReview { note: "done as asked".into() });
    assert_eq!(desk.view().status, Status::WaitingForReview);
}

#[test]
fn a_decision_that_departs_or_intrudes_needs_the_full_record() {
    let mut desk = two_children();
    assert_eq!(desk.view().advice.devices["D1"].advice, DeviceAdvice::Leave);
    let fields = |refusal: Refusal| refusal.problems().into_iter().map(|w| w.field).collect::<Vec<_>>();
    let ndm = ["information", "threat_and_risk", "powers_and_policy", "options", "action_and_review"];
    let departing = desk.refused(officer(), record("device-decision:D1", decision(Choice::Preserve)));
    assert_eq!(
        fields(departing),
        ndm,
        "preserving where the advice is to leave it departs, whatever the officer ticked"
    );
    let seizing = desk.refused(officer(), record("device-decision:D1", decision(Choice::Seize)));
    assert_eq!(fields(seizing)[5..], ["power", "necessity", "proportionality", "lesser_means"]);
    desk.ok(record("device-decision:D1", decision(Choice::Leave)));
    assert_eq!(state(&desk, "device-decision:D1"), Some(TaskState::Done));

    desk.facts(&["person.A.malicious=yes".into()]);
    assert_eq!(desk.view().advice.devices["D1"].advice, DeviceAdvice::SeizeWherePossible);
    assert_eq!(state(&desk, "device-decision:D1"), Some(TaskState::Due), "the advice changed: decide again");
    let filed = &desk.report.evidence[&id::<DutyId>("device-decision:D1")][0];
    assert!(filed.withdrawn.as_ref().unwrap().contains("now seize-where-possible"));
}

#[test]
fn an_outcome_the_advice_has_not_open_is_a_departure_a_supervisor_agrees_to() {
    let mut desk = two_children();
    let decide = |ndm: Ndm| {
        let persons = vec![id("A"), id("B")];
        Command::DecideOutcome(DecideOutcome { code: "21".into(), report: true, persons, reason: "r".into(), ndm })
    };
    assert_eq!(desk.refused(officer(), decide(Ndm::default())).problems().len(), 5);
    desk.ok(decide(full()));
    assert!(desk.report.outcomes.iter().all(|o| o.departs));
    let asks = |desk: &Desk| desk.view().gates.iter().any(|g| g.says.contains("supervisor"));
    assert!(asks(&desk));
    assert_eq!(desk.view().status, Status::ReadyForReview, "nobody has asked");
    let row = desk.report.projection(pack(), desk.now).unwrap().unwrap();
    assert!(row.waiting_for_review, "a supervisor is told without being asked");
    desk.by(supervisor(), agree(&desk));
    assert!(!asks(&desk));
    let refusal = desk.refused(officer(), Command::Close { note: String::new() });
    assert!(refusal.problems().iter().any(|w| w.field == "welfare-check"), "{refusal}");
    desk.refused(actor("cal", Role::CallHandler), decide(full()));
}

#[test]
fn what_follows_the_outcome_waits_for_it_and_is_explained_again_when_it_changes() {
    let mut desk = two_children();
    assert_eq!(state(&desk, "outcome-explained:A"), Some(TaskState::Later));
    let explain = |desk: &Desk| desk.evidence_for(&id("outcome-explained:A"), "told");
    let early = explain(&desk);
    desk.refused(officer(), early);
    let decide = |code: &str| {
        Command::DecideOutcome(DecideOutcome {
            code: code.into(),
            report: true,
            persons: vec![],
            reason: "r".into(),
            ndm: full(),
        })
    };
    desk.ok(decide("21"));
    let told = explain(&desk);
    desk.ok(told);
    assert_eq!(state(&desk, "outcome-explained:A"), Some(TaskState::Done));
    desk.ok(decide("21"));
    assert_eq!(state(&desk, "outcome-explained:A"), Some(TaskState::Done), "the same outcome");
    desk.ok(decide("22"));
    assert_eq!(state(&desk, "outcome-explained:A"), Some(TaskState::PartDone), "another outcome");
}

#[test]
fn only_what_the_pack_offers_can_be_decided() {
    let cases: [(&str, &[&str]); 3] = [
        ("device-decision:D1", &["leave", "preserve", "seize", "extract", "later"]),
        ("abe-decision:A", &["achieving-best-evidence", "witness-statement", "account-is-enough", "later"]),
        ("interview-decision:B", &["no-interview", "voluntary-interview", "arrest", "later"]),
    ];
    for (duty, offered) in cases {
        for choice in Choice::ALL {
            let mut desk = two_children();
            desk.facts(&["person.B.threatened=yes".into()]);
            let refusal = desk.attempt(officer(), record(duty, decision(*choice))).err();
            let wrong = refusal.into_iter().flat_map(|refusal| refusal.problems());
            let says: Vec<String> = wrong.filter(|w| w.field == "choice").map(|w| w.says).collect();
            let words = says.iter().all(|says| says.starts_with("This cannot be decided here. Select one of: "));
            assert_eq!(
                (says.is_empty(), words),
                (offered.contains(&choice.word()), true),
                "{duty} {choice:?}: {says:?}"
            );
        }
    }
}

#[test]
fn where_the_pack_says_nothing_of_it_a_duty_is_done_or_not() {
    let silent = pack_with(|name, text| {
        let parts = text.split_once("choices = [\n  { value = \"achieving-best-evidence\"");
        match parts.filter(|_| name == "duties.toml") {
            Some((before, from)) => [before, from.split_once("\n]\n").unwrap().1].concat(),
            None => text,
        }
    });
    let mut desk = two_children();
    desk.facts(&["person.B.threatened=yes".into()]);
    for choice in Choice::ALL {
        let context = Context { actor: officer(), at: desk.now, command: id("x") };
        let decided = decide(&desk.report, record("abe-decision:A", decision(*choice)), &context, &silent);
        let refused = decided.err().is_some_and(|refusal| refusal.problems().iter().any(|w| w.field == "choice"));
        assert_eq!(!refused, Choice::UNSAID.contains(choice), "{choice:?}");
    }
}
