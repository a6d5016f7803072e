//! The disk: how fast it makes things durable, and how much room there is.

use std::io::{self, Write as _};
use std::path::Path;
use std::time::{Duration, Instant};

use super::Finding;
use crate::commands::space;

/// Flushes that are timed; the middle one is told.
const FLUSHES: usize = 31;
/// A page of the write-ahead log with its head, nearly.
const PAGE: usize = 4096;
/// Every step waits for one flush. Above this an officer notices.
const SLOW: Duration = Duration::from_millis(50);
/// No disk that really writes answers so fast; memory, or a cache that forgets, does.
const TOO_FAST: Duration = Duration::from_micros(15);
/// Less than this and the next weeks are at risk, whatever the size of the database.
const LEAST_ROOM: u64 = 512 << 20;

/// How long one flush takes.
pub fn flushes(folder: &Path) -> Finding {
    match time(folder) {
        Ok((middle, slowest)) => judge(middle, slowest),
        Err(error) => Finding::act(
            "disk",
            format!("{}: a file cannot be written and flushed: {}", folder.display(), without_its_name(&error)),
            "give the user that runs Waymark the right to write there, or mend the disk",
        ),
    }
}

/// What the system said, without the name of the file that was to be made.
fn without_its_name(error: &io::Error) -> String {
    let says = error.to_string();
    says.split(" at path ").next().unwrap_or_default().to_owned()
}

fn time(folder: &Path) -> io::Result<(Duration, Duration)> {
    let mut file = tempfile::Builder::new().prefix(".doctor-").tempfile_in(folder)?;
    let page = [0x57; PAGE];
    let mut times = Vec::with_capacity(FLUSHES);
    for _ in 0..FLUSHES {
        let begun = Instant::now();
        file.write_all(&page)?;
        file.as_file().sync_data()?;
        times.push(begun.elapsed());
    }
    times.sort_unstable();
    let middle = times.get(FLUSHES / 2).copied().unwrap_or_default();
    Ok((middle, times.last().copied().unwrap_or_default()))
}

fn judge(middle: Duration, slowest: Duration) -> Finding {
    let words = |time: Duration| format!("{:.2} ms", time.as_secs_f64() * 1000.0);
    let says = format!("one flush takes {}, the slowest of {FLUSHES} {}", words(middle), words(slowest));
    if middle > SLOW {
        Finding::look(
            "disk",
            says,
            "every step an officer saves waits for one: a disk of this computer does it in a few ms",
        )
    } else if middle < TOO_FAST {
        Finding::look(
            "disk",
            says,
            "no disk is that fast: if this is memory, or storage that only pretends to flush, a power cut loses reports",
        )
    } else {
        Finding::fine("disk", says)
    }
}

/// Whether there is room to go on and for a backup, which needs a second copy for a moment.
pub fn room(folder: &Path, database: u64) -> Finding {
    match space::free(folder) {
        Ok(free) => judge_room(free, database),
        Err(error) => Finding::look("room", format!("the system does not tell how much is free: {error}"), ""),
    }
}

fn judge_room(free: u64, database: u64) -> Finding {
    let wanted = LEAST_ROOM.max(database.saturating_mul(2));
    let says = format!("{} are free", space::size(free));
    if free < wanted {
        return Finding::act(
            "room",
            says,
            format!(
                "make room: {} should be free, for the reports of the next weeks and for backups. When none is left, nothing can be saved",
                space::size(wanted)
            ),
        );
    }
    Finding::fine("room", says)
}

#[cfg(test)]
mod tests {
    use super::super::State;
    use super::*;

    #[test]
    fn slow_and_impossible_disks_are_told_apart_from_good_ones() {
        for (micros, state) in [(5, State::Look), (300, State::Fine), (60_000, State::Look)] {
            let middle = Duration::from_micros(micros);
            assert_eq!(judge(middle, middle).state, state, "{micros}");
        }
        let folder = tempfile::tempdir().unwrap();
        assert_ne!(flushes(folder.path()).state, State::Act);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing stays behind");
        assert_eq!(flushes(&folder.path().join("missing")).state, State::Act);
    }

    #[test]
    fn room_is_for_the_database_once_more() {
        let (mb, gb) = (1 << 20, 1 << 30);
        for (free, database, state) in [
            (gb, mb, State::Fine),
            (100 * mb, mb, State::Act),
            (3 * gb, 2 * gb, State::Act),
            (5 * gb, 2 * gb, State::Fine),
        ] {
            assert_eq!(judge_room(free, database).state, state, "{free} {database}");
        }
    }
}
