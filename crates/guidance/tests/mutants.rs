//! The pack's own mutants: every condition with one part dropped, one part negated, or made to hold always
//! or never, every rule and need left out, and what a rule says beside its condition changed. Each has to be
//! refused when it is loaded or to change at least one piece of advice. What nothing can tell apart is
//! redundant and listed, with the reason, in `redundant.txt`: anything new that nothing notices fails this
//! test, and so does an entry that is no longer true.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use common::lang;
use common::mutate::{FILES, Mutant, at, conditions, mutants_of};
use common::random::{self, Rng};
use common::shown::{bare, shows};
use guidance::{Advice, Facts, Pack, Value};

/// How many random reports and neighbours of examples are looked through for cases worth keeping.
const RANDOM: usize = 2500;
const NEIGHBOURS: usize = 12;
const THREADS: usize = 2;

/// Changes one answer at random: the near misses of an example.
fn neighbour(rng: &mut Rng, facts: &Facts) -> Facts {
    let mut facts = facts.clone();
    if rng.chance(10) {
        facts.done = random::duty_ids(&facts).into_iter().filter(|_| rng.chance(85)).collect();
    }
    let people = facts.person.iter_mut().flat_map(|person| person.facts.iter_mut());
    let devices = facts.device.iter_mut().flat_map(|device| device.facts.iter_mut());
    let mut slots: Vec<(&String, &mut Value)> = facts.report.iter_mut().chain(people).chain(devices).collect();
    if !slots.is_empty() {
        let slot = rng.below(slots.len());
        match &mut slots[slot] {
            (name, age) if *name == "age" => {
                **age = rng.pick(&[
                    Value::Years(9),
                    Value::Years(12),
                    Value::Years(15),
                    Value::Years(17),
                    Value::Years(18),
                    Value::word("not-known"),
                ])
            }
            // A day is no answer of yes or no, though it may not be known either.
            (name, Value::Word(day)) if *name == "act_on" => *day = rng.pick(&["2024-06-15", "not-known"]).to_owned(),
            (_, Value::Word(word)) if matches!(word.as_str(), "yes" | "no" | "not-known") => {
                *word = rng.pick(&["yes", "no", "not-known"]).to_owned()
            }
            _ => {}
        }
    }
    facts
}

/// Examples first, then every random report that shows something no other showed.
fn cases(pack: &Pack) -> Vec<(Facts, Advice)> {
    let examples: Vec<Facts> = common::files(&common::folder().join("examples"))
        .iter()
        .map(|(_, text)| pack.read_toml(text).unwrap())
        .collect();
    let mut rng = Rng::new(7);
    let mut pool = examples.clone();
    for example in &examples {
        pool.extend((0..NEIGHBOURS).map(|_| neighbour(&mut rng, example)));
    }
    for _ in 0..RANDOM {
        let mut facts = random::report(&mut rng, 3, 2);
        embellish(&mut rng, &mut facts);
        pool.push(facts);
    }
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut kept = Vec::new();
    for (at, facts) in pool.into_iter().enumerate() {
        let advice = pack.advise(&pack.check(&facts).unwrap_or_else(|problems| panic!("{problems:?}")));
        let shown = shows(&advice);
        let new = shown.iter().any(|what| !seen.contains_key(what));
        if new || at < examples.len() {
            for what in shown {
                *seen.entry(what).or_default() += 1;
            }
            kept.push((facts, bare(advice)));
        }
    }
    kept
}

/// Facts that the shared generator leaves out because no law speaks of them.
fn embellish(rng: &mut Rng, facts: &mut Facts) {
    if rng.chance(40) {
        facts.report.insert("act_on".to_owned(), Value::word(rng.pick(&["2016-05-01", "2023-05-01", "2025-05-01"])));
    }
    for name in ["safeguarding_cannot_wait", "multi_agency_meeting_planned", "discussion_with_family_planned"] {
        facts.report.insert(name.to_owned(), Value::word(rng.pick(&["yes", "no", "no", "not-known"])));
    }
    for person in &mut facts.person {
        for name in ["online_only", "living_as_partners", "activity_done"] {
            person.facts.insert(name.to_owned(), Value::word(rng.pick(&["yes", "no", "not-known"])));
        }
        person.facts.insert(
            "reason".to_owned(),
            Value::word(rng.pick(&["established-relationship", "romantic-interest", "attention", "other"])),
        );
    }
}

type Files = Vec<(String, String)>;

/// The same files, one of them changed.
fn with(files: &Files, name: &str, text: &str) -> Files {
    let mut files = files.clone();
    files.iter_mut().find(|(file, _)| file == name).unwrap().1 = text.to_owned();
    files
}

/// The pack with the one property that costs nothing to prove: proving all of them takes far longer than
/// trying a case, so it comes last, for what no case notices.
fn light(files: &Files) -> Files {
    let (_, text) = files.iter().find(|(name, _)| name == "properties.toml").unwrap();
    let mut root: toml::Table = text.parse().unwrap();
    root["property"].as_array_mut().unwrap().retain(|property| property["kind"].as_str() == Some("first"));
    with(files, "properties.toml", &toml::to_string(&root).unwrap())
}

/// Notices that need no proof: by the number of the case, or refused when loaded.
enum Noticed {
    ByCase(usize),
    Refused,
    No,
}

fn noticed(files: &Files, light: &Files, mutant: &Mutant, cases: &[(Facts, Advice)], order: &[usize]) -> Noticed {
    let Ok(pack) = common::load(&with(light, &mutant.file, &mutant.text)) else { return Noticed::Refused };
    let differs = |at: &&usize| {
        let (facts, wanted) = &cases[**at];
        pack.check(facts).map(|case| bare(pack.advise(&case))).as_ref().ok() != Some(wanted)
    };
    match order.iter().find(differs) {
        Some(at) => Noticed::ByCase(*at),
        None if common::load(&with(files, &mutant.file, &mutant.text)).is_err() => Noticed::Refused,
        None => Noticed::No,
    }
}

fn listed() -> BTreeMap<String, String> {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/redundant.txt")).unwrap();
    text.lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| {
            let (name, reason) =
                line.split_once("  because ").unwrap_or_else(|| panic!("no reason is given for: {line}"));
            (name.to_owned(), reason.to_owned())
        })
        .collect()
}

/// A control: a pack whose conditions are only read and written out again gives the same advice, so what a
/// case notices is the mutation and not the way it was written.
fn nothing_changes_when_nothing_is_mutated(light: &Files, cases: &[(Facts, Advice)]) {
    let mut files = light.clone();
    for (_, text) in files.iter_mut().filter(|(name, _)| FILES.contains(&name.as_str())) {
        let mut root = toml::Value::Table(text.parse().unwrap());
        for (_, path) in conditions(&root) {
            let written = at(&mut root, &path);
            *written = toml::Value::String(lang::parse(written.as_str().unwrap()).to_string());
        }
        *text = toml::to_string(&root).unwrap();
    }
    let pack = common::load(&files).unwrap();
    for (facts, wanted) in cases {
        assert_eq!(&bare(pack.advise(&pack.case(facts.clone()))), wanted, "{}", toml::to_string(facts).unwrap());
    }
}

#[test]
fn every_mutant_of_the_pack_is_noticed_or_known_to_be_redundant() {
    let files = common::files(&common::folder());
    let light = light(&files);
    let cases = cases(&common::load(&light).unwrap());
    nothing_changes_when_nothing_is_mutated(&light, &cases);
    let all: Vec<Mutant> = files
        .iter()
        .filter(|(name, _)| FILES.contains(&name.as_str()))
        .flat_map(|(name, text)| mutants_of(name, text))
        .collect();
    let next = AtomicUsize::new(0);
    let work = || {
        let mut missed = Vec::new();
        let (mut refused, mut told) = (0, 0);
        // Cases that noticed the mutant before are likely to notice the next one of the same condition.
        let mut order: Vec<usize> = (0..cases.len()).collect();
        while let Some(mutant) = all.get(next.fetch_add(1, Ordering::Relaxed)) {
            match noticed(&files, &light, mutant, &cases, &order) {
                Noticed::Refused => refused += 1,
                Noticed::ByCase(by) => {
                    told += 1;
                    let place = order.iter().position(|at| *at == by).unwrap();
                    order[..=place].rotate_right(1);
                }
                Noticed::No => missed.push(mutant.name.clone()),
            }
        }
        (missed, refused, told)
    };
    let results: Vec<(Vec<String>, usize, usize)> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(work)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let missed: BTreeSet<String> = results.iter().flat_map(|(missed, ..)| missed.iter().cloned()).collect();
    let refused: usize = results.iter().map(|(_, refused, _)| refused).sum();
    let told: usize = results.iter().map(|(.., told)| told).sum();
    println!(
        "{} mutants, {} cases: {refused} refused, {told} noticed by a case, {} redundant",
        all.len(),
        cases.len(),
        missed.len()
    );
    let listed = listed();
    let new: Vec<&String> = missed.iter().filter(|name| !listed.contains_key(*name)).collect();
    let gone: Vec<&String> = listed.keys().filter(|name| !missed.contains(*name)).collect();
    assert!(new.is_empty(), "nothing notices:\n{}", new.iter().map(|n| n.as_str()).collect::<Vec<_>>().join("\n"));
    assert!(
        gone.is_empty(),
        "listed as redundant, yet noticed or not there:\n{}",
        gone.iter().map(|n| n.as_str()).collect::<Vec<_>>().join("\n")
    );
    assert!(refused >= 10 && told > 1000, "hardly any mutant was tried");
}

#[test]
fn every_kind_of_mutant_is_made() {
    let made = |file: &str| mutants_of(file, &std::fs::read_to_string(common::folder().join(file)).unwrap());
    let all: BTreeSet<String> = FILES.iter().flat_map(|file| made(file)).map(|mutant| mutant.name).collect();
    for name in ["duty vpa: strength should", "duty abe-decision: precautionary false", "duty vpa: due after-outcome"] {
        assert!(all.contains(&format!("duties.toml {name}")), "{name}");
    }
    let left_out = ["devices.toml device preserve", "crime.toml crime blackmail", "outcomes.toml outcome 21"];
    assert!(left_out.iter().all(|rule| all.contains(&format!("{rule}: leave out"))));
    assert!(all.contains("crime.toml crime intimate-image-disclosed: leave out until"));
}
