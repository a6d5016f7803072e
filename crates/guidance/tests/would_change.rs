//! What would change the class does change it: the answers are turned and the advice is asked for again.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use guidance::Facts;
use guidance::advice::WouldChange;

/// The facts with the answers turned.
fn turned(facts: &Facts, change: &WouldChange) -> Facts {
    let mut facts = facts.clone();
    for (name, value) in &change.changes {
        let parts: Vec<&str> = name.split('.').collect();
        match parts.as_slice() {
            ["report", fact] => facts.report.insert((*fact).to_owned(), value.clone()),
            ["person", id, fact] => {
                let person = facts.person.iter_mut().find(|person| person.id == *id).expect("a person of the report");
                person.facts.insert((*fact).to_owned(), value.clone())
            }
            _ => panic!("{name} is no answer about the report or a person"),
        };
    }
    facts
}

#[test]
fn what_would_change_the_class_changes_it() {
    let pack = common::cheshire();
    let (mut singles, mut several) = (0, 0);
    let mut bad = Vec::new();
    for (name, text) in common::files(&common::folder().join("examples")) {
        let facts = pack.read_toml(&text).expect("an example is good");
        for change in pack.advise(&pack.case(facts.clone())).would_change {
            let class = pack.class_of(&pack.check(&turned(&facts, &change)).expect("an answer that can be given"));
            if change.then["class"] != class.word() {
                bad.push(format!("{name}: {:?} gives {class}, not {}", change.changes, change.then["class"]));
            }
            // An age is never offered: it would coach an answer about a child.
            let aged = change.changes.keys().any(|name| name.ends_with(".age"));
            assert!(!aged, "{name}: {:?} turns an age", change.changes);
            for left_out in change.changes.keys().filter(|_| change.changes.len() > 1) {
                let mut fewer = change.clone();
                fewer.changes.remove(left_out);
                let class = pack.class_of(&pack.check(&turned(&facts, &fewer)).expect("an answer that can be given"));
                if change.then["class"] == class.word() {
                    bad.push(format!("{name}: {:?} gives {class} without {left_out} too", change.changes));
                }
            }
            *if change.changes.len() == 1 { &mut singles } else { &mut several } += 1;
        }
    }
    assert!(bad.is_empty(), "{} changes that change nothing:\n{}", bad.len(), bad.join("\n"));
    assert!(
        singles > 100 && several > 10,
        "{singles} single answers and {several} sets of several are too few to tell"
    );
}

#[test]
fn one_other_answer_of_any_report_gives_the_class_it_is_said_to() {
    let pack = common::cheshire();
    let (mut rng, mut tried) = (common::random::Rng::new(77), 0);
    for _ in 0..600 {
        let facts = common::random::report(&mut rng, 3, 0);
        for change in pack.advise(&pack.case(facts.clone())).would_change {
            let Ok(case) = pack.check(&turned(&facts, &change)) else { continue };
            assert_eq!(change.then["class"], pack.class_of(&case).word(), "{:?} of {facts:?}", change.changes);
            tried += 1;
        }
    }
    assert!(tried > 500, "{tried} are too few to tell");
}
