//! No conclusion is without its reasons: on the worked examples and on many random reports, of which much or little is known, everything
//! that is concluded carries facts. What may be needed carries facts that are open.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::random::{self, Rng};
use common::turn::{examples, is_open};
use guidance::advice::{Advice, Because, DutyState, OutcomeState};
use guidance::{Facts, Pack};

const REPORTS: usize = 12_000;

/// Duties that are due in every report: they rest on nothing.
fn always() -> BTreeSet<String> {
    let files = common::files(&common::folder());
    let (_, text) = files.iter().find(|(name, _)| name == "duties.toml").unwrap();
    let duties: toml::Table = text.parse().unwrap();
    let of = |duty: &toml::Value, key: &str| duty[key].as_str().unwrap().to_owned();
    let duties = duties["duty"].as_array().unwrap().iter();
    duties.filter(|duty| of(duty, "when") == "always").map(|duty| of(duty, "id")).collect()
}

/// Every conclusion without a reason, and every open reason that is none. What was met is counted by kind.
fn without(advice: &Advice, always: &BTreeSet<String>, met: &mut BTreeMap<String, usize>) -> Vec<String> {
    let mut bad = Vec::new();
    let mut has = |kind: String, what: &str, because: &[Because]| {
        *met.entry(kind.clone()).or_default() += 1;
        if because.is_empty() {
            bad.push(format!("{kind}: {what} rests on nothing"));
        }
    };
    for ground in advice.grounds.iter().chain(advice.persons.values().flat_map(|person| &person.grounds)) {
        has("ground".to_owned(), &ground.rule, &ground.because);
    }
    for (id, person) in &advice.persons {
        has(format!("harmed {}", person.harmed), id, &person.harmed_because);
        has(format!("suspect {}", person.suspect_role), id, &person.suspect_role_because);
    }
    for duty in advice.duties.iter().filter(|duty| !always.contains(duty.duty.as_str())) {
        has(format!("duty {}", duty.state), &duty.id, &duty.because);
    }
    for (id, device) in &advice.devices {
        has(format!("device {}", device.advice), id, &device.because);
    }
    for outcome in advice.outcomes.iter().filter(|outcome| outcome.state != OutcomeState::Open) {
        let whom = outcome.subject.as_deref().unwrap_or("the report");
        has(format!("outcome {}", outcome.state), &format!("{} for {whom}", outcome.code), &outcome.because);
    }
    has(format!("crime {}", advice.crime.record), "the record", &advice.crime.because);
    for class in &advice.crime.classes {
        has("crime class".to_owned(), &class.act, &class.because);
    }
    let places = |duty: &&guidance::advice::Duty| duty.duty == "checks-location" && duty.state == DutyState::Due;
    for duty in advice.duties.iter().filter(places) {
        has(format!("due {}", duty.due), &duty.id, &duty.because);
    }
    // What is due as a precaution rests on open questions, or on what is known so far: because.rs asks whether it follows from that.
    for duty in advice.duties.iter().filter(|duty| duty.state == DutyState::NotYetKnown) {
        for settled in duty.because.iter().filter(|because| !is_open(because)) {
            bad.push(format!("{} may be due because of {settled:?}, which is no open question", duty.id));
        }
    }
    bad
}

fn reports(pack: &Pack) -> Vec<(String, Facts)> {
    let mut rng = Rng::new(61);
    let mut all = examples(pack);
    for at in 0..REPORTS {
        let mut facts = random::report(&mut rng, 1 + at % 4, 2);
        // Some of what is known of a report is forgotten, so that much of it is open and yet not all.
        for person in facts.person.iter_mut().filter(|_| at % 3 == 0) {
            person.facts.retain(|_, _| rng.chance(70));
        }
        facts.report.retain(|_, _| at % 3 != 0 || rng.chance(70));
        if at % 50 == 0 {
            facts.person.clear();
            facts.device.clear();
            facts.done.clear();
        }
        all.push((format!("random {at}"), facts));
    }
    all
}

#[test]
fn every_conclusion_carries_the_facts_it_rests_on() {
    let pack = common::cheshire();
    let always = always();
    let mut met = BTreeMap::new();
    let mut bad = Vec::new();
    for (name, facts) in reports(&pack) {
        let case = pack.check(&facts).unwrap_or_else(|problems| panic!("{name}: {problems:?}"));
        let found = without(&pack.advise(&case), &always, &mut met);
        bad.extend(found.into_iter().map(|says| (says, name.clone(), facts.clone())));
    }
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    bad.iter().for_each(|(says, ..)| *kinds.entry(says.split(" for ").next().unwrap()).or_default() += 1);
    let shown =
        bad.iter().take(3).map(|(says, name, facts)| format!("{name}: {says}\n{}", toml::to_string(facts).unwrap()));
    assert!(bad.is_empty(), "{} are wrong: {kinds:#?}\n{}", bad.len(), shown.collect::<Vec<_>>().join("\n"));
    for kind in [
        "ground",
        "harmed yes",
        "harmed no",
        "harmed undetermined",
        "suspect never",
        "suspect possible",
        "suspect not-yet-known",
        "duty due",
        "duty not-yet-known",
        "duty done",
        "device leave",
        "device preserve",
        "device seize-where-possible",
        "outcome blocked",
        "outcome not-yet",
        "crime yes",
        "crime no",
        "crime not-yet-known",
        "crime class",
    ] {
        assert!(met.get(kind).is_some_and(|count| *count > 100), "hardly met: {kind} in {met:#?}");
    }
}
