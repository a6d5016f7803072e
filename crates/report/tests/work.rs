//! Evidence, review, departures, outcome and closing: what completes a duty, and what undoes it.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

mod common;

use common::{Desk, actor, decision, full, id, officer, pack, split, supervisor};
use guidance::advice::DeviceAdvice;
use report::{
    Acknowledgement, Allocation, CheckEntry, CheckResult, Choice, Command, ConcernKind,
    DecideOutcome, DueTime, DutyId, Evidence, Identity, LinkFrom, LinkKind, Means, Ndm, PersonRole,
    Refusal, Report, Role, StartReport, StateFact, Status, TaskState, Telling, Thing, Verdict,
};

fn desk() -> Desk {
    let mut desk = Desk::started();
    desk.person(
        "Ann",
        &["age=14", "part=pictured+made+sent", "identified=yes"],
    );
    desk.person("Ben", &["age=14", "part=received", "identified=yes"]);
    desk.nothing_wrong("A", true);
    desk.nothing_wrong("B", false);
    desk.device("A");
    desk
}

fn state(desk: &Desk, duty: &str) -> Option<TaskState> {
    desk.view()
        .tasks
        .into_iter()
        .find(|t| t.id.as_str() == duty)
        .map(|t| t.state)
}

fn record(duty: &str, evidence: Evidence) -> Command {
    Command::RecordEvidence {
        duty: id(duty),
        evidence,
    }
}

fn review(verdict: Verdict) -> Command {
    Command::Review {
        verdict,
        reasons: "read in full".into(),
    }
}

fn agree() -> Command {
    review(Verdict::Agree)
}

#[test]
fn a_referral_is_done_by_its_reference_and_an_acknowledgement_is_told_apart() {
    let mut desk = desk();
    desk.facts(&["person.A.in_care=yes".into()]);
    let duty = "child-protection-referral:A";
    let refer = |reference: &str, at| Evidence::Referral {
        to: "children's social care".into(),
        means: Means::Telephone,
        at,
        reference: reference.into(),
        acknowledged: None,
    };
    assert_eq!(state(&desk, duty), Some(TaskState::Due));
    let sent = desk.now;
    desk.ok(record(duty, refer("", sent)));
    assert_eq!(state(&desk, duty), Some(TaskState::PartDone));
    desk.ok(record(duty, refer("CSC-7", sent)));
    let task = desk
        .view()
        .tasks
        .into_iter()
        .find(|t| t.id.as_str() == duty)
        .unwrap();
    assert_eq!(
        (task.state, task.awaits_acknowledgement),
        (TaskState::Done, true)
    );
    desk.by(supervisor(), agree());
    let acknowledgement = Acknowledgement {
        by: "duty social worker".into(),
        at: desk.now,
    };
    let acknowledge = Command::AcknowledgeReferral {
        duty: id(duty),
        number: 2,
        reference: String::new(),
        acknowledgement,
    };
    desk.ok(acknowledge.clone());
    assert!(
        desk.report.is_agreed(pack()),
        "that it arrived changes nothing the supervisor agreed to"
    );
    assert!(
        !desk
            .view()
            .tasks
            .into_iter()
            .any(|t| t.awaits_acknowledgement)
    );
    desk.refused(officer(), acknowledge);
    desk.ok(Command::WithdrawEvidence {
        duty: id(duty),
        number: 2,
        reason: "wrong child".into(),
    });
    assert_eq!(state(&desk, duty), Some(TaskState::PartDone));
    assert!(!desk.report.is_agreed(pack()));
}

#[test]
fn checks_are_done_when_every_system_has_an_entry() {
    let mut desk = desk();
    let entry = |system: &str, because: &str| CheckEntry {
        system: system.into(),
        place: None,
        result: CheckResult::Cannot {
            because: because.into(),
        },
    };
    let duty: DutyId = id("checks:A");
    let fields = desk.report.matrix(pack(), &duty);
    desk.ok(record(
        "checks:A",
        Evidence::Checks {
            entries: vec![entry(&fields[0].system, "terminal down")],
        },
    ));
    let task = desk
        .view()
        .tasks
        .into_iter()
        .find(|t| t.id == duty)
        .unwrap();
    assert_eq!(
        (task.state, task.progress),
        (TaskState::PartDone, Some((1, fields.len())))
    );
    let rest = fields[1..]
        .iter()
        .map(|f| entry(&f.system, "terminal down"))
        .collect();
    desk.ok(record("checks:A", Evidence::Checks { entries: rest }));
    assert_eq!(state(&desk, "checks:A"), Some(TaskState::Done));
    for (wrong, field) in [
        (entry("no-such-system", "x"), "no-such-system"),
        (entry("pnc", ""), "pnc"),
    ] {
        let refusal = desk.refused(
            officer(),
            record(
                "checks:A",
                Evidence::Checks {
                    entries: vec![wrong],
                },
            ),
        );
        assert_eq!(refusal.problems()[0].field, field);
    }

    assert_eq!(
        desk.report.matrix(pack(), &id("checks:location")).len(),
        0,
        "no place yet"
    );
    for address in ["1 Example Street", "Example School"] {
        desk.ok(Command::AddPlace {
            address: address.into(),
            why: "where it happened".into(),
        });
    }
    let both = desk.evidence_for(&id("checks:location"), "checks");
    desk.ok(both);
    assert_eq!(state(&desk, "checks:location"), Some(TaskState::Done));
    desk.ok(Command::AddPlace {
        address: "2 Example Street".into(),
        why: "home of B".into(),
    });
    assert_eq!(
        state(&desk, "checks:location"),
        Some(TaskState::PartDone),
        "a new place is to be checked too"
    );
}

#[test]
fn a_meeting_before_the_checks_needs_its_reason() {
    let mut desk = desk();
    let meeting = |because: &str| {
        let on = "2026-11-05".parse().unwrap();
        let (with, reference) = ("social care".into(), String::new());
        record(
            "strategy-meeting",
            Evidence::Meeting {
                on,
                with,
                reference,
                before_checks_because: because.into(),
            },
        )
    };
    assert_eq!(
        desk.refused(officer(), meeting("")).problems()[0].field,
        "before_checks_because"
    );
    desk.ok(meeting("a child was in danger"));
    let told = |because: &str, at| {
        let telling = Telling::Told {
            at,
            means: Means::InPerson,
            asked: String::new(),
        };
        let (who, by) = ("Ann".into(), "PC olive".into());
        record(
            "next-steps-child:A",
            Evidence::Told {
                who,
                by,
                telling,
                before_checks_because: because.into(),
            },
        )
    };
    let now = desk.now;
    desk.ok(told("", now));
    desk.facts(&["report.discussion_with_family_planned=yes".into()]);
    assert_eq!(
        desk.refused(officer(), told("", now)).problems()[0].field,
        "before_checks_because"
    );
    desk.ok(told("the mother was at the door", now));
}

#[test]
fn not_told_yet_is_recorded_and_is_not_done() {
    let mut desk = desk();
    let telling = Telling::NotTold {
        because: "no answer at the door".into(),
    };
    let told = Evidence::Told {
        who: "the mother".into(),
        by: String::new(),
        telling,
        before_checks_because: String::new(),
    };
    desk.ok(record("next-steps-parent:A", told));
    assert_eq!(
        state(&desk, "next-steps-parent:A"),
        Some(TaskState::PartDone)
    );
}

#[test]
fn one_form_may_name_several_children_and_every_filing_has_its_reference() {
    let mut desk = desk();
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
    assert_eq!(
        references(&desk, "vpa:A"),
        ["VPA-R26-0001-AB-1", "VPA-R26-0001-A-2"]
    );
    assert_eq!(state(&desk, "vpa:B"), Some(TaskState::Done));

    let Command::FileForm(mut form) = desk.form("cse-screening", &["A"]) else {
        panic!()
    };
    form.answers.insert("no_such_field".into(), "x".into());
    let required = form.answers.keys().next().unwrap().clone();
    form.answers.insert(required.clone(), " ".into());
    let fields: Vec<String> = desk
        .refused(officer(), Command::FileForm(form))
        .problems()
        .into_iter()
        .map(|w| w.field)
        .collect();
    assert_eq!(fields, [required.as_str(), "no_such_field"]);
}

#[test]
fn nobody_reviews_their_own_work() {
    let cases: [(&str, fn(&mut Desk)); 4] = [
        ("allocated", |desk| {
            desk.ok(Command::Allocate(Allocation {
                to: id("sam"),
                name: "Sam".into(),
                unit: "Team 1".into(),
            }));
        }),
        ("decided on a device", |desk| {
            desk.by(
                supervisor(),
                record("device-decision:D1", decision(Choice::Leave)),
            );
        }),
        ("departed", |desk| {
            let depart = Command::Depart {
                duty: id("vpa:B"),
                reason: "filed elsewhere".into(),
                ndm: full(),
            };
            desk.by(supervisor(), depart);
        }),
        ("decided the outcome", |desk| {
            let decide = DecideOutcome {
                code: "21".into(),
                report: true,
                persons: vec![],
                reason: "r".into(),
                ndm: full(),
            };
            desk.by(supervisor(), Command::DecideOutcome(decide));
        }),
    ];
    for (what, own) in cases {
        let mut desk = desk();
        own(&mut desk);
        assert!(
            matches!(
                desk.refused(supervisor(), agree()),
                Refusal::NotAllowed { .. }
            ),
            "{what}"
        );
        desk.by(actor("sue", Role::Supervisor), agree());
    }
    let mut desk = desk();
    desk.refused(actor("otto", Role::Officer), agree());
}

#[test]
fn a_review_counts_only_for_what_was_reviewed() {
    let changes: [(&str, bool, fn(&mut Desk)); 5] = [
        ("a fact", false, |desk| {
            desk.facts(&["person.B.persistent=not-known".into()])
        }),
        ("evidence", false, |desk| {
            desk.ok(record("device-decision:D1", decision(Choice::Leave)));
        }),
        ("a departure", false, |desk| {
            desk.ok(Command::Depart {
                duty: id("vpa:B"),
                reason: "filed elsewhere".into(),
                ndm: full(),
            });
        }),
        ("an addendum", true, |desk| {
            desk.ok(Command::AddAddendum {
                text: "the school rang".into(),
            });
        }),
        ("a name", true, |desk| {
            let identity = Identity {
                known_as: "Annie".into(),
                ..Identity::default()
            };
            desk.ok(Command::StateIdentity {
                person: id("A"),
                identity,
            });
        }),
    ];
    for (what, stands, change) in changes {
        let mut desk = desk();
        desk.by(supervisor(), agree());
        assert_eq!(
            state(&desk, "supervisor-review"),
            Some(TaskState::Done),
            "{what}"
        );
        change(&mut desk);
        let expected = if stands {
            TaskState::Done
        } else {
            TaskState::Due
        };
        assert_eq!(state(&desk, "supervisor-review"), Some(expected), "{what}");
    }
}

#[test]
fn sent_back_stays_sent_back_until_a_review_is_asked_for_again() {
    let mut desk = desk();
    desk.ok(Command::AskForReview {
        note: String::new(),
    });
    assert_eq!(desk.view().status, Status::WaitingForReview);
    desk.by(supervisor(), review(Verdict::SendBack));
    assert_eq!(desk.view().status, Status::SentBack);
    assert_eq!(state(&desk, "supervisor-review"), Some(TaskState::Due));
    desk.ok(Command::AskForReview {
        note: "done as asked".into(),
    });
    assert_eq!(desk.view().status, Status::WaitingForReview);
}

#[test]
fn a_decision_that_departs_or_intrudes_needs_the_full_record() {
    let mut desk = desk();
    assert_eq!(desk.view().advice.devices["D1"].advice, DeviceAdvice::Leave);
    let fields = |refusal: Refusal| {
        refusal
            .problems()
            .into_iter()
            .map(|w| w.field)
            .collect::<Vec<_>>()
    };
    let ndm = [
        "information",
        "threat_and_risk",
        "powers_and_policy",
        "options",
        "action_and_review",
    ];
    let departing = desk.refused(
        officer(),
        record("device-decision:D1", decision(Choice::Preserve)),
    );
    assert_eq!(
        fields(departing),
        ndm,
        "preserving where the advice is to leave it departs, whatever the officer ticked"
    );
    let seizing = desk.refused(
        officer(),
        record("device-decision:D1", decision(Choice::Seize)),
    );
    assert_eq!(
        fields(seizing)[5..],
        ["power", "necessity", "proportionality", "lesser_means"]
    );
    desk.ok(record("device-decision:D1", decision(Choice::Leave)));
    assert_eq!(state(&desk, "device-decision:D1"), Some(TaskState::Done));

    desk.facts(&["person.A.malicious=yes".into()]);
    assert_eq!(
        desk.view().advice.devices["D1"].advice,
        DeviceAdvice::SeizeWherePossible
    );
    assert_eq!(
        state(&desk, "device-decision:D1"),
        Some(TaskState::Due),
        "the advice changed: decide again"
    );
    let filed = &desk.report.evidence[&id::<DutyId>("device-decision:D1")][0];
    assert!(
        filed
            .withdrawn
            .as_ref()
            .unwrap()
            .contains("now seize-where-possible")
    );
}

#[test]
fn an_outcome_the_advice_has_not_open_is_a_departure_a_supervisor_agrees_to() {
    let mut desk = desk();
    let decide = |ndm: Ndm| {
        let persons = vec![id("A"), id("B")];
        Command::DecideOutcome(DecideOutcome {
            code: "21".into(),
            report: true,
            persons,
            reason: "r".into(),
            ndm,
        })
    };
    assert_eq!(
        desk.refused(officer(), decide(Ndm::default()))
            .problems()
            .len(),
        5
    );
    desk.ok(decide(full()));
    assert!(desk.report.outcomes.iter().all(|o| o.departs));
    let asks = |desk: &Desk| {
        desk.view()
            .gates
            .iter()
            .any(|g| g.says.contains("supervisor"))
    };
    assert!(asks(&desk));
    desk.by(supervisor(), agree());
    assert!(!asks(&desk));
    let refusal = desk.refused(
        officer(),
        Command::Close {
            note: String::new(),
        },
    );
    assert!(
        refusal
            .problems()
            .iter()
            .any(|w| w.field == "welfare-check"),
        "{refusal}"
    );
    desk.refused(actor("cal", Role::CallHandler), decide(full()));
}

#[test]
fn what_follows_the_outcome_waits_for_it_and_is_explained_again_when_it_changes() {
    let mut desk = desk();
    assert_eq!(state(&desk, "outcome-explained:A"), Some(TaskState::Later));
    let explain = |desk: &Desk| desk.evidence_for(&id("outcome-explained:A"), "told");
    let early = explain(&desk);
    desk.refused(officer(), early);
    let decide = |code: &str| {
        Command::DecideOutcome(DecideOutcome {
            code: code.into(),
            report: true,
            persons: vec![],
            reason: "r".into(),
            ndm: full(),
        })
    };
    desk.ok(decide("21"));
    let told = explain(&desk);
    desk.ok(told);
    assert_eq!(state(&desk, "outcome-explained:A"), Some(TaskState::Done));
    desk.ok(decide("21"));
    assert_eq!(
        state(&desk, "outcome-explained:A"),
        Some(TaskState::Done),
        "the same outcome"
    );
    desk.ok(decide("22"));
    assert_eq!(
        state(&desk, "outcome-explained:A"),
        Some(TaskState::PartDone),
        "another outcome"
    );
}

#[test]
fn a_concern_comes_first() {
    let mut desk = desk();
    let raise = Command::RaiseConcern {
        kind: ConcernKind::SelfHarm,
        person: Some(id("A")),
        words: "said she wants to die".into(),
        action: "ambulance called".into(),
    };
    desk.ok(raise);
    assert_eq!(desk.view().tasks[0].id.as_str(), "immediate-referral:A");
    assert_eq!(desk.view().tasks[0].due, DueTime::Now);
    assert!(
        desk.report
            .projection(pack(), desk.now)
            .unwrap()
            .unwrap()
            .open_concern
    );
    desk.ok(Command::AnswerConcern {
        number: 1,
        answer: "seen by the crisis team".into(),
    });
    assert!(
        !desk
            .report
            .projection(pack(), desk.now)
            .unwrap()
            .unwrap()
            .open_concern
    );
}

#[test]
fn the_clock_of_crime_recording_runs_from_the_report() {
    let mut desk = Desk::empty();
    let reported = "2026-11-01T09:00:00Z".parse().unwrap();
    desk.ok(Command::Start(StartReport {
        reported_at: Some(reported),
        ..Desk::start()
    }));
    let task = desk
        .view()
        .tasks
        .into_iter()
        .find(|t| t.id.as_str() == "crime-record")
        .unwrap();
    assert_eq!(
        (task.due, task.overdue),
        (DueTime::At("2026-11-02T09:00:00Z".parse().unwrap()), true)
    );
    let projection = desk.report.projection(pack(), desk.now).unwrap().unwrap();
    assert_eq!(
        projection.next_due_at,
        Some(reported),
        "what is due at once counts from the report"
    );
}

#[test]
fn a_linked_report_carries_people_and_leaves_age_and_part_behind() {
    let first = desk();
    let mut second = Desk::empty();
    let linked = LinkFrom {
        report: id("r-1"),
        reference: "R26-0001".into(),
        kind: LinkKind::CounterAllegation,
        people: first.report.carry(&[id("B"), id("A")]),
    };
    let start = StartReport {
        report: id("r-2"),
        reference: "R26-0002".into(),
        linked: Some(linked),
        ..Desk::start()
    };
    second.ok(Command::Start(start));
    let people: Vec<String> = second
        .report
        .people
        .iter()
        .map(|p| format!("{} {}", p.id, p.label()))
        .collect();
    assert_eq!(people, ["A Ben", "B Ann"]);
    assert_eq!(
        second.report.people[0].carried_from,
        Some((id("r-1"), id("B")))
    );
    assert!(
        second
            .view()
            .facts
            .person
            .iter()
            .all(|p| p.facts.is_empty())
    );
}

#[test]
fn roles_are_person_involved_unless_somebody_says_why_not() {
    let mut desk = desk();
    assert_eq!(
        desk.report.people[0].shown_roles(),
        [PersonRole::PersonInvolved]
    );
    let suspect = |person: &str, ndm: Ndm| Command::RecordRoles {
        person: id(person),
        roles: vec![PersonRole::Suspect],
        reason: "the messages".into(),
        ndm,
    };
    assert_eq!(
        desk.refused(officer(), suspect("B", Ndm::default()))
            .problems()
            .len(),
        5
    );
    desk.ok(suspect("B", full()));
    desk.person("Cal", &["age=9", "part=received"]);
    let refusal = desk.refused(officer(), suspect("C", full()));
    assert_eq!(refusal.problems()[0].field, "roles");
}

#[test]
fn an_entry_made_by_mistake_is_withdrawn_and_kept() {
    let mut desk = desk();
    desk.ok(Command::WithdrawEntry {
        what: Thing::Person(id("A")),
        reason: "entered twice".into(),
    });
    let facts = desk.view().facts;
    assert_eq!(facts.person.len(), 1);
    assert_eq!(
        facts.device[0].facts["used_or_owned_by"],
        guidance::Value::Words(vec![])
    );
    assert_eq!(desk.report.people.len(), 2);
    assert_eq!(
        desk.person("Dee", &[]).as_str(),
        "C",
        "a pseudonym is never used twice"
    );
}

#[test]
fn roles_closing_and_text_are_guarded_whatever_the_shell_does() {
    let mut desk = Desk::empty();
    desk.refused(
        officer(),
        Command::AskForReview {
            note: String::new(),
        },
    );
    let mut start = Desk::start();
    start.reported_at = Some("2027-01-01T00:00:00Z".parse().unwrap());
    start.safety.in_danger = None;
    start.safety.child_where = "https://example.org/x.jpg".into();
    start.reference = "no spaces please".into();
    let fields: Vec<String> = desk
        .refused(officer(), Command::Start(start))
        .problems()
        .into_iter()
        .map(|w| w.field)
        .collect();
    assert_eq!(
        fields,
        ["reference", "reported_at", "in_danger", "child_where"]
    );

    let mut desk = self::desk();
    let (name, value) = split("person.A.malicious=yes");
    let state = Command::StateFacts(vec![StateFact::police(id(&name), value)]);
    for role in [Role::Auditor, Role::Author] {
        desk.refused(actor("ann", role), state.clone());
    }
    let before: Report = desk.report.clone();
    desk.refused(
        officer(),
        Command::AddAddendum {
            text: "data:image/png;base64,AAAA".into(),
        },
    );
    desk.refused(officer(), record("vpa:A", common::note()));
    desk.refused(officer(), record("no-such-duty", common::note()));
    desk.refused(officer(), record("signposting:Z", common::note()));
    assert_eq!(desk.report, before, "a refusal changes nothing");
}
