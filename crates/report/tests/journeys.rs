//! Whole reports, from the first call to the outcome, under the real pack.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test stops at the first surprise")]

mod common;

use common::{Desk, full, id, officer, pack, state, supervisor};
use guidance::advice::{Class, OutcomeState};
use report::{
    Allocation, Command, DecideOutcome, GateKind, Ndm, ReplayVerdict, Report, Status, TaskState, Verdict, replay,
};

fn two_friends() -> Desk {
    let mut desk = Desk::started();
    assert_eq!(desk.view().status, Status::New);
    desk.ok(Command::Allocate(Allocation { to: id("olive"), name: "PC olive".into(), unit: "Team 1".into() }));
    desk.person("Ann", &["age=14", "part=pictured+made+sent", "identified=yes"]);
    desk.person("Ben", &["age=14", "part=received", "identified=yes"]);
    desk.nothing_wrong("A", true);
    desk.nothing_wrong("B", false);
    desk.ok(Command::AddPlace { address: "1 Example Street".into(), why: "home of A".into() });
    desk.device("A");
    desk
}

fn do_everything(desk: &mut Desk) {
    for _ in 0..5 {
        if desk.do_what_is_due() == 0 {
            return;
        }
    }
    panic!("duties stay due: {:?}", desk.view().gates);
}

fn decide(code: &str, persons: &[&str], ndm: Ndm) -> Command {
    Command::DecideOutcome(DecideOutcome {
        code: code.into(),
        report: true,
        persons: persons.iter().map(|p| id(p)).collect(),
        reason: "proportionate".into(),
        ndm,
    })
}

fn assert_replays(desk: &Desk) {
    assert_eq!(Report::fold(&desk.events), desk.report);
    let results = replay(&desk.events, &[pack()]);
    assert!(results.len() > 5);
    for result in results {
        assert_eq!(result.verdict, ReplayVerdict::Same, "advice at {}", result.version);
    }
}

#[test]
fn an_experimental_report_gets_to_outcome_21() {
    let mut desk = two_friends();
    assert_eq!(desk.view().advice.class, Class::Experimental);
    assert_eq!(desk.view().status, Status::BeingWorkedOn);
    do_everything(&mut desk);
    let view = desk.view();
    assert_eq!(
        view.status,
        Status::ReadyForReview,
        "{:?}",
        view.tasks.iter().filter(|t| t.state != TaskState::Done).collect::<Vec<_>>()
    );

    desk.by(supervisor(), desk.review(Verdict::Agree));
    let open = desk.view().advice.outcomes.into_iter().find(|o| o.code == "21" && o.subject.is_none()).unwrap();
    assert_eq!(open.state, OutcomeState::Open, "{open:?}");

    desk.ok(decide("21", &["A", "B"], Ndm::default()));
    let view = desk.view();
    assert!(view.outcomes_to_decide.is_empty());
    let mut open: Vec<&str> = view.gates.iter().filter_map(report::Gate::duty).map(report::DutyId::duty).collect();
    open.dedup();
    assert_eq!(open, ["outcome-explained", "deletion-advice"], "{:?}", view.gates);

    do_everything(&mut desk);
    assert_eq!(desk.view().gates, []);
    assert_eq!(desk.view().status, Status::ReadyToClose);
    desk.ok(Command::Close { note: String::new() });
    assert_eq!(desk.view().status, Status::Closed);
    assert_replays(&desk);
    let text: Vec<String> = desk.view().timeline.into_iter().map(|e| e.says).collect();
    assert!(text.iter().any(|line| line.starts_with("Outcome 21") && line.ends_with("for the report")), "{text:#?}");
    let projection = desk.report.projection(pack(), desk.now).unwrap().unwrap();
    assert_eq!((projection.state, projection.next_due_at), (Status::Closed, None));
    let stored = serde_json::to_string(&projection).unwrap();
    assert!(!["Ann", "Ben", "Example Street", "Test Teacher"].iter().any(|name| stored.contains(name)), "{stored}");
}

#[test]
fn an_aggravated_report_gets_to_charge_without_a_supervisor() {
    let mut desk = two_friends();
    desk.facts(&[
        "person.B.threatened=yes".into(),
        "person.B.extorted=yes".into(),
        "report.sufficient_evidence=yes".into(),
    ]);
    assert_eq!(desk.view().advice.class, Class::Aggravated);
    do_everything(&mut desk);
    let view = desk.view();
    let is_done = |duty: &str| view.tasks.iter().any(|t| t.id.as_str() == duty && t.state == TaskState::Done);
    for duty in ["child-protection-referral:A", "interview-decision:B", "abe-decision:A", "device-decision:D1"] {
        assert!(is_done(duty), "{duty}");
    }
    assert!(view.tasks.iter().any(|t| t.awaits_acknowledgement));
    let refusal = desk.refused(officer(), decide("21", &[], Ndm::default()));
    assert_eq!(refusal.problems().len(), 5, "Outcome 21 is a departure here and needs all five steps: {refusal}");

    let refusal = desk.refused(officer(), decide("1", &["B"], Ndm::default()));
    assert_eq!(refusal.problems().len(), 5, "a charge stays with somebody, open or not: {refusal}");
    assert!(refusal.to_string().contains("stays with somebody"), "{refusal}");
    desk.ok(decide("1", &["B"], full()));
    let open: Vec<_> = desk.view().outcomes_to_decide.iter().map(|p| p.as_str().to_owned()).collect();
    for child in open {
        desk.ok(Command::DecideOutcome(DecideOutcome {
            code: "1".into(),
            report: false,
            persons: vec![id(&child)],
            reason: "harmed; nothing is taken further against this child".into(),
            ndm: full(),
        }));
    }
    do_everything(&mut desk);
    assert_eq!(desk.view().gates, []);
    assert!(desk.report.reviews.is_empty());
    desk.ok(Command::Close { note: "charged".into() });
    assert_replays(&desk);
}

#[test]
fn what_is_expected_is_not_left_in_silence() {
    let mut desk = two_friends();
    do_everything(&mut desk);
    desk.facts(&["report.uploaded_online=yes".into()]);
    let removal = id("removal-online");
    assert_eq!(state(&desk, "removal-online"), Some(TaskState::Due));
    assert!(desk.view().gates.iter().any(|gate| gate.duty() == Some(&removal)), "{:?}", desk.view().gates);

    desk.ok(Command::Depart { duty: removal.clone(), reason: "the platform has closed".into(), ndm: full() });
    let gates = desk.view().gates;
    assert!(!gates.iter().any(|gate| gate.duty() == Some(&removal)), "{gates:?}");
    assert!(gates.iter().any(|gate| gate.kind == GateKind::Review), "a supervisor looks at a departure: {gates:?}");
}
