//! What has been begun and not finished: a challenge that an authenticator has still to answer, somebody
//! who has gone to the force's own sign-in and not come back yet.
//!
//! Kept in memory, never in the browser; each is taken out once and ends soon. A restart forgets them, and
//! whoever was on the way begins again.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use store::TokenHash;

use super::secret;

/// How long somebody may take: as long as authenticators are given.
pub const LASTS: SignedDuration = SignedDuration::from_mins(5);
/// Beyond it the oldest gives way. About a kilobyte each.
const MOST: usize = 2_000;

/// Things begun, each under a key that only the browser which began it can name.
#[derive(Debug)]
pub struct Pending<T> {
    held: Mutex<HashMap<TokenHash, (Timestamp, T)>>,
}

impl<T> Default for Pending<T> {
    fn default() -> Self {
        Self { held: Mutex::new(HashMap::new()) }
    }
}

impl<T> Pending<T> {
    /// Keeps something for this browser, under a name that goes out with the page.
    pub fn put(&self, browser: &str, name: &str, now: Timestamp, what: T) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.retain(|_, (begun, _)| !over(*begun, now));
        if held.len() >= MOST {
            let oldest = held.iter().min_by_key(|(_, (begun, _))| *begun);
            if let Some(key) = oldest.map(|(key, _)| *key) {
                held.remove(&key);
            }
        }
        held.insert(key(browser, name), (now, what));
    }

    /// Takes it out: `None` for what was never begun in this browser, was taken before or is too old.
    pub fn take(&self, browser: &str, name: &str, now: Timestamp) -> Option<T> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let (begun, what) = held.remove(&key(browser, name))?;
        (!over(begun, now)).then_some(what)
    }
}

fn over(begun: Timestamp, now: Timestamp) -> bool {
    now.duration_since(begun) >= LASTS
}

fn key(browser: &str, name: &str) -> TokenHash {
    secret::digest(&format!("{browser} {name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes: i64) -> Timestamp {
        Timestamp::from_second(minutes * 60).unwrap()
    }

    #[test]
    fn each_is_taken_once_by_the_browser_that_began_it_and_in_time() {
        let pending = Pending::default();
        pending.put("browser", "one", at(0), 1);
        assert_eq!(pending.take("another", "one", at(1)), None);
        assert_eq!(pending.take("browser", "two", at(1)), None);
        assert_eq!(pending.take("browser", "one", at(1)), Some(1));
        assert_eq!(pending.take("browser", "one", at(1)), None);
        pending.put("browser", "late", at(1), 2);
        assert_eq!(pending.take("browser", "late", at(6)), None);
    }

    #[test]
    fn memory_is_bounded_and_the_oldest_gives_way() {
        let pending = Pending::default();
        pending.put("browser", "first", at(0), 0);
        for number in 0..MOST {
            pending.put("browser", &number.to_string(), at(1), number);
        }
        assert_eq!(pending.held.lock().unwrap().len(), MOST);
        assert_eq!(pending.take("browser", "first", at(1)), None);
        pending.put("browser", "later", at(7), 1);
        assert_eq!(pending.held.lock().unwrap().len(), 1, "the old are cleared");
    }
}
