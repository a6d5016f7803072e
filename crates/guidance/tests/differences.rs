//! What differs between two advices is told: class, duties and outcomes, and nothing else.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use guidance::advice::{Class, OutcomeState};
use guidance::{Advice, Differences, Facts, Pack, Value};

const NINE: &str = "sexual_abuse = \"no\"\nincited_or_coerced = \"no\"\ngroomed = \"no\"\nextorted = \"no\"\nthreatened = \"no\"\n\
                    malicious = \"no\"\nwithout_knowledge_or_consent = \"no\"\nother_aggravating = \"no\"\nprofit_motive = \"no\"\n";

fn advice(pack: &Pack, done: &str, answers: &str) -> Advice {
    let text = format!(
        "done = [{done}]\n[report]\nimagery = \"yes\"\n[[person]]\nid = \"A\"\nage = 15\npart = [\"pictured\", \"made\", \"sent\"]\n\
         identified = \"yes\"\naware = \"yes\"\nwilling = \"yes\"\nother_vulnerability = \"no\"\n{answers}"
    );
    pack.advise(&pack.case(pack.read_toml(&text).unwrap()))
}

#[test]
fn nothing_differs_where_nothing_is_decided_otherwise() {
    let pack = common::cheshire();
    let first = advice(&pack, "", NINE);
    let mut other_words = first.clone();
    other_words.pack.version = "2".to_owned();
    other_words.duties[0].says = "Said in other words.".into();
    other_words.ask_next.clear();
    assert_eq!(Differences::between(&first, &other_words), Differences::default());
}

/// What is decided of many at once without words differs in the same way as the advices do, under a pack that differs in each kind.
#[test]
fn what_is_decided_differs_as_the_advices_do() {
    let first = common::cheshire();
    let mut files = common::files(&common::folder());
    for (file, from, to) in [
        (
            "classification.toml",
            "when = \"takes_part and threatened is yes\"",
            "when = \"takes_part and threatened is no\"",
        ),
        ("duties.toml", "when = \"uploaded_online is yes\"", "when = \"uploaded_online is no\""),
        (
            "duties.toml",
            "when = \"safeguarding_cannot_wait is yes\"\ndue = \"as-soon",
            "when = \"safeguarding_cannot_wait is no\"\ndue = \"as-soon",
        ),
        ("outcomes.toml", "when = \"activity_done is no\"", "when = \"activity_done is yes\""),
    ] {
        let (_, text) = files.iter_mut().find(|(name, _)| name == file).unwrap();
        assert!(text.contains(from), "{from}");
        *text = text.replace(from, to);
    }
    let (_, properties) = files.iter_mut().find(|(name, _)| name == "properties.toml").unwrap();
    let mut root: toml::Table = properties.parse().unwrap();
    root["property"].as_array_mut().unwrap().retain(|property| property["kind"].as_str() == Some("first"));
    *properties = toml::to_string(&root).unwrap();
    let second = common::load(&files).unwrap();
    let mut all: Vec<Facts> = common::turn::examples(&first).into_iter().map(|(_, facts)| facts).collect();
    let mut rng = common::random::Rng::new(41);
    for _ in 0..300 {
        let mut facts = common::random::report(&mut rng, 3, 2);
        for name in ["safeguarding_cannot_wait", "multi_agency_meeting_planned"] {
            facts.report.insert(name.to_owned(), Value::word(rng.pick(&["yes", "no", "not-known"])));
        }
        all.push(facts);
    }
    let stand = |pack: &Pack| {
        let cases: Vec<_> = all.iter().map(|facts| pack.check(facts).unwrap()).collect();
        let (mut stands, mut each) = (Vec::new(), cases.iter());
        pack.decide_many(&cases, |decided| stands.push(pack.stands(each.next().unwrap(), &decided)));
        stands
    };
    let (mut class, mut added, mut changed, mut outcomes) = (0, 0, 0, 0);
    for ((now, then), facts) in stand(&first).iter().zip(stand(&second)).zip(&all) {
        let advice = |pack: &Pack| pack.advise(&pack.check(facts).unwrap());
        let told = Differences::between(&advice(&first), &advice(&second));
        assert_eq!(Differences::of(now, then), told, "{facts:?}");
        class += usize::from(told.class.is_some() && !told.persons.is_empty());
        added += told.added.len();
        changed += told
            .changed
            .iter()
            .filter(|(_, before, after)| before.contains("before-meeting") != after.contains("before-meeting"))
            .count();
        outcomes += told.outcomes.len();
    }
    assert!([class, added, changed, outcomes].iter().all(|met| *met > 20), "{class} {added} {changed} {outcomes}");
}

#[test]
fn class_duties_and_outcomes_are_told() {
    let pack = common::cheshire();
    let first = advice(&pack, "", NINE);
    let second = advice(&pack, "\"welfare-check\"", &NINE.replace("threatened = \"no\"", "threatened = \"yes\""));
    let there = Differences::between(&first, &second);
    let back = Differences::between(&second, &first);
    let (experimental, aggravated) = (Class::Experimental, Class::Aggravated);
    assert_eq!(there.class, Some((experimental, aggravated)));
    assert_eq!(there.persons, [("A".to_owned(), experimental, aggravated)]);
    assert!(there.added.contains(&"interview-decision:A".to_owned()), "{there:?}");
    assert!(there.removed.contains(&"initial-account:A".to_owned()), "{there:?}");
    let done = ("welfare-check", "must, now, due", "must, now, done");
    let is_done =
        |(id, before, after): &(String, String, String)| (id.as_str(), before.as_str(), after.as_str()) == done;
    assert!(there.changed.iter().any(is_done), "{there:?}");
    let blocked = ("21 for A".to_owned(), Some(OutcomeState::NotYet), Some(OutcomeState::Blocked));
    assert!(there.outcomes.contains(&blocked), "{there:?}");
    assert_eq!((&there.added, &there.removed), (&back.removed, &back.added));
    let turned: Vec<_> = back.outcomes.iter().map(|(id, before, after)| (id.clone(), *after, *before)).collect();
    assert_eq!(there.outcomes, turned);
}
