//! Files of checkpoints kept elsewhere: one table of what may be in one, and the three that read one say the same.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::site::{Ran, Site, run, twenty};

/// What is in the file; how many checkpoints fit, none where it is refused.
type Row = (&'static str, String, Option<usize>);

/// Every row, from the two notes of a log of twenty entries.
fn rows(whole: &str) -> Vec<Row> {
    let notes: Vec<&str> = whole.split("\n----\n").skip(1).collect();
    let [first, last] = notes[..] else { panic!("two checkpoints: {whole}") };
    let half = |note: &str| note.chars().take(note.chars().count() / 2).collect::<String>();
    vec![
        ("as the server writes it", whole.to_owned(), Some(2)),
        ("the line of hyphens first", format!("----\n{first}\n----\n{last}"), Some(2)),
        ("no empty line between", format!("----\n{first}----\n{last}"), Some(2)),
        ("many empty lines", format!("\n\n----\n\n{first}\n\n\n----\n----\n{last}\n\n"), Some(2)),
        ("one note alone", last.to_owned(), Some(1)),
        ("the last is half-written", format!("{whole}\n----\n{}", half(last)), Some(2)),
        ("the last lacks its end", whole.trim_end().to_owned(), Some(1)),
        ("hyphens were begun", format!("{whole}\n---"), Some(2)),
        ("hyphens without an end", format!("{whole}\n----"), Some(2)),
        (
            "one in the midst is half-written, as after a power cut",
            format!("\n----\n{}\n----\n{last}", half(first)),
            Some(1),
        ),
        ("something else before", format!("a letter\n{whole}"), Some(2)),
        ("nothing", String::new(), None),
        ("empty lines", "\n\n".to_owned(), None),
        ("hyphens and something else", "\n----\njunk".to_owned(), None),
        ("something else", "junk\n".to_owned(), None),
        ("half of one", half(first), None),
        ("ends of lines as Windows has them", whole.replace('\n', "\r\n"), None),
        ("a hyphen more", whole.replace("----", "-----"), None),
    ]
}

#[test]
fn three_read_a_file_of_checkpoints_the_same_way() {
    let site = twenty();
    let whole = fs::read_to_string(site.path("elsewhere.notes")).unwrap();
    let backup = backup(&site);
    let export = site.path("export.jsonl");
    fs::write(&export, site.run(&["export", "--reason", "a test"]).out).unwrap();
    let (export, key) = (export.to_str().unwrap(), site.key());
    for (what, text, fit) in rows(&whole) {
        let file = site.path("kept.notes");
        fs::write(&file, text).unwrap();
        let file = file.to_str().unwrap();
        let arguments = [export, "--key", &key, "--checkpoints", file];
        let ours = run(&[&["verify"], &arguments[..]].concat());
        let theirs = second(&arguments);
        let restored = restore(&site, &backup, file);
        let said = |ran: &Ran| format!("{what}: {} {}{}", ran.code, ran.out, ran.err);
        match fit {
            Some(fit) => {
                assert_eq!((ours.code, theirs.code), (0, 0), "{}{}", said(&ours), said(&theirs));
                let told = |of: usize| format!("{fit} of {of} checkpoints kept elsewhere");
                assert!(ours.out.contains(&told(fit)), "{}", said(&ours));
                assert!(theirs.out.contains(&told(fit)), "{}", said(&theirs));
                assert_eq!(restored.code, 0, "{}", said(&restored));
                let told = format!("that hold: {fit};");
                assert!(restored.out.contains(&told), "{}", said(&restored));
            }
            None => {
                assert_eq!((ours.code, theirs.code), (2, 2), "{}{}", said(&ours), said(&theirs));
                assert!(!ours.out.contains("Everything"), "{}", said(&ours));
                let held = restored.code == 0 && restored.out.contains("that hold");
                assert!(!held, "{}", said(&restored));
            }
        }
    }
}

#[test]
fn it_is_told_when_nothing_kept_elsewhere_was_held_against_it() {
    let site = twenty();
    let ran = site.run(&["verify"]);
    assert!(ran.out.contains("2 of 2 checkpoints kept elsewhere"), "{}", ran.out);
    // Named twice it is not counted twice.
    let notes = site.path("elsewhere.notes");
    let ran = site.run(&["verify", "--checkpoints", notes.to_str().unwrap()]);
    assert!(ran.out.contains("2 of 2 checkpoints kept elsewhere"), "{}", ran.out);
    let export = site.path("export.jsonl");
    fs::write(&export, site.run(&["export", "--reason", "a test"]).out).unwrap();
    let export = export.to_str().unwrap();
    for ran in [run(&["verify", export]), second(&[export])] {
        assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
        let told = ran.out.to_lowercase();
        assert!(told.contains("not held against checkpoints kept elsewhere"), "{told}");
    }
    // Of some entries nobody can say that they are all.
    fs::write(export, site.run(&["export", "--reason", "a test", "--from", "3", "--to", "9"]).out).unwrap();
    for ran in [run(&["verify", export]), second(&[export])] {
        assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
        assert!(ran.out.contains("thers may have been left out"), "{}", ran.out);
    }
    // An empty key is none, and a line that is none is named.
    for (arguments, says) in [(vec![export, "--key", ""], "not a key"), (vec!["/dev/stdin"], "not an export")] {
        let ran = second(&arguments);
        assert_eq!(ran.code, 2, "{}", ran.out);
        assert!(ran.out.contains(says), "{}", ran.out);
    }
    let text = fs::read_to_string(export).unwrap();
    fs::write(export, text.replacen("\n", "\nodd\n", 1)).unwrap();
    let ran = second(&[export]);
    assert!(ran.out.contains("line 2: this is not a line of an export"), "{}", ran.out);
    let spaced = format!(" {} ", site.key());
    fs::write(export, text).unwrap();
    for ran in [run(&["verify", export, "--key", &spaced]), second(&[export, "--key", &spaced])] {
        assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    }
}

#[test]
fn a_log_that_is_not_there_has_no_witnesses_to_list() {
    for command in ["list", "offer"] {
        let ran = run(&["witness", command, "--dir", "no-such-folder"]);
        assert_eq!(ran.code, 2, "{}{}", ran.out, ran.err);
        assert!(ran.err.contains("there is no database"), "{}", ran.err);
    }
}

fn second(arguments: &[&str]) -> Ran {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tools/verify/verify.py");
    let mut command = Command::new("python3");
    told(command.arg(script).args(arguments))
}

fn told(command: &mut Command) -> Ran {
    let ran = command.stdin(std::process::Stdio::null()).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ran { code: ran.status.code().unwrap(), out: text(&ran.stdout), err: text(&ran.stderr) }
}

fn waymark(arguments: &[&str]) -> Ran {
    told(Command::new(env!("CARGO_BIN_EXE_waymark")).args(arguments))
}

fn backup(site: &Site) -> String {
    let (key, to, settings) = (site.path("key.txt"), site.path("backups"), site.path("waymark.toml"));
    let made = waymark(&["backup", "--make-key", key.to_str().unwrap()]);
    let public = made.out.lines().next().unwrap().to_owned();
    let ran = waymark(&[
        "backup",
        "--config",
        settings.to_str().unwrap(),
        "--to",
        to.to_str().unwrap(),
        "--recipient",
        &public,
    ]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    ran.out.lines().next().unwrap().to_owned()
}

fn restore(site: &Site, backup: &str, checkpoints: &str) -> Ran {
    let (key, keys, into) = (site.path("key.txt"), site.path("keys"), site.path("restored"));
    let _ = fs::remove_dir_all(&into);
    waymark(&[
        "restore",
        backup,
        "--key",
        key.to_str().unwrap(),
        "--keys",
        keys.to_str().unwrap(),
        "--into",
        into.to_str().unwrap(),
        "--checkpoints",
        checkpoints,
    ])
}
