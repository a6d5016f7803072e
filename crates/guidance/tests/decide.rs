//! Deciding without words gives what the advice says, and a case that was decided once is not changed by it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use std::collections::BTreeSet;

use common::random::{self, Rng};
use guidance::{About, Facts, Pack};

/// Random reports, besides every worked example.
const REPORTS: usize = 5_000;

fn id(facts: &Facts, about: About) -> Option<String> {
    match about {
        About::Report => None,
        About::Person(at) => Some(facts.person[at].id.clone()),
        About::Device(at) => Some(facts.device[at].id.clone()),
    }
}

fn same(pack: &Pack, facts: &Facts) {
    let case = pack.case(facts.clone());
    let advice = pack.advise(&case);
    let decided = pack.decide(&case);
    assert_eq!(decided.class, advice.class);
    assert_eq!(decided.class, pack.class_of(&case));
    let decided_duties: Vec<(String, Option<String>, String)> = decided
        .duties
        .iter()
        .map(|d| (pack.duties()[d.duty].id.clone(), id(facts, d.about), d.state.to_string()))
        .collect();
    let advised: Vec<(String, Option<String>, String)> = advice
        .duties
        .iter()
        // A duty of the report names what it is for ("location") where nobody is meant.
        .map(|d| (d.duty.to_string(), id_of(facts, d.subject.as_deref()), d.state.to_string()))
        .collect();
    assert_eq!(decided_duties.len(), advised.len());
    assert_eq!(BTreeSet::from_iter(decided_duties), BTreeSet::from_iter(advised));
    let ids = BTreeSet::from_iter(decided.duties.iter().map(|d| pack.duty_id(d, facts)));
    assert_eq!(ids, BTreeSet::from_iter(advice.duties.iter().map(|d| d.id.to_string())));
    let decided: Vec<(String, Option<String>, String)> = decided
        .outcomes
        .iter()
        .map(|o| (pack.outcomes()[o.outcome].code.clone(), id(facts, o.about), o.state.to_string()))
        .collect();
    let whom = |outcome: &guidance::advice::Outcome| outcome.subject.as_deref().map(str::to_owned);
    let advised: Vec<(String, Option<String>, String)> =
        advice.outcomes.iter().map(|o| (o.code.to_string(), whom(o), o.state.to_string())).collect();
    assert_eq!(decided, advised);
}

fn id_of(facts: &Facts, subject: Option<&str>) -> Option<String> {
    facts.person.iter().chain(&facts.device).map(|e| &e.id).find(|id| Some(id.as_str()) == subject).cloned()
}

#[test]
fn every_example_is_decided_as_it_is_advised() {
    let pack = common::cheshire();
    for (_, text) in common::files(&common::folder().join("examples")) {
        same(&pack, &pack.read_toml(&text).expect("an example is good"));
    }
}

#[test]
fn random_reports_are_decided_as_they_are_advised() {
    let pack = common::cheshire();
    let mut rng = Rng::new(11);
    for _ in 0..REPORTS {
        let (people, devices) = (1 + rng.below(5), rng.below(4));
        same(&pack, &random::report(&mut rng, people, devices));
    }
}

#[test]
fn many_at_once_are_decided_as_each_alone() {
    let pack = common::cheshire();
    let mut rng = Rng::new(23);
    let mut cases = Vec::new();
    for (_, text) in common::files(&common::folder().join("examples")) {
        cases.push(pack.case(pack.read_toml(&text).expect("an example is good")));
    }
    for at in 0..REPORTS {
        // Now and then many people, and nobody.
        let people = if at % 500 == 0 { 5 } else { 1 + rng.below(5) };
        if at % 250 == 1 {
            cases.push(pack.case(pack.read_toml("").expect("nothing is a report")));
        }
        let devices = rng.below(4);
        cases.push(pack.case(random::report(&mut rng, people, devices)));
    }
    let mut all = cases.iter();
    pack.decide_many(&cases, |decided| {
        let case = all.next().expect("no more are decided than there are");
        assert_eq!(decided, pack.decide(case), "{:?}", case.facts());
    });
    assert!(all.next().is_none(), "all are decided");
}
