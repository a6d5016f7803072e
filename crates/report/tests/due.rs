//! What has a time, and what must come before what: working days, planned meetings, the day of the act.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test stops at the first surprise")]

mod common;

use common::{Desk, id, pack, record, two_children};
use guidance::Value;
use jiff::Timestamp;
use report::*;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn lado(desk: &Desk, now: &str) -> Task {
    let view = desk.report.view(pack(), at(now)).unwrap();
    view.tasks.into_iter().find(|t| t.id.as_str() == "lado-referral:C").unwrap()
}

#[test]
fn one_working_day_runs_from_when_it_was_first_known_and_becomes_overdue() {
    let mut desk = two_children();
    desk.person("Coach", &["age=30", "part=requested", "identified=yes"]);
    desk.now = at("2026-12-23T15:00:00Z");
    // The day before Christmas Eve, three minutes past three by the clock of the desk.
    desk.facts(&["person.C.works_with_children=no".into()]);
    desk.facts(&["report.request=yes".into()]);
    desk.facts(&["person.C.works_with_children=yes".into()]);
    let raised = desk.now;
    let due = raised.checked_add(jiff::SignedDuration::from_hours(24)).unwrap();
    desk.facts(&["person.C.online_only=no".into()]);
    let task = lado(&desk, "2026-12-23T16:00:00Z");
    assert_eq!((task.due, task.counted_from, task.overdue), (DueTime::At(due), Some(raised), false));
    assert!(lado(&desk, "2026-12-24T16:00:00Z").overdue);
    let next = |desk: &Desk| desk.report.projection(pack(), desk.now).unwrap().unwrap().next_due_at;
    assert!(next(&desk).unwrap() <= due, "it counts in worklists");

    // Raised on Christmas Day itself: all of the next working day, which is after the substitute day.
    desk.facts(&["person.C.works_with_children=not-known".into()]);
    assert_eq!(
        lado(&desk, "2026-12-25T12:00:00Z").due,
        DueTime::Moment("one-working-day".into()),
        "nothing runs while it is not known"
    );
    let mut desk = two_children();
    desk.person("Coach", &["age=30", "part=requested", "identified=yes"]);
    desk.now = at("2026-12-25T09:00:00Z");
    desk.facts(&["person.C.works_with_children=yes".into()]);
    assert_eq!(lado(&desk, "2026-12-27T12:00:00Z").due, DueTime::At(at("2026-12-29T23:59:00Z")));
    // Done: no time is left to run.
    let refer = desk.evidence_for(&id("lado-referral:C"), "referral");
    desk.ok(refer);
    let done = lado(&desk, "2027-01-10T12:00:00Z");
    assert_eq!((done.state, done.overdue, done.done_late), (TaskState::Done, false, None));

    // Done after its working day has run out: that is said, with when it was due.
    let mut desk = two_children();
    desk.person("Coach", &["age=30", "part=requested", "identified=yes"]);
    desk.now = at("2026-12-25T09:00:00Z");
    desk.facts(&["person.C.works_with_children=yes".into()]);
    desk.now = at("2026-12-30T09:00:00Z");
    let refer = desk.evidence_for(&id("lado-referral:C"), "referral");
    desk.ok(refer);
    let done = lado(&desk, "2027-01-10T12:00:00Z");
    assert_eq!((done.due, done.done_late), (DueTime::At(at("2026-12-29T23:59:00Z")), Some(desk.now)));
}

#[test]
fn a_planned_meeting_with_open_checks_warns_until_they_are_done_or_a_reason_is_recorded() {
    let warnings = |desk: &Desk| desk.view().warnings;
    let mut desk = two_children();
    assert!(warnings(&desk).is_empty(), "nothing is planned");
    desk.facts(&["report.multi_agency_meeting_planned=yes".into()]);
    let warned = warnings(&desk);
    assert_eq!(warned.len(), 1);
    assert!(warned[0].says.starts_with(
        "A meeting with other agencies is planned, and 3 checks on police systems are not done. Do them first"
    ));
    assert_eq!(warned[0].cites, ["G25", "G26", "G27"]);
    assert!(warned[0].duties.contains(&id("checks:A")) && warned[0].duties.contains(&id("checks:location")));
    desk.facts(&["report.safeguarding_cannot_wait=yes".into()]);
    assert!(warnings(&desk)[0].says.contains("Somebody's safety cannot wait: act first"));
    desk.facts(&["report.discussion_with_family_planned=yes".into()]);
    assert_eq!(warnings(&desk).len(), 2);
    let told = |because: &str, at| {
        let telling = Telling::Told { at, means: Means::InPerson, asked: String::new(), then: None };
        let (who, by) = ("Ann".into(), "PC olive".into());
        record("next-steps-child:A", Evidence::Told { who, by, telling, before_checks_because: because.into() })
    };
    let now = desk.now;
    desk.ok(told("she was at the station and could not be sent away", now));
    assert_eq!(warnings(&desk).len(), 1, "the reason is recorded");
    desk.ok(Command::AddPlace { address: "1 Example Street".into(), why: "home".into() });
    for duty in ["checks:A", "checks:B", "checks:location"] {
        let checks = desk.evidence_for(&id(duty), "checks");
        desk.ok(checks);
    }
    assert!(warnings(&desk).is_empty(), "the checks are done");
}

#[test]
fn an_open_concern_without_a_name_is_held_against_the_answers_about_everybody() {
    let raise = Command::RaiseConcern {
        kind: ConcernKind::SelfHarm,
        person: None,
        words: "She said she will hurt herself tonight".into(),
        action: String::new(),
    };
    let warns = |desk: &Desk| desk.view().warnings.iter().any(|w| w.says.contains("no answer in the report shows it"));
    let mut desk = two_children();
    desk.facts(&["person.A.self_harm_or_suicide=no".into()]);
    assert!(!warns(&desk), "no concern was raised");
    desk.ok(raise);
    assert!(warns(&desk));
    desk.facts(&["person.B.self_harm_or_suicide=yes".into()]);
    assert!(!warns(&desk), "it is about the other one");
    desk.facts(&["person.B.self_harm_or_suicide=no".into()]);
    assert!(warns(&desk));
    let warned = desk.view().warnings;
    assert!(warned[0].cites.contains(&"G40".to_owned()), "{:?}", warned[0].cites);
    desk.ok(Command::AnswerConcern { number: 1, answer: "A nurse saw both; they are safe with their mothers".into() });
    assert!(!warns(&desk), "somebody has said what came of it");
}

#[test]
fn what_the_checks_come_before_is_asked_while_they_are_open() {
    let asked = |desk: &Desk, fact: &str| desk.view().missing.iter().any(|m| m.fact() == Some(&id(fact)));
    let mut desk = Desk::started();
    desk.person("Ann", &["age=14", "part=pictured+made+sent", "identified=yes"]);
    let (meeting, talk, cannot_wait) = (
        "report.multi_agency_meeting_planned",
        "report.discussion_with_family_planned",
        "report.safeguarding_cannot_wait",
    );
    // Safety that cannot wait comes before them, so it is asked from the start.
    assert!(asked(&desk, meeting) && asked(&desk, talk) && asked(&desk, cannot_wait));
    desk.facts(&[format!("{meeting}=yes"), format!("{talk}=not-known")]);
    assert!(!asked(&desk, meeting) && asked(&desk, talk) && asked(&desk, cannot_wait));
    // Where nothing is planned, there is nothing that could not wait for them.
    desk.facts(&[format!("{meeting}=no"), format!("{talk}=no")]);
    assert!(!asked(&desk, meeting) && !asked(&desk, talk) && !asked(&desk, cannot_wait));
    desk.facts(&[format!("{meeting}=yes"), format!("{talk}=not-known")]);
    desk.ok(Command::AddPlace { address: "1 Example Street".into(), why: "home".into() });
    for duty in ["checks:A", "checks:location"] {
        let checks = desk.evidence_for(&id(duty), "checks");
        desk.ok(checks);
    }
    assert!(!asked(&desk, talk) && !asked(&desk, cannot_wait));
}

#[test]
fn the_day_of_the_act_is_asked_where_a_code_has_dates_and_ages_are_compared_with_it() {
    let asked = |desk: &Desk, fact: &str| {
        let about = |m: &&Missing| m.fact() == Some(&id(fact)) || m.at == Lacks::Check(id(fact));
        desk.view().missing.iter().find(about).map(|m| m.says.clone())
    };
    let mut desk = Desk::started();
    desk.person("Ann", &["age=14", "part=pictured+made", "identified=yes"]);
    desk.person("Ben", &["age=15", "part=sent", "identified=yes"]);
    desk.facts(&["report.imagery=yes".into(), "person.B.without_knowledge_or_consent=yes".into()]);
    let why = asked(&desk, "report.act_on").unwrap();
    assert!(why.contains("which crime codes were in force"), "{why}");
    let codes = |desk: &Desk| -> Vec<String> {
        desk.view().advice.crime.classes.iter().filter_map(|class| class.code.as_deref().map(str::to_owned)).collect()
    };
    desk.facts(&["report.act_on=not-known".into()]);
    assert!(asked(&desk, "report.act_on").is_some(), "not known is asked again");
    let unknown = codes(&desk);
    assert!(unknown.contains(&"88/15".to_owned()));
    desk.facts(&["report.act_on=2023-06-01".into()]);
    assert!(codes(&desk).contains(&"8/71".to_owned()) && !codes(&desk).contains(&"88/15".to_owned()));
    assert_eq!(asked(&desk, "report.act_on"), None);

    let born = |day: &str| Identity {
        given_names: "Ann".into(),
        date_of_birth: Some(day.parse().unwrap()),
        ..Identity::default()
    };
    desk.ok(Command::StateIdentity { person: id("A"), identity: born("2009-06-01") });
    assert_eq!(asked(&desk, "person.A.age"), None, "14 on her birthday");
    desk.ok(Command::StateIdentity { person: id("A"), identity: born("2009-06-02") });
    assert_eq!(
        asked(&desk, "person.A.age").as_deref(),
        Some("By date of birth Ann was 13 on the day it happened. The age given is 14. Check which is right")
    );
    let counted = desk.view().missing.iter().any(|m| m.fact() == Some(&id("person.A.age")));
    assert!(!counted, "it is answered: what does not fit is to be looked at, and is no open question");
    let word = desk.report.current(&id("report.act_on")).value;
    assert_eq!(word, Some(Value::word("2023-06-01")));
}
