//! An outcome that was decided on facts that have changed is told, is to be decided again, and nobody agrees past it; what the law
//! does not allow is not decided at all; and nobody reviews their own answers.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test stops at the first surprise")]

mod common;

use common::{Desk, full, id, officer, pack, supervisor, two_children};
use guidance::Value;
use report::*;

fn decide(code: &str, report: bool, persons: &[&str]) -> Command {
    let persons = persons.iter().map(|person| id(person)).collect();
    Command::DecideOutcome(DecideOutcome { code: code.into(), report, persons, reason: "r".into(), ndm: full() })
}

/// B, who is 16, threatened A and is charged.
fn charged() -> Desk {
    let mut desk = two_children();
    desk.ok(Command::AddPlace { address: "1 Example Street".into(), why: "where it happened".into() });
    let facts =
        ["person.B.age=16", "person.B.threatened=yes", "person.B.extorted=yes", "report.sufficient_evidence=yes"];
    desk.facts(&facts.map(str::to_owned));
    while desk.do_what_is_due() > 0 {}
    desk.ok(decide("1", true, &["B"]));
    assert_eq!(desk.view().overtaken, []);
    desk
}

fn of<'a>(view: &'a View, person: &str) -> Option<&'a Overtaken> {
    view.overtaken.iter().find(|one| one.person == Some(id(person)))
}

#[test]
fn a_charge_of_somebody_who_turns_out_to_be_nine_is_told_and_decided_again() {
    let mut desk = charged();
    desk.facts(&["person.B.age=9".to_owned()]);
    let view = desk.view();
    let told = of(&view, "B").unwrap();
    assert_eq!((told.code.as_str(), told.again), ("1", true));
    for part in ["Outcome 1 for Ben", "can no longer stand", "tell whoever acted on it"] {
        assert!(told.says.contains(part), "{}", told.says);
    }
    assert!(told.because.iter().any(|fact| fact.as_str() == "person.B.age"), "{:?}", told.because);
    assert!(told.reasons.iter().any(|why| why.contains("no criminal responsibility")), "{:?}", told.reasons);
    assert!(view.outcomes_to_decide.contains(&id("B")), "{:?}", view.outcomes_to_decide);
    let says = |view: &View| view.gates.iter().filter(|gate| gate.says.contains("Outcome 1 for Ben")).count();
    assert_eq!(says(&view), 1, "said once: {:?}", view.gates);
    while desk.do_what_is_due() > 0 {}
    desk.by(supervisor(), desk.review(Verdict::Agree));
    assert!(of(&desk.view(), "B").is_some(), "agreeing does not mend a decision");
    desk.ok(decide("11", false, &["B"]));
    let view = desk.view();
    assert!(of(&view, "B").is_none(), "{:?}", view.overtaken);
    assert!(!view.outcomes_to_decide.contains(&id("B")));
}

#[test]
fn a_child_who_turns_out_to_be_grown_up_has_no_outcome_here_and_a_supervisor_agrees_to_that() {
    let mut desk = charged();
    desk.facts(&["person.B.age=19".to_owned()]);
    let view = desk.view();
    let told = of(&view, "B").unwrap();
    assert!(!told.again && told.says.contains("no outcome is decided for them"), "{}", told.says);
    assert!(view.gates.iter().any(|gate| gate.kind == GateKind::Review), "{:?}", view.gates);
    while desk.do_what_is_due() > 0 {}
    desk.by(supervisor(), desk.review(Verdict::Agree));
    assert!(of(&desk.view(), "B").is_none(), "a supervisor has seen it");
}

/// Whoever departed from advice that ruled it out knew of it; what changes afterwards is told all the same.
#[test]
fn a_departure_is_told_only_where_the_facts_have_changed_since() {
    let mut desk = two_children();
    desk.ok(decide("1", false, &["B"]));
    assert_eq!(desk.view().overtaken, [], "nothing aggravating is known, and that was known");
    desk.facts(&["person.B.age=9".to_owned()]);
    let view = desk.view();
    assert!(of(&view, "B").is_some(), "{:?}", view.overtaken);
}

#[test]
fn what_the_law_does_not_allow_is_no_departure() {
    let mut desk = two_children();
    for (code, person) in [("3", "B"), ("11", "B")] {
        let says = desk.refused(officer(), decide(code, false, &[person])).to_string();
        assert!(says.contains(&format!("The law does not allow Outcome {code} for Ben")), "{says}");
    }
    desk.ok(decide("2", false, &["B"]));
    desk.facts(&["person.B.age=9".to_owned()]);
    let says = desk.refused(officer(), decide("2", false, &["B"])).to_string();
    assert!(says.contains("no criminal responsibility"), "{says}");
}

#[test]
fn nobody_agrees_to_their_own_answers() {
    let mut desk = two_children();
    let other = common::actor("omar", Role::Supervisor);
    let state = |fact: &str, value: &str| Command::StateFacts(vec![StateFact::police(id(fact), Value::word(value))]);
    // What nothing rests on is nobody's hand in it.
    desk.by(supervisor(), state("report.act_on", "2026-11-01"));
    desk.by(supervisor(), desk.review(Verdict::SendBack));
    desk.by(supervisor(), state("person.B.threatened", "yes"));
    let says = desk.refused(supervisor(), desk.review(Verdict::Agree)).to_string();
    assert!(says.starts_with("You cannot review this report now"), "{says}");
    let advised = desk.report.advise(pack()).unwrap();
    let own = desk.report.answers_to_review_of(advised.advice(), &supervisor().id);
    assert_eq!(own, [id("person.B.threatened")]);
    // Once somebody else has looked, it is the record's and no longer theirs.
    desk.by(other, desk.review(Verdict::Agree));
    desk.ok(state("person.B.groomed", "yes"));
    desk.by(supervisor(), desk.review(Verdict::Agree));
}

/// A date of birth that cannot be right with the age given is told before the day of the act is known, too.
#[test]
fn a_date_of_birth_that_does_not_fit_is_told() {
    // Date of birth, age given, day of the act, and what is told. It was reported on 2 November 2026.
    let rows = [
        ("2015-06-01", "14", None, Some("was 11 when it was reported. The age given is 14")),
        ("2011-06-01", "14", None, None),
        ("2015-06-01", "adult", None, Some("The age given is 18 or over")),
        ("2011-06-01", "14", Some("2025-05-01"), Some("was 13 on the day it happened. The age given is 14")),
        ("2026-06-01", "14", Some("2025-05-01"), Some("was not born on the day it happened")),
    ];
    for (born, age, act, told) in rows {
        let mut desk = Desk::started();
        let person = desk.person("Ann", &[&format!("age={age}"), "part=pictured"]);
        let identity =
            Identity { given_names: "Ann".into(), date_of_birth: Some(born.parse().unwrap()), ..Identity::default() };
        desk.ok(Command::StateIdentity { person, identity });
        if let Some(act) = act {
            desk.ok(Command::StateFacts(vec![StateFact::police(id("report.act_on"), Value::word(act))]));
        }
        let missing = desk.view().missing;
        let says = missing.iter().find(|one| matches!(&one.at, Lacks::Check(fact) if fact.name() == "age"));
        match told {
            None => assert!(says.is_none(), "{born}: {says:?}"),
            Some(told) => assert!(says.is_some_and(|one| one.says.contains(told)), "{born}: {says:?}"),
        }
    }
}
