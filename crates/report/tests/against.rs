//! What the pack says of a choice counts, whatever whoever decides thinks of it: it may speak against an outcome, depart from what
//! the duty asks, or be taken only with somebody else. And nobody has an outcome decided of whom the advice says nothing.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test stops at the first surprise")]

mod common;

use common::{Desk, decision, full, id, officer, pack, record, state, supervisor, two_children};
use guidance::advice::OutcomeState;
use report::*;

fn decided(choice: Choice, consulted: &str, ndm: Ndm) -> Evidence {
    let Evidence::Decision(mut decision) = decision(choice) else { panic!() };
    (decision.consulted, decision.ndm) = (consulted.into(), ndm);
    Evidence::Decision(decision)
}

fn outcome(code: &str, report: bool, persons: &[&str], ndm: Ndm) -> Command {
    let persons = persons.iter().map(|person| id(person)).collect();
    Command::DecideOutcome(DecideOutcome { code: code.into(), report, persons, reason: "r".into(), ndm })
}

/// Everything done and agreed to, with these answers and decisions.
fn agreed(facts: &[&str], decisions: &[(&str, Choice)]) -> Desk {
    let mut desk = two_children();
    desk.ok(Command::AddPlace { address: "1 Example Street".into(), why: "where it happened".into() });
    desk.facts(&facts.iter().map(|fact| (*fact).to_owned()).collect::<Vec<_>>());
    for (duty, choice) in decisions {
        desk.ok(record(duty, decided(*choice, "Registrar Example", Ndm::default())));
    }
    while desk.do_what_is_due() > 0 {}
    desk.by(supervisor(), desk.review(Verdict::Agree));
    desk
}

fn open_for(desk: &Desk, whom: Option<&str>) -> bool {
    let view = desk.view();
    let outcome = view.advice.outcomes.iter().find(|o| o.code == "21" && o.subject.as_deref() == whom).unwrap();
    let person = whom.map(id::<PersonId>);
    assert_eq!(outcome.state, OutcomeState::Open, "the engine knows that it was decided, and not what: {outcome:?}");
    desk.report.decided_against(pack(), &view.advice, "21", person.as_ref()).is_none()
}

#[test]
fn a_decision_against_an_outcome_does_not_open_it() {
    let (persistent, evidence) = ("person.B.persistent=yes", "report.sufficient_evidence=yes");
    let (of_child, of_report) = ("persistence-decision:B", "evidence-decision");
    // What was decided, and whether Outcome 21 is open for the report, for A and for B.
    let rows: [(&str, &str, Choice, [bool; 3]); 5] = [
        (persistent, of_child, Choice::Yes, [true, true, true]),
        (persistent, of_child, Choice::No, [true, true, false]),
        (persistent, of_child, Choice::Other, [true, true, false]),
        (evidence, of_report, Choice::No, [true, true, true]),
        (evidence, of_report, Choice::Yes, [false, false, false]),
    ];
    for (fact, duty, choice, expected) in rows {
        let mut desk = agreed(&[fact], &[(duty, choice)]);
        assert_eq!(state(&desk, duty), Some(TaskState::Done), "{duty} {choice:?}");
        let everybody = [None, Some("A"), Some("B")];
        assert_eq!(everybody.map(|whom| open_for(&desk, whom)), expected, "{duty} {choice:?}");
        for (whom, open) in everybody.into_iter().zip(expected) {
            let of_whom: Vec<&str> = whom.into_iter().collect();
            let in_a_line = outcome("21", whom.is_none(), &of_whom, Ndm::default());
            if open {
                desk.ok(in_a_line);
            } else {
                assert_eq!(desk.refused(officer(), in_a_line).problems().len(), 5, "the full record: {whom:?}");
                desk.ok(outcome("21", whom.is_none(), &of_whom, full()));
            }
            assert_eq!(desk.report.outcomes.last().unwrap().departs, !open, "{whom:?}");
        }
    }
}

#[test]
fn who_decided_against_it_is_known_and_a_later_decision_takes_its_place() {
    let mut desk = agreed(&["person.B.persistent=yes"], &[("persistence-decision:B", Choice::No)]);
    let against = |desk: &Desk, whom: Option<&str>| {
        let person = whom.map(id::<PersonId>);
        desk.report.decided_against(pack(), &desk.view().advice, "21", person.as_ref())
    };
    let found = against(&desk, Some("B")).unwrap();
    assert_eq!((found.words.as_str(), found.by.name.as_str()), ("Outcome 21 is not right for this child", "PC olive"));
    assert_eq!(found.duty.as_str(), "persistence-decision:B");

    // Nobody is left for whom it could be decided.
    desk.facts(&["person.A.persistent=yes".into()]);
    desk.ok(record("persistence-decision:A", decision(Choice::Other)));
    assert!(against(&desk, None).is_some());

    desk.ok(record("persistence-decision:A", decision(Choice::Yes)));
    desk.ok(record("persistence-decision:B", decision(Choice::Yes)));
    assert_eq!([None, Some("A"), Some("B")].map(|whom| against(&desk, whom)), [None, None, None]);

    // Decided in one line, and against it afterwards: it does not stand in silence.
    desk.by(supervisor(), desk.review(Verdict::Agree));
    desk.ok(outcome("21", true, &["A", "B"], Ndm::default()));
    let told = |desk: &Desk| desk.view().gates.iter().any(|g| g.says.contains("Outcome 21 for Ben does not go with"));
    assert!(!told(&desk));
    desk.ok(record("persistence-decision:B", decision(Choice::No)));
    assert!(told(&desk), "{:?}", desk.view().gates);
}

#[test]
fn a_choice_that_departs_departs_whatever_was_ticked() {
    let mut desk = two_children();
    desk.facts(&["person.A.telling_parents_unsafe=yes".into()]);
    let duty = "parent-not-told-decision:A";
    let with = "Test Social Worker";
    let telling = desk.refused(officer(), record(duty, decided(Choice::DoNot, with, Ndm::default())));
    assert_eq!(telling.problems().len(), 5, "{telling}");
    desk.ok(record(duty, decided(Choice::DoNot, with, full())));
    assert!(desk.report.evidence[&id::<DutyId>(duty)][0].departs);
    desk.ok(record(duty, decided(Choice::DoIt, with, Ndm::default())));
    assert!(!desk.report.evidence[&id::<DutyId>(duty)][1].departs);
}

#[test]
fn whom_the_pack_names_is_consulted_first() {
    let rows = [
        ("person.A.telling_parents_unsafe=yes", "parent-not-told-decision:A", Choice::DoIt, "social care"),
        ("report.sufficient_evidence=yes", "evidence-decision", Choice::No, "registrar or an inspector"),
    ];
    for (fact, duty, choice, whom) in rows {
        let mut desk = two_children();
        desk.facts(&[fact.into()]);
        let alone = desk.refused(officer(), record(duty, decision(choice))).problems();
        assert_eq!((alone.len(), alone[0].field.as_str()), (1, "consulted"), "{alone:?}");
        assert!(alone[0].says.contains(whom), "{alone:?}");
        desk.ok(record(duty, decision(Choice::Later)));
        desk.ok(record(duty, decided(choice, "Somebody Example", Ndm::default())));
        assert_eq!(state(&desk, duty), Some(TaskState::Done));
    }
}

#[test]
fn a_supervisor_agrees_that_parents_are_not_told_whatever_the_outcome_is() {
    let mut desk = two_children();
    desk.facts(&["person.A.telling_parents_unsafe=yes".into()]);
    let asks = |desk: &Desk| desk.view().gates.iter().any(|gate| gate.kind == GateKind::Review);
    assert!(!asks(&desk));
    desk.ok(record("parent-not-told-decision:A", decided(Choice::DoIt, "Test Social Worker", Ndm::default())));
    assert!(asks(&desk), "{:?}", desk.view().gates);
    desk.by(supervisor(), desk.review(Verdict::Agree));
    assert!(!asks(&desk));
}

#[test]
fn what_is_open_for_the_report_is_not_open_for_whom_the_advice_says_nothing_of() {
    let mut desk = two_children();
    desk.facts(&["person.B.threatened=yes".into(), "report.sufficient_evidence=yes".into()]);
    // Ann was harmed: whatever the report's line says, no outcome is hers.
    for code in ["1", "21"] {
        let refusal = desk.refused(officer(), outcome(code, true, &["A", "B"], full())).problems();
        assert_eq!((refusal.len(), refusal[0].field.as_str()), (1, "for"), "{refusal:?}");
        assert!(refusal[0].says.starts_with("No outcome is decided for Ann here"), "{refusal:?}");
    }
    // Only the report has a line for it.
    let refusal = desk.refused(officer(), outcome("14", false, &["B"], full())).problems();
    assert!(refusal[0].says.starts_with("Outcome 14 is never decided for one child"), "{refusal:?}");
    desk.ok(outcome("1", true, &["B"], full()));
}

#[test]
fn an_outcome_of_somebody_who_turns_out_to_be_harmed_holds_nothing_up() {
    let mut desk = agreed(&[], &[]);
    desk.ok(outcome("21", true, &["A", "B"], Ndm::default()));
    desk.facts(&["person.B.threatened=yes".into()]);
    let of_ann = |desk: &Desk| desk.view().gates.iter().any(|g| g.kind == GateKind::Outcome && g.says.contains("Ann"));
    assert!(!of_ann(&desk), "it cannot be decided again, and counts for nothing: {:?}", desk.view().gates);
}
