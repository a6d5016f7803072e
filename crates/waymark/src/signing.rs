//! When the head of the log is signed while a server runs.

use std::time::{Duration, Instant};

use serde::Deserialize;
use web::App;

/// The head of the log is signed when it has so many entries more, or so long after the last time when it has any;
/// and when the server stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Signing {
    /// Entries: 1 to 100000.
    pub entries: u64,
    /// Seconds: 1 to 3600.
    pub seconds: u64,
}

impl Default for Signing {
    fn default() -> Self {
        Self { entries: 256, seconds: 60 }
    }
}

impl Signing {
    /// What is wrong with it.
    pub fn problems(self) -> Vec<String> {
        let mut found = Vec::new();
        for (name, value, most) in [("entries", self.entries, 100_000), ("seconds", self.seconds, 3_600)] {
            if !(1..=most).contains(&value) {
                found.push(format!("{name}: {value} must be between 1 and {most}"));
            }
        }
        found
    }

    /// The time after which entries are signed however few they are.
    pub const fn at_least_every(self) -> Duration {
        Duration::from_secs(self.seconds)
    }

    /// How often it is looked whether it is time.
    fn look(self) -> Duration {
        (self.at_least_every() / 12).clamp(Duration::from_millis(100), Duration::from_secs(5))
    }

    /// Whether it is time: the log has `size` entries, and `signed` of them were signed so long ago.
    fn is_due(self, size: u64, signed: u64, ago: Duration) -> bool {
        size >= signed + self.entries || size > signed && ago >= self.at_least_every()
    }
}

/// Signs the head of the log as it grows.
pub async fn checkpoints(app: App, signing: Signing) {
    let (mut signed, mut since) = (None, Instant::now());
    loop {
        tokio::time::sleep(signing.look()).await;
        let size = app.store.ledger_head().await.map(|head| head.size);
        let is_due = match (&size, signed) {
            (Ok(size), Some(signed)) => signing.is_due(*size, signed, since.elapsed()),
            _ => true,
        };
        if !is_due {
            continue;
        }
        since = Instant::now();
        match app.store.checkpoint(app.now()).await {
            Ok(kept) => signed = Some(kept.size),
            Err(error) => {
                tracing::error!(%error, help = error.help(), "the log could not be signed")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_time_after_so_many_entries_or_so_long() {
        let signing = Signing { entries: 10, seconds: 60 };
        for (size, signed, seconds, due) in [
            (0, 0, 1_000, false),
            (9, 0, 59, false),
            (10, 0, 0, true),
            (1, 0, 60, true),
            (25, 16, 59, false),
            (26, 16, 0, true),
            (16, 16, 1_000, false),
        ] {
            let ago = Duration::from_secs(seconds);
            assert_eq!(signing.is_due(size, signed, ago), due, "{size} {signed} {seconds}");
        }
        assert!(Signing::default().problems().is_empty());
        for odd in [(0, 60), (256, 0), (100_001, 60), (256, 3_601)] {
            let (entries, seconds) = odd;
            assert_eq!(Signing { entries, seconds }.problems().len(), 1, "{odd:?}");
        }
    }
}
