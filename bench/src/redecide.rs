//! Deciding many reports again, as when a new version of a pack comes: class, duties and outcomes of each,
//! many at once (`Pack::decide_many`) and each alone.
//!
//! Bare baseline: the class alone by `hand.rs`, which says nothing of duties and outcomes.

use std::path::Path;
use std::time::{Duration, Instant};

use guidance::{Case, Facts};

use crate::hand::Packed;
use crate::table::{Goal, Table, time};
use crate::{Failed, Scale, advice};

/// Reports decided in a run.
const REPORTS: usize = 20_000;
/// The rows are for this many.
const MILLION: usize = 1_000_000;

/// Measures with all examples over and over, as if they were different reports.
pub fn measure(root: &Path, scale: Scale, table: &mut Table) -> Result<(), Failed> {
    let pack = advice::load(&advice::files(root)?)?;
    let examples = advice::examples(root, &pack)?;
    let many = REPORTS / scale.less;
    let facts: Vec<&Facts> = examples.iter().cycle().take(many).collect();
    let cases: Vec<Case> = facts.iter().map(|facts| pack.case((*facts).clone())).collect();
    let packed: Vec<Packed> = facts.iter().map(|facts| Packed::new(facts)).collect();

    let hand = million(scale, &packed, |one| one.class());
    let bare = format!("class by hand {}", time(hand));
    let mut row = |what: &str, goal: Goal, took: Duration| {
        let what = format!("{what}, 1,000,000 reports, one core ({many} run, times {})", MILLION / many);
        table.compare(&what, goal, (took, time(took)), (hand, bare.clone()));
    };
    row(
        "decide again: class, duties and outcomes",
        Goal::Within(Duration::from_secs(5)),
        million(scale, &[()], |()| {
            pack.decide_many(&cases, |decided| _ = std::hint::black_box(decided));
        })
        .div_f64(many as f64),
    );
    row("decide each alone: class, duties and outcomes", Goal::None, million(scale, &cases, |case| pack.decide(case)));
    row("the class alone", Goal::None, million(scale, &cases, |case| pack.class_of(case)));
    let from_facts = million(scale, &facts, |facts| pack.decide(&pack.case((*facts).clone())));
    row("decide again from the words of the contract", Goal::None, from_facts);
    row("full advice again", Goal::None, million(scale, &cases, |case| pack.advise(case)));
    Ok(())
}

/// The quickest of several runs over all of them, stretched to a million.
fn million<T, R>(scale: Scale, all: &[T], mut what: impl FnMut(&T) -> R) -> Duration {
    let runs = (0..scale.runs.min(3)).map(|_| {
        let start = Instant::now();
        for one in all {
            std::hint::black_box(what(one));
        }
        start.elapsed()
    });
    runs.min().unwrap_or_default().mul_f64(MILLION as f64 / all.len().max(1) as f64)
}
