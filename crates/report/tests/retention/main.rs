//! Whether a closed report is kept: the day that is proposed, what is decided, and what stands against erasing.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test stops at the first surprise")]

#[path = "../common/mod.rs"]
mod common;
mod erasing;

use common::{actor, id, pack, pack_with};
use guidance::Pack;
use jiff::Timestamp;
use jiff::civil::Date;
use report::*;
use serde_json::json;

/// A report as its events tell it: started, whatever is given, closed.
fn report(bodies: &[serde_json::Value], closed: &str) -> Report {
    let begun = json!({"type": "report-started", "report": "r-1", "reference": "R26-0001", "reported_at": "2020-01-01T10:00:00Z", "unit": "Team 1"});
    let end = json!({"type": "closed", "note": ""});
    let all = std::iter::once(&begun).chain(bodies).chain(std::iter::once(&end));
    let events = all.zip(1_u64..).map(|(body, version)| {
        let at = if body["type"] == "closed" { closed } else { "2020-01-01T10:00:00Z" };
        let actor = json!({"id": "olive", "name": "PC olive", "role": "officer"});
        let event = json!({"v": 1, "id": format!("e-{version}"), "report": "r-1", "version": version, "recorded_at": at, "actor": actor, "body": body});
        serde_json::from_value::<Event>(event).unwrap_or_else(|why| panic!("{body}: {why}"))
    });
    Report::fold(&events.collect::<Vec<_>>())
}

fn person(who: &str, roles: &[&str], born: &str) -> Vec<serde_json::Value> {
    let identity = if born.is_empty() { json!({}) } else { json!({"date_of_birth": born}) };
    vec![
        json!({"type": "person-added", "person": who}),
        json!({"type": "identity-stated", "person": who, "identity": identity}),
        json!({"type": "roles-recorded", "person": who, "roles": roles, "reason": "", "ndm": {}}),
    ]
}

fn outcome(code: &str, whose: Option<&str>) -> serde_json::Value {
    let mut body = json!({"type": "outcome-decided", "code": code, "departs": false, "reason": "so", "ndm": {}});
    if let Some(whose) = whose {
        body["for"] = json!(whose);
    }
    body
}

/// The Cheshire schedule of a force that wants to look again at eighteen.
fn at_eighteen() -> Pack {
    pack_with(|name, text| match name {
        "retention.toml" => {
            let (before, rest) = text.split_once("[[review]]\nid = \"eighteenth-birthday\"").unwrap();
            let (entry, after) = rest.split_once("[[review]]").unwrap();
            let entry = entry.replace("optional = true\n", "");
            let (head, reviews) = before.split_once("[[review]]\nid = \"formal-action\"").unwrap();
            format!(
                "{head}[[review]]\nid = \"eighteenth-birthday\"{entry}[[review]]\nid = \"formal-action\"{reviews}[[review]]{after}"
            )
        }
        _ => text,
    })
}

fn words(pack: &Pack, report: &Report) -> Vec<String> {
    let retention = report.retention(pack).unwrap();
    let who = |p: &ProposedReview| p.person.as_ref().map_or_else(|| "-".to_owned(), ToString::to_string);
    let day = |on: Option<Date>| on.map_or_else(|| "not known".to_owned(), |on| on.to_string());
    let mut all: Vec<String> = retention
        .proposals
        .iter()
        .map(|p| format!("{} {} {}{}", who(p), p.entry, day(p.on), if p.optional { " optional" } else { "" }))
        .collect();
    all.push(format!("due {}", day(retention.due_on)));
    all
}

#[test]
fn the_day_follows_from_role_and_outcome() {
    const INVOLVED: &[&str] = &["person-involved"];
    for (why, roles, own, whole, born, closed, expected) in [
        (
            "a child involved, Outcome 21",
            INVOLVED,
            Some("21"),
            Some("21"),
            "2012-05-03",
            "2026-11-24T12:00:00Z",
            &["A no-formal-action 2036-11-24", "A eighteenth-birthday 2030-05-03 optional", "due 2036-11-24"][..],
        ),
        (
            "nothing recorded is person involved",
            &[],
            None,
            Some("21"),
            "",
            "2026-11-24T12:00:00Z",
            &["A no-formal-action 2036-11-24", "A eighteenth-birthday not known optional", "due 2036-11-24"],
        ),
        (
            "charged",
            &["suspect"],
            Some("1"),
            Some("1"),
            "2009-01-01",
            "2026-11-24T12:00:00Z",
            &["A formal-action 2036-11-24", "A eighteenth-birthday 2027-01-01 optional", "due 2036-11-24"],
        ),
        (
            "an adult when it was closed: no eighteenth birthday to wait for",
            &["suspect"],
            Some("1"),
            None,
            "1990-01-01",
            "2026-11-24T12:00:00Z",
            &["A formal-action 2036-11-24", "due 2036-11-24"],
        ),
        (
            "eighteen on the day it was closed",
            &["suspect"],
            Some("1"),
            None,
            "2008-11-24",
            "2026-11-24T12:00:00Z",
            &["A formal-action 2036-11-24", "due 2036-11-24"],
        ),
        (
            "under ten",
            INVOLVED,
            Some("11"),
            Some("21"),
            "2018-01-01",
            "2026-11-24T12:00:00Z",
            &["A under-ten 2032-11-24", "A eighteenth-birthday 2036-01-01 optional", "due 2032-11-24"],
        ),
        (
            "harmed",
            &["victim"],
            None,
            Some("21"),
            "2012-05-03",
            "2026-11-24T12:00:00Z",
            &["A harmed-or-told 2032-11-24", "due 2032-11-24"],
        ),
        (
            "harmed and involved: the longer comes first",
            &["victim", "person-involved"],
            Some("21"),
            None,
            "",
            "2026-11-24T12:00:00Z",
            &["A no-formal-action 2036-11-24", "A eighteenth-birthday not known optional", "due 2036-11-24"],
        ),
        (
            "nobody identified",
            &["witness"],
            None,
            Some("18"),
            "",
            "2026-11-24T12:00:00Z",
            &["A nobody-identified 2032-11-24", "due 2032-11-24"],
        ),
        (
            "no outcome at all",
            INVOLVED,
            None,
            None,
            "",
            "2026-11-24T12:00:00Z",
            &["A eighteenth-birthday not known optional", "A everything-else 2032-11-24", "due 2032-11-24"],
        ),
        (
            "closed on a leap day, ten years on",
            INVOLVED,
            Some("21"),
            None,
            "",
            "2028-02-29T12:00:00Z",
            &["A no-formal-action 2038-03-01", "A eighteenth-birthday not known optional", "due 2038-03-01"],
        ),
        (
            "closed on a leap day, another leap year",
            &["suspect"],
            Some("1"),
            None,
            "1990-01-01",
            "2028-02-29T12:00:00Z",
            &["A formal-action 2038-03-01", "due 2038-03-01"],
        ),
        (
            "born on a leap day",
            INVOLVED,
            Some("21"),
            None,
            "2012-02-29",
            "2026-11-24T12:00:00Z",
            &["A no-formal-action 2036-11-24", "A eighteenth-birthday 2030-03-01 optional", "due 2036-11-24"],
        ),
        (
            "just before midnight in Britain in summer",
            INVOLVED,
            Some("21"),
            None,
            "",
            "2026-06-30T22:59:00Z",
            &["A no-formal-action 2036-06-30", "A eighteenth-birthday not known optional", "due 2036-06-30"],
        ),
        (
            "just after midnight in Britain in summer",
            INVOLVED,
            Some("21"),
            None,
            "",
            "2026-06-30T23:00:00Z",
            &["A no-formal-action 2036-07-01", "A eighteenth-birthday not known optional", "due 2036-07-01"],
        ),
    ] {
        let mut bodies = person("A", roles, born);
        bodies.extend(own.map(|code| outcome(code, Some("A"))));
        bodies.extend(whole.map(|code| outcome(code, None)));
        assert_eq!(words(pack(), &report(&bodies, closed)), expected, "{why}");
    }
}

#[test]
fn the_report_is_looked_at_when_the_first_of_its_people_is() {
    let mut bodies =
        [person("A", &["suspect"], ""), person("B", &["witness"], ""), person("C", &["victim"], "")].concat();
    bodies.push(outcome("1", None));
    bodies.push(json!({"type": "entry-withdrawn", "what": {"thing": "person", "id": "C"}, "reason": "entered twice"}));
    let report = report(&bodies, "2026-11-24T12:00:00Z");
    let said = words(pack(), &report);
    assert_eq!(
        said,
        [
            "A formal-action 2036-11-24",
            "A eighteenth-birthday not known optional",
            "B harmed-or-told 2032-11-24",
            "due 2032-11-24"
        ]
    );
    let nobody = crate::report(&[outcome("18", None)], "2026-11-24T12:00:00Z");
    assert_eq!(words(pack(), &nobody), ["- nobody-identified 2032-11-24", "due 2032-11-24"]);
}

#[test]
fn a_force_that_looks_again_at_eighteen_says_so_in_its_pack_and_nothing_is_guessed() {
    let pack = at_eighteen();
    let of = |born: &str| {
        let mut bodies = person("A", &["person-involved"], born);
        bodies.push(outcome("21", None));
        words(&pack, &report(&bodies, "2026-11-24T12:00:00Z"))
    };
    assert_eq!(of("2012-05-03"), ["A eighteenth-birthday 2030-05-03", "due 2030-05-03"]);
    assert_eq!(of(""), ["A eighteenth-birthday not known", "A no-formal-action 2036-11-24", "due 2036-11-24"]);
    assert_eq!(of("2008-11-24"), ["A no-formal-action 2036-11-24", "due 2036-11-24"], "eighteen already");
}

#[test]
fn a_pack_without_a_schedule_proposes_nothing_and_everything_can_be_decided() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../guidance/cheshire/v1");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files =
        files.filter(|path| path.extension().is_some_and(|ext| ext == "toml") && !path.ends_with("retention.toml"));
    let files: Vec<(String, String)> = files
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read_to_string(&path).unwrap()))
        .collect();
    let sources: Vec<guidance::Source<'_>> = files.iter().map(|(name, text)| guidance::Source { name, text }).collect();
    let pack = Pack::load(&sources).unwrap();
    let report = report(&person("A", &[], ""), "2026-11-24T12:00:00Z");
    assert_eq!(words(&pack, &report), ["due not known"]);
    let keep = Command::KeepUntil { until: "2030-01-01".parse().unwrap(), reasons: "still needed".into() };
    assert_eq!(decide_by(&report, "sam", keep, &pack).unwrap().len(), 2, "the decision, and that the guidance changed");
}

const NOW: &str = "2027-01-10T12:00:00Z";

fn decide_by(report: &Report, who: &str, command: Command, pack: &Pack) -> Result<Vec<EventBody>, Refusal> {
    decide_at(NOW, report, who, command, pack)
}

fn decide_at(at: &str, report: &Report, who: &str, command: Command, pack: &Pack) -> Result<Vec<EventBody>, Refusal> {
    let role = if who == "olive" { Role::Officer } else { Role::Supervisor };
    let context = Context { at: at.parse::<Timestamp>().unwrap(), actor: actor(who, role), command: id("c") };
    decide(report, command, &context, pack)
}

fn says(result: Result<Vec<EventBody>, Refusal>) -> Vec<String> {
    result.unwrap_err().problems().into_iter().map(|wrong| format!("{}: {}", wrong.field, wrong.says)).collect()
}

#[test]
fn keeping_has_an_end_and_a_reason() {
    let mut bodies = person("A", &["person-involved"], "");
    bodies.push(outcome("21", None));
    let report = report(&bodies, "2026-11-24T12:00:00Z");
    let keep =
        |until: &str, reasons: &str| Command::KeepUntil { until: until.parse().unwrap(), reasons: reasons.into() };
    let by = |who: &str, command| decide_by(&report, who, command, pack());
    assert_eq!(says(by("sam", keep("2027-01-10", ""))).len(), 2, "both at once");
    assert!(says(by("sam", keep("2027-01-10", "so")))[0].contains("after today"));
    assert!(says(by("sam", keep("2037-01-11", "so")))[0].contains("10 January 2037 at the latest"));
    assert!(says(by("olive", keep("2030-01-01", "so")))[0].contains("Only a supervisor"));
    let kept = by("sam", keep("2037-01-10", "so")).unwrap();
    assert!(matches!(&kept[0], EventBody::RetentionKept { until, .. } if until.to_string() == "2037-01-10"));
}

#[test]
fn a_decision_to_keep_counts_until_the_report_is_opened_again() {
    let mut desk = common::Desk::started();
    let body = |desk: &mut common::Desk, at: &str, body: serde_json::Value| {
        let version = desk.report.version + 1;
        let actor = json!({"id": "sam", "name": "Sam", "role": "supervisor"});
        let event = json!({"v": 1, "id": format!("x-{version}"), "report": "r-1", "version": version, "recorded_at": at, "actor": actor, "body": body});
        desk.report.evolve(&serde_json::from_value(event).unwrap());
    };
    let due = |desk: &common::Desk| desk.report.retention(pack()).and_then(|r| r.due_on).map(|on| on.to_string());
    assert_eq!(due(&desk), None, "open");
    body(&mut desk, "2026-11-24T12:00:00Z", json!({"type": "closed", "note": ""}));
    assert_eq!(due(&desk).unwrap(), "2032-11-24");
    body(&mut desk, "2026-12-01T12:00:00Z", json!({"type": "retention-kept", "until": "2029-01-01", "reasons": "so"}));
    assert_eq!(due(&desk).unwrap(), "2029-01-01");
    let projected = desk.report.projection(pack(), NOW.parse().unwrap()).unwrap().unwrap();
    assert_eq!(projected.review_on.unwrap().to_string(), "2029-01-01");
    body(&mut desk, "2027-01-01T12:00:00Z", json!({"type": "reopened", "reason": "new"}));
    assert_eq!(due(&desk), None);
    body(&mut desk, "2027-02-01T12:00:00Z", json!({"type": "closed", "note": ""}));
    assert_eq!(due(&desk).unwrap(), "2033-02-01", "counted anew");
    let told = desk.view().timeline.into_iter().map(|entry| entry.says).collect::<Vec<_>>();
    assert!(told.contains(&"Kept; looked at again on 1 January 2029".to_owned()), "{told:?}");
}
