//! Every kind of event that was ever stored, held against a table of what the log calls it.

use std::collections::{BTreeMap, BTreeSet};

use report::{Event, Report};
use store::Operation;

use super::{given_by, operation};
use crate::shared::looks::told;

/// Every kind of event and of evidence there has ever been.
const STORED: &str = include_str!("../../../../report/tests/fixtures/events-v1.jsonl");

/// What each is called: the kind, for evidence with its kind, and `again` for what is stated a second time.
const TABLE: &str = include_str!("operations.txt");

fn events() -> Vec<Event> {
    let lines = STORED.lines();
    let mut events: Vec<Event> = lines.map(|line| serde_json::from_str(line).unwrap()).collect();
    // Of whom the stored ones say something without ever adding them.
    let added = |event: &&Event| word(event) == "person-added";
    let other = events.iter().find(added).unwrap();
    events.insert(1, with(other, "person", serde_json::json!("B")));
    events
}

/// The word of an event in the table.
fn word(event: &Event) -> String {
    let body = serde_json::to_value(&event.body).unwrap();
    let kind = body["type"].as_str().unwrap();
    match body["evidence"]["kind"].as_str() {
        Some(evidence) => format!("{kind} {evidence}"),
        None => kind.to_owned(),
    }
}

/// The event with something of its body in another way.
fn with(event: &Event, field: &str, value: serde_json::Value) -> Event {
    let mut json = serde_json::to_value(event).unwrap();
    json["body"][field] = value;
    serde_json::from_value(json).unwrap()
}

#[test]
fn every_kind_of_event_has_its_operation() {
    let table: BTreeMap<&str, &str> = TABLE
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| line.split_once(": ").unwrap())
        .collect();
    let (events, mut seen) = (events(), BTreeSet::new());
    let nothing = Report::default();
    let mut check = |case: String, before: &Report, earlier: &[Event], event: &Event| {
        let found = operation(before, earlier, &event.body).word();
        assert_eq!(table.get(case.as_str()), Some(&found), "{case}");
        // Whatever gives somebody something has a word for to whom, which auditors read.
        let how = given_by(&event.body);
        assert_eq!(how.is_some(), found == Operation::Disclose.word(), "{case}");
        let says = how.map(|how| told(&format!("{case}:{how}")));
        assert_ne!(says, Some(told("said in the report alone")), "{case}");
        seen.insert(case);
    };
    for event in &events {
        check(word(event), &nothing, &[], event);
        // Said a second time: in a later step, and in the same one.
        let mut all = events.clone();
        let place = events.iter().position(|one| one.body == event.body);
        all.truncate(place.unwrap() + 1);
        let again = format!("{} again", word(event));
        if table.contains_key(again.as_str()) {
            check(again.clone(), &Report::fold(&all), &[], event);
            check(again, &nothing, std::slice::from_ref(event), event);
        } else {
            let later = operation(&Report::fold(&all), &[], &event.body);
            assert_eq!(later, operation(&nothing, &[], &event.body), "{again}");
        }
    }
    let find = |kind: &str| events.iter().find(|event| word(event) == kind).unwrap();
    let carried = serde_json::json!(["r-9", "A"]);
    let carried = with(find("person-added"), "carried_from", carried);
    check("person-added carried".to_owned(), &nothing, &[], &carried);
    for (kind, variant) in [("evidence-recorded told", TOLD), ("evidence-recorded crime", CRIME)] {
        for (case, text) in variant {
            let value = serde_json::from_str(text).unwrap();
            let event = with(find(kind), "evidence", value);
            check(format!("{kind} {case}"), &nothing, &[], &event);
        }
    }
    let listed: BTreeSet<String> = table.keys().map(|&case| case.to_owned()).collect();
    assert_eq!(seen, listed, "the table lists what no event is");
}

const TOLD: &[(&str, &str)] =
    &[("no", r#"{"kind": "told", "who": "the mother", "by": "PC Example", "told": "no", "because": "asked not to"}"#)];

const CRIME: &[(&str, &str)] = &[
    ("explained", r#"{"kind": "crime", "recorded": "no", "reason": "none", "victim_told": "yes"}"#),
    ("not-explained", r#"{"kind": "crime", "recorded": "no", "reason": "none", "victim_told": "no"}"#),
];

#[test]
fn what_another_person_is_said_to_be_is_no_change_of_the_first() {
    let events = events();
    let named = events.iter().find(|event| word(event) == "identity-stated").unwrap();
    let other = with(named, "person", serde_json::json!("Z"));
    let report = Report::fold(&events);
    assert_eq!(operation(&report, std::slice::from_ref(named), &other.body), Operation::Collect);
}
