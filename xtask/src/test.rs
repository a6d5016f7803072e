//! `cargo xtask test`: everything that must hold, step by step.

use std::path::Path;
use std::time::{Duration, Instant};

use crate::count::Count;
use crate::run::{Ended, cargo, linted, show};
use crate::{browser, long, supply, tidy};

/// What came of a step.
type Done = Result<Step, String>;

/// A step that ran.
struct Step {
    well: bool,
    count: Count,
}

/// Name, what it does, the step itself.
type Named = (&'static str, &'static str, fn(&Path) -> Done);

/// Each stands alone: one that fails does not stop the next.
const STEPS: &[Named] = &[
    ("fmt", "one layout for all Rust", fmt),
    ("clippy", "nothing that could panic, nothing undocumented", clippy),
    ("tidy", "layers, lengths, statements, addresses", tidy_step),
    ("test", "unit, examples, properties, store, kill -9", tests),
    ("supply", "licences, sources and duplicates of what it is built from", supply_step),
    ("faults", "power cuts, full and failing disks, kill -9, clock, files: nothing lost", faults),
    ("journeys", "whole reports in a real browser", journeys),
];

/// Runs all steps, or those named by `--only`.
///
/// # Errors
/// An option that is not known.
pub fn run(root: &Path, options: &[&str]) -> Result<bool, String> {
    let Some(wanted) = chosen(options)? else {
        for (name, what, _) in STEPS {
            println!("{name:10} {what}");
        }
        return Ok(true);
    };
    let start = Instant::now();
    let mut total = Count::default();
    let mut lines = Vec::new();
    for (name, what, step) in STEPS.iter().filter(|(name, ..)| wanted.contains(name)) {
        println!("\n==> {name}: {what}");
        let began = Instant::now();
        let (well, count, why) = match step(root) {
            Ok(done) => (done.well, done.count, String::new()),
            Err(why) => (false, Count::one(false), format!(": {why}")),
        };
        // A step that fails without a failed test (it did not compile, say) still counts as failed.
        let count = if !well && count.failed == 0 { count.and(Count::one(false)) } else { count };
        total = total.and(count);
        let line = format!("{} {name} in {}{why}", if well { "ok    " } else { "FAILED" }, seconds(began.elapsed()));
        println!("<== {line}");
        lines.push(line);
    }
    println!("\nAll steps, {}", seconds(start.elapsed()));
    for line in lines {
        println!("  {line}");
    }
    println!("{} passed, {} failed", total.passed, total.failed);
    Ok(total.failed == 0)
}

/// The steps to run; none where they are only to be listed.
fn chosen<'a>(options: &[&'a str]) -> Result<Option<Vec<&'a str>>, String> {
    let names = || STEPS.iter().map(|(name, ..)| *name);
    let mut wanted = Vec::new();
    let mut rest = options.iter();
    while let Some(option) = rest.next() {
        match *option {
            "--list" => return Ok(None),
            "--only" => match rest.next() {
                Some(name) if names().any(|known| known == *name) => wanted.push(*name),
                _ => {
                    let all: Vec<&str> = names().collect();
                    return Err(format!("--only takes one of: {}", all.join(", ")));
                }
            },
            other => return Err(format!("{other} is not known; use --only STEP or --list")),
        }
    }
    if wanted.is_empty() {
        wanted.extend(names());
    }
    Ok(Some(wanted))
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

fn one(ended: Ended) -> Done {
    let count = Count::one(ended.well);
    Ok(Step { well: ended.well, count })
}

fn fmt(root: &Path) -> Done {
    one(show(root, &cargo(), &["fmt", "--all", "--check"])?)
}

/// Also compiles what the steps after it run.
fn clippy(root: &Path) -> Done {
    one(linted(root, &["build", "--workspace", "--all-targets", "--locked"])?)
}

fn tidy_step(root: &Path) -> Done {
    let count = tidy::all(root)?;
    Ok(Step { well: count.failed == 0, count })
}

fn tests(root: &Path) -> Done {
    browser::programs(root)?;
    let ended = linted(root, &["test", "--workspace", "--locked", "--no-fail-fast"])?;
    Ok(Step { well: ended.well, count: ended.count })
}

fn supply_step(root: &Path) -> Done {
    let count = supply::check(root)?;
    Ok(Step { well: count.failed == 0, count })
}

fn faults(root: &Path) -> Done {
    let ended = linted(root, &long::FAULTS)?;
    Ok(Step { well: ended.well, count: ended.count })
}

fn journeys(root: &Path) -> Done {
    let ended = browser::journeys(root)?;
    // A runner that found no test has not tested anything.
    let well = ended.well && ended.count.passed > 0;
    Ok(Step { well, count: ended.count })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_chosen_by_name() {
        let check = |options: &[&str], steps: Option<&[&str]>| {
            assert_eq!(chosen(options).unwrap().as_deref(), steps, "{options:?}");
        };
        let all = ["fmt", "clippy", "tidy", "test", "supply", "faults", "journeys"];
        check(&[], Some(&all));
        check(&["--only", "tidy", "--only", "fmt"], Some(&["tidy", "fmt"]));
        check(&["--list"], None);
        for bad in [&["--only"][..], &["--only", "nothing"], &["--fast"]] {
            assert!(chosen(bad).is_err(), "{bad:?}");
        }
    }
}
