//! Decisions, departures, review and outcome: who may, with what reasons, and what undoes them.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test stops at the first surprise")]

mod common;

use common::{Desk, actor, decision, full, id, officer, pack, pack_with, record, state, supervisor, two_children};
use guidance::advice::{Class, DeviceAdvice};
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
    desk.ok(Command::AskForReview { note: "please read".into(), by_when: String::new() });
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
            desk.ok(Command::AskForReview { note: String::new(), by_when: String::new() });
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
    desk.ok(Command::AskForReview { note: String::new(), by_when: String::new() });
    assert_eq!(desk.view().status, Status::WaitingForReview);
    desk.by(supervisor(), desk.review(Verdict::SendBack));
    assert_eq!(desk.view().status, Status::SentBack);
    assert_eq!(state(&desk, "supervisor-review"), Some(TaskState::Due));
    desk.ok(Command::AskForReview { note: "done as asked".into(), by_when: String::new() });
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
    assert!(desk.report.outcome(None).unwrap().departs);
    assert_eq!(state(&desk, "outcome-explained:A"), Some(TaskState::Later), "a supervisor agrees first");
    let early = explain(&desk);
    let refused = desk.refused(officer(), early).to_string();
    assert!(refused.contains("A supervisor has to agree to this outcome"), "{refused}");
    desk.by(supervisor(), agree(&desk));
    assert_eq!(state(&desk, "outcome-explained:A"), Some(TaskState::Due));
    let told = explain(&desk);
    desk.ok(told);
    assert_eq!(state(&desk, "outcome-explained:A"), Some(TaskState::Done));
    desk.ok(decide("21"));
    assert_eq!(state(&desk, "outcome-explained:A"), Some(TaskState::Done), "the same outcome");
    desk.ok(decide("22"));
    assert_eq!(state(&desk, "outcome-explained:A"), Some(TaskState::Later), "another outcome, to be agreed to");
    desk.by(supervisor(), desk.review(Verdict::SendBack));
    assert_eq!(state(&desk, "outcome-explained:A"), Some(TaskState::Later), "not agreed to");
    desk.by(supervisor(), agree(&desk));
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

#[test]
fn an_outcome_that_needs_no_review_is_explained_without_one() {
    let mut desk = two_children();
    desk.facts(&["person.B.extorted=yes".into(), "report.sufficient_evidence=yes".into()]);
    for _ in 0..4 {
        desk.do_what_is_due();
    }
    desk.by(supervisor(), desk.review(Verdict::SendBack));
    let charge =
        DecideOutcome { code: "1".into(), report: true, persons: vec![id("B")], reason: "r".into(), ndm: full() };
    desk.ok(Command::DecideOutcome(charge));
    assert!(!desk.report.outcome(None).unwrap().departs, "{:?}", desk.view().advice.outcomes);
    assert_eq!(state(&desk, "outcome-explained:B"), Some(TaskState::Due));
}

#[test]
fn what_a_supervisor_asked_for_is_decided_in_a_line_and_explained_once_they_agree() {
    let mut desk = two_children();
    desk.ok(Command::AddPlace { address: "1 Example Street".into(), why: String::new() });
    for _ in 0..5 {
        desk.do_what_is_due();
    }
    let decide = |code: &str, ndm: Ndm| {
        let (persons, reason) = (vec![id("A"), id("B")], "as was asked".to_owned());
        Command::DecideOutcome(DecideOutcome { code: code.into(), report: true, persons, reason, ndm })
    };
    desk.ok(decide("22", full()));
    assert!(desk.report.outcome(None).unwrap().departs);
    assert_eq!(desk.refused(officer(), decide("21", Ndm::default())).problems().len(), 5, "ahead of the review");
    desk.by(supervisor(), desk.review(Verdict::SendBack));
    desk.ok(Command::WithdrawEvidence { duty: id("vpa:A"), number: 1, reason: "the wrong child".into() });
    assert_eq!(desk.refused(officer(), decide("21", Ndm::default())).problems().len(), 5, "something else is open");
    desk.do_what_is_due();
    desk.ok(decide("21", Ndm::default()));
    let decided = desk.report.outcome(None).unwrap();
    assert_eq!((decided.departs, decided.unreviewed), (false, true));
    assert_eq!(state(&desk, "outcome-explained:A"), Some(TaskState::Later));
    assert!(desk.view().gates.iter().any(|gate| gate.kind == GateKind::Review));
    desk.by(supervisor(), agree(&desk));
    assert_eq!(state(&desk, "outcome-explained:A"), Some(TaskState::Due));
    let told = desk.evidence_for(&id("outcome-explained:A"), "told");
    desk.ok(told);
    assert_eq!(state(&desk, "outcome-explained:A"), Some(TaskState::Done));
}

fn hold(class: Class, reason: &str, ndm: Ndm) -> Command {
    Command::HoldClass { class, reason: reason.into(), ndm }
}

/// What officers hold the class to be, and whether that differs from what it is.
fn held(desk: &Desk) -> Vec<(String, Class, bool)> {
    let now = desk.view().advice.class;
    let all = desk.report.classes_held.iter();
    all.map(|held| (held.by.id.to_string(), held.class, held.differs(now))).collect()
}

#[test]
fn an_officer_holds_another_class_with_the_full_record_and_the_class_stays() {
    use Class::{Aggravated, Experimental, NotInvolved, Undetermined};
    let steps = ["information", "threat_and_risk", "powers_and_policy", "options", "action_and_review"];
    let mut desk = two_children();
    assert_eq!(desk.view().advice.class, Experimental);
    for (class, reason, ndm, fields) in [
        (Experimental, "r", full(), &["class"][..]),
        (NotInvolved, "r", full(), &["class"]),
        (Aggravated, " ", full(), &["reason"]),
        (Aggravated, "r", Ndm::default(), &steps),
    ] {
        let refused = desk.refused(officer(), hold(class, reason, ndm)).problems();
        let about: Vec<&str> = refused.iter().map(|wrong| wrong.field.as_str()).collect();
        assert_eq!(about, fields, "{class:?}");
    }
    let threat = || hold(Aggravated, "the messages read like a threat", full());
    desk.refused(actor("cal", Role::CallHandler), threat());
    desk.by(supervisor(), agree(&desk));
    let before = desk.view().gates.len();
    let made = desk.ok(threat());
    assert_eq!(desk.view().advice.class, Experimental, "the class is derived, and nobody sets it");
    assert_eq!(held(&desk), [("olive".into(), Aggravated, true)]);
    let full_advice = |e: &Event| matches!(&e.body, EventBody::AdviceGiven { full: Some(_), .. });
    assert!(made.iter().any(full_advice), "the advice at the time is kept with it");
    let says = "Officer's view of the class: Aggravated. The guidance says: Experimental (departs from the advice)";
    assert!(
        desk.view().timeline.iter().any(|e| e.says == says && e.detail.starts_with("the messages read like a threat"))
    );
    assert_eq!(desk.ok(threat()).len(), 0, "said twice");

    // What was agreed to is not what the record says now.
    assert!(!desk.report.is_agreed(pack()));
    assert_eq!(desk.view().gates.len(), before + 1);
    desk.refused(officer(), agree(&desk));
    desk.by(supervisor(), agree(&desk));
    assert_eq!(desk.view().gates.len(), before);

    // The last that somebody said counts, beside what others say; nobody reviews what they hold themselves.
    desk.ok(hold(Undetermined, "nobody has read them all", full()));
    desk.by(actor("sue", Role::Supervisor), threat());
    assert_eq!(held(&desk), [("olive".into(), Undetermined, true), ("sue".into(), Aggravated, true)]);
    desk.refused(actor("sue", Role::Supervisor), agree(&desk));
    desk.by(supervisor(), agree(&desk));

    // The facts change, and what one of them held is what the guidance says.
    desk.facts(&["person.A.threatened=yes".into()]);
    assert_eq!(held(&desk), [("olive".into(), Undetermined, true), ("sue".into(), Aggravated, false)]);
    let back = || Command::HoldClassNoLonger { reason: "read them all".into() };
    desk.refused(actor("orla", Role::Officer), back());
    desk.refused(officer(), Command::HoldClassNoLonger { reason: String::new() });
    desk.ok(back());
    assert_eq!(held(&desk), [("sue".into(), Aggravated, false)]);
    desk.refused(officer(), back());
}

#[test]
fn the_class_of_a_closed_report_is_not_held_to_be_another() {
    let mut desk = Desk::started();
    desk.ok(Command::AskToEnd { same_as: None, reason: "the wrong form".into() });
    desk.by(supervisor(), agree(&desk));
    let refused = desk.refused(officer(), hold(Class::Aggravated, "r", full())).to_string();
    assert!(refused.contains("This report is closed"), "{refused}");
}
