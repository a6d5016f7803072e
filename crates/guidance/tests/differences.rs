//! What differs between two advices is told: class, duties and outcomes, and nothing else.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use guidance::advice::{Class, OutcomeState};
use guidance::{Advice, Differences, Pack};

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
