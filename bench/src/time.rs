//! Taking time. Of waiting (disk, other programs) the middle of several runs counts; of computing the
//! quickest, because whatever else the machine does can only add to it.

use std::time::{Duration, Instant};

/// Short runs for each one asked for: a short run is more often undisturbed.
const SHORT: usize = 10;

/// The quickest of many runs of `times` repetitions together, for one repetition.
pub fn quickest<T>(runs: usize, times: usize, mut what: impl FnMut() -> T) -> Duration {
    let times = (times / SHORT).max(1);
    (0..runs * SHORT)
        .map(|_| {
            let start = Instant::now();
            for _ in 0..times {
                std::hint::black_box(what());
            }
            start.elapsed().div_f64(times as f64)
        })
        .min()
        .unwrap_or_default()
}

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
