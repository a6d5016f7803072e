//! Who decides that something is erased, and what stands against it.

use report::*;
use serde_json::json;

use super::common::{Desk, full, id, officer, pack};
use super::{NOW, decide_at, decide_by, outcome, person, report, says};
use guidance::Pack;

fn erase(person: Option<&str>, reasons: &str, confirmed: &[&str]) -> Command {
    Command::DecideErasure {
        person: person.map(id),
        reasons: reasons.into(),
        confirmed: confirmed.iter().map(|id| (*id).to_owned()).collect(),
    }
}

/// Past the day on which any of these is looked at again.
const PAST: &str = "2040-01-10T12:00:00Z";

fn past(report: &Report, who: &str, command: Command, pack: &Pack) -> Result<Vec<EventBody>, Refusal> {
    decide_at(PAST, report, who, command, pack)
}

#[test]
fn nobody_erases_what_they_worked_on() {
    let mut bodies = person("A", &[], "");
    bodies.push(json!({"type": "allocated", "allocation": {"to": "works", "name": "W", "unit": "Team 1"}}));
    let report = report(&bodies, "2026-11-24T12:00:00Z");
    assert!(says(past(&report, "works", erase(None, "past its time", &[]), pack()))[0].contains("Another supervisor"));
    // Olive began it, and became a supervisor since.
    let context =
        Context { at: NOW.parse().unwrap(), actor: Actor { role: Role::Supervisor, ..officer() }, command: id("c") };
    assert!(decide(&report, erase(None, "past its time", &[]), &context, pack()).is_err());
    assert!(says(past(&report, "olive", erase(None, "past", &[]), pack()))[0].contains("Only a supervisor"));
    let decided = past(&report, "sam", erase(Some("A"), "past its time", &[]), pack()).unwrap();
    assert!(matches!(&decided[0], EventBody::ErasureDecided { person: Some(who), .. } if who.as_str() == "A"));
}

#[test]
fn what_stands_against_erasing_is_said_all_at_once() {
    let mut bodies = person("A", &["suspect"], "");
    bodies.push(
        json!({"type": "identity-stated", "person": "A", "identity": {"given_names": "Ann", "family_name": "Example"}}),
    );
    bodies.push(outcome("1", Some("A")));
    bodies.push(
        json!({"type": "report-linked", "link": {"report": "r-2", "reference": "R26-0002", "kind": "same-people"}}),
    );
    bodies.push(json!({"type": "concern-raised", "number": 1, "kind": "harm", "words": "w", "action": "a"}));
    bodies.push(json!({"type": "evidence-recorded", "duty": "child-protection-referral:A", "number": 1, "evidence": {"kind": "referral", "to": "social care", "means": "telephone", "at": "2020-01-01T10:00:00Z", "reference": "CSC-1"}}));
    bodies.push(json!({"type": "opened-in-emergency", "number": 1, "unit": "Team 2", "purpose": "danger", "reason": "r", "until": "2020-01-01T11:00:00Z"}));
    let held = report(&bodies, "2026-11-24T12:00:00Z");
    let said = says(past(&held, "sam", erase(None, "Ann is of age", &[]), pack()));
    for words in [
        "nobody has said that it arrived",
        "said what came of it",
        "has not reviewed that",
        "charged or summonsed",
        "Other reports",
        "“Ann” is a name of somebody in the report",
    ] {
        assert!(said.iter().any(|line| line.contains(words)), "{words}: {said:#?}");
    }
    assert_eq!(said.len(), 6, "{said:#?}");
    for reasons in ["ann is of age", "it was EXAMPLE's matter", "Ann-Example"] {
        let said = says(past(&held, "sam", erase(None, reasons, &[]), pack()));
        assert!(said.iter().any(|line| line.contains("is a name of somebody")), "{reasons}: {said:#?}");
    }
    let said = says(past(&held, "sam", erase(None, "an examplar of nothing", &[]), pack()));
    assert!(!said.iter().any(|line| line.contains("is a name of somebody")), "{said:#?}");
    bodies.push(json!({"type": "concern-answered", "number": 1, "answer": "seen"}));
    bodies.push(json!({"type": "referral-acknowledged", "duty": "child-protection-referral:A", "number": 1, "acknowledgement": {"by": "them", "at": "2020-01-01T12:00:00Z"}}));
    bodies.push(json!({"type": "emergency-reviewed", "number": 1, "finding": "justified", "words": "w"}));
    let freed = report(&bodies, "2026-11-24T12:00:00Z");
    assert_eq!(says(past(&freed, "sam", erase(None, "of age", &["linked"]), pack())).len(), 1, "one of two confirmed");
    past(&freed, "sam", erase(None, "of age", &["linked", "charged"]), pack()).unwrap();
    assert!(says(past(&freed, "sam", erase(Some("Z"), "of age", &[]), pack()))[0].contains("not in this report"));
}

#[test]
fn an_open_report_is_not_decided_about() {
    let desk = Desk::started();
    for command in
        [erase(None, "so", &[]), Command::KeepUntil { until: "2030-01-01".parse().unwrap(), reasons: "so".into() }]
    {
        assert!(says(decide_by(&desk.report, "sam", command, pack()))[0].contains("This report is open"));
    }
}

fn ask(person: Option<&str>, reasons: &str, ndm: Ndm) -> Command {
    Command::AskErasure { person: person.map(id), reasons: reasons.into(), confirmed: Vec::new(), ndm }
}

/// Puts one more event into a report.
fn then(report: &mut Report, who: &str, at: &str, body: serde_json::Value) {
    let version = report.version + 1;
    let actor = json!({"id": who, "name": who, "role": "supervisor"});
    let event = json!({"v": 1, "id": format!("x-{version}"), "report": "r-1", "version": version, "recorded_at": at, "actor": actor, "body": body});
    report.evolve(&serde_json::from_value(event).unwrap());
}

/// Somebody asks, as the command says it.
fn asks(report: &mut Report, who: &str, at: &str, command: Command) {
    let asked = decide_at(at, report, who, command, pack()).unwrap();
    assert!(matches!(asked[0], EventBody::ErasureAsked { .. }), "{asked:?}");
    then(report, who, at, serde_json::to_value(&asked[0]).unwrap());
}

/// Closed on 24 November 2026 with Outcome 21: looked at again on 24 November 2036, or for the witness six years after closing.
fn closed() -> Report {
    let bodies = [person("A", &["person-involved"], ""), vec![outcome("21", None)]].concat();
    report(&bodies, "2026-11-24T12:00:00Z")
}

#[test]
fn before_its_day_one_supervisor_asks_in_full_and_another_agrees() {
    for whose in [None, Some("A")] {
        let mut report = closed();
        let alone = erase(whose, "of no use", &[]);
        let said = says(decide_by(&report, "sam", alone.clone(), pack()));
        assert!(said[0].contains("It is early: the day to look at this again is 24 November 2036"), "{said:?}");
        let said = says(decide_by(&report, "sam", ask(whose, "", Ndm::default()), pack()));
        assert_eq!(said.len(), 6, "the reason and the five steps: {said:#?}");
        asks(&mut report, "sam", NOW, ask(whose, "of no use", full()));
        // Sent twice it is there once, and nobody asks for what was asked for.
        assert!(decide_by(&report, "sam", ask(whose, "of no use", full()), pack()).unwrap().is_empty());
        let again = decide_by(&report, "sue", ask(whose, "of no use", full()), pack());
        assert!(says(again)[0].contains("sam has asked for this already"));
        let said = says(decide_by(&report, "sam", alone.clone(), pack()));
        assert!(said[0].contains("another supervisor has to agree"), "{said:?}");
        let other = if whose.is_none() { Some("A") } else { None };
        let said = says(decide_by(&report, "sue", erase(other, "of no use", &[]), pack()));
        assert!(said[0].contains("It is early"), "another thing was asked for: {said:?}");
        let decided = decide_by(&report, "sue", alone, pack()).unwrap();
        assert!(matches!(decided[0], EventBody::ErasureDecided { .. }), "{decided:?}");
    }
}

#[test]
fn what_was_asked_for_stands_until_it_is_kept_or_opened_again() {
    let mut kept = closed();
    asks(&mut kept, "sam", NOW, ask(None, "of no use", full()));
    then(
        &mut kept,
        "sue",
        "2027-01-11T12:00:00Z",
        json!({"type": "retention-kept", "until": "2030-01-01", "reasons": "so"}),
    );
    let mut opened = closed();
    asks(&mut opened, "sam", NOW, ask(None, "of no use", full()));
    then(&mut opened, "boss", "2027-01-11T12:00:00Z", json!({"type": "reopened", "reason": "new"}));
    then(&mut opened, "boss", "2027-01-12T12:00:00Z", json!({"type": "closed", "note": ""}));
    for report in [kept, opened] {
        let said = decide_at("2027-01-13T12:00:00Z", &report, "sue", erase(None, "of no use", &[]), pack());
        assert!(says(said)[0].contains("It is early"));
    }
}

#[test]
fn one_supervisor_erases_on_the_day_and_moves_no_day_forward() {
    let mut report = closed();
    let at = |when: &str, report: &Report| decide_at(when, report, "sam", erase(None, "past its time", &[]), pack());
    assert!(at("2036-11-23T12:00:00Z", &report).is_err());
    assert!(at("2036-11-24T12:00:00Z", &report).is_ok());
    let needless = decide_at("2036-11-24T12:00:00Z", &report, "sam", ask(None, "past its time", full()), pack());
    assert!(says(needless)[0].contains("nobody else has to agree"));
    // Looked at earlier, it is no less early; kept for longer, it is early for longer.
    then(&mut report, "sam", NOW, json!({"type": "retention-kept", "until": "2027-02-01", "reasons": "so"}));
    assert!(says(at("2027-03-01T12:00:00Z", &report))[0].contains("24 November 2036"));
    // Two took part where somebody else chose the earlier day.
    let sue = |when: &str| decide_at(when, &report, "sue", erase(None, "past its time", &[]), pack());
    assert!(says(sue("2027-01-31T12:00:00Z"))[0].contains("1 February 2027"));
    assert!(sue("2027-03-01T12:00:00Z").is_ok());
    then(
        &mut report,
        "sam",
        "2036-12-01T12:00:00Z",
        json!({"type": "retention-kept", "until": "2040-01-01", "reasons": "so"}),
    );
    assert!(says(at("2038-01-01T12:00:00Z", &report))[0].contains("1 January 2040"));
    assert!(at("2040-01-01T12:00:00Z", &report).is_ok());
}
