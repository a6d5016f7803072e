//! Stored events, changed: what is read back is an event or an error, and whatever is read can be folded and shown.

use guidance::Pack;
use report::{Event, Report};

use super::{Target, Was};
use crate::corpus;
use crate::mutate::{self, Chance};

/// The reader of stored events.
pub struct Events {
    /// One of each kind there is; the tests of the record see to that.
    stored: Vec<String>,
    pack: Pack,
    chance: Chance,
}

impl Events {
    pub fn new(seed: u64) -> Self {
        let files = corpus::files("crates/report/tests/fixtures", ".jsonl");
        Self {
            stored: files.iter().flat_map(|(_, text)| text.lines().map(str::to_owned)).collect(),
            pack: corpus::pack(),
            chance: Chance::new(seed ^ 3),
        }
    }
}

impl Target for Events {
    fn name(&self) -> &'static str {
        "events"
    }

    /// Some lines in any order, one of them changed.
    fn input(&mut self) -> Vec<u8> {
        let chance = &mut self.chance;
        let mut input = Vec::new();
        // The first begins the report; without it nothing else means much.
        if chance.below(8) > 0 {
            input.extend_from_slice(self.stored[0].as_bytes());
            input.push(b'\n');
        }
        for _ in 0..chance.below(4) {
            input.extend_from_slice(chance.one(&self.stored).as_bytes());
            input.push(b'\n');
        }
        let mut changed = chance.one(&self.stored).clone().into_bytes();
        mutate::bytes(&mut changed, chance.one(&self.stored).clone().as_bytes(), chance);
        input.append(&mut changed);
        input
    }

    fn run(&mut self, input: &[u8]) -> Was {
        let lines = input.split(|byte| *byte == b'\n');
        let read: Vec<Result<Event, _>> = lines.map(serde_json::from_slice).collect();
        let was = if read.iter().all(Result::is_ok) { Was::Taken } else { Was::Refused };
        let events: Vec<Event> = read.into_iter().flatten().collect();
        let Some(now) = events.last().map(|event| event.recorded_at) else {
            return was;
        };
        let report = Report::fold(&events);
        // Facts that the guidance refuses are an answer as well.
        let _ = report.projection(&self.pack, now);
        was
    }
}
