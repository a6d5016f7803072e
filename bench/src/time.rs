//! Taking time: several runs, of which the middle one counts.

use std::time::{Duration, Instant};

/// The middle of several runs of `times` repetitions, for one repetition.
pub fn each<T>(runs: usize, times: usize, mut what: impl FnMut() -> T) -> Duration {
    middle((0..runs).map(|_| {
        let start = Instant::now();
        for _ in 0..times {
            std::hint::black_box(what());
        }
        start.elapsed().div_f64(times.max(1) as f64)
    }))
}

/// The middle of several times.
pub fn middle(times: impl Iterator<Item = Duration>) -> Duration {
    let mut times: Vec<Duration> = times.collect();
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
