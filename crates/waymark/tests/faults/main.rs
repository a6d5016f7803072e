//! Faults of everything below the server: power, disk, system, clock. Whatever happens, no step that an officer was told
//! is kept may be lost, and none may be kept by half.
//!
//! The whole program runs, with officers working over HTTP. `tests/faults/shim.c` stands between it and the system
//! and makes the faults; what is left on the disk is opened and compared with what the officers were told.
//!
//! `cargo xtask test --only faults` takes about a minute, `cargo xtask torture` as long as one likes.
//! `WAYMARK_FAULTS_SEED` repeats the choices of a run that failed.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that cannot go on has failed"
)]

mod around;
mod backups;
mod chance;
mod control;
mod disk;
mod edge;
mod erased;
mod journal;
mod kept;
mod kill;
mod officer;
mod power;
mod server;
mod shim;

use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};

/// Set by `cargo xtask torture`.
const LONG: &str = "WAYMARK_FAULTS_LONG";

/// How much of something: in the short run, or in a round of the long one. A round is over in some twenty minutes on two cores,
/// so that one is seen through; whoever has longer gets more rounds, each with other choices.
fn long(short: usize, long: usize) -> usize {
    if std::env::var_os(LONG).is_some() { long } else { short }
}

const TRIALS: [(&str, fn()); 16] = [
    // The longest is first, so that the others run beside it.
    ("disk_failing_calls", disk::failing_calls),
    ("power_cut_nothing_acknowledged_is_lost", power::nothing_acknowledged_is_lost),
    ("power_cut_controls_are_caught", power::full_holds_and_the_controls_are_caught),
    ("control_a_word_too_early_is_caught", control::a_word_too_early_is_caught),
    ("control_a_word_too_early_is_caught_by_power_cuts", control::a_word_too_early_is_caught_by_power_cuts),
    ("control_a_step_by_half_or_twice_is_caught", control::a_step_by_half_or_twice_is_caught),
    ("erased_or_rotated_power_cut", erased::whole_or_gone),
    ("control_of_erasing_and_rotating", erased::a_lying_disk_and_an_early_word_are_caught),
    ("kill_9_again_and_again", kill::again_and_again),
    ("ended_before_it_was_told", edge::the_same_form_again),
    ("disk_full_at_many_sizes", disk::full_at_many_sizes),
    ("disk_full_for_real", disk::full_for_real),
    ("disk_read_only_at_once", disk::read_only_at_once),
    ("backups_whole_or_nothing", backups::whole_or_nothing),
    ("clock_jumps", around::clock_jumps),
    ("out_of_files", around::out_of_files),
];

fn main() -> ExitCode {
    if let Ok(care) = std::env::var(power::CHILD) {
        power::child(&care);
        return ExitCode::SUCCESS;
    }
    if let Ok(dir) = std::env::var(erased::CHILD) {
        erased::child(&dir);
        return ExitCode::SUCCESS;
    }
    let trials = TRIALS
        .iter()
        .map(|&(name, trial)| {
            Trial::test(name, move || {
                trial();
                Ok(())
            })
        })
        .collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}
