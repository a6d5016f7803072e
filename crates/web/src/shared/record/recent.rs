//! The reports that were opened last, folded, so that the next page or step reads only what was added since.
//!
//! Why this may be kept, and what it means for words in memory: docs/decisions/0031. Whoever comes here was let
//! in by the row of the report, which the door holds against these same events; the look is in the log before anything is sent.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use report::Report;
use store::StreamId;

/// Reports kept. An officer goes to and fro between one or two.
const REPORTS: usize = 64;
/// Bytes of their events, as they were encrypted: a report has some tens of thousands.
const BYTES: usize = 4 << 20;
/// How long one stays that nobody asks for.
const IDLE: SignedDuration = SignedDuration::from_secs(120);

/// Shared by every handler. Never written anywhere.
#[derive(Clone, Default)]
pub struct Recent(Arc<Mutex<Vec<Known>>>);

/// A report as it was folded.
#[derive(Clone)]
struct Known {
    stream: StreamId,
    folded: Folded,
    used: Timestamp,
}

/// A report, and what has to be known of it to keep it.
#[derive(Clone, Default)]
pub(super) struct Folded {
    /// After all its events up to its version.
    pub report: Arc<Report>,
    /// How often keys had been destroyed before the first of them was read: words that it holds may be erased by now when
    /// that number is another one.
    pub destroyed: u64,
    /// Bytes of its events.
    pub bytes: usize,
}

impl Recent {
    /// A report as it was when it was last seen, with nothing in it that was erased since.
    pub(super) fn of(&self, stream: &StreamId, destroyed: u64, now: Timestamp) -> Option<Folded> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        forget(&mut known, Some(destroyed), now);
        let found = known.iter_mut().find(|known| known.stream == *stream)?;
        found.used = now;
        Some(found.folded.clone())
    }

    /// Keeps a report as it is durable now. The ones that were asked for longest ago give way.
    pub(super) fn keep(&self, stream: &StreamId, folded: &Folded, now: Timestamp) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        forget(&mut known, None, now);
        let place = known.iter().position(|known| known.stream == *stream);
        if let Some(place) = place {
            let had = known.remove(place);
            // Two pages at once: what somebody else has read meanwhile is newer, and stays.
            let newer = had.folded.destroyed >= folded.destroyed && had.folded.report.version >= folded.report.version;
            let folded = if newer { had.folded } else { folded.clone() };
            known.push(Known { folded, ..had });
        } else {
            known.push(Known { stream: stream.clone(), folded: folded.clone(), used: now });
        }
        known.sort_by_key(|known| known.used);
        let all = |known: &[Known]| known.iter().map(|known| known.folded.bytes).sum::<usize>();
        while known.len() > REPORTS || all(&known) > BYTES {
            known.remove(0);
        }
    }

    /// Forgets what nobody asked for in a while.
    pub fn forget_idle(&self, now: Timestamp) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        forget(&mut known, None, now);
    }

    /// Forgets everything: something was erased.
    pub fn forget_all(&self) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.clear();
    }
}

/// A clock that was turned back makes nothing stay longer.
fn forget(known: &mut Vec<Known>, destroyed: Option<u64>, now: Timestamp) {
    known.retain(|known| {
        let is_whole = destroyed.is_none_or(|destroyed| known.folded.destroyed == destroyed);
        is_whole && now.duration_since(known.used).abs() < IDLE
    });
}

impl fmt::Debug for Recent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Recent")
    }
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::field_reassign_with_default,
        reason = "a test stops at the first surprise; a report has no other way to be made here"
    )]

    use super::*;

    fn folded(version: u64, destroyed: u64, bytes: usize) -> Folded {
        let mut report = Report::default();
        report.version = version;
        Folded { report: Arc::new(report), destroyed, bytes }
    }

    fn stream(number: usize) -> StreamId {
        StreamId::new(format!("R{number}")).unwrap()
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_764_000_000 + second).unwrap()
    }

    fn version(recent: &Recent, number: usize, destroyed: u64, second: i64) -> Option<u64> {
        let found = recent.of(&stream(number), destroyed, at(second));
        found.map(|found| found.report.version)
    }

    #[test]
    fn a_report_is_known_until_nobody_asks_for_it() {
        let recent = Recent::default();
        recent.keep(&stream(1), &folded(3, 0, 10), at(0));
        assert_eq!(version(&recent, 1, 0, 100), Some(3));
        assert_eq!(version(&recent, 2, 0, 100), None);
        assert_eq!(version(&recent, 1, 0, 219), Some(3), "counted anew");
        recent.forget_idle(at(339));
        assert_eq!(version(&recent, 1, 0, 219), None, "gone, and not only hidden");
        recent.keep(&stream(1), &folded(3, 0, 10), at(0));
        assert_eq!(version(&recent, 1, 0, -3600), None, "the clock was turned back");
    }

    #[test]
    fn nothing_is_known_any_more_once_a_key_was_destroyed() {
        let recent = Recent::default();
        recent.keep(&stream(1), &folded(3, 0, 10), at(0));
        recent.keep(&stream(2), &folded(3, 1, 10), at(0));
        assert_eq!(version(&recent, 1, 1, 0), None);
        assert_eq!(version(&recent, 2, 1, 0), Some(3), "read afterwards");
        // Somebody read it before the key was gone and is done only now.
        recent.keep(&stream(2), &folded(4, 0, 10), at(1));
        assert_eq!(version(&recent, 2, 1, 2), None);
        recent.keep(&stream(2), &folded(4, 1, 10), at(3));
        recent.forget_all();
        assert_eq!(version(&recent, 2, 1, 3), None);
    }

    #[test]
    fn the_newest_is_kept_whoever_comes_last() {
        let recent = Recent::default();
        recent.keep(&stream(1), &folded(7, 0, 10), at(0));
        recent.keep(&stream(1), &folded(5, 0, 10), at(1));
        assert_eq!(version(&recent, 1, 0, 1), Some(7));
        recent.keep(&stream(1), &folded(8, 0, 10), at(2));
        assert_eq!(version(&recent, 1, 0, 2), Some(8));
    }

    #[test]
    fn memory_is_bounded_and_what_was_asked_for_last_stays() {
        let recent = Recent::default();
        for number in 0..REPORTS {
            recent.keep(&stream(number), &folded(1, 0, 10), at(0));
        }
        assert_eq!(version(&recent, 0, 0, 1), Some(1));
        recent.keep(&stream(REPORTS), &folded(1, 0, 10), at(2));
        assert_eq!(version(&recent, 0, 0, 2), Some(1));
        assert_eq!(version(&recent, 1, 0, 2), None, "asked for longest ago");
        recent.keep(&stream(1), &folded(1, 0, BYTES), at(3));
        assert_eq!(version(&recent, 1, 0, 3), Some(1));
        assert_eq!(version(&recent, 0, 0, 3), None, "a large one takes the room of all");
        recent.keep(&stream(2), &folded(1, 0, BYTES + 1), at(4));
        assert_eq!(recent.0.lock().unwrap().len(), 0, "one that is too large is not kept");
    }
}
