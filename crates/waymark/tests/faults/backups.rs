//! Backups and restores on disks that are full or fail: whole, or nothing.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use crate::chance::Chance;
use crate::kept;
use crate::long;
use crate::server::Place;
use crate::shim::{ANY, Number, OPEN, READ, SYNC, Shim, TRUNCATE, WRITE};

const EIO: i32 = 5;

fn waymark(arguments: &[&str], shim: Option<&Shim>) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_waymark"));
    command.args(arguments);
    if let Some(shim) = shim {
        shim.load(&mut command);
    }
    command.output().unwrap()
}

/// Everything below a folder that is not the record itself.
fn left_over(dir: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .filter(|name| name.starts_with('.') || name.ends_with(".age"))
        .collect();
    names.sort();
    names
}

/// A fault for one run: so much room, or the Nth call of a kind failing.
fn faults() -> Vec<(String, i64, i64, i64)> {
    let rooms = (0..long(5, 20)).map(|n| {
        let room = i64::try_from(n * n * long(40_000, 2_800)).unwrap();
        (format!("{room} bytes left"), room, 0, 0)
    });
    let mut chance = Chance::new().0;
    let calls = [("open", OPEN), ("read", READ), ("write", WRITE), ("flush", SYNC), ("truncate", TRUNCATE)];
    let calls = calls.into_iter().flat_map(|(what, ops)| {
        let most = long(1, 6);
        let nths: Vec<i64> = (0..most).map(|n| i64::try_from(1 + n * (1 + chance.below(6))).unwrap()).collect();
        nths.into_iter().map(move |nth| (format!("{what} {nth} fails"), -1, ops, nth))
    });
    rooms.chain(calls).collect()
}

pub fn whole_or_nothing() {
    let place = Place::new();
    let scratch = place.scratch();
    let key = scratch.join("key.txt");
    let made = waymark(&["backup", "--make-key", key.to_str().unwrap()], None);
    let public = String::from_utf8(made.stdout).unwrap().lines().next().unwrap().to_owned();
    let whole = kept::look(&place.dir()).unwrap();
    // Below the folder that the shim watches: database, copy, backup and what is restored.
    let dir = place.dir();
    let (to, into) = (dir.join("backups"), dir.join("restored"));
    let keys = dir.join("keys");
    let shim = Shim::new(&dir, &scratch, false);
    let backup = ["backup", "--dir", dir.to_str().unwrap(), "--recipient", &public];
    let (mut failed, mut fine) = (0, 0);
    for (what, room, ops, nth) in faults() {
        shim.heal();
        let _ = fs::remove_dir_all(&to);
        set(&shim, room, ops, nth);
        let output = waymark(&backup, Some(&shim));
        shim.heal();
        assert_eq!(left_over(&dir), [""; 0], "{what}: a copy was left behind");
        let backups = if to.exists() { left_over(&to) } else { Vec::new() };
        if output.status.code() == Some(1) {
            shim.happened(&what);
            assert_eq!(backups, [""; 0], "{what}: something was left behind");
            assert!(!output.stderr.is_empty(), "{what}: it says why");
            failed += 1;
            continue;
        }
        assert_eq!(output.status.code(), Some(0), "{what}: {output:?}");
        assert_eq!(backups.len(), 1, "{what}");
        fine += 1;
        let file = to.join(&backups[0]);
        let restore = [
            "restore",
            file.to_str().unwrap(),
            "--key",
            key.to_str().unwrap(),
            "--keys",
            keys.to_str().unwrap(),
            "--into",
            into.to_str().unwrap(),
        ];
        set(&shim, room, ops, nth);
        let output = waymark(&restore, Some(&shim));
        shim.heal();
        if output.status.code() == Some(0) {
            assert_eq!(kept::look_with(&into, &dir.join("keys")).unwrap().len(), whole.len(), "{what}");
            fs::remove_dir_all(&into).unwrap();
        } else {
            assert_eq!(output.status.code(), Some(1), "{what}: {output:?}");
            shim.happened(&what);
            assert!(!into.exists(), "{what}: half of it was restored");
            assert_eq!(left_over(&dir), [""; 0], "{what}: something was left behind");
            failed += 1;
        }
    }
    // The control: half a copy, or a whole one, left behind as one that was cut off would be.
    for name in [".waymark-half", "half.age"] {
        fs::write(dir.join(name), "half").unwrap();
        assert_eq!(left_over(&dir), [name], "half a copy is not seen");
        fs::remove_file(dir.join(name)).unwrap();
    }
    assert!(failed > 2 && fine > 0, "{failed} failed, {fine} were fine: these were no faults");
    println!("  {failed} backups and restores failed and left nothing, {fine} backups were whole");
}

fn set(shim: &Shim, room: i64, ops: i64, nth: i64) {
    shim.set(Number::Fired, 0);
    shim.set(Number::Room, room);
    if nth > 0 {
        shim.fail(ops, ANY, nth, EIO);
    }
}
