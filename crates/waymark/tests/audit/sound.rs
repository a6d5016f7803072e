//! A log that nobody touched: verified, exported, proved.

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use crate::site::{run, twenty};

#[test]
fn a_log_that_nobody_touched_is_as_it_was_signed() {
    let site = twenty();
    let ran = site.run(&["verify"]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert!(ran.out.starts_with("20 entries of the log waymark/"), "{}", ran.out);
    assert!(ran.out.ends_with("Everything is as it was signed.\n"), "{}", ran.out);
    assert!(!ran.out.contains("after the last checkpoint"), "{}", ran.out);

    // An export is enough, on another machine. Its last entry, signed too, is that it was taken, with words why.
    let export = site.run(&["export", "--reason", "a test"]);
    assert_eq!(export.code, 0, "{}", export.err);
    assert!(!export.out.contains("what was said"), "words are in the export");
    let file = site.path("log.jsonl");
    fs::write(&file, &export.out).unwrap();
    let file = file.to_str().unwrap();
    let key = site.run(&["key"]).out;
    let ran = run(&["verify", file, "--key", key.trim()]);
    assert!(ran.out.starts_with("21 entries of the log waymark/"), "{}", ran.out);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("15 of them with words kept elsewhere that fit"), "{}", ran.out);
    let ran = run(&["verify", file]);
    assert!(ran.out.contains("The key is the one in the export itself"), "{}", ran.out);
    second(file, key.trim(), 0);

    // Some entries, with proofs.
    for arguments in [
        vec!["export", "--reason", "a test", "--report", "WM-2026-R1"],
        vec!["export", "--reason", "a test", "--from", "3", "--to", "9"],
        vec!["prove", "--reason", "a test", "WM-2026-R1"],
    ] {
        let some = site.run(&arguments);
        assert_eq!(some.code, 0, "{}", some.err);
        fs::write(file, &some.out).unwrap();
        let ran = run(&["verify", file, "--key", key.trim()]);
        assert_eq!(ran.code, 0, "{arguments:?} {}{}", ran.out, ran.err);
        second(file, key.trim(), 0);
    }
    let proof = site.run(&["prove", "7", "--reason", "a test"]);
    assert!(proof.out.starts_with("c2sp.org/tlog-proof@v1\n"), "{}{}", proof.out, proof.err);
    // Whoever looks at an entry looks at the report that it is about.
    let noted = site.last_entry();
    for part in ["\"kind\":\"log-taken\"", "\"stream\":\"R1\""] {
        assert!(noted.contains(part), "{noted}");
    }
    fs::write(file, &proof.out).unwrap();
    let ran = run(&["verify", file, "--key", key.trim()]);
    assert!(ran.out.contains("is entry 7 of the log"), "{}{}", ran.out, ran.err);
    second(file, key.trim(), 0);
    // Nothing of it can be changed: place, entry, a hash, or the head.
    let hash = proof.out.lines().nth(3).unwrap().to_owned();
    let other = proof.out.lines().nth(4).unwrap().to_owned();
    for (from, to, code) in [
        ("index 7", "index 8", 1),
        ("index 7", "index 07", 2),
        ("extra ", "extra A", 2),
        (hash.as_str(), other.as_str(), 1),
        (&format!("{hash}\n"), "", 1),
        ("\n\n", "\n", 2),
    ] {
        let changed = proof.out.replacen(from, to, 1);
        assert_ne!(changed, proof.out, "{from:?}");
        fs::write(file, changed).unwrap();
        let ran = run(&["verify", file, "--key", key.trim()]);
        assert_eq!(ran.code, code, "{from:?}: {}{}", ran.out, ran.err);
        second(file, key.trim(), code);
    }
    let another = twenty().key();
    fs::write(file, &proof.out).unwrap();
    assert_eq!(run(&["verify", file, "--key", &another]).code, 1);
    second(file, &another, 1);

    // Five times some or all of it was taken. The log of today begins with that of yesterday.
    let grew = site.run(&["prove", "--since", "10"]);
    fs::write(file, &grew.out).unwrap();
    let elsewhere = site.path("elsewhere.notes");
    let ran = run(&["verify", file, "--key", key.trim(), "--checkpoints", elsewhere.to_str().unwrap()]);
    assert!(ran.out.contains("The log of 25 entries begins with the log of 10 entries."), "{}{}", ran.out, ran.err);
    let elsewhere = elsewhere.to_str().unwrap();
    let with = ["--checkpoints", elsewhere];
    second_with(file, key.trim(), &with, 0);
    // Without the checkpoint that it begins with nothing can be said.
    second(file, key.trim(), 2);
    let hash = grew.out.lines().nth(1).unwrap().to_owned();
    let short = hash.chars().rev().collect::<String>();
    for (from, to, code) in [
        ("old 10", "old 20", 1),
        ("old 10", "old 11", 2),
        (hash.as_str(), short.as_str(), 2),
        (&format!("{hash}\n"), "", 1),
    ] {
        fs::write(file, grew.out.replacen(from, to, 1)).unwrap();
        let arguments = ["verify", file, "--key", key.trim()];
        let ran = run(&[&arguments[..], &with].concat());
        assert_eq!(ran.code, code, "{from:?}: {}{}", ran.out, ran.err);
        second_with(file, key.trim(), &with, code);
    }
}

/// The verifier in Python says the same.
fn second(file: &str, key: &str, code: i32) {
    second_with(file, key, &[], code);
}

fn second_with(file: &str, key: &str, more: &[&str], code: i32) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tools/verify/verify.py");
    let ran = Command::new("python3").arg(script).args([file, "--key", key]).args(more).output();
    let ran = ran.expect(
        "python3 is needed for the second verifier: install Python 3.9 or later (Debian: apt-get install python3)",
    );
    assert_eq!(ran.status.code(), Some(code), "{}", String::from_utf8_lossy(&ran.stdout));
}

#[test]
fn what_is_no_export_ends_with_2() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("other.txt");
    fs::write(&file, "something else\n").unwrap();
    let ran = run(&["verify", file.to_str().unwrap()]);
    assert_eq!(ran.code, 2, "{}{}", ran.out, ran.err);
    assert!(ran.err.contains("line 1: this is not an export of a log"), "{}", ran.err);
    assert_eq!(run(&["verify", "no-such-file"]).code, 2);
    assert_eq!(run(&["verify"]).code, 2);
}
