//! Who decides that something is erased, and what stands against it.

use report::*;
use serde_json::json;

use super::common::{Desk, id, officer, pack};
use super::{NOW, decide_by, outcome, person, report, says};

fn erase(person: Option<&str>, reasons: &str, confirmed: &[&str]) -> Command {
    Command::DecideErasure {
        person: person.map(id),
        reasons: reasons.into(),
        confirmed: confirmed.iter().map(|id| (*id).to_owned()).collect(),
    }
}

#[test]
fn nobody_erases_what_they_worked_on() {
    let mut bodies = person("A", &[], "");
    bodies.push(json!({"type": "allocated", "allocation": {"to": "works", "name": "W", "unit": "Team 1"}}));
    let report = report(&bodies, "2026-11-24T12:00:00Z");
    assert!(
        says(decide_by(&report, "works", erase(None, "past its time", &[]), pack()))[0].contains("Another supervisor")
    );
    // Olive began it, and became a supervisor since.
    let context =
        Context { at: NOW.parse().unwrap(), actor: Actor { role: Role::Supervisor, ..officer() }, command: id("c") };
    assert!(decide(&report, erase(None, "past its time", &[]), &context, pack()).is_err());
    assert!(says(decide_by(&report, "olive", erase(None, "past", &[]), pack()))[0].contains("Only a supervisor"));
    let decided = decide_by(&report, "sam", erase(Some("A"), "past its time", &[]), pack()).unwrap();
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
    let said = says(decide_by(&held, "sam", erase(None, "Ann is of age", &[]), pack()));
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
        let said = says(decide_by(&held, "sam", erase(None, reasons, &[]), pack()));
        assert!(said.iter().any(|line| line.contains("is a name of somebody")), "{reasons}: {said:#?}");
    }
    let said = says(decide_by(&held, "sam", erase(None, "an examplar of nothing", &[]), pack()));
    assert!(!said.iter().any(|line| line.contains("is a name of somebody")), "{said:#?}");
    bodies.push(json!({"type": "concern-answered", "number": 1, "answer": "seen"}));
    bodies.push(json!({"type": "referral-acknowledged", "duty": "child-protection-referral:A", "number": 1, "acknowledgement": {"by": "them", "at": "2020-01-01T12:00:00Z"}}));
    bodies.push(json!({"type": "emergency-reviewed", "number": 1, "finding": "justified", "words": "w"}));
    let freed = report(&bodies, "2026-11-24T12:00:00Z");
    assert_eq!(
        says(decide_by(&freed, "sam", erase(None, "of age", &["linked"]), pack())).len(),
        1,
        "one of two confirmed"
    );
    decide_by(&freed, "sam", erase(None, "of age", &["linked", "charged"]), pack()).unwrap();
    assert!(says(decide_by(&freed, "sam", erase(Some("Z"), "of age", &[]), pack()))[0].contains("not in this report"));
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
