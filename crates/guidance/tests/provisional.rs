//! What is due as a precaution says so for as long as an answer can still make it fall away, and no longer.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use common::turn;
use guidance::advice::{Duty, DutyState};
use guidance::{About, Advice, Facts, Pack, Value};

/// The one that the pack calls precautionary.
const DUTY: &str = "abe-decision";

fn advise(pack: &Pack, facts: &Facts) -> Advice {
    pack.advise(&pack.check(facts).unwrap())
}

fn due(advice: &Advice) -> impl Iterator<Item = &Duty> {
    advice.duties.iter().filter(|duty| duty.duty == DUTY && duty.state == DutyState::Due)
}

#[test]
fn nothing_falls_away_by_one_answer_that_was_not_said_to_be_able_to() {
    let pack = common::cheshire();
    let answers = turn::answers();
    let place = pack.duties().iter().position(|duty| duty.id == DUTY).unwrap();
    let mut fell = 0;
    // Sixty people have nothing to say that four do not.
    for (name, facts) in turn::examples(&pack).into_iter().filter(|(_, facts)| facts.person.len() < 5) {
        let advice = advise(&pack, &facts);
        for duty in due(&advice) {
            let open = answers.iter().flat_map(|(scope, fact, words)| {
                let ids: Vec<String> = match scope.as_str() {
                    "report" => vec![format!("report.{fact}")],
                    "person" => facts.person.iter().map(|person| format!("person.{}.{fact}", person.id)).collect(),
                    _ => Vec::new(),
                };
                ids.into_iter().flat_map(move |id| words.iter().map(move |word| (id.clone(), word)))
            });
            let unknown = |id: &str| {
                turn::said(&facts, id).is_none_or(|value| matches!(value, Value::Word(word) if word == "not-known"))
            };
            // A yes about somebody who takes no part is a change of part, not an answer.
            let of_part = |id: &str| id.split('.').nth(1).is_none_or(|who| turn::takes_part(&facts, who));
            for (id, word) in open.filter(|(id, _)| unknown(id) && (id.starts_with("report.") || of_part(id))) {
                // Where everything stands is quicker to have than all that is said of it.
                let then = pack.decide(&pack.check(&turn::with(&facts, &id, Value::Word(word.clone()))).unwrap());
                let whom = About::Person(
                    facts.person.iter().position(|one| duty.id.ends_with(&format!(":{}", one.id))).unwrap(),
                );
                if !then.duties.iter().any(|stands| stands.duty == place && stands.about == whom) {
                    fell += 1;
                    assert!(duty.provisional, "{name}: {} falls away with {id} = {word}", duty.id);
                }
            }
        }
    }
    assert!(fell > 50, "{fell}: the examples have to try it");
}

#[test]
fn it_stays_for_good_where_no_answer_takes_it_away() {
    let pack = common::cheshire();
    let nine = "sexual_abuse incited_or_coerced groomed extorted threatened malicious without_knowledge_or_consent \
                other_aggravating profit_motive";
    let none: String = nine.split_whitespace().map(|fact| format!("{fact} = \"no\"\n")).collect();
    // What is known of A beside that B threatened somebody, and whether the duty for A may fall away.
    let rows = [
        ("age = 14\npart = [\"pictured\", \"sent\"]".to_owned(), true),
        (format!("age = 14\npart = [\"pictured\", \"sent\"]\n{none}"), false),
        (format!("age = \"child\"\npart = [\"received\"]\n{none}"), false),
        (format!("age = \"not-known\"\npart = [\"received\"]\n{none}"), true),
        ("age = 14\npart = [\"pictured\"]\nwilling = \"no\"".to_owned(), false),
        ("age = 14\npart = [\"reporting\"]\nthreatened = \"no\"".to_owned(), true),
        (format!("age = 14\npart = [\"reporting\"]\n{none}"), false),
    ];
    for (of_a, may_fall) in rows {
        let b = "[[person]]\nid = \"B\"\nage = 15\npart = [\"received\"]\nthreatened = \"yes\"\n";
        let facts =
            pack.read_toml(&format!("[report]\nimagery = \"yes\"\n{b}[[person]]\nid = \"A\"\n{of_a}\n")).unwrap();
        let advice = advise(&pack, &facts);
        let told = due(&advice).find(|duty| duty.subject.as_deref() == Some("A"));
        assert_eq!(told.map(|duty| duty.provisional), Some(may_fall), "{of_a}");
    }
}
