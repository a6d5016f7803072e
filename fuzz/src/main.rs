//! Odd input, millions of times, to everything that reads input. Nothing may panic, and no page may fail.
//!
//! Inputs are made in two ways. Proptest makes some from the structure: facts with known and unknown names and
//! values of right and wrong kinds, forms with the fields that the pages really have. And a mutator changes bytes
//! of what is known to be good: the worked examples, the packs that must be refused, pages' own forms. Everything
//! follows from one seed, so that a run can be had again.
//!
//! ```text
//! cargo xtask fuzz --minutes 60                  everything, built as it is tested
//! cargo run -p fuzz -- --seconds 60 --only facts
//! ```
//!
//! An input that made something panic is written to `target/fuzz`, and the exit code is 1.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a run that cannot go on has failed"
)]

mod caught;
mod corpus;
mod mutate;
mod options;
mod targets;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use caught::Caught;
use options::Options;
use targets::{Target, Was};

/// How long one target has its turn.
const TURN: Duration = Duration::from_millis(200);

/// What one target has seen.
#[derive(Debug, Default)]
struct Seen {
    inputs: u64,
    taken: u64,
    refused: u64,
    bad: u64,
    time: Duration,
}

fn main() -> ExitCode {
    let options = match Options::read(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(why) => {
            eprintln!("{why}");
            return ExitCode::from(2);
        }
    };
    let caught = Caught::install();
    println!("seed {}", options.seed);
    let mut targets = targets::all(options.seed);
    targets.retain(|target| options.only.as_ref().is_none_or(|only| target.name().contains(only)));
    let mut seen: Vec<Seen> = targets.iter().map(|_| Seen::default()).collect();
    let begun = Instant::now();
    while begun.elapsed() < options.time && seen.iter().map(|one| one.inputs).sum::<u64>() < options.inputs {
        for (target, seen) in targets.iter_mut().zip(&mut seen) {
            turn(target.as_mut(), seen, &caught);
        }
    }
    report(&targets, &seen, begun.elapsed());
    if options.reached {
        targets.iter().flat_map(|target| target.reached()).for_each(|line| println!("{line}"));
    }
    ExitCode::from(u8::from(seen.iter().any(|one| one.bad > 0)))
}

fn turn(target: &mut dyn Target, seen: &mut Seen, caught: &Caught) {
    let begun = Instant::now();
    while begun.elapsed() < TURN {
        let input = target.input();
        match caught.watch(|| target.run(&input)) {
            Ok(Was::Taken) => seen.taken += 1,
            Ok(Was::Refused) => seen.refused += 1,
            Ok(Was::Wrong(why)) | Err(why) => {
                seen.bad += 1;
                let kept = caught::keep(target.name(), &input);
                println!("{}: {why}\n  input kept in {kept}", target.name());
            }
        }
        seen.inputs += 1;
    }
    seen.time += begun.elapsed();
}

fn report(targets: &[Box<dyn Target>], seen: &[Seen], time: Duration) {
    println!("{:14} {:>12} {:>12} {:>12} {:>9} {:>5}", "target", "inputs", "taken", "refused", "a second", "bad");
    let line = |name: &str, one: &Seen| {
        let each = one.inputs as f64 / one.time.as_secs_f64().max(0.001);
        println!("{name:14} {:>12} {:>12} {:>12} {each:>9.0} {:>5}", one.inputs, one.taken, one.refused, one.bad);
    };
    let mut all = Seen { time, ..Seen::default() };
    for (target, one) in targets.iter().zip(seen) {
        line(target.name(), one);
        all.inputs += one.inputs;
        all.taken += one.taken;
        all.refused += one.refused;
        all.bad += one.bad;
    }
    line("all", &all);
}
