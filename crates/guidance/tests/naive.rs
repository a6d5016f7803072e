//! The engine against a naive evaluator that knows nothing of it, on many random partial reports.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use std::collections::BTreeMap;

use common::naive::Naive;
use common::naive::engine::{differences, engine};
use common::naive::outcomes::OUTCOMES;
use common::naive::settle::settle;
use common::random::{self, Rng};
use guidance::{Facts, Pack, Value};

/// Enough that each rule is met in thousands of situations.
const REPORTS: usize = 100_000;
const THREADS: usize = 2;
/// Most completions of one report: most have far fewer, so that all of them together stay within half a minute.
const MOST: [usize; 8] = [1, 4, 16, 32, 64, 64, 256, 2048];

/// `vpa:A` is a vpa, `A class` a class, `device D0` a device, `outcome 1 A` the outcome 1 for a child.
fn kind(name: &str) -> String {
    let name = name.split(':').next().unwrap_or(name);
    match name.split_once(' ') {
        Some(("due", duty)) => format!("due {duty}"),
        Some(("confirm", rest)) => format!("confirm {}", rest.split(' ').next().unwrap()),
        Some(("outcome", rest)) => match rest.split_once(' ') {
            Some((code, _)) => format!("outcome {code} for a child"),
            None => format!("outcome {rest}"),
        },
        Some((first @ ("device" | "code"), _)) => first.to_owned(),
        Some((_, last)) => last.to_owned(),
        None => name.to_owned(),
    }
}

/// What came out how often, so that a generator that reaches nothing cannot pass.
type Seen = BTreeMap<String, usize>;

/// What no law of the pack speaks of, and the shared generator leaves out.
fn beside(rng: &mut Rng, facts: &mut Facts) {
    let mut say = |facts: &mut BTreeMap<String, Value>, name: &str| {
        if let Some(word) = rng.pick(&[Some("yes"), Some("no"), Some("no"), Some("not-known"), None]) {
            facts.insert(name.to_owned(), Value::word(word));
        }
    };
    for name in ["safeguarding_cannot_wait", "multi_agency_meeting_planned", "discussion_with_family_planned"] {
        say(&mut facts.report, name);
    }
    facts.person.iter_mut().for_each(|person| say(&mut person.facts, "living_as_partners"));
}

fn run(pack: &Pack, seed: u64, count: usize) -> (Vec<String>, Seen) {
    let (mut rng, mut aside) = (Rng::new(seed), Rng::new(seed + 1_000));
    let mut wrong = Vec::new();
    let mut seen = Seen::new();
    for at in 0..count {
        let mut facts = random::report(&mut rng, 3, 2);
        beside(&mut aside, &mut facts);
        let most = rng.pick(&MOST);
        settle(&mut rng, &mut facts, most);
        let naive = Naive::new(&facts).conclude();
        let engine = engine(pack, &facts);
        for (name, value) in &engine {
            *seen.entry(format!("{} {value}", kind(name))).or_default() += 1;
        }
        let different = differences(&naive, &engine);
        if !different.is_empty() {
            wrong.push(format!(
                "report {at} of seed {seed}:\n{}\n{}",
                different.join("\n"),
                toml::to_string(&facts).unwrap()
            ));
            if wrong.len() == 3 {
                break;
            }
        }
    }
    (wrong, seen)
}

#[test]
fn the_engine_agrees_with_the_naive_evaluator() {
    let pack = common::cheshire();
    let results: Vec<(Vec<String>, Seen)> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|at| {
                scope.spawn({
                    let pack = &pack;
                    move || run(pack, at as u64 + 1, REPORTS / THREADS)
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let wrong: Vec<&String> = results.iter().flat_map(|(wrong, _)| wrong).collect();
    assert!(wrong.is_empty(), "{}", wrong.iter().map(|w| w.as_str()).collect::<Vec<_>>().join("\n\n"));
    let mut seen = Seen::new();
    for (kind, count) in results.into_iter().flat_map(|(_, seen)| seen) {
        *seen.entry(kind).or_default() += count;
    }
    reached(&seen);
}

/// States that an outcome never has: nothing blocks that another body takes it on, and no child is given an adult caution.
const NEVER: [&str; 3] = ["outcome 20 blocked", "outcome 20 for a child blocked", "outcome 3 for a child open"];

/// Every outcome in every state that it can have, for the report and for a child.
fn outcomes() -> Vec<String> {
    let of_report = OUTCOMES.iter().filter(|outcome| outcome.report).map(|outcome| format!("outcome {}", outcome.code));
    let of_child =
        OUTCOMES.iter().filter(|outcome| outcome.child).map(|outcome| format!("outcome {} for a child", outcome.code));
    let both = ["outcome 21", "outcome 21 for a child"].map(str::to_owned);
    let all = of_report.chain(of_child).chain(both);
    let states = all.flat_map(|name| ["open", "blocked", "not-yet"].map(|state| format!("{name} {state}")));
    states.filter(|name| !NEVER.contains(&name.as_str())).collect()
}

/// Every conclusion has to come up often enough for agreement to mean something.
fn reached(seen: &Seen) {
    let mut wanted: Vec<String> = Vec::new();
    for class in ["experimental", "aggravated", "undetermined"] {
        wanted.push(format!("class {class}"));
    }
    wanted.push("class not-involved".to_owned());
    wanted.extend(["yes", "no", "undetermined"].map(|harmed| format!("harmed {harmed}")));
    wanted.extend(["never", "possible", "not-yet-known"].map(|role| format!("suspect {role}")));
    wanted.extend(["leave", "preserve", "seize-where-possible"].map(|advice| format!("device {advice}")));
    wanted.extend(outcomes());
    wanted.extend(["yes", "no", "not-yet-known"].map(|record| format!("crime {record}")));
    wanted.extend(["before-meeting", "as-soon-as-possible"].map(|due| format!("due checks {due}")));
    wanted.extend(["86/2", "86/10"].map(|code| format!("confirm {code} yes")));
    for duty in random::PERSON_DUTIES.iter().chain(&["strategy-meeting", "removal-online", "evidence-decision"]) {
        wanted.push(format!("{duty} done"));
        wanted.push(format!("{duty} due"));
        // A precaution is due as soon as it is possible.
        if *duty != "abe-decision" {
            wanted.push(format!("{duty} not-yet-known"));
        }
    }
    let rare: Vec<String> = wanted.into_iter().filter(|kind| seen.get(kind).copied().unwrap_or(0) < 20).collect();
    assert!(rare.is_empty(), "the random reports hardly ever reach {rare:?}\nreached: {seen:#?}");
}
