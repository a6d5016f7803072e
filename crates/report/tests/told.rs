//! What was offered and told: to whom, when, and for which child it counts.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test stops at the first surprise")]

mod common;

use common::{Desk, id, officer, pack, state, supervisor};
use jiff::ToSpan;
use report::{Command, ConcernKind, DecideOutcome, Evidence, Means, Ndm, Report, TaskState, Telling, Then, Verdict};

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

/// Two friends after Outcome 21: the advice to delete is all that is left.
fn after_outcome_21() -> Desk {
    let mut desk = Desk::started();
    desk.person("Ann", &["age=14", "part=pictured+made+sent", "identified=yes"]);
    desk.person("Ben", &["age=14", "part=received", "identified=yes"]);
    desk.nothing_wrong("A", true);
    desk.nothing_wrong("B", false);
    desk.ok(Command::AddPlace { address: "1 Example Street".into(), why: String::new() });
    for _ in 0..5 {
        desk.do_what_is_due();
    }
    desk.by(supervisor(), desk.review(Verdict::Agree));
    desk.ok(Command::DecideOutcome(DecideOutcome {
        code: "21".into(),
        report: true,
        persons: vec![id("A"), id("B")],
        reason: "proportionate".into(),
        ndm: Ndm::default(),
    }));
    desk
}

#[test]
fn what_they_say_of_deleting_is_noted_beside_the_advice_and_is_not_what_makes_it_given() {
    let mut desk = after_outcome_21();
    let at = desk.now;
    let told = |then| Evidence::Told {
        who: "Ann and her mother".into(),
        by: "PC olive".into(),
        telling: Telling::Told { at, means: Means::InPerson, asked: String::new(), then },
        before_checks_because: String::new(),
    };
    let later = |when: &str| Some(Then::Later { when: when.to_owned() });
    let advice = "deletion-advice:A";
    assert_eq!(state(&desk, advice), Some(TaskState::Due));
    assert_eq!(refused(&mut desk, record(advice, told(later(" ")))), ["came_of_it_when"]);
    // Where the pack does not ask it, it is no answer; of one visit it goes only where it was asked.
    assert_eq!(refused(&mut desk, record("outcome-explained:A", told(Some(Then::Done)))), ["came_of_it"]);
    for (then, says) in [
        (None, "Ann and her mother told in person"),
        (later("tonight"), "Ann and her mother told in person; by what they say, it will be done: tonight"),
        (Some(Then::NotKnown), "Ann and her mother told in person; not known yet whether it is done"),
        (Some(Then::NotDone), "Ann and her mother told in person; by what they say, it is not done"),
        (Some(Then::Done), "Ann and her mother told in person; by what they say, it is done"),
    ] {
        desk.ok(record(advice, told(then)));
        assert_eq!(desk.view().timeline.into_iter().last().unwrap().detail, says);
        assert_eq!(state(&desk, advice), Some(TaskState::Done), "{says}");
    }
    let duties = ["deletion-advice:B", "outcome-explained:A"];
    let each = duties.map(|duty| (id(duty), told(Some(Then::Done))));
    desk.ok(Command::RecordTellings { each: each.into() });
    let kept = |duty: &str| match &desk.report.evidence_for(&id(duty)).last().unwrap().evidence {
        Evidence::Told { telling: Telling::Told { then, .. }, .. } => then.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!((kept("deletion-advice:B"), kept("outcome-explained:A")), (Some(Then::Done), None));
}

/// One visit to two families: each has an entry with its own words, and what is wrong is said of the family it is about.
#[test]
fn what_one_family_asked_is_in_no_entry_of_another() {
    let mut desk = two_children();
    let at = desk.now;
    let told = |who: &str, asked: &str| Evidence::Told {
        who: who.into(),
        by: "PC olive".into(),
        telling: Telling::Told { at, means: Means::InPerson, asked: asked.into(), then: None },
        before_checks_because: String::new(),
    };
    let visit = |b: Evidence| Command::RecordTellings {
        each: vec![
            (id("questions-answered:A"), told("Ann and her mother", "will school know")),
            (id("questions-answered:B"), b),
        ],
    };
    for (who, asked, fields) in
        [("", "", &["who.B"][..]), ("Ben\nand his father", "data:image/png;base64,iVBORw0KGgo=", &["who.B", "asked.B"])]
    {
        assert_eq!(refused(&mut desk, visit(told(who, asked))), fields, "{who}");
        assert_eq!(state(&desk, "questions-answered:A"), Some(TaskState::Due), "all or none");
    }
    desk.ok(visit(told("Ben and his father", "")));
    let kept = |duty: &str| match &desk.report.evidence_for(&id(duty)).last().unwrap().evidence {
        Evidence::Told { who, telling: Telling::Told { asked, .. }, .. } => (who.clone(), asked.clone()),
        other => panic!("{other:?}"),
    };
    assert_eq!(kept("questions-answered:A"), ("Ann and her mother".into(), "will school know".into()));
    assert_eq!(kept("questions-answered:B"), ("Ben and his father".into(), String::new()));
}

#[test]
fn the_timeline_says_what_was_done_at_once_and_which_concern_was_answered() {
    let mut desk = two_children();
    let raise = |kind, person: Option<&str>, words: &str, action: &str| Command::RaiseConcern {
        kind,
        person: person.map(id),
        words: words.into(),
        action: action.into(),
    };
    desk.ok(raise(ConcernKind::SelfHarm, Some("A"), "she cannot go on", "an ambulance was called"));
    desk.ok(raise(ConcernKind::Missing, None, "a boy has not come home", ""));
    desk.ok(Command::AnswerConcern { number: 2, answer: "found at a friend's".into() });
    desk.ok(Command::AnswerConcern { number: 1, answer: "safe with an aunt".into() });
    let told = desk.view().timeline;
    let told: Vec<(&str, &str)> = told.iter().map(|told| (told.says.as_str(), told.detail.as_str())).collect();
    for said in [
        (
            "Immediate concern for Ann: self-harm or suicidal thoughts",
            "she cannot go on\nDone at once: an ambulance was called",
        ),
        ("Immediate concern: somebody is missing", "a boy has not come home"),
        ("Concern answered: somebody is missing", "found at a friend's"),
        ("Concern answered for Ann: self-harm or suicidal thoughts", "safe with an aunt"),
    ] {
        assert!(told.contains(&said), "{said:?}: {told:#?}");
    }
}

/// One child's outcome is decided, the other's and that of the report are not: the child hears of it now.
#[test]
fn a_childs_own_outcome_is_explained_once_it_is_decided_whenever_that_of_the_report_is() {
    let mut desk = common::two_children();
    desk.ok(Command::AddPlace { address: "1 Example Street".into(), why: String::new() });
    for _ in 0..5 {
        desk.do_what_is_due();
    }
    desk.by(supervisor(), desk.review(Verdict::Agree));
    let decide = |report: bool, persons: Vec<report::PersonId>| {
        let (code, reason) = ("21".to_owned(), "r".to_owned());
        Command::DecideOutcome(DecideOutcome { code, report, persons, reason, ndm: Ndm::default() })
    };
    desk.ok(decide(false, vec![id("A")]));
    assert_eq!(state(&desk, "outcome-explained:A"), Some(TaskState::Due));
    assert_eq!(state(&desk, "outcome-explained:B"), Some(TaskState::Later));
    // What hangs on the outcome of the report waits for that.
    let early = desk.evidence_for(&id("deletion-advice:A"), "told");
    desk.refused(officer(), early);
    let told = desk.evidence_for(&id("outcome-explained:A"), "told");
    desk.ok(told);
    assert_eq!(state(&desk, "outcome-explained:A"), Some(TaskState::Done));
    desk.ok(decide(true, vec![id("B")]));
    assert_eq!(state(&desk, "outcome-explained:A"), Some(TaskState::Done), "it is the same for the report");
    assert_eq!(state(&desk, "outcome-explained:B"), Some(TaskState::Due));
}
