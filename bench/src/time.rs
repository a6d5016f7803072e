//! Taking time. Of waiting (disk, other programs) the middle of several runs counts; of computing the
//! quickest, because whatever else the machine does can only add to it.

use std::time::{Duration, Instant};

/// A short run is more often undisturbed.
const SHORT: Duration = Duration::from_micros(200);

/// The quickest of many short runs, for one repetition; about `runs * times` repetitions are made.
pub fn quickest<T>(runs: usize, times: usize, mut what: impl FnMut() -> T) -> Duration {
    let mut run = |repetitions: usize| {
        let start = Instant::now();
        for _ in 0..repetitions {
            std::hint::black_box(what());
        }
        start.elapsed().div_f64(repetitions as f64)
    };
    let first = run(10.min(times)).max(Duration::from_nanos(1));
    let together = ((SHORT.as_secs_f64() / first.as_secs_f64()) as usize).clamp(1, times);
    (0..(runs * times / together).max(1)).map(|_| run(together)).min().unwrap_or(first)
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
