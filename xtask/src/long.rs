//! What goes on for as long as one likes: `cargo xtask torture` and `cargo xtask fuzz`.

use std::path::Path;
use std::time::{Duration, Instant};

use crate::run::{cargo, show};

/// The faults, once. Built as the other tests are, so that nothing is built twice.
pub const FAULTS: [&str; 6] = ["test", "--package", "waymark", "--test", "faults", "--locked"];
/// A log of a million entries, verified in the memory that a small one takes.
const MANY: [&str; 7] =
    ["test", "--package", "waymark", "--test", "audit", "--locked", "memory_does_not_grow_with_the_log"];
/// How long where nobody says.
const MINUTES: u64 = 10;

/// A very long log once; then faults again and again, more of each and with other choices every time, until the time is up or
/// one is found.
///
/// # Errors
/// An option that is not known; cargo could not be started.
pub fn torture(root: &Path, options: &[&str]) -> Result<bool, String> {
    let until = Instant::now() + Duration::from_secs(minutes(options)? * 60);
    let mut rounds = 0_u32;
    let cargo = cargo();
    let long = |what: &[&'static str]| {
        let mut all = vec!["WAYMARK_FAULTS_LONG=1", cargo.as_str()];
        all.extend(what);
        show(root, "env", &all)
    };
    if !long(&MANY)?.well {
        return Ok(false);
    }
    loop {
        if !long(&FAULTS)?.well {
            return Ok(false);
        }
        rounds += 1;
        if Instant::now() >= until {
            println!("{rounds} rounds, nothing lost");
            return Ok(true);
        }
    }
}

/// Odd input to everything that reads input, built with optimisation and with arithmetic checked.
///
/// # Errors
/// An option that is not known; cargo could not be started.
pub fn fuzz(root: &Path, options: &[&str]) -> Result<bool, String> {
    let seconds = (minutes(options)? * 60).to_string();
    let all = ["run", "--package", "fuzz", "--locked", "--profile", "fuzz", "--", "--seconds", &seconds];
    Ok(show(root, &cargo(), &all)?.well)
}

fn minutes(options: &[&str]) -> Result<u64, String> {
    match options {
        [] => Ok(MINUTES),
        ["--minutes", number] => match number.parse() {
            Ok(minutes @ 1..=10_000) => Ok(minutes),
            _ => Err(format!("--minutes takes 1 to 10000, not {number}")),
        },
        _ => Err(format!("{} is not known; use --minutes N", options.join(" "))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minutes_are_read() {
        assert_eq!(minutes(&[]), Ok(MINUTES));
        assert_eq!(minutes(&["--minutes", "90"]), Ok(90));
        for bad in [&["--minutes"][..], &["--minutes", "0"], &["--minutes", "x"], &["--hours", "1"]] {
            assert!(minutes(bad).is_err(), "{bad:?}");
        }
    }
}
