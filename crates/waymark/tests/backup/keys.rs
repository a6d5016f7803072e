//! Copies of the keys: whole, readable by those they are for and nobody else, and asked for in time.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use store::{Keys, Record as _, SqliteStore, StreamId};

use super::{Force, TYPED, append, runtime, says, waymark};

/// Three events, a backup, and nothing copied yet.
fn filled() -> Force {
    let force = Force::new();
    let store = force.store();
    for before in 0..3 {
        runtime().block_on(append(&store, "r", before));
    }
    drop(store);
    says(&force.backup(), 0, "3 events");
    force
}

fn copy(force: &Force, file: &str) -> Output {
    let dir = force.path("data");
    waymark(&["keys", "copy", file, "--dir", &dir, "--recipient", &force.public])
}

fn restore(force: &Force, keys: &str, into: &str) -> Output {
    let (file, key) = (force.backups().remove(0), force.path("key.txt"));
    let (file, into) = (file.to_str().unwrap(), force.path(into));
    waymark(&["restore", file, "--key", &key, "--keys", keys, "--into", &into])
}

fn with_passphrase(force: &Force, arguments: &[&str], words: &str) -> Output {
    let file = force.path("words");
    fs::write(&file, words).unwrap();
    Command::new(env!("CARGO_BIN_EXE_waymark"))
        .args(arguments)
        .env("WAYMARK_COPY_PASSPHRASE_FILE", file)
        .output()
        .unwrap()
}

/// What was restored, read with the keys that came with it.
#[track_caller]
fn reads(force: &Force, into: &str) {
    let keys = Keys::at(force.path(&format!("{into}/keys")));
    let store = SqliteStore::open(force.path(&format!("{into}/waymark.db")), &keys).unwrap();
    let stream = StreamId::new("r").unwrap();
    let events = runtime().block_on(store.load(&stream, 0)).unwrap();
    let text = String::from_utf8(events[2].body.clone()).unwrap();
    assert!(text.contains(TYPED), "{text}");
}

#[test]
fn a_backup_and_a_copy_of_the_keys_bring_everything_back() {
    let force = filled();
    let file = force.path("keys.tar.age");
    says(&copy(&force, &file), 0, "It was read back and is whole");
    // The machine is gone.
    fs::remove_dir_all(force.path("data")).unwrap();
    says(&restore(&force, &file, "restored"), 0, "Its keys are in");
    reads(&force, "restored");
    // Again, over the last one.
    let again = waymark(&["keys", "copy", &file, "--dir", &force.path("restored"), "--recipient", &force.public]);
    says(&again, 0, "read back");
    says(&restore(&force, &file, "again"), 0, "Its keys are in");
}

#[test]
fn a_copy_under_a_passphrase_opens_with_it_alone() {
    let force = filled();
    let (file, dir) = (force.path("keys.tar.age"), force.path("data"));
    let copying = ["keys", "copy", file.as_str(), "--dir", dir.as_str()];
    says(&with_passphrase(&force, &copying, "short"), 2, "is shorter than");
    let words = "a long enough passphrase";
    says(&with_passphrase(&force, &copying, words), 0, "read back");
    says(&restore(&force, &file, "refused"), 2, "WAYMARK_COPY_PASSPHRASE_FILE");
    let (backup, key, into) = (force.backups().remove(0), force.path("key.txt"), force.path("restored"));
    let restoring =
        ["restore", backup.to_str().unwrap(), "--key", key.as_str(), "--keys", file.as_str(), "--into", into.as_str()];
    let other = with_passphrase(&force, &restoring, "another passphrase that is long");
    says(&other, 2, "does not open with what was given");
    says(&with_passphrase(&force, &restoring, words), 0, "Restored");
    reads(&force, "restored");
}

#[test]
fn without_the_secret_key_a_copy_and_a_backup_give_nothing() {
    let force = filled();
    let file = force.path("keys.tar.age");
    says(&copy(&force, &file), 0, "read back");
    let ring = fs::read_to_string(force.path("data/keys/keyring")).unwrap();
    let key = fs::read_to_string(force.path("data/keys/epoch-1.key")).unwrap();
    let copied = fs::read(&file).unwrap();
    for secret in ring.lines().chain(key.split_whitespace()).filter(|line| line.len() > 20) {
        let there = copied.windows(secret.len()).any(|part| part == secret.as_bytes());
        assert!(!there, "a line of the keyring is readable");
    }
    // Somebody else's secret key.
    let other = Force::new();
    fs::copy(other.path("key.txt"), force.path("key.txt")).unwrap();
    says(&restore(&force, &file, "stolen"), 2, "does not open it");
    assert!(!Path::new(&force.path("stolen")).exists());
}

#[test]
fn what_cannot_be_copied_leaves_the_last_copy_as_it_was() {
    let force = filled();
    let file = force.path("keys.tar.age");
    says(&copy(&force, &file), 0, "read back");
    let last = fs::read(&file).unwrap();
    let dir = force.path("data");
    let bad = waymark(&["keys", "copy", &file, "--dir", &dir, "--recipient", "age1no"]);
    says(&bad, 2, "is no age public key");
    let nothing = waymark(&["keys", "copy", &file, "--dir", &dir]);
    says(&nothing, 2, "nothing to encrypt the copy to");
    let inside = force.path("data/keys/copy");
    says(&copy(&force, &inside), 2, "name another place");
    // A keyring with a line that cannot be read still works, and is not copied over a good copy.
    let ring = force.path("data/keys/keyring");
    let text = fs::read_to_string(&ring).unwrap();
    let mut changed = text.trim_end().to_owned();
    let end = changed.pop().unwrap();
    changed.push(if end == '0' { '1' } else { '0' });
    changed.push('\n');
    assert_ne!(changed, text, "another last letter");
    fs::write(&ring, changed).unwrap();
    says(&copy(&force, &file), 1, "no copy was made of it");
    assert_eq!(fs::read(&file).unwrap(), last);
    assert_eq!(
        fs::read_dir(force.keep.path())
            .unwrap()
            .filter(|entry| { entry.as_ref().unwrap().file_name().to_string_lossy().ends_with(".part") })
            .count(),
        0
    );
}

#[test]
fn a_damaged_copy_is_refused_and_so_is_none() {
    let force = filled();
    let file = force.path("keys.tar.age");
    says(&copy(&force, &file), 0, "read back");
    let whole = fs::read(&file).unwrap();
    let mut changed = whole.clone();
    let middle = changed.len() - 40;
    changed[middle] ^= 1;
    for bytes in [&whole[..whole.len() - 20], &changed, b"nothing of the kind"] {
        fs::write(&file, bytes).unwrap();
        let refused = restore(&force, &file, "refused");
        says(&refused, 1, "nothing was restored");
        assert!(!Path::new(&force.path("refused")).exists());
    }
    // A backup is no copy of keys.
    let backup = force.backups().remove(0);
    let refused = restore(&force, backup.to_str().unwrap(), "refused");
    says(&refused, 1, "it is no copy of the keys");
    let nothing = restore(&force, &force.path("nowhere"), "refused");
    says(&nothing, 2, "A backup has no keys in it");
    says(&nothing, 2, "waymark keys copy");
}

#[test]
fn doctor_asks_for_a_copy_until_there_is_one_and_after_each_rotation() {
    let force = filled();
    let (file, dir) = (force.path("keys.tar.age"), force.path("data"));
    let doctor = || waymark(&["doctor", "--dir", &dir]);
    says(&doctor(), 1, "key copy   none was ever made");
    says(&copy(&force, &file), 0, "Epoch 1, 1 keys");
    says(&doctor(), 1, "key copy   the last is 0 hours old and has 1 of 1 keys");
    let rotated = waymark(&["keys", "rotate", "--dir", &dir]);
    says(&rotated, 0, "waymark keys copy FILE");
    says(&doctor(), 1, "key copy   the last is of epoch 1");
    says(&copy(&force, &file), 0, "Epoch 2, 1 keys");
    says(&doctor(), 1, "has 1 of 1 keys");
    says(&restore(&force, &file, "restored"), 0, "Its keys are in");
    reads(&force, "restored");
}

#[test]
fn a_copy_is_written_over_nothing_but_a_copy() {
    let force = filled();
    let dir = force.path("data");
    let settings = force.path("waymark.toml");
    let text = format!(
        "database = \"data/waymark.db\"\nkeys = \"data/keys\"\ncheckpoints = \"elsewhere.notes\"\n[backup]\nrecipient = \"{}\"\n",
        force.public
    );
    fs::write(&settings, text).unwrap();
    for name in ["letter.txt", "elsewhere.notes", "data/waymark.db-wal"] {
        fs::write(force.path(name), "something else").unwrap();
    }
    fs::create_dir(force.path("folder")).unwrap();
    let backup = force.backups().remove(0);
    for (name, says_why) in [
        ("data/waymark.db", "Waymark itself needs this file"),
        ("data/../data/waymark.db", "Waymark itself needs this file"),
        ("data/waymark.db-wal", "Waymark itself needs this file"),
        ("data/waymark.db.lock", "Waymark itself needs this file"),
        ("waymark.toml", "Waymark itself needs this file"),
        ("elsewhere.notes", "Waymark itself needs this file"),
        ("letter.txt", "no copy of the keys"),
        ("key.txt", "no copy of the keys"),
        (backup.to_str().unwrap(), "no copy of the keys"),
        ("folder", "a folder, a link or a device"),
        ("/dev/null", "a folder, a link or a device"),
    ] {
        let file = force.path(name);
        let before = fs::read(&file).ok();
        let refused = waymark(&["keys", "copy", &file, "--config", &settings]);
        says(&refused, 2, says_why);
        assert_eq!(fs::read(&file).ok(), before, "{name}");
    }
    #[cfg(unix)]
    {
        let link = force.path("link");
        std::os::unix::fs::symlink(force.path("data/waymark.db"), &link).unwrap();
        let refused = waymark(&["keys", "copy", &link, "--config", &settings]);
        says(&refused, 2, "Waymark itself needs this file");
    }
    // By the folder alone it is known as well.
    let database = force.path("data/waymark.db");
    says(&copy(&force, &database), 2, "Waymark itself needs this file");
    // Over nothing, and over a copy.
    fs::write(force.path("empty"), "").unwrap();
    for _ in 0..2 {
        says(&copy(&force, &force.path("empty")), 0, "read back");
    }
    says(&waymark(&["doctor", "--dir", &dir]), 1, "3 events");
}

#[test]
fn two_copies_at_the_same_moment_leave_a_whole_one() {
    let force = filled();
    let file = force.path("keys.tar.age");
    // Somebody who is in the midst of it.
    let part = format!("{file}.part");
    let held = fs::File::create(&part).unwrap();
    held.lock().unwrap();
    says(&copy(&force, &file), 1, "another copy is being written there");
    assert!(Path::new(&part).exists(), "what another writes is left alone");
    // Cut short, and nobody holds it any more.
    drop(held);
    says(&copy(&force, &file), 0, "read back");
    let all = at_once(|| copy(&force, &file));
    assert!(all.contains(&Some(0)), "{all:?}");
    assert!(!Path::new(&part).exists());
    says(&restore(&force, &file, "restored"), 0, "Its keys are in");
    reads(&force, "restored");
}

#[test]
fn two_backups_at_the_same_moment_leave_a_whole_one() {
    let force = filled();
    for round in 0..3 {
        // Those of one second that hold the same have one name.
        std::thread::sleep(std::time::Duration::from_millis(1_100));
        let all = at_once(|| force.backup());
        assert!(all.contains(&Some(0)), "{round}: {all:?}");
        assert!(force.backups().len() > 1 + round, "{all:?}");
    }
    let unfinished = force.backups().into_iter().find(|file| file.extension().is_some_and(|end| end == "part"));
    assert_eq!(unfinished, None);
    for (number, backup) in force.backups().iter().enumerate() {
        says(&force.restore(backup, &format!("again-{number}")), 0, "Restored");
    }
}

/// The exit codes of four that begin at the same moment.
fn at_once(run: impl Fn() -> Output + Sync) -> Vec<Option<i32>> {
    std::thread::scope(|scope| {
        let begun: Vec<_> = (0..4).map(|_| scope.spawn(|| run().status.code())).collect();
        begun.into_iter().map(|one| one.join().unwrap()).collect()
    })
}
