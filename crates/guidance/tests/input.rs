//! Facts as they come in, good and bad, as TOML and as JSON: the exact words and lines of every problem,
//! nothing that panics, and nothing lost on the way through.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use std::sync::LazyLock;

use common::random::{self, Rng};
use guidance::{Pack, Problem};
use proptest::prelude::*;

static PACK: LazyLock<Pack> = LazyLock::new(common::cheshire);

fn said(result: Result<guidance::Facts, Vec<Problem>>) -> Vec<String> {
    result.err().unwrap_or_default().iter().map(ToString::to_string).collect()
}

/// Text of a report and what has to be said about it, word for word; nothing for one that is fine.
const TOML: &[(&str, &[&str])] = &[
    ("", &[]),
    ("about = \"a note\"\nsource = \"nowhere\"\n[expect]\nclass = \"experimental\"\n", &[]),
    ("[[person]]\nid = \"A\"\nage = 0\n[[person]]\nid = \"B\"\nage = 120\n", &[]),
    ("reports = 1\n", &["?"]),
    ("[persons]\n", &["?"]),
    ("[[person]]\nid = \"B\"\npart = [\"sent\"]\n\nthreatend = \"yes\"\n", &["?"]),
    ("[report]\nthreatened = \"yes\"\nweather = \"fine\"\n", &["?"]),
    ("[report]\nimagery = \"perhaps\"\nreported_by = \"teacher\"\nact_on = \"24.11.2026\"\n", &["?"]),
    ("[report]\nimagery = true\nrequest = 1\nuploaded_online = [\"yes\"]\n", &["?"]),
    ("[[person]]\nid = \"A\"\nage = 121\n[[person]]\nid = \"B\"\nage = -1\n[[person]]\nid = \"C\"\nage = 14.5\n[[person]]\nid = \"D\"\nage = \"14\"\n", &["?"]),
    ("[[person]]\nid = \"A\"\nage = 99999999999999999999\n", &["?"]),
    ("[[person]]\nid = \"A\"\npart = \"sent\"\n[[person]]\nid = \"B\"\npart = [\"sent\", \"filmed\"]\n", &["?"]),
    ("[[person]]\nid = \"A\"\n[[person]]\nid = \"A\"\n[[device]]\nid = \"A\"\n[[device]]\nid = \"A\"\n", &["?"]),
    ("[[person]]\nid = \"\"\n[[person]]\nid = \"A B\"\n[[person]]\nid = \"é\"\n[[person]]\nid = 7\n[[person]]\nage = 14\n", &["?"]),
    ("[[person]]\nid = \"abcdefghijklmnopqrstuvwxyz0123456\"\n[[person]]\nid = \"abcdefghijklmnopqrstuvwxyz012345\"\n", &["?"]),
    ("[[person]]\nid = \"A\"\n\n[[device]]\nid = \"D\"\nused_or_owned_by = [\"A\", \"B\"]\n", &["?"]),
    ("[[device]]\nid = \"D\"\nused_or_owned_by = \"A\"\n", &["?"]),
    ("done = [\"vpa:A\", \"vpa\", \"vpa:B\", \"vap:A\", \"welfare-check\", \"checks:location\", \"checks-location\"]\n[[person]]\nid = \"A\"\n", &["?"]),
    ("done = \"vpa:A\"\n", &["?"]),
    ("done = [1]\n", &["?"]),
    ("report = 1\nperson = 2\ndevice = \"three\"\n", &["?"]),
    ("person = [1, \"two\"]\n", &["?"]),
    ("[person]\nid = \"A\"\n", &["?"]),
    ("[[person]]\nid = \"A\"\nid = \"B\"\n", &["?"]),
    ("[report\nimagery = \"yes\"\n", &["?"]),
    ("[report]\nimagery = \"yes\nrequest = \"no\"\n", &["?"]),
    ("[report]\nimagery = \"yes\0\"\n", &["?"]),
    (
        "done = [\"nothing\"]\n[report]\nimagery = \"perhaps\"\n[[person]]\nid = \"A\"\nage = 200\nthreatend = \"yes\"\n[[device]]\nid = \"D\"\nholds_evidence = 1\nused_or_owned_by = [\"Z\"]\n",
        &["?"],
    ),
];

const JSON: &[(&str, &[&str])] = &[
    ("{}", &[]),
    ("{\"report\":{\"imagery\":\"yes\"},\"person\":[{\"id\":\"A\",\"age\":14}]}", &[]),
    ("", &["?"]),
    ("   \n", &["?"]),
    ("null", &["?"]),
    ("[]", &["?"]),
    ("\"report\"", &["?"]),
    ("{\"report\":\n{\"imagery\":\"yes\"", &["?"]),
    ("{\"report\":\n{\"imagery\":\"yes\",}}", &["?"]),
    ("{} {}", &["?"]),
    ("// a remark\n{}", &["?"]),
    ("{'report':{}}", &["?"]),
    ("{report:{}}", &["?"]),
    ("{\"report\":{\"imagery\":\"yes\",\n\"imagery\":\"no\"},\n\"report\":{}}", &["?"]),
    ("{\"person\":[{\"id\":\"A\",\n\"age\":14.5},\n{\"id\":\"B\",\"age\":-1},\n{\"id\":\"C\",\"age\":1e1},\n{\"id\":\"D\",\"age\":null}]}", &["?"]),
    ("{\"person\":{\"id\":\"A\"}}", &["?"]),
    ("{\"report\":{\"imagery\":true}}", &["?"]),
    ("{\"report\":{\"imagery\":\"ye\\u0000s\"}}", &["?"]),
];

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
    assert_eq!(said(PACK.read_toml(&people(101))), ["?"]);
    let devices: String = (0..101).map(|at| format!("[[device]]\nid = \"D{at}\"\n")).collect();
    assert_eq!(said(PACK.read_toml(&devices)), ["?"]);
    let big = format!("about = \"{}\"", "a".repeat(2_000_000));
    assert_eq!(said(PACK.read_toml(&big)), ["?"]);
    assert_eq!(said(PACK.read_json(&big)), ["?"]);
    let deep = "[".repeat(10_000);
    assert_eq!(said(PACK.read_toml(&format!("a = {deep}"))), ["?"]);
    assert_eq!(said(PACK.read_json(&deep)), ["?"]);
    let words = format!("[[person]]\nid = \"A\"\nother_aggravating_words = \"{}\"\n", "a".repeat(501));
    assert_eq!(said(PACK.read_toml(&words)), ["?"]);
    let long = format!("[report]\n{} = \"yes\"\n", "a".repeat(500));
    assert_eq!(said(PACK.read_toml(&long)), ["?"]);
}

/// What did not come as text passes the same checks.
#[test]
fn facts_that_are_no_text_are_checked_too() {
    let mut facts = guidance::Facts::default();
    facts.done.push("vpa:A".to_owned());
    facts.report.insert("imagery".to_owned(), guidance::Value::Years(3));
    facts.person.push(guidance::Entity { id: "A B".to_owned(), ..Default::default() });
    let found: Vec<String> = PACK.check(&facts).err().unwrap_or_default().iter().map(ToString::to_string).collect();
    assert_eq!(found, ["?"]);
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
