//! Chance that can be had again: `WAYMARK_FAULTS_SEED=N` repeats a run's choices.

use std::time::{SystemTime, UNIX_EPOCH};

#[derive(Debug, Clone)]
pub struct Chance(u64);

impl Chance {
    /// A new one, and the seed to print.
    pub fn new() -> (Self, u64) {
        let given = std::env::var("WAYMARK_FAULTS_SEED").ok();
        let seed = given.map_or_else(
            || u64::from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().subsec_nanos()),
            |text| text.parse().expect("WAYMARK_FAULTS_SEED is a number"),
        );
        (Self(seed), seed)
    }

    fn next(&mut self) -> u64 {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from 0 up to, and not with, `end`; 0 where there is none.
    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end.max(1) as u64).unwrap()
    }

    /// One of its own, for a part that must not disturb the rest.
    pub fn branch(&mut self) -> Self {
        Self(self.next())
    }
}
