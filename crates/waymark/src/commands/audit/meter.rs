//! How far a long command has come, for somebody who watches.

use std::io::{self, IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

use super::count;

/// Between two showings: quick enough to be seen moving, seldom enough to cost nothing.
const EVERY: Duration = Duration::from_millis(100);

/// Entries between two looks at the clock: fewer would cost more than checking them.
const ASKED_EVERY: u64 = 1024;

/// The width of the bar.
const WIDTH: u64 = 30;

/// A bar on the terminal; nothing where standard error is none.
pub struct Meter {
    shows: bool,
    shown: bool,
    next: Instant,
    /// Before so much is done the clock is not asked again.
    ask_at: u64,
}

impl Meter {
    /// A bar that has not moved.
    pub fn new() -> Self {
        let now = Instant::now();
        Self { shows: io::stderr().is_terminal(), shown: false, next: now + EVERY, ask_at: 0 }
    }

    /// So much is done.
    pub fn at(&mut self, done: u64, of: u64) {
        // This is called for every entry, or for some hundreds that were read together.
        if !self.shows || of == 0 || done < self.ask_at {
            return;
        }
        self.ask_at = done.saturating_add(ASKED_EVERY);
        let now = Instant::now();
        if now < self.next {
            return;
        }
        self.next = now + EVERY;
        self.shown = true;
        let done = done.min(of);
        let full = (u128::from(done) * u128::from(WIDTH) / u128::from(of)) as usize;
        let bar: String = "#".repeat(full) + &"-".repeat(WIDTH as usize - full);
        let (done, of) = (count(done), count(of));
        drop(write!(io::stderr(), "\r[{bar}] {done} of {of} entries"));
    }

    /// Takes the bar away.
    pub fn end(&mut self) {
        if self.shown {
            drop(write!(io::stderr(), "\r{}\r", " ".repeat(WIDTH as usize + 50)));
        }
    }
}
