//! Events for ever: old ones stay readable, and whatever is decided folds, replays and survives storage.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test stops at the first surprise")]

mod common;

use std::collections::BTreeSet;

use common::{Desk, actor, decision, full, id, officer, pack, supervisor, words};
use guidance::Value;
use guidance::advice::Class;
use proptest::prelude::*;
use report::{
    About, Account, Answer, Authority, AuthorityKind, Choice, ClassHeld, Command, ConcernKind, DecideOutcome, DraftOf,
    EmergencyPurpose, Event, EventBody, Evidence, FactName, Finding, Identity, Named, Ndm, PersonRole, Reference,
    ReferenceKind, ReplayVerdict, Report, Reporter, Role, Safety, SaidBy, Seen, StateFact, Thing, Verdict, replay,
    text,
};

/// Events as version 1 of the envelope wrote them. Lines are added, never changed: reports hold them for ever.
const STORED: &str = include_str!("fixtures/events-v1.jsonl");

#[test]
fn stored_events_stay_readable() {
    let mut types = BTreeSet::new();
    let mut kinds = BTreeSet::new();
    for (number, line) in STORED.lines().enumerate() {
        let value: serde_json::Value = serde_json::from_str(line).unwrap();
        let event: Event = serde_json::from_str(line).unwrap_or_else(|error| panic!("line {}: {error}", number + 1));
        assert_eq!(serde_json::to_value(&event).unwrap(), value, "line {}", number + 1);
        types.insert(value["body"]["type"].as_str().unwrap().to_owned());
        kinds.extend(value["body"]["evidence"]["kind"].as_str().map(str::to_owned));
    }
    assert_eq!(types, words(include_str!("../src/event.rs"), "EventBody"));
    assert_eq!(kinds, words(include_str!("../src/evidence.rs"), "Evidence"));
    let events: Vec<Event> = STORED.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(Report::fold(&events).version, events.last().unwrap().version);
}

#[test]
fn who_somebody_is_stands_apart_from_the_facts() {
    let mut desk = Desk::started();
    desk.person("Ann", &["age=14", "part=pictured"]);
    desk.ok(Command::AddPlace { address: "1 Example Street".into(), why: String::new() });
    let apart: Vec<About> = desk.events.iter().map(|e| e.body.about()).filter(|a| *a != About::Report).collect();
    assert_eq!(apart, [About::Reporter, About::Person(id("A")), About::Place(id("L1"))]);
    for event in desk.events.iter().filter(|e| e.body.about() == About::Report) {
        let stored = serde_json::to_string(&event.body).unwrap();
        assert!(!["Ann", "Test Teacher", "Example Street"].iter().any(|name| stored.contains(name)), "{stored}");
    }
}

/// Any command at all, sensible or not, out of three small numbers.
fn command(desk: &Desk, (kind, one, two): (u8, u8, u8)) -> Command {
    let letters = ["A", "B", "C", "Z"];
    let person = || id(letters[usize::from(one % 4)]);
    let seen = desk.report.review_matter(pack());
    let answers = ["yes", "no", "not-known", "perhaps"];
    let answer = Value::word(answers[usize::from(two % 4)]);
    let reason = if two % 5 == 0 { String::new() } else { "because".to_owned() };
    let ndm = if one % 3 == 0 { Ndm::default() } else { full() };
    let duties: Vec<_> = desk.view().tasks.into_iter().map(|t| (t.id, t.evidence)).collect();
    let (duty, evidence) = duties[usize::from(one) % duties.len()].clone();
    let questions = pack().questions();
    let question = &questions[usize::from(one) % questions.len()].fact;
    let fact: FactName = match question.split_once('.').unwrap() {
        ("report", _) => id(question),
        (scope, name) => {
            id(&format!("{scope}.{}.{name}", if scope == "device" { "D1" } else { letters[usize::from(two % 4)] }))
        }
    };
    let said_by = [SaidBy::Police, SaidBy::Reporter, SaidBy::Person(person()), SaidBy::Other("log".into())];
    match kind % 29 {
        0..=4 => Command::StateFacts(vec![StateFact {
            said_by: said_by[usize::from(kind % 4)].clone(),
            seen: if two % 7 == 0 { Seen::Nothing } else { Seen::NotCompared },
            ..StateFact::police(fact, answer)
        }]),
        5 => Command::TakeBack { statement: report::StatementId(u32::from(one % 16)), reason },
        6 => {
            let standing = desk.report.current(&fact).standing;
            let statement = standing.first().map_or(report::StatementId(1), |s| s.id);
            Command::ChooseStatement { fact, statement, reason }
        }
        7..=11 if evidence != "review" => desk.evidence_for(&duty, &evidence),
        12 => Command::Depart { duty, reason, ndm },
        13 => Command::EndDeparture { duty, reason },
        14 => Command::WithdrawEvidence { duty, number: u32::from(two % 3), reason },
        15 => Command::DecideOutcome(DecideOutcome {
            code: ["21", "1", "8", "99"][usize::from(one % 4)].into(),
            report: two % 2 == 0,
            persons: vec![person()],
            reason,
            ndm,
        }),
        16 => Command::RaiseConcern {
            kind: ConcernKind::ALL[usize::from(one % 4)],
            person: Some(person()),
            words: reason,
            action: String::new(),
        },
        17 => Command::AnswerConcern { number: u32::from(one % 3), answer: reason },
        18 => Command::Review { verdict: Verdict::ALL[usize::from(one % 2)], reasons: reason, seen },
        19 => Command::Close { note: String::new() },
        20 => Command::Reopen { reason },
        21 => Command::WithdrawEntry { what: Thing::Person(person()), reason },
        22 => {
            let of = if one % 2 == 0 { DraftOf::Task(duty) } else { DraftOf::Departure(duty) };
            let fields = [("reason".to_owned(), vec![reason])].into();
            Command::SaveDraft { of, fields, seen: u64::from(two) }
        }
        23 => Command::DiscardDraft { of: DraftOf::Task(duty) },
        24 => Command::AskToEnd { same_as: (one % 2 == 0).then(common::same_incident), reason },
        25 => Command::TakeBackEnding,
        26 => Command::HoldClass { class: ClassHeld::OFFERED[usize::from(two % 3)], reason, ndm },
        27 => Command::HoldClassNoLonger { reason },
        _ => Command::AskForReview { note: reason, by_when: String::new() },
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_decided_folds_replays_and_survives_storage(
        steps in proptest::collection::vec(any::<(u8, u8, u8)>(), 1..30),
    ) {
        let mut desk = Desk::started();
        desk.person("Ann", &["age=14", "part=pictured+sent"]);
        desk.person("Ben", &["age=15", "part=received"]);
        desk.device("A");
        for step in steps {
            let command = command(&desk, step);
            let who = if matches!(command, Command::Review { .. }) { supervisor() } else { officer() };
            let before = desk.report.clone();
            if let Err(refusal) = desk.attempt(who, command) {
                prop_assert!(!refusal.problems().is_empty());
                prop_assert_eq!(&before, &desk.report);
            }
        }
        let advised = desk.report.advise(pack()).unwrap();
        prop_assert_eq!(desk.report.tasks_of(&advised, pack(), desk.now), desk.view().tasks);
        let stored: Vec<String> = desk.events.iter().map(|e| serde_json::to_string(e).unwrap()).collect();
        let read: Vec<Event> = stored.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
        prop_assert_eq!(&read, &desk.events);
        prop_assert_eq!(&Report::fold(&read), &desk.report);
        let half = read.len() / 2;
        prop_assert_eq!(desk.report.as_of(half as u64), Report::fold(&read[..half]));
        for (position, event) in read.iter().enumerate() {
            prop_assert_eq!(event.version, position as u64 + 1);
        }
        let ids: BTreeSet<&str> = read.iter().map(|e| e.id.as_str()).collect();
        prop_assert_eq!(ids.len(), read.len());
        for result in replay(&read, &[pack()]) {
            prop_assert_eq!(&result.verdict, &ReplayVerdict::Same, "advice at {}", result.version);
        }
    }

    #[test]
    fn any_text_is_judged_without_a_panic(written in any::<String>()) {
        let _ = text::check("field", &written);
        let _ = text::line("field", &written);
        let _ = written.parse::<FactName>();
    }
}

/// A session that makes every kind of event, from which a line of the fixtures can be taken for a new kind.
#[test]
fn every_kind_of_event_can_be_made() {
    let desk = rich_session();
    let made: BTreeSet<String> = desk
        .events
        .iter()
        .map(|e| serde_json::to_value(&e.body).unwrap()["type"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(made, words(include_str!("../src/event.rs"), "EventBody"));
    let lines: Vec<String> = desk.view().timeline.into_iter().map(|e| e.says).collect();
    assert!(lines.iter().all(|line| !line.trim().is_empty() && !line.contains("{person}")), "{lines:#?}");
}

fn rich_session() -> Desk {
    let mut desk = Desk::started();
    entries(&mut desk);
    statements(&mut desk);
    work(&mut desk);
    access(&mut desk);
    desk
}

fn access(desk: &mut Desk) {
    let named = |id: &str| Named { id: common::id(id), name: format!("PC {id}"), unit: "Team 1".into() };
    let reason = || "for a test".to_owned();
    let unit = || "Team 1".to_owned();
    desk.by(supervisor(), Command::Restrict { members: vec![named("orla")], unit: unit(), reason: reason() });
    desk.by(supervisor(), Command::Restrict { members: vec![], unit: unit(), reason: reason() });
    let emergency = Command::OpenInEmergency { unit: unit(), purpose: EmergencyPurpose::Danger, reason: reason() };
    desk.by(actor("cal", Role::CallHandler), emergency);
    let review = Command::ReviewEmergency { number: 1, finding: Finding::Justified, words: reason() };
    desk.by(supervisor(), review);
    desk.by(supervisor(), Command::LiftRestriction { reason: reason() });
    let me = officer();
    let who = Named { id: me.id.clone(), name: me.name.clone(), unit: unit() };
    desk.ok(Command::DeclareInterest { who, words: reason() });
    desk.by(supervisor(), Command::EndInterest { who: me.id, reason: reason() });
    desk.ok(Command::PassToUnit { unit: "Team 2".into(), reason: reason() });
}

/// Whether it is kept is decided by somebody who had no hand in it, and once nothing stands against it.
fn keeping(desk: &mut Desk) {
    let until = "2030-01-01".parse().unwrap();
    desk.by(supervisor(), Command::KeepUntil { until, reasons: "still needed".into() });
    let acknowledgement = report::Acknowledgement { by: "duty social worker".into(), at: desk.now };
    let filed = desk.report.evidence.iter().flat_map(|(duty, all)| all.iter().map(move |filed| (duty, filed)));
    let waiting = filed.filter(|(_, f)| matches!(f.evidence, Evidence::Referral { acknowledged: None, .. }));
    let waiting: Vec<_> = waiting.map(|(duty, filed)| (duty.clone(), filed.number)).collect();
    for (duty, number) in waiting {
        let acknowledgement = acknowledgement.clone();
        desk.ok(Command::AcknowledgeReferral { duty, number, reference: "CSC-3".into(), acknowledgement });
    }
    let ask = Command::AskErasure {
        person: Some(id("B")),
        reasons: "asked for by the force".into(),
        confirmed: vec!["linked".into()],
        ndm: full(),
    };
    desk.by(actor("sal", Role::Supervisor), ask);
    let erase = Command::DecideErasure {
        person: Some(id("B")),
        reasons: "past its time".into(),
        confirmed: vec!["linked".into()],
    };
    desk.by(actor("sue", Role::Supervisor), erase);
}

fn entries(desk: &mut Desk) {
    let danger = Safety {
        in_danger: Some(Answer::Yes),
        safe_to_talk: Some(Answer::No),
        danger: "a threat".into(),
        ..Safety::default()
    };
    desk.ok(Command::StateSafety(danger));
    desk.ok(Command::AnswerConcern { number: 1, answer: "officers with the child".into() });
    desk.ok(Command::StateReporter(Reporter { name: "Test Mother".into(), ..Reporter::default() }));
    desk.ok(Command::AddReference(Reference {
        kind: ReferenceKind::BodyWornVideo,
        reference: "BWV-1".into(),
        note: String::new(),
    }));
    desk.ok(Command::LinkReport(report::Link {
        report: id("r-0"),
        reference: "R26-0000".into(),
        kind: report::LinkKind::SecondIncident,
    }));
    desk.ok(Command::Allocate(report::Allocation { to: id("olive"), name: "PC olive".into(), unit: "Team 1".into() }));
    desk.person("Ann", &["age=19", "part=pictured+sent", "online_only=yes"]);
    desk.facts(&["person.A.online_only=no".into(), "person.A.age=15".into()]);
    desk.person("Ben", &["age=15", "part=received"]);
    desk.ok(Command::MatchPerson {
        person: id("A"),
        other: report::Elsewhere { report: id("r-0"), reference: "R26-0000".into(), person: id("B") },
        verdict: report::SamePerson::Same,
        reason: "both names and the date of birth agree".into(),
    });
    desk.ok(Command::StateIdentity {
        person: id("B"),
        identity: Identity { known_as: "Benny".into(), ..Identity::default() },
    });
    let roles = vec![PersonRole::Witness, PersonRole::PersonInvolved];
    desk.ok(Command::RecordRoles { person: id("B"), roles, reason: String::new(), ndm: Ndm::default() });
    let authority =
        Authority { kind: AuthorityKind::ChildrensServices, name: "Example Council".into(), reference: String::new() };
    desk.ok(Command::StateAuthorities { person: id("B"), authorities: vec![authority] });
    desk.ok(Command::AddPlace { address: "1 Example Street".into(), why: "home".into() });
    desk.device("A");
    let account = Account {
        platform: "Example app".into(),
        username: "x_2009".into(),
        person: Some(id("B")),
        note: String::new(),
    };
    desk.ok(Command::AddAccount(account));
}

fn statements(desk: &mut Desk) {
    let fact = StateFact {
        said_by: SaidBy::Person(id("A")),
        ..StateFact::police(id("person.B.threatened"), Value::word("yes"))
    };
    desk.ok(Command::StateFacts(vec![fact]));
    desk.facts(&["person.B.threatened=no".into()]);
    let statement = desk.report.current(&id("person.B.threatened")).standing[1].id;
    desk.ok(Command::ChooseStatement {
        fact: id("person.B.threatened"),
        statement,
        reason: "the messages show it".into(),
    });
    let earlier = desk.report.current(&id("person.B.threatened")).standing[0].id;
    desk.ok(Command::TakeBack { statement: earlier, reason: "meant somebody else".into() });
    desk.facts(&["person.A.in_care=yes".into(), "report.uploaded_online=yes".into(), "person.B.identified=no".into()]);
}

fn work(desk: &mut Desk) {
    let of = || DraftOf::Departure(id("vpa:A"));
    let fields = [("reason".to_owned(), vec!["filed by another force".to_owned()])].into();
    desk.ok(Command::SaveDraft { of: of(), fields, seen: 0 });
    desk.ok(Command::DiscardDraft { of: of() });
    desk.do_what_is_due();
    desk.ok(Command::RecordEvidence { duty: id("victim-needs:A"), evidence: common::note() });
    desk.ok(Command::RecordEvidence { duty: id("evidence-decision"), evidence: decision(Choice::Later) });
    let acknowledgement = report::Acknowledgement { by: "duty social worker".into(), at: desk.now };
    let duty = id("child-protection-referral:A");
    desk.ok(Command::AcknowledgeReferral { duty, number: 1, reference: "CSC-2".into(), acknowledgement });
    desk.ok(Command::WithdrawEvidence { duty: id("vpa:A"), number: 1, reason: "wrong address".into() });
    desk.ok(Command::Depart { duty: id("vpa:A"), reason: "filed by another force".into(), ndm: full() });
    desk.ok(Command::EndDeparture { duty: id("vpa:A"), reason: "not filed there after all".into() });
    desk.ok(Command::HoldClass { class: Class::Experimental, reason: "it was a joke of both".into(), ndm: full() });
    desk.ok(Command::HoldClassNoLonger { reason: "the messages show a threat".into() });
    desk.asked_to_end_and_sent_back();
    desk.ok(Command::AskForReview { note: String::new(), by_when: String::new() });
    desk.by(supervisor(), desk.review(Verdict::SendBack));
    desk.do_what_is_due();
    let persons = desk.view().outcomes_to_decide;
    desk.ok(Command::DecideOutcome(DecideOutcome {
        code: "21".into(),
        report: true,
        persons,
        reason: "r".into(),
        ndm: full(),
    }));
    for _ in 0..4 {
        desk.do_what_is_due();
    }
    desk.by(supervisor(), desk.review(Verdict::Agree));
    // What follows an outcome that departs is due once it is agreed to.
    desk.do_what_is_due();
    desk.ok(Command::Close { note: "explained to everybody".into() });
    keeping(desk);
    desk.ok(Command::AddAddendum { text: "the school rang".into() });
    desk.by(
        actor("cal", Role::CallHandler),
        Command::RaiseConcern {
            kind: ConcernKind::Missing,
            person: Some(id("A")),
            words: "not come home".into(),
            action: "search begun".into(),
        },
    );
    assert!(!desk.report.is_closed(), "a concern opens what was closed");
    desk.ok(Command::WithdrawEntry { what: Thing::Place(id("L1")), reason: "another street".into() });
    let is_removed =
        |e: &Event| matches!(&e.body, EventBody::EvidenceRecorded { evidence: Evidence::Removal { .. }, .. });
    assert!(desk.events.iter().any(is_removed));
}
