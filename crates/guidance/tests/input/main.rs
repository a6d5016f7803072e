//! Facts as they come in, good and bad, as TOML and as JSON: the exact words and lines of every problem,
//! nothing that panics, and nothing lost on the way through.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

#[path = "../common/mod.rs"]
mod common;
mod problems;

use std::sync::LazyLock;

use common::random::{self, Rng};
use guidance::{Pack, Problem};
use problems::{JSON, TOML};
use proptest::prelude::*;

static PACK: LazyLock<Pack> = LazyLock::new(common::cheshire);

fn said(result: Result<guidance::Facts, Vec<Problem>>) -> Vec<String> {
    result.err().unwrap_or_default().iter().map(ToString::to_string).collect()
}

#[test]
fn every_problem_is_told_in_these_words() {
    let mut wrong = Vec::new();
    let mut hold = |kind: &str, text: &str, wanted: &[&str], found: Vec<String>| {
        if found != wanted {
            wrong.push(format!("{kind} {text:?}\n{found:#?}"));
        }
    };
    for (text, wanted) in TOML {
        hold("TOML", text, wanted, said(PACK.read_toml(text)));
    }
    for (text, wanted) in JSON {
        hold("JSON", text, wanted, said(PACK.read_json(text)));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

fn people(count: usize) -> String {
    (0..count).map(|at| format!("[[person]]\nid = \"P{at}\"\n")).collect()
}

#[test]
fn too_much_of_anything_is_refused() {
    assert_eq!(said(PACK.read_toml(&people(100))), Vec::<String>::new());
    assert_eq!(
        said(PACK.read_toml(&people(101))),
        ["person: 101 are given; at most 100 can be in one report, line 1; split the report in two and link them"]
    );
    let devices: String = (0..101).map(|at| format!("[[device]]\nid = \"D{at}\"\n")).collect();
    assert_eq!(
        said(PACK.read_toml(&devices)),
        ["device: 101 are given; at most 100 can be in one report, line 1; split the report in two and link them"]
    );
    let big = format!("about = \"{}\"", "a".repeat(2_000_000));
    assert_eq!(
        said(PACK.read_toml(&big)),
        [
            "the text has 2000010 bytes; at most 1000000 are read; see whether it is the right one, and take out what does not belong"
        ]
    );
    assert_eq!(
        said(PACK.read_json(&big)),
        [
            "the text has 2000010 bytes; at most 1000000 are read; see whether it is the right one, and take out what does not belong"
        ]
    );
    let deep = "[".repeat(10_000);
    assert_eq!(
        said(PACK.read_toml(&format!("a = {deep}"))),
        ["brackets are nested more than 32 deep, line 1; close brackets before opening more"]
    );
    assert_eq!(
        said(PACK.read_json(&deep)),
        ["brackets are nested more than 32 deep, line 1; close brackets before opening more"]
    );
    let words = format!("[[person]]\nid = \"A\"\nother_aggravating_words = \"{}\"\n", "a".repeat(501));
    assert_eq!(
        said(PACK.read_toml(&words)),
        [
            "person A: other_aggravating_words must be words, at most 500 characters, not \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…\", line 3"
        ]
    );
    let long = format!("[report]\n{} = \"yes\"\n", "a".repeat(500));
    assert_eq!(
        said(PACK.read_toml(&long)),
        [
            "report: unknown fact \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\", line 2; leave it out, or use a fact of this guidance"
        ]
    );
}

/// What did not come as text passes the same checks.
#[test]
fn facts_that_are_no_text_are_checked_too() {
    let mut facts = guidance::Facts::default();
    facts.done.push("vpa:A".to_owned());
    facts.report.insert("imagery".to_owned(), guidance::Value::Years(3));
    facts.person.push(guidance::Entity { id: "A B".to_owned(), ..Default::default() });
    let found: Vec<String> = PACK.check(&facts).err().unwrap_or_default().iter().map(ToString::to_string).collect();
    assert_eq!(
        found,
        [
            "report: imagery must be \"yes\", \"no\" or \"not-known\", not 3",
            "person 1: id \"A B\" is not allowed; use 1 to 32 letters, digits, - or _",
            "done: \"vpa:A\" is for nobody and nothing in this report; a duty is named with whom it is for: \"vpa:A\"",
        ]
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let text = String::from_utf8_lossy(&bytes);
        let _ = PACK.read_toml(&text);
        let _ = PACK.read_json(&text);
    }

    #[test]
    fn signs_of_the_two_languages_never_panic(text in "[\\[\\]{}=\"',:.#\\\\0-9a-f\n ]{0,200}") {
        let _ = PACK.read_toml(&text);
        let _ = PACK.read_json(&text);
    }

    /// A valid report with some bytes cut, doubled or replaced: read or refused, and advised on when read.
    #[test]
    fn damaged_reports_never_panic(seed in any::<u64>(), edits in proptest::collection::vec((any::<u16>(), any::<u8>(), 0..3_u8), 1..6)) {
        let facts = random::report(&mut Rng::new(seed), 3, 2);
        for (text, toml) in [(toml::to_string(&facts).unwrap(), true), (serde_json::to_string_pretty(&facts).unwrap(), false)] {
            let mut bytes = text.into_bytes();
            for (place, byte, kind) in &edits {
                let place = usize::from(*place) % bytes.len();
                match kind {
                    0 => drop(bytes.remove(place)),
                    1 => bytes.insert(place, *byte),
                    _ => bytes[place] = *byte,
                }
            }
            let text = String::from_utf8_lossy(&bytes);
            let read = if toml { PACK.read_toml(&text) } else { PACK.read_json(&text) };
            match read {
                Ok(facts) => drop(PACK.class_of(&PACK.case(facts))),
                Err(problems) => prop_assert!(!problems.is_empty()),
            }
        }
    }

    #[test]
    fn facts_come_back_as_they_went(seed in any::<u64>()) {
        let facts = random::report(&mut Rng::new(seed), 5, 3);
        prop_assert_eq!(&PACK.read_json(&serde_json::to_string(&facts).unwrap()).unwrap(), &facts);
        prop_assert_eq!(&PACK.read_json(&serde_json::to_string_pretty(&facts).unwrap()).unwrap(), &facts);
        prop_assert_eq!(&PACK.read_toml(&toml::to_string(&facts).unwrap()).unwrap(), &facts);
        let case = PACK.check(&facts).unwrap();
        prop_assert_eq!(case.facts(), &facts);
    }
}
