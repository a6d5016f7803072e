//! What was offered and told: to whom, when, and for which child it counts.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test stops at the first surprise")]

mod common;

use common::{Desk, id, officer, pack, state};
use jiff::ToSpan;
use report::{Command, Evidence, Report, TaskState};

fn two_children() -> Desk {
    let mut desk = Desk::started();
    desk.person("Ann", &["age=14", "part=pictured+made+sent"]);
    desk.person("Ben", &["age=14", "part=received"]);
    desk
}

fn record(duty: &str, evidence: Evidence) -> Command {
    Command::RecordEvidence { duty: id(duty), evidence }
}

/// The fields that are refused.
fn refused(desk: &mut Desk, command: Command) -> Vec<String> {
    desk.refused(officer(), command).problems().into_iter().map(|wrong| wrong.field).collect()
}

#[test]
fn what_was_offered_says_to_whom_and_when_and_counts_for_that_child_only() {
    let mut desk = two_children();
    let now = desk.now;
    let offered = |who: &str, at| Evidence::Signposting {
        who: who.to_owned(),
        at,
        services: vec![pack().services()[0].id.clone()],
        declined: Vec::new(),
        leaflet: false,
    };
    for (who, at, fields) in [
        ("", None, &["who", "at"][..]),
        ("Ann\nand her mother", Some(now), &["who"]),
        ("Ann", Some(now + 1.hour()), &["at"]),
        ("Ann", Some(now - 240.hours()), &["at"]),
    ] {
        assert_eq!(refused(&mut desk, record("signposting:A", offered(who, at))), fields, "{who} {at:?}");
    }
    desk.ok(record("signposting:A", offered("Ann and her mother", Some(now))));
    assert_eq!(state(&desk, "signposting:A"), Some(TaskState::Done));
    assert_eq!(state(&desk, "signposting:B"), Some(TaskState::Due));
    let told = desk.view().timeline.into_iter().last().unwrap();
    assert_eq!(told.detail, "Ann and her mother: 1 service offered");
}

#[test]
fn what_was_offered_before_it_was_asked_to_whom_still_counts() {
    let mut desk = two_children();
    let now = desk.now;
    desk.ok(record(
        "signposting:A",
        Evidence::Signposting {
            who: "Ann".into(),
            at: Some(now),
            services: Vec::new(),
            declined: Vec::new(),
            leaflet: true,
        },
    ));
    let lines: Vec<String> = desk.events.iter().map(|event| serde_json::to_string(event).unwrap()).collect();
    let with = lines.iter().find(|line| line.contains(r#""kind":"signposting""#)).unwrap();
    let mut old: serde_json::Value = serde_json::from_str(with).unwrap();
    for field in ["who", "at"] {
        old["body"]["evidence"].as_object_mut().unwrap().remove(field).unwrap();
    }
    let events: Vec<_> = lines
        .iter()
        .map(|line| if line == with { old.to_string() } else { line.clone() })
        .map(|line| serde_json::from_str(&line).unwrap())
        .collect();
    assert!(Report::fold(&events).is_complete(pack(), &id("signposting:A")));
}
