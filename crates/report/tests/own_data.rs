//! Somebody's own data: theirs, and not a word of or about anybody else.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test stops at the first surprise")]

mod common;

use common::{Desk, full, id, pack, two_children};
use report::*;
use serde_json::Value;

/// Every kind of event and of evidence there has ever been.
const STORED: &str = include_str!("fixtures/events-v1.jsonl");

fn json(event: &Event) -> Value {
    serde_json::to_value(event).unwrap()
}

/// Two children and their parents' words, with everything done that the guidance asks for.
fn worked_on() -> Desk {
    let mut desk = two_children();
    let who = |given: &str, family: &str| Identity {
        given_names: given.into(),
        family_name: family.into(),
        date_of_birth: Some("2012-02-29".parse().unwrap()),
        phones: vec!["07700 900111".into()],
        emails: vec![format!("{given}@example.org")],
        addresses: vec!["1 Example Street".into()],
        school: "Example School".into(),
        needs: "an interpreter".into(),
        responsible_adults: "the mother, Mrs Example".into(),
        notes: "seen with friends".into(),
        ..Identity::default()
    };
    for (child, given) in [("A", "Ann"), ("B", "Ben")] {
        desk.ok(Command::StateIdentity { person: id(child), identity: who(given, "Example") });
        let authority =
            Authority { kind: AuthorityKind::School, name: "Example School".into(), reference: "S/1".into() };
        desk.ok(Command::StateAuthorities { person: id(child), authorities: vec![authority] });
        let account = Account {
            platform: "Example Chat".into(),
            username: format!("{given}99"),
            person: Some(id(child)),
            note: "shared with a brother".into(),
        };
        desk.ok(Command::AddAccount(account));
        let mut fact = StateFact::police(id(&format!("person.{child}.threatened")), guidance::Value::word("no"));
        fact.said_by = SaidBy::Person(id("B"));
        fact.note = "told on the telephone".into();
        desk.ok(Command::StateFacts(vec![fact]));
    }
    desk.ok(Command::AddPlace { address: "1 Example Street".into(), why: "a home".into() });
    let concern = |person: &str| Command::RaiseConcern {
        kind: ConcernKind::Harm,
        person: Some(id(person)),
        words: "she is afraid".into(),
        action: "somebody stays with her".into(),
    };
    desk.ok(concern("A"));
    desk.ok(Command::AnswerConcern { number: 1, answer: "safe at home".into() });
    for _ in 0..8 {
        if desk.do_what_is_due() == 0 {
            break;
        }
    }
    desk
}

/// Where a text is this person's own and may be given to them.
fn is_theirs(event: &Value, at: &str, person: &str) -> bool {
    let body = &event["body"];
    let field = |names: &[&str]| names.iter().any(|name| at.split('/').any(|part| part == *name));
    match body["type"].as_str().unwrap() {
        "report-started" => at == "/body/reference",
        "identity-stated" => body["person"] == person && !field(&["needs", "responsible_adults", "notes"]),
        "authorities-stated" => body["person"] == person,
        "account-added" => body["account"]["person"] == person && field(&["platform", "username"]),
        // Made by the record.
        "report-linked" => at == "/body/link/reference",
        "evidence-recorded" => at == "/body/evidence/reference" && body["evidence"]["kind"] == "form",
        _ => false,
    }
}

fn texts(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::String(_) => found.push(at.to_owned()),
        Value::Array(all) => all.iter().enumerate().for_each(|(n, one)| texts(one, &format!("{at}/{n}"), found)),
        Value::Object(all) => all.iter().for_each(|(key, one)| texts(one, &format!("{at}/{key}"), found)),
        _ => {}
    }
}

/// Puts a word of its own in the place of every text of every event, one at a time, and looks for it in what
/// each person is given. Gives how many texts were tried.
fn try_every_text(events: &[Event]) -> usize {
    let mut tried = 0;
    for (at_event, event) in events.iter().enumerate() {
        let (event, mut places) = (json(event), Vec::new());
        if event["body"]["type"] == "advice-given" {
            continue;
        }
        texts(&event, "", &mut places);
        for place in places {
            let marker = format!("Zq{tried}zq");
            let mut changed = event.clone();
            *changed.pointer_mut(&place).unwrap() = Value::String(marker.clone());
            // An id, a day or a word of a list cannot be just anything.
            let Ok(changed) = serde_json::from_value::<Event>(changed) else { continue };
            let mut all = events.to_vec();
            all[at_event] = changed;
            let report = Report::fold(&all);
            tried += 1;
            for person in &report.people {
                let given = report.own_data(pack(), &person.id, ReadBy::Them).unwrap();
                let given = serde_json::to_string(&given).unwrap();
                if !is_theirs(&event, &place, person.id.as_str()) && !place.ends_with("/person") {
                    assert!(!given.contains(&marker), "{} is given to {}: {event}", place, person.id);
                }
            }
        }
    }
    tried
}

#[test]
fn no_text_about_others_and_no_text_that_may_name_them_is_given() {
    let stored: Vec<Event> = STORED.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let tried = try_every_text(&stored) + try_every_text(&worked_on().events);
    assert!(tried > 500, "{tried}");
}

#[test]
fn what_is_theirs_is_given_and_the_rest_is_listed() {
    let desk = worked_on();
    let ann = desk.report.own_data(pack(), &id("A"), ReadBy::Them).unwrap();
    let text = serde_json::to_string(&ann).unwrap();
    for theirs in [
        "Ann",
        "Example",
        "29 February 2012",
        "07700 900111",
        "1 Example Street",
        "Example Chat",
        "Ann99",
        "S/1",
        "14 years",
        "said by somebody else",
        "Told in person on 2 November 2026",
        "Passed on by telephone",
        "Police National Computer",
        "look up whether somebody is known to be a danger to others",
        "The police were to point you to advice and support",
        "What the police were to do about you",
    ] {
        assert!(text.contains(theirs), "{theirs}: {text}");
    }
    for others in ["Ben", "Mrs Example", "interpreter", "afraid", "mother", "PC olive", "black phone"] {
        assert!(!text.contains(others), "{others}: {text}");
    }
    let held: Vec<&str> = ann.held.iter().map(|held| held.what.as_str()).collect();
    for listed in [
        "Adults who are responsible for you",
        "Notes about who you are",
        "What was said and done about a concern for you",
    ] {
        assert!(held.contains(&listed), "{listed}: {held:?}");
    }
    assert!(ann.held.iter().any(|held| held.what.starts_with("A note on: ") && held.entered.is_some()));
    assert_eq!(desk.report.own_data(pack(), &id("Z"), ReadBy::Them), None);
}

#[test]
fn to_whoever_asks_for_them_it_says_whose_it_is_and_you_to_nobody() {
    let desk = worked_on();
    let about = |read_by| desk.report.own_data(pack(), &id("A"), read_by).unwrap();
    let lines = |data: &OwnData| {
        let sections = data.sections.iter();
        let given = sections.flat_map(|s| {
            let lines = s.lines.iter().flat_map(|line| [line.what.clone(), line.says.clone()]);
            std::iter::once(s.title.clone()).chain(lines)
        });
        given.chain(data.held.iter().map(|held| held.what.clone())).collect::<Vec<_>>()
    };
    let (own, another) = (lines(&about(ReadBy::Them)), lines(&about(ReadBy::Another)));
    assert_eq!(own.len(), another.len(), "as much is given to the one as to the other");
    let says_you = |line: &&String| {
        line.split(|c: char| !c.is_alphabetic()).any(|word| ["you", "You", "your", "Your"].contains(&word))
    };
    assert!(own.iter().filter(says_you).count() > 20);
    assert_eq!(another.iter().filter(says_you).collect::<Vec<_>>(), Vec::<&String>::new());
    for says in
        ["Who Ann Example is", "Concern for Ann Example", "The police were to tell Ann Example what happens next"]
    {
        assert!(another.iter().any(|line| line == says), "{says}: {another:#?}");
    }
    assert!(another.iter().all(|line| !line.contains("Ben") && !line.contains('{')), "{another:#?}");
}

#[test]
fn that_the_class_was_held_differently_is_listed_without_its_words() {
    let mut desk = two_children();
    let held = |desk: &Desk| {
        let data = desk.report.own_data(pack(), &id("A"), ReadBy::Them).unwrap();
        let text = serde_json::to_string(&data).unwrap();
        assert!(!text.contains("reads like") && !text.contains("no threat"), "{text}");
        data.held
            .iter()
            .filter(|held| held.what.contains("disagrees"))
            .map(|held| held.what.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(held(&desk), Vec::<String>::new());
    let class = desk.report.advise(pack()).unwrap().advice().class;
    let other = ClassHeld::OFFERED.into_iter().find(|offered| *offered != class).unwrap();
    desk.ok(Command::HoldClass { class: other, reason: "reads like a threat".into(), ndm: full() });
    desk.ok(Command::HoldClassNoLonger { reason: "it was no threat".into() });
    assert_eq!(
        held(&desk),
        ["Why an officer disagrees with the class of the report", "Why an officer no longer disagrees with it"]
    );
}

#[test]
fn a_device_that_others_use_too_is_not_given_to_one_of_them() {
    let mut desk = two_children();
    let about = |desk: &Desk, who: &str| {
        let data = desk.report.own_data(pack(), &id(who), ReadBy::Them).unwrap();
        let lines = data
            .sections
            .iter()
            .flat_map(|section| &section.lines)
            .filter(|line| line.what.contains("the device you use"));
        (lines.count(), data.held.iter().filter(|held| held.what == "About a device that others use too").count())
    };
    assert!(about(&desk, "A").0 > 0 && about(&desk, "B") == (0, 0), "{:?} {:?}", about(&desk, "A"), about(&desk, "B"));
    desk.facts(&["device.D1.used_or_owned_by=A+B".into()]);
    for who in ["A", "B"] {
        let (given, held) = about(&desk, who);
        assert!(given == 0 && held > 0, "{who}: {given} {held}");
    }
}

#[test]
fn it_speaks_to_the_person_and_of_no_id_of_ours() {
    let mut desk = two_children();
    desk.ok(Command::AddDevice(AddDevice { label: "red tablet".into(), ..AddDevice::default() }));
    desk.facts(&["device.D2.used_or_owned_by=A".into()]);
    desk.facts(&["device.D2.holds_evidence=yes".into()]);
    let data = desk.report.own_data(pack(), &id("A"), ReadBy::Them).unwrap();
    let lines: Vec<String> = data.sections.iter().flat_map(|section| &section.lines).map(|l| l.what.clone()).collect();
    for words in
        ["Did you sexually abuse a child?", "About device 2 of the 2 that only you use: does it hold evidence?"]
    {
        assert!(lines.iter().any(|line| line == words), "{words}: {lines:#?}");
    }
    let held = data.held.iter().map(|held| &held.what);
    for line in lines.iter().chain(held) {
        let ours = ["D1", "D2", "{", "Person A", "Ann"].iter().find(|ours| line.contains(**ours));
        assert!(ours.is_none(), "{line}");
    }
    // As the guidance is worded: nothing is said to them in words that are said of them.
    for line in
        worked_on().report.own_data(pack(), &id("A"), ReadBy::Them).unwrap().sections.iter().flat_map(|s| &s.lines)
    {
        let of_them =
            [" you is", " you has", " you needs", "Is you", "Has you", "Does you", " was you", "themself", " of you"];
        assert!(!of_them.iter().any(|words| line.what.contains(words)), "{}", line.what);
    }
}
