//! Evidence, review, departures, outcome and closing: what completes a duty, and what undoes it.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test stops at the first surprise")]

mod common;

use common::{Desk, id, officer, pack, record, state, supervisor, two_children};
use report::*;

fn agree(desk: &Desk) -> Command {
    desk.review(Verdict::Agree)
}

fn refer(reference: &str, at: jiff::Timestamp) -> Evidence {
    Evidence::Referral {
        to: "children's social care".into(),
        means: Means::Telephone,
        at,
        reference: reference.into(),
        acknowledged: None,
    }
}

#[test]
fn a_referral_is_done_by_its_reference_and_an_acknowledgement_is_told_apart() {
    let mut desk = two_children();
    desk.facts(&["person.A.in_care=yes".into()]);
    let duty = "child-protection-referral:A";
    assert_eq!(state(&desk, duty), Some(TaskState::Due));
    let sent = desk.now;
    desk.ok(record(duty, refer("", sent)));
    assert_eq!(state(&desk, duty), Some(TaskState::PartDone));
    desk.ok(record(duty, refer("CSC-7", sent)));
    let task = desk.view().tasks.into_iter().find(|t| t.id.as_str() == duty).unwrap();
    assert_eq!((task.state, task.awaits_acknowledgement), (TaskState::Done, true));
    desk.by(supervisor(), agree(&desk));
    let acknowledgement = Acknowledgement { by: "duty social worker".into(), at: desk.now };
    let acknowledge =
        Command::AcknowledgeReferral { duty: id(duty), number: 2, reference: String::new(), acknowledgement };
    desk.ok(acknowledge.clone());
    assert!(desk.report.is_agreed(pack()), "that it arrived changes nothing the supervisor agreed to");
    assert!(!desk.view().tasks.into_iter().any(|t| t.awaits_acknowledgement));
    desk.refused(officer(), acknowledge);
    desk.ok(Command::WithdrawEvidence { duty: id(duty), number: 2, reason: "wrong child".into() });
    assert_eq!(state(&desk, duty), Some(TaskState::PartDone));
    assert!(!desk.report.is_agreed(pack()));
}

#[test]
fn checks_are_done_when_every_system_has_an_entry() {
    let mut desk = two_children();
    let entry = |system: &str, because: &str| CheckEntry {
        system: system.into(),
        place: None,
        result: CheckResult::Cannot { because: because.into() },
    };
    let duty: DutyId = id("checks:A");
    let fields = desk.report.matrix(pack(), &duty);
    desk.ok(record(
        "checks:A",
        Evidence::Checks { entries: vec![entry(&fields[0].system, "terminal down")], no_place: String::new() },
    ));
    let task = desk.view().tasks.into_iter().find(|t| t.id == duty).unwrap();
    assert_eq!((task.state, task.progress), (TaskState::PartDone, Some((1, fields.len()))));
    let rest = fields[1..].iter().map(|f| entry(&f.system, "terminal down")).collect();
    desk.ok(record("checks:A", Evidence::Checks { entries: rest, no_place: String::new() }));
    assert_eq!(state(&desk, "checks:A"), Some(TaskState::Done));
    for (wrong, field) in [(entry("no-such-system", "x"), "no-such-system"), (entry("pnc", ""), "pnc")] {
        let refusal = desk
            .refused(officer(), record("checks:A", Evidence::Checks { entries: vec![wrong], no_place: String::new() }));
        assert_eq!(refusal.problems()[0].field, field);
    }

    assert_eq!(desk.report.matrix(pack(), &id("checks:location")).len(), 0, "no place yet");
    let no_place =
        |why: &str| record("checks:location", Evidence::Checks { entries: Vec::new(), no_place: why.into() });
    let asks = |desk: &Desk| desk.view().missing.iter().any(|missing| missing.at == Lacks::Place);
    assert_eq!(desk.refused(officer(), no_place(" ")).problems()[0].field, "no_place");
    assert!(asks(&desk));
    desk.ok(no_place("the caller would not say where"));
    assert_eq!(state(&desk, "checks:location"), Some(TaskState::Done), "said, and with a reason");
    assert!(!asks(&desk));
    for address in ["1 Example Street", "Example School"] {
        desk.ok(Command::AddPlace { address: address.into(), why: "where it happened".into() });
    }
    assert_eq!(state(&desk, "checks:location"), Some(TaskState::PartDone), "there are places now");
    assert_eq!(desk.refused(officer(), no_place("none")).problems()[0].field, "no_place");
    let both = desk.evidence_for(&id("checks:location"), "checks");
    desk.ok(both);
    assert_eq!(state(&desk, "checks:location"), Some(TaskState::Done));
    desk.ok(Command::AddPlace { address: "2 Example Street".into(), why: "home of B".into() });
    assert_eq!(state(&desk, "checks:location"), Some(TaskState::PartDone), "a new place is to be checked too");
}

#[test]
fn a_meeting_before_the_checks_needs_its_reason() {
    let mut desk = two_children();
    let meeting = |because: &str| {
        let on = "2026-11-05".parse().unwrap();
        let (with, reference) = ("social care".into(), String::new());
        record("strategy-meeting", Evidence::Meeting { on, with, reference, before_checks_because: because.into() })
    };
    assert_eq!(desk.refused(officer(), meeting("")).problems()[0].field, "before_checks_because");
    desk.ok(meeting("a child was in danger"));
    let told = |because: &str, at| {
        let telling = Telling::Told { at, means: Means::InPerson, asked: String::new(), then: None };
        let (who, by) = ("Ann".into(), "PC olive".into());
        record("next-steps-child:A", Evidence::Told { who, by, telling, before_checks_because: because.into() })
    };
    let now = desk.now;
    desk.ok(told("", now));
    desk.facts(&["report.discussion_with_family_planned=yes".into()]);
    assert_eq!(desk.refused(officer(), told("", now)).problems()[0].field, "before_checks_because");
    desk.ok(told("the mother was at the door", now));
}

#[test]
fn a_first_account_before_the_checks_needs_its_reason_where_a_talk_was_planned() {
    let account = |desk: &Desk, because: &str| match desk.evidence_for(&id("initial-account:A"), "account") {
        Command::RecordEvidence { duty, evidence: Evidence::Account { taken_by, at, setting, needs_met, .. } } => {
            let (body_worn_video, before_checks_because) = (String::new(), because.to_owned());
            let evidence =
                Evidence::Account { taken_by, at, setting, needs_met, body_worn_video, before_checks_because };
            Command::RecordEvidence { duty, evidence }
        }
        other => panic!("{other:?}"),
    };
    // What is said of a talk and of the checks; whether a reason is needed, and whether somebody is warned until it is given.
    for (planned, checked, needed) in [("no", false, false), ("yes", false, true), ("yes", true, false)] {
        let mut desk = two_children();
        desk.facts(&[format!("report.discussion_with_family_planned={planned}")]);
        if checked {
            desk.ok(Command::AddPlace { address: "1 Example Street".into(), why: "home".into() });
            for duty in ["checks:A", "checks:B", "checks:location"] {
                let checks = desk.evidence_for(&id(duty), "checks");
                desk.ok(checks);
            }
        }
        let warned = |desk: &Desk| desk.view().warnings.iter().any(|w| w.says.starts_with("A talk with a child"));
        assert_eq!(warned(&desk), needed);
        let without = account(&desk, "");
        if needed {
            assert_eq!(desk.refused(officer(), without).problems()[0].field, "before_checks_because");
            let with = account(&desk, "she was afraid to go home");
            desk.ok(with);
        } else {
            desk.ok(without);
        }
        assert!(!warned(&desk), "the reason is recorded, or none was needed");
        assert_eq!(state(&desk, "initial-account:A"), Some(TaskState::Done));
    }
}

#[test]
fn a_meeting_that_is_only_planned_is_not_done() {
    let mut desk = two_children();
    desk.facts(&["person.A.in_care=yes".into()]);
    let meeting = |on: &str| Evidence::Meeting {
        on: on.parse().unwrap(),
        with: "social care".into(),
        reference: String::new(),
        before_checks_because: "could not wait".into(),
    };
    let task = |desk: &Desk| desk.view().tasks.into_iter().find(|t| t.id.as_str() == "strategy-meeting").unwrap();
    // The desk stands on 2 November 2026.
    desk.ok(record("strategy-meeting", meeting("2026-11-05")));
    let planned = task(&desk);
    assert_eq!(
        (planned.state, planned.last.as_deref()),
        (TaskState::PartDone, Some("Planned for 5 November 2026 with social care"))
    );
    desk.ok(record("strategy-meeting", meeting("2026-11-02")));
    assert_eq!(task(&desk).state, TaskState::Done);
    desk.ok(record("strategy-meeting", meeting("2026-11-09")));
    assert_eq!(task(&desk).state, TaskState::Done, "one was held, another is to come");
}

#[test]
fn not_told_yet_is_recorded_and_is_not_done() {
    let mut desk = two_children();
    let telling = Telling::NotTold { because: "no answer at the door".into() };
    let told =
        Evidence::Told { who: "the mother".into(), by: String::new(), telling, before_checks_because: String::new() };
    desk.ok(record("next-steps-parent:A", told));
    assert_eq!(state(&desk, "next-steps-parent:A"), Some(TaskState::PartDone));
}

#[test]
fn one_form_may_name_several_children_and_every_filing_has_its_reference() {
    let mut desk = two_children();
    desk.ok(desk.form("vpa", &["A", "B"]));
    let references = |desk: &Desk, duty: &str| -> Vec<String> {
        let filed = desk.report.evidence_for(&id(duty));
        let references = filed.iter().map(|f| match &f.evidence {
            Evidence::Form(form) => form.reference.clone(),
            other => panic!("{other:?}"),
        });
        references.collect()
    };
    assert_eq!(references(&desk, "vpa:A"), ["VPA-R26-0001-AB-1"]);
    assert_eq!(references(&desk, "vpa:B"), ["VPA-R26-0001-AB-1"]);
    desk.ok(desk.form("vpa", &["A"]));
    assert_eq!(references(&desk, "vpa:A"), ["VPA-R26-0001-AB-1", "VPA-R26-0001-A-2"]);
    assert_eq!(state(&desk, "vpa:B"), Some(TaskState::Done));

    let Command::FileForm(mut form) = desk.form("cse-screening", &["A"]) else { panic!() };
    form.answers.insert("no_such_field".into(), "x".into());
    let required = form.answers.keys().next().unwrap().clone();
    form.answers.insert(required.clone(), " ".into());
    let fields: Vec<String> =
        desk.refused(officer(), Command::FileForm(form)).problems().into_iter().map(|w| w.field).collect();
    assert_eq!(fields, [required.as_str(), "no_such_field"]);
}

#[test]
fn a_concern_comes_first() {
    let mut desk = two_children();
    let raise = Command::RaiseConcern {
        kind: ConcernKind::SelfHarm,
        person: Some(id("A")),
        words: "said she wants to die".into(),
        action: "ambulance called".into(),
    };
    desk.ok(raise);
    assert_eq!(desk.view().tasks[0].id.as_str(), "immediate-referral:A");
    assert_eq!(desk.view().tasks[0].due, DueTime::Now);
    assert!(desk.report.projection(pack(), desk.now).unwrap().unwrap().open_concern);
    desk.ok(Command::AnswerConcern { number: 1, answer: "seen by the crisis team".into() });
    assert!(!desk.report.projection(pack(), desk.now).unwrap().unwrap().open_concern);
}

#[test]
fn the_clock_of_crime_recording_runs_from_the_report() {
    let mut desk = Desk::empty();
    let reported = "2026-11-01T09:00:00Z".parse().unwrap();
    desk.ok(Command::Start(StartReport { reported_at: Some(reported), ..Desk::start() }));
    let task = desk.view().tasks.into_iter().find(|t| t.id.as_str() == "crime-record").unwrap();
    assert_eq!((task.due, task.overdue), (DueTime::At("2026-11-02T09:00:00Z".parse().unwrap()), true));
    let projection = desk.report.projection(pack(), desk.now).unwrap().unwrap();
    assert_eq!(projection.next_due_at, Some(reported), "what is due at once counts from the report");
}

/// Nothing else asks for it in an aggravated report, so the outcomes that wait for it do: in the advice, and once on the page.
#[test]
fn what_only_an_outcome_waits_for_is_still_to_ask() {
    let mut desk = two_children();
    desk.nothing_wrong("A", true);
    desk.nothing_wrong("B", false);
    desk.facts(&["person.B.threatened=yes".into(), "report.sufficient_evidence=not-known".into()]);
    let fact: FactName = id("report.sufficient_evidence");
    let asked = |desk: &Desk| {
        let view = desk.view();
        let in_advice = view.advice.ask_next.iter().filter(|ask| ask.fact.as_str() == fact.as_str()).count();
        let mut told = view.missing.into_iter().filter(|missing| missing.fact() == Some(&fact));
        let says = told.next().map(|missing| missing.says);
        assert_eq!((in_advice, told.count()), (usize::from(says.is_some()), 0), "asked in both, and once");
        says
    };
    let says = asked(&desk).unwrap();
    assert!(says.ends_with("(Outcomes 1, 2, 10 and 15 wait for it)"), "{says}");
    desk.facts(&["report.sufficient_evidence=yes".into()]);
    assert_eq!(asked(&desk), None);
}

#[test]
fn a_crime_number_has_digits() {
    let mut desk = two_children();
    let recorded = |reference: &str| {
        let record = CrimeRecord::Recorded { reference: reference.into(), code: "086/11".into(), persons: Vec::new() };
        common::record("crime-record", Evidence::Crime { record })
    };
    let refusal = desk.refused(officer(), recorded("asked for"));
    assert!(refusal.problems()[0].says.starts_with("A crime number has digits"), "{refusal}");
    desk.ok(recorded("EX/1/26"));
}

/// What a task is done by has to have been done for this report.
#[test]
fn what_was_done_long_before_the_report_is_no_evidence() {
    // The report came in on 2 November 2026, in the evening.
    for (at, is_taken) in [
        ("1999-01-01T09:00:00Z", false),
        ("2026-10-25T12:00:00Z", false),
        ("2026-10-26T00:30:00Z", true),
        ("2026-11-02T09:00:00Z", true),
    ] {
        let mut desk = two_children();
        desk.facts(&["person.A.self_harm_or_suicide=yes".into(), "person.A.in_care=yes".into()]);
        let at: jiff::Timestamp = at.parse().unwrap();
        let on = at.to_zoned_datetime(jiff::tz::TimeZone::UTC).date();
        let telling = Telling::Told { at, means: Means::InPerson, asked: String::new(), then: None };
        for (duty, field, evidence) in [
            ("immediate-referral:A", "at", refer("CSC-1", at)),
            (
                "initial-account:A",
                "at",
                Evidence::Account {
                    taken_by: "PC olive".into(),
                    at,
                    setting: "at home".into(),
                    needs_met: "breaks".into(),
                    body_worn_video: "none".into(),
                    before_checks_because: String::new(),
                },
            ),
            (
                "next-steps-child:A",
                "at",
                Evidence::Told {
                    who: "Ann".into(),
                    by: "PC olive".into(),
                    telling,
                    before_checks_because: String::new(),
                },
            ),
            (
                "strategy-meeting",
                "on",
                Evidence::Meeting {
                    on,
                    with: "social care".into(),
                    reference: String::new(),
                    before_checks_because: "could not wait".into(),
                },
            ),
        ] {
            if is_taken {
                desk.ok(record(duty, evidence));
                assert_eq!(state(&desk, duty), Some(TaskState::Done), "{duty} {at}");
                continue;
            }
            let refusal = desk.refused(officer(), record(duty, evidence));
            let wrong = &refusal.problems()[0];
            assert_eq!(wrong.field, field, "{duty} {at}");
            assert!(wrong.says.starts_with("This is more than 7 days before the report came in"), "{refusal}");
        }
    }
}

#[test]
fn words_for_no_reference_are_none() {
    let mut desk = two_children();
    desk.facts(&["person.A.in_care=yes".into()]);
    let duty = "child-protection-referral:A";
    for none in ["none", "N/A", "-", "n.a.", " ? ", "Not yet", "TBC"] {
        let now = desk.now;
        let refusal = desk.refused(officer(), record(duty, refer(none, now)));
        assert!(refusal.problems()[0].says.starts_with("This is not a reference. Leave it empty"), "{none}: {refusal}");
        let entry = CheckEntry {
            system: "pnc".into(),
            place: None,
            result: CheckResult::Done { reference: none.into(), found: String::new() },
        };
        let checked = Evidence::Checks { entries: vec![entry], no_place: String::new() };
        let refusal = desk.refused(officer(), record("checks:A", checked));
        assert!(refusal.problems()[0].says.contains("this is not a reference"), "{none}: {refusal}");
    }
    let now = desk.now;
    desk.ok(record(duty, refer("", now)));
    let acknowledge = |reference: &str| Command::AcknowledgeReferral {
        duty: id(duty),
        number: 1,
        reference: reference.into(),
        acknowledgement: Acknowledgement { by: "duty social worker".into(), at: now },
    };
    assert_eq!(desk.refused(officer(), acknowledge("none")).problems()[0].field, "reference");
    assert_eq!(state(&desk, duty), Some(TaskState::PartDone));
    desk.ok(acknowledge("NA-7"));
    assert_eq!(state(&desk, duty), Some(TaskState::Done));
}
