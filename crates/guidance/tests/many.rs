//! As many people and devices as a report can have: every one of them is advised on.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use std::fmt::Write as _;

use common::random::NINE;
use guidance::advice::{Class, DeviceAdvice};

/// What a report can have of each.
const MOST: usize = 60;

/// Sixty children, each with a telephone. The first is in the image and sent it, the others received it. The last one is said to
/// have threatened somebody, or not.
fn report(threatened: &str) -> String {
    let mut text = "[report]\nimagery = \"yes\"\n".to_owned();
    for number in 1..=MOST {
        let part = if number == 1 { "\"pictured\", \"made\", \"sent\"" } else { "\"received\"" };
        writeln!(text, "\n[[person]]\nid = \"P{number}\"\nage = 15\npart = [{part}]").expect("text");
        if number == 1 {
            text.push_str("aware = \"yes\"\nwilling = \"yes\"\n");
        }
        text.push_str("other_vulnerability = \"no\"\n");
        for name in NINE {
            let value = if number == MOST && name == "threatened" { threatened } else { "no" };
            writeln!(text, "{name} = \"{value}\"").expect("text");
        }
    }
    for number in 1..=MOST {
        writeln!(text, "\n[[device]]\nid = \"D{number}\"\nused_or_owned_by = [\"P{number}\"]").expect("text");
    }
    text
}

#[test]
fn sixty_people_and_sixty_devices_are_all_advised_on() {
    let pack = common::cheshire();
    let advise = |threatened: &str| {
        let facts = pack.read_toml(&report(threatened)).expect("a report within the limits");
        pack.advise(&pack.case(facts))
    };
    for (threatened, class, last, others) in [
        ("no", Class::Experimental, DeviceAdvice::Leave, DeviceAdvice::Leave),
        ("yes", Class::Aggravated, DeviceAdvice::SeizeWherePossible, DeviceAdvice::Preserve),
        ("not-known", Class::Undetermined, DeviceAdvice::Preserve, DeviceAdvice::Preserve),
    ] {
        let advice = advise(threatened);
        assert_eq!(advice.class, class, "{threatened}");
        assert_eq!((advice.persons.len(), advice.devices.len()), (MOST, MOST));
        for number in 1..=MOST {
            let (person, device) = (&advice.persons[&format!("P{number}")], &advice.devices[&format!("D{number}")]);
            let is_last = number == MOST;
            let own = if is_last { class } else { Class::Experimental };
            assert_eq!(person.class, own, "{threatened}: P{number}");
            assert_eq!(device.advice, if is_last { last } else { others }, "{threatened}: D{number}");
            let vpa = format!("vpa:P{number}");
            assert!(advice.duties.iter().any(|duty| duty.id == vpa.as_str()), "{threatened}: {vpa}");
        }
    }
}

#[test]
fn sixty_people_and_sixty_devices_are_decided_with_others() {
    let pack = common::cheshire();
    let case = |threatened: &str| pack.case(pack.read_toml(&report(threatened)).expect("a report within the limits"));
    let cases: Vec<_> = ["no", "yes", "not-known"].map(case).into_iter().collect();
    let mut decided = Vec::new();
    pack.decide_many(&cases, |one| decided.push(one));
    assert_eq!(decided, cases.iter().map(|case| pack.decide(case)).collect::<Vec<_>>());
}
