//! A backup that is brought back, against the checkpoints that were kept elsewhere.

use std::fs;
use std::path::Path;

use store::{Log as _, SqliteStore};

use super::{Force, append, runtime, says, waymark};

#[test]
fn a_backup_is_held_against_the_checkpoints_kept_elsewhere() {
    let force = Force::new();
    let runtime = runtime();
    let file = force.path("checkpoints");
    let fill = |from: u64, to: u64| {
        let keys = force.keys().with_checkpoints(&file);
        let store = SqliteStore::open(force.path("data/waymark.db"), &keys).unwrap();
        for before in from..to {
            runtime.block_on(append(&store, "r", before));
        }
        let now = "2026-11-24T09:00:00Z".parse().unwrap();
        runtime.block_on(store.checkpoint(now)).unwrap();
    };
    fill(0, 3);
    says(&force.backup(), 0, "3 events");
    let backup = force.backups().remove(0);
    let restore = |into: &str, against: &str| {
        let arguments = ["--into", &force.path(into), "--checkpoints", against];
        let (key, keys) = (force.path("key.txt"), force.path("data/keys"));
        let file = backup.to_str().unwrap();
        waymark(&[&["restore", file, "--key", &key, "--keys", &keys], &arguments[..]].concat())
    };
    says(&force.restore(&backup, "alone"), 0, "Not held against checkpoints kept elsewhere");
    says(&restore("at-the-time", &file), 0, "that hold: 1; the last of them is for 3 of the 3 entries");
    fill(3, 5);
    says(&restore("later", &file), 0, "What is not in this backup: at least 2 entries. The log had 5");

    // A checkpoint of another log is no checkpoint of this one, wherever it stands in the file.
    let text = fs::read_to_string(&file).unwrap();
    let other = Force::new();
    let keys = other.keys().with_checkpoints(other.path("checkpoints"));
    let store = SqliteStore::open(other.path("data/waymark.db"), &keys).unwrap();
    runtime.block_on(append(&store, "r", 0));
    let now = "2026-11-24T09:00:00Z".parse().unwrap();
    runtime.block_on(store.checkpoint(now)).unwrap();
    let theirs = fs::read_to_string(other.path("checkpoints")).unwrap();
    for (file, words) in [
        (format!("{text}{theirs}"), "was not signed with the key of this log"),
        ("nothing of the kind".to_owned(), "no checkpoint that can be read"),
    ] {
        fs::write(force.path("odd"), file).unwrap();
        let refused = restore("refused", &force.path("odd"));
        says(&refused, 1, words);
        says(&refused, 1, "nothing was restored");
        assert!(!Path::new(&force.path("refused")).exists());
    }
    says(&restore("refused", &force.path("missing")), 1, "could not be read");
}
