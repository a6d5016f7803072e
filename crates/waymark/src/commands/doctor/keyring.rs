//! The keyring: what opens it, and whether it is somewhere else as well.

#[cfg(unix)]
use std::fs;
use std::path::Path;

use jiff::Timestamp;
use store::KeyringState;

use super::Finding;
use crate::commands::keys_copy::Copied;

/// What opens the keyring. A key file on the disk of the database opens everything to whoever takes that disk.
pub fn keys(ring: &KeyringState, beside: bool) -> Finding {
    let says = format!("{} keys, epoch {}", ring.keys, ring.epoch);
    if ring.by_passphrase {
        return Finding::fine("keys", format!("{says}, opened by a passphrase"));
    }
    if !beside {
        return Finding::fine("keys", format!("{says}, opened by a key file on another disk"));
    }
    Finding::look(
        "keys",
        format!(
            "{says}, opened by a key file on the disk of the database: whoever takes this disk can read everything"
        ),
        "encrypt the disk, or put the keys under a passphrase: waymark keys rotate, with the passphrase in the file that the \
         environment names as WAYMARK_NEW_PASSPHRASE_FILE",
    )
}

/// Are two places on one disk? Where that cannot be told, they count as being.
#[cfg(unix)]
pub fn on_one_disk(one: &Path, other: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let disk = |path: &Path| fs::metadata(path).ok().map(|found| found.dev());
    disk(one) == disk(other)
}

#[cfg(not(unix))]
pub const fn on_one_disk(_one: &Path, _other: &Path) -> bool {
    true
}

/// Whether the keys are somewhere else as well. Those that are not in the last copy are lost with this disk.
pub fn keys_copy(ring: &KeyringState, copied: Option<&Copied>, every_hours: u32, now: Timestamp) -> Finding {
    const COPY: &str =
        "run  waymark keys copy FILE  to another place than the backups, over the last copy there; then every day";
    let Some(copied) = copied else {
        return Finding::act("key copy", "none was ever made: when this disk fails, no backup can be read", COPY);
    };
    let hours = now.duration_since(copied.at).as_hours();
    if copied.epoch != ring.epoch {
        return Finding::act(
            "key copy",
            format!("the last is of epoch {}, and the keys were changed to epoch {} since", copied.epoch, ring.epoch),
            COPY,
        );
    }
    let says = format!("the last is {hours} hours old and has {} of {} keys", copied.keys, ring.keys);
    if copied.keys != ring.keys && hours >= i64::from(every_hours) {
        return Finding::act(
            "key copy",
            format!(
                "{says}: reports begun since can be read from no backup, and what was erased since is still in the copy"
            ),
            COPY,
        );
    }
    Finding::fine("key copy", says)
}

#[cfg(test)]
mod tests {
    use super::super::State;
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_key_file_beside_the_database_is_pointed_out() {
        let ring = |by_passphrase| KeyringState { epoch: 1, by_passphrase, keys: 3, log_key: String::new() };
        for (by_passphrase, beside, state) in
            [(true, true, State::Fine), (false, false, State::Fine), (false, true, State::Look)]
        {
            assert_eq!(keys(&ring(by_passphrase), beside).state, state);
        }
    }

    #[test]
    fn a_copy_of_the_keys_is_asked_for_when_the_last_would_not_do() {
        let ring = |epoch, keys| KeyringState { epoch, by_passphrase: false, keys, log_key: String::new() };
        let now = at("2026-11-24T09:00:00Z");
        let copied = |made: &str, epoch, keys| Some(Copied { at: at(made), epoch, keys });
        for (ring, copied, state) in [
            (ring(1, 0), None, State::Act),
            (ring(1, 7), copied("2026-11-24T08:00:00Z", 1, 7), State::Fine),
            // Reports of today are copied with the next backup.
            (ring(1, 9), copied("2026-11-24T08:00:00Z", 1, 7), State::Fine),
            (ring(1, 9), copied("2026-11-22T08:00:00Z", 1, 7), State::Act),
            // Something was erased, and the copy still has it.
            (ring(1, 6), copied("2026-11-22T08:00:00Z", 1, 7), State::Act),
            // Nothing is new.
            (ring(1, 7), copied("2026-10-22T08:00:00Z", 1, 7), State::Fine),
            (ring(2, 7), copied("2026-11-24T08:59:00Z", 1, 7), State::Act),
        ] {
            let found = keys_copy(&ring, copied.as_ref(), 26, now);
            assert_eq!(found.state, state, "{found:?}");
            assert_eq!(found.help.is_empty(), state == State::Fine, "{found:?}");
        }
    }
}
