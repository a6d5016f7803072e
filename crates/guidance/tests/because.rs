//! A reason is a reason: what is concluded still follows when only the facts given as its reasons are kept.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use std::collections::BTreeMap;

use guidance::advice::{Advice, Because, DutyState};
use guidance::{Entity, Facts, Pack};

/// The facts of a report, less all that is not among the reasons.
fn only(facts: &Facts, because: &[Because]) -> Facts {
    let kept = |scope: &str, id: Option<&str>, facts: &BTreeMap<String, guidance::Value>| {
        let named = |name: &str| match id {
            Some(id) => format!("{scope}.{id}.{name}"),
            None => format!("{scope}.{name}"),
        };
        let stays = |name: &str| name == "used_or_owned_by" || because.iter().any(|b| b.fact == named(name));
        facts.iter().filter(|(name, _)| stays(name)).map(|(k, v)| (k.clone(), v.clone())).collect()
    };
    let entities = |scope: &str, all: &[Entity]| -> Vec<Entity> {
        all.iter().map(|e| Entity { id: e.id.clone(), facts: kept(scope, Some(&e.id), &e.facts) }).collect()
    };
    Facts {
        done: facts.done.clone(),
        report: kept("report", None, &facts.report),
        person: entities("person", &facts.person),
        device: entities("device", &facts.device),
    }
}

fn advise(pack: &Pack, facts: &Facts) -> Advice {
    pack.advise(&pack.check(facts).expect("less of a good report is a good report"))
}

/// Every conclusion of one report that does not follow from its reasons.
fn baseless(pack: &Pack, facts: &Facts) -> Vec<String> {
    let advice = advise(pack, facts);
    let mut bad = Vec::new();
    for ground in advice.grounds.iter().filter(|ground| ground.rule != "nothing-aggravating") {
        let less = advise(pack, &only(facts, &ground.because));
        if !less.persons.values().flat_map(|p| &p.grounds).chain(&less.grounds).any(|g| g.rule == ground.rule) {
            bad.push(format!("ground {} does not follow from {:?}", ground.rule, ground.because));
        }
    }
    for duty in advice.duties.iter().filter(|duty| duty.state == DutyState::Due && !duty.provisional) {
        let less = advise(pack, &only(facts, &duty.because));
        if !less.duties.iter().any(|d| d.id == duty.id && d.state == DutyState::Due) {
            bad.push(format!("duty {} does not follow from {:?}", duty.id, duty.because));
        }
    }
    for (id, device) in &advice.devices {
        let less = advise(pack, &only(facts, &device.because));
        if less.devices.get(id).map(|d| d.advice) != Some(device.advice) {
            bad.push(format!("{} for {id} does not follow from {:?}", device.advice, device.because));
        }
    }
    bad
}

#[test]
fn conclusions_follow_from_their_reasons_in_every_example() {
    let pack = common::cheshire();
    let mut bad = Vec::new();
    for (name, text) in common::files(&common::folder().join("examples")) {
        let facts = pack.read_toml(&text).expect("an example is good");
        bad.extend(baseless(&pack, &facts).into_iter().map(|says| format!("{name}: {says}")));
    }
    assert!(bad.is_empty(), "{} conclusions without a base:\n{}", bad.len(), bad.join("\n"));
}

#[test]
fn the_reason_for_a_ground_names_the_decisive_answer() {
    let pack = common::cheshire();
    let text =
        std::fs::read_to_string(common::folder().join("examples/passed-on-by-the-boyfriend.toml")).expect("an example");
    let advice = pack.advise(&pack.case(pack.read_toml(&text).expect("an example is good")));
    let ground = advice.grounds.iter().find(|g| g.rule == "pictured-unaware-or-unwilling").expect("she was unaware");
    let facts: Vec<&str> = ground.because.iter().map(|b| b.fact.as_str()).collect();
    assert!(
        facts == ["person.A.part", "person.A.aware"] || facts == ["person.A.part", "person.A.willing"],
        "{facts:?}"
    );
}
