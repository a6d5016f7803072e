//! How far a long command has come, for somebody who watches.

use std::io::{self, IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

use super::count;

/// Between two showings: quick enough to be seen moving, seldom enough to cost nothing.
const EVERY: Duration = Duration::from_millis(100);

/// The width of the bar.
const WIDTH: u64 = 30;

/// A bar on the terminal; nothing where standard error is none.
pub struct Meter {
    shows: bool,
    shown: bool,
    next: Instant,
    calls: u32,
}

impl Meter {
    /// A bar that has not moved.
    pub fn new() -> Self {
        let now = Instant::now();
        Self {
            shows: io::stderr().is_terminal(),
            shown: false,
            next: now + EVERY,
            calls: 0,
        }
    }

    /// So much is done.
    pub fn at(&mut self, done: u64, of: u64) {
        // The clock is asked once in a while only: this is called for every entry.
        self.calls = self.calls.wrapping_add(1);
        if !self.shows || of == 0 || !self.calls.is_multiple_of(1024) {
            return;
        }
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
            drop(write!(
                io::stderr(),
                "\r{}\r",
                " ".repeat(WIDTH as usize + 50)
            ));
        }
    }
}
