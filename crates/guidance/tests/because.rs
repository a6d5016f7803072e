//! A reason is a reason: what is concluded still follows when only the facts given as its reasons are kept, and a ground no longer follows
//! when one of them is not known.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use common::random::{self, Rng};
use common::turn::{examples, is_open};
use guidance::advice::{Advice, Because, Duty, DutyState, Outcome, OutcomeState, Record, SuspectRole, Truth};
use guidance::{Entity, Facts, Pack};

/// Each ground of each is asked for again once for each of its reasons.
const REPORTS: usize = 2000;
/// Of so many people of a report what is said of each is asked for again; the sixty of a year group are much alike.
const LOOKED_AT: usize = 8;

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
    // Many things rest on the same facts.
    let asked: RefCell<BTreeMap<String, Rc<Advice>>> = RefCell::default();
    let less = |because: &[Because]| {
        let new = || Rc::new(advise(pack, &only(facts, because)));
        asked.borrow_mut().entry(format!("{because:?}")).or_insert_with(new).clone()
    };
    for ground in advice.grounds.iter().filter(|ground| ground.rule != "nothing-aggravating") {
        let fewer = less(&ground.because);
        if !fewer.persons.values().flat_map(|p| &p.grounds).chain(&fewer.grounds).any(|g| g.rule == ground.rule) {
            bad.push(format!("ground {} does not follow from {:?}", ground.rule, ground.because));
        }
    }
    // As a precaution it is due with nothing known at all: then the reasons are the open questions.
    let is_precaution = |duty: &Duty| duty.provisional && duty.because.iter().all(is_open);
    for duty in advice.duties.iter().filter(|duty| duty.state == DutyState::Due && !is_precaution(duty)) {
        let fewer = less(&duty.because);
        let same = |d: &&Duty| d.id == duty.id && d.state == DutyState::Due && !is_precaution(d);
        if !fewer.duties.iter().any(|d| same(&d)) {
            bad.push(format!("duty {} does not follow from {:?}", duty.id, duty.because));
        }
    }
    for (id, device) in &advice.devices {
        let fewer = less(&device.because);
        if fewer.devices.get(id).map(|d| d.advice) != Some(device.advice) {
            bad.push(format!("{} for {id} does not follow from {:?}", device.advice, device.because));
        }
    }
    for (id, person) in advice.persons.iter().take(LOOKED_AT) {
        let (harmed, role) = (person.harmed, person.suspect_role);
        let fewer = less(&person.harmed_because);
        if harmed != Truth::Undetermined && fewer.persons[id].harmed != harmed {
            bad.push(format!("harmed {harmed} of {id} does not follow from {:?}", person.harmed_because));
        }
        let fewer = less(&person.suspect_role_because);
        if role != SuspectRole::NotYetKnown && fewer.persons[id].suspect_role != role {
            bad.push(format!("suspect {role} of {id} does not follow from {:?}", person.suspect_role_because));
        }
    }
    let looked_at: Vec<&str> = advice.persons.keys().take(LOOKED_AT).map(String::as_str).collect();
    let of_few = |outcome: &&Outcome| outcome.subject.as_deref().is_none_or(|id| looked_at.contains(&id));
    let blocked = |outcome: &&Outcome| outcome.state == OutcomeState::Blocked;
    for outcome in advice.outcomes.iter().filter(blocked).filter(of_few) {
        let same = |o: &&Outcome| o.code == outcome.code && o.subject == outcome.subject;
        if less(&outcome.because).outcomes.iter().find(same).map(|o| o.state) != Some(OutcomeState::Blocked) {
            let whom = outcome.subject.as_deref().unwrap_or("the report");
            bad.push(format!("{} blocked for {whom} does not follow from {:?}", outcome.code, outcome.because));
        }
    }
    for class in &advice.crime.classes {
        let fewer = less(&class.because);
        if !fewer.crime.classes.iter().any(|other| other.act == class.act && other.code == class.code) {
            bad.push(format!("crime class {} does not follow from {:?}", class.act, class.because));
        }
    }
    let record = advice.crime.record;
    let is_whole = record != Record::NotYetKnown && advice.crime.because_more == 0;
    if is_whole && less(&advice.crime.because).crime.record != record {
        bad.push(format!("crime record {record} does not follow from {:?}", advice.crime.because));
    }
    bad
}

/// Every ground of one report that still holds when one of its reasons is not known.
fn needless(pack: &Pack, facts: &Facts, met: &mut usize) -> Vec<String> {
    let advice = advise(pack, facts);
    let mut bad = Vec::new();
    let mut each = |what: String, facts: &Facts, because: &[Because], still: &dyn Fn(&Advice) -> bool| {
        for (at, left_out) in because.iter().enumerate().filter(|(_, b)| is_known(b)) {
            *met += 1;
            let fewer: Vec<Because> =
                because.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, b)| b.clone()).collect();
            if still(&advise(pack, &only(facts, &fewer))) {
                bad.push(format!("{what} follows without {}: {because:?}", left_out.fact));
            }
        }
    };
    for (id, person) in &advice.persons {
        // What somebody did themself rests on nobody else.
        let person_alone = facts.person.iter().filter(|person| person.id == *id).cloned().collect();
        let alone = Facts { report: facts.report.clone(), person: person_alone, ..Facts::default() };
        for ground in &person.grounds {
            each(format!("ground {} of {id}", ground.rule), &alone, &ground.because, &|less| {
                less.persons.get(id).is_some_and(|person| person.grounds.iter().any(|g| g.rule == ground.rule))
            });
        }
    }
    let theirs = |rule: &str| advice.persons.values().flat_map(|p| &p.grounds).any(|g| g.rule == rule);
    for ground in advice.grounds.iter().filter(|ground| !theirs(&ground.rule)) {
        each(format!("ground {}", ground.rule), facts, &ground.because, &|less| {
            less.grounds.iter().any(|g| g.rule == ground.rule)
        });
    }
    bad
}

/// That something is not known can be a reason; there is nothing to leave out.
fn is_known(because: &Because) -> bool {
    !because.fact.starts_with("done.") && !matches!(because.value.as_word(), Some("not-known" | "not-asked"))
}

#[test]
fn no_ground_has_a_reason_that_it_does_not_need() {
    let pack = common::cheshire();
    let mut rng = Rng::new(23);
    let mut all = examples(&pack);
    all.extend((0..REPORTS).map(|at| (format!("random {at}"), random::report(&mut rng, 3, 0))));
    let mut met = 0;
    let bad: Vec<String> = all
        .iter()
        .flat_map(|(name, facts)| {
            needless(&pack, facts, &mut met).into_iter().map(move |says| format!("{name}: {says}"))
        })
        .collect();
    assert!(bad.is_empty(), "{} reasons are needless:\n{}", bad.len(), bad[..bad.len().min(20)].join("\n"));
    assert!(met > 10_000, "only {met} reasons were left out");
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
fn conclusions_follow_from_their_reasons_in_random_reports() {
    let pack = common::cheshire();
    let mut rng = Rng::new(29);
    let mut bad = Vec::new();
    for at in 0..REPORTS / 4 {
        let facts = random::report(&mut rng, 3, 1);
        bad.extend(baseless(&pack, &facts).into_iter().map(|says| format!("random {at}: {says}")));
    }
    assert!(bad.is_empty(), "{} conclusions without a base:\n{}", bad.len(), bad[..bad.len().min(10)].join("\n"));
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
