//! While what a question is asked, as the pack says, and what the engine asks next never contradict each other: an answer would
//! be asked for and set aside again.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use common::random::{self, Rng};
use guidance::{Facts, Pack};

const REPORTS: usize = 1500;

fn check(pack: &Pack, facts: &Facts, about: &str) {
    let case = pack.check(facts).unwrap();
    let not_asked = pack.not_asked(&case);
    let advice = pack.advise(&case);
    let asked = advice.ask_next.iter().find(|ask| not_asked.contains_key(ask.fact.as_str()));
    assert_eq!(asked, None, "asked, and said to be moot: {about}");
}

#[test]
fn nothing_is_asked_that_the_pack_says_is_not_asked() {
    let pack = common::cheshire();
    for (name, facts) in common::turn::examples(&pack) {
        check(&pack, &facts, &name);
    }
    let mut rng = Rng::new(17);
    for nth in 0..REPORTS {
        let (people, devices) = (1 + rng.below(3), rng.below(2));
        let facts = random::report(&mut rng, people, devices);
        check(&pack, &facts, &format!("random report {nth}: {facts:?}"));
    }
}

#[test]
fn a_question_is_asked_while_its_condition_is_not_ruled_out() {
    let pack = common::cheshire();
    // What is known of A; facts of A that are then not asked about.
    let rows: [(&str, &[&str]); 7] = [
        ("", &[]),
        ("part = [\"pictured\", \"sent\"]\nage = \"not-known\"", &[]),
        (
            "part = [\"pictured\", \"sent\"]\nage = \"child\"",
            &["living_as_partners", "online_only", "works_with_children"],
        ),
        ("part = [\"sent\"]\nage = 30", &["aware", "willing"]),
        ("part = [\"received\"]\nage = 30", &["aware", "reason", "willing"]),
        (
            "part = [\"reporting\"]\nage = 30\nthreatened = \"no\"",
            &[
                "aware",
                "extorted",
                "groomed",
                "incited_or_coerced",
                "malicious",
                "other_aggravating",
                "persistent",
                "profit_motive",
                "reason",
                "sexual_abuse",
                "threatened",
                "willing",
                "without_knowledge_or_consent",
            ],
        ),
        ("part = [\"reporting\"]\nage = 30\nthreatened = \"yes\"", &["aware", "reason", "willing"]),
    ];
    for (known, not_asked) in rows {
        let facts = pack.read_toml(&format!("[[person]]\nid = \"A\"\n{known}\n")).unwrap();
        let found = pack.not_asked(&pack.case(facts));
        let found: Vec<&str> = found.keys().filter_map(|fact| fact.strip_prefix("person.A.")).collect();
        assert_eq!(found, not_asked, "{known}");
    }
}
